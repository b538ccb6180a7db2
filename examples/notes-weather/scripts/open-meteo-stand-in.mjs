// Local replacement for Open-Meteo, for the tests and for a demo without internet access.
// It is plain JavaScript because the demo runs without a build.
import { createServer } from "node:http";

/**
 * The behavior of the stand-in: like the service (`ok`), or a failure.
 * - `hold` responds after `release()`
 * - `hang` never responds; `drip` sends the start of a response, then spaces without end
 * - `wrong-country` ignores the requested country; `anywhere` knows a city of every name
 * @typedef {"ok" | "anywhere" | "hold"} Success
 * @typedef {"failing" | "rate-limited" | "hang" | "drip"} NoResponse
 * @typedef {"garbage" | "wrong-shape" | "no-temperature" | "wrong-country"} WrongResponse
 * @typedef {Success | NoResponse | WrongResponse} Mode
 */

/**
 * @typedef {object} StandInControls
 * @property {string} url The base URL, for both services
 * @property {URL[]} requests The requests so far
 * @property {Mode} mode Can be changed at any time
 * @property {() => Promise<void>} nextRequest Settles when the next request arrives
 * @property {() => Promise<void>} nextHangUp Settles when a client disconnects early
 * @property {() => void} release Responds to held requests
 * @property {() => Promise<void>} close
 */

/** @typedef {StandInControls & AsyncDisposable} OpenMeteoStandIn */

const PLACES = [
  {
    name: "Chicago",
    country: "United States",
    country_code: "US",
    latitude: 41.85,
    longitude: -87.65,
    timezone: "America/Chicago",
  },
  { name: "Paris", country: "France", country_code: "FR", latitude: 48.85, longitude: 2.35, timezone: "Europe/Paris" },
  {
    name: "Paris",
    country: "United States",
    country_code: "US",
    latitude: 33.66,
    longitude: -95.56,
    timezone: "America/Chicago",
  },
  {
    name: "Longyearbyen",
    country: "Norway",
    country_code: "NO",
    latitude: 78.22,
    longitude: 15.65,
    timezone: "Arctic/Longyearbyen",
  },
];

/**
 * Starts a stand-in on a free port.
 * @param {Mode} [mode]
 * @returns {Promise<OpenMeteoStandIn>}
 */
export async function startOpenMeteoStandIn(mode = "ok") {
  /** @type {(() => void)[]} */
  const arrivals = [];
  /** @type {(() => void)[]} */
  const held = [];
  /** @type {(() => void)[]} */
  const hangUps = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", standIn.url);
    standIn.requests.push(url);
    response.on("close", () => {
      if (!response.writableFinished) for (const hungUp of hangUps.splice(0)) hungUp();
    });
    if (standIn.mode === "hold") held.push(() => respond("ok", url, response));
    else respond(standIn.mode, url, response);
    for (const arrived of arrivals.splice(0)) arrived();
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The stand-in has no port.");
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  /** @type {OpenMeteoStandIn} */
  const standIn = {
    url: `http://127.0.0.1:${address.port}`,
    requests: [],
    mode,
    nextRequest: () => new Promise((resolve) => arrivals.push(resolve)),
    nextHangUp: () => new Promise((resolve) => hangUps.push(resolve)),
    release() {
      standIn.mode = "ok";
      for (const go of held.splice(0)) go();
    },
    close,
    [Symbol.asyncDispose]: close,
  };
  return standIn;
}

/**
 * @param {Mode} mode
 * @param {URL} url
 * @param {import("node:http").ServerResponse} response
 */
function respond(mode, url, response) {
  if (mode === "hang") return;
  if (mode === "failing")
    return void response.writeHead(503, { "content-type": "text/html" }).end("<h1>upstream stack trace</h1>");
  if (mode === "rate-limited") return void response.writeHead(429).end("slow down");
  response.writeHead(200, { "content-type": "application/json" });
  if (mode === "garbage") return void response.end("<!doctype html><p>{ not json");
  if (mode === "wrong-shape") return void response.end(JSON.stringify({ results: [{ name: 1 }] }));
  const answer = JSON.stringify(url.pathname === "/v1/search" ? search(url, mode) : forecast(url, mode));
  if (mode !== "drip") return void response.end(answer);
  response.write(answer.slice(0, 5));
  const drops = setInterval(() => response.write(" "), 5);
  response.on("close", () => clearInterval(drops));
}

/**
 * @param {URL} url
 * @param {Mode} mode
 */
function search(url, mode) {
  const name = url.searchParams.get("name") ?? "";
  const country = url.searchParams.get("countryCode");
  const places = mode === "anywhere" ? [{ ...PLACES[0], name, country_code: country }] : PLACES;
  const results = places
    .filter((place) => place.name.toLowerCase() === name.toLowerCase())
    .filter((place) => place.country_code === country || mode === "wrong-country");
  // Without a match, the real service omits `results`.
  return { ...(results.length > 0 && { results }), generationtime_ms: 0.5 };
}

/**
 * @param {URL} url
 * @param {Mode} mode
 */
function forecast(url, mode) {
  const fahrenheit = url.searchParams.get("temperature_unit") === "fahrenheit";
  const latitude = Number(url.searchParams.get("latitude"));
  const place = PLACES.find((candidate) => candidate.latitude === latitude);
  const polarNight = latitude > 70;
  return {
    timezone: place?.timezone,
    current: {
      time: "2026-11-22T12:00",
      ...(mode !== "no-temperature" && { temperature_2m: fahrenheit ? 70.7 : 21.5 }),
      relative_humidity_2m: 56,
      wind_speed_10m: 12.3,
      weather_code: 2,
    },
    daily: polarNight
      ? { sunrise: [null], sunset: [null] }
      : { sunrise: ["2026-11-22T06:48"], sunset: ["2026-11-22T16:24"] },
  };
}

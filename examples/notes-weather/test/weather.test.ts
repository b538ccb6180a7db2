import { createTestClient, type TestClient } from "methodic/testing";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { startOpenMeteoStandIn, type Mode, type OpenMeteoStandIn } from "../scripts/open-meteo-stand-in.mjs";
import type { WeatherServiceOptions } from "../src/weather-service.ts";
import { createExampleServer, ERAS } from "./example-server.ts";

let upstream: OpenMeteoStandIn;

beforeEach(async () => {
  upstream = await startOpenMeteoStandIn();
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await upstream.close();
});

function connect(options: WeatherServiceOptions = {}, era: "legacy" | "modern" = "modern"): Promise<TestClient> {
  const weather = { geocodingUrl: upstream.url, forecastUrl: upstream.url, ...options };
  return createTestClient(createExampleServer({ weather }), { era });
}

const CHICAGO = {
  city: "Chicago",
  country: "United States",
  temperature: 21.5,
  temperature_unit: "°C",
  humidity: 56,
  wind_speed: 12.3,
  conditions: "Partly cloudy",
  weather_code: 2,
  sunrise: "2026-11-22T06:48",
  sunset: "2026-11-22T16:24",
  timezone: "America/Chicago",
};

describe.each(ERAS)("the weather, in the %s era", (era) => {
  it("comes as text and as the same typed data", async () => {
    await using client = await connect({}, era);
    const result = await client.callTool("get_weather", { city: "Chicago" });
    expect(result.isError).toBe(false);
    expect(result.text).toBe(
      "Weather in Chicago, United States:\n  Temperature: 21.5°C\n  Humidity: 56%\n  Wind speed: 12.3 km/h\n" +
        "  Conditions: Partly cloudy\n  Sunrise: 06:48\n  Sunset: 16:24",
    );
    expect(result.structured).toEqual(CHICAGO);
  });

  it("is described by schemas for what goes in and what comes out", async () => {
    await using client = await connect({}, era);
    const tool = (await client.listTools()).find(({ name }) => name === "get_weather");
    expect(tool?.inputSchema).toMatchObject({
      type: "object",
      properties: {
        city: { type: "string", description: "The name of the city" },
        country_code: { type: "string", default: "US" },
        units: { type: "string", enum: ["celsius", "fahrenheit"], default: "celsius" },
      },
      required: ["city"],
      additionalProperties: false,
    });
    expect(Object.keys(tool?.inputSchema.properties ?? {})).toEqual(["city", "country_code", "units"]);
    expect(tool?.outputSchema).toMatchObject({
      type: "object",
      properties: {
        temperature: { type: "number", description: "The current temperature." },
        temperature_unit: { enum: ["°C", "°F"] },
        weather_code: { type: "integer", description: "The weather as a WMO code." },
        sunrise: { type: "string" },
      },
    });
    expect(tool?.annotations).toEqual({ readOnlyHint: true, openWorldHint: true });
  });

  it.each<[Mode, string]>([
    ["failing", "Weather service is failing (HTTP 503). Try again later."],
    ["rate-limited", "Weather service is receiving too many requests. Try again in a minute."],
    ["garbage", "Weather service sent an answer that cannot be read. Try again later."],
    ["wrong-shape", "Weather service sent an answer that cannot be read. Try again later."],
    ["no-temperature", "Weather service sent an answer that cannot be read. Try again later."],
  ])("fails clearly when the service is %s", async (mode, message) => {
    upstream.mode = mode;
    await using client = await connect({}, era);
    const result = await client.callTool("get_weather", { city: "Chicago" });
    expect(result.content).toEqual([{ type: "text", text: message }]);
    expect(result).toMatchObject({ isError: true, structured: undefined });
  });

  it.each<Mode>(["hang", "drip"])("gives up when the service answers with a %s", async (mode) => {
    upstream.mode = mode;
    await using client = await connect({ timeoutMs: 50 }, era);
    const result = await client.callTool("get_weather", { city: "Chicago" });
    expect(result).toMatchObject({ isError: true, text: "Weather service timed out. Try again in a moment." });
  });

  it("says that the service cannot be reached", async () => {
    await upstream.close();
    await using client = await connect({}, era);
    const result = await client.callTool("get_weather", { city: "Chicago" });
    expect(result).toMatchObject({
      isError: true,
      text: "Weather service cannot be reached. Check the network connection and try again.",
    });
  });

  it("says that it does not know a city", async () => {
    await using client = await connect({}, era);
    const result = await client.callTool("get_weather", { city: "Chcago" });
    expect(result).toMatchObject({ isError: true, text: "City 'Chcago' not found. Try a different spelling." });
  });

  it("names the argument that is wrong and what it may be", async () => {
    await using client = await connect({}, era);
    const units = await client.callTool("get_weather", { city: "Chicago", units: "kelvin" });
    expect(units.isError).toBe(true);
    for (const part of ["units", "celsius", "fahrenheit"]) expect(units.text).toContain(part);
    const country = await client.callTool("get_weather", { city: "Chicago", country_code: "USA" });
    expect(country.isError).toBe(true);
    expect(country.text).toContain("country_code");
    expect(upstream.requests).toEqual([]);
  });

  it("lets go of the service when the client cancels", async () => {
    upstream.mode = "hold";
    await using client = await connect({}, era);
    const cancelling = new AbortController();
    const arrived = upstream.nextRequest();
    const hungUp = upstream.nextHangUp();
    const call = client.callTool("get_weather", { city: "Chicago" }, { signal: cancelling.signal });
    const outcome = call.then(
      () => "answered",
      () => "given up",
    );
    await arrived;
    cancelling.abort();
    expect(await outcome).toBe("given up");
    await hungUp;
    expect(upstream.requests).toHaveLength(1);
  });
});

describe("what the weather service is asked", () => {
  it("is the place first, then its weather", async () => {
    await using client = await connect();
    await client.callTool("get_weather", { city: " Chicago " });
    const [search, forecast] = upstream.requests;
    expect(upstream.requests).toHaveLength(2);
    expect(search?.pathname).toBe("/v1/search");
    expect(Object.fromEntries(search?.searchParams ?? [])).toEqual({
      name: "Chicago",
      count: "10",
      language: "en",
      format: "json",
      countryCode: "US",
    });
    expect(forecast?.pathname).toBe("/v1/forecast");
    expect(Object.fromEntries(forecast?.searchParams ?? [])).toMatchObject({
      latitude: "41.85",
      longitude: "-87.65",
      current: "temperature_2m,relative_humidity_2m,wind_speed_10m,weather_code",
      daily: "sunrise,sunset",
      temperature_unit: "celsius",
    });
  });

  it("honours the country", async () => {
    await using client = await connect();
    const french = await client.callTool("get_weather", { city: "Paris", country_code: "fr" });
    expect(french.text).toContain("Weather in Paris, France:");
    const texan = await client.callTool("get_weather", { city: "Paris" });
    expect(texan.text).toContain("Weather in Paris, United States:");
  });

  it("is checked against the country even if the service ignores it", async () => {
    upstream.mode = "wrong-country";
    await using client = await connect();
    const german = await client.callTool("get_weather", { city: "Paris", country_code: "DE" });
    expect(german.text).toBe("City 'Paris' not found. Try a different spelling.");
    const texan = await client.callTool("get_weather", { city: "Paris", country_code: "US" });
    expect(texan.text).toContain("Weather in Paris, United States:");
  });

  it("may be in Fahrenheit", async () => {
    await using client = await connect();
    const result = await client.callTool("get_weather", { city: "Chicago", units: "fahrenheit" });
    expect(result.text).toContain("Temperature: 70.7°F");
    expect(result.structured).toMatchObject({ temperature: 70.7, temperature_unit: "°F" });
  });

  it("may be about a place without a sunrise", async () => {
    await using client = await connect();
    const result = await client.callTool("get_weather", { city: "Longyearbyen", country_code: "NO" });
    expect(result.isError).toBe(false);
    expect(result.text).toMatch(/Conditions: Partly cloudy$/);
    expect(result.structured).not.toHaveProperty("sunrise");
  });

  it("is nothing when the city is blank", async () => {
    await using client = await connect();
    const result = await client.callTool("get_weather", { city: "  " });
    expect(result).toMatchObject({ isError: true, text: "City '  ' not found. Try a different spelling." });
    expect(upstream.requests).toEqual([]);
  });
});

describe("where the weather service is", () => {
  it.each(["", "/", "/proxy/"])("comes from the environment, here with '%s' at the end", async (ending) => {
    vi.stubEnv("OPEN_METEO_GEOCODING_URL", upstream.url + ending);
    vi.stubEnv("OPEN_METEO_FORECAST_URL", upstream.url);
    await using client = await connect({ geocodingUrl: "", forecastUrl: "" });
    await client.callTool("get_weather", { city: "Chicago" });
    expect(upstream.requests[0]?.pathname).toBe(`${ending.replace(/\/$/, "")}/v1/search`);
  });

  it("must be a web address", async () => {
    await using client = await connect({ geocodingUrl: "open-meteo" });
    const result = await client.callTool("get_weather", { city: "Chicago" });
    expect(result).toMatchObject({
      isError: true,
      text: "Weather service is not set up: OPEN_METEO_GEOCODING_URL is 'open-meteo', which is not an http or https URL.",
    });
  });
});

describe("the cache", () => {
  it("answers again without asking again, until the answer is old", async () => {
    let now = 0;
    await using client = await connect({ cacheMs: 1000, now: () => now });
    const first = await client.callTool("get_weather", { city: "Chicago" });
    now = 999;
    const second = await client.callTool("get_weather", { city: " CHICAGO", country_code: "us" });
    expect(second.raw).toEqual(first.raw);
    expect(upstream.requests).toHaveLength(2);
    now = 1000;
    await client.callTool("get_weather", { city: "Chicago" });
    expect(upstream.requests).toHaveLength(4);
  });

  it("keeps units and countries apart", async () => {
    await using client = await connect();
    await client.callTool("get_weather", { city: "Paris" });
    await client.callTool("get_weather", { city: "Paris", units: "fahrenheit" });
    await client.callTool("get_weather", { city: "Paris", country_code: "FR" });
    expect(upstream.requests).toHaveLength(6);
  });

  it("does not keep failures", async () => {
    await using client = await connect();
    upstream.mode = "failing";
    expect((await client.callTool("get_weather", { city: "Chicago" })).isError).toBe(true);
    upstream.mode = "ok";
    expect((await client.callTool("get_weather", { city: "Chicago" })).isError).toBe(false);
  });

  it("forgets the oldest answers when there are many", async () => {
    upstream.mode = "anywhere";
    await using client = await connect();
    for (let i = 0; i <= 200; i++) await client.callTool("get_weather", { city: `City ${i}` });
    const asked = upstream.requests.length;
    await client.callTool("get_weather", { city: "City 200" });
    await client.callTool("get_weather", { city: "City 1" });
    expect(upstream.requests).toHaveLength(asked);
    await client.callTool("get_weather", { city: "City 0" });
    expect(upstream.requests).toHaveLength(asked + 2);
  });
});

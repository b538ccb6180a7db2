import { createTestClient, type TestClient } from "methodic/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startOpenMeteoStandIn, type Mode, type OpenMeteoStandIn } from "../scripts/open-meteo-stand-in.mjs";
import { createExampleServer, ERAS, type WeatherOptions } from "./example-server.ts";

let upstream: OpenMeteoStandIn;

beforeEach(async () => {
  upstream = await startOpenMeteoStandIn();
});

afterEach(async () => {
  await upstream.close();
});

function connect(options: WeatherOptions = {}, era: "legacy" | "modern" = "modern"): Promise<TestClient> {
  const url = new URL(upstream.url);
  const weather = { geocodingUrl: url, forecastUrl: url, ...options };
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

describe.each(ERAS)("get_weather in the %s era", (era) => {
  it("returns the weather as text and as structured data", async () => {
    await using client = await connect({}, era);
    const result = await client.callTool("get_weather", { city: "Chicago" });
    expect(result.isError).toBe(false);
    expect(result.text).toBe(
      "Weather in Chicago, United States:\n  Temperature: 21.5°C\n  Humidity: 56%\n  Wind speed: 12.3 km/h\n" +
        "  Conditions: Partly cloudy\n  Sunrise: 06:48\n  Sunset: 16:24",
    );
    expect(result.structured).toEqual(CHICAGO);
  });

  it("publishes schemas for its input and its output", async () => {
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
    expect(tool?.annotations).toEqual({
      title: "Current weather",
      readOnlyHint: true,
      destructiveHint: false,
      openWorldHint: true,
    });
  });

  it.each<[Mode, string]>([
    ["failing", "Weather service is failing (HTTP 503). Try again later."],
    ["rate-limited", "Weather service is receiving too many requests. Try again in a minute."],
    ["garbage", "Weather service sent an answer that cannot be read. Try again later."],
    ["wrong-shape", "Weather service sent an answer that cannot be read. Try again later."],
    ["no-temperature", "Weather service sent an answer that cannot be read. Try again later."],
  ])("explains the failure when the service is in mode %s", async (mode, message) => {
    upstream.mode = mode;
    await using client = await connect({}, era);
    const result = await client.callTool("get_weather", { city: "Chicago" });
    expect(result.content).toEqual([{ type: "text", text: message }]);
    expect(result).toMatchObject({ isError: true, structured: undefined });
  });

  it.each<Mode>(["hang", "drip"])("times out when the service is in mode %s", async (mode) => {
    upstream.mode = mode;
    await using client = await connect({ timeoutMs: 50 }, era);
    const result = await client.callTool("get_weather", { city: "Chicago" });
    expect(result).toMatchObject({ isError: true, text: "Weather service timed out. Try again in a moment." });
  });

  it("reports that the service cannot be reached", async () => {
    await upstream.close();
    await using client = await connect({}, era);
    const result = await client.callTool("get_weather", { city: "Chicago" });
    expect(result).toMatchObject({
      isError: true,
      text: "Weather service cannot be reached. Check the network connection and try again.",
    });
  });

  it("reports an unknown city", async () => {
    await using client = await connect({}, era);
    const result = await client.callTool("get_weather", { city: "Chcago" });
    expect(result).toMatchObject({ isError: true, text: "City 'Chcago' not found. Try a different spelling." });
  });

  it("names an invalid argument and its allowed values", async () => {
    await using client = await connect({}, era);
    const units = await client.callTool("get_weather", { city: "Chicago", units: "kelvin" });
    expect(units.isError).toBe(true);
    for (const part of ["units", "celsius", "fahrenheit"]) expect(units.text).toContain(part);
    const country = await client.callTool("get_weather", { city: "Chicago", country_code: "USA" });
    expect(country.isError).toBe(true);
    expect(country.text).toContain("country_code");
    expect(upstream.requests).toEqual([]);
  });

  it("aborts the request to the service when the client cancels", async () => {
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

describe("requests to the weather service", () => {
  it("look up the place first, then its weather", async () => {
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

  it("find the city in the requested country", async () => {
    await using client = await connect();
    const french = await client.callTool("get_weather", { city: "Paris", country_code: "fr" });
    expect(french.text).toContain("Weather in Paris, France:");
    const texan = await client.callTool("get_weather", { city: "Paris" });
    expect(texan.text).toContain("Weather in Paris, United States:");
  });

  it("reject cities of another country if the service ignores the parameter", async () => {
    upstream.mode = "wrong-country";
    await using client = await connect();
    const german = await client.callTool("get_weather", { city: "Paris", country_code: "DE" });
    expect(german.text).toBe("City 'Paris' not found. Try a different spelling.");
    const texan = await client.callTool("get_weather", { city: "Paris", country_code: "US" });
    expect(texan.text).toContain("Weather in Paris, United States:");
  });

  it("ask for Fahrenheit", async () => {
    await using client = await connect();
    const result = await client.callTool("get_weather", { city: "Chicago", units: "fahrenheit" });
    expect(result.text).toContain("Temperature: 70.7°F");
    expect(result.structured).toMatchObject({ temperature: 70.7, temperature_unit: "°F" });
  });

  it("accept a place without a sunrise", async () => {
    await using client = await connect();
    const result = await client.callTool("get_weather", { city: "Longyearbyen", country_code: "NO" });
    expect(result.isError).toBe(false);
    expect(result.text).toMatch(/Conditions: Partly cloudy$/);
    expect(result.structured).not.toHaveProperty("sunrise");
  });

  it("are not sent for a blank city", async () => {
    await using client = await connect();
    const result = await client.callTool("get_weather", { city: "  " });
    expect(result).toMatchObject({ isError: true, text: "City '  ' not found. Try a different spelling." });
    expect(upstream.requests).toEqual([]);
  });
});

describe("the weather cache", () => {
  it("answers without a request until the result expires", async () => {
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

  it("stores units and countries separately", async () => {
    await using client = await connect();
    await client.callTool("get_weather", { city: "Paris" });
    await client.callTool("get_weather", { city: "Paris", units: "fahrenheit" });
    await client.callTool("get_weather", { city: "Paris", country_code: "FR" });
    expect(upstream.requests).toHaveLength(6);
  });

  it("does not store failures", async () => {
    await using client = await connect();
    upstream.mode = "failing";
    expect((await client.callTool("get_weather", { city: "Chicago" })).isError).toBe(true);
    upstream.mode = "ok";
    expect((await client.callTool("get_weather", { city: "Chicago" })).isError).toBe(false);
  });

  it("discards the oldest results beyond its limit", async () => {
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

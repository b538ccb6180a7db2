import { ToolError } from "methodic";

/** Addresses and time limit for requests to Open-Meteo. */
export interface OpenMeteoOptions {
  /** The service that finds cities. @default "https://geocoding-api.open-meteo.com" */
  readonly geocodingUrl: URL;
  /** The service that reports the weather. @default "https://api.open-meteo.com" */
  readonly forecastUrl: URL;
  /** Milliseconds for one look-up, both requests together. @default 10000 @minimum 1 */
  readonly timeoutMs: number;
}

/** A place as the geocoding service returns it. */
export interface Place {
  readonly name: string;
  readonly country: string;
  readonly countryCode: string | undefined;
  readonly latitude: number;
  readonly longitude: number;
}

/** The weather at a place, in the requested units. */
export interface Forecast {
  readonly temperature: number;
  readonly humidity: number;
  readonly windSpeed: number;
  readonly weatherCode: number;
  /** The time zone of `sunrise` and `sunset`. */
  readonly timezone: string | undefined;
  readonly sunrise: string | undefined;
  readonly sunset: string | undefined;
}

/** The options of one look-up. */
export interface ForecastRequest {
  readonly units: "celsius" | "fahrenheit";
  /** Aborts the look-up when the client cancels the call. */
  readonly signal: AbortSignal;
}

type Json = Record<string, unknown>;

/**
 * Client of the free weather service Open-Meteo. Every failure is a {@link ToolError} that a model
 * can act on.
 */
export class OpenMeteo {
  constructor(private readonly options: OpenMeteoOptions) {}

  /** Finds a city in a country and fetches its weather. Returns undefined for an unknown city. */
  async lookUp(
    city: string,
    countryCode: string,
    request: ForecastRequest,
  ): Promise<{ readonly place: Place; readonly forecast: Forecast } | undefined> {
    const timeout = AbortSignal.timeout(this.options.timeoutMs);
    const signal = AbortSignal.any([request.signal, timeout]);
    try {
      const place = await this.#findPlace(city, countryCode, signal);
      return place && { place, forecast: await this.#fetchForecast(place, request.units, signal) };
    } catch (error) {
      if (error instanceof ToolError) throw error;
      request.signal.throwIfAborted();
      if (timeout.aborted) throw new ToolError("Weather service timed out. Try again in a moment.", { cause: error });
      throw new ToolError("Weather service cannot be reached. Check the network connection and try again.", {
        cause: error,
      });
    }
  }

  async #findPlace(city: string, countryCode: string, signal: AbortSignal): Promise<Place | undefined> {
    const url = endpoint(this.options.geocodingUrl, "v1/search");
    url.search = new URLSearchParams({
      name: city,
      count: "10",
      language: "en",
      format: "json",
      countryCode,
    }).toString();
    // Without a match, the service omits `results`.
    const results = (await fetchJson(url, signal)).results ?? [];
    if (!Array.isArray(results)) throw unreadable();
    // A mirror that ignores the country returns cities of the same name from elsewhere.
    return results.map(readPlace).find((place) => (place.countryCode ?? countryCode) === countryCode);
  }

  async #fetchForecast(place: Place, units: ForecastRequest["units"], signal: AbortSignal): Promise<Forecast> {
    const url = endpoint(this.options.forecastUrl, "v1/forecast");
    url.search = new URLSearchParams({
      latitude: String(place.latitude),
      longitude: String(place.longitude),
      current: "temperature_2m,relative_humidity_2m,wind_speed_10m,weather_code",
      daily: "sunrise,sunset",
      timezone: "auto",
      forecast_days: "1",
      temperature_unit: units,
    }).toString();
    return readForecast(await fetchJson(url, signal));
  }
}

/** Adds a path to a base URL, which may have a path itself. */
function endpoint(base: URL, path: string): URL {
  return new URL(base.href.replace(/\/*$/, `/${path}`));
}

async function fetchJson(url: URL, signal: AbortSignal): Promise<Json> {
  const response = await fetch(url, { signal, headers: { accept: "application/json" } });
  if (!response.ok) {
    await response.body?.cancel();
    throw new ToolError(refusal(response.status));
  }
  const body = await response.text();
  try {
    return asObject(JSON.parse(body));
  } catch (error) {
    throw unreadable(error);
  }
}

function refusal(status: number): string {
  if (status === 429) return "Weather service is receiving too many requests. Try again in a minute.";
  if (status >= 500) return `Weather service is failing (HTTP ${status}). Try again later.`;
  return `Weather service refused the request (HTTP ${status}).`;
}

// The response is untrusted input: each field is checked before use.

function readPlace(value: unknown): Place {
  const place = asObject(value);
  return {
    name: asText(place.name),
    // Some territories have no country, only a country code.
    country: asText(place.country ?? place.country_code),
    countryCode: asOptionalText(place.country_code)?.toUpperCase(),
    latitude: asNumber(place.latitude),
    longitude: asNumber(place.longitude),
  };
}

function readForecast(value: Json): Forecast {
  const current = asObject(value.current);
  const daily = asObject(value.daily);
  return {
    temperature: asNumber(current.temperature_2m),
    humidity: asNumber(current.relative_humidity_2m),
    windSpeed: asNumber(current.wind_speed_10m),
    weatherCode: asNumber(current.weather_code),
    timezone: asOptionalText(value.timezone),
    // Near the poles, some days have neither.
    sunrise: asFirstText(daily.sunrise),
    sunset: asFirstText(daily.sunset),
  };
}

function asObject(value: unknown): Json {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw unreadable();
  return value as Json;
}

function asText(value: unknown): string {
  if (typeof value !== "string") throw unreadable();
  return value;
}

function asNumber(value: unknown): number {
  if (typeof value !== "number" || !Number.isFinite(value)) throw unreadable();
  return value;
}

function asOptionalText(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : asText(value);
}

function asFirstText(value: unknown): string | undefined {
  if (!Array.isArray(value)) throw unreadable();
  return asOptionalText(value[0]);
}

function unreadable(cause?: unknown): ToolError {
  return new ToolError("Weather service sent an answer that cannot be read. Try again later.", { cause });
}

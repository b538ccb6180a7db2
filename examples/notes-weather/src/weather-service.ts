import { tool, ToolError, toolResult, type Context, type ToolResult } from "methodic";
import type { Forecast, OpenMeteo, Place } from "./open-meteo.ts";
import { describeWeatherCode } from "./weather-codes.ts";

/** A scale for temperatures. */
export type Units = "celsius" | "fahrenheit";

/** The current weather of a city. */
export interface Weather {
  /** The city as the weather service spells it. */
  city: string;
  country: string;
  /** The current temperature. */
  temperature: number;
  /** The unit of the temperature. */
  temperature_unit: "°C" | "°F";
  /** Relative humidity in percent. */
  humidity: number;
  /** Wind speed in km/h. */
  wind_speed: number;
  /** The weather in words. */
  conditions: string;
  /**
   * The weather as a WMO code.
   * @asType integer
   */
  weather_code: number;
  /** Today's sunrise in local time, for example 2026-11-22T07:12. */
  sunrise?: string;
  /** Today's sunset in local time, for example 2026-11-22T16:31. */
  sunset?: string;
  /** The time zone of sunrise and sunset, for example America/Chicago. */
  timezone?: string;
}

/** Options of a {@link WeatherService}, for tests. */
export interface WeatherServiceOptions {
  /** Milliseconds for which a result is cached. Default: 5 minutes. */
  readonly cacheMs?: number;
  /** Returns the current time in milliseconds. Default: `Date.now`. */
  readonly now?: () => number;
}

/** Bounds the cache. The users of one server ask for far fewer cities in five minutes. */
const MAX_CACHED = 200;

/** Publishes the current weather as a tool. */
export class WeatherService {
  readonly #cacheMs: number;
  readonly #now: () => number;
  readonly #cache = new Map<string, { readonly weather: Weather; readonly expires: number }>();

  constructor(
    private readonly openMeteo: OpenMeteo,
    options: WeatherServiceOptions = {},
  ) {
    this.#cacheMs = options.cacheMs ?? 5 * 60_000;
    this.#now = options.now ?? Date.now;
  }

  /**
   * Get the current weather of a city.
   * @param city The name of the city
   * @param country_code The country the city is in, as an ISO 3166-1 alpha-2 code
   * @param units The scale of the temperature
   */
  @tool({
    title: "Current weather",
    annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true },
  })
  async getWeather(
    city: string,
    /** @pattern ^[A-Za-z]{2}$ */ country_code = "US",
    units: Units = "celsius",
    ctx: Context,
  ): Promise<ToolResult<Weather>> {
    const name = city.trim();
    const country = country_code.toUpperCase();
    const key = JSON.stringify([name.toLowerCase(), country, units]);
    let weather = this.#recall(key);
    if (!weather) {
      const found = name ? await this.openMeteo.lookUp(name, country, { units, signal: ctx.signal }) : undefined;
      if (!found) throw new ToolError(`City '${city}' not found. Try a different spelling.`);
      weather = toWeather(found.place, found.forecast, units);
      this.#remember(key, weather);
    }
    return toolResult({ content: formatWeather(weather), structuredContent: weather });
  }

  #recall(key: string): Weather | undefined {
    const cached = this.#cache.get(key);
    return cached && this.#now() < cached.expires ? cached.weather : undefined;
  }

  #remember(key: string, weather: Weather): void {
    // A map keeps insertion order: deleting first keeps the oldest result at its front.
    this.#cache.delete(key);
    this.#cache.set(key, { weather, expires: this.#now() + this.#cacheMs });
    for (const oldest of this.#cache.keys()) {
      if (this.#cache.size <= MAX_CACHED) break;
      this.#cache.delete(oldest);
    }
  }
}

function toWeather(place: Place, forecast: Forecast, units: Units): Weather {
  return {
    city: place.name,
    country: place.country,
    temperature: forecast.temperature,
    temperature_unit: units === "celsius" ? "°C" : "°F",
    humidity: forecast.humidity,
    wind_speed: forecast.windSpeed,
    conditions: describeWeatherCode(forecast.weatherCode),
    weather_code: forecast.weatherCode,
    ...(forecast.sunrise && { sunrise: forecast.sunrise }),
    ...(forecast.sunset && { sunset: forecast.sunset }),
    ...(forecast.timezone && { timezone: forecast.timezone }),
  };
}

function formatWeather(weather: Weather): string {
  return [
    `Weather in ${weather.city}, ${weather.country}:`,
    `  Temperature: ${weather.temperature}${weather.temperature_unit}`,
    `  Humidity: ${weather.humidity}%`,
    `  Wind speed: ${weather.wind_speed} km/h`,
    `  Conditions: ${weather.conditions}`,
    ...(weather.sunrise ? [`  Sunrise: ${timeOfDay(weather.sunrise)}`] : []),
    ...(weather.sunset ? [`  Sunset: ${timeOfDay(weather.sunset)}`] : []),
  ].join("\n");
}

/** Returns the time of a local ISO date and time: `07:12` for `2026-11-22T07:12`. */
function timeOfDay(dateTime: string): string {
  return dateTime.slice(dateTime.indexOf("T") + 1);
}

import { createServer, type Server } from "methodic";
import { NotesService } from "../src/notes-service.ts";
import { NotesStore } from "../src/notes-store.ts";
import { OpenMeteo, type OpenMeteoOptions } from "../src/open-meteo.ts";
import { WeatherService, type WeatherServiceOptions } from "../src/weather-service.ts";

/** An address that nothing answers. */
const NOWHERE = new URL("http://127.0.0.1:9");

export type WeatherOptions = Partial<OpenMeteoOptions> & WeatherServiceOptions;

/** Creates the example's server with notes in memory and the given weather options. */
export function createExampleServer(
  options: { readonly database?: string; readonly weather?: WeatherOptions } = {},
): Server {
  const openMeteo = new OpenMeteo({
    geocodingUrl: NOWHERE,
    forecastUrl: NOWHERE,
    timeoutMs: 10_000,
    ...options.weather,
  });
  return createServer({
    name: "notes-server",
    version: "1.0.0",
    naming: "snake_case",
    services: [
      new NotesService(new NotesStore(options.database ?? ":memory:")),
      new WeatherService(openMeteo, options.weather),
    ],
  });
}

/** Both protocol eras; the example must behave the same in each. */
export const ERAS = ["legacy", "modern"] as const;

import { createServer, type Server } from "methodic";
import { NotesService } from "../src/notes-service.ts";
import { NotesStore } from "../src/notes-store.ts";
import { WeatherService, type WeatherServiceOptions } from "../src/weather-service.ts";

/** Creates the example's server with notes in memory and the given weather options. */
export function createExampleServer(
  options: { readonly database?: string; readonly weather?: WeatherServiceOptions } = {},
): Server {
  return createServer({
    name: "notes-server",
    version: "1.0.0",
    naming: "snake_case",
    services: [
      new NotesService(new NotesStore(options.database ?? ":memory:")),
      new WeatherService(options.weather ?? {}),
    ],
  });
}

/** Both protocol eras; the example must behave the same in each. */
export const ERAS = ["legacy", "modern"] as const;

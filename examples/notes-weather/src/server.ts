import { config, createServer } from "methodic";
import { apiKey } from "methodic/auth";
import { NotesService } from "./notes-service.ts";
import { NotesStore } from "./notes-store.ts";
import { OpenMeteo, type OpenMeteoOptions } from "./open-meteo.ts";
import { SERVER_NAME, SERVER_VERSION } from "./server-info.ts";
import { WeatherService } from "./weather-service.ts";

/** Settings from environment variables: `notesDb` is `NOTES_DB`. */
interface AppConfig {
  /** The SQLite file of the notes. Default: a file in the user's data folder. */
  notesDb?: string;
  openMeteo: OpenMeteoOptions;
}

/** Without a key in the environment, HTTP is reachable from this computer only. */
const hasKeys = Boolean(process.env.MCP_API_KEY ?? process.env.MCP_API_KEYS);

export default createServer({
  name: SERVER_NAME,
  version: SERVER_VERSION,
  instructions: "Saves notes permanently and reports the current weather of any city.",
  naming: "snake_case",
  services: [NotesService, WeatherService],
  providers: [
    config<AppConfig>(),
    { provide: NotesStore, useFactory: ({ notesDb }: AppConfig) => new NotesStore(notesDb) },
    { provide: OpenMeteo, useFactory: ({ openMeteo }: AppConfig) => new OpenMeteo(openMeteo) },
  ],
  // A client of 2025-11-25 can be asked over HTTP only in a session.
  http: { sessions: true },
  ...(hasKeys && { auth: apiKey() }),
});

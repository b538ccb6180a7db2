import { createServer } from "methodic";
import { apiKey } from "methodic/auth";
import { NotesService } from "./notes-service.ts";
import { SERVER_NAME, SERVER_VERSION } from "./server-info.ts";
import { WeatherService } from "./weather-service.ts";

/** Without a key in the environment, HTTP is reachable from this computer only. */
const hasKeys = Boolean(process.env.MCP_API_KEY ?? process.env.MCP_API_KEYS);

export default createServer({
  name: SERVER_NAME,
  version: SERVER_VERSION,
  instructions: "Saves notes permanently and reports the current weather of any city.",
  naming: "snake_case",
  services: [NotesService, WeatherService],
  ...(hasKeys && { auth: apiKey() }),
});

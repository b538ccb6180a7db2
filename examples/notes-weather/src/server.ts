import { createServer } from "methodic";
import { apiKey } from "methodic/auth";
import { NotesService } from "./notes-service.ts";
import { SERVER_NAME, SERVER_VERSION } from "./server-info.ts";
import { WeatherService } from "./weather-service.ts";

/** With a key in the environment, callers over HTTP need it. Without one, HTTP is served to this computer alone. */
const hasKeys = Boolean(process.env.MCP_API_KEY ?? process.env.MCP_API_KEYS);

export default createServer({
  name: SERVER_NAME,
  version: SERVER_VERSION,
  instructions: "Saves notes that last, and tells the current weather of any city.",
  naming: "snake_case",
  services: [NotesService, WeatherService],
  ...(hasKeys && { auth: apiKey() }),
});

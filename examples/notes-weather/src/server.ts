import { createServer } from "methodic";
import { NotesService } from "./notes-service.ts";
import { SERVER_NAME, SERVER_VERSION } from "./server-info.ts";
import { WeatherService } from "./weather-service.ts";

export default createServer({
  name: SERVER_NAME,
  version: SERVER_VERSION,
  instructions: "Saves notes that last, and tells the current weather of any city.",
  naming: "snake_case",
  services: [NotesService, WeatherService],
});

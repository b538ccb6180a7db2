// The example's tools, resources and prompt, written by hand on the official SDK with zod: the
// reference for the startup time. The store and the weather client are the example's own.
import { McpServer, ResourceNotFoundError, ResourceTemplate } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { z } from "zod";
import { NotesStore } from "../examples/notes-weather/dist/notes-store.js";
import { OpenMeteo } from "../examples/notes-weather/dist/open-meteo.js";
import { describeServer } from "../examples/notes-weather/dist/server-info.js";

const store = new NotesStore(process.env.NOTES_DB);
const openMeteo = new OpenMeteo({
  geocodingUrl: new URL("https://geocoding-api.open-meteo.com"),
  forecastUrl: new URL("https://api.open-meteo.com"),
  timeoutMs: 10_000,
});
const text = (value) => ({ content: [{ type: "text", text: value }] });
const failure = (value) => ({ ...text(value), isError: true });

function addNoteTools(server) {
  server.registerTool(
    "add_note",
    { description: "Add a new note.", inputSchema: z.strictObject({ name: z.string(), content: z.string() }) },
    ({ name, content }) => {
      if (!name.trim() || !content.trim()) return failure("Name and content are required.");
      store.add(name, content);
      return text(`Note '${name}' added successfully.`);
    },
  );
  server.registerTool(
    "get_note",
    { description: "Get a note.", inputSchema: z.strictObject({ name: z.string() }) },
    ({ name }) => {
      const content = store.get(name);
      return content === undefined ? failure(`Note '${name}' not found.`) : text(content);
    },
  );
  server.registerTool("list_notes", { description: "List all notes.", inputSchema: z.strictObject({}) }, () => {
    const names = store.all().map((note) => note.name);
    return text(names.length ? `Saved notes: ${names.join(", ")}` : "No notes saved yet.");
  });
  server.registerTool(
    "delete_note",
    { description: "Delete a note.", inputSchema: z.strictObject({ name: z.string() }) },
    ({ name }) => (store.delete(name) ? text(`Note '${name}' deleted.`) : failure(`Note '${name}' not found.`)),
  );
}

function addWeatherTool(server) {
  server.registerTool(
    "get_weather",
    {
      description: "Get the current weather of a city.",
      inputSchema: z.strictObject({
        city: z.string(),
        country_code: z.string().default("US"),
        units: z.enum(["celsius", "fahrenheit"]).default("celsius"),
      }),
      outputSchema: z.looseObject({
        city: z.string(),
        country: z.string(),
        temperature: z.number(),
        humidity: z.number(),
        wind_speed: z.number(),
      }),
    },
    async ({ city, country_code, units }, ctx) => {
      const found = await openMeteo.lookUp(city, country_code, { units, signal: ctx.mcpReq.signal });
      if (!found) return failure(`City '${city}' not found. Try a different spelling.`);
      const { place, forecast } = found;
      const { temperature, humidity, windSpeed } = forecast;
      return {
        ...text(`Weather in ${place.name}, ${place.country}: ${temperature}`),
        structuredContent: { city: place.name, country: place.country, temperature, humidity, wind_speed: windSpeed },
      };
    },
  );
}

function addResources(server) {
  const contents = (uri, value, mimeType = "text/plain") => ({ contents: [{ uri: uri.href, text: value, mimeType }] });
  server.registerResource("all_notes", "notes://all", {}, (uri) =>
    contents(
      uri,
      store
        .all()
        .map((note) => `## ${note.name}\n${note.content}`)
        .join("\n") || "No notes available.",
    ),
  );
  server.registerResource("note_count", "notes://count", {}, (uri) => contents(uri, `${store.count()} notes saved`));
  server.registerResource("server_info", "server://info", {}, (uri) =>
    contents(uri, JSON.stringify(describeServer()), "application/json"),
  );
  const list = () => ({
    resources: store.all().map(({ name }) => ({ name, uri: `notes://${encodeURIComponent(name)}` })),
  });
  server.registerResource("note", new ResourceTemplate("notes://{name}", { list }), {}, (uri, { name }) => {
    const content = store.get(name);
    if (content === undefined) throw new ResourceNotFoundError(uri.href);
    return contents(uri, content);
  });
}

function buildServer() {
  const server = new McpServer({ name: "notes-server", version: "1.0.0" });
  addNoteTools(server);
  addWeatherTool(server);
  addResources(server);
  server.registerPrompt(
    "note_taking_assistant",
    { description: "Helps organize notes on a topic.", argsSchema: z.object({ topic: z.string() }) },
    ({ topic }) => ({
      messages: [{ role: "user", content: { type: "text", text: `Help me organize information about ${topic}.` } }],
    }),
  );
  return server;
}

serveStdio(buildServer);

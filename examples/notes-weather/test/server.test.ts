import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Server } from "methodic";
import { createTestClient } from "methodic/testing";
import { afterEach, describe, expect, it, vi } from "vitest";
import { startOpenMeteoStandIn } from "../scripts/open-meteo-stand-in.mjs";
import { temporaryFolder } from "./built-server.ts";
import { ERAS } from "./example-server.ts";

afterEach(() => vi.unstubAllEnvs());

/** Imports the server as a process with these variables does. */
async function importServer(env: Readonly<Record<string, string>>): Promise<Server> {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  vi.resetModules();
  return (await import("../src/server.ts")).default;
}

describe("the server that the module exports", () => {
  it.each(ERAS)("publishes its components in the %s era", async (era) => {
    await using client = await createTestClient(await importServer({ NOTES_DB: ":memory:" }), { era });
    expect(client.client.getServerVersion()).toMatchObject({ name: "notes-server", version: "1.0.0" });
    const tools = await client.listTools();
    expect(tools.map((tool) => tool.name)).toEqual([
      "add_note",
      "get_note",
      "list_notes",
      "delete_note",
      "get_weather",
    ]);
    expect(tools[0]).toMatchObject({
      description: "Add a new note with the given name and content. A note that already has this name is replaced.",
      inputSchema: {
        type: "object",
        properties: {
          name: { type: "string", description: "The name/title of the note" },
          content: { type: "string", description: "The content of the note" },
        },
        required: ["name", "content"],
        additionalProperties: false,
      },
    });
    expect((await client.listPrompts()).map((prompt) => prompt.name)).toEqual(["note_taking_assistant"]);
    expect((await client.listResources()).map((resource) => resource.name)).toEqual([
      "all_notes",
      "note_count",
      "server_info",
    ]);
    expect((await client.callTool("list_notes")).text).toBe("No notes saved yet.");
  });

  it("keeps its notes in the file that NOTES_DB names", async () => {
    using folder = temporaryFolder();
    const file = join(folder.path, "from-env.db");
    const server = await importServer({ NOTES_DB: file });
    await using client = await createTestClient(server);
    expect(existsSync(file)).toBe(false);
    await client.callTool("add_note", { name: "a", content: "1" });
    expect(existsSync(file)).toBe(true);
    await server.close();
  });

  it.each(["", "/", "/proxy/"])("asks the weather service of the environment, with the path '%s'", async (path) => {
    await using weather = await startOpenMeteoStandIn();
    const server = await importServer({
      OPEN_METEO_GEOCODING_URL: weather.url + path,
      OPEN_METEO_FORECAST_URL: weather.url,
    });
    await using client = await createTestClient(server);
    await client.callTool("get_weather", { city: "Chicago" });
    expect(weather.requests[0]?.pathname).toBe(`${path.replace(/\/$/, "")}/v1/search`);
  });

  it("is not created with wrong settings, and names all of them", async () => {
    const wrong = { OPEN_METEO_GEOCODING_URL: "open-meteo", OPEN_METEO_TIMEOUT_MS: "soon" };
    await expect(importServer(wrong)).rejects.toThrow(/OPEN_METEO_GEOCODING_URL: .*OPEN_METEO_TIMEOUT_MS: /s);
  });
});

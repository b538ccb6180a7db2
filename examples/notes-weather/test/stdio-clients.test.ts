import { join } from "node:path";
import { Client as Client2 } from "@modelcontextprotocol/client";
import { StdioClientTransport as Stdio2 } from "@modelcontextprotocol/client/stdio";
import { Client as Client1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as Stdio1 } from "@modelcontextprotocol/sdk/client/stdio.js";
import { describe, expect, it } from "vitest";
import { startOpenMeteoStandIn } from "../scripts/open-meteo-stand-in.mjs";
import { BUILT_SERVER, serverEnv, temporaryFolder } from "./built-server.ts";

const info = { name: "example-test", version: "1.0.0" };
const command = (env: Record<string, string>) => ({ command: process.execPath, args: [BUILT_SERVER], env });

/** Connects an official client to the built example. The v1 and v2 clients share these methods. */
async function connectV2(env: Record<string, string>, mode: "legacy" | { readonly pin: string }) {
  const client = new Client2(info, { versionNegotiation: { mode } });
  await client.connect(new Stdio2(command(env)));
  return client;
}

async function connectV1(env: Record<string, string>) {
  const client = new Client1(info);
  await client.connect(new Stdio1(command(env)));
  return client;
}

const CONNECT = {
  "client 2.4, 2025-11-25": (env: Record<string, string>) => connectV2(env, "legacy"),
  "client 2.4, 2026-07-28": (env: Record<string, string>) => connectV2(env, { pin: "2026-07-28" }),
  "sdk 1.32": connectV1,
};

type OfficialClient = Awaited<ReturnType<(typeof CONNECT)[keyof typeof CONNECT]>>;

async function callTool(client: OfficialClient, name: string, args: Record<string, unknown> = {}) {
  const { content, isError, structuredContent } = await client.callTool({ name, arguments: args });
  const texts = (content as { type: string; text: string }[]).map((block) => block.text);
  return { text: texts.join("\n"), isError: isError ?? false, structuredContent };
}

async function readText(client: OfficialClient, uri: string): Promise<unknown> {
  const { contents } = await client.readResource({ uri });
  return (contents[0] as { text?: string }).text;
}

describe.each(Object.entries(CONNECT))("the built example with %s", (_, connect) => {
  it("serves all its components and keeps notes when the process ends", async () => {
    using folder = temporaryFolder();
    await using weather = await startOpenMeteoStandIn();
    const env = serverEnv(join(folder.path, "notes.db"), weather.url);
    const client = await connect(env);
    expect(client.getServerVersion()).toMatchObject({ name: "notes-server", version: "1.0.0" });
    const { tools } = await client.listTools();
    expect(tools.map((tool) => tool.name)).toEqual([
      "add_note",
      "get_note",
      "list_notes",
      "delete_note",
      "get_weather",
    ]);

    expect(await callTool(client, "list_notes")).toMatchObject({ text: "No notes saved yet.", isError: false });
    const added = await callTool(client, "add_note", { name: "plan", content: "bake\nbread" });
    expect(added).toMatchObject({ text: "Note 'plan' added successfully.", isError: false });
    await callTool(client, "add_note", { name: "gone", content: "x" });
    expect((await callTool(client, "delete_note", { name: "gone" })).text).toBe("Note 'gone' deleted.");
    expect((await callTool(client, "list_notes")).text).toBe("Saved notes: plan");
    const unknown = await callTool(client, "get_note", { name: "gone" });
    expect(unknown).toMatchObject({ text: "Note 'gone' not found.", isError: true });
    const invalid = await callTool(client, "add_note", { name: "plan" });
    expect(invalid).toMatchObject({ text: expect.stringContaining("content"), isError: true });

    const { resources } = await client.listResources();
    expect(resources.map((resource) => resource.uri).toSorted()).toEqual([
      "notes://all",
      "notes://count",
      "notes://plan",
      "server://info",
    ]);
    expect(await readText(client, "notes://all")).toBe("## plan\nbake\nbread");
    expect(await readText(client, "notes://count")).toBe("1 notes saved");
    expect(await readText(client, "notes://plan")).toBe("bake\nbread");
    expect(JSON.parse(String(await readText(client, "server://info")))).toMatchObject({ node: process.version });
    await expect(client.readResource({ uri: "notes://gone" })).rejects.toThrow("Note 'gone' not found.");

    const prompt = await client.getPrompt({ name: "note_taking_assistant", arguments: { topic: "rye" } });
    expect(prompt.messages[0]).toMatchObject({ role: "user", content: { text: expect.stringContaining("rye") } });

    const report = await callTool(client, "get_weather", { city: "Chicago" });
    expect(report.text).toMatch(/^Weather in Chicago, United States:\n {2}Temperature: 21\.5°C\n/);
    expect(report.structuredContent).toMatchObject({ temperature: 21.5, temperature_unit: "°C" });
    await client.close();

    const later = await connect(env);
    expect((await callTool(later, "get_note", { name: "plan" })).text).toBe("bake\nbread");
    await later.close();
  });

  it("returns each of many concurrent results to its call", async () => {
    using folder = temporaryFolder();
    const client = await connect(serverEnv(join(folder.path, "notes.db")));
    const numbers = Array.from({ length: 100 }, (_, i) => i);
    await Promise.all(numbers.map((i) => callTool(client, "add_note", { name: `n${i}`, content: `content ${i}` })));
    const notes = await Promise.all(numbers.map((i) => callTool(client, "get_note", { name: `n${i}` })));
    expect(notes.map((note) => note.text)).toEqual(numbers.map((i) => `content ${i}`));
    await client.close();
  });
});

describe("several processes with one database file", () => {
  it("keep all notes when four of them write 250 each", async () => {
    using folder = temporaryFolder();
    const env = serverEnv(join(folder.path, "notes.db"));
    const clients = await Promise.all([0, 1, 2, 3].map(() => connectV2(env, "legacy")));
    const results = await Promise.all(
      clients.flatMap((client, writer) =>
        Array.from({ length: 250 }, (_, i) =>
          callTool(client, "add_note", { name: `${writer}-${i}`, content: `note ${i} of ${writer}` }),
        ),
      ),
    );
    expect(results.filter((result) => result.isError)).toEqual([]);
    for (const client of clients) expect(await readText(client, "notes://count")).toBe("1000 notes saved");
    await Promise.all(clients.map((client) => client.close()));

    const reader = await connectV2(env, "legacy");
    const names = (await callTool(reader, "list_notes")).text.slice("Saved notes: ".length).split(", ");
    for (const writer of [0, 1, 2, 3]) {
      const own = names.filter((name) => name.startsWith(`${writer}-`));
      expect(own).toEqual(Array.from({ length: 250 }, (_, i) => `${writer}-${i}`));
    }
    await reader.close();
  });
});

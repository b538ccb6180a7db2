import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { createMcpHandler } from "@modelcontextprotocol/server";
import { describe, expect, it } from "vitest";
import { createNotesServer } from "../minimal/notes-on-sdk.ts";
import server from "../minimal/notes.ts";
import { ERAS } from "./example-server.ts";

type Era = (typeof ERAS)[number];
type Fetch = (request: Request) => Promise<Response>;

async function connect(answer: Fetch, era: Era): Promise<Client> {
  const client = new Client(
    { name: "test", version: "1.0.0" },
    { versionNegotiation: { mode: era === "modern" ? { pin: "2026-07-28" } : "legacy" } },
  );
  const transport = new StreamableHTTPClientTransport(new URL("http://localhost/mcp"), {
    fetch: (url, init) => answer(new Request(url, init)),
  });
  await client.connect(transport);
  return client;
}

/**
 * Drops what zod adds to schemas and Methodic omits (`$schema`, and empty `properties`), and the
 * titles that Methodic derives from names.
 */
function withoutNoise(value: unknown): unknown {
  const isNoise = (key: string, entry: unknown): boolean =>
    ["$schema", "title", "annotations"].includes(key) ||
    (key === "properties" && Object.keys(entry as object).length === 0);
  return JSON.parse(JSON.stringify(value, (key, entry: unknown) => (isNoise(key, entry) ? undefined : entry)));
}

/** Returns everything that a server publishes, and its responses to one round of calls. */
async function converse(client: Client): Promise<unknown> {
  const call = (name: string, args: Record<string, unknown> = {}) => client.callTool({ name, arguments: args });
  const reasonOf = (error: unknown): unknown => (error as Error).message;
  return withoutNoise({
    tools: (await client.listTools()).tools,
    resources: (await client.listResources()).resources,
    templates: (await client.listResourceTemplates()).resourceTemplates,
    prompts: (await client.listPrompts()).prompts,
    answers: [
      await call("add_note", { name: "rye bread", content: "Flour, water, salt." }),
      await call("get_note", { name: "rye bread" }),
      await call("get_note", { name: "spelt" }),
      await call("list_notes"),
      await client.readResource({ uri: "notes://all" }),
      await client.readResource({ uri: "notes://rye%20bread" }),
      await client.readResource({ uri: "notes://spelt" }).catch(reasonOf),
      await call("delete_note", { name: "rye bread" }),
      await call("delete_note", { name: "rye bread" }),
      (await client.getPrompt({ name: "take_notes", arguments: { topic: "rye" } })).messages,
    ],
  });
}

describe.each(ERAS)("the minimal notes server and its counterpart on the SDK in the %s era", (era) => {
  it("publish the same components and return the same results", async () => {
    const handler = createMcpHandler(createNotesServer);
    const ours = await connect((request) => server.fetch(request), era);
    const byHand = await connect((request) => handler.fetch(request), era);
    expect(await converse(ours)).toEqual(await converse(byHand));
    await Promise.all([ours.close(), byHand.close()]);
  });
});

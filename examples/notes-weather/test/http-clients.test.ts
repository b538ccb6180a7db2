import { join } from "node:path";
import { Client as Client2, StreamableHTTPClientTransport as Http2 } from "@modelcontextprotocol/client";
import { Client as Client1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as Http1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { describe, expect, it } from "vitest";
import { BUILT_SERVER, RawServer, serverEnv, temporaryFolder } from "./built-server.ts";

const info = { name: "example-test", version: "1.0.0" };
const KEY = "the-key-of-these-tests";
const capabilities = { elicitation: { form: {} } };
const requestInit = { headers: { "X-API-Key": KEY } };

/** Starts the built example over HTTP. */
async function listen(database: string, env: Record<string, string> = { MCP_API_KEY: KEY }) {
  // Variables of the environment in which the tests run must not affect the server.
  const unset = { HOST: "", MCP_PATH: "", MCP_ALLOWED_HOSTS: "", MCP_ALLOWED_ORIGINS: "", MCP_PUBLIC_URL: "" };
  const server = new RawServer([BUILT_SERVER], { ...serverEnv(database), ...unset, PORT: "0", ...env });
  await server.stderrSays(" serves MCP at ");
  const url = new URL(/ serves MCP at (\S+)/.exec(server.stderr)?.[1] ?? "");
  return { server, url };
}

async function connectV2(url: URL, mode: "legacy" | { readonly pin: string }) {
  const client = new Client2(info, { capabilities, versionNegotiation: { mode } });
  client.setRequestHandler("elicitation/create", () => ({ action: "accept" as const, content: {} }));
  await client.connect(new Http2(url, { requestInit }));
  return client;
}

async function connectV1(url: URL) {
  const client = new Client1(info, { capabilities });
  client.setRequestHandler(ElicitRequestSchema, () => ({ action: "accept", content: {} }));
  await client.connect(new Http1(url, { requestInit }));
  return client;
}

const CONNECT = {
  "client 2.4, 2025-11-25": (url: URL) => connectV2(url, "legacy"),
  "client 2.4, 2026-07-28": (url: URL) => connectV2(url, { pin: "2026-07-28" }),
  "sdk 1.32": connectV1,
};

type OfficialClient = Awaited<ReturnType<(typeof CONNECT)[keyof typeof CONNECT]>>;

async function callTool(client: OfficialClient, name: string, args: Record<string, unknown> = {}): Promise<string> {
  const { content } = await client.callTool({ name, arguments: args });
  return (content as { text: string }[]).map(({ text }) => text).join("\n");
}

describe("the built example over HTTP", () => {
  it.each(Object.entries(CONNECT))("serves %s and shares notes between clients", async (_, connect) => {
    using folder = temporaryFolder();
    const { server, url } = await listen(join(folder.path, "notes.db"));
    await using _server = server;
    const writer = await connect(url);
    expect(writer.getServerVersion()).toMatchObject({ name: "notes-server", version: "1.0.0" });
    expect((await writer.listTools()).tools).toHaveLength(5);
    expect(await callTool(writer, "add_note", { name: "plan", content: "bake" })).toContain("added");

    const reader = await connect(url);
    expect(await callTool(reader, "list_notes")).toBe("Saved notes: plan");
    const { contents } = await reader.readResource({ uri: "notes://plan" });
    expect(contents[0]).toMatchObject({ text: "bake" });

    // A note that the server does not delete before its user has confirmed.
    await callTool(writer, "add_note", { name: "long", content: "x".repeat(2000) });
    expect(await callTool(reader, "delete_note", { name: "long" })).toBe("Note 'long' deleted.");
    await Promise.all([writer.close(), reader.close()]);
  });

  it("requires the key, and exits with code 0 on SIGTERM", async () => {
    using folder = temporaryFolder();
    const { server, url } = await listen(join(folder.path, "notes.db"));
    await using _server = server;
    expect((await fetch(new URL("/health", url))).status).toBe(200);
    const headers = { "content-type": "application/json", accept: "application/json, text/event-stream" };
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" });
    expect((await fetch(url, { method: "POST", headers, body })).status).toBe(401);
    const wrong = { ...headers, "x-api-key": `${KEY}x` };
    expect((await fetch(url, { method: "POST", headers: wrong, body })).status).toBe(401);
    expect(server.stderr).not.toContain(KEY);
    server.process.kill("SIGTERM");
    expect(await server.ended).toEqual({ code: 0, signal: null });
  });

  it("does not listen for other computers without a key", async () => {
    using folder = temporaryFolder();
    const opened = listen(join(folder.path, "notes.db"), { MCP_API_KEY: "", MCP_API_KEYS: "", HOST: "0.0.0.0" });
    await expect(opened).rejects.toThrow(/allowedHosts is not set\..*auth is not set\./s);
  });
});

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, describe, expect, it, vi } from "vitest";
import { apiKey, type ServerAuth } from "../../src/auth/index.ts";
import { type Context, createServer, type Server, tool } from "../../src/index.ts";
import { defineService } from "../fixtures/service.ts";

class Service {
  hello(): string {
    return "hi";
  }
  async wait(ctx: Context): Promise<string> {
    await ctx.progress(1, 2, "half");
    await new Promise((resolve) => ctx.signal.addEventListener("abort", resolve));
    return "late";
  }
}
defineService(Service, { hello: { as: tool() }, wait: { as: tool(), contextIndex: 0 } });

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

let server: Server;
function serve(auth: ServerAuth): void {
  server = createServer({
    name: "s",
    version: "1",
    services: [Service],
    auth,
    shutdownTimeout: 0,
    http: { sessions: true, legacySse: true },
  });
}
afterEach(async () => {
  await server.close();
  vi.restoreAllMocks();
});

interface Sent {
  readonly method: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly message?: object;
}

function createRequest(path: string, { method, headers, message }: Sent, signal?: AbortSignal): Request {
  return new Request(`http://localhost${path}`, {
    method,
    headers: {
      accept: `${method === "GET" ? "" : "application/json, "}text/event-stream`,
      "content-type": "application/json",
      "x-api-key": "the-key",
      ...headers,
    },
    ...(signal && { signal }),
    ...(message && { body: JSON.stringify({ jsonrpc: "2.0", id: 1, ...message }) }),
  });
}

const clientInfo = { name: "c", version: "1" };

async function openSession(): Promise<string> {
  const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo };
  const opened = await server.fetch(
    createRequest("/mcp", { method: "POST", message: { method: "initialize", params } }),
  );
  await opened.text();
  return opened.headers.get("mcp-session-id") ?? "";
}

const META = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientInfo": clientInfo,
  "io.modelcontextprotocol/clientCapabilities": {},
};
const VERSION = { "mcp-protocol-version": "2026-07-28" };

const STREAMS: readonly (readonly [string, string, () => Promise<Sent>])[] = [
  [
    "subscriptions/listen",
    "/mcp",
    async () => ({
      method: "POST",
      headers: { ...VERSION, "mcp-method": "subscriptions/listen" },
      message: { method: "subscriptions/listen", params: { notifications: { toolsListChanged: true }, _meta: META } },
    }),
  ],
  [
    "a call of 2026-07-28",
    "/mcp",
    async () => ({
      method: "POST",
      headers: { ...VERSION, "mcp-method": "tools/call", "mcp-name": "wait" },
      message: { method: "tools/call", params: { name: "wait", arguments: {}, _meta: { ...META, progressToken: 1 } } },
    }),
  ],
  [
    "a call of 2025-11-25",
    "/mcp",
    async () => ({
      method: "POST",
      headers: { "mcp-session-id": await openSession() },
      message: { method: "tools/call", params: { name: "wait", arguments: {}, _meta: { progressToken: 1 } } },
    }),
  ],
  ["a session's stream", "/mcp", async () => ({ method: "GET", headers: { "mcp-session-id": await openSession() } })],
  ["HTTP+SSE", "/sse", async () => ({ method: "GET" })],
];

/** Reads a stream until it ends or fails. */
async function readToEnd(reader: ReadableStreamDefaultReader<unknown>): Promise<void> {
  for (;;) if ((await reader.read()).done) return;
}

describe.each([
  ["credentials", apiKey({ keys: "the-key" })],
  ["no credentials", "none"],
] as const)("The signal of a request with %s that has been collected", (_credentials, auth) => {
  it.each(STREAMS)(
    "still ends the stream: %s",
    async (_, path, prepare) => {
      serve(auth);
      const sent = await prepare();
      const leaving = new AbortController();
      // Nothing but the server refers to the request.
      const { status, body } = await server.fetch(createRequest(path, sent, leaving.signal));
      expect(status).toBe(200);
      const reader = body!.getReader();
      const ended = readToEnd(reader).catch(() => undefined);
      for (let i = 0; i < 5; i++) {
        await new Promise((resolve) => setImmediate(resolve));
        collectGarbage();
      }
      leaving.abort();
      await expect(ended).resolves.toBeUndefined();
    },
    10_000,
  );
});

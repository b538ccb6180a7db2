import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { bearer } from "../../src/auth/index.ts";
import { createServer, resource, type Server, tool } from "../../src/index.ts";
import { defineService } from "../fixtures/service.ts";

class Board {
  page(): string {
    return "page";
  }
  hello(): string {
    return "hello";
  }
}
defineService(Board, { page: { as: resource("board://page"), kind: "resource" }, hello: { as: tool() } });

const ENVELOPE = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientInfo": { name: "test", version: "1" },
  "io.modelcontextprotocol/clientCapabilities": {},
};
const HEADERS = {
  "content-type": "application/json",
  accept: "application/json, text/event-stream",
  authorization: "Bearer token",
};

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

let server: Server;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date", "setTimeout", "clearTimeout", "setInterval", "clearInterval"] });
  const expiresAt = Date.now() / 1000 + 60;
  server = createServer({
    name: "board",
    version: "1",
    services: [Board],
    auth: bearer({ verify: () => ({ subject: "ann", expiresAt }) }),
    http: { sessions: true, legacySse: true, limits: { streamKeepAlive: 0 } },
  });
});
afterEach(async () => {
  vi.useRealTimers();
  await server.close();
});

async function ask(
  method: string,
  path: string,
  { body, ...headers }: { body?: object; [name: string]: unknown } = {},
) {
  const all = { ...HEADERS, ...headers } as Record<string, string>;
  const sent = body && { body: JSON.stringify({ jsonrpc: "2.0", ...body }) };
  return server.fetch(new Request(`http://localhost${path}`, { method, headers: all, ...sent }));
}

const streams: Record<string, () => Promise<Response>> = {
  "subscriptions/listen": () =>
    ask("POST", "/mcp", {
      "mcp-protocol-version": "2026-07-28",
      "mcp-method": "subscriptions/listen",
      body: {
        id: 1,
        method: "subscriptions/listen",
        params: { notifications: { resourceSubscriptions: ["board://page"] }, _meta: ENVELOPE },
      },
    }),
  "a session": async () => {
    const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "test", version: "1" } };
    const begun = await ask("POST", "/mcp", { body: { id: 1, method: "initialize", params } });
    return ask("GET", "/mcp", { "mcp-session-id": begun.headers.get("mcp-session-id") });
  },
  "HTTP+SSE": () => ask("GET", "/sse"),
};

it.each(Object.keys(streams))(
  "ends the stream of %s when the credentials of its caller expire, and not before",
  async (kind) => {
    const response = await streams[kind]!();
    expect(response.status).toBe(200);
    let hasEnded = false;
    const text = response.text().then((received) => {
      hasEnded = true;
      return received;
    });
    await vi.advanceTimersByTimeAsync(59_000);
    expect(hasEnded).toBe(false);
    // The expiry must survive a garbage collection, though only its signal may reference it.
    await new Promise((resolve) => setImmediate(resolve));
    collectGarbage();
    await vi.advanceTimersByTimeAsync(2000);
    server.notify.resourceUpdated("board://page");
    expect(await text).not.toContain("notifications/resources/updated");
  },
);

it("ends a session of HTTP+SSE with its stream", async () => {
  const response = await ask("GET", "/sse");
  const text = response.text();
  await vi.advanceTimersByTimeAsync(61_000);
  const [, path = ""] = /data: (\S+)/.exec(await text) ?? [];
  vi.setSystemTime(Date.now() - 30_000);
  const answer = await ask("POST", path, { body: { id: 1, method: "ping" } });
  expect(answer.status).toBe(404);
});

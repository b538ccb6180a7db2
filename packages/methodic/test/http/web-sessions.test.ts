import { Client, SSEClientTransport, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { afterEach, describe, expect, it } from "vitest";
import { eventually } from "../../../../fixtures/eventually.ts";
import { MemoryEventStore } from "../../src/http/index.ts";
import { type Context, createServer, type HttpOptions, type Server, tool } from "../../src/index.ts";
import { readEvents, readMessages } from "../fixtures/streamable-2025.ts";
import { dataOf } from "../fixtures/answers.ts";
import { defineService } from "../fixtures/service.ts";

class Desk {
  async ask(ctx: Context): Promise<string> {
    const answer = await ctx.elicit("Name?", {
      type: "object",
      properties: { name: { type: "string" } },
    });
    return `${answer.action} ${String(dataOf(answer)["name"])}`;
  }

  version(ctx: Context): string {
    return String(ctx.protocolVersion);
  }

  async report(ctx: Context): Promise<string> {
    ctx.log.info("begun", { result: 1 });
    await new Promise((_, reject) => ctx.signal.addEventListener("abort", () => reject(new Error("aborted"))));
    return "never";
  }
}
defineService(Desk, {
  version: { as: tool(), contextIndex: 0 },
  ask: { as: tool(), contextIndex: 0 },
  report: { as: tool(), contextIndex: 0 },
});

// U+2028 ends a line in patterns, but not in an event stream.
const IDS = [1, "a\u2028b"];

let server: Server;
afterEach(() => server.close());

function serve(http: HttpOptions): Server {
  server = createServer({ name: "desk", version: "1.0.0", services: [Desk], auth: "none", http });
  return server;
}

const fetchServer = (url: string | URL, init?: RequestInit): Promise<Response> => server.fetch(new Request(url, init));

function createClient(): Client {
  const client = new Client({ name: "test", version: "1.0.0" }, { capabilities: { elicitation: {} } });
  client.setRequestHandler("elicitation/create", () => ({ action: "accept", content: { name: "Ann" } }));
  return client;
}

const post = (body: object, headers: Record<string, string> = {}): Promise<Response> =>
  server.fetch(
    new Request("http://localhost/mcp", {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json, text/event-stream", ...headers },
      body: JSON.stringify(body),
    }),
  );

describe("Server.fetch with sessions", () => {
  it.each([{ sessions: true }, { sessions: { eventStore: new MemoryEventStore() } }])(
    "elicits from the user, and announces changes: %j",
    async (http) => {
      serve(http);
      const client = createClient();
      const changed = new Promise<void>((resolve) => {
        client.setNotificationHandler("notifications/tools/list_changed", () => resolve());
      });
      const transport = new StreamableHTTPClientTransport(new URL("http://localhost/mcp"), { fetch: fetchServer });
      await client.connect(transport);
      expect(await client.callTool({ name: "ask" })).toMatchObject({ content: [{ text: "accept Ann" }] });
      // The client opens its stream at some point after it has connected.
      await eventually(async () => {
        const second = await fetchServer("http://localhost/mcp", {
          headers: { accept: "text/event-stream", "mcp-session-id": transport.sessionId! },
        });
        await second.body?.cancel();
        expect(second.status).toBe(409);
      });
      server.notify.toolsChanged();
      await changed;
      await transport.terminateSession();
      await client.close();
    },
  );

  it("answers GET and DELETE with 405 without sessions, and cannot elicit", async () => {
    serve({});
    const client = createClient();
    await client.connect(new StreamableHTTPClientTransport(new URL("http://localhost/mcp"), { fetch: fetchServer }));
    expect(await client.callTool({ name: "ask" })).toMatchObject({ isError: true });
    await client.close();
  });

  it.each([
    [{}, "2025-03-26"],
    [{ "mcp-protocol-version": "2025-06-18" }, "2025-06-18"],
  ])("reads the protocol version from the headers without sessions: %j is %s", async (headers, version) => {
    serve({});
    const call = { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "version", arguments: {} } };
    expect(await (await post(call, headers)).json()).toMatchObject({ result: { content: [{ text: version }] } });
  });

  it("sends keep-alive comments on open streams", async () => {
    serve({ limits: { streamKeepAlive: "10ms" } });
    const call = { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "report", arguments: {} } };
    const reader = (await post(call)).body!.pipeThrough(new TextDecoderStream() as never).getReader();
    let text = "";
    while (!text.includes(": keep-alive\n\n: keep-alive\n\n")) text += String((await reader.read()).value);
    expect(text).toContain("notifications/message");
    await reader.cancel();
  });

  it.each([{}, { sessions: true }, { sessions: { eventStore: new MemoryEventStore() } }])(
    "ends a call on a stream with an error when its time limit is exceeded: %j",
    async (http) => {
      serve({ ...http, limits: { callTimeout: 50 } });
      const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "c", version: "1" } };
      const opened = await post({ jsonrpc: "2.0", id: 0, method: "initialize", params });
      await opened.text();
      const session = opened.headers.get("mcp-session-id");
      for (const id of IDS) {
        const call = { jsonrpc: "2.0", id, method: "tools/call", params: { name: "report", arguments: {} } };
        expect(await readMessages(await post(call, session ? { "mcp-session-id": session } : {}))).toMatchObject([
          { method: "notifications/message" },
          { id, error: { message: expect.stringContaining("took longer than") } },
        ]);
      }
    },
  );
});

it("Server.fetch ends a call of 2026-07-28 on a stream with an error when its time limit is exceeded", async () => {
  serve({ limits: { callTimeout: 50 } });
  const _meta = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": {},
    "io.modelcontextprotocol/logLevel": "info",
  };
  const headers = { "mcp-protocol-version": "2026-07-28", "mcp-method": "tools/call", "mcp-name": "report" };
  for (const id of IDS) {
    const call = { jsonrpc: "2.0", id, method: "tools/call", params: { name: "report", arguments: {}, _meta } };
    expect(await readMessages(await post(call, headers))).toMatchObject([
      { method: "notifications/message" },
      { id, error: { message: expect.stringContaining("took longer than") } },
    ]);
  }
});

describe("Server.fetch with legacySse", () => {
  it.each([
    ["/mcp", "/sse", "/messages"],
    ["/api/v1/mcp", "/api/v1/sse", "/api/v1/messages"],
  ])("serves, next to %s, %s and %s", async (path, stream, messages) => {
    serve({ path, legacySse: true });
    const response = await fetchServer(`http://localhost${stream}`, { headers: { accept: "text/event-stream" } });
    expect((await readEvents(response).next()).value).toMatchObject({
      event: "endpoint",
      data: expect.stringMatching(new RegExp(`^${messages}\\?sessionId=[\\w-]+$`)),
    });
    const client = createClient();
    await client.connect(new SSEClientTransport(new URL(`http://localhost${stream}`), { fetch: fetchServer }));
    expect(await client.callTool({ name: "ask" })).toMatchObject({ content: [{ text: "accept Ann" }] });
    await client.close();
  });

  it("sends clients the public path for messages", async () => {
    serve({ legacySse: true, publicUrl: "https://example.com/tools/mcp" });
    const response = await fetchServer("http://localhost/sse", { headers: { accept: "text/event-stream" } });
    expect((await readEvents(response).next()).value!.data).toMatch(/^\/tools\/messages\?sessionId=/);
  });

  it("is disabled by default", async () => {
    serve({});
    for (const path of ["/sse", "/messages"]) {
      expect((await fetchServer(`http://localhost${path}`)).status).toBe(404);
    }
  });

  it("answers other HTTP methods with 405 and those it supports", async () => {
    serve({ legacySse: true });
    const wrong = await fetchServer("http://localhost/messages");
    expect([wrong.status, wrong.headers.get("allow")]).toEqual([405, "POST"]);
    expect((await fetchServer("http://localhost/sse", { method: "OPTIONS" })).status).toBe(204);
    const noJson = await fetchServer("http://localhost/messages?sessionId=x", { method: "POST", body: "{}" });
    expect(noJson.status).toBe(415);
  });
});

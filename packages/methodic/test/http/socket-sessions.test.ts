import { Client as Client2, StreamableHTTPClientTransport as StreamableHTTP2 } from "@modelcontextprotocol/client";
import { Client as Client1 } from "@modelcontextprotocol/sdk/client/index.js";
import { SSEClientTransport } from "@modelcontextprotocol/sdk/client/sse.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { ElicitRequestSchema, ToolListChangedNotificationSchema } from "@modelcontextprotocol/sdk/types.js";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { eventually } from "../../../../fixtures/eventually.ts";
import { MemoryEventStore } from "../../src/http/index.ts";
import { type Context, createServer, type HttpOptions, type Server, tool } from "../../src/index.ts";
import { RawConnection } from "../fixtures/raw-http.ts";
import { dataOf } from "../fixtures/answers.ts";
import { defineService } from "../fixtures/service.ts";

class Desk {
  entered: Promise<AbortSignal> = Promise.resolve(AbortSignal.abort());
  #enter: (signal: AbortSignal) => void = () => undefined;

  constructor() {
    this.entered = new Promise((resolve) => (this.#enter = resolve));
  }

  async ask(ctx: Context): Promise<string> {
    const answer = await ctx.elicit("Name?", { type: "object", properties: { name: { type: "string" } } });
    return `${answer.action} ${String(dataOf(answer)["name"])}`;
  }

  async work(ctx: Context): Promise<string> {
    await ctx.progress(1, 2);
    await ctx.progress(2, 2);
    return "done";
  }

  async hang(ctx: Context): Promise<string> {
    ctx.log.info("begun");
    this.#enter(ctx.signal);
    return new Promise((_, reject) => ctx.signal.addEventListener("abort", () => reject(new Error("aborted"))));
  }
}
const method = { as: tool(), contextIndex: 0 };
defineService(Desk, { ask: method, work: method, hang: method });

let server: Server;
let desk: Desk;
beforeEach(() => {
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
});
afterEach(async () => {
  await server.close();
  vi.restoreAllMocks();
});

async function serve(http: HttpOptions): Promise<string> {
  desk = new Desk();
  server = createServer({ name: "desk", version: "1.0.0", services: [desk], shutdownTimeout: 50, http });
  const address = await server.serve({ transport: "http", port: 0 });
  return String((address as { url: string | URL }).url);
}

function createOldClient(): Client1 {
  const client = new Client1({ name: "old", version: "1.0.0" }, { capabilities: { elicitation: {} } });
  client.setRequestHandler(ElicitRequestSchema, () => ({ action: "accept", content: { name: "Ann" } }));
  return client;
}

describe("Official v1 client over a socket", () => {
  it.each<[string, HttpOptions]>([
    ["sessions", { sessions: true }],
    ["sessions that can be resumed", { sessions: { eventStore: new MemoryEventStore() } }],
  ])("works with %s", async (_, http) => {
    const url = new URL(await serve(http));
    const client = createOldClient();
    const transport = new StreamableHTTPClientTransport(url);
    const changed = new Promise<void>((resolve) => {
      client.setNotificationHandler(ToolListChangedNotificationSchema, () => resolve());
    });
    await client.connect(transport as never);
    const progress = vi.fn<(report: { progress: number }) => void>();
    const worked = await client.callTool({ name: "work" }, undefined, { onprogress: progress });
    expect(worked).toMatchObject({ content: [{ text: "done" }] });
    expect(progress.mock.calls.map(([report]) => report.progress)).toEqual([1, 2]);
    expect(await client.callTool({ name: "ask" })).toMatchObject({ content: [{ text: "accept Ann" }] });
    // The client opens its stream at some point after it has connected.
    const telling = setInterval(() => server.notify.toolsChanged(), 10);
    await changed;
    clearInterval(telling);
    await transport.terminateSession();
    await client.close();
  });

  it("works with HTTP+SSE", async () => {
    const url = await serve({ legacySse: true });
    const client = createOldClient();
    await client.connect(new SSEClientTransport(new URL(url.replace(/mcp$/, "sse"))) as never);
    expect(await client.callTool({ name: "work" })).toMatchObject({ content: [{ text: "done" }] });
    expect(await client.callTool({ name: "ask" })).toMatchObject({ content: [{ text: "accept Ann" }] });
    await client.close();
  });
});

describe("Client that disappears, over a socket", () => {
  /** Calls a tool that sends a message first, and waits for that message. */
  async function callHang(url: URL, session?: string): Promise<RawConnection> {
    const connection = await RawConnection.open(Number(url.port));
    connection.request("POST", "/mcp", {
      headers: {
        "Content-Type": "application/json",
        Accept: "application/json, text/event-stream",
        ...(session !== undefined && { "Mcp-Session-Id": session }),
      },
      body: JSON.stringify({
        jsonrpc: "2.0",
        id: "raw",
        method: "tools/call",
        params: { name: "hang", arguments: {} },
      }),
    });
    await connection.until((received) => received.includes("begun"));
    return connection;
  }

  it.each<[string, HttpOptions]>([
    ["without a session", {}],
    ["with a session, but without an event store", { sessions: true }],
  ])("causes its call to abort %s", async (_, http) => {
    const url = new URL(await serve(http));
    const transport = new StreamableHTTP2(url);
    await new Client2({ name: "c", version: "1" }).connect(transport);
    const connection = await callHang(url, transport.sessionId);
    const signal = await desk.entered;
    connection.socket.destroy();
    await eventually(() => expect(signal.aborted).toBe(true));
  });

  it("lets its call continue if it can resume", async () => {
    const url = new URL(await serve({ sessions: { eventStore: new MemoryEventStore() } }));
    const transport = new StreamableHTTP2(url);
    const client = new Client2({ name: "c", version: "1" });
    await client.connect(transport);
    const connection = await callHang(url, transport.sessionId);
    const signal = await desk.entered;
    connection.socket.destroy();
    // By the time of another answer, the server has noticed that the client is gone.
    expect((await client.listTools()).tools).toHaveLength(3);
    expect(signal.aborted).toBe(false);
    await client.close();
  });
});

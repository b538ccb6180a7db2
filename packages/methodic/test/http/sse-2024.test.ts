import { Client, SSEClientTransport } from "@modelcontextprotocol/client";
import type { McpServer } from "@modelcontextprotocol/server";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { eventually } from "../../../../fixtures/eventually.ts";
import type { AuthInfo } from "../../src/context/auth-info.ts";
import { StreamableHttpHandler } from "../../src/http/streamable-2025/handler.ts";
import { routeHttpSse } from "../../src/http/sse-2024.ts";
import type { AuthorizedRequest } from "../../src/http/streamable-2025/request.ts";
import type { SessionOptions } from "../../src/http/streamable-2025/session-options.ts";
import {
  openSession,
  call,
  createFactory,
  type FixtureTools,
  readEvents,
  send,
  type WireEvent,
} from "../fixtures/streamable-2025.ts";

const onError = vi.fn<(error: Error) => void>();
let made: McpServer[];
beforeEach(() => {
  made = [];
});

/** Serves a request to the path of the stream, or to the path of messages. */
type Serve = (request: AuthorizedRequest) => Promise<Response>;

interface Served {
  readonly handler: StreamableHttpHandler;
  readonly sse: { readonly open: Serve; readonly receive: Serve };
}

function serve(tools: FixtureTools = {}, sessions: SessionOptions = {}): Served {
  const factory = createFactory({ hello: () => "hi", ...tools }, made);
  const handler = new StreamableHttpHandler({ stateless: factory, session: factory, sessions, onError });
  const deps = { ...handler.deps, createServer: factory, callTimeoutMs: Number.POSITIVE_INFINITY };
  const findRoute = routeHttpSse(deps, { path: "/mcp", publicUrl: undefined });
  const at =
    (path: string): Serve =>
    (request) =>
      findRoute(request.request.url, (own) => own === path)!.serve(request);
  return { handler, sse: { open: at("/sse"), receive: at("/messages") } };
}

interface Stream {
  readonly response: Response;
  readonly events: AsyncGenerator<WireEvent, void>;
  /** The URL for messages. */
  readonly url: string;
}

async function open(sse: Served["sse"], auth?: AuthInfo, signal?: AbortSignal): Promise<Stream> {
  const request = new Request("http://localhost/api/sse", {
    headers: { accept: "text/event-stream" },
    ...(signal && { signal }),
  });
  const response = await sse.open({ request, message: undefined, auth });
  if (response.status !== 200) return { response, events: readEvents(response), url: "" };
  const events = readEvents(response);
  const { event, data } = (await events.next()).value!;
  expect(event).toBe("endpoint");
  return { response, events, url: data! };
}

/** A message and its caller. */
type Posted = object & { readonly auth?: AuthInfo };

const post = (sse: Served["sse"], path: string, { auth, ...message }: Posted): Promise<Response> =>
  sse.receive({ request: new Request(new URL(path, "http://localhost"), { method: "POST" }), message, auth });

describe("HTTP+SSE", () => {
  it("sends the URL for messages first, and answers on the stream", async () => {
    const { sse } = serve();
    const { url, events } = await open(sse);
    expect(url).toMatch(/^\/api\/messages\?sessionId=[\da-f-]{36}$/);
    expect((await post(sse, url, call(1, "hello"))).status).toBe(202);
    expect(JSON.parse((await events.next()).value!.data!)).toMatchObject({
      id: 1,
      result: { content: [{ text: "hi" }] },
    });
  });

  it("ends the session with its stream, and aborts running calls", async () => {
    let signal: AbortSignal | undefined;
    const { handler, sse } = serve({
      hang: (_, { mcpReq }) => {
        signal = mcpReq.signal;
        return new Promise(() => undefined);
      },
    });
    const { url, events } = await open(sse);
    await post(sse, url, call(1, "hang"));
    await eventually(() => expect(signal).toBeDefined());
    expect((await post(sse, url, call(1, "hang"))).status).toBe(400);
    await events.return();
    expect(signal?.aborted).toBe(true);
    expect(handler.deps.sessions.size).toBe(0);
    expect((await post(sse, url, call(2, "hello"))).status).toBe(404);
  });

  it("ends the session of a client that disconnects before its stream is open", async () => {
    const { handler, sse } = serve();
    const request = new Request("http://localhost/sse", {
      headers: { accept: "text/event-stream" },
      signal: AbortSignal.abort(),
    });
    await sse.open({ request, message: undefined });
    await eventually(() => expect(handler.deps.sessions.size).toBe(0));
  });

  it("accepts messages from the caller of the session only, and over this transport only", async () => {
    const { handler, sse } = serve();
    const ann: AuthInfo = { subject: "ann", scopes: [], claims: {} };
    const { url } = await open(sse, ann);
    expect((await post(sse, url, { ...call(1, "hello"), auth: { ...ann, subject: "eve" } })).status).toBe(404);
    expect((await post(sse, url, call(1, "hello"))).status).toBe(404);
    expect((await post(sse, url, { ...call(1, "hello"), auth: ann })).status).toBe(202);
    const id = new URL(url, "http://localhost").searchParams.get("sessionId")!;
    expect((await send(handler, call(1, "hello"), { session: id, auth: ann })).status).toBe(404);
    const other = await openSession(handler);
    expect((await post(sse, `/messages?sessionId=${other.id}`, call(1, "hello"))).status).toBe(404);
  });

  it("counts its sessions with those of Streamable HTTP", async () => {
    const { handler, sse } = serve({}, { max: 2 });
    const { id } = await openSession(handler);
    await send(handler, call(1, "hello"), { session: id });
    const { events } = await open(sse);
    expect((await open(sse)).response.status).toBe(503);
    expect((await openSession(handler)).response.status).toBe(503);
    await events.return();
    expect((await openSession(handler)).response.status).toBe(200);
  });

  it.each<[string, object, number]>([
    ["/messages", call(1, "hello"), 400],
    ["/messages?sessionId=unknown", call(1, "hello"), 404],
    ["own", { jsonrpc: "1.0" }, 400],
    ["own", { jsonrpc: "2.0", method: "notifications/initialized" }, 202],
    ["own", { jsonrpc: "2.0", id: 9, result: {} }, 202],
  ])("answers a POST to %s of %j with %i (%#)", async (path, message, status) => {
    const { sse } = serve();
    const { url } = await open(sse);
    expect((await post(sse, path === "own" ? url : path, message)).status).toBe(status);
    expect(onError).not.toHaveBeenCalled();
  });

  it("answers running calls with an error and ends its streams when the server closes", async () => {
    let isCalled = false;
    const { handler, sse } = serve({
      hang: () => {
        isCalled = true;
        return new Promise(() => undefined);
      },
    });
    const { url, events } = await open(sse);
    await post(sse, url, call(7, "hang"));
    await eventually(() => expect(isCalled).toBe(true));
    await handler.close();
    expect(JSON.parse((await events.next()).value!.data!)).toEqual({
      jsonrpc: "2.0",
      id: 7,
      error: { code: -32_000, message: "The server is shutting down." },
    });
    expect((await events.next()).done).toBe(true);
    expect((await open(sse)).response.status).toBe(503);
  });

  it("requires a GET that accepts event streams", async () => {
    const { sse } = serve();
    const request = new Request("http://localhost/sse", { headers: { accept: "application/json" } });
    expect((await sse.open({ request, message: undefined })).status).toBe(406);
    const posted = new Request("http://localhost/sse", { method: "POST" });
    expect((await sse.open({ request: posted, message: undefined })).status).toBe(405);
  });

  it("works with the official client, including requests of the server", async () => {
    const { handler, sse } = serve({
      ask: async (_, { mcpReq }) => JSON.stringify(await mcpReq.send({ method: "roots/list" })),
    });
    const client = new Client({ name: "c", version: "1" }, { capabilities: { roots: {} } });
    client.setRequestHandler("roots/list", () => ({ roots: [{ uri: "file:///home" }] }));
    const fetch = async (url: string | URL, init?: RequestInit): Promise<Response> => {
      const request = new Request(url, init);
      if (request.method === "GET") return sse.open({ request, message: undefined });
      return sse.receive({ request, message: await request.json() });
    };
    await client.connect(new SSEClientTransport(new URL("http://localhost/sse"), { fetch }));
    expect(await client.callTool({ name: "ask" })).toMatchObject({
      content: [{ text: '{"roots":[{"uri":"file:///home"}]}' }],
    });
    await client.close();
    await eventually(() => expect(handler.deps.sessions.size).toBe(0));
  });
});

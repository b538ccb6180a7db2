import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import type { McpServer } from "@modelcontextprotocol/server";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { eventually } from "../../../../fixtures/eventually.ts";
import type { AuthInfo } from "../../src/context/auth-info.ts";
import { HttpSession } from "../../src/http/streamable-2025/sessions.ts";
import { StreamableHttpHandler } from "../../src/http/streamable-2025/handler.ts";
import type { SessionOptions } from "../../src/http/streamable-2025/session-options.ts";
import {
  openSession,
  call,
  createFactory,
  fetchFrom,
  type FixtureTools,
  readEvents,
  readMessages,
  send,
} from "../fixtures/streamable-2025.ts";

const onError = vi.fn<(error: Error) => void>();
let made: McpServer[];

beforeEach(() => {
  made = [];
  onError.mockClear();
});

afterEach(() => {
  vi.useRealTimers();
});

function serve(tools: FixtureTools = {}, sessions: SessionOptions = {}): StreamableHttpHandler {
  const factory = createFactory({ hello: () => "hi", ...tools }, made);
  return new StreamableHttpHandler({ stateless: factory, session: factory, sessions, onError });
}

/** A tool that waits until the test finishes or aborts it. */
function createGate(): { tool: FixtureTools[string]; entered: Promise<AbortSignal>; release: (text: string) => void } {
  let enter: (signal: AbortSignal) => void = () => undefined;
  let release: (text: string) => void = () => undefined;
  const entered = new Promise<AbortSignal>((resolve) => (enter = resolve));
  const released = new Promise<string>((resolve) => (release = resolve));
  const tool: FixtureTools[string] = (_, { mcpReq }) => {
    enter(mcpReq.signal);
    return released;
  };
  return { tool, entered, release };
}

const caller = (subject: string, more: Partial<AuthInfo> = {}): AuthInfo => ({
  subject,
  scopes: [],
  claims: {},
  ...more,
});

describe("Streamable HTTP session", () => {
  it("opens with initialize, whose response has the session id", async () => {
    const handler = serve();
    const { response, id } = await openSession(handler);
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(id).toMatch(/^[\x21-\x7E]{32,}$/);
    const answer = await send(handler, call(1, "hello"), { session: id });
    expect([answer.status, answer.headers.get("mcp-session-id")]).toEqual([200, id]);
    expect(await answer.json()).toMatchObject({ id: 1, result: { content: [{ text: "hi" }] } });
    expect(made).toHaveLength(1);
  });

  it("has another id for each initialize", async () => {
    const handler = serve();
    const [first, second] = [await openSession(handler), await openSession(handler)];
    expect(first.id).not.toBe(second.id);
    expect(handler.deps.sessions.size).toBe(2);
  });

  it("rejects a second initialize", async () => {
    const handler = serve();
    const { id } = await openSession(handler);
    expect((await openSession(handler, { session: id })).response.status).toBe(400);
    expect((await openSession(handler, { session: "no-such-session" })).response.status).toBe(404);
    expect(handler.deps.sessions.size).toBe(1);
  });

  it("does not open if initialize fails", async () => {
    const handler = serve();
    const response = await send(handler, { jsonrpc: "2.0", id: 1, method: "initialize", params: {} });
    expect(response.headers.get("mcp-session-id")).toBeNull();
    expect(await response.json()).toMatchObject({ id: 1, error: { code: expect.any(Number) } });
    expect(handler.deps.sessions.size).toBe(0);
  });

  it.each(["POST", "GET", "DELETE"])("requires its id for %s", async (method) => {
    const handler = serve();
    const message = method === "POST" ? call(7, "hello") : undefined;
    const missing = await send(handler, message, { method });
    expect(missing.status).toBe(400);
    expect(await missing.json()).toMatchObject({ id: message ? 7 : null });
    expect((await send(handler, message, { method, session: crypto.randomUUID() })).status).toBe(404);
  });

  it("ends at once with DELETE, which aborts its calls", async () => {
    const gate = createGate();
    const handler = serve({ wait: gate.tool });
    const { id } = await openSession(handler);
    const stream = await send(handler, undefined, { method: "GET", session: id });
    const waiting = send(handler, call(1, "wait"), { session: id });
    const signal = await gate.entered;
    expect((await send(handler, undefined, { method: "DELETE", session: id })).status).toBe(204);
    expect(signal.aborted).toBe(true);
    expect((await waiting).status).toBe(404);
    expect(await readMessages(stream)).toEqual([]);
    expect(handler.deps.sessions.size).toBe(0);
    for (const method of ["POST", "GET", "DELETE"]) {
      expect((await send(handler, call(2, "hello"), { method, session: id })).status).toBe(404);
    }
  });

  it("keeps the negotiated version, and accepts batches on 2025-03-26 only", async () => {
    const handler = serve();
    const ping = { jsonrpc: "2.0", id: 1, method: "ping" };
    const old = await openSession(handler, { protocolVersion: "2025-03-26" });
    expect(await (await send(handler, [ping], { session: old.id })).json()).toEqual([
      { jsonrpc: "2.0", id: 1, result: {} },
    ]);
    const recent = await openSession(handler, { protocolVersion: "2025-06-18" });
    expect((await send(handler, [ping], { session: recent.id })).status).toBe(400);
  });

  it("rejects an unknown protocol version", async () => {
    const handler = serve();
    const { id } = await openSession(handler);
    const headers = { "mcp-protocol-version": "1.0" };
    for (const method of ["POST", "GET", "DELETE"]) {
      expect((await send(handler, call(2, "hello"), { method, session: id, headers })).status).toBe(400);
    }
  });

  it("rejects a request id that is in progress", async () => {
    const gate = createGate();
    const handler = serve({ wait: gate.tool });
    const { id } = await openSession(handler);
    const waiting = send(handler, call(1, "wait"), { session: id });
    await gate.entered;
    const twice = await send(handler, call(1, "hello"), { session: id });
    expect([twice.status, await twice.json()]).toMatchObject([400, { id: 1, error: { code: -32_600 } }]);
    // A string and a number are different ids.
    expect((await send(handler, call("1", "hello"), { session: id })).status).toBe(200);
    gate.release("done");
    expect(await (await waiting).json()).toMatchObject({ id: 1, result: { content: [{ text: "done" }] } });
    expect((await send(handler, call(1, "hello"), { session: id })).status).toBe(200);
  });

  it("answers other HTTP methods with 405 and those it supports", async () => {
    const response = await send(serve(), undefined, { method: "PUT" });
    expect([response.status, response.headers.get("allow")]).toEqual([405, "GET, POST, DELETE"]);
  });
});

describe("Streamable HTTP session of an authenticated caller", () => {
  it.each<[string, AuthInfo | undefined]>([
    ["another subject", caller("eve")],
    ["another client", caller("ann", { clientId: "other" })],
    ["another issuer", caller("ann", { clientId: "app", claims: { iss: "https://evil.example" } })],
    ["nobody", undefined],
  ])("does not exist for %s", async (_, auth) => {
    const handler = serve();
    const owner = caller("ann", { clientId: "app", claims: { iss: "https://good.example" } });
    const { id } = await openSession(handler, { auth: owner });
    for (const method of ["POST", "GET", "DELETE"]) {
      const stolen = await send(handler, call(1, "hello"), { method, session: id, ...(auth && { auth }) });
      const unknown = await send(handler, call(1, "hello"), { method, session: "unknown", ...(auth && { auth }) });
      expect(stolen.status).toBe(404);
      // The response must be the same as for an unknown session.
      expect(await stolen.text()).toBe(await unknown.text());
    }
    expect((await send(handler, call(1, "hello"), { session: id, auth: { ...owner, scopes: ["more"] } })).status).toBe(
      200,
    );
  });
});

/** Opens a session and sends a second request, after which it makes no room for others. */
async function openUsed(handler: StreamableHttpHandler): ReturnType<typeof openSession> {
  const opened = await openSession(handler);
  await send(handler, { jsonrpc: "2.0", method: "notifications/initialized" }, { session: opened.id });
  return opened;
}

describe("Number of sessions", () => {
  it("is not used up by clients that open a session for each request", async () => {
    const handler = serve({}, { max: 3 });
    const used = await openUsed(handler);
    const opened = [];
    for (let i = 0; i < 10; i++) opened.push(await openSession(handler));
    expect(opened.map(({ response }) => response.status)).toEqual(opened.map(() => 200));
    expect(handler.deps.sessions.size).toBe(3);
    const statuses = await Promise.all(
      [used, ...opened].map(async ({ id }) => (await send(handler, call(1, "hello"), { session: id })).status),
    );
    // The used session and the two newest ones are left.
    expect(statuses).toEqual([200, ...Array.from({ length: 8 }, () => 404), 200, 200]);
  });

  it("is limited: beyond it, initialize gets 503 and other sessions stay open", async () => {
    const handler = serve({}, { max: 2 });
    const sessions = [await openUsed(handler), await openUsed(handler)];
    const { response } = await openSession(handler);
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "30"]);
    expect(response.headers.get("mcp-session-id")).toBeNull();
    for (const { id } of sessions) expect((await send(handler, call(1, "hello"), { session: id })).status).toBe(200);
    await send(handler, undefined, { method: "DELETE", session: sessions[0]!.id });
    expect((await openSession(handler)).response.status).toBe(200);
  });

  it("does not include sessions that have been idle for too long", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const handler = serve({}, { max: 1, idleTimeout: 1000 });
    await openUsed(handler);
    vi.advanceTimersByTime(999);
    expect((await openSession(handler)).response.status).toBe(503);
    vi.advanceTimersByTime(1);
    expect((await openSession(handler)).response.status).toBe(200);
  });
});

describe("Idle session", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["Date", "setInterval", "clearInterval", "setTimeout", "clearTimeout"] });
  });

  it("ends, and the timer stops with the last session", async () => {
    const handler = serve({}, { idleTimeout: "10s" });
    const { id } = await openSession(handler);
    const closed = vi.fn<() => void>();
    // The handlers of an SDK server are properties.
    // oxlint-disable-next-line unicorn/prefer-add-event-listener
    made[0]!.server.onclose = closed;
    vi.advanceTimersByTime(9000);
    expect((await send(handler, call(1, "hello"), { session: id })).status).toBe(200);
    vi.advanceTimersByTime(9999);
    expect(closed).not.toHaveBeenCalled();
    vi.advanceTimersByTime(10_001);
    expect(closed).toHaveBeenCalledTimes(1);
    expect([handler.deps.sessions.size, vi.getTimerCount()]).toEqual([0, 0]);
    expect((await send(handler, call(1, "hello"), { session: id })).status).toBe(404);
  });

  it("ends on time even if the timer is late", async () => {
    const handler = serve({}, { idleTimeout: "10s" });
    const { id } = await openSession(handler);
    vi.setSystemTime(Date.now() + 10_000);
    expect((await send(handler, call(1, "hello"), { session: id })).status).toBe(404);
    expect(handler.deps.sessions.size).toBe(0);
  });

  it("excludes a session whose client listens, until the client disconnects", async () => {
    const handler = serve({}, { idleTimeout: "10s" });
    const { id } = await openSession(handler);
    const stream = await send(handler, undefined, { method: "GET", session: id });
    const reader = (stream.body as ReadableStream<Uint8Array>).getReader();
    const reading = (async () => {
      while (!(await reader.read()).done);
    })();
    for (let i = 0; i < 20; i++) await vi.advanceTimersByTimeAsync(15_000);
    expect(handler.deps.sessions.size).toBe(1);
    await reader.cancel();
    await reading;
    vi.advanceTimersByTime(20_000);
    expect(handler.deps.sessions.size).toBe(0);
  });

  it("includes a session whose client does not read its open stream", async () => {
    const handler = serve({}, { idleTimeout: "10s" });
    const { id } = await openSession(handler);
    const stream = await send(handler, undefined, { method: "GET", session: id });
    await vi.advanceTimersByTimeAsync(600_000);
    expect(handler.deps.sessions.size).toBe(0);
    await expect(stream.text()).rejects.toThrow("did not read");
  });

  it("includes a session without a client to which the server sends messages", async () => {
    const handler = serve({}, { idleTimeout: "10s" });
    await openSession(handler);
    for (let i = 0; i < 9; i++) {
      vi.advanceTimersByTime(1000);
      await made[0]!.server.sendToolListChanged();
    }
    vi.advanceTimersByTime(1000);
    expect(handler.deps.sessions.size).toBe(0);
  });

  it("counts its idle time from the end of its stream, from either side", async () => {
    const handler = serve({}, { idleTimeout: "40s" });
    const auth = caller("ann", { expiresAt: Date.now() / 1000 + 50 });
    const { id } = await openSession(handler, { auth });
    const stream = await send(handler, undefined, { method: "GET", session: id, auth });
    const reading = stream.text();
    vi.advanceTimersByTime(60_000);
    await reading;
    vi.advanceTimersByTime(20_000);
    expect((await send(handler, call(1, "hello"), { session: id, auth })).status).toBe(200);
  });

  it("excludes a session with a running call", async () => {
    const gate = createGate();
    const handler = serve({ wait: gate.tool }, { idleTimeout: "10s" });
    const { id } = await openSession(handler);
    const waiting = send(handler, call(1, "wait"), { session: id });
    await gate.entered;
    vi.advanceTimersByTime(60_000);
    gate.release("done");
    expect((await waiting).status).toBe(200);
  });
});

describe("Stream outside of requests", () => {
  it("carries the messages outside of requests, and can be open once", async () => {
    const handler = serve();
    const { id } = await openSession(handler);
    const stream = await send(handler, undefined, {
      method: "GET",
      session: id,
      headers: { accept: "text/event-stream" },
    });
    expect([stream.status, stream.headers.get("mcp-session-id")]).toEqual([200, id]);
    expect((await send(handler, undefined, { method: "GET", session: id })).status).toBe(409);
    await made[0]!.server.sendToolListChanged();
    const events = readEvents(stream);
    expect((await events.next()).value).toMatchObject({
      event: "message",
      data: expect.stringContaining("notifications/tools/list_changed"),
    });
    await events.return();
    expect((await send(handler, undefined, { method: "GET", session: id })).status).toBe(200);
  });

  it("requires a client that accepts event streams", async () => {
    const handler = serve();
    const { id } = await openSession(handler);
    const headers = { accept: "application/json" };
    expect((await send(handler, undefined, { method: "GET", session: id, headers })).status).toBe(406);
  });

  it("sends a keep-alive comment every 5 seconds, before any runtime closes an idle connection", async () => {
    vi.useFakeTimers({ toFake: ["Date", "setInterval", "clearInterval"] });
    const handler = serve();
    const { id } = await openSession(handler);
    const stream = await send(handler, undefined, { method: "GET", session: id });
    vi.advanceTimersByTime(10_000);
    await handler.close();
    expect(await stream.text()).toBe(": keep-alive\n\n: keep-alive\n\n");
    expect(vi.getTimerCount()).toBe(0);
  });

  it("ends when the credentials of its caller expire", async () => {
    vi.useFakeTimers({ toFake: ["Date", "setInterval", "clearInterval", "setTimeout", "clearTimeout"] });
    const handler = serve();
    const auth = caller("ann", { expiresAt: Date.now() / 1000 + 20 });
    const { id } = await openSession(handler, { auth });
    const stream = await send(handler, undefined, { method: "GET", session: id, auth });
    vi.advanceTimersByTime(30_000);
    expect(await stream.text()).toBe(": keep-alive\n\n".repeat(4));
    expect((await send(handler, call(1, "hello"), { session: id, auth })).status).toBe(200);
  });

  it("slows down methods that send more than their client reads", async () => {
    const factory = createFactory({
      burst: async (_, { mcpReq }) => {
        for (let i = 0; i < 100; i++) await mcpReq.log("info", `${i} ${"x".repeat(100)}`);
        return "done";
      },
    });
    const handler = new StreamableHttpHandler({
      stateless: factory,
      session: factory,
      onError,
      maxBufferedBytes: 1000,
    });
    expect(await readMessages(await send(handler, call(1, "burst")))).toHaveLength(101);
  });

  it("is cut off when too much waits for a client that does not read", async () => {
    const factory = createFactory({}, made);
    const handler = new StreamableHttpHandler({
      stateless: factory,
      session: factory,
      sessions: {},
      onError,
      maxBufferedBytes: 1000,
    });
    const { id } = await openSession(handler);
    const stream = await send(handler, undefined, { method: "GET", session: id });
    // A single large message is allowed.
    await made[0]!.server.sendLoggingMessage({ level: "info", data: "x".repeat(5000) });
    expect(handler.deps.sessions.find(id, "", HttpSession)?.isConnected).toBe(true);
    await made[0]!.server.sendToolListChanged();
    await expect(stream.text()).rejects.toThrow("did not read");
    expect((await send(handler, undefined, { method: "GET", session: id })).status).toBe(200);
  });
});

describe("Call in a session", () => {
  it("ends without an answer when its client cancels it", async () => {
    const gate = createGate();
    const handler = serve({ wait: gate.tool });
    const { id } = await openSession(handler);
    const waiting = send(handler, call(1, "wait"), { session: id });
    const signal = await gate.entered;
    const cancel = { jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 1 } };
    expect((await send(handler, cancel, { session: id })).status).toBe(202);
    expect(await readMessages(await waiting)).toEqual([]);
    await eventually(() => expect(signal.aborted).toBe(true));
    gate.release("too late");
    expect((await send(handler, call(1, "hello"), { session: id })).status).toBe(200);
  });

  it("is aborted when its client disconnects and there is no event store", async () => {
    const gate = createGate();
    const handler = serve({ wait: gate.tool });
    const { id } = await openSession(handler);
    const client = new AbortController();
    void send(handler, call(1, "wait"), { session: id, signal: client.signal });
    const signal = await gate.entered;
    client.abort();
    await eventually(() => expect(signal.aborted).toBe(true));
    expect((await send(handler, call(1, "hello"), { session: id })).status).toBe(200);
    expect(onError).not.toHaveBeenCalled();
  });

  it("can send requests to the client, whose answers reach that session only", async () => {
    const handler = serve({
      ask: async (_, { mcpReq }) => JSON.stringify(await mcpReq.send({ method: "roots/list" })),
    });
    const capabilities = { roots: {} };
    const [mine, other] = [await openSession(handler, { capabilities }), await openSession(handler, { capabilities })];
    const response = await send(handler, call(1, "ask"), { session: mine.id });
    const events = readEvents(response);
    const question = JSON.parse((await events.next()).value!.data!) as { id: number; method: string };
    expect(question.method).toBe("roots/list");
    const answer = (name: string): object => ({
      jsonrpc: "2.0",
      id: question.id,
      result: { roots: [{ uri: "file:///", name }] },
    });
    expect((await send(handler, answer("stolen"), { session: other.id })).status).toBe(202);
    expect((await send(handler, answer("mine"), { session: mine.id })).status).toBe(202);
    expect((await send(handler, answer("again"), { session: mine.id })).status).toBe(202);
    expect((await events.next()).value!.data).toContain("mine");
    expect(onError).not.toHaveBeenCalled();
  });
});

describe("StreamableHttpHandler.close", () => {
  it("ends all calls and streams, and accepts no new ones", async () => {
    const gate = createGate();
    const handler = serve({ wait: gate.tool });
    const { id } = await openSession(handler);
    const stream = await send(handler, undefined, { method: "GET", session: id });
    const waiting = send(handler, call(1, "wait"), { session: id });
    const signal = await gate.entered;
    await handler.close();
    expect(signal.aborted).toBe(true);
    expect((await waiting).status).toBe(503);
    expect(await readMessages(stream)).toEqual([]);
    expect(handler.deps.sessions.size).toBe(0);
    expect((await openSession(handler)).response.status).toBe(503);
  });

  it("can be preceded by waiting for calls, up to a timeout", async () => {
    const gate = createGate();
    const handler = serve({ wait: gate.tool });
    await handler.drained(60_000);
    const { id } = await openSession(handler);
    const waiting = send(handler, call(1, "wait"), { session: id });
    await gate.entered;
    await handler.drained(10);
    const settled = handler.drained(60_000);
    gate.release("done");
    await settled;
    expect((await waiting).status).toBe(200);
  });
});

describe("Official client with a session", () => {
  it("answers an elicitation, receives changes and ends its session", async () => {
    const handler = serve({
      ask: async (_, { mcpReq }) => {
        const { action, content } = await mcpReq.elicitInput({
          mode: "form",
          message: "Name?",
          requestedSchema: { type: "object", properties: { name: { type: "string" } } },
        });
        return `${action} ${JSON.stringify(content)}`;
      },
    });
    const client = new Client({ name: "c", version: "1" }, { capabilities: { elicitation: { form: {} } } });
    client.setRequestHandler("elicitation/create", () => ({ action: "accept", content: { name: "Ann" } }));
    const changed = new Promise<void>((resolve) => {
      client.setNotificationHandler("notifications/tools/list_changed", () => resolve());
    });
    const transport = new StreamableHTTPClientTransport(new URL("http://localhost/mcp"), { fetch: fetchFrom(handler) });
    await client.connect(transport);
    expect(transport.sessionId).toBeDefined();
    expect(await client.callTool({ name: "ask" })).toMatchObject({ content: [{ text: 'accept {"name":"Ann"}' }] });
    await eventually(() =>
      expect(handler.deps.sessions.find(transport.sessionId!, "", HttpSession)?.isConnected).toBe(true),
    );
    await made[0]!.server.sendToolListChanged();
    await changed;
    await transport.terminateSession();
    expect(handler.deps.sessions.size).toBe(0);
    await client.close();
  });
});

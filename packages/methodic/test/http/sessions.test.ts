import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import type { McpServer } from "@modelcontextprotocol/server";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { eventually } from "../../../../fixtures/eventually.ts";
import type { AuthInfo } from "../../src/context/auth-info.ts";
import { HttpSession } from "../../src/http/streamable-2025/session.ts";
import { createStreamableHttpHandler, type StreamableHttpHandler } from "../../src/http/streamable-2025/handler.ts";
import type { SessionOptions } from "../../src/http/streamable-2025/session-options.ts";
import {
  begin,
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
  return createStreamableHttpHandler({ stateless: factory, session: factory, sessions, onError });
}

/** A tool that waits until it is told to return, or aborted. */
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

describe("a session", () => {
  it("begins with initialize, which names it", async () => {
    const leg = serve();
    const { response, id } = await begin(leg);
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(id).toMatch(/^[\x21-\x7E]{32,}$/);
    const answer = await send(leg, call(1, "hello"), { session: id });
    expect([answer.status, answer.headers.get("mcp-session-id")]).toEqual([200, id]);
    expect(await answer.json()).toMatchObject({ id: 1, result: { content: [{ text: "hi" }] } });
    expect(made).toHaveLength(1);
  });

  it("is another one for each initialize", async () => {
    const leg = serve();
    const [first, second] = [await begin(leg), await begin(leg)];
    expect(first.id).not.toBe(second.id);
    expect(leg.parts.table.size).toBe(2);
  });

  it("cannot be initialized twice", async () => {
    const leg = serve();
    const { id } = await begin(leg);
    expect((await begin(leg, { session: id })).response.status).toBe(400);
    expect((await begin(leg, { session: "no-such-session" })).response.status).toBe(404);
    expect(leg.parts.table.size).toBe(1);
  });

  it("does not begin with an initialize that fails", async () => {
    const leg = serve();
    const response = await send(leg, { jsonrpc: "2.0", id: 1, method: "initialize", params: {} });
    expect(response.headers.get("mcp-session-id")).toBeNull();
    expect(await response.json()).toMatchObject({ id: 1, error: { code: expect.any(Number) } });
    expect(leg.parts.table.size).toBe(0);
  });

  it.each(["POST", "GET", "DELETE"])("must be named by %s", async (method) => {
    const leg = serve();
    const message = method === "POST" ? call(7, "hello") : undefined;
    const missing = await send(leg, message, { method });
    expect(missing.status).toBe(400);
    expect(await missing.json()).toMatchObject({ id: message ? 7 : null });
    expect((await send(leg, message, { method, session: crypto.randomUUID() })).status).toBe(404);
  });

  it("ends with DELETE: at once, with all that runs in it", async () => {
    const gate = createGate();
    const leg = serve({ wait: gate.tool });
    const { id } = await begin(leg);
    const stream = await send(leg, undefined, { method: "GET", session: id });
    const waiting = send(leg, call(1, "wait"), { session: id });
    const signal = await gate.entered;
    expect((await send(leg, undefined, { method: "DELETE", session: id })).status).toBe(204);
    expect(signal.aborted).toBe(true);
    expect((await waiting).status).toBe(404);
    expect(await readMessages(stream)).toEqual([]);
    expect(leg.parts.table.size).toBe(0);
    for (const method of ["POST", "GET", "DELETE"]) {
      expect((await send(leg, call(2, "hello"), { method, session: id })).status).toBe(404);
    }
  });

  it("keeps the version that was settled: batches are for 2025-03-26 alone", async () => {
    const leg = serve();
    const ping = { jsonrpc: "2.0", id: 1, method: "ping" };
    const old = await begin(leg, { protocolVersion: "2025-03-26" });
    expect(await (await send(leg, [ping], { session: old.id })).json()).toEqual([
      { jsonrpc: "2.0", id: 1, result: {} },
    ]);
    const recent = await begin(leg, { protocolVersion: "2025-06-18" });
    expect((await send(leg, [ping], { session: recent.id })).status).toBe(400);
  });

  it("refuses a version that nobody speaks", async () => {
    const leg = serve();
    const { id } = await begin(leg);
    const headers = { "mcp-protocol-version": "1.0" };
    for (const method of ["POST", "GET", "DELETE"]) {
      expect((await send(leg, call(2, "hello"), { method, session: id, headers })).status).toBe(400);
    }
  });

  it("refuses an id that is being answered", async () => {
    const gate = createGate();
    const leg = serve({ wait: gate.tool });
    const { id } = await begin(leg);
    const waiting = send(leg, call(1, "wait"), { session: id });
    await gate.entered;
    const twice = await send(leg, call(1, "hello"), { session: id });
    expect([twice.status, await twice.json()]).toMatchObject([400, { id: 1, error: { code: -32_600 } }]);
    // A text and a number are two ids.
    expect((await send(leg, call("1", "hello"), { session: id })).status).toBe(200);
    gate.release("done");
    expect(await (await waiting).json()).toMatchObject({ id: 1, result: { content: [{ text: "done" }] } });
    expect((await send(leg, call(1, "hello"), { session: id })).status).toBe(200);
  });

  it("answers other methods with what there is", async () => {
    const response = await send(serve(), undefined, { method: "PUT" });
    expect([response.status, response.headers.get("allow")]).toEqual([405, "GET, POST, DELETE"]);
  });
});

describe("a session of a caller", () => {
  it.each<[string, AuthInfo | undefined]>([
    ["another subject", caller("eve")],
    ["another client", caller("ann", { clientId: "other" })],
    ["another issuer", caller("ann", { clientId: "app", claims: { iss: "https://evil.example" } })],
    ["nobody", undefined],
  ])("is not there for %s", async (_, auth) => {
    const leg = serve();
    const owner = caller("ann", { clientId: "app", claims: { iss: "https://good.example" } });
    const { id } = await begin(leg, { auth: owner });
    for (const method of ["POST", "GET", "DELETE"]) {
      const stolen = await send(leg, call(1, "hello"), { method, session: id, ...(auth && { auth }) });
      const unknown = await send(leg, call(1, "hello"), { method, session: "unknown", ...(auth && { auth }) });
      expect(stolen.status).toBe(404);
      // Nothing tells it from a session that never was.
      expect(await stolen.text()).toBe(await unknown.text());
    }
    expect((await send(leg, call(1, "hello"), { session: id, auth: { ...owner, scopes: ["more"] } })).status).toBe(200);
  });
});

describe("the count of sessions", () => {
  it("is bounded: 503 says so, and no other session is touched", async () => {
    const leg = serve({}, { max: 2 });
    const sessions = [await begin(leg), await begin(leg)];
    const { response } = await begin(leg);
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "30"]);
    expect(response.headers.get("mcp-session-id")).toBeNull();
    for (const { id } of sessions) expect((await send(leg, call(1, "hello"), { session: id })).status).toBe(200);
    await send(leg, undefined, { method: "DELETE", session: sessions[0]!.id });
    expect((await begin(leg)).response.status).toBe(200);
  });

  it("makes room of sessions that are over", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const leg = serve({}, { max: 1, idleTimeout: 1000 });
    await begin(leg);
    vi.advanceTimersByTime(999);
    expect((await begin(leg)).response.status).toBe(503);
    vi.advanceTimersByTime(1);
    expect((await begin(leg)).response.status).toBe(200);
  });
});

describe("an idle session", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["Date", "setInterval", "clearInterval", "setTimeout", "clearTimeout"] });
  });

  it("is released, and the timer with the last one", async () => {
    const leg = serve({}, { idleTimeout: "10s" });
    const { id } = await begin(leg);
    const closed = vi.fn<() => void>();
    // A handler of the SDK is a property.
    // oxlint-disable-next-line unicorn/prefer-add-event-listener
    made[0]!.server.onclose = closed;
    vi.advanceTimersByTime(9000);
    expect((await send(leg, call(1, "hello"), { session: id })).status).toBe(200);
    vi.advanceTimersByTime(9999);
    expect(closed).not.toHaveBeenCalled();
    vi.advanceTimersByTime(10_001);
    expect(closed).toHaveBeenCalledTimes(1);
    expect([leg.parts.table.size, vi.getTimerCount()]).toEqual([0, 0]);
    expect((await send(leg, call(1, "hello"), { session: id })).status).toBe(404);
  });

  it("is gone on time, even if its timer is late", async () => {
    const leg = serve({}, { idleTimeout: "10s" });
    const { id } = await begin(leg);
    vi.setSystemTime(Date.now() + 10_000);
    expect((await send(leg, call(1, "hello"), { session: id })).status).toBe(404);
    expect(leg.parts.table.size).toBe(0);
  });

  it("is not one whose client listens, until the client goes", async () => {
    const leg = serve({}, { idleTimeout: "10s" });
    const { id } = await begin(leg);
    const stream = await send(leg, undefined, { method: "GET", session: id });
    const reader = (stream.body as ReadableStream<Uint8Array>).getReader();
    const reading = (async () => {
      while (!(await reader.read()).done);
    })();
    for (let i = 0; i < 20; i++) await vi.advanceTimersByTimeAsync(15_000);
    expect(leg.parts.table.size).toBe(1);
    await reader.cancel();
    await reading;
    vi.advanceTimersByTime(20_000);
    expect(leg.parts.table.size).toBe(0);
  });

  it("is one whose client has a stream open but does not read it", async () => {
    const leg = serve({}, { idleTimeout: "10s" });
    const { id } = await begin(leg);
    const stream = await send(leg, undefined, { method: "GET", session: id });
    await vi.advanceTimersByTimeAsync(600_000);
    expect(leg.parts.table.size).toBe(0);
    await expect(stream.text()).rejects.toThrow("not read");
  });

  it("is one though the server has much to say to nobody", async () => {
    const leg = serve({}, { idleTimeout: "10s" });
    await begin(leg);
    for (let i = 0; i < 9; i++) {
      vi.advanceTimersByTime(1000);
      await made[0]!.server.sendToolListChanged();
    }
    vi.advanceTimersByTime(1000);
    expect(leg.parts.table.size).toBe(0);
  });

  it("is idle only since its stream has ended, whoever ended it", async () => {
    const leg = serve({}, { idleTimeout: "40s" });
    const auth = caller("ann", { expiresAt: Date.now() / 1000 + 50 });
    const { id } = await begin(leg, { auth });
    const stream = await send(leg, undefined, { method: "GET", session: id, auth });
    const reading = stream.text();
    vi.advanceTimersByTime(60_000);
    await reading;
    vi.advanceTimersByTime(20_000);
    expect((await send(leg, call(1, "hello"), { session: id, auth })).status).toBe(200);
  });

  it("is not one whose call is still being answered", async () => {
    const gate = createGate();
    const leg = serve({ wait: gate.tool }, { idleTimeout: "10s" });
    const { id } = await begin(leg);
    const waiting = send(leg, call(1, "wait"), { session: id });
    await gate.entered;
    vi.advanceTimersByTime(60_000);
    gate.release("done");
    expect((await waiting).status).toBe(200);
  });
});

describe("the stream of a session", () => {
  it("brings what belongs to no call, and is open once", async () => {
    const leg = serve();
    const { id } = await begin(leg);
    const stream = await send(leg, undefined, { method: "GET", session: id, headers: { accept: "text/event-stream" } });
    expect([stream.status, stream.headers.get("mcp-session-id")]).toEqual([200, id]);
    expect((await send(leg, undefined, { method: "GET", session: id })).status).toBe(409);
    await made[0]!.server.sendToolListChanged();
    const events = readEvents(stream);
    expect((await events.next()).value).toMatchObject({
      event: "message",
      data: expect.stringContaining("notifications/tools/list_changed"),
    });
    await events.return();
    expect((await send(leg, undefined, { method: "GET", session: id })).status).toBe(200);
  });

  it("needs a client that takes streams", async () => {
    const leg = serve();
    const { id } = await begin(leg);
    const headers = { accept: "application/json" };
    expect((await send(leg, undefined, { method: "GET", session: id, headers })).status).toBe(406);
  });

  it("says every 15 seconds that it is there", async () => {
    vi.useFakeTimers({ toFake: ["Date", "setInterval", "clearInterval"] });
    const leg = serve();
    const { id } = await begin(leg);
    const stream = await send(leg, undefined, { method: "GET", session: id });
    vi.advanceTimersByTime(30_000);
    await leg.close();
    expect(await stream.text()).toBe(": keep-alive\n\n: keep-alive\n\n");
    expect(vi.getTimerCount()).toBe(0);
  });

  it("ends when the credentials of its caller do", async () => {
    vi.useFakeTimers({ toFake: ["Date", "setInterval", "clearInterval", "setTimeout", "clearTimeout"] });
    const leg = serve();
    const auth = caller("ann", { expiresAt: Date.now() / 1000 + 20 });
    const { id } = await begin(leg, { auth });
    const stream = await send(leg, undefined, { method: "GET", session: id, auth });
    vi.advanceTimersByTime(30_000);
    expect(await stream.text()).toBe(": keep-alive\n\n");
    expect((await send(leg, call(1, "hello"), { session: id, auth })).status).toBe(200);
  });

  it("slows methods down that say more than their client reads", async () => {
    const factory = createFactory({
      burst: async (_, { mcpReq }) => {
        for (let i = 0; i < 100; i++) await mcpReq.log("info", `${i} ${"x".repeat(100)}`);
        return "done";
      },
    });
    const leg = createStreamableHttpHandler({ stateless: factory, session: factory, onError, maxBufferedBytes: 1000 });
    expect(await readMessages(await send(leg, call(1, "burst")))).toHaveLength(101);
  });

  it("is cut off when more waits than the client will ever read", async () => {
    const factory = createFactory({}, made);
    const leg = createStreamableHttpHandler({
      stateless: factory,
      session: factory,
      sessions: {},
      onError,
      maxBufferedBytes: 1000,
    });
    const { id } = await begin(leg);
    const stream = await send(leg, undefined, { method: "GET", session: id });
    // A single large message passes.
    await made[0]!.server.sendLoggingMessage({ level: "info", data: "x".repeat(5000) });
    expect(leg.parts.table.find(id, undefined, HttpSession)?.isConnected).toBe(true);
    await made[0]!.server.sendToolListChanged();
    await expect(stream.text()).rejects.toThrow("not read");
    expect((await send(leg, undefined, { method: "GET", session: id })).status).toBe(200);
  });
});

describe("a call in a session", () => {
  it("that its client cancels ends without an answer", async () => {
    const gate = createGate();
    const leg = serve({ wait: gate.tool });
    const { id } = await begin(leg);
    const waiting = send(leg, call(1, "wait"), { session: id });
    const signal = await gate.entered;
    const cancel = { jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 1 } };
    expect((await send(leg, cancel, { session: id })).status).toBe(202);
    expect(await readMessages(await waiting)).toEqual([]);
    await eventually(() => expect(signal.aborted).toBe(true));
    gate.release("too late");
    expect((await send(leg, call(1, "hello"), { session: id })).status).toBe(200);
  });

  it("is aborted when its client goes away, for there is no event store", async () => {
    const gate = createGate();
    const leg = serve({ wait: gate.tool });
    const { id } = await begin(leg);
    const client = new AbortController();
    void send(leg, call(1, "wait"), { session: id, signal: client.signal });
    const signal = await gate.entered;
    client.abort();
    await eventually(() => expect(signal.aborted).toBe(true));
    expect((await send(leg, call(1, "hello"), { session: id })).status).toBe(200);
    expect(onError).not.toHaveBeenCalled();
  });

  it("can ask the client, whose answers reach that session alone", async () => {
    const leg = serve({ ask: async (_, { mcpReq }) => JSON.stringify(await mcpReq.send({ method: "roots/list" })) });
    const capabilities = { roots: {} };
    const [mine, other] = [await begin(leg, { capabilities }), await begin(leg, { capabilities })];
    const response = await send(leg, call(1, "ask"), { session: mine.id });
    const events = readEvents(response);
    const question = JSON.parse((await events.next()).value!.data!) as { id: number; method: string };
    expect(question.method).toBe("roots/list");
    const answer = (name: string): object => ({
      jsonrpc: "2.0",
      id: question.id,
      result: { roots: [{ uri: "file:///", name }] },
    });
    expect((await send(leg, answer("stolen"), { session: other.id })).status).toBe(202);
    expect((await send(leg, answer("mine"), { session: mine.id })).status).toBe(202);
    expect((await send(leg, answer("again"), { session: mine.id })).status).toBe(202);
    expect((await events.next()).value!.data).toContain("mine");
    expect(onError).not.toHaveBeenCalled();
  });
});

describe("closing", () => {
  it("ends all calls and streams, and takes no more", async () => {
    const gate = createGate();
    const leg = serve({ wait: gate.tool });
    const { id } = await begin(leg);
    const stream = await send(leg, undefined, { method: "GET", session: id });
    const waiting = send(leg, call(1, "wait"), { session: id });
    const signal = await gate.entered;
    await leg.close();
    expect(signal.aborted).toBe(true);
    expect((await waiting).status).toBe(503);
    expect(await readMessages(stream)).toEqual([]);
    expect(leg.parts.table.size).toBe(0);
    expect((await begin(leg)).response.status).toBe(503);
  });

  it("can wait for calls, but not for longer than it is told to", async () => {
    const gate = createGate();
    const leg = serve({ wait: gate.tool });
    await leg.settled(60_000);
    const { id } = await begin(leg);
    const waiting = send(leg, call(1, "wait"), { session: id });
    await gate.entered;
    await leg.settled(10);
    const settled = leg.settled(60_000);
    gate.release("done");
    await settled;
    expect((await waiting).status).toBe(200);
  });
});

describe("the official client", () => {
  it("elicits, hears of changes and ends its session", async () => {
    const leg = serve({
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
    const transport = new StreamableHTTPClientTransport(new URL("http://localhost/mcp"), { fetch: fetchFrom(leg) });
    await client.connect(transport);
    expect(transport.sessionId).toBeDefined();
    expect(await client.callTool({ name: "ask" })).toMatchObject({ content: [{ text: 'accept {"name":"Ann"}' }] });
    await eventually(() =>
      expect(leg.parts.table.find(transport.sessionId!, undefined, HttpSession)?.isConnected).toBe(true),
    );
    await made[0]!.server.sendToolListChanged();
    await changed;
    await transport.terminateSession();
    expect(leg.parts.table.size).toBe(0);
    await client.close();
  });
});

import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import type { McpServer } from "@modelcontextprotocol/server";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { eventually } from "../../../../fixtures/eventually.ts";
import { type EventStore, MemoryEventStore } from "../../src/http/event-store.ts";
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
  type WireEvent,
} from "../fixtures/streamable-2025.ts";

const onError = vi.fn<(error: Error) => void>();
let made: McpServer[];
beforeEach(() => {
  made = [];
  onError.mockClear();
});

function serve(tools: FixtureTools = {}, sessions: SessionOptions = {}): StreamableHttpHandler {
  const factory = createFactory({ hello: () => "hi", ...tools }, made);
  const eventStore = sessions.eventStore ?? new MemoryEventStore();
  return new StreamableHttpHandler({
    stateless: factory,
    session: factory,
    sessions: { ...sessions, eventStore },
    onError,
  });
}

/** A tool that logs before and after it waits for the test. */
function createWork(): { work: FixtureTools[string]; goOn: () => void; signal: () => AbortSignal | undefined } {
  let goOn: () => void = () => undefined;
  let signal: AbortSignal | undefined;
  const waiting = new Promise<void>((resolve) => (goOn = resolve));
  const work: FixtureTools[string] = async (_, { mcpReq }) => {
    signal = mcpReq.signal;
    await mcpReq.log("info", "before");
    await waiting;
    await mcpReq.log("info", "after");
    return "done";
  };
  return { work, goOn: () => goOn(), signal: () => signal };
}

const resume = (handler: StreamableHttpHandler, session: string, lastEventId: string): Promise<Response> =>
  send(handler, undefined, { method: "GET", session, headers: { "last-event-id": lastEventId } });

const textOf = (message: object | undefined): unknown =>
  (message as { result?: { content: { text: string }[] } } | undefined)?.result?.content[0]?.text;

async function readAll(response: Response): Promise<WireEvent[]> {
  const events = [];
  for await (const event of readEvents(response)) events.push(event);
  return events;
}

describe("Call in a session with an event store", () => {
  it("is answered on a stream that starts with a priming event and a retry interval", async () => {
    const handler = serve();
    const { id, response } = await openSession(handler);
    // The response to initialize never needs to be resumed.
    expect(response.headers.get("content-type")).toBe("application/json");
    const [first, second, ...more] = await readAll(await send(handler, call(1, "hello"), { session: id }));
    expect(first).toEqual({ id: expect.stringMatching(/./), retry: "1000", data: "" });
    expect(second).toMatchObject({ event: "message", id: expect.stringMatching(/./) });
    expect(textOf(JSON.parse(second!.data!) as object)).toBe("hi");
    expect(more).toEqual([]);
    // An event id must not reveal the session id.
    expect(first!.id).not.toContain(id);
  });

  it("continues without its client, which later receives the messages it missed", async () => {
    const { work, goOn, signal } = createWork();
    const handler = serve({ work });
    const { id } = await openSession(handler);
    const events = readEvents(await send(handler, call(1, "work"), { session: id }));
    await events.next();
    const logged = (await events.next()).value!;
    expect(logged.data).toContain("before");
    await events.return();
    goOn();
    const messages = await eventually(async () => {
      const missed = await readMessages(await resume(handler, id, logged.id!));
      expect(missed).toHaveLength(2);
      return missed;
    });
    expect(messages[0]).toMatchObject({ method: "notifications/message", params: { data: "after" } });
    expect(textOf(messages[1])).toBe("done");
    expect(signal()?.aborted).toBe(false);
  });

  it("continues for a client that resumes in time, without lost or repeated messages", async () => {
    const { work, goOn } = createWork();
    const handler = serve({ work });
    const { id } = await openSession(handler);
    const events = readEvents(await send(handler, call(1, "work"), { session: id }));
    const priming = (await events.next()).value!;
    await events.return();
    const again = await resume(handler, id, priming.id!);
    expect([again.status, again.headers.get("content-type")]).toEqual([200, "text/event-stream"]);
    goOn();
    const messages = await readMessages(again);
    expect(messages.map((message) => (message["params"] as { data?: string })?.data ?? textOf(message))).toEqual([
      "before",
      "after",
      "done",
    ]);
  });

  it("moves to the latest connection even if the previous one has not been noticed to be broken", async () => {
    const { work, goOn } = createWork();
    const handler = serve({ work });
    const { id } = await openSession(handler);
    const first = await send(handler, call(1, "work"), { session: id });
    const [reading, copy] = first.body!.tee();
    const { id: eventId } = (await readEvents(new Response(copy)).next()).value!;
    const again = await resume(handler, id, eventId!);
    goOn();
    expect((await readMessages(again)).map(textOf).at(-1)).toBe("done");
    expect((await readMessages(new Response(reading))).map(textOf)).not.toContain("done");
  });

  it("ends its connection when its method asks for it", async () => {
    let goOn: () => void = () => undefined;
    const waiting = new Promise<void>((resolve) => (goOn = resolve));
    const handler = serve({
      poll: async (_, { http }) => {
        http?.closeSSE?.();
        await waiting;
        return "later";
      },
    });
    const { id } = await openSession(handler);
    const [priming, ...rest] = await readAll(await send(handler, call(1, "poll"), { session: id }));
    expect(rest).toEqual([]);
    goOn();
    const messages = await eventually(async () => {
      const response = await resume(handler, id, priming!.id!);
      return readMessages(response);
    });
    expect(messages.map(textOf)).toEqual(["later"]);
  });

  it("replays more than may wait for a client that does not read", async () => {
    const { work, goOn } = createWork();
    const burst: FixtureTools[string] = async (args, ctx) => {
      for (let i = 0; i < 50; i++) await ctx.mcpReq.log("info", "x".repeat(1000));
      return work(args, ctx);
    };
    const factory = createFactory({ burst });
    const eventStore = new MemoryEventStore();
    const options = { sessions: { eventStore }, onError, maxBufferedBytes: 4000 };
    const handler = new StreamableHttpHandler({ stateless: factory, session: factory, ...options });
    const { id } = await openSession(handler);
    const events = readEvents(await send(handler, call(1, "burst"), { session: id }));
    const priming = (await events.next()).value!;
    await events.return();
    await eventually(() => expect(eventStore.size).toBe(52));
    const live = await resume(handler, id, priming.id!);
    goOn();
    expect(await readMessages(live)).toHaveLength(53);
    const past = await resume(handler, id, priming.id!);
    expect((await readMessages(past)).map(textOf).at(-1)).toBe("done");
  });

  it("cannot be resumed after its last event", async () => {
    const handler = serve();
    const { id } = await openSession(handler);
    const events = await readAll(await send(handler, call(1, "hello"), { session: id }));
    // After an empty stream, the client would reconnect forever.
    expect((await resume(handler, id, events.at(-1)!.id!)).status).toBe(400);
    expect((await resume(handler, id, events[0]!.id!)).status).toBe(200);
  });

  it.each(["2025-11-25", "2025-06-18"])("answers a method that the server does not have (MCP %s)", async (version) => {
    const handler = serve();
    const { id } = await openSession(handler, { protocolVersion: version });
    const response = await send(handler, { jsonrpc: "2.0", id: 1, method: "prompts/list" }, { session: id });
    const answer = version === "2025-11-25" ? (await readMessages(response))[0] : await response.json();
    expect(answer).toMatchObject({ id: 1, error: { code: -32601 } });
  });

  it("starts without a priming event for clients before 2025-11-25, which can resume after their first event", async () => {
    const { work, goOn, signal } = createWork();
    const handler = serve({ work });
    const { id } = await openSession(handler, { protocolVersion: "2025-06-18" });
    const plain = await send(handler, call(1, "hello"), { session: id });
    expect(plain.headers.get("content-type")).toBe("application/json");
    const events = readEvents(await send(handler, call(2, "work"), { session: id }));
    const first = (await events.next()).value!;
    expect(first).toMatchObject({ event: "message", id: expect.stringMatching(/./) });
    await events.return();
    goOn();
    await eventually(async () => {
      expect((await readMessages(await resume(handler, id, first.id!))).map(textOf)).toEqual([undefined, "done"]);
    });
    expect(signal()?.aborted).toBe(false);
  });

  it("is aborted when its client disconnects before it has received an event id", async () => {
    let signal: AbortSignal | undefined;
    const handler = serve({
      wait: (_, { mcpReq }) => {
        signal = mcpReq.signal;
        return new Promise(() => undefined);
      },
    });
    const { id } = await openSession(handler, { protocolVersion: "2025-06-18" });
    const client = new AbortController();
    const response = send(handler, call(1, "wait"), { session: id, signal: client.signal });
    await eventually(() => expect(signal).toBeDefined());
    client.abort();
    await eventually(() => expect(signal?.aborted).toBe(true));
    expect((await response).status).toBe(499);
  });

  it("ends when it is cancelled", async () => {
    const { work, signal } = createWork();
    const handler = serve({ work });
    const { id } = await openSession(handler);
    const events = readEvents(await send(handler, call(1, "work"), { session: id }));
    await events.next();
    await events.next();
    const params = { requestId: 1 };
    await send(handler, { jsonrpc: "2.0", method: "notifications/cancelled", params }, { session: id });
    expect((await events.next()).done).toBe(true);
    expect(signal()?.aborted).toBe(true);
  });
});

describe("Stream outside of requests with an event store", () => {
  it("replays the messages that a client missed", async () => {
    const handler = serve();
    const { id } = await openSession(handler);
    const events = readEvents(await send(handler, undefined, { method: "GET", session: id }));
    const priming = (await events.next()).value!;
    expect(priming).toMatchObject({ data: "", retry: "1000" });
    await made[0]!.server.sendToolListChanged();
    const first = (await events.next()).value!;
    await events.return();
    await made[0]!.server.sendLoggingMessage({ level: "info", data: "missed" });
    const again = readEvents(await resume(handler, id, first.id!));
    expect((await again.next()).value!.data).toContain("missed");
    await again.next();
    await made[0]!.server.sendLoggingMessage({ level: "info", data: "live" });
    expect((await again.next()).value!.data).toContain("live");
    await again.return();
    // The messages of other streams of the session are not replayed.
    const all = await resume(handler, id, priming.id!);
    await send(handler, undefined, { method: "DELETE", session: id });
    expect((await readMessages(all)).map(({ method }) => method)).toEqual([
      "notifications/tools/list_changed",
      "notifications/message",
      "notifications/message",
    ]);
  });

  it.each<[string, (store: EventStore) => EventStore]>([
    ["of this package", (store) => store],
    [
      "without getStreamIdForEventId",
      (store) => ({
        storeEvent: (...args) => store.storeEvent(...args),
        replayEventsAfter: (...args) => store.replayEventsAfter(...args),
      }),
    ],
  ])("belongs to its session only, with a store %s", async (_, wrap) => {
    const handler = serve({}, { eventStore: wrap(new MemoryEventStore()) });
    const [mine, other] = [await openSession(handler), await openSession(handler)];
    const events = await readAll(await send(handler, call(1, "hello"), { session: mine.id }));
    const stolen = await resume(handler, other.id, events[0]!.id!);
    const unknown = await resume(handler, other.id, "no-such-event");
    expect([stolen.status, unknown.status]).toEqual([400, 400]);
    expect(await stolen.text()).toBe(await unknown.text());
    expect((await readMessages(await resume(handler, mine.id, events[0]!.id!))).map(textOf)).toEqual(["hi"]);
  });
});

describe("Event store", () => {
  it("does not change the order of messages when it is slow", async () => {
    const memory = new MemoryEventStore();
    let delay = 5;
    const slow: EventStore = {
      storeEvent: async (...args) => {
        await new Promise((resolve) => setTimeout(resolve, delay--));
        return memory.storeEvent(...args);
      },
      getStreamIdForEventId: (eventId) => memory.getStreamIdForEventId(eventId),
      replayEventsAfter: (...args) => memory.replayEventsAfter(...args),
    };
    const handler = serve(
      {
        burst: (_, { mcpReq }) => {
          for (const data of ["a", "b", "c"]) void mcpReq.log("info", data);
          return "d";
        },
      },
      { eventStore: slow },
    );
    const { id } = await openSession(handler);
    const messages = await readMessages(await send(handler, call(1, "burst"), { session: id }));
    expect(messages.map((message) => (message["params"] as { data?: string })?.data ?? textOf(message))).toEqual([
      "a",
      "b",
      "c",
      "d",
    ]);
  });

  it("loses no message when it fails", async () => {
    const failing: EventStore = {
      storeEvent: () => Promise.reject(new Error("store is down")),
      replayEventsAfter: () => Promise.reject(new Error("store is down")),
    };
    const handler = serve({}, { eventStore: failing });
    const { id } = await openSession(handler);
    expect((await readMessages(await send(handler, call(1, "hello"), { session: id }))).map(textOf)).toEqual(["hi"]);
    expect(onError).toHaveBeenCalledWith(expect.objectContaining({ message: "store is down" }));
    expect((await resume(handler, id, "x")).status).toBe(500);
  });

  it("deletes the messages of a session that ends", async () => {
    const store = new MemoryEventStore();
    const handler = serve({}, { eventStore: store });
    const [first, second] = [await openSession(handler), await openSession(handler)];
    for (const { id } of [first, second]) await readAll(await send(handler, call(1, "hello"), { session: id }));
    expect(store.size).toBe(4);
    await send(handler, undefined, { method: "DELETE", session: first.id });
    expect(store.size).toBe(2);
  });
});

describe("Official client with an event store", () => {
  it("receives its answer although the connection ended before it", async () => {
    const poll: FixtureTools[string] = async (_, { http, mcpReq }) => {
      await mcpReq.log("info", "going");
      http?.closeSSE?.();
      return "later";
    };
    const handler = serve({ poll }, { retryInterval: 10 });
    const client = new Client({ name: "c", version: "1" });
    const transport = new StreamableHTTPClientTransport(new URL("http://localhost/mcp"), { fetch: fetchFrom(handler) });
    await client.connect(transport);
    expect(await client.callTool({ name: "poll" })).toMatchObject({ content: [{ text: "later" }] });
    await client.close();
  });
});

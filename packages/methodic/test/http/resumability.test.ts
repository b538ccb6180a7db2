import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import type { McpServer } from "@modelcontextprotocol/server";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { eventually } from "../../../../fixtures/eventually.ts";
import { type EventStore, MemoryEventStore } from "../../src/http/event-store.ts";
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
  return createStreamableHttpHandler({
    stateless: factory,
    session: factory,
    sessions: { ...sessions, eventStore },
    onError,
  });
}

/** A tool that logs before and after a test lets it go on. */
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

const resume = (leg: StreamableHttpHandler, session: string, lastEventId: string): Promise<Response> =>
  send(leg, undefined, { method: "GET", session, headers: { "last-event-id": lastEventId } });

const textOf = (message: object | undefined): unknown =>
  (message as { result?: { content: { text: string }[] } } | undefined)?.result?.content[0]?.text;

async function readAll(response: Response): Promise<WireEvent[]> {
  const events = [];
  for await (const event of readEvents(response)) events.push(event);
  return events;
}

describe("a call of a session with an event store", () => {
  it("is answered on a stream that begins with an id and says when to come back", async () => {
    const leg = serve();
    const { id, response } = await begin(leg);
    // Nobody has to come back for this one.
    expect(response.headers.get("content-type")).toBe("application/json");
    const [first, second, ...more] = await readAll(await send(leg, call(1, "hello"), { session: id }));
    expect(first).toEqual({ id: expect.stringMatching(/./), retry: "1000", data: "" });
    expect(second).toMatchObject({ event: "message", id: expect.stringMatching(/./) });
    expect(textOf(JSON.parse(second!.data!) as object)).toBe("hi");
    expect(more).toEqual([]);
    // Whoever sees an event's id must not learn the session's.
    expect(first!.id).not.toContain(id);
  });

  it("goes on without its client, who gets what it missed", async () => {
    const { work, goOn, signal } = createWork();
    const leg = serve({ work });
    const { id } = await begin(leg);
    const events = readEvents(await send(leg, call(1, "work"), { session: id }));
    await events.next();
    const logged = (await events.next()).value!;
    expect(logged.data).toContain("before");
    await events.return();
    goOn();
    const messages = await eventually(async () => {
      const missed = await readMessages(await resume(leg, id, logged.id!));
      expect(missed).toHaveLength(2);
      return missed;
    });
    expect(messages[0]).toMatchObject({ method: "notifications/message", params: { data: "after" } });
    expect(textOf(messages[1])).toBe("done");
    expect(signal()?.aborted).toBe(false);
  });

  it("goes on live for a client that comes back in time, with nothing lost or doubled", async () => {
    const { work, goOn } = createWork();
    const leg = serve({ work });
    const { id } = await begin(leg);
    const events = readEvents(await send(leg, call(1, "work"), { session: id }));
    const priming = (await events.next()).value!;
    await events.return();
    const again = await resume(leg, id, priming.id!);
    expect([again.status, again.headers.get("content-type")]).toEqual([200, "text/event-stream"]);
    goOn();
    const messages = await readMessages(again);
    expect(messages.map((message) => (message["params"] as { data?: string })?.data ?? textOf(message))).toEqual([
      "before",
      "after",
      "done",
    ]);
  });

  it("moves to the latest connection of its client, though the server has not noticed that the last one broke", async () => {
    const { work, goOn } = createWork();
    const leg = serve({ work });
    const { id } = await begin(leg);
    const first = await send(leg, call(1, "work"), { session: id });
    const [reading, copy] = first.body!.tee();
    const { id: eventId } = (await readEvents(new Response(copy)).next()).value!;
    const again = await resume(leg, id, eventId!);
    goOn();
    expect((await readMessages(again)).map(textOf).at(-1)).toBe("done");
    expect((await readMessages(new Response(reading))).map(textOf)).not.toContain("done");
  });

  it("ends its own connection when a method says so", async () => {
    let goOn: () => void = () => undefined;
    const waiting = new Promise<void>((resolve) => (goOn = resolve));
    const leg = serve({
      poll: async (_, { http }) => {
        http?.closeSSE?.();
        await waiting;
        return "later";
      },
    });
    const { id } = await begin(leg);
    const [priming, ...rest] = await readAll(await send(leg, call(1, "poll"), { session: id }));
    expect(rest).toEqual([]);
    goOn();
    const messages = await eventually(async () => {
      const response = await resume(leg, id, priming!.id!);
      return readMessages(response);
    });
    expect(messages.map(textOf)).toEqual(["later"]);
  });

  it("brings more than may wait for a reader", async () => {
    const { work, goOn } = createWork();
    const burst: FixtureTools[string] = async (args, ctx) => {
      for (let i = 0; i < 50; i++) await ctx.mcpReq.log("info", "x".repeat(1000));
      return work(args, ctx);
    };
    const factory = createFactory({ burst });
    const eventStore = new MemoryEventStore();
    const options = { sessions: { eventStore }, onError, maxBufferedBytes: 4000 };
    const leg = createStreamableHttpHandler({ stateless: factory, session: factory, ...options });
    const { id } = await begin(leg);
    const events = readEvents(await send(leg, call(1, "burst"), { session: id }));
    const priming = (await events.next()).value!;
    await events.return();
    await eventually(() => expect(eventStore.size).toBe(52));
    const live = await resume(leg, id, priming.id!);
    goOn();
    expect(await readMessages(live)).toHaveLength(53);
    const past = await resume(leg, id, priming.id!);
    expect((await readMessages(past)).map(textOf).at(-1)).toBe("done");
  });

  it("cannot be resumed when there is nothing more to come", async () => {
    const leg = serve();
    const { id } = await begin(leg);
    const events = await readAll(await send(leg, call(1, "hello"), { session: id }));
    // An empty stream would have the client come back for ever.
    expect((await resume(leg, id, events.at(-1)!.id!)).status).toBe(400);
    expect((await resume(leg, id, events[0]!.id!)).status).toBe(200);
  });

  it("begins without an empty event for clients before 2025-11-25, who can come back once they have got an id", async () => {
    const { work, goOn, signal } = createWork();
    const leg = serve({ work });
    const { id } = await begin(leg, { protocolVersion: "2025-06-18" });
    const plain = await send(leg, call(1, "hello"), { session: id });
    expect(plain.headers.get("content-type")).toBe("application/json");
    const events = readEvents(await send(leg, call(2, "work"), { session: id }));
    const first = (await events.next()).value!;
    expect(first).toMatchObject({ event: "message", id: expect.stringMatching(/./) });
    await events.return();
    goOn();
    await eventually(async () => {
      expect((await readMessages(await resume(leg, id, first.id!))).map(textOf)).toEqual([undefined, "done"]);
    });
    expect(signal()?.aborted).toBe(false);
  });

  it("is aborted when its client goes before it has got an id", async () => {
    let signal: AbortSignal | undefined;
    const leg = serve({
      wait: (_, { mcpReq }) => {
        signal = mcpReq.signal;
        return new Promise(() => undefined);
      },
    });
    const { id } = await begin(leg, { protocolVersion: "2025-06-18" });
    const client = new AbortController();
    const response = send(leg, call(1, "wait"), { session: id, signal: client.signal });
    await eventually(() => expect(signal).toBeDefined());
    client.abort();
    await eventually(() => expect(signal?.aborted).toBe(true));
    expect((await response).status).toBe(499);
  });

  it("that is cancelled ends", async () => {
    const { work, signal } = createWork();
    const leg = serve({ work });
    const { id } = await begin(leg);
    const events = readEvents(await send(leg, call(1, "work"), { session: id }));
    await events.next();
    await events.next();
    const params = { requestId: 1 };
    await send(leg, { jsonrpc: "2.0", method: "notifications/cancelled", params }, { session: id });
    expect((await events.next()).done).toBe(true);
    expect(signal()?.aborted).toBe(true);
  });
});

describe("the stream of a session with an event store", () => {
  it("brings a client what it missed", async () => {
    const leg = serve();
    const { id } = await begin(leg);
    const events = readEvents(await send(leg, undefined, { method: "GET", session: id }));
    const priming = (await events.next()).value!;
    expect(priming).toMatchObject({ data: "", retry: "1000" });
    await made[0]!.server.sendToolListChanged();
    const first = (await events.next()).value!;
    await events.return();
    await made[0]!.server.sendLoggingMessage({ level: "info", data: "missed" });
    const again = readEvents(await resume(leg, id, first.id!));
    expect((await again.next()).value!.data).toContain("missed");
    await again.next();
    await made[0]!.server.sendLoggingMessage({ level: "info", data: "live" });
    expect((await again.next()).value!.data).toContain("live");
    await again.return();
    // Of another stream of the session, nothing is mixed in.
    const all = await resume(leg, id, priming.id!);
    await send(leg, undefined, { method: "DELETE", session: id });
    expect((await readMessages(all)).map(({ method }) => method)).toEqual([
      "notifications/tools/list_changed",
      "notifications/message",
      "notifications/message",
    ]);
  });

  it.each<[string, (store: EventStore) => EventStore]>([
    ["as it is", (store) => store],
    [
      "without getStreamIdForEventId",
      (store) => ({
        storeEvent: (...args) => store.storeEvent(...args),
        replayEventsAfter: (...args) => store.replayEventsAfter(...args),
      }),
    ],
  ])("is for its session alone, with a store %s", async (_, wrap) => {
    const leg = serve({}, { eventStore: wrap(new MemoryEventStore()) });
    const [mine, other] = [await begin(leg), await begin(leg)];
    const events = await readAll(await send(leg, call(1, "hello"), { session: mine.id }));
    const stolen = await resume(leg, other.id, events[0]!.id!);
    const unknown = await resume(leg, other.id, "no-such-event");
    expect([stolen.status, unknown.status]).toEqual([400, 400]);
    expect(await stolen.text()).toBe(await unknown.text());
    expect((await readMessages(await resume(leg, mine.id, events[0]!.id!))).map(textOf)).toEqual(["hi"]);
  });
});

describe("an event store", () => {
  it("that is slow keeps messages in order", async () => {
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
    const leg = serve(
      {
        burst: (_, { mcpReq }) => {
          for (const data of ["a", "b", "c"]) void mcpReq.log("info", data);
          return "d";
        },
      },
      { eventStore: slow },
    );
    const { id } = await begin(leg);
    const messages = await readMessages(await send(leg, call(1, "burst"), { session: id }));
    expect(messages.map((message) => (message["params"] as { data?: string })?.data ?? textOf(message))).toEqual([
      "a",
      "b",
      "c",
      "d",
    ]);
  });

  it("that fails costs no message", async () => {
    const failing: EventStore = {
      storeEvent: () => Promise.reject(new Error("store is down")),
      replayEventsAfter: () => Promise.reject(new Error("store is down")),
    };
    const leg = serve({}, { eventStore: failing });
    const { id } = await begin(leg);
    expect((await readMessages(await send(leg, call(1, "hello"), { session: id }))).map(textOf)).toEqual(["hi"]);
    expect(onError).toHaveBeenCalledWith(expect.objectContaining({ message: "store is down" }));
    expect((await resume(leg, id, "x")).status).toBe(500);
  });

  it("forgets a session when it ends", async () => {
    const store = new MemoryEventStore();
    const leg = serve({}, { eventStore: store });
    const [first, second] = [await begin(leg), await begin(leg)];
    for (const { id } of [first, second]) await readAll(await send(leg, call(1, "hello"), { session: id }));
    expect(store.size).toBe(4);
    await send(leg, undefined, { method: "DELETE", session: first.id });
    expect(store.size).toBe(2);
  });
});

describe("the official client", () => {
  it("gets its answer although the connection ended in between", async () => {
    const poll: FixtureTools[string] = async (_, { http, mcpReq }) => {
      await mcpReq.log("info", "going");
      http?.closeSSE?.();
      return "later";
    };
    const leg = serve({ poll }, { retryInterval: 10 });
    const client = new Client({ name: "c", version: "1" });
    const transport = new StreamableHTTPClientTransport(new URL("http://localhost/mcp"), { fetch: fetchFrom(leg) });
    await client.connect(transport);
    expect(await client.callTool({ name: "poll" })).toMatchObject({ content: [{ text: "later" }] });
    await client.close();
  });
});

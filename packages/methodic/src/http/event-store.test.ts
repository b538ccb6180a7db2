import type { JSONRPCMessage } from "@modelcontextprotocol/server";
import { afterEach, describe, expect, it, vi } from "vitest";
import { MemoryEventStore } from "./event-store.ts";

afterEach(() => {
  vi.useRealTimers();
});

const message = (data: string): JSONRPCMessage => ({
  jsonrpc: "2.0",
  method: "notifications/message",
  params: { level: "info", data },
});

async function replay(store: MemoryEventStore, after: string): Promise<{ streamId: string; texts: unknown[] }> {
  const texts: unknown[] = [];
  const streamId = await store.replayEventsAfter(after, {
    send: async (_, replayed) => {
      texts.push((replayed as { params?: { data?: unknown } }).params?.data);
    },
  });
  return { streamId, texts };
}

describe("MemoryEventStore", () => {
  it("replays the messages after an event of the same stream", async () => {
    const store = new MemoryEventStore();
    const first = await store.storeEvent("a", message("1"));
    await store.storeEvent("b", message("other"));
    await store.storeEvent("a", message("2"));
    const last = await store.storeEvent("a", message("3"));
    expect(await store.getStreamIdForEventId(first)).toBe("a");
    expect(await replay(store, first)).toEqual({ streamId: "a", texts: ["2", "3"] });
    expect(await replay(store, last)).toEqual({ streamId: "a", texts: [] });
    expect(await replay(store, "unknown")).toEqual({ streamId: "", texts: [] });
    expect(await store.getStreamIdForEventId("unknown")).toBeUndefined();
  });

  it("deletes the oldest events beyond maxEvents", async () => {
    const store = new MemoryEventStore({ maxEvents: 2 });
    const ids = [];
    for (const text of ["1", "2", "3"]) ids.push(await store.storeEvent("a", message(text)));
    expect(store.size).toBe(2);
    expect(await replay(store, ids[0]!)).toEqual({ streamId: "", texts: [] });
    expect(await replay(store, ids[1]!)).toEqual({ streamId: "a", texts: ["3"] });
  });

  it("deletes the oldest events beyond maxBytes", async () => {
    const store = new MemoryEventStore({ maxBytes: 10_000 });
    for (let i = 0; i < 10; i++) await store.storeEvent("a", message("x".repeat(1000)));
    expect(store.size).toBe(4);
    await store.storeEvent("a", message("x".repeat(10_000)));
    expect(store.size).toBe(0);
  });

  it("deletes events after the ttl", async () => {
    vi.useFakeTimers();
    const store = new MemoryEventStore({ ttl: "1m" });
    const old = await store.storeEvent("a", message("1"));
    vi.advanceTimersByTime(59_999);
    const recent = await store.storeEvent("a", message("2"));
    expect(await replay(store, old)).toEqual({ streamId: "a", texts: ["2"] });
    vi.advanceTimersByTime(1);
    expect(await store.getStreamIdForEventId(old)).toBeUndefined();
    expect(await store.getStreamIdForEventId(recent)).toBe("a");
    vi.advanceTimersByTime(60_000);
    await store.storeEvent("b", message("3"));
    expect(store.size).toBe(1);
  });

  it("deletes streams by a prefix of their ids", async () => {
    const store = new MemoryEventStore();
    for (const stream of ["a:1", "a:2", "b:1"]) await store.storeEvent(stream, message("x"));
    await store.deleteStreams("a:");
    expect(store.size).toBe(1);
  });

  it.each([
    [{ maxEvents: 0 }, "invalid option 'maxEvents': 0."],
    [{ maxBytes: 1.5 }, "invalid option 'maxBytes': 1.5."],
    [{ ttl: "soon" as never }, "invalid option 'ttl': \"soon\"."],
    [{ ttl: 0 }, "invalid option 'ttl': 0."],
  ])("rejects the options %j", (options, text) => {
    expect(() => new MemoryEventStore(options)).toThrow(
      expect.objectContaining({ code: "INVALID_HTTP_OPTIONS", message: expect.stringContaining(text) }),
    );
  });
});

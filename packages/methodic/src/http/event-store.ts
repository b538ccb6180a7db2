import { MethodicError } from "../errors.ts";
import { type TimeSpan, toMilliseconds } from "../util/duration.ts";
import type { JsonRpcMessage } from "../util/json-rpc.ts";

/**
 * Keeps what was sent to the clients of sessions, so that one whose connection broke gets what it missed (MCP 2025-11-25, "Resumability and
 * Redelivery"). The event stores of the official SDK fit as they are. One store serves all sessions of a server.
 */
export interface EventStore {
  /**
   * Keeps a message of a stream and gives it an id that no other message of the store has. Messages of one stream come one at a time, in order.
   * A message can be an empty object: it marks the beginning of a stream.
   */
  storeEvent(streamId: string, message: JsonRpcMessage): Promise<string>;
  /** The stream that an event belongs to; nothing if it is not known, or not kept any more. */
  getStreamIdForEventId?(eventId: string): Promise<string | undefined>;
  /**
   * Hands over, in order, what was kept of the same stream after an event.
   * @returns the stream's id; what it is for an unknown event does not matter
   */
  replayEventsAfter(
    lastEventId: string,
    options: { send: (eventId: string, message: JsonRpcMessage) => Promise<void> },
  ): Promise<string>;
  /** Forgets all streams whose ids begin with this, because their session is over. */
  deleteStreams?(prefix: string): Promise<void>;
}

/** How much a {@link MemoryEventStore} keeps. What is too much, or too old, goes first in, first out. */
export interface MemoryEventStoreOptions {
  /** How many messages, of all sessions together. Default 10,000. */
  readonly maxEvents?: number;
  /** How many bytes, about, of all sessions together. Default 64 MiB. */
  readonly maxBytes?: number;
  /** How long. Default `"10m"`. */
  readonly ttl?: TimeSpan;
}

interface StoredEvent {
  readonly streamId: string;
  /** The message's JSON, which takes less memory than the message. */
  readonly json: string;
  readonly expiresAt: number;
}

const DEFAULT_MAX_EVENTS = 10_000;
const DEFAULT_MAX_BYTES = 64 * 1024 * 1024;
const BYTES_PER_CHARACTER = 2;

/**
 * Keeps what was sent to clients in the memory of this process, within bounds, so that they can go on after their connection broke.
 *
 * @throws MethodicError for options that cannot be
 *
 * @example
 * ```ts
 * import { createServer, tool } from "methodic";
 * import { MemoryEventStore } from "methodic/http";
 *
 * class Reports {
 *   /** Write a report. *\/ @tool() async write(topic: string): Promise<string> {
 *     return `All about ${topic}`;
 *   }
 * }
 *
 * const eventStore = new MemoryEventStore({ maxEvents: 1000, ttl: "5m" });
 * export default createServer({ name: "reports", version: "1.0.0", services: [Reports], http: { sessions: { eventStore } } });
 * ```
 */
export class MemoryEventStore implements EventStore {
  readonly #maxEvents: number;
  readonly #maxBytes: number;
  readonly #ttlMs: number;
  /** By event id, oldest first. */
  readonly #events = new Map<string, StoredEvent>();
  readonly #streams = new Map<string, Map<string, StoredEvent>>();
  #bytes = 0;
  #count = 0;

  constructor({
    maxEvents = DEFAULT_MAX_EVENTS,
    maxBytes = DEFAULT_MAX_BYTES,
    ttl = "10m",
  }: MemoryEventStoreOptions = {}) {
    this.#maxEvents = checkBound("maxEvents", maxEvents);
    this.#maxBytes = checkBound("maxBytes", maxBytes);
    const ttlMs = toMilliseconds(ttl);
    if (!ttlMs) throw invalid("ttl", ttl, 'a number of milliseconds or a text such as "10m", above 0');
    this.#ttlMs = ttlMs;
  }

  /** How many events it keeps. */
  get size(): number {
    return this.#events.size;
  }

  async storeEvent(streamId: string, message: JsonRpcMessage): Promise<string> {
    const eventId = `${streamId}_${++this.#count}`;
    const event = { streamId, json: JSON.stringify(message), expiresAt: Date.now() + this.#ttlMs };
    this.#events.set(eventId, event);
    const stream = this.#streams.get(streamId) ?? new Map<string, StoredEvent>();
    this.#streams.set(streamId, stream.set(eventId, event));
    this.#bytes += sizeOf(eventId, event);
    this.#evict();
    return eventId;
  }

  async getStreamIdForEventId(eventId: string): Promise<string | undefined> {
    this.#evict();
    return this.#events.get(eventId)?.streamId;
  }

  async replayEventsAfter(
    lastEventId: string,
    { send }: { send: (eventId: string, message: JsonRpcMessage) => Promise<void> },
  ): Promise<string> {
    const streamId = await this.getStreamIdForEventId(lastEventId);
    const stream = streamId === undefined ? undefined : this.#streams.get(streamId);
    if (streamId === undefined || !stream) return "";
    let isAfter = false;
    for (const [eventId, { json }] of stream) {
      if (isAfter) await send(eventId, JSON.parse(json) as JsonRpcMessage);
      isAfter ||= eventId === lastEventId;
    }
    return streamId;
  }

  async deleteStreams(prefix: string): Promise<void> {
    for (const [streamId, events] of this.#streams) {
      if (!streamId.startsWith(prefix)) continue;
      for (const [eventId, event] of events) this.#delete(eventId, event);
    }
  }

  #evict(): void {
    const now = Date.now();
    for (const [eventId, event] of this.#events) {
      const fits = this.#events.size <= this.#maxEvents && this.#bytes <= this.#maxBytes;
      if (fits && event.expiresAt > now) return;
      this.#delete(eventId, event);
    }
  }

  #delete(eventId: string, event: StoredEvent): void {
    this.#events.delete(eventId);
    this.#bytes -= sizeOf(eventId, event);
    const stream = this.#streams.get(event.streamId);
    stream?.delete(eventId);
    if (stream?.size === 0) this.#streams.delete(event.streamId);
  }
}

function sizeOf(eventId: string, { json }: StoredEvent): number {
  return (eventId.length + json.length) * BYTES_PER_CHARACTER;
}

function checkBound(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw invalid(name, value, "a whole number above 0");
}

function invalid(name: string, value: unknown, expected: string): MethodicError {
  return new MethodicError(
    "INVALID_HTTP_OPTIONS",
    `MemoryEventStore: ${name} is ${JSON.stringify(value) ?? String(value)}. It takes ${expected}.`,
  );
}

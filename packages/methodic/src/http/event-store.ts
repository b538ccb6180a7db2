import { checkOptions, type OptionsSpec } from "../util/check-options.ts";
import { type TimeSpan, toMilliseconds } from "../util/duration.ts";
import { InFlight } from "../util/in-flight.ts";
import type { JsonRpcMessage } from "../util/json-rpc.ts";
import { checkPositiveInteger, checkPositiveDuration } from "../util/option-checks.ts";

/**
 * Stores the messages that were sent to the clients of sessions, so that a client that lost its
 * connection receives those it missed (MCP 2025-11-25, "Resumability and Redelivery"). The event
 * stores of the official SDK implement it. One store serves all sessions of a server.
 */
export interface EventStore {
  /**
   * Stores a message of a stream. Returns its event id, which is unique in the store. The messages
   * of a stream are stored one after another, in order. An empty object marks the start of a
   * connection. The ids of all streams of one caller start with the same text, up to the first
   * `.`; without a known caller, those of one session do, up to the first `:`.
   */
  storeEvent(streamId: string, message: JsonRpcMessage): Promise<string>;
  /**
   * Returns the id of the stream that an event belongs to; undefined if the event is not stored.
   */
  getStreamIdForEventId?(eventId: string): Promise<string | undefined>;
  /**
   * Sends the messages that were stored after an event of the same stream, in order.
   * @returns The stream's id. For an unknown event, any value.
   */
  replayEventsAfter(
    lastEventId: string,
    options: { send: (eventId: string, message: JsonRpcMessage) => Promise<void> },
  ): Promise<string>;
  /** Deletes all streams whose ids start with a prefix, because their session is over. */
  deleteStreams?(prefix: string): Promise<void>;
}

/**
 * Limits of a {@link MemoryEventStore}. Beyond any of them, it deletes the oldest messages of the
 * callers that have the most.
 */
export interface MemoryEventStoreOptions {
  /** Maximum number of messages, over all sessions. Default 10,000. */
  readonly maxEvents?: number;
  /** Maximum number of bytes, estimated, over all sessions. Default 64 MiB. */
  readonly maxBytes?: number;
  /** Time after which a message is deleted. Default `"10m"`. */
  readonly ttl?: TimeSpan;
}

const OPTIONS: OptionsSpec<MemoryEventStoreOptions> = {
  maxEvents: checkPositiveInteger,
  maxBytes: checkPositiveInteger,
  ttl: checkPositiveDuration,
};

interface StoredEvent {
  readonly streamId: string;
  /** The message as JSON, which takes less memory. */
  readonly json: string;
  readonly expiresAt: number;
}

const DEFAULT_MAX_EVENTS = 10_000;
const DEFAULT_MAX_BYTES = 64 * 1024 * 1024;
const DEFAULT_TTL_MS = 10 * 60 * 1000;
const BYTES_PER_CHARACTER = 2;

/**
 * Stores messages to clients in the memory of this process, within limits, so that clients can
 * resume after a lost connection.
 *
 * @throws MethodicError `INVALID_HTTP_OPTIONS`
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
 * export default createServer({
 *   name: "reports",
 *   version: "1.0.0",
 *   services: [Reports],
 *   http: { sessions: { eventStore } },
 * });
 * ```
 */
export class MemoryEventStore implements EventStore {
  readonly #ttlMs: number;
  /** The events by id, oldest first. */
  readonly #events = new Map<string, StoredEvent>();
  readonly #streams = new Map<string, Map<string, StoredEvent>>();
  /** The event ids by caller. */
  readonly #kept: InFlight<string>;
  readonly #bytes: InFlight<string>;
  #count = 0;

  constructor(options: MemoryEventStoreOptions = {}) {
    checkOptions(options, OPTIONS, { where: "MemoryEventStore", code: "INVALID_HTTP_OPTIONS" });
    const { maxEvents = DEFAULT_MAX_EVENTS, maxBytes = DEFAULT_MAX_BYTES, ttl } = options;
    // An event is stored before others make room for it.
    this.#kept = new InFlight(maxEvents + 1);
    this.#bytes = new InFlight(maxBytes + 1);
    this.#ttlMs = toMilliseconds(ttl) ?? DEFAULT_TTL_MS;
  }

  /** The number of stored messages. */
  get size(): number {
    return this.#events.size;
  }

  async storeEvent(streamId: string, message: JsonRpcMessage): Promise<string> {
    const eventId = `${streamId}_${++this.#count}`;
    const event = { streamId, json: JSON.stringify(message), expiresAt: Date.now() + this.#ttlMs };
    this.#events.set(eventId, event);
    const stream = this.#streams.get(streamId) ?? new Map<string, StoredEvent>();
    this.#streams.set(streamId, stream.set(eventId, event));
    const caller = callerOf(streamId);
    this.#kept.enter(eventId, caller);
    this.#bytes.enter(eventId, caller, (eventId.length + event.json.length) * BYTES_PER_CHARACTER);
    this.#deleteExpired();
    for (let excess = this.#findExcess(caller); excess !== undefined; excess = this.#findExcess(caller)) {
      this.#delete(excess);
    }
    return eventId;
  }

  async getStreamIdForEventId(eventId: string): Promise<string | undefined> {
    this.#deleteExpired();
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
      for (const eventId of events.keys()) this.#delete(eventId);
    }
  }

  #findExcess(caller: string): string | undefined {
    return this.#kept.findExcess(caller) ?? this.#bytes.findExcess(caller);
  }

  #deleteExpired(): void {
    const now = Date.now();
    for (const [eventId, { expiresAt }] of this.#events) {
      if (expiresAt > now) return;
      this.#delete(eventId);
    }
  }

  #delete(eventId: string): void {
    const { streamId = "" } = this.#events.get(eventId) ?? {};
    this.#events.delete(eventId);
    this.#kept.leaveAll(eventId);
    this.#bytes.leaveAll(eventId);
    const stream = this.#streams.get(streamId);
    stream?.delete(eventId);
    if (stream?.size === 0) this.#streams.delete(streamId);
  }
}

function callerOf(streamId: string): string {
  return /^[^.:]*/.exec(streamId)?.[0] ?? "";
}

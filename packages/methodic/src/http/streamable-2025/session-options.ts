import { type TimeSpan, toMilliseconds } from "../../util/duration.ts";
import type { EventStore } from "../event-store.ts";

/**
 * Options for the sessions of clients of 2025-11-25 and earlier. Sessions live in this process: a
 * load balancer in front of several processes must send all requests with the same `Mcp-Session-Id`
 * to the same process.
 */
export interface SessionOptions {
  /**
   * Ends a session after this time without a message, unless a client is connected: it waits for an
   * answer, or reads an open stream. Default 30 minutes.
   */
  readonly idleTimeout?: TimeSpan;
  /** Maximum number of concurrent sessions; beyond it, 503. Default 10,000. */
  readonly max?: number;
  /**
   * Stores the messages to clients, so that a client that lost its connection can resume with
   * `Last-Event-ID`; its calls keep running. Default: no store, and a call is aborted when its
   * client disconnects.
   */
  readonly eventStore?: EventStore;
  /** With an event store: time after which a client should reconnect. Default 1 second. */
  readonly retryInterval?: TimeSpan;
}

/** Session options with their defaults. */
export interface ResolvedSessionOptions {
  readonly idleMs: number;
  readonly max: number;
  readonly eventStore: EventStore | undefined;
  readonly retryMs: number;
}

const DEFAULT_IDLE_MS = 30 * 60 * 1000;
const DEFAULT_MAX = 10_000;
const DEFAULT_RETRY_MS = 1000;

/** Adds the defaults to checked session options. */
export function resolveSessionOptions(options: SessionOptions = {}): ResolvedSessionOptions {
  const { idleTimeout, max = DEFAULT_MAX, eventStore, retryInterval } = options;
  return {
    idleMs: toMilliseconds(idleTimeout) ?? DEFAULT_IDLE_MS,
    max,
    eventStore,
    retryMs: toMilliseconds(retryInterval) ?? DEFAULT_RETRY_MS,
  };
}

import { type TimeSpan, toMilliseconds } from "../../util/duration.ts";
import type { EventStore } from "../event-store.ts";

/**
 * How sessions are kept, for clients of 2025-11-25 and older. They live in this process: several processes behind a load balancer need it to
 * send all requests with the same `Mcp-Session-Id` to the same one.
 */
export interface SessionOptions {
  /**
   * A session is ended when for so long no message has come or gone, and no client is connected: by a call that is being answered, or a stream
   * that is open and read. Default 30 minutes.
   */
  readonly idleTimeout?: TimeSpan;
  /** Sessions open at the same time. Default 10 000. One more is answered with 503. */
  readonly max?: number;
  /**
   * Keeps what was sent, so that a client whose connection broke gets what it missed (`Last-Event-ID`), and its calls go on meanwhile.
   * Default: nothing is kept, and a call is aborted when its client goes away.
   */
  readonly eventStore?: EventStore;
  /** With an event store: how soon a client whose connection broke shall come back. Default 1 second. */
  readonly retryInterval?: TimeSpan;
}

/** Session options, complete. */
export interface ResolvedSessionOptions {
  readonly idleMs: number;
  readonly max: number;
  readonly eventStore: EventStore | undefined;
  readonly retryMs: number;
}

const DEFAULT_IDLE_MS = 30 * 60 * 1000;
const DEFAULT_MAX = 10_000;
const DEFAULT_RETRY_MS = 1000;

/** Completes session options that were checked. */
export function resolveSessionOptions(options: SessionOptions = {}): ResolvedSessionOptions {
  const { idleTimeout, max = DEFAULT_MAX, eventStore, retryInterval } = options;
  return {
    idleMs: toMilliseconds(idleTimeout) ?? DEFAULT_IDLE_MS,
    max,
    eventStore,
    retryMs: toMilliseconds(retryInterval) ?? DEFAULT_RETRY_MS,
  };
}

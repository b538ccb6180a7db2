import type { TimeSpan } from "../duration.ts";
import type { EventStore } from "./event-store.ts";

/** How sessions are kept, for clients of 2025-11-25 and older. */
export interface SessionOptions {
  /** A session that is not used for so long is ended. Default 30 minutes. */
  readonly idleTimeout?: TimeSpan;
  /** Sessions open at the same time. Default 10 000. One more is answered with 503. */
  readonly max?: number;
  /** Keeps what was sent, so that a client whose connection broke gets what it missed (`Last-Event-ID`). Default: nothing is kept. */
  readonly eventStore?: EventStore;
}

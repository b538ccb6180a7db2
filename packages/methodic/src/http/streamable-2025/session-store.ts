import { toError } from "../../errors.ts";
import { InFlight } from "../../util/in-flight.ts";
import { startTimer } from "../../util/timers.ts";
import { errorResponse, type HttpRefusal, limitResponse, type LimitState } from "../responses.ts";
import type { ResolvedSessionOptions } from "./session-options.ts";

/** An MCP session. */
export interface Session {
  /** The id that its client sends. It does not authenticate: the caller must be the owner. */
  readonly id: string;
  /** The key of the caller that opened it. */
  readonly owner: string;
  /** Key of its caller's share of the sessions. */
  readonly shareKey: string | undefined;
  /** True while a client waits for an answer or listens. */
  readonly isConnected: boolean;
  /** Time of the client's last activity, in ms since 1970. */
  readonly activeAt: number;
  /** Ends the session, and answers its pending requests with the refusal. */
  close(refusal: HttpRefusal): Promise<void>;
}

const UNKNOWN_SESSION: HttpRefusal = {
  status: 404,
  // The code that other MCP servers use for an unknown session.
  code: -32_001,
  message: "Session not found; it may have ended. Send initialize without Mcp-Session-Id to open another one.",
};

const MAX_SWEEP_INTERVAL_MS = 60_000;

/** Options of a {@link SessionStore}. */
export interface SessionStoreOptions extends Pick<ResolvedSessionOptions, "idleMs" | "max"> {
  /** The part of the sessions that one caller may open. */
  readonly callerShare: number;
}

/**
 * All sessions of an endpoint. One timer ends idle sessions; it runs only while there are sessions.
 */
export class SessionStore {
  readonly #idleMs: number;
  readonly #sessions = new Map<string, Session>();
  readonly #open: InFlight<Session>;
  /** Sessions that no request has named, oldest first. */
  readonly #unused = new Set<Session>();
  readonly #onError: (error: Error) => void;
  #stopTimer: (() => void) | undefined;

  constructor({ idleMs, max, callerShare }: SessionStoreOptions, onError: (error: Error) => void) {
    this.#idleMs = idleMs;
    this.#open = new InFlight(max, callerShare);
    this.#onError = onError;
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** True if no caller can open another session. */
  get isFull(): boolean {
    return this.#open.isFull;
  }

  /**
   * Checks whether a caller can open another session. To make room, ends idle sessions, then the
   * oldest one that no request has named: some clients send `initialize` with each request.
   */
  makeRoom(shareKey: string | undefined): boolean {
    const hasRoom = (): boolean => !this.#open.isFull && !this.#open.isShareTaken(shareKey);
    if (hasRoom()) return true;
    this.#sweep();
    for (const session of this.#unused) {
      if (hasRoom()) return true;
      // Another caller's session makes room only within the total.
      const helps = session.shareKey === shareKey || !this.#open.isShareTaken(shareKey);
      if (helps && !session.isConnected) void this.remove(session);
    }
    return hasRoom();
  }

  add(session: Session): void {
    this.#sessions.set(session.id, session);
    this.#unused.add(session);
    this.#open.enter(session, session.shareKey);
    this.#stopTimer ??= startTimer(() => this.#sweep(), Math.min(this.#idleMs, MAX_SWEEP_INTERVAL_MS));
  }

  /** Finds a session by its id, if the caller owns it and it is of the transport's class. */
  find<Found extends Session>(
    id: string,
    callerKey: string,
    transport: abstract new (...args: never) => Found,
  ): Found | undefined {
    const session = this.#sessions.get(id);
    if (session && this.#isIdle(session)) void this.remove(session);
    else if (session?.owner === callerKey && session instanceof transport) {
      this.#unused.delete(session);
      return session;
    }
    return undefined;
  }

  /** Removes a session and ends it. */
  async remove(session: Session, refusal: HttpRefusal = UNKNOWN_SESSION): Promise<void> {
    if (!this.#sessions.delete(session.id)) return;
    this.#unused.delete(session);
    this.#open.leaveAll(session);
    if (this.#sessions.size === 0) {
      this.#stopTimer?.();
      this.#stopTimer = undefined;
    }
    try {
      await session.close(refusal);
    } catch (error) {
      this.#onError(toError(error));
    }
  }

  async removeAll(refusal: HttpRefusal): Promise<void> {
    await Promise.all(Array.from(this.#sessions.values(), (session) => this.remove(session, refusal)));
  }

  #sweep(): void {
    for (const session of this.#sessions.values()) if (this.#isIdle(session)) void this.remove(session);
  }

  #isIdle(session: Session): boolean {
    return Date.now() - session.activeAt >= this.#idleMs && !session.isConnected;
  }
}

/** Creates the response for a session id that is unknown, or that belongs to another caller. */
export function unknownSessionResponse(): Response {
  return errorResponse(UNKNOWN_SESSION);
}

/** Creates the response to `initialize` beyond the limit of sessions. */
export function tooManySessionsResponse(limit: LimitState, shareKey: string | undefined): Response {
  return limitResponse(limit, { of: "sessions", retrySeconds: 30, shareKey });
}

import { toError } from "../../errors.ts";
import { startTimer } from "../../util/timers.ts";
import { errorResponse } from "../responses.ts";
import type { ResolvedSessionOptions } from "./session-options.ts";

/** An MCP session. */
export interface Session {
  /** The id that its client sends. It does not authenticate: the caller must be the owner. */
  readonly id: string;
  /** The key of the caller that opened it. */
  readonly owner: string;
  /** True while a client waits for an answer or listens. */
  readonly isConnected: boolean;
  /** Time of the client's last activity, in ms since 1970. */
  readonly activeAt: number;
  /** Ends the session. @param response Sent to clients that wait for an answer */
  close(response: Response): Promise<void>;
}

// The code that other MCP servers use for an unknown session.
const SESSION_NOT_FOUND = -32_001;

const MAX_SWEEP_INTERVAL_MS = 60_000;

/**
 * All sessions of an endpoint. One timer ends idle sessions; it runs only while there are sessions.
 */
export class SessionStore {
  readonly #options: Pick<ResolvedSessionOptions, "idleMs" | "max">;
  readonly #sessions = new Map<string, Session>();
  readonly #onError: (error: Error) => void;
  #stopTimer: (() => void) | undefined;

  constructor(options: Pick<ResolvedSessionOptions, "idleMs" | "max">, onError: (error: Error) => void) {
    this.#options = options;
    this.#onError = onError;
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** Checks whether another session can be opened. Ends idle sessions to make room. */
  hasRoom(): boolean {
    if (this.#sessions.size >= this.#options.max) this.#sweep();
    return this.#sessions.size < this.#options.max;
  }

  add(session: Session): void {
    this.#sessions.set(session.id, session);
    this.#stopTimer ??= startTimer(() => this.#sweep(), Math.min(this.#options.idleMs, MAX_SWEEP_INTERVAL_MS));
  }

  /** Finds a session by its id, if the caller owns it and it is of the transport's class. */
  find<Found extends Session>(
    id: string,
    callerKey: string,
    transport: abstract new (...args: never) => Found,
  ): Found | undefined {
    const session = this.#sessions.get(id);
    if (session && this.#isIdle(session)) void this.remove(session);
    else if (session?.owner === callerKey && session instanceof transport) return session;
    return undefined;
  }

  /** Removes a session and ends it. */
  async remove(session: Session, response: Response = unknownSessionResponse()): Promise<void> {
    if (!this.#sessions.delete(session.id)) return;
    if (this.#sessions.size === 0) {
      this.#stopTimer?.();
      this.#stopTimer = undefined;
    }
    try {
      await session.close(response);
    } catch (error) {
      this.#onError(toError(error));
    }
  }

  async removeAll(createResponse: () => Response): Promise<void> {
    await Promise.all(Array.from(this.#sessions.values(), (session) => this.remove(session, createResponse())));
  }

  #sweep(): void {
    for (const session of this.#sessions.values()) if (this.#isIdle(session)) void this.remove(session);
  }

  #isIdle(session: Session): boolean {
    return Date.now() - session.activeAt >= this.#options.idleMs && !session.isConnected;
  }
}

/** Creates the response for a session id that is unknown, or that belongs to another caller. */
export function unknownSessionResponse(): Response {
  return errorResponse({
    status: 404,
    code: SESSION_NOT_FOUND,
    message: "Session not found; it may have ended. Send initialize without Mcp-Session-Id to open another one.",
  });
}

/** Creates the response to `initialize` beyond the limit of sessions. */
export function tooManySessionsResponse(): Response {
  return errorResponse({
    status: 503,
    message: "The server has reached its maximum number of sessions. Try again later.",
    headers: { "retry-after": "30" },
  });
}

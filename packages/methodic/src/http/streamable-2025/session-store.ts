import { type AuthInfo, identifyCaller } from "../../context/auth-info.ts";
import { startTimer } from "../../util/timers.ts";
import { refuse } from "../responses.ts";
import type { ResolvedSessionOptions } from "./session-options.ts";

/** A client's stay, which spans its requests. */
export interface Session {
  /** What the client names it by. To know it is not enough: the caller must be the one that began it. */
  readonly id: string;
  readonly owner: string;
  /** Whether a client waits for an answer or listens. */
  readonly isConnected: boolean;
  /** When its client was heard of the last time, in ms since 1970. */
  readonly activeAt: number;
  /** Ends everything that belongs to it; who still waits for an answer gets this one. */
  close(response: Response): Promise<void>;
}

/** What MCP servers answer for a session that is not there. */
const SESSION_NOT_FOUND = -32_001;

const MAX_SWEEP_INTERVAL_MS = 60_000;

/** All sessions of an endpoint. One timer releases those that are idle; none runs while there is no session. */
export class SessionStore {
  readonly #settings: Pick<ResolvedSessionOptions, "idleMs" | "max">;
  readonly #sessions = new Map<string, Session>();
  readonly #onError: (error: Error) => void;
  #stopTimer: (() => void) | undefined;

  constructor(settings: Pick<ResolvedSessionOptions, "idleMs" | "max">, onError: (error: Error) => void) {
    this.#settings = settings;
    this.#onError = onError;
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** Whether another session can begin. Sessions that are over by now are released first; those of others never are. */
  hasRoom(): boolean {
    if (this.#sessions.size >= this.#settings.max) this.#sweep();
    return this.#sessions.size < this.#settings.max;
  }

  add(session: Session): void {
    this.#sessions.set(session.id, session);
    this.#stopTimer ??= startTimer(() => this.#sweep(), Math.min(this.#settings.idleMs, MAX_SWEEP_INTERVAL_MS));
  }

  /** Finds a session by its id, if it belongs to this caller and to this transport, which its class stands for. */
  find<Found extends Session>(
    id: string,
    auth: AuthInfo | undefined,
    transport: abstract new (...args: never) => Found,
  ): Found | undefined {
    const session = this.#sessions.get(id);
    if (session && this.#isOver(session)) void this.remove(session);
    else if (session?.owner === identifyCaller(auth) && session instanceof transport) return session;
    return undefined;
  }

  /** Takes a session out and ends it. */
  async remove(session: Session, response: Response = refuseSession()): Promise<void> {
    if (!this.#sessions.delete(session.id)) return;
    if (this.#sessions.size === 0) {
      this.#stopTimer?.();
      this.#stopTimer = undefined;
    }
    try {
      await session.close(response);
    } catch (error) {
      this.#onError(error instanceof Error ? error : new Error(String(error)));
    }
  }

  async removeAll(createResponse: () => Response): Promise<void> {
    await Promise.all(Array.from(this.#sessions.values(), (session) => this.remove(session, createResponse())));
  }

  #sweep(): void {
    for (const session of this.#sessions.values()) if (this.#isOver(session)) void this.remove(session);
  }

  #isOver(session: Session): boolean {
    return Date.now() - session.activeAt >= this.#settings.idleMs && !session.isConnected;
  }
}

/** The same words for a session of another caller as for one that never was. */
export function refuseSession(): Response {
  return refuse({
    status: 404,
    code: SESSION_NOT_FOUND,
    message: "Session not found: it has ended, or never was. Send initialize without Mcp-Session-Id to begin another.",
  });
}

/** Too many sessions. */
export function refuseMoreSessions(): Response {
  return refuse({
    status: 503,
    message: "The server has as many sessions as it can hold. Try again later.",
    headers: { "retry-after": "30" },
  });
}

import type { McpServerFactory } from "@modelcontextprotocol/server";
import { InFlight } from "../../util/in-flight.ts";
import { CLOSING } from "../responses.ts";
import { type AuthorizedRequest, type RequestHandler, type RequestHandlerDeps, serveSafely } from "./request.ts";
import { resolveSessionOptions, type SessionOptions } from "./session-options.ts";
import { SessionStore } from "./session-store.ts";
import { SessionHandler } from "./sessions.ts";
import { StatelessHandler } from "./stateless.ts";

/** Dependencies of a {@link StreamableHttpHandler}. */
export interface StreamableHttpDeps {
  /** Creates the SDK server of a single POST. */
  readonly stateless: McpServerFactory;
  /** Creates the SDK server of a session. */
  readonly session: McpServerFactory;
  /** Checked session options. Default: no sessions; each POST stands alone. */
  readonly sessions?: SessionOptions | undefined;
  readonly onError: (error: Error) => void;
  /** Maximum number of calls that run at the same time. Default: unlimited. */
  readonly maxCalls?: number;
  /** The part of the limits that one caller may take. Default 1: all of it. */
  readonly callerShare?: number;
  /** Interval of keep-alive comments on open streams, in ms. Default 5 s; 0 disables them. */
  readonly keepAliveMs?: number;
  /** Maximum number of bytes that wait on a stream whose client does not read. Default 4 MiB. */
  readonly maxBufferedBytes?: number;
}

const DEFAULT_KEEP_ALIVE_MS = 5_000;
const DEFAULT_MAX_BUFFERED_BYTES = 4 * 1024 * 1024;

/** Serves Streamable HTTP to clients of 2025-11-25, 2025-06-18 and 2025-03-26. */
export class StreamableHttpHandler {
  /** Dependencies that other transports of the same endpoint share, and with them the limits. */
  readonly deps: RequestHandlerDeps;
  readonly #handler: RequestHandler;
  #isClosing = false;

  constructor({
    stateless,
    session,
    sessions,
    onError,
    maxCalls,
    callerShare = 1,
    keepAliveMs = DEFAULT_KEEP_ALIVE_MS,
    maxBufferedBytes = DEFAULT_MAX_BUFFERED_BYTES,
  }: StreamableHttpDeps) {
    const options = resolveSessionOptions(sessions);
    this.deps = {
      sse: { keepAliveMs, maxBufferedBytes },
      sessions: new SessionStore({ ...options, callerShare }, onError),
      calls: new InFlight(maxCalls, callerShare),
      isClosing: () => this.#isClosing,
      onError,
    };
    this.#handler = sessions
      ? new SessionHandler(this.deps, options, session)
      : new StatelessHandler(this.deps, stateless);
  }

  /** Serves a request. Never rejects: a failure becomes a response. */
  handle(request: AuthorizedRequest): Promise<Response> {
    return serveSafely(this.deps.onError, () => this.#handler.serve(request));
  }

  /**
   * Resolves when no call is running, or after a timeout. A call can run without a request that
   * waits for it, while its client is expected to reconnect.
   */
  drained(timeoutMs: number): Promise<void> {
    return this.deps.calls.drained(timeoutMs);
  }

  /** Takes no more calls, and ends those that are running, all sessions and all streams. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await this.deps.sessions.removeAll(CLOSING);
    await Promise.all(this.deps.calls.owners.map((owner) => owner.close(CLOSING)));
  }
}

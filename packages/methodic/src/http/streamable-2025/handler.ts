import type { McpServerFactory } from "@modelcontextprotocol/server";
import { InFlight } from "../../util/in-flight.ts";
import { refuseClosing } from "../responses.ts";
import { type RequestHandlerDeps, serveSafely, type AuthorizedRequest, type RequestHandler } from "./request.ts";
import { Running } from "./running.ts";
import { resolveSessionOptions, type SessionOptions } from "./session-options.ts";
import { SessionStore } from "./session-store.ts";
import { SessionHandler } from "./sessions.ts";
import { StatelessHandler } from "./stateless.ts";

/** What a legacy leg is made of. */
export interface StreamableHttpDeps {
  /** Makes the SDK server of a single POST. */
  readonly stateless: McpServerFactory;
  /** Makes the SDK server of a session. */
  readonly session: McpServerFactory;
  /** Missing: no sessions; each POST stands alone. */
  readonly sessions?: SessionOptions | undefined;
  readonly onError: (error: Error) => void;
  /** How many calls may run at the same time. Default: as many as are sent. */
  readonly maxCalls?: number;
  /** How often an open stream says that it is there, in ms. Default 15 s; 0: never. */
  readonly keepAliveMs?: number;
  /** How many bytes may wait on a stream whose client does not read. Default 4 MiB. */
  readonly maxBufferedBytes?: number;
}

/** Streamable HTTP for clients of 2025-11-25, 2025-06-18 and 2025-03-26. */
export interface StreamableHttpHandler {
  /** Serves a request. Never throws: what fails becomes a response. */
  handle(exchange: AuthorizedRequest): Promise<Response>;
  /** Resolves when no call is running any more, be it one whose client has gone for the moment, or after so many ms. */
  settled(timeoutMs: number): Promise<void>;
  /** Takes no more calls, and ends everything that is open. */
  close(): Promise<void>;
  /** For the other ways of serving older clients at the same endpoint. */
  readonly parts: RequestHandlerDeps;
}

const DEFAULT_KEEP_ALIVE_MS = 15_000;
const DEFAULT_MAX_BUFFERED_BYTES = 4 * 1024 * 1024;

/** Makes the part of an endpoint that serves clients of 2025-11-25 and before. Session options must have been checked. */
export function createStreamableHttpHandler(options: StreamableHttpDeps): StreamableHttpHandler {
  return new Leg(options);
}

class Leg implements StreamableHttpHandler {
  readonly parts: RequestHandlerDeps;
  readonly #serving: RequestHandler;
  #isClosing = false;

  constructor(options: StreamableHttpDeps) {
    const {
      onError,
      maxCalls = Number.POSITIVE_INFINITY,
      keepAliveMs = DEFAULT_KEEP_ALIVE_MS,
      maxBufferedBytes = DEFAULT_MAX_BUFFERED_BYTES,
    } = options;
    const settings = resolveSessionOptions(options.sessions);
    const isClosing = (): boolean => this.#isClosing;
    this.parts = {
      streams: { keepAliveMs, maxBufferedBytes },
      table: new SessionStore(settings, onError),
      running: new Running(),
      calls: new InFlight(maxCalls),
      isClosing,
      onError,
    };
    this.#serving = options.sessions
      ? new SessionHandler(this.parts, settings, options.session)
      : new StatelessHandler(this.parts, options.stateless);
  }

  handle(exchange: AuthorizedRequest): Promise<Response> {
    return serveSafely(this.parts.onError, () => this.#serving.serve(exchange));
  }

  settled(timeoutMs: number): Promise<void> {
    return this.parts.running.settled(timeoutMs);
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    await this.parts.table.removeAll(refuseClosing);
    await this.parts.running.closeAll(refuseClosing);
  }
}

import type { IncomingMessage, ServerResponse } from "node:http";
import { InFlight } from "../../util/in-flight.ts";
import { callAt } from "../../util/timers.ts";

/** A Node request and its reply. */
export interface ReplyContext {
  readonly message: IncomingMessage;
  readonly reply: ServerResponse;
  /** Aborts when the client disconnects. */
  readonly signal: AbortSignal;
  /** Key of the caller's share of the bytes. Default: the connection. */
  readonly shareKey?: string | undefined;
}

/** Limits of responses that wait for their clients. */
export interface UnreadLimits {
  /** Maximum number of bytes that wait, over all connections. */
  readonly responseBuffer: number;
  /** The part of them that may wait for one caller. */
  readonly callerShare: number;
  /** Maximum time in which a client reads nothing, in ms. */
  readonly readTimeout: number;
}

const UNLIMITED: UnreadLimits = {
  responseBuffer: Number.POSITIVE_INFINITY,
  callerShare: 1,
  readTimeout: Number.POSITIVE_INFINITY,
};

/**
 * Responses that wait for their clients to read them. Beyond a limit, connections are closed: that
 * of a client that reads nothing, and the oldest of the caller with the most bytes.
 */
export class UnreadResponses {
  readonly #timeoutMs: number;
  readonly #waiting: InFlight<ReplyContext>;
  readonly #connections = new WeakMap<object, string>();
  #connectionCount = 0;

  constructor({ responseBuffer, callerShare, readTimeout }: UnreadLimits = UNLIMITED) {
    this.#timeoutMs = readTimeout > 0 ? readTimeout : Number.POSITIVE_INFINITY;
    this.#waiting = new InFlight(responseBuffer, callerShare);
  }

  /** Adds a response. Call `leave` once it was read, or the client has disconnected. */
  enter(context: ReplyContext, bytes: number): void {
    const key = context.shareKey ?? this.#connectionOf(context.message);
    for (let other = this.#waiting.findExcess(key); other; other = this.#waiting.findExcess(key)) {
      this.leave(other);
      closeConnection(other);
    }
    this.#waiting.enter(context, key, bytes);
  }

  leave(context: ReplyContext): void {
    this.#waiting.leaveAll(context);
  }

  /**
   * Waits for an event after which the client has read enough. Resolves also when the client has
   * disconnected, or is cut off.
   */
  async until(event: "drain" | "finish", context: ReplyContext): Promise<void> {
    const { reply, signal } = context;
    await new Promise<void>((resolve) => {
      let stopTimer: () => void = () => undefined;
      const startTimer = (): void => {
        stopTimer = callAt(() => {
          // Without a socket, the response waits for an earlier one of the connection.
          if (reply.socket === null) startTimer();
          else closeConnection(context);
        }, Date.now() + this.#timeoutMs);
      };
      const done = (): void => {
        stopTimer();
        reply.off(event, done);
        signal.removeEventListener("abort", done);
        resolve();
      };
      startTimer();
      reply.on(event, done);
      signal.addEventListener("abort", done);
      if (signal.aborted) done();
    });
  }

  #connectionOf({ socket }: IncomingMessage): string {
    const known = this.#connections.get(socket) ?? `connection ${++this.#connectionCount}`;
    this.#connections.set(socket, known);
    return known;
  }
}

/** Closes the connection of a reply, or over HTTP/2 its stream. */
function closeConnection({ message, reply }: ReplyContext): void {
  if (message.httpVersionMajor >= 2) reply.destroy();
  else message.socket.destroy();
}

import type { IncomingMessage, ServerResponse } from "node:http";
import { BodyConsumedError, type HttpRequest } from "../../http/request.ts";
import { errorResponse, internalErrorResponse } from "../../http/responses.ts";
import { InFlight } from "../../util/in-flight.ts";
import { type WriteLog, writeLog } from "../../util/log.ts";
import { BadRequestError, type NodeMessage, readNodeRequest } from "./request.ts";
import { type HeldResponse, sendResponse } from "./response.ts";
import { type ReplyContext, type UnreadLimits, UnreadResponses } from "./unread.ts";

/**
 * Handles a request of `node:http` or of a framework built on it: Express, Fastify (`request.raw`,
 * `reply.raw`), Next. With `next`, requests for paths that the endpoint does not serve are passed
 * on. The promise resolves when the response was written or the client has disconnected; it never
 * rejects.
 */
export type NodeRequestHandler = (
  message: IncomingMessage,
  reply: ServerResponse,
  next?: (error?: unknown) => void,
) => Promise<void>;

/** The part of an HTTP endpoint that a {@link NodeRequestHandler} uses. */
export interface NodeHandlerEndpoint {
  /** Checks whether a request is for one of the endpoint's paths. Default: every request is. */
  serves?(request: HttpRequest): boolean;
  handle(request: HttpRequest): Promise<Response>;
}

/** Dependencies of a {@link NodeRequestHandler}. */
export interface NodeHandlerDeps {
  /** Logs failures. Default: stderr. */
  readonly log?: WriteLog | undefined;
  /** Returns true while the server closes; responses then end their connections. */
  readonly isClosing?: () => boolean;
  /** True if the handler, not Node, sends `100 Continue`. Default false. */
  readonly sendsContinue?: boolean;
  /** Limits of responses that wait for their clients. Default: unlimited. */
  readonly limits?: UnreadLimits;
}

/** Creates the Node request handler of an endpoint, which may still be loading. */
export function createNodeHandler(
  endpoint: NodeHandlerEndpoint | Promise<NodeHandlerEndpoint>,
  deps: NodeHandlerDeps = {},
): NodeRequestHandler {
  const log = deps.log ?? writeLog;
  const signals = new DisconnectSignals();
  const unread = new UnreadResponses(deps.limits);
  return async (message, reply, next) => {
    const { signal, release } = signals.create(message, reply);
    // A client that disconnects during the response is not a failure.
    reply.on("error", () => undefined);
    const onBodyWanted = (): void => {
      if (deps.sendsContinue && expectsContinue(message)) reply.writeContinue();
    };
    try {
      const respondDeps = { signal, onBodyWanted, hasNext: next !== undefined };
      const responded = await respond(await endpoint, message, respondDeps);
      const { shareKey } = responded;
      if (!responded.response) return next?.();
      // Requests that are pipelined behind this one need the connection.
      if (deps.isClosing?.() && signals.count(message) === 1 && !reply.headersSent) reply.shouldKeepAlive = false;
      await sendResponse(responded, { message, reply, signal, shareKey }, unread);
    } catch (error) {
      if (signal.aborted) return;
      log("methodic: the response to an HTTP request failed", { error });
      await sendFailure(error, { message, reply, signal });
    } finally {
      release();
    }
  };
}

/** The response to a request; none if another handler has to answer. */
interface Responded extends HeldResponse {
  readonly shareKey?: string | undefined;
}

/** Returns the endpoint's response. */
async function respond(
  endpoint: NodeHandlerEndpoint,
  message: NodeMessage,
  { hasNext, ...deps }: Parameters<typeof readNodeRequest>[1] & { readonly hasNext: boolean },
): Promise<Responded> {
  try {
    const request = readNodeRequest(message, deps);
    if (hasNext && endpoint.serves?.(request) === false) return { response: undefined };
    // The constructor of Request refuses these methods.
    if (/^(?:CONNECT|TRACE|TRACK)$/.test(request.method))
      return { response: errorResponse({ status: 405, message: `Method not allowed: ${request.method}.` }) };
    const response = await endpoint.handle(request);
    return { response, shareKey: request.shareKey };
  } catch (error) {
    if (error instanceof BadRequestError) return { response: errorResponse({ status: 400, message: error.message }) };
    throw error;
  }
}

/** Sends a 500 that hides the cause, unless the application's author has to fix it. */
async function sendFailure(error: unknown, context: ReplyContext): Promise<void> {
  if (context.reply.headersSent) return void context.reply.destroy();
  try {
    const response = internalErrorResponse(error instanceof BodyConsumedError ? error.message : undefined);
    await sendResponse({ response }, context);
  } catch {
    context.reply.destroy();
  }
}

function expectsContinue({ headers, httpVersionMajor }: IncomingMessage): boolean {
  return httpVersionMajor < 2 && /^100-continue$/i.test(headers.expect ?? "");
}

/**
 * Creates signals that abort when a client disconnects. Of several pipelined requests, Node
 * notifies only the first, so connections are watched as well.
 */
class DisconnectSignals {
  readonly #inFlight = new WeakMap<object, InFlight<AbortController>>();

  /** Creates the signal of a request. Call `release` once the request was answered. */
  create(
    message: IncomingMessage,
    reply: ServerResponse,
  ): { readonly signal: AbortSignal; readonly release: () => void } {
    const controller = new AbortController();
    const { signal } = controller;
    reply.on("close", () => {
      // HTTP/2 counts a stream that was reset as finished.
      if (!reply.writableFinished || !reply.writableEnded) controller.abort();
    });
    // The streams of an HTTP/2 connection each emit `close`.
    if (message.httpVersionMajor >= 2) return { signal, release: () => undefined };
    const inFlight = this.#watch(message.socket);
    inFlight.enter(controller);
    if (message.socket.destroyed) controller.abort();
    return { signal, release: () => inFlight.leave(controller) };
  }

  /** Counts the requests in flight on a request's connection. */
  count({ socket }: IncomingMessage): number {
    return this.#inFlight.get(socket)?.size ?? 0;
  }

  #watch(socket: IncomingMessage["socket"]): InFlight<AbortController> {
    const known = this.#inFlight.get(socket);
    if (known) return known;
    const inFlight = new InFlight<AbortController>();
    this.#inFlight.set(socket, inFlight);
    socket.once("close", () => {
      for (const controller of inFlight.owners) controller.abort();
    });
    return inFlight;
  }
}

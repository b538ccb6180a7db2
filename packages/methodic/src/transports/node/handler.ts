import type { IncomingMessage, ServerResponse } from "node:http";
import process from "node:process";
import { BodyConsumedError, type HttpRequest } from "../../http/request.ts";
import { refuse, refuseInternal } from "../../http/responses.ts";
import { InFlight } from "../../util/in-flight.ts";
import { BadRequestError, type NodeMessage, readNodeRequest } from "./request.ts";
import { sendResponse } from "./response.ts";

/**
 * Answers a request of `node:http`, and of what is built on it: Express, Fastify (`request.raw`, `reply.raw`), Next.
 * With a `next`, it leaves to it the requests for paths that the endpoint does not serve.
 * The promise resolves when the answer was written or the client has gone; it never rejects.
 */
export type NodeRequestHandler = (
  message: IncomingMessage,
  reply: ServerResponse,
  next?: (error?: unknown) => void,
) => Promise<void>;

/** What {@link createNodeHandler} serves. */
export interface NodeEndpoint {
  /** Whether a request is for one of the endpoint's paths. Default: it is. */
  serves?(request: HttpRequest): boolean;
  handle(request: HttpRequest): Promise<Response>;
}

/** How {@link createNodeHandler} handles. */
export interface NodeHandlerOptions {
  /** Where failures are told. Default: stderr. */
  readonly report?: (text: string) => void;
  /** Whether the server is closing, so that connections are not kept. */
  readonly isClosing?: () => boolean;
  /** Whether Node leaves `100 Continue` to the handler. Default false. */
  readonly sendsContinue?: boolean;
}

/** Makes a handler of Node requests of an endpoint, which may still be on its way. */
export function createNodeHandler(
  endpoint: NodeEndpoint | Promise<NodeEndpoint>,
  options: NodeHandlerOptions = {},
): NodeRequestHandler {
  const report = options.report ?? ((text) => void process.stderr.write(`${text}\n`));
  const calls = new ConnectionCalls();
  return async (message, reply, next) => {
    const { signal, release } = calls.watch(message, reply);
    // A client that disappears while it is answered is no failure.
    reply.on("error", () => undefined);
    const onBodyWanted = (): void => {
      if (options.sendsContinue && isWaitingToSend(message)) reply.writeContinue();
    };
    try {
      const response = await answer(await endpoint, message, { signal, onBodyWanted, isLeaving: next !== undefined });
      if (!response) return next?.();
      // Requests that are pipelined behind this one need the connection.
      if (options.isClosing?.() && calls.count(message) === 1 && !reply.headersSent) reply.shouldKeepAlive = false;
      await sendResponse(response, { message, reply, signal });
    } catch (error) {
      if (signal.aborted) return;
      report(`methodic: an HTTP request could not be answered: ${describe(error)}`);
      await fail(error, { message, reply, signal });
    } finally {
      release();
    }
  };
}

/** The endpoint's answer, or nothing if the request is for somebody else. */
async function answer(
  endpoint: NodeEndpoint,
  message: NodeMessage,
  { isLeaving, ...options }: Parameters<typeof readNodeRequest>[1] & { readonly isLeaving: boolean },
): Promise<Response | undefined> {
  try {
    const request = readNodeRequest(message, options);
    if (isLeaving && endpoint.serves?.(request) === false) return undefined;
    // The web's Request cannot even be made of these.
    if (/^(?:CONNECT|TRACE|TRACK)$/.test(request.method))
      return refuse({ status: 405, message: "The method is not allowed." });
    return await endpoint.handle(request);
  } catch (error) {
    if (error instanceof BadRequestError) return refuse({ status: 400, message: error.message });
    throw error;
  }
}

/** The cause stays in the log, but for what the author of the application has to mend. */
async function fail(error: unknown, exchange: Parameters<typeof sendResponse>[1]): Promise<void> {
  if (exchange.reply.headersSent) return void exchange.reply.destroy();
  try {
    await sendResponse(refuseInternal(error instanceof BodyConsumedError ? error.message : undefined), exchange);
  } catch {
    exchange.reply.destroy();
  }
}

function isWaitingToSend({ headers, httpVersionMajor }: IncomingMessage): boolean {
  return httpVersionMajor < 2 && /^100-continue$/i.test(headers.expect ?? "");
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** The calls of each connection. Of requests that are pipelined, only the first learns from Node that the client has gone. */
class ConnectionCalls {
  readonly #calls = new WeakMap<object, InFlight<AbortController>>();

  /** What aborts when the client of a request has gone, and what to call when the request was answered. */
  watch(
    message: IncomingMessage,
    reply: ServerResponse,
  ): { readonly signal: AbortSignal; readonly release: () => void } {
    const controller = new AbortController();
    const { signal } = controller;
    reply.on("close", () => {
      // HTTP/2 counts a stream that was reset as finished.
      if (!reply.writableFinished || !reply.writableEnded) controller.abort();
    });
    // A connection of HTTP/2 has streams that end by themselves.
    if (message.httpVersionMajor >= 2) return { signal, release: () => undefined };
    const calls = this.#callsOf(message.socket);
    calls.enter(controller);
    if (message.socket.destroyed) controller.abort();
    return { signal, release: () => calls.leave(controller) };
  }

  /** The calls on the connection of a request. */
  count({ socket }: IncomingMessage): number {
    return this.#calls.get(socket)?.size ?? 0;
  }

  #callsOf(socket: IncomingMessage["socket"]): InFlight<AbortController> {
    const known = this.#calls.get(socket);
    if (known) return known;
    const calls = new InFlight<AbortController>();
    this.#calls.set(socket, calls);
    socket.once("close", () => {
      for (const controller of calls.owners) controller.abort();
    });
    return calls;
  }
}

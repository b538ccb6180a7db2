import type { IncomingMessage, ServerResponse } from "node:http";
import process from "node:process";
import type { HttpRequest } from "../http/request.ts";
import { BodyConsumedError } from "./node-http-body.ts";
import { BadRequestError, type NodeMessage, readNodeRequest } from "./node-http-request.ts";
import { sendResponse } from "./node-http-response.ts";

/**
 * Answers a request of `node:http`, and of what is built on it: Express, Fastify (`request.raw`, `reply.raw`), Next.
 * The promise resolves when the answer was written or the client has gone; it never rejects.
 */
export type NodeHandler = (
  message: IncomingMessage,
  reply: ServerResponse,
  next?: (error?: unknown) => void,
) => Promise<void>;

/** What {@link createNodeHandler} serves. */
export interface NodeEndpoint {
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

/** Makes a handler of Node requests of an endpoint. */
export function createNodeHandler(endpoint: NodeEndpoint, options: NodeHandlerOptions = {}): NodeHandler {
  const report = options.report ?? ((text) => void process.stderr.write(`${text}\n`));
  const calls = new ConnectionCalls();
  return async (message, reply) => {
    const controller = new AbortController();
    const release = calls.watch({ message, reply, controller });
    const { signal } = controller;
    const { socket } = message;
    // A client that disappears while it is answered is no failure.
    reply.on("error", () => undefined);
    try {
      const response = await answer(endpoint, message, {
        signal,
        onBodyWanted: () => {
          if (options.sendsContinue && isWaitingToSend(message)) reply.writeContinue();
        },
      });
      // Requests that are pipelined behind this one need the connection.
      if (options.isClosing?.() && calls.count(socket) === 1 && !reply.headersSent) reply.shouldKeepAlive = false;
      await sendResponse(response, { message, reply, signal });
    } catch (error) {
      if (!signal.aborted) {
        report(`methodic: an HTTP request could not be answered: ${describe(error)}`);
        await fail(error, { message, reply, signal });
      }
    } finally {
      release();
    }
  };
}

async function answer(
  endpoint: NodeEndpoint,
  message: NodeMessage,
  options: Parameters<typeof readNodeRequest>[1],
): Promise<Response> {
  // The web's Request cannot even be made of these.
  if (/^(?:CONNECT|TRACE|TRACK)$/.test(message.method ?? "")) {
    return refuse(405, "The method is not allowed.");
  }
  try {
    return await endpoint.handle(readNodeRequest(message, options));
  } catch (error) {
    if (error instanceof BadRequestError) return refuse(400, error.message);
    throw error;
  }
}

function refuse(status: number, message: string): Response {
  return Response.json({ jsonrpc: "2.0", id: null, error: { code: -32_000, message } }, { status });
}

/** The cause stays in the log, but for what the author of the application has to mend. */
async function fail(error: unknown, exchange: Parameters<typeof sendResponse>[1]): Promise<void> {
  if (exchange.reply.headersSent) return void exchange.reply.destroy();
  const message = error instanceof BodyConsumedError ? error.message : "Internal error";
  const body = { jsonrpc: "2.0", id: null, error: { code: -32_603, message } };
  try {
    await sendResponse(Response.json(body, { status: 500 }), exchange);
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
  readonly #calls = new WeakMap<object, Set<AbortController>>();

  watch({
    message,
    reply,
    controller,
  }: {
    readonly message: IncomingMessage;
    readonly reply: ServerResponse;
    readonly controller: AbortController;
  }): () => void {
    const onClose = (): void => {
      if (!reply.writableFinished) controller.abort();
    };
    reply.on("close", onClose);
    // A connection of HTTP/2 has streams that end by themselves.
    if (message.httpVersionMajor >= 2) return () => undefined;
    const { socket } = message;
    const calls = this.#callsOf(socket);
    calls.add(controller);
    if (socket.destroyed) controller.abort();
    return () => void calls.delete(controller);
  }

  count(socket: object): number {
    return this.#calls.get(socket)?.size ?? 0;
  }

  #callsOf(socket: IncomingMessage["socket"]): Set<AbortController> {
    const known = this.#calls.get(socket);
    if (known) return known;
    const calls = new Set<AbortController>();
    this.#calls.set(socket, calls);
    socket.once("close", () => {
      for (const controller of calls) controller.abort();
    });
    return calls;
  }
}

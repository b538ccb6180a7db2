import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import process from "node:process";
import { MethodicError, withoutStack } from "../../errors.ts";
import { createNodeHandler, type NodeEndpoint } from "./handler.ts";
import { InFlight } from "../../util/in-flight.ts";
import { closeBeforeEnd } from "../shutdown.ts";

/** What bounds connections; times are in milliseconds. */
export interface ConnectionLimits {
  /** From the first byte of a request, or the opening of a connection, to the last byte of the headers. */
  readonly headersTimeout: number;
  /** From the first byte of a request to the last one of its body. */
  readonly requestTimeout: number;
  /** How long a connection stays open with nothing under way. */
  readonly keepAliveTimeout: number;
  /** All headers of a request, in bytes. */
  readonly headersSize: number;
  /** Connections at a time; more are closed at once. */
  readonly connections?: number;
}

/** What {@link serveHttp} needs of an endpoint. */
export interface ClosableEndpoint extends NodeEndpoint {
  /** Takes no more calls, lets those in flight finish for so many milliseconds, and ends what streams. */
  close(timeoutMs: number): Promise<void>;
}

/** What {@link serveHttp} serves, and where. */
export interface NodeHttpServerDeps {
  readonly server: { readonly name: string; readonly version: string; close(): Promise<void> };
  readonly endpoint: ClosableEndpoint;
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  /** Of the MCP endpoint, with a leading slash. */
  readonly path: string;
  readonly limits: ConnectionLimits;
  /** What people who start the server should know, in the line that says where it is. */
  readonly notice?: string;
}

/** An endpoint that listens. */
export interface NodeHttpServer {
  /** Of the MCP endpoint, as a client on this machine reaches it. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** Takes no more connections; calls in flight may finish for so many milliseconds. */
  close(timeoutMs: number): Promise<void>;
}

// How long an answer that is written may take to leave when no time is left.
const FLUSH_MS = 500;

/**
 * Listens for HTTP clients until it is closed. SIGINT and SIGTERM close the server first and then end the process.
 * @throws MethodicError `ADDRESS_IN_USE`, `LISTEN_FAILED`
 */
export async function serveHttp(options: NodeHttpServerDeps): Promise<NodeHttpServer> {
  const { server, endpoint, host, path, limits } = options;
  let isClosing = false;
  const replies = new InFlight<Socket>();
  const handle = createNodeHandler(endpoint, { isClosing: () => isClosing, sendsContinue: true });
  const http = createServer(toNodeOptions(limits), (message, reply) => {
    replies.enter(message.socket);
    reply.once("close", () => replies.leave(message.socket));
    void handle(message, reply);
  });
  // Of several replies on a connection (pipelining), only the first learns from Node that the connection has broken.
  http.on("connection", (socket) => void socket.once("close", () => replies.leaveAll(socket)));
  // Clients that ask first whether they may send their body are told when it is wanted.
  http.on("checkContinue", (message, reply) => void http.emit("request", message, reply));
  if (limits.connections !== undefined) http.maxConnections = limits.connections;
  await listen(http, options);
  const { port } = http.address() as AddressInfo;
  const url = `http://${hostForClients(host)}:${port}${path}`;
  const release = closeBeforeEnd(() => server.close());
  process.stderr.on("error", ignoreBrokenLog);
  const notice = options.notice === undefined ? "" : ` (${options.notice})`;
  process.stderr.write(`${server.name} ${server.version} serves MCP at ${url}${notice}\n`);

  const close = async (timeoutMs: number): Promise<void> => {
    const deadline = Date.now() + timeoutMs;
    isClosing = true;
    const closed = new Promise<void>((resolve) => void http.close(() => resolve()));
    await endpoint.close(timeoutMs);
    await replies.drained(Math.max(deadline - Date.now(), FLUSH_MS));
    // What is still open says nothing, or belongs to a client that does not read.
    http.closeAllConnections();
    await closed;
    process.stderr.off("error", ignoreBrokenLog);
    release();
  };
  let closing: Promise<void> | undefined;
  return { url, host, port, close: (timeoutMs) => (closing ??= close(timeoutMs)) };
}

/** A log that nobody reads any more must not stop the server. */
function ignoreBrokenLog(): void {}

function toNodeOptions(limits: ConnectionLimits): Parameters<typeof createServer>[0] & object {
  const { requestTimeout, keepAliveTimeout, headersSize } = limits;
  // Headers are part of the request; Node refuses to wait longer for them than for the whole.
  const headersTimeout = requestTimeout > 0 ? Math.min(limits.headersTimeout, requestTimeout) : limits.headersTimeout;
  const shortest = Math.min(...[headersTimeout, requestTimeout].filter((timeout) => timeout > 0), 60_000);
  return {
    headersTimeout,
    requestTimeout,
    keepAliveTimeout,
    maxHeaderSize: headersSize,
    // How often Node looks for connections that are over their time.
    connectionsCheckingInterval: Math.max(Math.ceil(shortest / 10), 10),
  };
}

async function listen(http: Server, { server, host, port }: NodeHttpServerDeps): Promise<void> {
  http.listen({ host, port });
  try {
    await once(http, "listening");
  } catch (error) {
    throw explain(error as NodeJS.ErrnoException, { name: server.name, host, port });
  }
  // Such as too many open files: the server goes on with the connections it has.
  http.on("error", (error) => void process.stderr.write(`methodic: the HTTP server failed: ${error.message}\n`));
}

const FIX_PORT = "--port, PORT, or serve({ port })";
const FIX_HOST = "--host, HOST, or serve({ host })";

function explain(
  error: NodeJS.ErrnoException,
  { name, host, port }: { readonly name: string; readonly host: string; readonly port: number },
): MethodicError {
  const where = `The server '${name}' cannot listen on port ${port} of ${host}`;
  if (error.code === "EADDRINUSE") {
    const fix = `Stop what uses it, or choose another port (${FIX_PORT}; 0 takes any that is free).`;
    return withoutStack(() => new MethodicError("ADDRESS_IN_USE", `${where}: it is in use already. ${fix}`));
  }
  const [reason, fix] = reasonOf(error, port);
  return withoutStack(() => new MethodicError("LISTEN_FAILED", `${where}: ${reason} ${fix}`, { cause: error }));
}

function reasonOf({ code, message }: NodeJS.ErrnoException, port: number): readonly [string, string] {
  if (code === "EACCES" || code === "EPERM") {
    const fix = port < 1024 ? `Choose a port from 1024 on (${FIX_PORT}).` : `Choose another port (${FIX_PORT}).`;
    return ["this user may not.", fix];
  }
  if (code === "EADDRNOTAVAIL") return ["no network interface of this machine has that address.", chooseHost()];
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return ["no such host is known.", chooseHost()];
  return [`${message}.`, `Choose another host (${FIX_HOST}) or port (${FIX_PORT}).`];
}

function chooseHost(): string {
  return `Choose 127.0.0.1 for this machine alone, 0.0.0.0 for all its interfaces, or an address it has (${FIX_HOST}).`;
}

function hostForClients(host: string): string {
  // The addresses that mean all interfaces are none that a client could connect to.
  if (host === "0.0.0.0" || host === "::") return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}

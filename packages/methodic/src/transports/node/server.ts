import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import process from "node:process";
import { MethodicError, withoutStack } from "../../errors.ts";
import { writeLog } from "../../util/log.ts";
import { createNodeHandler, type NodeHandlerEndpoint } from "./handler.ts";
import type { UnreadLimits } from "./unread.ts";
import { InFlight } from "../../util/in-flight.ts";
import { closeBeforeEnd, ignoreBrokenLog, type RunningServer } from "../shutdown.ts";

/** Limits of connections. Times are in milliseconds. */
export interface ConnectionLimits extends UnreadLimits {
  /**
   * Time from the start of a request, or from the opening of its connection, to the end of its
   * headers.
   */
  readonly headersTimeout: number;
  /** Time from the first byte of a request to the last byte of its body. */
  readonly requestTimeout: number;
  /** Time that an idle connection stays open. */
  readonly keepAliveTimeout: number;
  /** Maximum size of all headers of a request, in bytes. */
  readonly headersSize: number;
  /** Maximum number of connections; further ones are closed at once. */
  readonly connections?: number;
}

/** An endpoint that {@link serveHttp} closes with its server. */
export interface ClosableEndpoint extends NodeHandlerEndpoint {
  /** Refuses new calls, waits for running ones until the timeout, and ends all streams. */
  close(timeoutMs: number): Promise<void>;
}

/** Dependencies of {@link serveHttp}. */
export interface NodeHttpServerDeps {
  readonly server: { readonly name: string; readonly version: string } & RunningServer;
  readonly endpoint: ClosableEndpoint;
  readonly host: string;
  /** The port; 0 takes any free one. */
  readonly port: number;
  /** The path of the MCP endpoint, with a leading slash. */
  readonly path: string;
  readonly limits: ConnectionLimits;
  /** A remark for the log line with the URL. */
  readonly notice?: string;
}

/** A listening server. */
export interface NodeHttpServer {
  /** The URL of the MCP endpoint, for clients on this machine. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** Refuses new connections, and waits for calls in flight until the timeout. */
  close(timeoutMs: number): Promise<void>;
}

// Time for the last responses to reach their clients after the timeout.
const FLUSH_MS = 500;
// Time for clients to use a connection once more before a process that ends closes it: they learn
// from `Connection: close` that it is over, where a reset would leave them in doubt.
const GRACE_MS = 500;

/**
 * Serves an endpoint over HTTP until it is closed. SIGINT and SIGTERM close the server before they
 * end the process.
 * @throws MethodicError `ADDRESS_IN_USE`, `LISTEN_FAILED`
 */
export async function serveHttp(deps: NodeHttpServerDeps): Promise<NodeHttpServer> {
  const { server, endpoint, host, path, limits } = deps;
  let isClosing = false;
  let graceMs = 0;
  const connections = new InFlight<Socket>();
  const replies = new InFlight<Socket>();
  const { shutdownTimeoutMs, onUncaught, log = writeLog } = server;
  const handle = createNodeHandler(endpoint, { log, isClosing: () => isClosing, sendsContinue: true, limits });
  const http = createServer(toNodeOptions(limits), (message, reply) => {
    replies.enter(message.socket);
    reply.once("close", () => replies.leave(message.socket));
    void handle(message, reply);
  });
  http.on("connection", (socket) => {
    connections.enter(socket);
    socket.once("close", () => {
      connections.leave(socket);
      // With pipelining, Node emits `close` only for the first reply of a broken connection.
      replies.leaveAll(socket);
    });
  });
  const closeIdleConnections = http.closeIdleConnections.bind(http);
  // Called by http.close(), when requests may be on their way over idle connections.
  http.closeIdleConnections = () => undefined;
  // The handler sends `100 Continue` once the body is wanted.
  http.on("checkContinue", (message, reply) => void http.emit("request", message, reply));
  if (limits.connections !== undefined) http.maxConnections = limits.connections;
  await listen(http, deps);
  const { port } = http.address() as AddressInfo;
  const url = `http://${hostForClients(host)}:${port}${path}`;
  const closeWithGrace = (): Promise<unknown> => {
    graceMs = GRACE_MS;
    return server.close();
  };
  const release = closeBeforeEnd({ close: closeWithGrace, shutdownTimeoutMs, onUncaught, log });
  const releaseLog = ignoreBrokenLog();
  const notice = deps.notice === undefined ? "" : ` (${deps.notice})`;
  process.stderr.write(`${server.name} ${server.version} serves MCP at ${url}${notice}\n`);

  const closeIdle = async (): Promise<void> => {
    await connections.drained(graceMs);
    await readArrived();
    closeIdleConnections();
  };
  const close = async (timeoutMs: number): Promise<void> => {
    const start = Date.now();
    isClosing = true;
    const closed = new Promise<void>((resolve) => void http.close(() => resolve()));
    await Promise.all([endpoint.close(timeoutMs), closeIdle()]);
    await replies.drained(Math.max(start + timeoutMs - Date.now(), FLUSH_MS));
    // These connections are idle, or belong to clients that do not read.
    http.closeAllConnections();
    await closed;
    releaseLog();
    release();
  };
  let closing: Promise<void> | undefined;
  return { url, host, port, close: (timeoutMs) => (closing ??= close(timeoutMs)) };
}

/** Lets Node read the requests that have arrived: immediates run after a turn's input. */
async function readArrived(): Promise<void> {
  for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve));
}

function toNodeOptions(limits: ConnectionLimits): Parameters<typeof createServer>[0] & object {
  const { requestTimeout, keepAliveTimeout, headersSize } = limits;
  // Node requires headersTimeout <= requestTimeout.
  const headersTimeout = requestTimeout > 0 ? Math.min(limits.headersTimeout, requestTimeout) : limits.headersTimeout;
  const shortest = Math.min(...[headersTimeout, requestTimeout].filter((timeout) => timeout > 0), 60_000);
  return {
    headersTimeout,
    requestTimeout,
    keepAliveTimeout,
    maxHeaderSize: headersSize,
    // Interval of Node's search for connections that have timed out.
    connectionsCheckingInterval: Math.max(Math.ceil(shortest / 10), 10),
  };
}

async function listen(http: Server, { server, host, port }: NodeHttpServerDeps): Promise<void> {
  http.listen({ host, port });
  try {
    await once(http, "listening");
  } catch (error) {
    throw toListenError(error as NodeJS.ErrnoException, { name: server.name, host, port });
  }
  // Too many open files, for example. Existing connections continue.
  const { log = writeLog } = server;
  http.on("error", (error) => log(`methodic: HTTP server error: ${error.message}`));
}

const FIX_PORT = "--port, PORT, or serve({ port })";
const FIX_HOST = "--host, HOST, or serve({ host })";
const CHOOSE_HOST = `Choose 127.0.0.1 for this machine alone, 0.0.0.0 for all its interfaces, or one of its addresses (${FIX_HOST}).`;

function toListenError(
  error: NodeJS.ErrnoException,
  { name, host, port }: { readonly name: string; readonly host: string; readonly port: number },
): MethodicError {
  const where = `The server '${name}' cannot listen on ${host}, port ${port}`;
  if (error.code === "EADDRINUSE") {
    const fix = `Stop the other process, or choose another port (${FIX_PORT}; 0 takes any free one).`;
    return withoutStack(() => new MethodicError("ADDRESS_IN_USE", `${where}: the port is in use. ${fix}`));
  }
  const [reason, fix] = explainListenError(error, port);
  return withoutStack(() => new MethodicError("LISTEN_FAILED", `${where}: ${reason} ${fix}`, { cause: error }));
}

function explainListenError({ code, message }: NodeJS.ErrnoException, port: number): readonly [string, string] {
  if (code === "EACCES" || code === "EPERM") {
    const fix = port < 1024 ? `Choose a port from 1024 upwards (${FIX_PORT}).` : `Choose another port (${FIX_PORT}).`;
    return ["permission denied.", fix];
  }
  if (code === "EADDRNOTAVAIL") return ["no network interface of this machine has this address.", CHOOSE_HOST];
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return ["the host name cannot be resolved.", CHOOSE_HOST];
  return [`${message}.`, `Choose another host (${FIX_HOST}) or port (${FIX_PORT}).`];
}

function hostForClients(host: string): string {
  // These addresses stand for all interfaces; a client cannot connect to them.
  if (host === "0.0.0.0" || host === "::") return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}

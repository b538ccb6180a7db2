import type { AuthGuard } from "../auth/guard.ts";
import { readServerAuth, type ServerAuth } from "../auth/server-auth.ts";
import type { Dispatcher } from "../dispatch/dispatcher.ts";
import { MethodicError, reasonOf } from "../errors.ts";
import type { WriteLog } from "../util/log.ts";
import type { HttpEndpoint } from "../http/endpoint.ts";
import type { ResolvedHttpOptions } from "../http/options.ts";
import { fromWebRequest, type HttpRequest, keepWithStream } from "../http/request.ts";
import type { EventBus } from "../protocol/event-bus.ts";
import type { Lifecycle } from "../services/lifecycle.ts";
import type { ServerFactories } from "../protocol/connection.ts";
import {
  type HttpHandlerOptions,
  type HttpServeOptions,
  type ResolvedHandlerOptions,
  type ResolvedServeOptions,
  resolveHandlerOptions,
  resolveServeOptions,
  type ServerHttpDefaults,
} from "./serve-options.ts";

/** The address that a server listens on. */
export interface HttpAddress {
  /** The URL of the MCP endpoint, for clients on this machine. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
}

/**
 * A handler for `node:http` and frameworks built on it. The parameters are an `IncomingMessage`, a
 * `ServerResponse` and, in Express, `next`.
 */
export type NodeHandler = (request: object, response: object, next?: (error?: unknown) => void) => Promise<void>;

export interface HttpListenerDeps extends ServerHttpDefaults {
  readonly dispatcher: Dispatcher;
  readonly bus: EventBus;
  readonly loadFactories: () => Promise<ServerFactories>;
  readonly lifecycle: Pick<Lifecycle, "isStarted" | "start">;
  readonly log: WriteLog;
}

/** The MCP server that a Node server serves. */
interface ListeningServer {
  readonly name: string;
  readonly version: string;
  readonly shutdownTimeoutMs: number;
  readonly onUncaught: "exit" | "log";
  readonly log: WriteLog;
  close(): Promise<void>;
}

interface NodeServer extends HttpAddress {
  close(timeoutMs: number): Promise<void>;
}

/** Opens and closes the HTTP endpoints of one server. */
export class HttpListener {
  readonly #deps: HttpListenerDeps;
  readonly #endpoints = new Set<HttpEndpoint>();
  readonly #nodeServers = new Set<NodeServer>();
  /** The addresses in use, as `host:port`. */
  readonly #addresses = new Set<string>();
  #isClosed = false;
  /** The failed start that the log has. */
  #loggedFailure: unknown;
  /** The endpoint of `fetch`. */
  #fetchEndpoint: Promise<HttpEndpoint> | undefined;

  constructor(deps: HttpListenerDeps) {
    this.#deps = deps;
  }

  async fetch(request: Request, connection?: unknown): Promise<Response> {
    this.#fetchEndpoint ??= this.#open(resolveHandlerOptions({}, this.#deps, "fetch"));
    const endpoint = await this.#fetchEndpoint;
    return keepWithStream(request, await this.#handle(endpoint, fromWebRequest(request, connection)));
  }

  /** Listens with Node's HTTP server. */
  async listen(given: HttpServeOptions, server: ListeningServer): Promise<HttpAddress> {
    const options = resolveServeOptions(given, this.#deps);
    const { host, port } = options;
    const address = `${host}:${port}`;
    if (this.#addresses.has(address)) {
      throw new MethodicError(
        "ALREADY_SERVING",
        `The server '${server.name}' already listens on ${address}. Call serve once for each address.`,
      );
    }
    if (port !== 0) this.#addresses.add(address);
    this.#warnIfUnusable(options.auth);
    const release = await closeBeforeEnd(server);
    try {
      await this.#deps.lifecycle.start();
      const listener = await this.#listenWithNode(options, server);
      return { url: listener.url, host: listener.host, port: listener.port };
    } catch (error) {
      this.#addresses.delete(address);
      throw error;
    } finally {
      release();
    }
  }

  nodeHandler(given: HttpHandlerOptions): NodeHandler {
    const options = resolveHandlerOptions(given, this.#deps, "nodeHandler");
    let handler: Promise<NodeHandler> | undefined;
    return async (request, response, next) => {
      handler ??= this.#createNodeHandler(options);
      await (
        await handler
      )(request, response, next);
    };
  }

  /** Closes all endpoints; calls in flight have until the timeout to finish. */
  async close(timeoutMs: number): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#nodeServers, ...this.#endpoints].map((open) => open.close(timeoutMs)));
  }

  /** Logs a warning if rules refuse every caller because nothing identifies callers. */
  #warnIfUnusable(auth: ServerAuth | undefined): void {
    if (!isOpen(auth) && readServerAuth(auth, "serve")?.authenticator === undefined) {
      return this.#deps.log(
        "methodic: no caller can use the server over HTTP: its auth has rules but no authenticator. Add one: auth: [jwt({ … }), …].",
        { level: "warn" },
      );
    }
    const guarded = this.#deps.dispatcher.registry.tables
      .flatMap((table) => table.listed())
      .filter(({ access }) => access !== undefined)
      .map(({ where }) => where);
    if (!isOpen(auth) || guarded.length === 0) return;
    this.#deps.log(
      `methodic: no caller can use ${guarded.join(", ")} over HTTP: access rules need an authenticator, and the server has no auth. Pass createServer an authenticator of methodic/auth.`,
      { level: "warn" },
    );
  }

  async #listenWithNode(options: ResolvedServeOptions, server: ListeningServer): Promise<NodeServer> {
    const endpoint = await this.#open(options);
    const { serveHttp } = await import("../transports/node/server.ts");
    const { host, port, http } = options;
    const { connections, ...others } = http.limits;
    const limits = { ...others, ...(Number.isFinite(connections) && { connections }) };
    let listener: NodeServer;
    try {
      const notice = describeAccess(options);
      listener = await serveHttp({ server, host, port, endpoint, path: http.path, limits, notice });
    } catch (error) {
      this.#endpoints.delete(endpoint);
      await endpoint.close(0);
      throw error;
    }
    this.#nodeServers.add(listener);
    if (this.#isClosed) {
      await listener.close(0);
      throw new MethodicError("SERVER_CLOSED", `The server '${server.name}' was closed before it could listen.`);
    }
    return listener;
  }

  async #createNodeHandler(options: ResolvedHandlerOptions): Promise<NodeHandler> {
    const { createNodeHandler } = await import("../transports/node/handler.ts");
    const { limits } = options.http;
    const endpoint = this.#open(options).then((opened) => ({
      serves: (request: HttpRequest) => opened.serves(request),
      handle: (request: HttpRequest) => this.#handle(opened, request),
    }));
    return createNodeHandler(endpoint, { log: this.#deps.log, limits }) as NodeHandler;
  }

  /** Answers a request. The first one starts the server. */
  #handle(endpoint: HttpEndpoint, request: HttpRequest): Promise<Response> {
    // A closed endpoint says so.
    const isReady = this.#deps.lifecycle.isStarted || this.#isClosed;
    return isReady ? endpoint.handle(request) : this.#startAndHandle(endpoint, request);
  }

  /** Answers a request once the server has started; if that fails, the next one tries again. */
  async #startAndHandle(endpoint: HttpEndpoint, request: HttpRequest): Promise<Response> {
    const { lifecycle, log } = this.#deps;
    try {
      await lifecycle.start();
    } catch (error) {
      if (this.#isClosed) return await endpoint.handle(request);
      if (this.#loggedFailure !== error) log(`methodic: ${reasonOf(error)}`);
      this.#loggedFailure = error;
      const { internalErrorResponse } = await import("../http/responses.ts");
      return internalErrorResponse();
    }
    return await endpoint.handle(request);
  }

  async #open({ http, auth }: ResolvedHandlerOptions): Promise<HttpEndpoint> {
    releaseOutput();
    const { bus, log, dispatcher } = this.#deps;
    // Loaded on demand: a server on stdio needs none of these modules. One after another: Jest's
    // module loader fails on concurrent imports that share modules.
    const { HttpEndpoint } = await import("../http/endpoint.ts");
    const { StreamableHttpHandler } = await import("../http/streamable-2025/handler.ts");
    const factories = await this.#deps.loadFactories();
    const guard = await this.#createGuard(http, auth);
    // Without authentication the caller is unknown; only stdio and `connect` have trusted clients.
    const caller = { auth: undefined };
    const stateless = factories({ live: false, caller });
    const session = factories({ live: true, caller });
    const { sessions, limits } = http;
    const legacy = new StreamableHttpHandler({
      stateless,
      session,
      sessions,
      onError: (error) => log(`methodic: ${error.message}`, { level: "warn" }),
      maxCalls: limits.concurrentRequests,
      callerShare: limits.callerShare,
      keepAliveMs: limits.streamKeepAlive,
      maxBufferedBytes: limits.streamBuffer,
    });
    const endpoint = new HttpEndpoint({
      options: http,
      guard,
      hasAuth: !isOpen(auth),
      onlyLoopback: auth === undefined,
      dispatcher,
      modern: stateless,
      bus,
      legacy,
      findTransportRoute: http.legacySse
        ? (await import("../http/sse-2024.ts")).routeHttpSse(
            { ...legacy.deps, createServer: session, callTimeoutMs: limits.callTimeout },
            http,
          )
        : undefined,
      log,
    });
    this.#endpoints.add(endpoint);
    if (this.#isClosed) await endpoint.close(0);
    return endpoint;
  }

  async #createGuard({ publicUrl, path, hosts }: ResolvedHttpOptions, auth: ServerAuth = "none"): Promise<AuthGuard> {
    const { createAuthGuard } = await import("../auth/guard.ts");
    const { name, dispatcher, log } = this.#deps;
    return createAuthGuard({
      auth,
      name,
      publicUrl,
      path,
      acceptsAnyHost: hosts.some((host) => host.includes("*")),
      getScopesSupported: () => dispatcher.registry.scopes,
      log,
    });
  }
}

/** Lets signals close a server while it starts; the listening server does so afterwards. */
async function closeBeforeEnd(server: ListeningServer): Promise<() => void> {
  const shutdown = await import("../transports/shutdown.ts");
  const { shutdownTimeoutMs, onUncaught, log } = server;
  return shutdown.closeBeforeEnd({ close: () => server.close(), shutdownTimeoutMs, onUncaught, log });
}

/** Releases the output that `methodic/startup` holds: over HTTP, stdout does not carry MCP. */
function releaseOutput(): void {
  const STDOUT: unique symbol = Symbol.for("methodic.stdout");
  const { process } = globalThis as { readonly process?: { readonly [STDOUT]?: { endHold(): void } } };
  process?.[STDOUT]?.endHold();
}

function isOpen(auth: ServerAuth | undefined): boolean {
  return auth === undefined || auth === "none";
}

/** Describes who can reach the server, for the log line at start-up. */
function describeAccess({ http, auth }: ResolvedServeOptions): string {
  const { publicUrl, hosts, origins } = http;
  const known = publicUrl === undefined ? "" : `known to clients as ${publicUrl.href}; `;
  return `${known}${isOpen(auth) ? "no auth" : "auth required"}; hosts: ${hosts.join(", ")}; origins: ${origins.join(", ") || "none"}`;
}

import type { AuthGate } from "../auth/gate.ts";
import { readServerAuth, type ServerAuth } from "../auth/server-auth.ts";
import type { Dispatcher } from "../dispatch/dispatcher.ts";
import { MethodicError } from "../errors.ts";
import { checkHttpOptions } from "../http/check-options.ts";
import type { HttpEndpoint } from "../http/endpoint.ts";
import { type HttpOptions, resolveHttpOptions, type ResolvedHttpOptions } from "../http/options.ts";
import { fromWebRequest } from "../http/request.ts";
import type { EventBus } from "../protocol/event-bus.ts";
import type { ServerFactories } from "../protocol/sdk-server.ts";
import { assertSafeBind, readHttpEnvironment } from "./http-environment.ts";

/** What serving over HTTP needs of a server. */
export interface HttpListenerDeps {
  readonly name: string;
  readonly http: HttpOptions;
  readonly auth: ServerAuth | undefined;
  readonly dispatcher: Dispatcher;
  readonly hub: EventBus;
  readonly loadFactories: () => Promise<ServerFactories>;
  readonly report: (text: string) => void;
}

/** Options of one way to serve, which win over those of the server. */
export interface HttpServingOptions extends HttpOptions {
  /** Who may call. Default: as `createServer` was told. */
  readonly auth?: ServerAuth;
}

/** How {@link Server.serve} serves over HTTP. */
export interface HttpServeOptions extends HttpServingOptions {
  readonly transport: "http";
  /** The address to listen on. Default `HOST`, else `127.0.0.1`, which only this computer reaches; `0.0.0.0` is all addresses that it has. */
  readonly host?: string;
  /** The port to listen on; 0 takes any that is free. Default `PORT`, else 8000. */
  readonly port?: number;
}

/** Where a server listens. */
export interface HttpAddress {
  /** The URL of the MCP endpoint, as clients on this computer reach it. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
}

/** Answers requests of `node:http` and of what is built on it. The parameters are an `IncomingMessage`, a `ServerResponse` and, in Express, `next`. */
export type NodeHandler = (request: object, response: object, next?: (error?: unknown) => void) => Promise<void>;

const DEFAULT_HOST = "127.0.0.1";
const DEFAULT_PORT = 8000;
const SERVE_OPTIONS = ["transport", "host", "port", "auth"];

/** Options that were checked and completed. */
interface HttpPlan {
  readonly options: ResolvedHttpOptions;
  readonly auth: ServerAuth | undefined;
}

/** The server, as whoever listens for it sees it. */
interface ServedServer {
  readonly name: string;
  readonly version: string;
  close(): Promise<void>;
}

interface Listener extends HttpAddress {
  close(timeoutMs: number): Promise<void>;
}

/** The HTTP side of one server: makes its endpoints and closes them. */
export class HttpListener {
  readonly #parts: HttpListenerDeps;
  readonly #endpoints = new Set<HttpEndpoint>();
  readonly #listeners = new Set<Listener>();
  /** The hosts and ports that are listened on. */
  readonly #places = new Set<string>();
  #isClosed = false;
  #shared: Promise<HttpEndpoint> | undefined;

  constructor(parts: HttpListenerDeps) {
    this.#parts = parts;
  }

  async fetch(request: Request): Promise<Response> {
    this.#shared ??= this.open(this.plan({}, "fetch"));
    return (await this.#shared).handle(fromWebRequest(request));
  }

  /** Listens for clients with Node's own HTTP server. */
  async listen(
    { transport: _transport, host: givenHost, port: givenPort, ...given }: HttpServeOptions,
    server: ServedServer,
  ): Promise<HttpAddress> {
    const environment = readHttpEnvironment();
    const host = givenHost ?? environment.host ?? DEFAULT_HOST;
    const port = givenPort ?? environment.port ?? DEFAULT_PORT;
    if (typeof host !== "string" || host.trim() === "") refuseOption("host", "a host name or an IP address", host);
    if (!Number.isInteger(port) || port < 0 || port > 65_535) refuseOption("port", "a number from 0 to 65535", port);
    const plan = this.plan(given, "serve", host);
    const place = `${host}:${port}`;
    if (this.#places.has(place)) {
      throw new MethodicError(
        "ALREADY_SERVING",
        `The server '${server.name}' listens on port ${port} of ${host} already.`,
      );
    }
    if (port !== 0) this.#places.add(place);
    this.#warnOfUnreachable(plan);
    try {
      const listener = await this.#startListening(plan, { server, host, port });
      return { url: listener.url, host: listener.host, port: listener.port };
    } catch (error) {
      this.#places.delete(place);
      throw error;
    }
  }

  /** Rules need somebody to judge. */
  #warnOfUnreachable({ auth }: HttpPlan): void {
    if (!isOpen(auth) && readServerAuth(auth, "serve")?.authenticator === undefined) {
      return this.#parts.report(
        "methodic: nobody can use the server over HTTP: its auth has rules that say who may, and nothing that says who calls. Put an authenticator beside them: auth: [jwt({ … }), …].",
      );
    }
    const { tools, resources, templates, prompts } = this.#parts.dispatcher.registry;
    const all = [...tools.values(), ...resources.values(), ...templates, ...prompts.values()];
    const guarded = all.filter(({ access }) => access !== undefined).map(({ where }) => where);
    if (!isOpen(auth) || guarded.length === 0) return;
    this.#parts.report(
      `methodic: nobody can use ${guarded.join(", ")} over HTTP: rules say who may, and there is no auth that says who calls. Give createServer an authenticator of methodic/auth.`,
    );
  }

  async #startListening(
    plan: HttpPlan,
    where: { readonly server: ServedServer; readonly host: string; readonly port: number },
  ): Promise<Listener> {
    const [endpoint, { serveHttp }] = await Promise.all([this.open(plan), import("../transports/node/server.ts")]);
    const { path, limits } = plan.options;
    const { connections, ...others } = limits;
    const bounds = { ...others, ...(Number.isFinite(connections) && { connections }) };
    let listener: Listener;
    try {
      listener = await serveHttp({ ...where, endpoint, path, limits: bounds, notice: describeAccess(plan) });
    } catch (error) {
      this.#endpoints.delete(endpoint);
      await endpoint.close(0);
      throw error;
    }
    this.#listeners.add(listener);
    if (this.#isClosed) {
      await listener.close(0);
      throw new MethodicError("SERVER_CLOSED", `The server '${where.server.name}' was closed before it listened.`);
    }
    return listener;
  }

  nodeHandler(given: HttpServingOptions): NodeHandler {
    const plan = this.plan(given, "nodeHandler");
    let made: Promise<(...args: Parameters<NodeHandler>) => Promise<void>> | undefined;
    return async (request, response, next) => {
      made ??= this.#makeNodeHandler(plan);
      await (
        await made
      )(request, response, next);
    };
  }

  async #makeNodeHandler(plan: HttpPlan): Promise<NodeHandler> {
    const { createNodeHandler } = await import("../transports/node/handler.ts");
    return createNodeHandler(this.open(plan), { report: this.#parts.report }) as NodeHandler;
  }

  /**
   * Checks and completes options.
   * @param caller What was called, for messages
   * @param host The address to listen on
   * @throws MethodicError with everything that is wrong
   */
  plan({ auth = this.#parts.auth, ...given }: HttpServingOptions, caller: string, host?: string): HttpPlan {
    const { name, http } = this.#parts;
    const problems = checkHttpOptions(given, { others: caller === "serve" ? SERVE_OPTIONS : ["auth"] });
    if (problems.length > 0) {
      throw new MethodicError("INVALID_HTTP_OPTIONS", problems.map((problem) => `${caller}: ${problem}.`).join("\n"));
    }
    const { port: _port, host: _host, ...environment } = readHttpEnvironment();
    const options = resolveHttpOptions({
      ...environment,
      ...withoutUndefined(http),
      ...withoutUndefined(given),
      limits: { ...withoutUndefined(http.limits ?? {}), ...withoutUndefined(given.limits ?? {}) },
    });
    if (options.routes.has(options.path)) {
      throw new MethodicError(
        "INVALID_HTTP_OPTIONS",
        `${caller}: the route ${JSON.stringify(options.path)} is the path of the MCP endpoint, too. Give one of them another path.`,
      );
    }
    if (auth !== undefined) readServerAuth(auth, caller);
    assertSafeBind({ name, options, hasAuth: auth !== undefined, ...(host !== undefined && { host }) });
    return { options, auth };
  }

  /** Makes an endpoint. */
  async open({ options, auth }: HttpPlan): Promise<HttpEndpoint> {
    const { hub, report, dispatcher } = this.#parts;
    // Loaded now and not with the module: a server on stdio needs none of it.
    const [{ createEndpoint }, { createStreamableHttpHandler }, factories, gate] = await Promise.all([
      import("../http/endpoint.ts"),
      import("../http/streamable-2025/handler.ts"),
      this.#parts.loadFactories(),
      this.#openGate(options, auth),
    ]);
    // Should a request come without a word about its caller, it is from nobody, and not from a trusted client.
    const caller = { auth: undefined };
    const stateless = factories({ live: false, caller });
    const onError = (error: Error): void => report(`methodic: ${error.message}`);
    const session = factories({ live: true, caller });
    const { sessions, limits } = options;
    const streams = { keepAliveMs: limits.streamKeepAlive, maxBufferedBytes: limits.streamBuffer };
    const legacy = createStreamableHttpHandler({
      stateless,
      session,
      sessions,
      onError,
      maxCalls: limits.concurrentRequests,
      ...streams,
    });
    const endpoint = createEndpoint({
      options,
      gate,
      hasAuth: !isOpen(auth),
      dispatcher,
      modern: stateless,
      bus: hub,
      legacy,
      findTransportRoute: options.legacySse
        ? (await import("../http/sse-2024.ts")).routeHttpSse({ parts: legacy.parts, createServer: session }, options)
        : undefined,
      report,
    });
    this.#endpoints.add(endpoint);
    if (this.#isClosed) await endpoint.close(0);
    return endpoint;
  }

  /** Lets running calls of all endpoints finish within a time. */
  async close(timeoutMs: number): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#listeners, ...this.#endpoints].map((one) => one.close(timeoutMs)));
  }

  async #openGate({ publicUrl, path, hosts }: ResolvedHttpOptions, auth: ServerAuth = "none"): Promise<AuthGate> {
    const { createAuthGate } = await import("../auth/gate.ts");
    const { name, dispatcher, report } = this.#parts;
    return createAuthGate({
      auth,
      name,
      publicUrl,
      path,
      anyHost: hosts.some((host) => host.includes("*")),
      scopesSupported: dispatcher.registry.scopes,
      log: report,
    });
  }
}

function isOpen(auth: ServerAuth | undefined): boolean {
  return auth === undefined || auth === "none";
}

/** An option that is given as undefined is not given. */
function withoutUndefined<T extends object>(options: T): Partial<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<T>;
}

/** What whoever starts a server should know of who can reach it. */
function describeAccess({ options, auth }: HttpPlan): string {
  const { publicUrl } = options;
  const known = publicUrl === undefined ? "" : `known to clients as ${publicUrl.href}; `;
  const who = auth === undefined || auth === "none" ? "no auth" : "auth required";
  return `${known}${who}; hosts: ${options.hosts.join(", ")}; origins: ${options.origins.join(", ") || "none"}`;
}

function refuseOption(option: string, wanted: string, value: unknown): never {
  throw new MethodicError(
    "INVALID_HTTP_OPTIONS",
    `serve: the option '${option}' must be ${wanted}, and is ${JSON.stringify(value) ?? String(value)}.`,
  );
}

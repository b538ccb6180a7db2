import { isLoopbackAddress } from "../util/loopback.ts";
import { quote, shorten } from "../util/text.ts";
import { addCorsHeaders, answerPreflight, isPreflight } from "./cors.ts";
import { McpEndpoint, type McpEndpointDeps, type TransportRoute } from "./mcp-endpoint.ts";
import type { ResolvedHttpOptions, RouteHandler } from "./options.ts";
import type { HttpRequest } from "./request.ts";
import { errorResponse, internalErrorResponse } from "./responses.ts";

/** Dependencies of an {@link HttpEndpoint}. */
export interface HttpEndpointDeps extends Omit<McpEndpointDeps, "limits" | "hasSessions"> {
  readonly options: ResolvedHttpOptions;
  /** True if the option `auth` is not set: only connections to a loopback address are served. */
  readonly onlyLoopback: boolean;
  /** Finds the route of another transport. `isAt` checks if the request is for a path. */
  readonly findTransportRoute?:
    | ((url: string, isAt: (path: string) => boolean) => TransportRoute | undefined)
    | undefined;
}

/** The parts of a URL that the endpoint reads. */
interface RequestUrl {
  readonly text: string;
  readonly host: string;
  readonly pathname: string;
  /** True if the path as the client sent it is another one: it has `.` or `..` segments. */
  readonly hasDotSegments: boolean;
}

// A segment of dots, also if encoded, in the part of a URL before its query.
const DOT_SEGMENT = /^[^?#]*[/\\](?:\.|%2e){1,2}(?:[/\\?#]|$)/i;

// The author's routes may support any method.
const ANY_METHOD = { methods: "GET, POST, PUT, PATCH, DELETE, OPTIONS" };

/** Answers all HTTP requests of one server. */
export class HttpEndpoint {
  readonly #options: ResolvedHttpOptions;
  readonly #deps: HttpEndpointDeps;
  readonly #mcp: McpEndpoint;
  #lastUrl: RequestUrl = { text: "", host: "", pathname: "", hasDotSegments: false };
  #hasLoggedRemote = false;
  #closing: Promise<void> | undefined;

  constructor(deps: HttpEndpointDeps) {
    const { limits, sessions } = deps.options;
    this.#options = deps.options;
    this.#deps = deps;
    this.#mcp = new McpEndpoint({ ...deps, limits, hasSessions: sessions !== undefined });
  }

  /** Checks whether a request is for one of the endpoint's paths. */
  serves(request: HttpRequest): boolean {
    if (this.#parseUrl(request.url).hasDotSegments) return false;
    const path = this.#pathOf(request);
    const isMcp = this.#isMcp(request, path) || this.#findTransportRoute(request, path) !== undefined;
    if (isMcp || this.#findProbe(path) !== undefined || this.#findRoute(request, path) !== undefined) return true;
    return this.#deps.guard.serveMetadata(request) !== undefined;
  }

  /** Answers a request. Never rejects. */
  async handle(request: HttpRequest): Promise<Response> {
    try {
      return await this.#handle(request);
    } catch (error) {
      return this.#fail(request, error);
    }
  }

  /** Refuses new requests, waits for those in flight until a timeout, and ends all streams. */
  close(timeoutMs: number): Promise<void> {
    return (this.#closing ??= this.#mcp.close(timeoutMs));
  }

  async #handle(request: HttpRequest): Promise<Response> {
    // A proxy in front may have allowed the path as it was sent.
    if (this.#parseUrl(request.url).hasDotSegments) return this.#notFound(request.url);
    const path = this.#pathOf(request);
    const route = this.#findRoute(request, path);
    const probe = route ? undefined : this.#findProbe(path);
    // Platforms choose the Host header of their probes, and a probe reveals nothing.
    if (probe) return await probe();
    const forbidden = this.#checkConnection(request) ?? this.#checkHost(request);
    if (forbidden) return forbidden;
    // The metadata is public, for web pages as well (RFC 9728 §3.1).
    const metadata = this.#deps.guard.serveMetadata(request);
    if (metadata) return metadata;
    const origin = request.headers.get("origin");
    if (origin !== null && !this.#options.allowsOrigin(origin)) return forbiddenOrigin(origin);
    // A failure gets CORS headers too, so that a page can read it.
    const response = await this.#answer(request, path, route).catch((error: unknown) => this.#fail(request, error));
    return origin === null ? response : addCorsHeaders(response, origin);
  }

  async #answer(request: HttpRequest, path: string, route: RouteHandler | undefined): Promise<Response> {
    const isMcp = !route && this.#isMcp(request, path);
    const transport = route || isMcp ? undefined : this.#findTransportRoute(request, path);
    if (isPreflight(request.method, request.headers)) {
      const { methods } = isMcp ? this.#mcp : (transport ?? ANY_METHOD);
      return answerPreflight(request.headers, methods);
    }
    if (route) return await route(request.toRequest());
    if (isMcp) return await this.#mcp.answer(request);
    if (transport) return await this.#mcp.answerRoute(transport, request);
    return this.#notFound(path);
  }

  #notFound(path: string): Response {
    const message = `Not found: ${shorten(path)}. The MCP endpoint is at ${this.#options.path}.`;
    return Response.json({ error: "not_found", message }, { status: 404 });
  }

  #fail(request: HttpRequest, error: unknown): Response {
    this.#deps.log(`methodic: ${request.method} ${shorten(this.#pathOf(request))} failed`, { error });
    return internalErrorResponse();
  }

  /** Returns the request's path, without the prefix that an outer router removed. */
  #pathOf({ url, mountPath = "" }: Pick<HttpRequest, "url" | "mountPath">): string {
    const { pathname } = this.#parseUrl(url);
    return pathname.startsWith(`${mountPath}/`) || pathname === mountPath
      ? pathname.slice(mountPath.length) || "/"
      : pathname;
  }

  /**
   * Parses a URL. Caches the last one: a request needs it several times, and most have the same.
   */
  #parseUrl(text: string): RequestUrl {
    if (this.#lastUrl.text !== text) {
      const { host, pathname } = new URL(text);
      this.#lastUrl = { text, host, pathname, hasDotSegments: DOT_SEGMENT.test(text) };
    }
    return this.#lastUrl;
  }

  /**
   * Checks whether a request is for the MCP endpoint. The path may end with a slash. If a router in
   * front has removed the whole path, the router has chosen it.
   */
  #isMcp(request: Pick<HttpRequest, "mountPath" | "url">, path: string): boolean {
    if (this.#isAt(this.#options.path, request, path)) return true;
    return path === "/" && (request.mountPath ?? "") !== "" && this.#findTransportRoute(request, path) === undefined;
  }

  #findTransportRoute(request: Pick<HttpRequest, "url">, path: string): TransportRoute | undefined {
    return this.#deps.findTransportRoute?.(request.url, (served) => this.#isAt(served, request, path));
  }

  #isAt(served: string, { url }: Pick<HttpRequest, "url">, path: string): boolean {
    return [path, this.#parseUrl(url).pathname].some((given) => given === served || given === `${served}/`);
  }

  /**
   * Finds the author's route for a path. A route for exactly this path takes precedence over the
   * server's own paths; one that ends with `/*` gets only paths that the server does not answer.
   */
  #findRoute(request: HttpRequest, path: string): RouteHandler | undefined {
    const { routes } = this.#options;
    const exact = routes.get(path);
    if (exact || routes.size === 0) return exact;
    if (this.#findProbe(path) || this.#isMcp(request, path) || this.#findTransportRoute(request, path)) {
      return undefined;
    }
    for (let end = path.lastIndexOf("/"); end >= 0; end = path.lastIndexOf("/", end - 1)) {
      const prefixRoute = routes.get(`${path.slice(0, end)}/*`);
      if (prefixRoute || end === 0) return prefixRoute;
    }
    return undefined;
  }

  #findProbe(path: string): (() => Response | Promise<Response>) | undefined {
    if (path === "/health") return () => probeResponse(200, "ok");
    return path === "/ready" ? () => this.#answerReady() : undefined;
  }

  async #answerReady(): Promise<Response> {
    if (this.#closing) return probeResponse(503, "closing");
    try {
      return (await this.#options.ready()) ? probeResponse(200, "ready") : probeResponse(503, "not ready");
    } catch (error) {
      this.#deps.log(`methodic: the option 'ready' failed`, { error });
      return probeResponse(503, "not ready");
    }
  }

  /** Refuses connections from other machines if the server has no option `auth`. */
  #checkConnection({ addresses = {} }: HttpRequest): Response | undefined {
    if (!this.#deps.onlyLoopback) return undefined;
    const other = [addresses.remote, addresses.local].find((known) => known !== undefined && !isLoopbackAddress(known));
    if (other === undefined) return undefined;
    const fix = 'Set auth in createServer, such as apiKey() of methodic/auth, or auth: "none" to let every caller in.';
    if (!this.#hasLoggedRemote) {
      this.#hasLoggedRemote = true;
      this.#deps.log(`methodic: refused a request over ${other}: without auth, only this machine is served. ${fix}`, {
        level: "warn",
      });
    }
    const message = "This server has no authentication, so it serves only the machine it runs on.";
    return errorResponse({ status: 403, message: `${message} ${fix}` });
  }

  #checkHost({ headers, url }: HttpRequest): Response | undefined {
    // The Host header and the URL may differ on some runtimes, and either can be spoofed.
    const { host } = this.#parseUrl(url);
    const header = headers.get("host");
    const hosts = header === null || header === host ? [host] : [header, host];
    const forbidden = hosts.find((name) => !this.#options.allowsHost(name));
    if (forbidden === undefined) return undefined;
    return errorResponse({
      status: 403,
      message: `Host not allowed: ${quote(forbidden)}. Add it to allowedHosts or MCP_ALLOWED_HOSTS if it is a name of this server.`,
    });
  }
}

function forbiddenOrigin(origin: string): Response {
  return errorResponse({
    status: 403,
    message: `Origin not allowed: ${quote(origin)}. Add it to allowedOrigins or MCP_ALLOWED_ORIGINS if its pages may use this server.`,
  });
}

function probeResponse(status: number, text: string): Response {
  return Response.json({ status: text }, { status, headers: { "cache-control": "no-store" } });
}

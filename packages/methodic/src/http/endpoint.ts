import { allowReading, answerPreflight, isPreflight } from "./cors.ts";
import { type McpEndpointDeps, McpEndpoint, type TransportRoute } from "./mcp-endpoint.ts";
import type { RouteHandler, ResolvedHttpOptions } from "./options.ts";
import type { HttpRequest } from "./request.ts";
import { excerpt, refuse, refuseInternal } from "./responses.ts";

/** Answers every request that reaches a server over HTTP. */
export interface HttpEndpoint {
  readonly options: ResolvedHttpOptions;
  /** Whether a request is for one of the endpoint's paths. */
  serves(request: HttpRequest): boolean;
  /** Never rejects. */
  handle(request: HttpRequest): Promise<Response>;
  /** Lets running calls finish within a time, then ends all streams. */
  close(timeoutMs: number): Promise<void>;
}

/** What an endpoint is made of. */
export interface EndpointDeps extends Omit<McpEndpointDeps, "limits" | "hasSessions"> {
  readonly options: ResolvedHttpOptions;
  /** Finds the route of another transport. `isAt` tells if the request is for a path. */
  readonly findTransportRoute?:
    | ((url: string, isAt: (path: string) => boolean) => TransportRoute | undefined)
    | undefined;
}

/** Makes the endpoint of one server. */
export function createEndpoint(parts: EndpointDeps): HttpEndpoint {
  return new Endpoint(parts);
}

/** What the endpoint reads of a URL. */
interface UrlParts {
  readonly text: string;
  readonly host: string;
  readonly pathname: string;
}

// The routes of authors are not asked for their methods.
const ANY_METHOD = { methods: "GET, POST, PUT, PATCH, DELETE, OPTIONS" };

type Target = (request: HttpRequest) => Response | Promise<Response>;

class Endpoint implements HttpEndpoint {
  readonly options: ResolvedHttpOptions;
  readonly #parts: EndpointDeps;
  readonly #mcp: McpEndpoint;
  #lastUrl: UrlParts = { text: "", host: "", pathname: "" };
  #closing: Promise<void> | undefined;

  constructor(parts: EndpointDeps) {
    this.options = parts.options;
    this.#parts = parts;
    this.#mcp = new McpEndpoint({
      ...parts,
      limits: parts.options.limits,
      hasSessions: parts.options.sessions !== undefined,
    });
  }

  serves(request: HttpRequest): boolean {
    const path = this.#pathOf(request);
    const isOwn = this.#isMcp(request, path) || this.#findTransportRoute(request, path) !== undefined;
    if (isOwn || this.#findProbe(path) !== undefined || this.#findRoute(path, request) !== undefined) return true;
    return this.#parts.gate.serveMetadata(request) !== undefined;
  }

  async handle(request: HttpRequest): Promise<Response> {
    try {
      return await this.#handle(request);
    } catch (error) {
      return this.#fail(request, error);
    }
  }

  close(timeoutMs: number): Promise<void> {
    return (this.#closing ??= this.#mcp.close(timeoutMs));
  }

  async #handle(request: HttpRequest): Promise<Response> {
    const path = this.#pathOf(request);
    const route = this.#findRoute(path, request);
    const probe = route ? undefined : this.#findProbe(path);
    // Probes come under whatever address the platform uses, and tell nothing.
    if (probe) return await probe(request);
    const wrongHost = this.#refuseHost(request);
    if (wrongHost) return wrongHost;
    // Anybody may read the metadata, web pages included (RFC 9728 §3.1).
    const metadata = this.#parts.gate.serveMetadata(request);
    if (metadata) return metadata;
    const origin = request.headers.get("origin");
    if (origin !== null && !this.options.allowsOrigin(origin)) return this.#refuseOrigin(origin);
    // A page may read that its request failed, too.
    const response = await this.#answer(request, path, route).catch((error: unknown) => this.#fail(request, error));
    return origin === null ? response : allowReading(response, origin);
  }

  #fail(request: HttpRequest, error: unknown): Response {
    this.#parts.report(`methodic: ${request.method} ${excerpt(request.url)} failed: ${stackOf(error)}`);
    return refuseInternal();
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
    const message = `There is nothing at ${excerpt(path)}. The MCP endpoint is ${this.options.path}.`;
    return Response.json({ error: "not_found", message }, { status: 404 });
  }

  /** A client may end the path with a slash. A router in front may have taken all of it off, and then it has chosen the path. */
  #isMcp(request: Pick<HttpRequest, "mountPath" | "url">, path: string): boolean {
    if (this.#isAt(this.options.path, request, path)) return true;
    return path === "/" && (request.mountPath ?? "") !== "" && this.#findTransportRoute(request, path) === undefined;
  }

  #findTransportRoute(request: Pick<HttpRequest, "url">, path: string): TransportRoute | undefined {
    return this.#parts.findTransportRoute?.(request.url, (own) => this.#isAt(own, request, path));
  }

  #isAt(own: string, { url }: Pick<HttpRequest, "url">, path: string): boolean {
    return [path, this.#parseUrl(url).pathname].some((candidate) => candidate === own || candidate === `${own}/`);
  }

  /** Without what a router in front has taken off. */
  #pathOf({ url, mountPath = "" }: Pick<HttpRequest, "url" | "mountPath">): string {
    const { pathname } = this.#parseUrl(url);
    return pathname.startsWith(`${mountPath}/`) || pathname === mountPath
      ? pathname.slice(mountPath.length) || "/"
      : pathname;
  }

  /** Most requests have the URL of the one before, and each needs its parts several times. */
  #parseUrl(text: string): UrlParts {
    if (this.#lastUrl.text !== text) {
      const { host, pathname } = new URL(text);
      this.#lastUrl = { text, host, pathname };
    }
    return this.#lastUrl;
  }

  #findProbe(path: string): Target | undefined {
    if (path === "/health") return () => answerProbe(200, "ok");
    return path === "/ready" ? () => this.#answerReady() : undefined;
  }

  async #answerReady(): Promise<Response> {
    if (this.#closing) return answerProbe(503, "closing");
    try {
      return (await this.options.ready()) ? answerProbe(200, "ready") : answerProbe(503, "not ready");
    } catch (error) {
      this.#parts.report(`methodic: the option 'ready' failed: ${stackOf(error)}`);
      return answerProbe(503, "not ready");
    }
  }

  /** One for exactly this path wins over all but the MCP endpoint; one for all below a path only has what nothing else wants. */
  #findRoute(path: string, request: HttpRequest): RouteHandler | undefined {
    const { routes } = this.options;
    const exact = routes.get(path);
    if (exact || routes.size === 0) return exact;
    if (this.#findProbe(path) || this.#isMcp(request, path) || this.#findTransportRoute(request, path))
      return undefined;
    for (let end = path.lastIndexOf("/"); end >= 0; end = path.lastIndexOf("/", end - 1)) {
      const below = routes.get(`${path.slice(0, end)}/*`);
      if (below || end === 0) return below;
    }
    return undefined;
  }

  #refuseHost({ headers, url }: HttpRequest): Response | undefined {
    // Both, where a runtime has both: one of them may have been spoofed.
    const { host } = this.#parseUrl(url);
    const named = headers.get("host");
    const hosts = named === null || named === host ? [host] : [named, host];
    const wrong = hosts.find((one) => !this.options.allowsHost(one));
    if (wrong === undefined) return undefined;
    return refuse({
      status: 403,
      message: `The host '${excerpt(wrong)}' is not allowed. If it is the server's own, name it: allowedHosts, or MCP_ALLOWED_HOSTS.`,
    });
  }

  #refuseOrigin(origin: string): Response {
    return refuse({
      status: 403,
      message: `The origin '${excerpt(origin)}' is not allowed. If its pages may use the server, name it: allowedOrigins, or MCP_ALLOWED_ORIGINS.`,
    });
  }
}

function answerProbe(status: number, text: string): Response {
  return Response.json({ status: text }, { status, headers: { "cache-control": "no-store" } });
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

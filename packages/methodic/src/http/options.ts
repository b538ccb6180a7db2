import { type TimeSpan, toMilliseconds } from "../util/duration.ts";
import { LOOPBACK_HOSTS } from "../util/loopback.ts";
import {
  type Allowlist,
  allowsOnlyLocal,
  createHostAllowlist,
  createOriginAllowlist,
  isLocalOrigin,
} from "./allowlist.ts";
import type { SessionOptions } from "./streamable-2025/session-options.ts";

/** Answers the requests to a path. */
export type RouteHandler = (request: Request) => Response | Promise<Response>;

/** Limits that protect the server from a single client. */
export interface HttpLimits {
  /** Maximum size of a request body in bytes; beyond it, 413. Default 4 MiB. */
  readonly bodySize?: number;
  /** Maximum depth of nested arrays and objects in a request; beyond it, 400. Default 100. */
  readonly jsonDepth?: number;
  /**
   * The part of the limits on concurrent requests, subscriptions, sessions and unread responses
   * that one caller may take, above 0 and up to 1; beyond it, 429. It keeps a single caller from
   * shutting out all others. Callers are told apart by their credentials, or else by their
   * address; those that share a loopback address are not limited. Default 0.5.
   */
  readonly callerShare?: number;
  /**
   * Maximum number of concurrent requests; beyond it, 503. Each call of a batch or a session
   * counts, open subscriptions and session streams do not. Default 1000.
   */
  readonly concurrentRequests?: number;
  /**
   * Maximum number of open `subscriptions/listen` streams (2026-07-28); beyond it, 503. Default
   * 1024.
   */
  readonly subscriptions?: number;
  /**
   * Interval of keep-alive comments, which keep proxies and runtimes from closing an idle stream:
   * Bun does so after 8 to 12 seconds. 0 disables them. Default 5 seconds.
   */
  readonly streamKeepAlive?: TimeSpan;
  /**
   * Maximum number of bytes that wait for a client that does not read; beyond it, the stream is cut
   * off. On 2025-11-25 and before, methods that await their notifications slow down earlier.
   * Default 4 MiB.
   */
  readonly streamBuffer?: number;
  /**
   * Maximum duration of a call; beyond it, its signal aborts and the client gets an error. It also
   * limits the authenticator and the access rules. Default: 0, unlimited.
   */
  readonly callTimeout?: TimeSpan;
  /**
   * Node only: maximum number of bytes of responses that wait for clients to read them. Beyond it,
   * the oldest connection of the caller with the most bytes is closed. Default 256 MiB.
   */
  readonly responseBuffer?: number;
  /**
   * Node only: maximum time in which a client reads nothing of a response; beyond it, its
   * connection is closed. 0 disables it. Default 1 minute.
   */
  readonly readTimeout?: TimeSpan;
  /**
   * Node only: maximum size of all headers of a request in bytes; beyond it, 431. Default 16 KiB.
   */
  readonly headersSize?: number;
  /** Node only: maximum time to receive the headers of a request. Default 10 seconds. */
  readonly headersTimeout?: TimeSpan;
  /** Maximum time to receive a request's body; beyond it, 408. Default 30 seconds. */
  readonly requestTimeout?: TimeSpan;
  /**
   * Node only: time that an idle connection stays open. Default 65 seconds, which is longer than
   * common load balancers keep theirs.
   */
  readonly keepAliveTimeout?: TimeSpan;
  /** Node only: maximum number of open connections. Default: the system's limit. */
  readonly connections?: number;
}

/** Options of the HTTP transport (Streamable HTTP). */
export interface HttpOptions {
  /** The path of the MCP endpoint, including any prefix. Default `MCP_PATH`, else `/mcp`. */
  readonly path?: string;
  /**
   * The URL of the MCP endpoint for clients, if a proxy changes its scheme, host or path.
   * Its host and origin are allowed, and access tokens must be issued for it as their resource (RFC
   * 8707). Default `MCP_PUBLIC_URL`.
   */
  readonly publicUrl?: string | URL;
  /**
   * The hosts that clients may use to reach the server: `"mcp.example.com"`, with a port
   * `"mcp.example.com:8443"`, all subdomains `"*.example.com"`, or `"*"` for any. Another `Host`
   * gets 403, which keeps web pages from reaching a local server through DNS rebinding. Default
   * `MCP_ALLOWED_HOSTS`, else `localhost`, `127.0.0.1` and `[::1]`.
   */
  readonly allowedHosts?: readonly string[] | "*";
  /**
   * The origins of web pages that may use the server: `"https://app.example.com"`,
   * `"https://*.example.com"`, or `"*"` for any. Their responses have CORS headers; another
   * `Origin` gets 403. Requests without `Origin` pass, because they do not come from web pages.
   * Default `MCP_ALLOWED_ORIGINS`, else local origins if only local hosts are allowed.
   */
  readonly allowedOrigins?: readonly string[] | "*";
  /**
   * Sessions for clients of 2025-11-25 and before, which need one for elicitation and for
   * notifications of changes. `true` uses the defaults of {@link SessionOptions}. Default false:
   * each request stands alone, so any instance of the server can answer it.
   */
  readonly sessions?: boolean | SessionOptions;
  /**
   * Also serve the HTTP+SSE transport of 2024-11-05, at `/sse` and `/messages` next to the
   * endpoint. Default false.
   */
  readonly legacySse?: boolean;
  /**
   * Further paths: `{ "/hello": (request) => new Response("Hello") }`. A path that ends with `/*`
   * gets all requests below it that the server does not answer itself. Host and origin are checked;
   * the caller is not, so the handler must authenticate it.
   */
  readonly routes?: { readonly [path: string]: RouteHandler };
  /** The readiness check of `/ready`. Default: ready until the server closes. */
  readonly ready?: () => boolean | Promise<boolean>;
  readonly limits?: HttpLimits;
}

/** {@link HttpLimits} with defaults; times are in milliseconds. */
export type ResolvedLimits = {
  readonly [name in keyof HttpLimits]-?: number;
};

/** {@link HttpOptions} with defaults. */
export interface ResolvedHttpOptions {
  readonly path: string;
  readonly publicUrl: URL | undefined;
  readonly allowsHost: Allowlist;
  readonly allowsOrigin: Allowlist;
  /** True if all allowed hosts are names of the local machine. */
  readonly onlyLocal: boolean;
  /** True if hosts or a public URL are configured; false if the defaults apply. */
  readonly namesHosts: boolean;
  /** The allowed hosts, for messages. */
  readonly hosts: readonly string[];
  /** The allowed origins, for messages. */
  readonly origins: readonly string[];
  readonly sessions: SessionOptions | undefined;
  readonly legacySse: boolean;
  readonly routes: ReadonlyMap<string, RouteHandler>;
  readonly ready: () => boolean | Promise<boolean>;
  readonly limits: ResolvedLimits;
}

const DEFAULT_LIMITS: ResolvedLimits = {
  bodySize: 4 * 1024 * 1024,
  jsonDepth: 100,
  callerShare: 0.5,
  concurrentRequests: 1000,
  subscriptions: 1024,
  streamKeepAlive: 5_000,
  streamBuffer: 4 * 1024 * 1024,
  callTimeout: Number.POSITIVE_INFINITY,
  responseBuffer: 256 * 1024 * 1024,
  readTimeout: 60_000,
  headersSize: 16 * 1024,
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 65_000,
  connections: Number.POSITIVE_INFINITY,
};

/** Adds the defaults to checked options. */
export function resolveHttpOptions(options: HttpOptions): ResolvedHttpOptions {
  const { path = "/mcp", publicUrl } = options;
  const url = publicUrl === undefined ? undefined : new URL(publicUrl);
  const hosts = toEntries(options.allowedHosts);
  const origins = toEntries(options.allowedOrigins);
  const allHosts = [...(hosts ?? LOOPBACK_HOSTS), ...(url ? [url.host] : [])];
  const allOrigins = [...(origins ?? []), ...(url ? [url.origin] : [])];
  const localOrigins = origins === undefined && allowsOnlyLocal(allHosts);
  const allowsListed = createOriginAllowlist(allOrigins);
  return {
    path: path === "/" ? path : path.replace(/\/$/, ""),
    publicUrl: url,
    allowsHost: createHostAllowlist(allHosts),
    allowsOrigin: localOrigins ? (origin) => isLocalOrigin(origin) || allowsListed(origin) : allowsListed,
    onlyLocal: allowsOnlyLocal(allHosts),
    namesHosts: hosts !== undefined || url !== undefined,
    hosts: allHosts,
    origins: localOrigins ? ["http://localhost:*", ...allOrigins] : allOrigins,
    sessions: options.sessions === true ? {} : options.sessions === false ? undefined : options.sessions,
    legacySse: options.legacySse ?? false,
    routes: new Map(Object.entries(options.routes ?? {})),
    ready: options.ready ?? (() => true),
    limits: resolveLimits(options.limits ?? {}),
  };
}

function resolveLimits(limits: HttpLimits): ResolvedLimits {
  const given = Object.entries(limits)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]: [string, TimeSpan]) => [name, typeof value === "number" ? value : toMilliseconds(value)]);
  const resolved = { ...DEFAULT_LIMITS, ...(Object.fromEntries(given) as Partial<ResolvedLimits>) };
  return { ...resolved, callTimeout: resolved.callTimeout || DEFAULT_LIMITS.callTimeout };
}

function toEntries(value: readonly string[] | "*" | undefined): readonly string[] | undefined {
  return value === "*" ? ["*"] : value;
}

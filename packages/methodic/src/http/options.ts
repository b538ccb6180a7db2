import { type TimeSpan, toMilliseconds } from "../util/duration.ts";
import {
  type Allowlist,
  createHostAllowlist,
  allowsOnlyLocal,
  allowLocalOrigins,
  createOriginAllowlist,
} from "./allowlist.ts";
import type { SessionOptions } from "./streamable-2025/session-options.ts";

/** Answers the requests for one path. */
export type RouteHandler = (request: Request) => Response | Promise<Response>;

/** Bounds that keep one client from using up the server. */
export interface HttpLimits {
  /** Bytes of a request's body. Default 4 MiB. A longer one is answered with 413. */
  readonly bodySize?: number;
  /** How deep arrays and objects of a request may be nested. Default 100. A deeper one is answered with 400. */
  readonly jsonDepth?: number;
  /** Requests answered at the same time, each call of a batch or a session counted, open subscriptions and session streams not. Default 1000. One more is answered with 503. */
  readonly concurrentRequests?: number;
  /** Streams of `subscriptions/listen` (2026-07-28) open at the same time. Default 1024. */
  readonly subscriptions?: number;
  /** How often an open stream says that it is there, so that nothing between server and client takes it for dead. Default 15 seconds; 0: never. */
  readonly streamKeepAlive?: TimeSpan;
  /**
   * Bytes that may wait on the stream of a client that does not read. Default 4 MiB. Then the stream is cut off; before that, on 2025-11-25 and older,
   * methods that wait for what they say to be sent are slowed down.
   */
  readonly streamBuffer?: number;
  /** How long a call may run. Default: for ever. Then its signal aborts, and the client gets an error. */
  readonly callTimeout?: TimeSpan;
  /** Node only: bytes of all headers of a request. Default 16 KiB. More are answered with 431. */
  readonly headersSize?: number;
  /** Node only: how long a client may take to send the headers of a request. Default 10 seconds. */
  readonly headersTimeout?: TimeSpan;
  /** Node only: how long a client may take to send a whole request. Default 30 seconds. Then it is answered with 408. */
  readonly requestTimeout?: TimeSpan;
  /** Node only: how long a connection without a request is kept open. Default 65 seconds, longer than the load balancers in front. */
  readonly keepAliveTimeout?: TimeSpan;
  /** Node only: connections open at the same time. Default: as many as the system allows. */
  readonly connections?: number;
}

/** How a server is reached over HTTP (MCP's Streamable HTTP transport). */
export interface HttpOptions {
  /** The path of the MCP endpoint, with any prefix. Default `MCP_PATH`, else `/mcp`. */
  readonly path?: string;
  /**
   * The URL of the MCP endpoint as clients know it, where that is not what the server sees: behind a proxy that changes scheme, host or path.
   * Its host and origin are allowed. It is the resource identifier that access tokens must be issued for (RFC 8707). Default `MCP_PUBLIC_URL`.
   */
  readonly publicUrl?: string | URL;
  /**
   * The host names under which clients may reach the server: `"mcp.example.com"`, with a port `"mcp.example.com:8443"`, all below a domain
   * `"*.example.com"`; `"*"` is any. Default `MCP_ALLOWED_HOSTS`, else the names of this computer: `localhost`, `127.0.0.1`, `[::1]`.
   * A `Host` that is not allowed is answered with 403: this is what keeps web pages from reaching a local server through DNS rebinding.
   */
  readonly allowedHosts?: readonly string[] | "*";
  /**
   * The origins of web pages that may use the server: `"https://app.example.com"`, `"https://*.example.com"`; `"*"` is any.
   * They get CORS headers; another `Origin` is answered with 403. Requests without `Origin` do not come from web pages and pass.
   * Default `MCP_ALLOWED_ORIGINS`, else those of `localhost`, `127.0.0.1` and `[::1]` as long as `allowedHosts` is not given, and none otherwise.
   */
  readonly allowedOrigins?: readonly string[] | "*";
  /**
   * Sessions for clients of 2025-11-25 and older, without which they cannot be asked anything by a running method, nor be told of changes.
   * `true` takes the defaults of {@link SessionOptions}. Default false: every request stands alone, and any copy of the server can answer it.
   */
  readonly sessions?: boolean | SessionOptions;
  /** Also serve the HTTP+SSE transport of 2024-11-05, at `/sse` and `/messages` beside the endpoint. Default false. */
  readonly legacySse?: boolean;
  /**
   * More paths, `{ "/hello": (request) => new Response("Hello") }`. A path that ends with `/*` takes all below it that the server does not answer itself.
   * Host and origin are checked; who calls is not: the handler sees to that itself.
   */
  readonly routes?: { readonly [path: string]: RouteHandler };
  /** Whether the server can do its work, for `/ready`. Default: it can, until it is closed. */
  readonly ready?: () => boolean | Promise<boolean>;
  readonly limits?: HttpLimits;
}

/** The limits with their defaults, times in milliseconds. */
export type ResolvedLimits = {
  readonly [name in keyof HttpLimits]-?: number;
};

/** {@link HttpOptions} as the endpoint needs them: completed by defaults. */
export interface ResolvedHttpOptions {
  readonly path: string;
  readonly publicUrl: URL | undefined;
  readonly allowsHost: Allowlist;
  readonly allowsOrigin: Allowlist;
  /** Whether only this computer can be named. */
  readonly onlyLocal: boolean;
  /** Whether the author said under which hosts the server is reached; nobody meant the defaults. */
  readonly namesHosts: boolean;
  /** As told to people: the hosts and origins that are allowed. */
  readonly hosts: readonly string[];
  readonly origins: readonly string[];
  readonly sessions: SessionOptions | undefined;
  readonly legacySse: boolean;
  readonly routes: ReadonlyMap<string, RouteHandler>;
  readonly ready: () => boolean | Promise<boolean>;
  readonly limits: ResolvedLimits;
}

const LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"];

const DEFAULT_LIMITS: ResolvedLimits = {
  bodySize: 4 * 1024 * 1024,
  jsonDepth: 100,
  concurrentRequests: 1000,
  subscriptions: 1024,
  streamKeepAlive: 15_000,
  streamBuffer: 4 * 1024 * 1024,
  callTimeout: Number.POSITIVE_INFINITY,
  headersSize: 16 * 1024,
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 65_000,
  connections: Number.POSITIVE_INFINITY,
};

/** Completes checked options. */
export function resolveHttpOptions(options: HttpOptions): ResolvedHttpOptions {
  const { path = "/mcp", publicUrl } = options;
  const url = publicUrl === undefined ? undefined : new URL(publicUrl);
  const hosts = toList(options.allowedHosts);
  const origins = toList(options.allowedOrigins);
  const allHosts = [...(hosts ?? LOCAL_HOSTS), ...(url ? [url.host] : [])];
  const allOrigins = [...(origins ?? []), ...(url ? [url.origin] : [])];
  const localOrigins = origins === undefined && allowsOnlyLocal(allHosts);
  const allowsListed = createOriginAllowlist(allOrigins);
  return {
    path: path === "/" ? path : path.replace(/\/$/, ""),
    publicUrl: url,
    allowsHost: createHostAllowlist(allHosts),
    allowsOrigin: localOrigins ? (origin) => allowLocalOrigins(origin) || allowsListed(origin) : allowsListed,
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
    .map(([name, value]: [string, TimeSpan]) => [name, toMilliseconds(value)]);
  return { ...DEFAULT_LIMITS, ...(Object.fromEntries(given) as Partial<ResolvedLimits>) };
}

function toList(value: readonly string[] | "*" | undefined): readonly string[] | undefined {
  return value === "*" ? ["*"] : value;
}

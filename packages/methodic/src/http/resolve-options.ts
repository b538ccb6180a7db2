import { type TimeSpan, toMilliseconds } from "./duration.ts";
import { type Allowance, allowHosts, allowsOnlyLocal } from "./host-list.ts";
import type { HttpLimits, HttpOptions, RouteHandler } from "./http-options.ts";
import type { SessionOptions } from "./legacy/session-options.ts";
import { allowLocalOrigins, allowOrigins } from "./origin-list.ts";

/** The limits with their defaults, times in milliseconds. */
export type ResolvedLimits = {
  readonly [name in keyof HttpLimits]-?: number;
};

/** {@link HttpOptions} as the endpoint needs them: completed by defaults. */
export interface ResolvedHttpOptions {
  readonly path: string;
  readonly publicUrl: URL | undefined;
  readonly allowsHost: Allowance;
  readonly allowsOrigin: Allowance;
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
  const allowsListed = allowOrigins(allOrigins);
  return {
    path: path === "/" ? path : path.replace(/\/$/, ""),
    publicUrl: url,
    allowsHost: allowHosts(allHosts),
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

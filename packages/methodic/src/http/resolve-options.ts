import { MethodicError } from "../errors.ts";
import { isHostList, isOriginList, isPath, isPublicUrl } from "./check-http-options.ts";
import { type TimeSpan, toMilliseconds } from "./duration.ts";
import { type Allowance, allowHosts, allowsOnlyLocal } from "./host-list.ts";
import type { HttpLimits, HttpOptions, RouteHandler } from "./http-options.ts";
import type { SessionOptions } from "./legacy/session-options.ts";
import { allowLocalOrigins, allowOrigins } from "./origin-list.ts";

/** Environment variables; not every runtime has them. */
export type Environment = { readonly [name: string]: string | undefined };

/** The limits with their defaults, times in milliseconds. */
export type ResolvedLimits = {
  readonly [name in keyof HttpLimits]-?: number;
};

/** {@link HttpOptions} as the endpoint needs them: checked, completed by the environment, with defaults. */
export interface ResolvedHttpOptions {
  readonly path: string;
  readonly publicUrl: URL | undefined;
  readonly allowsHost: Allowance;
  readonly allowsOrigin: Allowance;
  /** Whether only this computer can be named. */
  readonly onlyLocal: boolean;
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
  callTimeout: Number.POSITIVE_INFINITY,
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 65_000,
  connections: Number.POSITIVE_INFINITY,
};

/**
 * Completes checked options.
 * @throws MethodicError if an environment variable does not hold what it must
 */
export function resolveHttpOptions(options: HttpOptions, env: Environment): ResolvedHttpOptions {
  const path = options.path ?? readVariable(env, "MCP_PATH", isPath) ?? "/mcp";
  const publicUrl = options.publicUrl ?? readVariable(env, "MCP_PUBLIC_URL", isPublicUrl);
  const url = publicUrl === undefined ? undefined : new URL(publicUrl);
  const hosts = toList(options.allowedHosts) ?? readList(env, "MCP_ALLOWED_HOSTS", isHostList);
  const origins = toList(options.allowedOrigins) ?? readList(env, "MCP_ALLOWED_ORIGINS", isOriginList);
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

function readList(
  env: Environment,
  name: string,
  rule: (value: readonly string[]) => string | undefined,
): readonly string[] | undefined {
  const text = env[name];
  if (text === undefined || text.trim() === "") return undefined;
  const list = text
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
  assertVariable({ name, text, problem: rule(list) });
  return list;
}

/** The text of an environment variable; an empty one counts as not set. */
export function readVariable(
  env: Environment,
  name: string,
  rule: (text: string) => string | undefined,
): string | undefined {
  const text = env[name]?.trim();
  if (text === undefined || text === "") return undefined;
  assertVariable({ name, text, problem: rule(text) });
  return text;
}

function assertVariable({ name, text, problem }: { name: string; text: string; problem: string | undefined }): void {
  if (problem === undefined) return;
  throw new MethodicError(
    "INVALID_OPTIONS",
    `The environment variable ${name} ${problem}, and is ${JSON.stringify(text)}.`,
  );
}

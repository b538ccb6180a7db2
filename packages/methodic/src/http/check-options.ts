import { findOptionProblems, type OptionCheck, type OptionsSpec, showValue } from "../util/check-options.ts";
import { isRecord } from "../util/record.ts";
import {
  checkPositiveInteger,
  checkDuration,
  checkFlag,
  checkFunction,
  checkList,
  checkNested,
  checkPositiveDuration,
  mustBe,
  parseHttpUrl,
} from "../util/option-checks.ts";
import { isHostPattern, isOriginPattern } from "./allowlist.ts";
import type { HttpLimits, HttpOptions } from "./options.ts";
import type { SessionOptions } from "./streamable-2025/session-options.ts";

/** Requires the path of a URL. */
export const checkPath: OptionCheck = mustBe('a path that begins with "/", such as "/mcp"', isPath);

function isPath(value: unknown): boolean {
  return typeof value === "string" && /^\/(?:[\w.~!$&'()+,;=:@-]|%[\da-f]{2}|\/(?!\/))*$/i.test(value);
}

/**
 * Requires a URL that can be a resource identifier: it has no fragment (RFC 8707 §2), and its
 * metadata is found by the path alone (RFC 9728 §3.1).
 */
export const checkPublicUrl: OptionCheck = mustBe(
  'an https or http URL without query, fragment, user and password, such as "https://example.com/mcp"',
  (value) => {
    const url = parseHttpUrl(value);
    return url !== undefined && url.hash + url.search + url.username + url.password === "";
  },
);

/** Requires `"*"` or a list of host patterns. */
export const checkAllowedHosts: OptionCheck = checkAllowlist(isHostPattern, {
  entry: "a host without scheme and path",
  example: "mcp.example.com",
});

/** Requires `"*"` or a list of origin patterns. */
export const checkAllowedOrigins: OptionCheck = checkAllowlist(isOriginPattern, {
  entry: "an origin with a scheme and without a path",
  example: "https://app.example.com",
});

function checkAllowlist(
  isPattern: (entry: string) => boolean,
  { entry, example }: { readonly entry: string; readonly example: string },
): OptionCheck {
  const isList = (value: unknown): boolean => Array.isArray(value) && value.length > 0;
  const checkIsList = mustBe(`"*" or a list such as ["${example}"]`, isList);
  const checkEntries = checkList(
    mustBe(`${entry}, such as "${example}"`, (value) => typeof value === "string" && isPattern(value)),
  );
  return (value, path) => {
    if (value === "*") return [];
    return isList(value) ? checkEntries(value, path) : checkIsList(value, path);
  };
}

const LIMITS: OptionsSpec<HttpLimits> = {
  bodySize: checkPositiveInteger,
  jsonDepth: checkPositiveInteger,
  callerShare: mustBe(
    "a number above 0 and up to 1, such as 0.5",
    (value) => typeof value === "number" && value > 0 && value <= 1,
  ),
  concurrentRequests: checkPositiveInteger,
  subscriptions: checkPositiveInteger,
  streamKeepAlive: checkDuration,
  streamBuffer: checkPositiveInteger,
  callTimeout: checkDuration,
  responseBuffer: checkPositiveInteger,
  readTimeout: checkDuration,
  headersSize: checkPositiveInteger,
  headersTimeout: checkDuration,
  requestTimeout: checkDuration,
  keepAliveTimeout: checkDuration,
  connections: checkPositiveInteger,
};

const SESSIONS: OptionsSpec<SessionOptions> = {
  idleTimeout: checkPositiveDuration,
  max: checkPositiveInteger,
  eventStore: mustBe("an EventStore, such as new MemoryEventStore() of methodic/http", (value) =>
    ["storeEvent", "replayEventsAfter"].every((name) => typeof Object(value)[name] === "function"),
  ),
  retryInterval: checkDuration,
};

const checkSessions: OptionCheck = (value, path) => {
  if (typeof value === "boolean") return [];
  if (isRecord(value)) return findOptionProblems(value, SESSIONS, { path });
  const fix = `It must be true, false or an object with ${Object.keys(SESSIONS).join(", ")}.`;
  return [{ kind: "invalid", path, shown: showValue(value), fix }];
};

const checkRoutes: OptionCheck = (value, path) => {
  const problems = mustBe('an object such as { "/hello": (request) => new Response("Hello") }', isRecord)(value, path);
  if (problems.length > 0) return problems;
  const checkRoutePath = mustBe('a path that begins with "/", such as "/hello" or "/files/*"', (route) =>
    isPath(String(route).replace(/\/\*$/, "/")),
  );
  return Object.entries(Object(value)).flatMap(([route, handler]: [string, unknown]) => [
    ...checkRoutePath(route, path),
    ...checkFunction(handler, `${path}[${JSON.stringify(route)}]`),
  ]);
};

/** The checks of {@link HttpOptions}. */
export const HTTP_OPTIONS: OptionsSpec<HttpOptions> = {
  path: checkPath,
  publicUrl: checkPublicUrl,
  allowedHosts: checkAllowedHosts,
  allowedOrigins: checkAllowedOrigins,
  sessions: checkSessions,
  legacySse: checkFlag,
  routes: checkRoutes,
  ready: checkFunction,
  limits: checkNested<HttpLimits>(LIMITS),
};

import { toMilliseconds } from "./duration.ts";
import { isHostPattern } from "./host-list.ts";
import { isOriginPattern } from "./origin-list.ts";

/** Says what is wrong with a value, or nothing. */
export type Rule = (value: unknown) => string | undefined;
type Rules = { readonly [option: string]: Rule };

const isFlag: Rule = (value) => (typeof value === "boolean" ? undefined : "must be true or false");
const isFunction: Rule = (value) => (typeof value === "function" ? undefined : "must be a function");
const isTimeSpan: Rule = (value) =>
  toMilliseconds(value) === undefined
    ? 'must be milliseconds or a text such as "30s", "30m" or "2h", at most 24 days'
    : undefined;
const isPositiveTimeSpan: Rule = (value) => (toMilliseconds(value) === 0 ? "must be longer than 0" : isTimeSpan(value));
const isCount: Rule = (value) =>
  Number.isSafeInteger(value) && (value as number) > 0 ? undefined : "must be a whole number, 1 or more";

export const isPath: Rule = (value) =>
  typeof value === "string" && /^\/(?:[\w.~!$&'()+,;=:@-]|%[\da-f]{2}|\/(?!\/))*$/i.test(value)
    ? undefined
    : 'must be a path that begins with "/", such as "/mcp"';

export const isPublicUrl: Rule = (value) => {
  const text = value instanceof URL ? value.href : value;
  if (typeof text !== "string" || !URL.canParse(text)) return 'must be a URL, such as "https://example.com/mcp"';
  const { protocol, hash, search, username, password } = new URL(text);
  if (protocol !== "https:" && protocol !== "http:") return "must be an https or http URL";
  // RFC 8707 §2: a resource identifier has no fragment; RFC 9728 finds the metadata by the path alone.
  return hash + search + username + password === "" ? undefined : "must have no query, fragment, user or password";
};

const listOf =
  (isEntry: (entry: string) => boolean, example: string): Rule =>
  (value) => {
    if (value === "*") return undefined;
    if (!Array.isArray(value) || value.length === 0) return `must be "*" or a list such as ["${example}"]`;
    const wrong = value.find((entry) => typeof entry !== "string" || !isEntry(entry)) as unknown;
    return wrong === undefined ? undefined : `holds ${JSON.stringify(wrong)}; an entry looks like "${example}"`;
  };

export const isHostList: Rule = listOf(isHostPattern, "mcp.example.com");
export const isOriginList: Rule = listOf(isOriginPattern, "https://app.example.com");

const isRoutes: Rule = (value) => {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return 'must be an object such as { "/hello": (request) => new Response("Hello") }';
  for (const [path, handler] of Object.entries(value)) {
    const wrong = isPath(path.replace(/\/\*$/, "/"));
    if (wrong !== undefined) return `has the path ${JSON.stringify(path)}, which ${wrong}`;
    if (typeof handler !== "function") return `has no function for the path ${JSON.stringify(path)}`;
  }
  return undefined;
};

const LIMIT_RULES: Rules = {
  bodySize: isCount,
  jsonDepth: isCount,
  concurrentRequests: isCount,
  subscriptions: isCount,
  streamKeepAlive: isTimeSpan,
  streamBuffer: isCount,
  callTimeout: isTimeSpan,
  headersSize: isCount,
  headersTimeout: isTimeSpan,
  requestTimeout: isTimeSpan,
  keepAliveTimeout: isTimeSpan,
  connections: isCount,
};

const SESSION_RULES: Rules = {
  idleTimeout: isPositiveTimeSpan,
  max: isCount,
  eventStore: (value) =>
    ["storeEvent", "replayEventsAfter"].every((name) => typeof Object(value)[name] === "function")
      ? undefined
      : "must be an EventStore, such as new MemoryEventStore() of methodic/http",
  retryInterval: isTimeSpan,
};

const HTTP_RULES: Rules = {
  path: isPath,
  publicUrl: isPublicUrl,
  allowedHosts: isHostList,
  allowedOrigins: isOriginList,
  sessions: (value) => (typeof value === "boolean" ? undefined : checkOptions(value, SESSION_RULES)),
  legacySse: isFlag,
  routes: isRoutes,
  ready: isFunction,
  limits: (value) => checkOptions(value, LIMIT_RULES),
};

/** The names of all options of HTTP. */
export const HTTP_OPTION_NAMES: readonly string[] = Object.keys(HTTP_RULES);

/** Says everything that is wrong with options of HTTP. */
export function checkHttpOptions(options: unknown): readonly string[] {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    return [`must be an object of options (${HTTP_OPTION_NAMES.join(", ")}), and is ${show(options)}`];
  }
  return problemsOf(options, HTTP_RULES);
}

/** The first problem of nested options. */
function checkOptions(value: unknown, rules: Rules): string | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return `must be an object of options (${Object.keys(rules).join(", ")})`;
  }
  const [problem] = problemsOf(value, rules);
  return problem && `is wrong: ${problem}`;
}

function problemsOf(options: object, rules: Rules): readonly string[] {
  return Object.entries(options).flatMap(([option, value]: [string, unknown]) => {
    if (value === undefined) return [];
    const rule = Object.hasOwn(rules, option) ? rules[option] : undefined;
    if (!rule) return [`there is no option '${option}'; the options are ${Object.keys(rules).join(", ")}`];
    const problem = rule(value);
    return problem === undefined ? [] : [`the option '${option}' ${problem}, and is ${show(value)}`];
  });
}

function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (value instanceof URL) return value.href;
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" && value !== null
    ? "an object"
    : typeof value === "function"
      ? "a function"
      : String(value);
}

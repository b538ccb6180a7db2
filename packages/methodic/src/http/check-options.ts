import { didYouMean } from "../util/did-you-mean.ts";
import { toMilliseconds } from "../util/duration.ts";
import { isHostPattern, isOriginPattern } from "./allowlist.ts";

/** Says what is wrong with a value, or nothing. What begins with "must" is completed by the value itself. */
export type Rule = (value: unknown) => string | undefined;
/** Rules of options, some of which have options of their own. */
type Rules = { readonly [option: string]: Rule | Rules };

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
  sessions: SESSION_RULES,
  legacySse: isFlag,
  routes: isRoutes,
  ready: isFunction,
  limits: LIMIT_RULES,
};

/** Where options of HTTP stand, for messages. */
export interface HttpOptionsPlace {
  /** What comes before the name of an option: `http.` */
  readonly prefix?: string;
  /** Options that may stand beside them; somebody else checks those. */
  readonly others?: readonly string[];
}

/** Says everything that is wrong with options of HTTP, each as a sentence without its full stop. */
export function checkHttpOptions(
  options: unknown,
  { prefix = "", others = [] }: HttpOptionsPlace = {},
): readonly string[] {
  if (!isObject(options)) return [refuseNoObject(prefix.replace(/\.$/, ""), options, HTTP_RULES)];
  const known = [...others, ...Object.keys(HTTP_RULES)];
  return Object.entries(options).flatMap(([option, value]: [string, unknown]) =>
    others.includes(option) ? [] : check({ option, value, prefix, rules: HTTP_RULES, known }),
  );
}

interface Given {
  readonly option: string;
  readonly value: unknown;
  readonly prefix: string;
  readonly rules: Rules;
  readonly known: readonly string[];
}

function check({ option, value, prefix, rules, known }: Given): readonly string[] {
  if (value === undefined) return [];
  const name = `${prefix}${option}`;
  const rule = Object.hasOwn(rules, option) ? rules[option] : undefined;
  if (!rule) {
    const meant = didYouMean(option, known);
    return [`there is no option '${name}'.${meant} The options are ${known.join(", ")}`];
  }
  if (typeof rule === "function") {
    const problem = rule(value);
    if (problem === undefined) return [];
    return [`the option '${name}' ${problem}${problem.startsWith("must") ? `, and is ${show(value)}` : ""}`];
  }
  if (rule === SESSION_RULES && typeof value === "boolean") return [];
  if (!isObject(value)) return [refuseNoObject(name, value, rule)];
  return Object.entries(value).flatMap(([inner, one]: [string, unknown]) =>
    check({ option: inner, value: one, prefix: `${name}.`, rules: rule, known: Object.keys(rule) }),
  );
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function refuseNoObject(name: string, value: unknown, rules: Rules): string {
  const who = name === "" ? "" : `the option '${name}' `;
  const flags = rules === SESSION_RULES ? "true, false, or " : "";
  return `${who}must be ${flags}an object of options (${Object.keys(rules).join(", ")}), and is ${show(value)}`;
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

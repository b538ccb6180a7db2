import { type ServerAuth, readServerAuth } from "../auth/server-auth.ts";
import type { Icon } from "../decorators/definition.ts";
import { MethodicError } from "../errors.ts";
import { checkHttpOptions } from "../http/check-options.ts";
import type { HttpOptions } from "../http/options.ts";
import { type Naming, NAMING_STYLES } from "../registry/names.ts";
import type { Problems } from "../registry/problems.ts";
import { didYouMean } from "../util/did-you-mean.ts";
import { type TimeSpan, toMilliseconds } from "../util/duration.ts";

export type { ServerAuth } from "../auth/server-auth.ts";
export type { Naming } from "../registry/names.ts";

/** A class with decorated methods, constructed with no arguments when the server is created. */
export type ServiceClass = new () => object;

/** What {@link createServer} takes. */
export interface ServerOptions {
  /** The server's name, as clients show it. */
  readonly name: string;
  /** The server's version, as clients show it. */
  readonly version: string;
  /** A name for people. */
  readonly title?: string;
  /** How to use the server, for the model. */
  readonly instructions?: string;
  readonly websiteUrl?: string;
  readonly icons?: readonly Icon[];
  /** Service classes (constructed with no arguments) or instances. */
  readonly services: readonly (ServiceClass | object)[];
  /** Default `as-is`. */
  readonly naming?: Naming;
  /** Replace messages of unexpected errors by an id that is in the log. Default: true when `NODE_ENV` is `production`. */
  readonly maskErrors?: boolean;
  /** Never repair arguments that do not validate. Default false. */
  readonly strict?: boolean;
  /**
   * Check what tools return against their output schemas. Default true: a result that does not follow its schema is a mistake of the
   * server, which is logged, and its client gets an error without details. `process.env.NODE_ENV !== "production"` saves the time in production.
   * A schema of a library (zod …) given as `outputSchema` always runs, because it makes the value that is sent.
   */
  readonly validateOutput?: boolean;
  /**
   * Who may use the server over HTTP: an authenticator of `methodic/auth`, such as `jwt({ … })` or `apiKey()`; with rules for all callers in a list,
   * `[jwt({ … }), requireScopes("notes:read")]`; or `"none"`, everybody, which must be spelled out for a server that other computers can reach.
   * Over stdio the client has started the process, and nobody else can call.
   */
  readonly auth?: ServerAuth;
  /** How the server is reached over HTTP. */
  readonly http?: HttpOptions;
  /**
   * A secret of at least 32 bytes that all processes of this server share, so that any of them can go on with a call which another one answered with a
   * question to the user (`ctx.elicit` on 2026-07-28): what was asked before travels with the client, signed with it. Default: a random one
   * for each process, which is right as long as there is only one.
   */
  readonly stateKey?: string;
  /** How long a closing server waits for calls in flight: milliseconds, or a text such as `"30s"`. Default 10 seconds. */
  readonly shutdownTimeout?: TimeSpan;
}

/** Says what is wrong with an option's value, or nothing. */
type Rule = (value: unknown) => string | undefined;

const isText: Rule = (value) =>
  typeof value === "string" && value.trim() !== "" ? undefined : "must be a non-empty string";
const isFlag: Rule = (value) => (typeof value === "boolean" ? undefined : "must be true or false");
const isList: Rule = (value) => (Array.isArray(value) ? undefined : "must be an array");

const isDuration: Rule = (value) =>
  toMilliseconds(value) === undefined ? 'must be milliseconds, 0 or more, or a text such as "30s"' : undefined;

const isKey: Rule = (value) =>
  typeof value === "string" && new TextEncoder().encode(value).length >= 32
    ? undefined
    : "must be a secret string of at least 32 bytes";

const isNaming: Rule = (value) =>
  typeof value === "function" || NAMING_STYLES.some((style) => style === value)
    ? undefined
    : `must be ${NAMING_STYLES.map((style) => JSON.stringify(style)).join(", ")} or a function from method names to public names`;

const SERVER_RULES: { readonly [option: string]: Rule } = {
  name: isText,
  version: isText,
  title: isText,
  instructions: isText,
  websiteUrl: isText,
  icons: isList,
  services: isList,
  naming: isNaming,
  maskErrors: isFlag,
  strict: isFlag,
  validateOutput: isFlag,
  auth: () => undefined,
  http: () => undefined,
  stateKey: isKey,
  shutdownTimeout: isDuration,
};

/** Options whose values no message may show. */
const SECRETS: ReadonlySet<string> = new Set(["stateKey"]);

const REQUIRED = ["name", "version", "services"];

/** Checks what `createServer` was given; everything wrong is collected. */
export function checkServerOptions(given: unknown, problems: Problems): void {
  const refuse = (message: string): void => void problems.attempt(() => invalidOptions(message));
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    return refuse('createServer takes one options object: createServer({ name: "…", version: "…", services: […] }).');
  }
  const options = given as { readonly [option: string]: unknown };
  for (const option of REQUIRED) {
    if (options[option] === undefined) refuse(`createServer: the option '${option}' is missing.`);
  }
  for (const [option, value] of Object.entries(options)) {
    const rule = Object.hasOwn(SERVER_RULES, option) ? SERVER_RULES[option] : undefined;
    const known = Object.keys(SERVER_RULES);
    if (!rule)
      refuse(
        `createServer: there is no option '${option}'.${didYouMean(option, known)} The options are ${known.join(", ")}.`,
      );
    else if (value !== undefined) checkValue(rule, option, value);
  }
  if (options["http"] !== undefined) {
    for (const problem of checkHttpOptions(options["http"], { prefix: "http." })) refuse(`createServer: ${problem}.`);
  }
  if (options["auth"] !== undefined) problems.attempt(() => readServerAuth(options["auth"], "createServer"));

  function checkValue(rule: Rule, option: string, value: unknown): void {
    const problem = rule(value);
    if (problem === undefined) return;
    const shown = SECRETS.has(option) ? `of type ${typeof value}` : describe(value);
    refuse(`createServer: the option '${option}' ${problem}, and is ${shown}.`);
  }
}

function invalidOptions(message: string): never {
  throw new MethodicError("INVALID_SERVER_OPTIONS", message);
}

function describe(value: unknown): string {
  return typeof value === "object" || typeof value === "function"
    ? `of type ${typeof value}`
    : typeof value === "string"
      ? JSON.stringify(value)
      : String(value);
}

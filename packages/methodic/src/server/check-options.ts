import { readServerAuth } from "../auth/server-auth.ts";
import { toMilliseconds } from "../context/duration.ts";
import { MethodicError } from "../errors.ts";
import { checkHttpOptions } from "../http/check-http-options.ts";
import { NAMING_STYLES } from "../registry/names.ts";
import { didYouMean } from "../registry/nearest.ts";
import type { Problems } from "../registry/problems.ts";

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
  throw new MethodicError("INVALID_OPTIONS", message);
}

function describe(value: unknown): string {
  return typeof value === "object" || typeof value === "function"
    ? `of type ${typeof value}`
    : typeof value === "string"
      ? JSON.stringify(value)
      : String(value);
}

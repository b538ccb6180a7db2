import { MethodicError, type MethodicErrorCode, withoutStack } from "../errors.ts";
import { findOptionProblems, type OptionCheck, type OptionProblem, type OptionsSpec } from "../util/check-options.ts";
import { digest, equalDigests } from "../util/digest.ts";
import { getEnvironment, readVariable } from "../util/env.ts";
import { checkFunction, checkObject, checkNonEmptyString, mustBe } from "../util/option-checks.ts";
import { isRecord } from "../util/record.ts";
import { type AuthRequest, type AuthResult, type Authenticator, rejectToken } from "./authenticator.ts";
import { type Credential, readBearerToken, readKeyHeader } from "./bearer.ts";
import { callVerify, createAuthInfo, INVALID, type VerifyResult } from "./caller.ts";
import { checkAuthOptions, checkScopes } from "./token-options.ts";

/** An API key and its owner. */
export interface ApiKey {
  /** The owner's name. Logs and methods see it, so it must not be the key itself. */
  readonly name: string;
  readonly key: string;
  /** The granted scopes. Default: none. */
  readonly scopes?: readonly string[];
  /** Further facts about the owner, for methods and access rules: `{ roles: ["admin"] }`. */
  readonly claims?: { readonly [claim: string]: unknown };
}

/** Options of {@link apiKey}. */
export interface ApiKeyOptions {
  /** The accepted keys: one key, or a list of keys with or without names and scopes. */
  readonly keys?: string | readonly (string | ApiKey)[];
  /**
   * Identifies the owner of a key. Replaces `keys`, for example if the keys are in a database.
   * Store and compare digests there, not keys.
   */
  readonly verify?: (key: string) => VerifyResult | Promise<VerifyResult>;
  /**
   * The header that holds the key, as an alternative to `Authorization: Bearer <key>`. Default
   * `X-API-Key`. If a request has both, this header takes precedence.
   */
  readonly header?: string;
}

/** A key and its place, for messages: `keys[1]`, `MCP_API_KEY`. */
interface KeyEntry {
  readonly path: string;
  readonly value: unknown;
}

const checkKey: OptionCheck = (value, path) => {
  // A comma would look like a repeated header, whose values are joined by commas.
  if (typeof value === "string" && /^[!-+\--~]+$/.test(value)) return [];
  const fix = "A key must be non-empty printable ASCII without spaces and commas, to fit into a header.";
  return [{ kind: "invalid", path, fix }];
};

const API_KEY: OptionsSpec<ApiKey> = {
  name: { check: checkNonEmptyString, required: true },
  key: { check: checkKey, required: true, secret: true },
  scopes: checkScopes,
  claims: checkObject,
};

const API_KEY_OPTIONS: OptionsSpec<ApiKeyOptions> = {
  keys: (value, path) => findKeyProblems(listEntries(path, value), path),
  // Secret, because a key may be passed by mistake.
  verify: { check: checkFunction, secret: true },
  header: mustBe(
    "the name of a header other than Authorization, in which keys are accepted anyway",
    (value) =>
      typeof value === "string" && /^[!#$%&'*+.^_`|~\w-]+$/.test(value) && value.toLowerCase() !== "authorization",
  ),
};

/**
 * Accepts API keys in `X-API-Key: <key>` or `Authorization: Bearer <key>`. Without `keys` and
 * `verify` it reads the keys from the environment: `MCP_API_KEY` holds one; `MCP_API_KEYS` holds
 * several, separated by commas or as JSON:
 * `[{ "name": "ci", "key": "…", "scopes": ["notes:read"] }]`. Methods see a key's name as
 * `ctx.auth.subject` and `ctx.auth.clientId`; a single key without a name is `api-key`, several are
 * `api-key-1` and so on. Keys are compared in constant time.
 *
 * @throws MethodicError if a key does not fit into a header, or an option is invalid. No message
 * shows a key. Without any key, `serve`, `fetch` and `nodeHandler` throw `MISSING_API_KEY`; over
 * stdio, callers need no key.
 *
 * @example
 * ```ts
 * import { apiKey } from "methodic/auth";
 *
 * export const auth = apiKey({
 *   keys: [{ name: "ci", key: process.env["CI_KEY"] ?? "", scopes: ["notes:read"] }],
 * });
 * ```
 */
export function apiKey(options: ApiKeyOptions = {}): Authenticator {
  checkAuthOptions(options, API_KEY_OPTIONS, { where: "apiKey" });
  const { keys, verify, header = "x-api-key" } = options;
  if (keys !== undefined && verify !== undefined) {
    throw new MethodicError(
      "INVALID_AUTH_OPTIONS",
      "apiKey: the options 'keys' and 'verify' are mutually exclusive. Pass one of them.",
    );
  }
  const known = verify ? [] : keys === undefined ? readEnvironment() : nameKeys(listEntries("keys", keys));
  const findOwner = verify ? (key: string) => callVerify(verify, key) : createKeyLookup(known);
  return {
    authenticate: async (request) => {
      const credential = readKey(request, header);
      return credential.kind === "found" ? await findOwner(credential.token) : credential;
    },
    credentialHeaders: [header.toLowerCase()],
    assertReady: () => {
      if (!verify && known.length === 0) refuseMissingKey();
    },
    scopes: [],
    authorizationServers: [],
    bindsToResource: false,
  };
}

function readKey({ headers }: AuthRequest, header: string): Credential {
  const own = readKeyHeader(headers, header);
  return own.kind === "missing" ? readBearerToken(headers) : own;
}

/** Looks keys up by their digests, which do not reveal a key's length or how much of it matched. */
function createKeyLookup(keys: readonly Required<ApiKey>[]): (key: string) => Promise<AuthResult> {
  // Computed on the first request: some runtimes forbid asynchronous work while modules load.
  let digests: Promise<readonly { readonly digest: Uint8Array; readonly result: AuthResult }[]> | undefined;
  const compute = (): NonNullable<typeof digests> =>
    Promise.all(
      keys.map(async ({ key, name, scopes, claims }) => {
        const auth = createAuthInfo({ subject: name, clientId: name, scopes, claims });
        return { digest: await digest(key), result: { kind: "accepted", auth } as const };
      }),
    );
  return async (given) => {
    const [entries, wanted] = await Promise.all([(digests ??= compute()), digest(given)]);
    let found: AuthResult = rejectToken(INVALID);
    // Every key is compared, so that the time does not reveal which one matched.
    for (const entry of entries) if (equalDigests(entry.digest, wanted)) found = entry.result;
    return found;
  };
}

function listEntries(path: string, keys: unknown): readonly KeyEntry[] {
  if (!Array.isArray(keys)) return [{ path, value: keys }];
  return keys.map((value: unknown, i) => ({ path: `${path}[${i}]`, value }));
}

/** Finds invalid and repeated keys. The messages never show a key. */
function findKeyProblems(entries: readonly KeyEntry[], source: string): readonly OptionProblem[] {
  if (entries.length === 0) return [{ kind: "invalid", path: source, fix: "Give at least one key." }];
  const problems = entries.flatMap(({ value, path }): readonly OptionProblem[] => {
    if (typeof value === "string") return checkKey(value, path);
    if (!isRecord(value)) return [{ kind: "invalid", path, fix: 'Give a string, or { name: "…", key: "…" }.' }];
    const known = Object.keys(API_KEY);
    if (Object.keys(value).every((property) => known.includes(property))) {
      return findOptionProblems(value, API_KEY, { path });
    }
    // The name of an unknown property may be a key: { "<key>": "ci" }.
    return [{ kind: "invalid", path, fix: `It must have no properties other than ${known.join(", ")}.` }];
  });
  if (problems.length > 0) return problems;
  const paths = new Map<string, string>();
  return entries.flatMap(({ value, path }): readonly OptionProblem[] => {
    const { key } = toApiKey(value);
    const first = paths.get(key);
    if (first === undefined) paths.set(key, path);
    return first === undefined ? [] : [{ kind: "invalid", path, fix: `It is the same key as ${first}; remove one.` }];
  });
}

function toApiKey(value: unknown): Partial<ApiKey> & Pick<ApiKey, "key"> {
  return typeof value === "string" ? { key: value } : (value as ApiKey);
}

/** Adds the defaults to checked keys. */
function nameKeys(entries: readonly KeyEntry[]): readonly Required<ApiKey>[] {
  return entries.map(({ value }, i) => {
    const { name, key, scopes = [], claims = {} } = toApiKey(value);
    return { name: name ?? (entries.length === 1 ? "api-key" : `api-key-${i + 1}`), key, scopes, claims };
  });
}

const SINGLE_KEY = "MCP_API_KEY";
const KEY_LIST = "MCP_API_KEYS";

/**
 * Reads the keys of both environment variables. Returns an empty list if neither is set.
 * @throws MethodicError `INVALID_ENVIRONMENT`
 */
function readEnvironment(): readonly Required<ApiKey>[] {
  const one = readVariable(SINGLE_KEY);
  const several = readVariable(KEY_LIST);
  if (one === undefined && several === undefined) return [];
  const entries = [
    ...(one === undefined ? [] : [{ path: SINGLE_KEY, value: one }]),
    ...(several === undefined ? [] : listEntries(KEY_LIST, parseList(several))),
  ];
  const [problem] = findKeyProblems(entries, KEY_LIST);
  if (problem) {
    refuseEnvironment("INVALID_ENVIRONMENT", `Invalid environment variable ${problem.path}. ${problem.fix}`);
  }
  return nameKeys(entries);
}

function refuseMissingKey(): never {
  const hint = getEnvironment()
    ? ""
    : " This runtime has no process.env; on Cloudflare Workers, set the flag nodejs_compat.";
  return refuseEnvironment(
    "MISSING_API_KEY",
    `apiKey: no key is configured. Set the environment variable ${SINGLE_KEY} (one key) or ${KEY_LIST} (several), or pass apiKey({ keys: … }) or apiKey({ verify: … }).${hint}`,
  );
}

function parseList(text: string): unknown {
  if (!/^[[{]/.test(text)) return text.split(",").map((key) => key.trim());
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message would quote the text, and so a key.
    return refuseEnvironment(
      "INVALID_ENVIRONMENT",
      `Invalid environment variable ${KEY_LIST}: malformed JSON. Write [{"name":"ci","key":"…","scopes":["notes:read"]}], or keys separated by commas.`,
    );
  }
}

/** Throws an error without a stack trace: the environment is at fault, not the code. */
function refuseEnvironment(code: MethodicErrorCode, message: string): never {
  throw withoutStack(() => new MethodicError(code, message));
}

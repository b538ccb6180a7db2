import { MethodicError, type MethodicErrorCode, withoutStack } from "../errors.ts";
import { digest, equalDigests } from "../util/digest.ts";
import { getEnvironment, readVariable } from "../util/env.ts";
import { type ApiKey, checkKeys } from "./api-key-list.ts";
import { type AuthRequest, type AuthResult, type Authenticator, rejectToken } from "./authenticator.ts";
import { askVerifier, createAuthInfo, REFUSED, type Verdict } from "./caller.ts";
import { type Credential, readBearerToken, readKeyHeader } from "./credentials.ts";
import { type Refuse, refuseOptions } from "./options.ts";

/** What {@link apiKey} takes. */
export interface ApiKeyOptions {
  /** The keys: one, or several, with names and scopes where that matters. */
  readonly keys?: string | readonly (string | ApiKey)[];
  /** Finds out whose key it is, instead of `keys`: from a database, say. Compare digests there, not keys. */
  readonly verify?: (key: string) => Verdict | Promise<Verdict>;
  /** The header that holds a key, beside `Authorization: Bearer <key>`. Default `X-API-Key`. If a request has both, this one counts. */
  readonly header?: string;
}

/**
 * Lets in callers with an API key, in `X-API-Key: <key>` or `Authorization: Bearer <key>`.
 * Without `keys` and `verify` the keys are those of the environment: `MCP_API_KEY` holds one; `MCP_API_KEYS` several with commas between,
 * or as JSON: `[{ "name": "ci", "key": "…", "scopes": ["notes:read"] }]`.
 * Methods see a key's name as `ctx.auth.subject` and `ctx.auth.clientId`; one without a name is called `api-key`, several are `api-key-1` and so on.
 * Keys are compared in constant time.
 *
 * @throws MethodicError if there is no key, or one that no header can carry. No message shows a key.
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
  const { verify, header = "x-api-key" } = checkOptions(options);
  const find = verify ? (key: string) => askVerifier(verify, key) : createKeyRing(readKeys(options));
  return {
    authenticate: async (request) => {
      const credential = readKey(request, header);
      return credential.kind === "found" ? await find(credential.token) : credential;
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

function readKeys(options: ApiKeyOptions): readonly Required<ApiKey>[] {
  return Object.hasOwn(options, "keys") ? checkKeys(options.keys, "the option 'keys'") : readKeysFromEnvironment();
}

/** Finds keys by their digests: these have one length, and say nothing of how much of a key was right. */
function createKeyRing(keys: readonly Required<ApiKey>[]): (key: string) => Promise<AuthResult> {
  // Not before the first request: some runtimes let modules do no asynchronous work.
  let known: Promise<readonly { readonly digest: Uint8Array; readonly result: AuthResult }[]> | undefined;
  const load = (): NonNullable<typeof known> =>
    Promise.all(
      keys.map(async ({ key, name, scopes, claims }) => {
        const auth = createAuthInfo({ subject: name, clientId: name, scopes, claims });
        return { digest: await digest(key), result: { kind: "accepted", auth } as const };
      }),
    );
  return async (given) => {
    const [entries, wanted] = await Promise.all([(known ??= load()), digest(given)]);
    let found: AuthResult = rejectToken(REFUSED);
    // All are compared, so that the time does not tell which one it was.
    for (const entry of entries) if (equalDigests(entry.digest, wanted)) found = entry.result;
    return found;
  };
}

function checkOptions(options: ApiKeyOptions): ApiKeyOptions {
  const refuse: Refuse = refuseOptions("apiKey", options, ["keys", "verify", "header"]);
  const { verify, header } = options;
  if (Object.hasOwn(options, "verify") && typeof verify !== "function")
    refuse("the option 'verify' must be a function");
  if (verify && Object.hasOwn(options, "keys")) refuse("'keys' and 'verify' exclude each other; give one of them");
  if (header !== undefined && (typeof header !== "string" || !/^[!#$%&'*+.^_`|~\w-]+$/.test(header))) {
    refuse(`the option 'header' must be the name of a header, and is ${JSON.stringify(header)}`);
  }
  if (header?.toLowerCase() === "authorization") {
    refuse("the option 'header' cannot be 'Authorization'; keys in 'Authorization: Bearer <key>' are always read");
  }
  return options;
}

const ONE = "MCP_API_KEY";
const SEVERAL = "MCP_API_KEYS";

/**
 * The keys of `MCP_API_KEY` and `MCP_API_KEYS` together.
 * @throws MethodicError
 */
function readKeysFromEnvironment(): readonly Required<ApiKey>[] {
  const one = readVariable(ONE);
  const several = readVariable(SEVERAL);
  if (one === undefined && several === undefined) {
    const hint = getEnvironment()
      ? ""
      : " This runtime has no process.env; Cloudflare Workers have it with the flag nodejs_compat.";
    refuse(
      "MISSING_API_KEY",
      `apiKey: there is no key. Set the environment variable ${ONE} (one key) or ${SEVERAL} (several), or give apiKey({ keys: … }) or apiKey({ verify: … }).${hint}`,
    );
  }
  const listed = several === undefined ? [] : readList(several);
  if (one === undefined) return checkKeys(listed, SEVERAL);
  return several === undefined ? checkKeys([one], ONE) : checkKeys([one, ...listed], `${ONE} with ${SEVERAL}`);
}

/** Whoever starts the server has to act, and no line of code. */
function refuse(code: MethodicErrorCode, message: string): never {
  throw withoutStack(() => new MethodicError(code, message));
}

function readList(text: string): readonly unknown[] {
  if (!/^[[{]/.test(text)) return text.split(",").map((key) => key.trim());
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's message would quote the text, and so a key.
    refuse(
      "INVALID_ENVIRONMENT",
      `apiKey: ${SEVERAL} starts like JSON and is none. Write [{"name":"ci","key":"…","scopes":["notes:read"]}], or keys with commas between.`,
    );
  }
  return Array.isArray(value) ? value : [value];
}

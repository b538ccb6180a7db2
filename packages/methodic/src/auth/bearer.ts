import type { OptionsSpec } from "../util/check-options.ts";
import { checkFunction } from "../util/option-checks.ts";
import { type Authenticator, type AuthResult, rejectToken } from "./authenticator.ts";
import { callVerify, type VerifyResult } from "./caller.ts";
import { checkAuthOptions, checkIssuers } from "./token-options.ts";

/** Options of {@link bearer}. */
export interface BearerOptions {
  /**
   * Identifies the caller of a token. `undefined`, `false` or a thrown error rejects the token;
   * `{ kind: "unavailable", description: "…" }` reports that it cannot be verified now (503).
   * @param resource The server's URL as clients know it. Reject tokens that were issued for another
   * server (RFC 8707).
   */
  readonly verify: (token: string, resource: string) => VerifyResult | Promise<VerifyResult>;
  /** The issuers of the authorization servers where clients get tokens. */
  readonly authorizationServers?: readonly string[];
}

const BEARER: OptionsSpec<BearerOptions> = {
  // Secret, because a token may be passed by mistake.
  verify: { check: checkFunction, required: true, secret: true },
  authorizationServers: checkIssuers,
};

/**
 * Accepts bearer tokens (RFC 6750) that your own function verifies.
 *
 * @throws MethodicError if an option is missing or invalid
 *
 * @example
 * ```ts
 * import { bearer } from "methodic/auth";
 *
 * const sessions = new Map([["a-long-random-token", { user: "ada" }]]);
 *
 * export const auth = bearer({
 *   verify: (token) => {
 *     const session = sessions.get(token);
 *     return session && { subject: session.user, scopes: ["notes:read"] };
 *   },
 * });
 * ```
 */
export function bearer(options: BearerOptions): Authenticator {
  checkAuthOptions(options, BEARER, { where: "bearer", allowUndefined: true });
  const { verify, authorizationServers = [] } = options;
  return {
    authenticate: async ({ headers }, resource) => {
      const credential = readBearerToken(headers);
      if (credential.kind !== "found") return credential;
      return await callVerify((token) => verify(token, resource), credential.token);
    },
    scopes: [],
    authorizationServers,
    bindsToResource: false,
  };
}

/** A token or key of a request, or the reason why the request has none to verify. */
export type Credential = { readonly kind: "found"; readonly token: string } | AuthResult;

// Node's default limit for all headers of a request. Other runtimes may have a higher limit, or no
// limit.
const MAX_TOKEN_LENGTH = 16_384;
const VISIBLE_ASCII = /^[!-~]+$/;

/**
 * Reads the token of `Authorization: Bearer <token>` (RFC 6750 §2.1). Another scheme counts as
 * missing credentials.
 */
export function readBearerToken(headers: Headers): Credential {
  const value = headers.get("authorization")?.trim() ?? "";
  const [, scheme = "", rest = ""] = /^(\S+)(?:[ \t]+(.*))?$/s.exec(value) ?? [];
  // `Headers` joins repeated headers with a comma.
  if (value.includes(",") && /(?:^|,)\s*bearer\b/i.test(value)) return rejectRepeatedCredentials();
  if (scheme.toLowerCase() !== "bearer" || rest === "") return { kind: "missing" };
  return checkToken(rest);
}

/** Reads the value of a header that holds only a key. */
export function readKeyHeader(headers: Headers, name: string): Credential {
  const value = headers.get(name)?.trim() ?? "";
  if (value === "") return { kind: "missing" };
  return value.includes(",") ? rejectRepeatedCredentials() : checkToken(value);
}

function checkToken(token: string): Credential {
  if (token.length > MAX_TOKEN_LENGTH) return rejectToken("The credentials are too long.");
  return VISIBLE_ASCII.test(token) ? { kind: "found", token } : rejectToken("The credentials are malformed.");
}

function rejectRepeatedCredentials(): AuthResult {
  return {
    kind: "rejected",
    error: "invalid_request",
    description: "The request carries more than one credential.",
  };
}

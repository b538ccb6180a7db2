import { isScope } from "../context/auth-info.ts";
import {
  type AnyOptionsSpec,
  checkOptions,
  findOptionProblems,
  type OptionCheck,
  type OptionsSpec,
} from "../util/check-options.ts";
import { checkList, checkNonEmptyString, mustBe, parseHttpUrl } from "../util/option-checks.ts";
import type { ClaimNames } from "./caller.ts";

interface CheckAuthOptions {
  /** The function that takes the options; it opens each message. */
  readonly where: string;
  readonly allowUndefined?: boolean;
}

/**
 * Refuses unknown, missing and invalid options of an authenticator. By default `undefined` is
 * invalid: a lost value must not fall back to a more permissive default.
 * @throws MethodicError `INVALID_AUTH_OPTIONS`
 */
export function checkAuthOptions(
  given: unknown,
  spec: AnyOptionsSpec,
  { where, allowUndefined = false }: CheckAuthOptions,
): void {
  // A key or token passed in place of the options must not be shown.
  checkOptions(given, spec, { where, code: "INVALID_AUTH_OPTIONS", allowUndefined, secret: true });
}

/** The options that `jwt` and `introspection` share. */
interface TokenOptions {
  readonly issuer?: string;
  readonly audience?: string | readonly string[];
  readonly scopes?: readonly string[];
  readonly claims?: ClaimNames;
  readonly authorizationServers?: readonly string[];
}

export interface ResolvedTokenOptions {
  readonly issuer: string | undefined;
  /** Undefined if tokens must be issued for the server's URL. */
  readonly audience: readonly string[] | undefined;
  readonly scopes: readonly string[];
  readonly claims: ClaimNames;
  readonly authorizationServers: readonly string[];
}

/** Accepts a string only, because issuers are compared character by character. */
const checkIssuer: OptionCheck = mustBe(
  "an https or http URL, exactly as in the claim 'iss' of tokens",
  (value) => typeof value === "string" && parseHttpUrl(value) !== undefined,
);

export const checkIssuers: OptionCheck = checkList(checkIssuer, { of: "issuer URLs" });

const checkScope: OptionCheck = mustBe(
  "a scope (RFC 6749 §3.3): printable ASCII without spaces, quotes and backslashes",
  isScope,
);

export const checkScopes: OptionCheck = checkList(checkScope, { allowEmpty: true, of: "scopes" });

const checkAudiences: OptionCheck = checkList(checkNonEmptyString, { of: "strings" });

const CLAIM_NAMES: OptionsSpec<ClaimNames> = {
  subject: checkNonEmptyString,
  clientId: checkNonEmptyString,
  scopes: checkNonEmptyString,
};

export const TOKEN_OPTIONS: OptionsSpec<TokenOptions> = {
  issuer: checkIssuer,
  audience: (value, path) => (typeof value === "string" ? checkNonEmptyString : checkAudiences)(value, path),
  scopes: checkScopes,
  claims: (value, path) => findOptionProblems(value, CLAIM_NAMES, { path, allowUndefined: false }),
  authorizationServers: checkIssuers,
};

/** Adds the defaults to checked options. */
export function resolveTokenOptions(options: TokenOptions): ResolvedTokenOptions {
  const { issuer, audience, scopes = [], claims = {} } = options;
  return {
    issuer,
    audience: typeof audience === "string" ? [audience] : audience,
    scopes,
    claims,
    authorizationServers: options.authorizationServers ?? (issuer === undefined ? [] : [issuer]),
  };
}

/**
 * Explains an issuer in the log that differs from the option by a slash at the end or by case.
 * Other issuers are not logged: callers choose what their tokens say.
 */
export function explainIssuer(iss: unknown, issuer: string): string | undefined {
  const comparable = (url: string): string => url.replace(/\/$/, "").toLowerCase();
  if (typeof iss !== "string" || comparable(iss) !== comparable(issuer)) return undefined;
  return `the token's issuer is ${JSON.stringify(iss)}, but the option 'issuer' is ${JSON.stringify(issuer)}. Write it exactly as the issuer does.`;
}

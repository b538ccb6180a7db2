import { toError } from "../errors.ts";
import type { AuthInfo } from "../context/auth-info.ts";
import { type AuthResult, rejectToken } from "./authenticator.ts";

/** The caller that a `verify` function identified. */
export interface VerifiedCaller {
  /** The user or service that the call is made for. */
  readonly subject?: string | undefined;
  readonly clientId?: string | undefined;
  /** The granted scopes: a list, or as in OAuth a string separated by spaces. Default: none. */
  readonly scopes?: string | readonly string[] | undefined;
  readonly claims?: { readonly [claim: string]: unknown } | undefined;
  /** The time when the credentials expire, in seconds since 1970. */
  readonly expiresAt?: number | undefined;
}

/**
 * The result of a `verify` function: the caller, `true` for an anonymous caller, or an
 * {@link AuthResult}. Anything else rejects the credentials.
 */
export type VerifyResult = VerifiedCaller | AuthResult | boolean | undefined | null;

/** The rejection of unknown or invalid credentials. */
export const INVALID = "The credentials are not valid.";
/** The rejection of expired credentials. */
export const EXPIRED = "The credentials have expired.";
/** The rejection of a token before its `nbf` or `iat`. */
export const NOT_YET_VALID = "The access token is not valid yet.";
/** The rejection of a token that was issued for another server. */
export const WRONG_AUDIENCE = "The access token was not issued for this server.";

/** Calls the author's `verify` function. An error rejects: libraries throw for invalid tokens. */
export async function callVerify(
  verify: (token: string) => VerifyResult | Promise<VerifyResult>,
  token: string,
): Promise<AuthResult> {
  let result: VerifyResult;
  try {
    result = await verify(token);
  } catch (error) {
    return rejectToken(INVALID, `verify: ${describeError(error, token)}`);
  }
  if (result === true) return { kind: "accepted", auth: createAuthInfo({}) };
  if (typeof result !== "object" || result === null) return rejectToken(INVALID);
  if ("kind" in result) return result;
  if (result.expiresAt !== undefined && isExpired(result.expiresAt)) return rejectToken(EXPIRED);
  return { kind: "accepted", auth: createAuthInfo(result) };
}

/** Describes an error for the log, in one line and without the secret that it may quote. */
export function describeError(error: unknown, secret: string): string {
  const known = toError(error);
  const text = known === error ? `${known.name}: ${known.message}` : typeof error;
  return text.replaceAll(secret, "[credentials]").replaceAll(/\s*[\r\n]\s*/g, " ");
}

/** Checks whether a time, in seconds since 1970, has passed. */
export function isExpired(expiresAt: number): boolean {
  // Not `<=`: NaN counts as expired.
  return !(expiresAt > Date.now() / 1000);
}

/** Creates the caller that methods see. It is frozen, because calls share it. */
export function createAuthInfo(caller: VerifiedCaller): AuthInfo {
  const { subject, clientId, scopes, claims, expiresAt } = caller;
  return Object.freeze({
    ...(subject !== undefined && { subject }),
    ...(clientId !== undefined && { clientId }),
    scopes: Object.freeze(splitScopes(scopes)),
    claims: Object.freeze({ ...claims }),
    ...(expiresAt !== undefined && { expiresAt }),
  });
}

function splitScopes(value: unknown): readonly string[] {
  const given = typeof value === "string" ? value.split(/\s+/) : Array.isArray(value) ? (value as unknown[]) : [];
  return [...new Set(given.filter((scope): scope is string => typeof scope === "string" && scope !== ""))];
}

/** The claims of an access token. */
export interface Claims {
  readonly [claim: string]: unknown;
}

/**
 * The claims that hold the caller's subject, client and scopes. A dot leads into an object:
 * `realm_access.roles`.
 */
export interface ClaimNames {
  /** Default `sub`. */
  readonly subject?: string;
  /** Default: the first of `client_id`, `azp`, `cid` and `appid` that the token has. */
  readonly clientId?: string;
  /** The claim with the scopes, a list or a string with spaces. Default `scope`, else `scp`. */
  readonly scopes?: string;
}

/** Creates the caller from the claims of a token. */
export function readCaller(claims: Claims, names: ClaimNames): AuthInfo {
  const exp = claims["exp"];
  return createAuthInfo({
    subject: findStringClaim(claims, [names.subject ?? "sub"]),
    clientId: findStringClaim(
      claims,
      names.clientId === undefined ? ["client_id", "azp", "cid", "appid"] : [names.clientId],
    ),
    scopes: splitScopes(
      names.scopes === undefined ? (claims["scope"] ?? claims["scp"]) : readClaim(claims, names.scopes),
    ),
    claims: freezeJson(claims),
    expiresAt: typeof exp === "number" ? exp : undefined,
  });
}

/** Reads a claim by its name, or by a path into an object. */
export function readClaim(claims: Claims, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path];
  let value: unknown = claims;
  for (const step of path.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Claims)[step];
  }
  return value;
}

function findStringClaim(claims: Claims, paths: readonly string[]): string | undefined {
  return paths.map((path) => readClaim(claims, path)).find((value) => typeof value === "string");
}

/** Freezes a JSON value and all values in it. */
export function freezeJson<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(freezeJson);
  }
  return value;
}

/**
 * Checks whether a token's `aud` names a resource. A trailing slash makes no difference (RFC 8707
 * §2, RFC 3986 §6.2.3).
 */
export function isIssuedFor(aud: unknown, resource: string): boolean {
  const audiences: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  const wanted = normalizeUrl(resource);
  return audiences.some((audience) => typeof audience === "string" && normalizeUrl(audience) === wanted);
}

function normalizeUrl(url: string): string {
  return (URL.canParse(url) ? new URL(url).href : url).replace(/\/$/, "");
}

import type { AuthInfo } from "../context/auth-info.ts";
import { type AuthResult, rejectToken } from "./authenticator.ts";

/** Who calls, as a `verify` function tells it. */
export interface Caller {
  /** The user or service that the call is made for. */
  readonly subject?: string | undefined;
  readonly clientId?: string | undefined;
  /** What is granted: a list, or as in OAuth one text with spaces between. Default: nothing. */
  readonly scopes?: string | readonly string[] | undefined;
  readonly claims?: { readonly [claim: string]: unknown } | undefined;
  /** When the credentials expire, in seconds since 1970. */
  readonly expiresAt?: number | undefined;
}

/** What a `verify` function answers: who calls; `true` for somebody without a name; anything else that is not an {@link AuthResult} refuses. */
export type Verdict = Caller | AuthResult | boolean | undefined | null;

/** Makes what methods see of a caller. It is shared between calls, so nothing of it can be changed. */
export function createAuthInfo(caller: Caller): AuthInfo {
  const { subject, clientId, scopes, claims, expiresAt } = caller;
  return Object.freeze({
    ...(subject !== undefined && { subject }),
    ...(clientId !== undefined && { clientId }),
    scopes: Object.freeze(splitScopes(scopes)),
    claims: Object.freeze({ ...claims }),
    ...(expiresAt !== undefined && { expiresAt }),
  });
}

/** The scopes of a list, or of a text with spaces between; what is no text is left out. */
export function splitScopes(value: unknown): readonly string[] {
  const given = typeof value === "string" ? value.split(/\s+/) : Array.isArray(value) ? (value as unknown[]) : [];
  return [...new Set(given.filter((scope): scope is string => typeof scope === "string" && scope !== ""))];
}

/** Freezes JSON through and through. */
export function freezeJson<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(freezeJson);
  }
  return value;
}

/** Whether something that expires at this time, in seconds since 1970, is over. */
export function isExpired(expiresAt: number): boolean {
  // Not `<=`: a time that is no number is over too.
  return !(expiresAt > Date.now() / 1000);
}

/** Asks an author's function about a token. One that throws refuses: libraries that check tokens throw at bad ones. */
export async function askVerifier(
  verify: (token: string) => Verdict | Promise<Verdict>,
  token: string,
): Promise<AuthResult> {
  let verdict: Verdict;
  try {
    verdict = await verify(token);
  } catch (error) {
    return rejectToken(REFUSED, `verify: ${describeError(error, token)}`);
  }
  if (verdict === true) return { kind: "accepted", auth: createAuthInfo({}) };
  if (typeof verdict !== "object" || verdict === null) return rejectToken(REFUSED);
  if ("kind" in verdict) return verdict;
  if (verdict.expiresAt !== undefined && isExpired(verdict.expiresAt)) return rejectToken(EXPIRED);
  return { kind: "accepted", auth: createAuthInfo(verdict) };
}

/** What callers are told of credentials that are not known. */
export const REFUSED = "The credentials are not valid.";
/** What callers are told of credentials whose time is over. */
export const EXPIRED = "The credentials have expired.";

/** An error for the log, in one line, without the secret that it may hold. */
export function describeError(error: unknown, secret: string): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : typeof error;
  return text.replaceAll(secret, "[credentials]").replaceAll(/\s*[\r\n]\s*/g, " ");
}

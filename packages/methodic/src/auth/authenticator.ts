import type { AuthInfo } from "../context/auth-info.ts";

/** A request as authenticators see it. */
export interface AuthRequest {
  readonly method: string;
  /** Absolute. Credentials in its query are never looked at. */
  readonly url: string;
  readonly headers: Headers;
}

/** What an authenticator found in a request. Descriptions go to the caller: they are short, fixed, and hold nothing of the credentials. */
export type AuthResult =
  | { readonly kind: "accepted"; readonly auth: AuthInfo }
  /** The request carries no credentials that this authenticator knows. */
  | { readonly kind: "missing" }
  | {
      readonly kind: "rejected";
      /** As in RFC 6750, section 3.1. */
      readonly error: "invalid_request" | "invalid_token" | "insufficient_scope";
      readonly description: string;
      /** With `insufficient_scope`: what is needed. */
      readonly scopes?: readonly string[];
      /** For the log only. */
      readonly detail?: string;
    }
  /** The credentials can be neither accepted nor refused now: who could tell does not answer. */
  | { readonly kind: "unavailable"; readonly description: string; readonly detail?: string };

/**
 * Finds out who calls. Made by `apiKey`, `jwt`, `introspection`, `bearer` and `anyOf`. All of them take what they know from
 * `Authorization: Bearer`, so that one `WWW-Authenticate: Bearer` challenges for all.
 */
export interface Authenticator {
  /**
   * Never rejects.
   * @param resource The URL of this server as its clients know it, which access tokens must be issued for (RFC 8707)
   */
  authenticate(request: AuthRequest, resource: string): Promise<AuthResult>;
  /** The scopes that a client should ask for when it gets a token. */
  readonly scopes: readonly string[];
  /** The issuers of the authorization servers where tokens can be had; none for keys that are handed out otherwise. */
  readonly authorizationServers: readonly string[];
  /** Whether tokens are bound to the `resource` given to `authenticate`, for want of an audience in the options. */
  readonly bindsToResource: boolean;
}

/** Whether a value is an authenticator, and not a rule of access. */
export function isAuthenticator(value: unknown): value is Authenticator {
  return (
    typeof value === "object" && value !== null && "authenticate" in value && typeof value.authenticate === "function"
  );
}

/** Credentials that are not good; `detail` is for the log only. */
export function rejectToken(description: string, detail?: string): AuthResult {
  return { kind: "rejected", error: "invalid_token", description, ...(detail !== undefined && { detail }) };
}

/** The caller of credentials that are good, if all scopes that every caller needs were granted. */
export function acceptWithScopes(auth: AuthInfo, scopes: readonly string[]): AuthResult {
  if (scopes.every((scope) => auth.scopes.includes(scope))) return { kind: "accepted", auth };
  const description = "The access token lacks a scope that this server needs.";
  return { kind: "rejected", error: "insufficient_scope", description, scopes };
}

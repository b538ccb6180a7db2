import type { AuthInfo } from "../context/auth-info.ts";

/** The parts of a request that authenticators read. */
export interface AuthRequest {
  readonly method: string;
  /** The absolute URL. Authenticators never read credentials from its query. */
  readonly url: string;
  readonly headers: Headers;
}

/**
 * An authenticator's decision about the credentials of a request. The caller receives
 * `description`: keep it short and fixed, and leave credentials out of it.
 */
export type AuthResult =
  | {
      readonly kind: "accepted";
      readonly auth: AuthInfo;
      /**
       * A stable key for the caller, which owns sessions and shares of limits. Default: issuer,
       * subject and client; without a subject, a digest of the headers that the authenticator read.
       */
      readonly callerKey?: string | undefined;
    }
  /** The request has no credentials of a kind that this authenticator reads. */
  | { readonly kind: "missing" }
  | {
      readonly kind: "rejected";
      /** An error code of RFC 6750 §3.1. */
      readonly error: "invalid_request" | "invalid_token" | "insufficient_scope";
      readonly description: string;
      /** All required scopes, for `insufficient_scope`. */
      readonly scopes?: readonly string[];
      /** A message for the server's log. Callers never see it. */
      readonly detail?: string;
    }
  /** The credentials cannot be verified now, for example because the issuer does not respond. */
  | { readonly kind: "unavailable"; readonly description: string; readonly detail?: string };

/**
 * Authenticates callers. Created by `apiKey`, `jwt`, `introspection`, `bearer` or `anyOf`. All
 * authenticators read `Authorization: Bearer`, so one `WWW-Authenticate: Bearer` challenge serves
 * them all.
 */
export interface Authenticator {
  /**
   * Authenticates the caller of a request. Never rejects.
   * @param resource The server's URL as clients know it; access tokens must be issued for it
   * (RFC 8707)
   */
  authenticate(request: AuthRequest, resource: string): Promise<AuthResult>;
  /**
   * Headers that may contain credentials. Methods never see them, nor the headers that
   * `authenticate` reads. Default: none.
   */
  readonly credentialHeaders?: readonly string[];
  /**
   * Throws if the configuration does not suffice to serve HTTP. Called by `serve`, `fetch` and
   * `nodeHandler`, but not over stdio, where the client is trusted.
   */
  readonly assertReady?: () => void;
  /** The scopes that a client should request with a token. */
  readonly scopes: readonly string[];
  /** The issuers of the authorization servers that issue tokens; empty for keys. */
  readonly authorizationServers: readonly string[];
  /** True if tokens must be issued for `resource`, because the options name no audience. */
  readonly bindsToResource: boolean;
}

/** Checks whether a value is an authenticator, as opposed to an access rule. */
export function isAuthenticator(value: unknown): value is Authenticator {
  return (
    typeof value === "object" && value !== null && "authenticate" in value && typeof value.authenticate === "function"
  );
}

/** Creates the result for invalid credentials. `detail` goes to the log only. */
export function rejectToken(description: string, detail?: string): AuthResult {
  return { kind: "rejected", error: "invalid_token", description, ...(detail !== undefined && { detail }) };
}

/** Accepts a caller who has all required scopes; rejects others with `insufficient_scope`. */
export function acceptCaller(auth: AuthInfo, requiredScopes: readonly string[]): AuthResult {
  if (requiredScopes.every((scope) => auth.scopes.includes(scope))) return { kind: "accepted", auth };
  const description = "The access token lacks a scope that this server requires.";
  return { kind: "rejected", error: "insufficient_scope", description, scopes: requiredScopes };
}

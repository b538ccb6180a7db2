/** The caller of a request, as an authenticator identified it. It does not hold the credentials. */
export interface AuthInfo {
  /** The user or service on whose behalf the call is made (JWT `sub`). */
  readonly subject?: string;
  /** The OAuth client, or the name of the API key. */
  readonly clientId?: string;
  /** The granted scopes. */
  readonly scopes: readonly string[];
  /** All other claims of the token, by their names. */
  readonly claims: { readonly [claim: string]: unknown };
  /** Expiry of the credentials, in seconds since 1970. */
  readonly expiresAt?: number;
}

/**
 * The subject of an access decision: the whole server, or one component by its public name (a
 * resource by its URI or URI template).
 */
export interface AccessRequest {
  readonly kind: "server" | "tool" | "resource" | "prompt";
  readonly name: string;
}

/**
 * Restricts access to a server, a service or a component. Created by `requireScopes` and
 * `requireRoles` of `methodic/auth`.
 */
export interface AccessRule {
  /** The scopes that a caller needs; empty if the rule does not depend on scopes. */
  readonly scopes: readonly string[];
  /** Decides whether a caller has access. Only `true` allows it; an error denies it. */
  allows(auth: AuthInfo, request: AccessRequest): boolean | Promise<boolean>;
}

/** A custom access rule. Only `true` allows access; an error denies it. */
export type AccessPredicate = (auth: AuthInfo, request: AccessRequest) => boolean | Promise<boolean>;

/** One access rule, or several that must all allow access. */
export type AccessRules = AccessRule | AccessPredicate | readonly (AccessRule | AccessPredicate)[];

// RFC 6749 §3.3. Scopes are sent in headers, where a quote or a line break would do harm.
const SCOPE_TOKEN = /^[!#-[\]-~]+$/;

/** Checks whether a value is a scope that can be sent in a challenge. */
export function isScope(value: unknown): value is string {
  return typeof value === "string" && SCOPE_TOKEN.test(value);
}

/** The caller of a request. */
export interface Caller {
  /** Undefined if the caller did not authenticate. */
  readonly auth: AuthInfo | undefined;
  /** A stable key for the caller, used to scope per-caller state. Default: from `auth`. */
  readonly callerKey?: string | undefined;
}

/** Returns the key of a caller; empty if nothing tells the caller apart from others. */
export function getCallerKey({ auth, callerKey }: Partial<Caller>): string {
  if (callerKey !== undefined) return callerKey;
  if (auth?.subject === undefined && auth?.clientId === undefined) return "";
  // The issuer is part of it: two issuers may use the same subject.
  return JSON.stringify([auth.claims["iss"], auth.subject, auth.clientId].map((part) => part ?? null));
}

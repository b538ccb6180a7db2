/** Who is calling: what an authenticator learned from the caller's credentials. The credentials themselves are not in it. */
export interface AuthInfo {
  /** The user or service that the call is made for (JWT `sub`). */
  readonly subject?: string;
  /** The OAuth client, or the name of the API key. */
  readonly clientId?: string;
  /** The scopes that were granted. */
  readonly scopes: readonly string[];
  /** Everything else that is known, by the names of the token's claims. */
  readonly claims: { readonly [claim: string]: unknown };
  /** When the credentials expire, in seconds since 1970. */
  readonly expiresAt?: number;
}

/** What a caller wants to use: the server as a whole, or one component by its public name (a resource by its URI or URI template). */
export interface AccessRequest {
  readonly kind: "server" | "tool" | "resource" | "prompt";
  readonly name: string;
}

/** Says who may use something. Made by `requireScopes` and `requireRoles` of `methodic/auth`. */
export interface AccessRule {
  /** The scopes that a caller needs; empty for a rule that is about something else. */
  readonly scopes: readonly string[];
  /** Whether this caller may. To throw means no. */
  allows(auth: AuthInfo, request: AccessRequest): boolean | Promise<boolean>;
}

/** A rule of your own: whether this caller may use this component. To throw means no. */
export type AccessPredicate = (auth: AuthInfo, request: AccessRequest) => boolean | Promise<boolean>;

/** Who may use something: one rule, or several that must all allow it. */
export type AccessRules = AccessRule | AccessPredicate | readonly (AccessRule | AccessPredicate)[];

/** What tells a caller from others: what belongs to one is not for another. */
export function identifyCaller(auth: AuthInfo | undefined): string {
  // Two issuers may well have a subject of the same name.
  return auth ? JSON.stringify([auth.claims["iss"], auth.subject, auth.clientId].map((part) => part ?? null)) : "";
}

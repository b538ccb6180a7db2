import type { AccessRule } from "../context/auth-info.ts";
import { MethodicError } from "../errors.ts";
import { readClaim } from "./token-claims.ts";

// RFC 6749, appendix A.4. Anything else could not be sent in a challenge.
const SCOPE_TOKEN = /^[!#-[\]-~]+$/;

/**
 * Lets in callers who were granted all of these scopes. For a server, a class or one component:
 * `@tool({ auth: requireScopes("notes:write") })`.
 * Who lacks scopes is told which (`403 insufficient_scope`), so that a client can ask its user for them.
 *
 * @throws MethodicError if a scope is none of RFC 6749
 *
 * @example
 * ```ts
 * import { tool } from "methodic";
 * import { requireScopes } from "methodic/auth";
 *
 * class Notes {
 *   /** Delete all notes. *\/ @tool({ auth: requireScopes("notes:write") }) clear(): void {}
 * }
 * ```
 */
export function requireScopes(...scopes: readonly string[]): AccessRule {
  checkScopes(scopes, "requireScopes");
  if (scopes.length === 0) {
    throw new MethodicError(
      "INVALID_AUTH_OPTIONS",
      'requireScopes: no scope is given. Name one: requireScopes("notes:write").',
    );
  }
  const needed = Object.freeze([...new Set(scopes)]);
  return Object.freeze({
    scopes: needed,
    allows: (auth: { readonly scopes: readonly string[] }) => needed.every((scope) => auth.scopes.includes(scope)),
  });
}

/** Where {@link requireRoles} finds a caller's roles. */
export interface RoleOptions {
  /**
   * The claim that holds them, a list or a text with spaces between. Default `roles`. Dots lead into objects: `realm_access.roles`;
   * a claim whose name itself has dots (`https://example.com/roles`) is found first.
   */
  readonly claim?: string;
}

/**
 * Lets in callers who have one of these roles. To others what it guards does not exist.
 *
 * @throws MethodicError if no role is given
 */
export function requireRoles(...roles: readonly string[]): AccessRule;
export function requireRoles(roles: readonly string[], options?: RoleOptions): AccessRule;
export function requireRoles(...given: readonly (string | readonly string[] | RoleOptions | undefined)[]): AccessRule {
  const [first, second] = given;
  const listed = Array.isArray(first);
  const roles: readonly unknown[] = listed ? (first as readonly unknown[]) : given;
  const { claim = "roles" } = (listed ? ((second as RoleOptions | undefined) ?? {}) : {}) as RoleOptions;
  if (roles.length === 0 || roles.some((role) => typeof role !== "string" || role === "")) {
    throw new MethodicError(
      "INVALID_AUTH_OPTIONS",
      'requireRoles: roles are non-empty strings, at least one: requireRoles("admin"), or requireRoles(["admin"], { claim: "realm_access.roles" }).',
    );
  }
  return Object.freeze({
    scopes: Object.freeze([]),
    allows: (auth: { readonly claims: { readonly [claim: string]: unknown } }) => {
      const held = readClaim(auth.claims, claim);
      const list: readonly unknown[] = typeof held === "string" ? held.split(/\s+/) : Array.isArray(held) ? held : [];
      return roles.some((role) => list.includes(role));
    },
  });
}

/**
 * Refuses scopes that RFC 6749 does not know.
 * @throws MethodicError
 */
export function checkScopes(scopes: readonly unknown[], where: string): void {
  for (const scope of scopes) {
    if (typeof scope === "string" && SCOPE_TOKEN.test(scope)) continue;
    throw new MethodicError(
      "INVALID_AUTH_OPTIONS",
      `${where}: ${typeof scope === "string" ? JSON.stringify(scope) : `a value of type ${typeof scope}`} is no scope. A scope is printable ASCII without spaces, quotes and backslashes; give several as several arguments.`,
    );
  }
}

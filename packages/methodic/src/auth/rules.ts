import type { AccessRule } from "../context/auth-info.ts";
import { MethodicError } from "../errors.ts";
import { describeProblem, type OptionsSpec } from "../util/check-options.ts";
import { checkNonEmptyString } from "../util/option-checks.ts";
import { readClaim } from "./caller.ts";
import { checkAuthOptions, checkScopes } from "./token-options.ts";

/**
 * Requires a caller to have all of these scopes. For a server, a class or one component:
 * `@tool({ auth: requireScopes("notes:write") })`. A caller who lacks scopes learns which
 * (`403 insufficient_scope`), so that a client can request them from its user.
 *
 * @throws MethodicError if an argument is not a scope (RFC 6749 §3.3)
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
  const [problem] = checkScopes(scopes, "scopes");
  if (problem) throw new MethodicError("INVALID_AUTH_OPTIONS", describeProblem(problem, "requireScopes"));
  if (scopes.length === 0) {
    throw new MethodicError(
      "INVALID_AUTH_OPTIONS",
      'requireScopes: no scope given. Write requireScopes("notes:write").',
    );
  }
  const required = Object.freeze([...new Set(scopes)]);
  return Object.freeze({
    scopes: required,
    allows: (auth: { readonly scopes: readonly string[] }) => required.every((scope) => auth.scopes.includes(scope)),
  });
}

/** Options of {@link requireRoles}. */
export interface RequireRolesOptions {
  /**
   * The claim that holds the caller's roles, a list or a string separated by spaces. Default
   * `roles`. A dot leads into an object: `realm_access.roles`. A claim whose name contains dots
   * (`https://example.com/roles`) takes precedence.
   */
  readonly claim?: string;
}

const REQUIRE_ROLES: OptionsSpec<RequireRolesOptions> = { claim: checkNonEmptyString };

/**
 * Requires a caller to have one of these roles. To other callers, the guarded component appears not
 * to exist.
 *
 * @throws MethodicError if no role is given
 */
export function requireRoles(...roles: readonly string[]): AccessRule;
export function requireRoles(roles: readonly string[], options?: RequireRolesOptions): AccessRule;
export function requireRoles(
  ...given: readonly (string | readonly string[] | RequireRolesOptions | undefined)[]
): AccessRule {
  const [first, options = {}] = given;
  const roles: readonly unknown[] = Array.isArray(first) ? first : given;
  if (roles.length === 0 || roles.some((role) => typeof role !== "string" || role === "")) {
    throw new MethodicError(
      "INVALID_AUTH_OPTIONS",
      'requireRoles: every role must be a non-empty string. Write requireRoles("admin"), or requireRoles(["admin"], { claim: "realm_access.roles" }).',
    );
  }
  if (Array.isArray(first)) checkAuthOptions(options, REQUIRE_ROLES, { where: "requireRoles", allowUndefined: true });
  const { claim = "roles" } = (Array.isArray(first) ? options : {}) as RequireRolesOptions;
  return Object.freeze({
    scopes: Object.freeze([]),
    allows: (auth: { readonly claims: { readonly [claim: string]: unknown } }) => {
      const held = readClaim(auth.claims, claim);
      const list: readonly unknown[] = typeof held === "string" ? held.split(/\s+/) : Array.isArray(held) ? held : [];
      return roles.some((role) => list.includes(role));
    },
  });
}

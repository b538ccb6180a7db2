import type { AccessPredicate, AccessRule, AccessRules } from "../context/auth-info.ts";
import { MethodicError } from "../errors.ts";
import { type Authenticator, isAuthenticator } from "./authenticator.ts";

/** Who may use a server: how callers prove who they are, and rules that all of them must meet. `"none"`: everybody. */
export type ServerAuth =
  | "none"
  | Authenticator
  | AccessRules
  | readonly (Authenticator | AccessRule | AccessPredicate)[];

/** {@link ServerAuth}, taken apart. */
export interface ServerAccess {
  readonly authenticator: Authenticator | undefined;
  readonly rules: readonly AccessRule[];
}

/**
 * Takes the option `auth` of a server apart.
 * @param where What it was given to, for the message: `createServer`
 * @returns Nothing for `"none"`
 * @throws MethodicError
 */
export function readServerAuth(auth: unknown, where: string): ServerAccess | undefined {
  if (auth === "none") return undefined;
  const given: readonly unknown[] = Array.isArray(auth) ? auth : [auth];
  const authenticators = given.filter(isAuthenticator);
  const rules = given.filter((entry) => !isAuthenticator(entry));
  if (authenticators.length > 1) {
    throw new MethodicError(
      "INVALID_AUTH_OPTIONS",
      `${where}: the option 'auth' has ${authenticators.length} authenticators. To let in callers whom one of them accepts, write anyOf(a, b).`,
    );
  }
  if (given.length > 1 && given.includes("none")) {
    throw new MethodicError(
      "INVALID_AUTH_OPTIONS",
      `${where}: the option 'auth' has "none" in a list. "none" stands alone and lets everybody in; remove it, or everything else.`,
    );
  }
  const [authenticator] = authenticators;
  return { authenticator, rules: authenticator && rules.length === 0 ? [] : readRules(rules, where) };
}

function readRules(rules: readonly unknown[], where: string): readonly AccessRule[] {
  const fail = (): never => {
    throw new MethodicError(
      "INVALID_AUTH_OPTIONS",
      `${where}: the option 'auth' must be "none", an authenticator such as jwt({ … }), rules such as requireScopes("…"), or a list of these.`,
    );
  };
  // Taken as "no rules", an empty list would open what it was to close.
  if (rules.length === 0) return fail();
  return rules.map((rule) => {
    if (typeof rule === "function") return { scopes: [], allows: rule as AccessPredicate };
    if (typeof rule !== "object" || rule === null) return fail();
    const { allows, scopes } = rule as Partial<AccessRule>;
    return typeof allows === "function" && Array.isArray(scopes) ? (rule as AccessRule) : fail();
  });
}

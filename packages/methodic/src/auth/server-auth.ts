import type { AccessPredicate, AccessRule, AccessRules } from "../context/auth-info.ts";
import { MethodicError } from "../errors.ts";
import { describeProblem, showValue } from "../util/check-options.ts";
import { type Authenticator, isAuthenticator } from "./authenticator.ts";

/**
 * Authentication and access rules of a server: an authenticator, rules that every caller must meet,
 * or both. `"none"` accepts every caller.
 */
export type ServerAuth =
  | "none"
  | Authenticator
  | AccessRules
  | readonly (Authenticator | AccessRule | AccessPredicate)[];

/** A {@link ServerAuth}, separated into its parts. */
export interface ResolvedServerAuth {
  readonly authenticator: Authenticator | undefined;
  readonly rules: readonly AccessRule[];
}

/**
 * Checks and separates the option `auth` of a server.
 * @param where The function that takes the option, for messages: `createServer`
 * @returns Undefined for `"none"`
 * @throws MethodicError `INVALID_AUTH_OPTIONS`
 */
export function readServerAuth(auth: unknown, where: string): ResolvedServerAuth | undefined {
  if (auth === "none") return undefined;
  const given: readonly unknown[] = Array.isArray(auth) ? auth : [auth];
  const authenticators = given.filter(isAuthenticator);
  const rules = given.filter((entry) => !isAuthenticator(entry));
  const refuse = (shown: string, fix: string): never => {
    throw new MethodicError(
      "INVALID_AUTH_OPTIONS",
      describeProblem({ kind: "invalid", path: "auth", shown, fix }, where),
    );
  };
  if (authenticators.length > 1) {
    refuse(
      `${authenticators.length} authenticators`,
      "To accept the callers of each, combine them: anyOf(jwt({ … }), apiKey()).",
    );
  }
  if (given.length > 1 && given.includes("none")) {
    refuse('a list with "none"', 'Remove "none", which accepts every caller, or everything else.');
  }
  const [authenticator] = authenticators;
  const parsed = rules.map(parseRule);
  // An empty list must not mean "no rules": it would open what the author wanted to close.
  if ((rules.length === 0 && !authenticator) || parsed.includes(undefined)) {
    refuse(
      // A string may be a key.
      typeof auth === "string" ? "a string" : showValue(auth),
      'It must be "none", an authenticator such as jwt({ … }), rules such as requireScopes("…"), or a list of these.',
    );
  }
  return { authenticator, rules: parsed.filter((rule) => rule !== undefined) };
}

function parseRule(value: unknown): AccessRule | undefined {
  if (typeof value === "function") return { scopes: [], allows: value as AccessPredicate };
  if (typeof value !== "object" || value === null) return undefined;
  const { allows, scopes } = value as Partial<AccessRule>;
  return typeof allows === "function" && Array.isArray(scopes) ? (value as AccessRule) : undefined;
}

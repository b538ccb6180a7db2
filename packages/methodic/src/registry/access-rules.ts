import type { AccessPredicate, AccessRequest, AccessRule } from "../context/auth-info.ts";
import { type ServiceMark, serviceMarksOf } from "../decorators/service.ts";
import { MethodicError } from "../errors.ts";

/** Who may use a component. */
export interface ComponentAccess {
  /** What rules are told that the caller wants. */
  readonly request: AccessRequest;
  /** All of them must allow it. Those that are about scopes come first: they cost nothing. */
  readonly rules: readonly AccessRule[];
  /** The scopes that the rules need, each once. */
  readonly scopes: readonly string[];
}

// RFC 6749 §3.3. Scopes are written into headers, where a quote or a line break would do harm.
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/**
 * Reads the rules of every class of a service that has some.
 * @throws MethodicError `INVALID_DECORATOR_OPTIONS`
 */
export function readServiceRules(service: object): readonly AccessRule[] {
  return serviceMarksOf(service).flatMap(({ className, options }: ServiceMark) =>
    readRules(options, `@service on ${className}`),
  );
}

/**
 * Reads the option `auth` of a decorator; without the option there are no rules.
 * @throws MethodicError `INVALID_DECORATOR_OPTIONS`
 */
export function readRules(options: { readonly auth?: unknown }, where: string): readonly AccessRule[] {
  if (!Object.hasOwn(options, "auth")) return [];
  const { auth } = options;
  const given: readonly unknown[] = Array.isArray(auth) ? auth : [auth];
  // An option that came out empty was meant to say something; taken as "no rules" it would open what it was to close.
  if (given.length === 0) refuse(where, "is an empty list", "Name a rule, or leave the option out");
  return given.map((rule) => readRule(rule, where));
}

function readRule(rule: unknown, where: string): AccessRule {
  if (typeof rule === "function") return { scopes: [], allows: rule as AccessPredicate };
  if (typeof rule === "object" && rule !== null) {
    const { allows, scopes, authenticate } = rule as {
      readonly [key in "allows" | "scopes" | "authenticate"]?: unknown;
    };
    if (typeof authenticate === "function") {
      refuse(
        where,
        "is an authenticator, which says who calls",
        "Give it to createServer({ auth: … }), and a rule here",
      );
    }
    if (typeof allows === "function" && Array.isArray(scopes)) {
      for (const scope of scopes) assertScope(scope, where);
      return rule as AccessRule;
    }
  }
  if (rule === "none") refuse(where, 'is "none", but rules only add to those of the server', "Leave the option out");
  const given = typeof rule === "string" ? JSON.stringify(rule) : rule === null ? "null" : `of type ${typeof rule}`;
  return refuse(where, `is ${rule === undefined ? "undefined" : given}`, 'Write a rule, such as requireScopes("…")');
}

function assertScope(scope: unknown, where: string): void {
  if (typeof scope === "string" && SCOPE.test(scope)) return;
  const given = typeof scope === "string" ? JSON.stringify(scope) : `of type ${typeof scope}`;
  refuse(
    where,
    `names the scope ${given}`,
    "A scope is text without blanks, quotes, backslashes and control characters",
  );
}

function refuse(where: string, what: string, fix: string): never {
  throw new MethodicError(
    "INVALID_DECORATOR_OPTIONS",
    `${where}: the option 'auth' ${what}. ${fix}. The option takes rules: requireScopes("…"), requireRoles("…"), a function (auth, request) => boolean, or a list of these.`,
  );
}

/** Puts the rules of a component together; without any, everybody may use it. */
export function combineRules(rules: readonly AccessRule[], request: AccessRequest): ComponentAccess | undefined {
  if (rules.length === 0) return undefined;
  const each = [...new Set(rules)];
  const needsScopes = ({ scopes }: AccessRule): boolean => scopes.length > 0;
  return {
    request,
    rules: [...each.filter(needsScopes), ...each.filter((rule) => !needsScopes(rule))],
    scopes: [...new Set(each.flatMap(({ scopes }) => scopes))],
  };
}

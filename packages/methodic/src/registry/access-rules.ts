import { type AccessPredicate, type AccessRequest, type AccessRule, isScope } from "../context/auth-info.ts";
import { type ServiceMark, serviceMarksOf } from "../decorators/service.ts";
import { MethodicError } from "../errors.ts";
import { showValue } from "../util/check-options.ts";

/** The access rules of a component. */
export interface ComponentAccess {
  /** The request, as access predicates receive it. */
  readonly request: AccessRequest;
  /** Rules that must all allow the caller. Scope rules come first, because they are cheap. */
  readonly rules: readonly AccessRule[];
  /** The scopes that the rules require, each once. */
  readonly scopes: readonly string[];
}

/**
 * Reads the rules of `@service` on all classes of a service.
 * @throws MethodicError `INVALID_DECORATOR_OPTIONS`
 */
export function readServiceRules(service: object): readonly AccessRule[] {
  return serviceMarksOf(service).flatMap(({ className, options }: ServiceMark) =>
    readRules(options, `@service on ${className}`),
  );
}

/**
 * Reads the rules of a decorator's option `auth`. Without the option there are no rules.
 * @throws MethodicError `INVALID_DECORATOR_OPTIONS`
 */
export function readRules(options: { readonly auth?: unknown }, where: string): readonly AccessRule[] {
  if (!Object.hasOwn(options, "auth")) return [];
  const { auth } = options;
  const rules: readonly unknown[] = Array.isArray(auth) ? auth : [auth];
  // An empty or undefined option must not open what it was meant to close.
  if (rules.length === 0) refuseRules(where, "an empty array", "Name a rule, or leave the option out.");
  return rules.map((rule) => readRule(rule, where));
}

function readRule(rule: unknown, where: string): AccessRule {
  if (typeof rule === "function") return { scopes: [], allows: rule as AccessPredicate };
  if (rule === "none") refuseRules(where, '"none"', "Rules only add to those of the server; leave the option out.");
  const { allows, scopes, authenticate } = Object(rule) as {
    readonly [key in "allows" | "scopes" | "authenticate"]?: unknown;
  };
  if (typeof authenticate === "function") {
    refuseRules(where, "an authenticator", "Pass the authenticator to createServer({ auth: … }), and a rule here.");
  }
  if (typeof allows !== "function" || !Array.isArray(scopes)) return refuseRules(where, showValue(rule), "");
  const invalid = scopes.findIndex((scope) => !isScope(scope));
  if (invalid !== -1) {
    refuseRules(
      where,
      `the scope ${showValue(scopes[invalid])}`,
      "A scope is printable ASCII without spaces, quotes and backslashes.",
    );
  }
  return rule as AccessRule;
}

function refuseRules(where: string, shown: string, fix: string): never {
  const message = `${where}: invalid option 'auth': ${shown}. ${fix}`.trimEnd();
  throw new MethodicError(
    "INVALID_DECORATOR_OPTIONS",
    `${message} It takes rules: requireScopes("…"), requireRoles("…"), a function (auth, request) => boolean, or an array of these.`,
  );
}

/**
 * Combines the rules of a component. Returns undefined without rules: every caller may use the
 * component.
 */
export function combineRules(rules: readonly AccessRule[], request: AccessRequest): ComponentAccess | undefined {
  if (rules.length === 0) return undefined;
  const unique = [...new Set(rules)];
  const needsScopes = ({ scopes }: AccessRule): boolean => scopes.length > 0;
  return {
    request,
    rules: [...unique.filter(needsScopes), ...unique.filter((rule) => !needsScopes(rule))],
    scopes: [...new Set(unique.flatMap(({ scopes }) => scopes))],
  };
}

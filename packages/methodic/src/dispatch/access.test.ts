import { describe, expect, it, vi } from "vitest";
import type { AccessPredicate, AccessRule, AuthInfo } from "../context/auth-info.ts";
import { combineRules, readRules } from "../registry/access-rules.ts";
import { RequestAccess } from "./access.ts";

type Report = (text: string) => void;
type Guarded = Parameters<RequestAccess["allows"]>[0];

const needs = (...scopes: readonly string[]): AccessRule => ({
  scopes,
  allows: ({ scopes: granted }) => scopes.every((scope) => granted.includes(scope)),
});

function guarded(auth: unknown, name = "wipe"): Guarded {
  return { where: `Notes.${name}`, access: combineRules(readRules({ auth }, "Notes.wipe"), { kind: "tool", name }) };
}

const open: Guarded = { where: "Notes.read", access: undefined };
const caller = (...scopes: readonly string[]): AuthInfo => ({ subject: "ada", scopes, claims: { secret: "s3cret" } });
const accessOf = (auth: AuthInfo | undefined, report = vi.fn<Report>()): RequestAccess =>
  new RequestAccess({ auth }, report);

describe("RequestAccess.allows", () => {
  it("allows every component to a trusted connection", async () => {
    const trusted = new RequestAccess(undefined, vi.fn<Report>());
    expect(await trusted.allows(guarded(() => false))).toBe(true);
    expect(await trusted.findMissingScopes(guarded(needs("a")))).toBeUndefined();
  });

  it("refuses callers who did not authenticate, whatever the rules return", async () => {
    expect(await accessOf(undefined).allows(guarded(() => true))).toBe(false);
    expect(await accessOf(undefined).allows(open)).toBe(true);
    expect(await accessOf(null as never).allows(guarded(() => true))).toBe(false);
    expect(await accessOf(null as never).findMissingScopes(guarded(needs("a")))).toEqual(["a"]);
  });

  it("requires every rule to pass", async () => {
    const both = guarded([needs("a"), async (auth: AuthInfo) => auth.subject === "ada"]);
    expect(await accessOf(caller("a")).allows(both)).toBe(true);
    expect(await accessOf(caller("b")).allows(both)).toBe(false);
    expect(await accessOf({ ...caller("a"), subject: "bob" }).allows(both)).toBe(false);
  });

  it("passes the caller and the requested component to predicates", async () => {
    const rule = vi.fn<AccessPredicate>(() => true);
    await accessOf(caller()).allows(guarded(rule));
    expect(rule.mock.calls).toEqual([[caller(), { kind: "tool", name: "wipe" }]]);
  });

  it("takes nothing but true as permission", async () => {
    for (const answer of [1, "yes", {}, undefined, null]) {
      expect(await accessOf(caller()).allows(guarded(() => answer))).toBe(false);
      expect(await accessOf(caller()).allows(guarded(async () => answer))).toBe(false);
    }
  });

  it("refuses when a rule throws, and logs each rule once without its message", async () => {
    const report = vi.fn<Report>();
    const access = accessOf(caller(), report);
    const rule: AccessPredicate = ({ claims }) => {
      throw new TypeError(`no ${String(claims["secret"])}`);
    };
    const late: AccessPredicate = async () => Promise.reject("s3cret");
    expect(await access.filter([guarded(rule, "a"), open, guarded(rule, "b"), guarded(late, "c")])).toEqual([open]);
    expect(report).toHaveBeenCalledTimes(2);
    const logged = report.mock.calls.flat().join("\n");
    expect(logged).toContain("access denied to Notes.a: an access rule threw. TypeError\n");
    expect(logged).toContain("access.test.ts");
    expect(logged).toContain("access denied to Notes.c: an access rule threw. It threw a value of type string.");
    expect(logged).not.toContain("s3cret");
  });

  it("judges the components of a list concurrently and keeps their order", async () => {
    let release = (): void => {};
    const first = guarded(() => new Promise<boolean>((resolve) => (release = () => resolve(true))), "first");
    const second = guarded(() => {
      release();
      return true;
    }, "second");
    expect(await accessOf(caller()).filter([first, second, open])).toEqual([first, second, open]);
  });

  it("checks scopes first and asks no predicate once a rule failed", async () => {
    const rule = vi.fn<AccessPredicate>(() => true);
    expect(await accessOf(caller()).allows(guarded([rule, needs("a")]))).toBe(false);
    expect(rule).not.toHaveBeenCalled();
  });
});

describe("RequestAccess.findMissingScopes", () => {
  it.each([
    ["the caller lacks one of them", [needs("a", "b")], caller("a"), ["a", "b"]],
    ["several rules require some", [needs("a"), needs("b", "a")], caller("a"), ["a", "b"]],
    ["the caller did not authenticate", [needs("a")], undefined, ["a"]],
    ["the caller has them all", [needs("a")], caller("a"), undefined],
    ["another rule refuses as well", [needs("a"), () => false], caller(), undefined],
    ["the other rules pass", [needs("a"), () => true], caller(), ["a"]],
    ["only another rule refuses", [needs("a"), () => false], caller("a"), undefined],
    ["no rule requires scopes", [() => false], caller(), undefined],
    ["the rule refuses for another reason", [{ scopes: ["a"], allows: () => false }], caller("a"), undefined],
    ["the rule accepts fewer scopes", [{ scopes: ["a", "b"], allows: () => true }], caller("a"), undefined],
  ])("returns the expected scopes when %s", async (...[, rules, auth, expected]) => {
    expect(await accessOf(auth).findMissingScopes(guarded(rules))).toEqual(expected);
  });

  it("asks no predicate if no scope is missing", async () => {
    const rule = vi.fn<AccessPredicate>(() => true);
    expect(await accessOf(caller("a")).findMissingScopes(guarded([rule, needs("a")]))).toBeUndefined();
    expect(rule).not.toHaveBeenCalled();
  });
});

describe("RequestAccess", () => {
  it("asks each rule once for a component, in whichever order its methods are called", async () => {
    const rule = vi.fn<AccessPredicate>(async () => true);
    const access = accessOf(caller());
    const component = guarded([needs("a"), rule]);
    await Promise.all([access.findMissingScopes(component), access.filter([component, open])]);
    await access.allows(component);
    expect(rule).toHaveBeenCalledTimes(1);
  });

  it("asks a rule again for another component and for another request", async () => {
    const rule = vi.fn<AccessPredicate>(() => true);
    const [wipe, drop] = [guarded(rule), guarded(rule, "drop")];
    await accessOf(caller()).filter([wipe, drop]);
    await accessOf(caller()).allows(wipe);
    expect(rule.mock.calls.map(([, { name }]) => name)).toEqual(["wipe", "drop", "wipe"]);
  });
});

import { describe, expect, it, vi } from "vitest";
import type { AccessPredicate, AccessRule, AuthInfo } from "../context/auth-info.ts";
import { combineRules, readRules } from "../registry/access-rules.ts";
import { AccessCheck } from "./access.ts";

type Report = (text: string) => void;
type Guarded = Parameters<AccessCheck["allows"]>[0];

const needs = (...scopes: readonly string[]): AccessRule => ({
  scopes,
  allows: ({ scopes: granted }) => scopes.every((scope) => granted.includes(scope)),
});

function guarded(auth: unknown, name = "wipe"): Guarded {
  return { where: `Notes.${name}`, access: combineRules(readRules({ auth }, "Notes.wipe"), { kind: "tool", name }) };
}

const open: Guarded = { where: "Notes.read", access: undefined };
const caller = (...scopes: readonly string[]): AuthInfo => ({ subject: "ada", scopes, claims: { secret: "s3cret" } });
const check = (auth: AuthInfo | undefined, report = vi.fn<Report>()): AccessCheck => new AccessCheck({ auth }, report);

describe("rules of access", () => {
  it("do not apply to a trusted connection", async () => {
    const trusted = new AccessCheck(undefined, vi.fn<Report>());
    expect(await trusted.allows(guarded(() => false))).toBe(true);
    expect(await trusted.findMissingScopes(guarded(needs("a")))).toBeUndefined();
  });

  it("keep out callers of whom nothing is known, whatever they say", async () => {
    expect(await check(undefined).allows(guarded(() => true))).toBe(false);
    expect(await check(undefined).allows(open)).toBe(true);
  });

  it("must all allow it", async () => {
    const both = guarded([needs("a"), async (auth: AuthInfo) => auth.subject === "ada"]);
    expect(await check(caller("a")).allows(both)).toBe(true);
    expect(await check(caller("b")).allows(both)).toBe(false);
    expect(await check({ ...caller("a"), subject: "bob" }).allows(both)).toBe(false);
  });

  it("are told who wants what", async () => {
    const rule = vi.fn<AccessPredicate>(() => true);
    await check(caller()).allows(guarded(rule));
    expect(rule.mock.calls).toEqual([[caller(), { kind: "tool", name: "wipe" }]]);
  });

  it("allow with true alone", async () => {
    for (const answer of [1, "yes", {}, undefined, null]) {
      expect(await check(caller()).allows(guarded(() => answer))).toBe(false);
      expect(await check(caller()).allows(guarded(async () => answer))).toBe(false);
    }
  });

  it("mean no when they fail, which is logged once a request without a word of what they know", async () => {
    const report = vi.fn<Report>();
    const access = check(caller(), report);
    const rule: AccessPredicate = ({ claims }) => {
      throw new TypeError(`no ${String(claims["secret"])}`);
    };
    const late: AccessPredicate = async () => Promise.reject("s3cret");
    expect(await access.filter([guarded(rule, "a"), open, guarded(rule, "b"), guarded(late, "c")])).toEqual([open]);
    expect(report).toHaveBeenCalledTimes(2);
    const logged = report.mock.calls.flat().join("\n");
    expect(logged).toContain("a rule of access for Notes.a failed, which means no: TypeError\n");
    expect(logged).toContain("access.test.ts");
    expect(logged).toContain("for Notes.c failed, which means no: it threw something of type string");
    expect(logged).not.toContain("s3cret");
  });

  it("are asked side by side for a list, whose order stays", async () => {
    let release = (): void => {};
    const first = guarded(() => new Promise<boolean>((resolve) => (release = () => resolve(true))), "first");
    const second = guarded(() => {
      release();
      return true;
    }, "second");
    expect(await check(caller()).filter([first, second, open])).toEqual([first, second, open]);
  });

  it("are not asked after one said no, and scopes are looked at first", async () => {
    const rule = vi.fn<AccessPredicate>(() => true);
    expect(await check(caller()).allows(guarded([rule, needs("a")]))).toBe(false);
    expect(rule).not.toHaveBeenCalled();
  });
});

describe("the scopes that a caller has to get", () => {
  it.each([
    ["some are missing", [needs("a", "b")], caller("a"), ["a", "b"]],
    ["several rules name some", [needs("a"), needs("b", "a")], caller("a"), ["a", "b"]],
    ["nothing is known of the caller", [needs("a")], undefined, ["a"]],
    ["the caller has them", [needs("a")], caller("a"), undefined],
    ["another rule forbids it as well", [needs("a"), () => false], caller(), undefined],
    ["another rule allows it", [needs("a"), () => true], caller(), ["a"]],
    ["another rule alone forbids it", [needs("a"), () => false], caller("a"), undefined],
    ["no rule is about scopes", [() => false], caller(), undefined],
    ["the rule says no for another reason", [{ scopes: ["a"], allows: () => false }], caller("a"), undefined],
    ["the rule is content with less", [{ scopes: ["a", "b"], allows: () => true }], caller("a"), undefined],
  ])("when %s", async (...[, rules, auth, expected]) => {
    expect(await check(auth).findMissingScopes(guarded(rules))).toEqual(expected);
  });

  it("are found without asking other rules if none is missing", async () => {
    const rule = vi.fn<AccessPredicate>(() => true);
    expect(await check(caller("a")).findMissingScopes(guarded([rule, needs("a")]))).toBeUndefined();
    expect(rule).not.toHaveBeenCalled();
  });
});

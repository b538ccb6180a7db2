import { describe, expect, it } from "vitest";
import type { RevivalPlan, TextValue } from "../manifest/revival.ts";
import { reviveInput } from "./revive.ts";

function revive(input: Readonly<Record<string, unknown>>, ...steps: RevivalPlan["steps"]): unknown {
  const revived = reviveInput(input, { steps });
  return "input" in revived ? revived.input : revived.problems;
}

const text = (x: string, as: TextValue): unknown =>
  (revive({ x }, { object: { properties: { x: 1 } } }, { string: { as } }) as { x: unknown }).x;

describe("reviveInput, with text,", () => {
  it.each([
    ["2026-01-31T09:30:00Z", Date.UTC(2026, 0, 31, 9, 30)],
    ["2026-01-31t09:30:00.1239z", Date.UTC(2026, 0, 31, 9, 30, 0, 123)],
    ["2026-01-31 09:30:00+0530", Date.UTC(2026, 0, 31, 4)],
    ["2026-01-31T09:30:00-05", Date.UTC(2026, 0, 31, 14, 30)],
    ["2016-12-31T23:59:60Z", Date.UTC(2017, 0, 1)],
    ["0050-06-01T00:00:00Z", new Date("0050-06-01T00:00:00Z").getTime()],
    ["9999-12-31T23:59:59-23:59", new Date("9999-12-31T23:59:59Z").getTime() + (24 * 60 - 1) * 60_000],
  ])("reads the date %s", (given, time) => {
    const date = text(given, "date");
    expect(date).toBeInstanceOf(Date);
    expect((date as Date).getTime()).toBe(time);
  });

  it("reads URLs, big integers and bytes", () => {
    expect(text("https://a.b/c?d=e", "url")).toEqual(new URL("https://a.b/c?d=e"));
    expect(text("-123456789012345678901234567890", "bigint")).toBe(-123_456_789_012_345_678_901_234_567_890n);
    expect(text("aGk=", "bytes")).toEqual(new Uint8Array([104, 105]));
    expect(Buffer.isBuffer(text("aGk=", "bytes"))).toBe(false);
    expect(text("aGk=", "buffer")).toEqual(Buffer.from("hi"));
  });

  it("reads megabytes of base64", () => {
    const bytes = new Uint8Array(10_000_000).fill(7);
    expect(Buffer.compare(text(Buffer.from(bytes).toString("base64"), "bytes") as Uint8Array, bytes)).toBe(0);
  });

  it.each([
    ["http://:80", "url", 'x: expected a URL such as https://example.com/path, received string "http://:80".'],
    ["noon", "date", 'x: expected a date and time such as 2026-01-31T09:30:00Z, received string "noon".'],
    [
      "9".repeat(5000),
      "bigint",
      /^x: expected an integer of at most 4096 digits, as text, received string "9{77}…"\.$/,
    ],
  ] as const)("explains the problem with %.20s", (given, as, problem) => {
    const problems = revive({ x: given }, { object: { properties: { x: 1 } } }, { string: { as } }) as string[];
    expect(problems).toEqual([typeof problem === "string" ? problem : expect.stringMatching(problem)]);
  });
});

describe("reviveInput, with containers,", () => {
  const DATE = { string: { as: "date" } } as const;
  const at = "1970-01-01T00:00:00Z";

  it("copies what it changes and leaves the client's object unchanged", () => {
    const input = Object.freeze({ list: Object.freeze([Object.freeze({ at, n: 1 })]) });
    const revived = revive(
      input,
      { object: { properties: { list: 1 } } },
      { array: { items: 2 } },
      { object: { properties: { at: 3 } } },
      DATE,
    );
    expect(revived).toEqual({ list: [{ at: new Date(0), n: 1 }] });
    expect(input).toEqual({ list: [{ at, n: 1 }] });
  });

  it("revives nested sets, maps and tuples", () => {
    const revived = revive(
      { m: { a: [[at, "x", at]] } },
      { object: { properties: { m: 1 } } },
      { object: { map: true, others: 2 } },
      { array: { set: true, items: 3 } },
      { array: { prefix: [4, null], items: 4 } },
      DATE,
    );
    expect(revived).toEqual({ m: new Map([["a", new Set([[new Date(0), "x", new Date(0)]])]]) });
  });

  it("keeps a key named __proto__ a key", () => {
    const m = JSON.parse(`{"__proto__":"${at}"}`) as object;
    const steps = [{ object: { properties: { m: 1, o: 2 } } }, { object: { map: true, others: 3 } }] as const;
    const { m: map, o } = revive({ m, o: m }, ...steps, { object: { others: 3 } }, DATE) as { m: unknown; o: object };
    expect(map).toEqual(new Map([["__proto__", new Date(0)]]));
    expect(Object.entries(o)).toEqual([["__proto__", new Date(0)]]);
    expect(Object.getPrototypeOf(o)).toBe(Object.prototype);
  });

  it("follows recursion, patterns of names, and literals that stay text", () => {
    const node = { object: { properties: { at: 1, next: 0 }, patterns: [["^x-", 1]], others: null } } as const;
    const steps = [node, { string: { as: "date", except: ["now"] } }] as const;
    expect(revive({ at, next: { at: "now", "x-a": at, b: at } }, ...steps)).toEqual({
      at: new Date(0),
      next: { at: "now", "x-a": new Date(0), b: at },
    });
  });

  it("distinguishes objects by a literal or by a property that only one has", () => {
    const steps = [
      { object: { properties: { x: 1, y: 2 } } },
      { object: { by: "kind", cases: { '"a"': 3, "1": null } } },
      { object: { by: "at", presence: [3, null] } },
      { object: { properties: { at: 4 } } },
      DATE,
    ] as const;
    expect(revive({ x: { kind: "a", at }, y: { at } }, ...steps)).toEqual({
      x: { kind: "a", at: new Date(0) },
      y: { at: new Date(0) },
    });
    expect(revive({ x: { kind: 1, at }, y: { on: at } }, ...steps)).toEqual({ x: { kind: 1, at }, y: { on: at } });
  });

  it("leaves null, numbers and absent values as they are", () => {
    const steps = [{ object: { properties: { a: 1, b: 1, c: 1 } } }, { ...DATE, array: { set: true } }] as const;
    expect(revive({ a: null, b: 5 }, ...steps)).toEqual({ a: null, b: 5 });
  });
});

import { describe, expect, it } from "vitest";
import { equal } from "./validation-runtime.ts";

describe("equal", () => {
  it.each([
    [1, 1],
    ["a", "a"],
    [null, null],
    [[], []],
    [{}, {}],
    [
      { a: 1, b: [{ c: null }] },
      { b: [{ c: null }], a: 1 },
    ],
    [
      { toString: 1, constructor: "x" },
      { constructor: "x", toString: 1 },
    ],
  ])("%j is %j", (a, b) => {
    expect(equal(a, b)).toBe(true);
    expect(equal(b, a)).toBe(true);
  });

  it.each([
    [1, "1"],
    [0, false],
    [null, {}],
    [[], {}],
    [{ 0: 1, length: 1 }, [1]],
    [
      [1, 2],
      [2, 1],
    ],
    [[1], [1, 2]],
    [{ a: 1 }, { a: 1, b: 2 }],
    [{ a: undefined }, { b: undefined }],
    [{ toString: 1 }, { toString: 2 }],
    [{ hasOwnProperty: 1 }, {}],
    [JSON.parse('{"__proto__": 1}'), {}],
  ])("%j is not %j", (a, b) => {
    expect(equal(a, b)).toBe(false);
    expect(equal(b, a)).toBe(false);
  });
});

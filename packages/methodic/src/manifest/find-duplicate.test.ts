import { describe, expect, it } from "vitest";
import { findDuplicate } from "./find-duplicate.ts";

describe("findDuplicate", () => {
  it.each<[string, unknown[], [j: number, i: number]]>([
    ["numbers that are written differently", [1, JSON.parse("1.0")], [0, 1]],
    ["zeros", [0, 1, -0], [0, 2]],
    ["objects with properties in any order", [{ a: 1, b: [2] }, 5, { b: [2], a: 1 }], [0, 2]],
    ["the last item with an equal before it, and the nearest such equal", [7, 7, 7, "x", [1], [1], 8], [4, 5]],
    ["objects with names of Object.prototype", [JSON.parse('{"__proto__":1}'), JSON.parse('{"__proto__":1}')], [0, 1]],
  ])("finds %s", (_what, items, [j, i]) => {
    expect(findDuplicate(items)).toEqual({ i, j });
  });

  it.each<[string, unknown[]]>([
    ["numbers and their texts", [1, "1", true, "true", null, "null"]],
    ["texts that look like keys", [[], "#0", "[", {}, "{", [[]], ["#0"]]],
    ["arrays and objects", [[1], { 0: 1 }, [[1]], [1, 1], ["1"]]],
    ["names of Object.prototype", [JSON.parse('{"__proto__":1}'), {}, { toString: 1 }, { constructor: 1 }]],
    ["names that run into each other", [{ a: 1, b: 2 }, { 'a":1,"b': 2 }]],
  ])("finds no duplicate among %s", (_what, items) => {
    expect(findDuplicate(items)).toBeUndefined();
  });

  it("reads every item once", () => {
    let reads = 0;
    const items = Array.from({ length: 1000 }, (_, id) => ({
      get id() {
        reads++;
        return id;
      },
    }));
    expect(findDuplicate(items)).toBeUndefined();
    expect(reads).toBe(1000);
  });
});

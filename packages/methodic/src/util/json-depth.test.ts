import { describe, expect, it } from "vitest";
import { isDeeperThan } from "./json-depth.ts";

describe("isDeeperThan", () => {
  it.each([
    ["[[1]]", 2, false],
    ["[[1]]", 1, true],
    ['{"a":{"b":[]}}', 2, true],
    ["[[],[],[]]", 2, false],
    ['["[[[", "]]]"]', 1, false],
    ['["\\\\", [1]]', 1, true],
    ['["\\"[[["]', 1, false],
    ['["[[[', 1, false],
    ["", 0, false],
  ])("measures %s against %d levels", (text, levels, expected) => {
    expect(isDeeperThan(text, levels)).toBe(expected);
  });
});

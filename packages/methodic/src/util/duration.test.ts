import { describe, expect, it } from "vitest";
import { toMilliseconds } from "./duration.ts";

describe("toMilliseconds", () => {
  it.each([
    [0, 0],
    [1500, 1500],
    ["500ms", 500],
    ["30s", 30_000],
    ["1.5m", 90_000],
    ["2h", 7_200_000],
    ["1d", 86_400_000],
    [2 ** 31 - 1, 2 ** 31 - 1],
  ])("converts %j to %i", (value, ms) => {
    expect(toMilliseconds(value)).toBe(ms);
  });

  it("converts durations longer than a timer can count, if the maximum allows them", () => {
    expect(toMilliseconds("90d", Number.MAX_SAFE_INTEGER)).toBe(90 * 86_400_000);
    expect(toMilliseconds(Number.POSITIVE_INFINITY, Number.MAX_SAFE_INTEGER)).toBeUndefined();
  });

  it.each([
    [-1],
    [Number.NaN],
    [2 ** 31],
    ["25d"],
    ["5"],
    ["5 s"],
    ["s"],
    ["-1s"],
    ["1w"],
    [""],
    [true],
    [null],
    [undefined],
  ])("refuses %j", (value) => {
    expect(toMilliseconds(value)).toBeUndefined();
  });
});

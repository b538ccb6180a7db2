import { describe, expect, it } from "vitest";
import { NUMBER_NAME } from "./template-pattern.ts";

const pattern = new RegExp(NUMBER_NAME, "u");

describe("NUMBER_NAME", () => {
  it("matches every number as JavaScript writes it", () => {
    const known = [0, 1e21, 1e300, -1e-7, 5e-324, Number.MAX_VALUE, Number.MAX_SAFE_INTEGER, 2 ** 54 + 4, 0.1 + 0.2];
    const special = [12_345_678_901_234_568, 123_456_789_012_345_680_000, 1.234567890123456e-5, -1.5, NaN, -Infinity];
    const bits = new BigUint64Array(1);
    const random = Array.from({ length: 5000 }, (_, index) => {
      bits[0] = BigInt.asUintN(64, (BigInt(index) + 1n) * 0x9e37_79b9_7f4a_7c15n);
      const [value = 0] = new Float64Array(bits.buffer);
      // Most doubles are written with an exponent.
      return index % 2 === 0 ? value : (index % 4 === 1 ? 1 : 1e-12) * Number(bits[0] >> BigInt(index % 60));
    });
    const names = [...known, ...special, ...random].map((value) => String(value));
    expect(names.filter((name) => !pattern.test(name))).toEqual([]);
  });

  it.each(
    [
      "",
      " 1",
      "01",
      "+1",
      "-0",
      "1.0",
      "1.50",
      ".5",
      "5.",
      "0x1",
      "1n",
      "1_000",
      "1e21",
      "1e+20",
      "1e-6",
      "1e+309",
      "1e-325",
    ].concat([
      "0.0000001",
      "123456789012345678",
      "1234567890123456789012",
      "0.123456789012345678",
      "-NaN",
      "--1",
      "1.5e+21e",
    ]),
  )("does not match %j", (name) => {
    expect(pattern.test(name)).toBe(false);
  });
});

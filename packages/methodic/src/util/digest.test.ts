import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { digest, digestText, equalDigests } from "./digest.ts";

describe("digestText", () => {
  it.each(["", "abc", "zażółć 🎈"])("is the SHA-256 digest of %j in hexadecimal", async (text) => {
    expect(await digestText(text)).toBe(createHash("sha256").update(text).digest("hex"));
  });
});

describe("equalDigests", () => {
  it("compares every byte and the length", async () => {
    const [a, b] = [await digest("a"), await digest("b")];
    expect(equalDigests(a, await digest("a"))).toBe(true);
    expect(equalDigests(a, b)).toBe(false);
    expect(equalDigests(a, a.subarray(1))).toBe(false);
    const last = a.slice();
    last[31] = (last[31] ?? 0) ^ 1;
    expect(equalDigests(a, last)).toBe(false);
  });
});

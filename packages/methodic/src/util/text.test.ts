import { describe, expect, it } from "vitest";
import { quote, shorten } from "./text.ts";

describe("shorten", () => {
  it("keeps text of the maximum length and cuts longer text", () => {
    expect(shorten("abc", 3)).toBe("abc");
    expect(shorten("abcd", 3)).toBe("ab…");
  });
});

describe("quote", () => {
  it("escapes a word and cuts a long one", () => {
    expect(quote('a"b')).toBe('"a\\"b"');
    expect(quote("a".repeat(200))).toBe(`"${"a".repeat(127)}…"`);
  });
});

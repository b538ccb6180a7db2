import { describe, expect, it } from "vitest";
import { cutText, quote, shorten } from "./text.ts";

describe("shorten", () => {
  it("keeps text of the maximum length and cuts longer text", () => {
    expect(shorten("abc", 3)).toBe("abc");
    expect(shorten("abcd", 3)).toBe("ab…");
  });
});

describe("cutText", () => {
  it("keeps text of the maximum length and counts what it cuts", () => {
    expect(cutText("abc", 3)).toBe("abc");
    expect(cutText("abcd", 3)).toBe("abc… (1 more characters)");
    expect(cutText("abcd", 3, 10)).toBe("abc… (7 more characters)");
  });
});

describe("quote", () => {
  it("escapes a word and cuts a long one", () => {
    expect(quote('a"b')).toBe('"a\\"b"');
    expect(quote("a".repeat(200))).toBe(`"${"a".repeat(127)}…"`);
  });
});

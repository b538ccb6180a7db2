import { describe, expect, it } from "vitest";
import { describePattern, isPortable, portablePattern } from "./patterns.ts";

describe("portablePattern", () => {
  it.each([
    ["^[a-z-]+$", "^[a-z-]+$"],
    [String.raw`^-?(?:0|[1-9]\d*)$`, "^-?(0|[1-9][0-9]*)$"],
    [String.raw`^\w+\.[\d.]+$`, String.raw`^[A-Za-z0-9_]+\.[0-9.]+$`],
    [String.raw`^\(\?:\)$`, String.raw`^\(\?:\)$`],
    ["^[(?:]$", "^[(?:]$"],
    ["^(a|b)$", "^(a|b)$"],
    [String.raw`^a\n$`, String.raw`^a\n$`],
  ])("rewrites %s as %s", (pattern, expected) => {
    expect(portablePattern(pattern)).toBe(expected);
    expect(isPortable(expected)).toBe(true);
  });

  it.each([
    ["lookahead", "^(?=a)a$"],
    ["negative lookahead", "^(?!a)b$"],
    ["lookbehind", "^b(?<=b)$"],
    ["negative lookbehind", "^b(?<!a)$"],
    ["a named group", "^(?<year>[0-9]+)$"],
    ["a modifier", "^(?i:a)$"],
    ["a back-reference", String.raw`^(a)\1$`],
    ["a named back-reference", String.raw`^(?<a>a)\k<a>$`],
    ["a Unicode property", String.raw`^\p{L}+$`],
    ["a word boundary", String.raw`^\ba$`],
    ["white space", String.raw`^\s*$`],
    ["any character", String.raw`^[\s\S]*$`],
    ["the empty class", "^[^]*$"],
    ["a lazy quantifier", "^a*?$"],
    ["no anchors", "a"],
    ["one anchor", "^a"],
    ["an alternation outside groups", "^a|b$"],
    ["a giant alternation", `^(${Array.from({ length: 200 }, (_, i) => `value${i}`).join("|")})$`],
  ])("refuses %s", (_name, pattern) => {
    expect(portablePattern(pattern)).toBeUndefined();
    expect(isPortable(pattern)).toBe(false);
  });
});

describe("describePattern", () => {
  it("quotes a short pattern", () => {
    expect(describePattern("^(?!a)")).toBe("^(?!a)");
  });

  it("names the numbers of a long pattern, and leaves out others", () => {
    const numbers = String.raw`^-?\d+(?:\.\d+)?$`;
    expect(describePattern(`${numbers}|${"x".repeat(200)}!`)).toBe("numbers");
    expect(describePattern(`^a|${"x".repeat(200)}!`)).toBeUndefined();
  });
});

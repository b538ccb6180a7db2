import { fullFormats } from "ajv-formats/dist/formats.js";
import { describe, expect, it } from "vitest";
import { equal, isUri, isUrl, ucs2length } from "./validation-runtime.ts";

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
  ])("finds %j and %j equal", (a, b) => {
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
  ])("finds %j and %j different", (a, b) => {
    expect(equal(a, b)).toBe(false);
    expect(equal(b, a)).toBe(false);
  });
});

describe("ucs2length", () => {
  it.each([
    ["", 0],
    ["abc", 3],
    ["a😀b", 3],
    ["😀😀", 2],
    ["\ud83d", 1],
    ["\ude00\ud83d", 2],
  ])("counts the code points of %j", (text, length) => {
    expect(ucs2length(text)).toBe(length);
  });
});

describe("isUri", () => {
  it("accepts what the expression of ajv accepts, and nothing else", () => {
    const isAnyUri = fullFormats.uri as (text: string) => boolean;
    const characters = [..."a9:/.-_~%@?#[]é\u212a\n "];
    let texts = ["http://", "HTTPS://a", "https:", "urn:a"];
    for (let length = 0; length < 4; length++) {
      const wrong = texts.filter((text) => isUri(text) !== isAnyUri(text));
      expect(wrong).toEqual([]);
      texts = texts.flatMap((text) => characters.map((character) => text + character));
    }
  });
});

describe("isUrl", () => {
  it.each(["https://example.com", "ftp://a:b@example.com:21/x", "https://a@b:c@example.com/?q=é", "http://8.8.8.8"])(
    "accepts %s",
    (text) => {
      expect(isUrl(text)).toBe(true);
    },
  );

  it.each(["", "example.com", "https://@example.com", "https://10.1.1.1", "https://a b@example.com", "mailto:a@b.c"])(
    "rejects %j",
    (text) => {
      expect(isUrl(text)).toBe(false);
    },
  );

  it.each([":", "@", "a-", ".a", "a@"])("takes linear time for a long text of %j", (part) => {
    // Quadratic time would exceed the test's timeout at this length.
    expect(isUrl(`ftp://${part.repeat(1_000_000)}!`)).toBe(false);
  });
});

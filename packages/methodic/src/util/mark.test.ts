import { describe, expect, it } from "vitest";
import { isMarked, mark, markKey } from "./mark.ts";

describe("mark", () => {
  const key = markKey("content");
  const marked = mark({ a: 1 }, key);

  it("is kept by a spread copy", () => {
    expect([marked, { ...marked, b: 2 }].map((value) => isMarked(value, key))).toEqual([true, true]);
  });

  it("is not carried by JSON, and is not seen in it", () => {
    const text = JSON.stringify(marked);
    expect(text).toBe('{"a":1}');
    expect(isMarked(JSON.parse(text), key)).toBe(false);
  });

  it.each([[undefined], [null], ["content"], [{}], [mark({}, markKey("other"))], [[marked]]])(
    "does not belong to %j",
    (value) => {
      expect(isMarked(value, key)).toBe(false);
    },
  );
});

import { describe, expect, it } from "vitest";
import { isMarked, mark } from "./mark.ts";

describe("mark", () => {
  const marked = mark({ a: 1 }, "content");

  it("is kept by a spread copy", () => {
    expect([marked, { ...marked, b: 2 }].map((value) => isMarked(value, "content"))).toEqual([true, true]);
  });

  it("is not carried by JSON, and is not seen in it", () => {
    const text = JSON.stringify(marked);
    expect(text).toBe('{"a":1}');
    expect(isMarked(JSON.parse(text), "content")).toBe(false);
  });

  it.each([[undefined], [null], ["content"], [{}], [mark({}, "other")], [[marked]]])(
    "does not belong to %j",
    (value) => {
      expect(isMarked(value, "content")).toBe(false);
    },
  );
});

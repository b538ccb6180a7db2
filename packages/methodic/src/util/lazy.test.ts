import { describe, expect, it } from "vitest";
import { addLazy } from "./lazy.ts";

describe("addLazy", () => {
  it("computes a property when it is first read, once", () => {
    let computed = 0;
    const object = addLazy({ a: 1 }, { b: () => ++computed, c: () => "c" });
    expect(Object.keys(object)).toEqual(["a", "b", "c"]);
    expect("b" in object && computed).toBe(0);
    expect([object.b, object.b, computed]).toEqual([1, 1, 1]);
    expect(JSON.stringify(object)).toBe('{"a":1,"b":1,"c":"c"}');
  });

  it("computes again after an error", () => {
    let attempts = 0;
    const object = addLazy({}, { a: () => (attempts++ === 0 ? JSON.parse("{") : attempts) });
    expect(() => object.a).toThrow(SyntaxError);
    expect(object.a).toBe(2);
  });
});

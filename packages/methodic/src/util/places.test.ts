import { describe, expect, it } from "vitest";
import { Places } from "./places.ts";

describe("Places", () => {
  it("refuses to exceed the maximum, whatever the keys", () => {
    const places = new Places(2);
    expect([places.take(), places.take("a"), places.take("b"), places.isFull]).toEqual([true, true, false, true]);
    places.release();
    expect([places.take("b"), places.size]).toEqual([true, 2]);
  });

  it("refuses to exceed the part of a key, and leaves the rest to others", () => {
    const places = new Places(4, 0.5);
    expect(["a", "a", "a", "b"].map((key) => places.take(key))).toEqual([true, true, false, true]);
    expect([places.isShareTaken("a"), places.isShareTaken("b"), places.count("a")]).toEqual([true, false, 2]);
    places.release("a");
    expect(places.take("a")).toBe(true);
  });

  it("applies no part to places without a key", () => {
    const places = new Places(4, 0.5);
    expect([1, 2, 3, 4, 5].map(() => places.take())).toEqual([true, true, true, true, false]);
    expect([places.isShareTaken(), places.count("")]).toEqual([false, 4]);
  });

  it("counts those without a key as one key in the equal part", () => {
    const places = new Places(10);
    for (const key of ["", "", "a", "b", "b", "b"]) places.take(key);
    expect(places.equalPart).toBe(2);
    places.release("a");
    expect(places.equalPart).toBe(2.5);
    places.release("", 2);
    expect(places.equalPart).toBe(3);
  });

  it("gives one place to each key, even if its part is smaller", () => {
    expect(new Places(1, 0.1).take("a")).toBe(true);
  });
});

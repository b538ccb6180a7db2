import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ExpiringCache } from "./expiring-cache.ts";

describe("ExpiringCache", () => {
  beforeEach(() => void vi.useFakeTimers({ now: 0, toFake: ["Date"] }));
  afterEach(() => void vi.useRealTimers());

  it("keeps a value until it expires", () => {
    const cache = new ExpiringCache<string>(2);
    cache.set("a", "value", 1000);
    vi.setSystemTime(999);
    expect(cache.get("a")).toBe("value");
    vi.setSystemTime(1000);
    expect(cache.get("a")).toBeUndefined();
    expect(cache.size).toBe(0);
  });

  it("drops the least recently used value when it is full", () => {
    const cache = new ExpiringCache<number>(2);
    cache.set("a", 1, 1000);
    cache.set("b", 2, 1000);
    cache.get("a");
    cache.set("c", 3, 1000);
    expect([cache.get("a"), cache.get("b"), cache.get("c")]).toEqual([1, undefined, 3]);
    expect(cache.size).toBe(2);
  });

  it("does not store expired values, or any value if its size is 0", () => {
    const cache = new ExpiringCache<number>(2);
    cache.set("a", 1, 0);
    expect(cache.size).toBe(0);
    const none = new ExpiringCache<number>(0);
    none.set("a", 1, 1000);
    expect(none.size).toBe(0);
  });

  it("drops the old value if the new one has expired", () => {
    const cache = new ExpiringCache<number>(2);
    cache.set("a", 1, 1000);
    cache.set("a", 2, 0);
    expect(cache.get("a")).toBeUndefined();
  });
});

import { describe, expect, it } from "vitest";
import { storeContract } from "../testing/store-contract.ts";
import { memoryStore } from "./memory-store.ts";

let time = 0;
const now = (): number => time;

describe("memoryStore", () => {
  const checks = storeContract(() => memoryStore({ now }), { wait: (ms) => void (time += ms) });
  it.each(checks)("keeps the contract: $name", async ({ run }) => {
    await expect(run()).resolves.toBeUndefined();
  });

  it("keeps a value until the moment at which it expires", async () => {
    const store = memoryStore({ now });
    await store.set("a/key", "1", { ttl: 1000 });
    time += 999;
    expect(await store.get("a/key")).toBe("1");
    time += 1;
    expect(await store.get("a/key")).toBeUndefined();
  });

  it("drops expired values before it drops others", async () => {
    const store = memoryStore({ now, maxEntries: 2 });
    await store.set("a/old", "1");
    await store.set("a/short", "2", { ttl: 1 });
    time += 1;
    await store.set("a/new", "3");
    expect(await store.get("a/old")).toBe("1");
    expect(await store.get("a/new")).toBe("3");
  });

  it("drops the value that was written longest ago, if all callers have as much", async () => {
    const store = memoryStore({ now, maxEntries: 3 });
    for (const caller of ["a", "b", "c"]) await store.set(`${caller}/key`, "1");
    await store.set("a/key", "2");
    await store.set("d/key", "1");
    expect(await store.get("b/key")).toBeUndefined();
    for (const caller of ["a", "c", "d"]) expect(await store.get(`${caller}/key`)).toBeDefined();
  });

  it("lets a caller that writes a lot drop only its own values", async () => {
    const store = memoryStore({ now, maxEntries: 10 });
    await store.set("quiet/key", "1");
    for (let i = 0; i < 50; i++) await store.set(`loud/${i}`, "1");
    await store.set("other/key", "1");
    expect(await store.get("quiet/key")).toBe("1");
    expect(await store.get("other/key")).toBe("1");
    expect(await store.get("loud/49")).toBe("1");
    expect(await store.get("loud/41")).toBeUndefined();
  });

  it("keeps within its bytes, and keeps a value that it has just written", async () => {
    const store = memoryStore({ now, maxBytes: 10_000 });
    for (const caller of ["a", "b", "c", "d"]) await store.set(`${caller}/key`, "x".repeat(1000));
    await store.set("e/key", "x".repeat(4000));
    expect(await store.get("a/key")).toBeUndefined();
    expect(await store.get("e/key")).toBe("x".repeat(4000));
    await expect(store.set("f/key", "x".repeat(5000))).rejects.toThrow(
      "The value takes 10210 bytes, more than maxBytes of memoryStore: 10000.",
    );
  });

  it("refuses unknown and invalid options", () => {
    expect(() => memoryStore({ maxEntries: 0, max: 1 } as never)).toThrow(/maxEntries[^]*max/);
  });
});

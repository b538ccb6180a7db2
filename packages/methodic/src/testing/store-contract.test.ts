import { describe, expect, it } from "vitest";
import { memoryStore } from "../store/memory-store.ts";
import type { Store } from "../store/store.ts";
import { storeContract } from "./store-contract.ts";

let time = 0;
const now = (): number => time;

/** Returns the names of the checks that a store fails. */
async function findFailures(change: (store: Required<Store>) => Partial<Store>): Promise<readonly string[]> {
  const store = memoryStore({ now });
  const wait = (ms: number): void => void (time += ms);
  const failures: string[] = [];
  for (const { name, run } of storeContract(() => ({ ...bind(store), ...change(store) }), { wait })) {
    await run().catch(() => failures.push(name));
  }
  return failures;
}

function bind(store: Required<Store>): Required<Store> {
  return {
    get: (key) => store.get(key),
    set: (key, value, options) => store.set(key, value, options),
    delete: (key) => store.delete(key),
    compareAndSet: (key, change) => store.compareAndSet(key, change),
  };
}

describe("storeContract", () => {
  it("accepts a store without compareAndSet", async () => {
    const store = memoryStore({ now });
    const { get, set, delete: remove } = bind(store);
    for (const { run } of storeContract(() => ({ get, set, delete: remove }), { wait: (ms) => void (time += ms) })) {
      await expect(run()).resolves.toBeUndefined();
    }
  });

  it.each<[string, (store: Required<Store>) => Partial<Store>, number]>([
    [
      "returns null for a missing key",
      (store) => ({ get: async (key) => (await store.get(key)) ?? (null as never) }),
      6,
    ],
    ["ignores the ttl", (store) => ({ set: (key, value) => store.set(key, value) }), 1],
    ["drops empty values", (store) => ({ get: async (key) => (await store.get(key)) || undefined }), 1],
    ["confuses upper and lower case", (store) => lowerCase(store), 1],
    ["cuts keys", (store) => ({ ...mapKeys(store, (key) => key.slice(0, 200)) }), 1],
    ["keeps the ttl of an earlier value", (store) => keepTtl(store), 1],
    ["compares after a pause", (store) => compareLater(store), 1],
    ["creates what exists", (store) => ({ compareAndSet: alwaysSet(store) }), 2],
  ])("finds a store that %s", async (_, change, least) => {
    expect((await findFailures(change)).length).toBeGreaterThanOrEqual(least);
  });

  it("deletes its keys", async () => {
    const keys = new Set<string>();
    const store = memoryStore({ now });
    const watched: Store = { ...bind(store), set: (key, ...rest) => (keys.add(key), store.set(key, ...rest)) };
    const wait = (ms: number): void => void (time += ms);
    for (const { run } of storeContract(() => watched, { wait })) await run();
    expect(keys.size).toBeGreaterThan(50);
    for (const key of keys) expect(await store.get(key)).toBeUndefined();
  });

  it("names the call, its result, and the right one", async () => {
    const [check] = storeContract(() => ({ ...bind(memoryStore()), get: async () => "old" }));
    await expect(check?.run()).rejects.toThrow(
      /^get\("store-contract\/[^"]+"\) of the store resolves with "old", and must with undefined\.$/,
    );
  });

  it("refuses a store in place of the function that returns it", () => {
    expect(() => storeContract(memoryStore() as never)).toThrow(
      "storeContract: invalid argument: an object. Pass a function that returns the store.",
    );
  });
});

function mapKeys(store: Required<Store>, map: (key: string) => string): Required<Store> {
  return {
    get: (key) => store.get(map(key)),
    set: (key, ...rest) => store.set(map(key), ...rest),
    delete: (key) => store.delete(map(key)),
    compareAndSet: (key, change) => store.compareAndSet(map(key), change),
  };
}

const lowerCase = (store: Required<Store>): Store => mapKeys(store, (key) => key.toLowerCase());

function keepTtl(store: Required<Store>): Partial<Store> {
  const ttls = new Map<string, number | undefined>();
  return {
    set: (key, value, options) => {
      if (!ttls.has(key)) ttls.set(key, options?.ttl);
      return store.set(key, value, { ttl: ttls.get(key) });
    },
  };
}

function compareLater(store: Required<Store>): Partial<Store> {
  return {
    compareAndSet: async (key, { expected, value = "", ttl }) => {
      if ((await store.get(key)) !== expected) return false;
      await store.set(key, value, { ttl });
      return true;
    },
  };
}

function alwaysSet(store: Required<Store>): Required<Store>["compareAndSet"] {
  return async (key, { value = "", ttl }) => {
    await store.set(key, value, { ttl });
    return true;
  };
}

import { MethodicError } from "../errors.ts";
import type { Store } from "../store/store.ts";
import { checkOptions, type OptionsSpec, showValue } from "../util/check-options.ts";
import { checkFunction, checkPositiveInteger } from "../util/option-checks.ts";

/** Options of {@link storeContract}. */
export interface StoreContractOptions {
  /**
   * The time in ms after which values of the checks expire: longer for a store that is slow, or
   * that counts in seconds. Default 200.
   */
  readonly ttl?: number;
  /** Waits, or advances the clock of the store. Default: waits. */
  readonly wait?: (ms: number) => void | Promise<void>;
}

/** One check of {@link storeContract}. */
export interface StoreCheck {
  /** The rule, as a sentence about the store. */
  readonly name: string;
  /** Rejects if the store breaks the rule. */
  readonly run: () => Promise<void>;
}

const OPTIONS: OptionsSpec<StoreContractOptions> = { ttl: checkPositiveInteger, wait: checkFunction };
const DEFAULT_TTL_MS = 200;
const WRITERS = 20;

/**
 * Returns the checks that every store must pass, for any test runner. They use keys that nothing
 * else uses, and delete them.
 * @param open Returns the store, for each check
 *
 * @example
 * ```ts
 * import { memoryStore } from "methodic";
 * import { storeContract } from "methodic/testing";
 * import { test } from "vitest";
 *
 * for (const { name, run } of storeContract(() => memoryStore())) test(name, run);
 * ```
 */
export function storeContract(
  open: () => Store | Promise<Store>,
  options: StoreContractOptions = {},
): readonly StoreCheck[] {
  if (typeof open !== "function") {
    throw new MethodicError(
      "INVALID_ARGUMENT",
      `storeContract: invalid argument: ${showValue(open)}. Pass a function that returns the store.`,
    );
  }
  checkOptions(options, OPTIONS, { where: "storeContract", code: "INVALID_ARGUMENT" });
  const { ttl = DEFAULT_TTL_MS, wait = waitFor } = options;
  return Object.entries(CHECKS).map(([name, check]) => ({
    name,
    run: async () => {
      const keys = new Set<string>();
      const prefix = `store-contract/${crypto.randomUUID()}/`;
      const keyOf = (name: string): string => {
        keys.add(prefix + name);
        return prefix + name;
      };
      const store = await open();
      try {
        await check({ store, keyOf, ttl, wait });
      } finally {
        for (const key of keys) await store.delete(key);
      }
    },
  }));
}

/** The store under test, and the tools of a check. */
interface Bench {
  readonly store: Store;
  /** Returns a key of the check. */
  readonly keyOf: (name: string) => string;
  readonly ttl: number;
  readonly wait: (ms: number) => void | Promise<void>;
}

const CHECKS: { readonly [name: string]: (bench: Bench) => Promise<void> } = {
  "get returns undefined for a key without a value": async ({ store, keyOf }) => {
    await expectValue(store, keyOf("missing"), undefined);
  },
  "get returns the value that was set last": async ({ store, keyOf }) => {
    for (const value of ["first", "", '{"json":[1,"\u0000\\"]}', "Grüße 👋🏽 \u2028", "x".repeat(65_536)]) {
      await store.set(keyOf("key"), value);
      await expectValue(store, keyOf("key"), value);
    }
  },
  "delete deletes one key, and accepts a key without a value": async ({ store, keyOf }) => {
    await store.set(keyOf("one"), "1");
    await store.set(keyOf("two"), "2");
    await store.delete(keyOf("one"));
    await store.delete(keyOf("one"));
    await expectValue(store, keyOf("one"), undefined);
    await expectValue(store, keyOf("two"), "2");
  },
  "all keys of 1 to 255 characters differ": async ({ store, keyOf }) => {
    const longest = "k".repeat(255 - keyOf("").length);
    const names = ["a", "A", "a/b", "a.b", "a%b", "a_b", "a-b", "a~b", "__proto__", longest, longest.slice(1)];
    for (const name of names) await store.set(keyOf(name), name);
    for (const name of names) await expectValue(store, keyOf(name), name);
  },
  "writes at the same time all count": async ({ store, keyOf }) => {
    const names = Array.from({ length: 50 }, (_, i) => String(i));
    await Promise.all(names.map((name) => store.set(keyOf(name), name)));
    for (const name of names) await expectValue(store, keyOf(name), name);
  },
  "a value expires after its ttl, and not before": async ({ store, keyOf, ttl, wait }) => {
    await store.set(keyOf("short"), "1", { ttl });
    await store.set(keyOf("long"), "2", { ttl: ttl * 1000 });
    await expectValue(store, keyOf("short"), "1");
    await wait(ttl * 1.5);
    await expectValue(store, keyOf("short"), undefined);
    await expectValue(store, keyOf("long"), "2");
  },
  "set replaces the ttl": async ({ store, keyOf, ttl, wait }) => {
    await store.set(keyOf("forever"), "1", { ttl });
    await store.set(keyOf("forever"), "2");
    await store.set(keyOf("longer"), "1", { ttl });
    await store.set(keyOf("longer"), "2", { ttl: ttl * 1000 });
    await wait(ttl * 1.5);
    await expectValue(store, keyOf("forever"), "2");
    await expectValue(store, keyOf("longer"), "2");
  },
  "compareAndSet, if there is one, creates only what is missing": async ({ store, keyOf, ttl, wait }) => {
    const key = keyOf("key");
    await expectChange(store, { key, expected: undefined, value: "1", ttl }, true);
    await expectChange(store, { key, expected: undefined, value: "2" }, false);
    if (!store.compareAndSet) return;
    await expectValue(store, key, "1");
    await wait(ttl * 1.5);
    await expectValue(store, key, undefined);
    await expectChange(store, { key, expected: "1", value: "2" }, false);
    await expectChange(store, { key, expected: undefined, value: "3" }, true);
    await expectValue(store, key, "3");
  },
  "compareAndSet, if there is one, changes only the expected value": async ({ store, keyOf, ttl, wait }) => {
    const key = keyOf("key");
    await store.set(key, "1", { ttl });
    await expectChange(store, { key, expected: "0", value: "2" }, false);
    await expectChange(store, { key, expected: "1", value: "2" }, true);
    await wait(ttl * 1.5);
    await expectChange(store, { key, expected: "1", value: undefined }, false);
    await expectChange(store, { key, expected: "2", value: undefined }, true);
    if (store.compareAndSet) await expectValue(store, key, undefined);
  },
  "compareAndSet, if there is one, loses no change that others make": async ({ store, keyOf }) => {
    if (!store.compareAndSet) return;
    const key = keyOf("count");
    const increment = async (): Promise<void> => {
      // Each attempt of one writer fails only if another one succeeds.
      for (let attempt = 0; attempt < WRITERS; attempt++) {
        const expected = await store.get(key);
        if (await store.compareAndSet?.(key, { expected, value: String(Number(expected ?? 0) + 1) })) return;
      }
    };
    await Promise.all(Array.from({ length: WRITERS }, increment));
    await expectValue(store, key, String(WRITERS));
  },
};

async function expectValue(store: Store, key: string, expected: string | undefined): Promise<void> {
  expectSame(await store.get(key), expected, `get(${showValue(key)})`);
}

interface ExpectedChange {
  readonly key: string;
  readonly expected: string | undefined;
  readonly value: string | undefined;
  readonly ttl?: number;
}

async function expectChange(store: Store, { key, ...change }: ExpectedChange, isMade: boolean): Promise<void> {
  if (!store.compareAndSet) return;
  const call = `compareAndSet(${showValue(key)}, ${JSON.stringify(change)})`;
  expectSame(await store.compareAndSet(key, change), isMade, call);
}

function expectSame(actual: unknown, expected: unknown, call: string): void {
  if (actual === expected) return;
  throw new Error(`${call} of the store resolves with ${showValue(actual)}, and must with ${showValue(expected)}.`);
}

async function waitFor(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}

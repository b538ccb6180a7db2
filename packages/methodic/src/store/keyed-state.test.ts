import { describe, expect, it, vi } from "vitest";
import type { State, StateOptions } from "../context/state.ts";
import type { MethodicError } from "../errors.ts";
import { createState, type StateArea } from "./keyed-state.ts";
import { memoryStore } from "./memory-store.ts";
import type { Store } from "./store.ts";

let time = 0;
const now = (): number => time;

function openState(changes: Partial<Store> = {}, area: Partial<StateArea> = {}): State {
  const inner = memoryStore({ now });
  const store: Store = {
    get: (key) => inner.get(key),
    set: (key, value, options) => inner.set(key, value, options),
    delete: (key) => inner.delete(key),
    compareAndSet: (key, change) => inner.compareAndSet(key, change),
    ...changes,
  };
  return createState({ member: "ctx.user", store, locate: async (key) => `area/${key}`, ...area });
}

async function errorOf(promise: Promise<unknown>): Promise<Pick<MethodicError, "code" | "message" | "cause">> {
  const error = (await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )) as MethodicError;
  return { code: error.code, message: error.message, cause: error.cause };
}

const BROKEN = new Error("connection refused");
const fail = async (): Promise<never> => {
  throw BROKEN;
};

describe("the state of a session or caller", () => {
  it("returns copies of plain data", async () => {
    const state = openState();
    const cart = { items: ["tea"], note: null, count: 2, done: false };
    await state.set("cart", cart);
    cart.items.push("milk");
    const first = await state.get<typeof cart>("cart");
    expect(first).toEqual({ items: ["tea"], note: null, count: 2, done: false });
    first?.items.push("salt");
    expect(await state.get("cart")).toEqual({ items: ["tea"], note: null, count: 2, done: false });
    await state.delete("cart");
    expect(await state.get("cart")).toBeUndefined();
  });

  it.each([[0], [""], [null], [false], ["null"], [[]]])("keeps %j", async (value) => {
    const state = openState();
    await state.set("key", value);
    expect(await state.get("key")).toEqual(value);
  });

  it("forgets a value after its ttl, in any unit", async () => {
    const state = openState();
    await state.set("short", 1, { ttl: 1500 });
    await state.set("long", 2, { ttl: "60d" });
    time += 1500;
    expect([await state.get("short"), await state.get("long")]).toEqual([undefined, 2]);
    time += 60 * 86_400_000;
    expect(await state.get("long")).toBeUndefined();
  });

  it("expires values no later than its area", async () => {
    const set = vi.fn<Store["set"]>(async () => undefined);
    const state = openState({ set }, { maxTtl: 5000 });
    await state.set("a", 1);
    await state.set("b", 1, {});
    await state.set("c", 1, { ttl: "1s" });
    await state.set("d", 1, { ttl: "1h" });
    expect(set.mock.calls.map(([, , options]) => options?.ttl)).toEqual([5000, 5000, 1000, 5000]);
  });

  it.each<[unknown, string]>([
    [undefined, "the value is undefined. Pass a value, or delete the key."],
    [new Date(0), "the value has an instance of Date, which JSON does not keep. Pass plain data."],
    [{ a: [Number.NaN] }, "the value has NaN at /a/0, which JSON does not keep. Pass plain data."],
    [() => 1, "the value has a function, which JSON does not keep. Pass plain data."],
    ["x".repeat(65_535), "the value has 65537 bytes of JSON, and 64 KB are allowed. Keep a reference to it."],
    ["é".repeat(32_768), "the value has 65538 bytes of JSON, and 64 KB are allowed. Keep a reference to it."],
  ])("refuses a value that is not plain data, or too large", async (value, problem) => {
    const state = openState();
    expect(await errorOf(state.set("key", value))).toMatchObject({
      code: "INVALID_ARGUMENT",
      message: `ctx.user.set("key"): ${problem}`,
    });
    if (value === undefined) return;
    const { message } = await errorOf(state.update("key", () => value));
    expect(message).toBe(`ctx.user.update("key"): ${problem}`);
  });

  it("accepts a value of exactly 64 KB", async () => {
    const state = openState();
    await state.set("key", "x".repeat(65_534));
    expect(await state.get("key")).toHaveLength(65_534);
  });

  it.each<[unknown, string]>([
    ["", '""'],
    [1, "1"],
    [undefined, "undefined"],
    ["k".repeat(257), "257 characters"],
  ])("refuses the key %j", async (key, shown) => {
    const state = openState();
    const fix = "Pass a text of 1 to 256 characters.";
    expect(await errorOf(state.get(key as string))).toMatchObject({
      code: "INVALID_ARGUMENT",
      message: `ctx.user.get: invalid key: ${shown}. ${fix}`,
    });
    for (const promise of [
      state.set(key as string, 1),
      state.delete(key as string),
      state.update(key as string, () => 1),
    ])
      expect((await errorOf(promise)).message).toContain(`invalid key: ${shown}. ${fix}`);
  });

  it.each<[StateOptions, RegExp]>([
    [
      { ttl: 0 },
      /^ctx\.user\.set\("key"\): invalid option 'ttl': 0\. It must be longer than 0: milliseconds, or a string/,
    ],
    [{ ttl: "soon" as never }, /invalid option 'ttl': "soon"/],
    [{ ttl: Number.POSITIVE_INFINITY }, /invalid option 'ttl': Infinity/],
    [{ tll: 1 } as never, /unknown option 'tll'/],
    [5 as never, /Pass an object with ttl/],
  ])("refuses the options %j", async (options, message) => {
    const error = await errorOf(openState().set("key", 1, options));
    expect(error.code).toBe("INVALID_ARGUMENT");
    expect(error.message).toMatch(message);
  });
});

describe("update", () => {
  it("loses no change of parallel calls", async () => {
    const state = openState();
    const counts = await Promise.all(
      Array.from({ length: 200 }, () => state.update("count", (count: number = 0) => count + 1)),
    );
    expect(await state.get("count")).toBe(200);
    expect(counts.sort((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, i) => i + 1));
  });

  it("waits for the function, and rejects as it does without a change", async () => {
    const state = openState();
    await state.update("name", async () => "Ada");
    await expect(state.update("name", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await state.get("name")).toBe("Ada");
  });

  it("deletes the value if the function returns undefined", async () => {
    const state = openState();
    await state.set("name", "Ada");
    expect(await state.update("name", () => undefined)).toBeUndefined();
    expect(await state.get("name")).toBeUndefined();
    expect(await state.update("name", () => undefined)).toBeUndefined();
  });

  it("sets the ttl", async () => {
    const state = openState();
    await state.update("code", () => "1234", { ttl: "5m" });
    time += 300_000;
    expect(await state.get("code")).toBeUndefined();
  });

  it("gives up if other calls change the value each time", async () => {
    vi.spyOn(Math, "random").mockReturnValue(0);
    const state = openState({ compareAndSet: async () => false });
    expect(await errorOf(state.update("count", () => 1))).toMatchObject({
      code: "STORE_FAILED",
      message:
        'ctx.user.update("count"): other calls have changed the value in each of 50 attempts. Keep it in several keys.',
    });
    vi.restoreAllMocks();
  });

  it.each([[1], [undefined], ["OK"]])("does not try again if compareAndSet returns %j", async (result) => {
    const compareAndSet = vi.fn<Required<Store>["compareAndSet"]>(async () => result as never);
    expect(await errorOf(openState({ compareAndSet }).update("count", () => 1))).toMatchObject({
      code: "STORE_FAILED",
      message: `ctx.user.update("count"): compareAndSet of the store returned ${typeof result}, and not true or false.`,
    });
    expect(compareAndSet).toHaveBeenCalledOnce();
  });

  it("names a store without compareAndSet", async () => {
    const { get, set, delete: remove } = memoryStore();
    const store: Store = { get, set, delete: remove };
    const state = createState({
      member: "ctx.session",
      store: { ...store, get: async () => undefined },
      locate: async (key) => key,
    });
    expect(await errorOf(state.update("count", () => 1))).toMatchObject({
      code: "STORE_FAILED",
      message:
        'ctx.session.update("count"): the store has no compareAndSet. Use a store that has it, or get and set where no other call writes.',
    });
  });

  it("refuses anything but a function", async () => {
    expect(await errorOf(openState().update("count", 1 as never))).toMatchObject({
      code: "INVALID_ARGUMENT",
      message: 'ctx.user.update("count"): invalid change: 1. Pass a function that returns the next value.',
    });
  });
});

describe("a store that fails", () => {
  it.each<[string, Partial<Store>, (state: State) => Promise<unknown>]>([
    ["get", { get: fail }, (state) => state.get("key")],
    ["set", { set: fail }, (state) => state.set("key", "secret")],
    ["delete", { delete: fail }, (state) => state.delete("key")],
    ["update", { get: fail }, (state) => state.update("key", () => 1)],
    ["update", { compareAndSet: fail }, (state) => state.update("key", () => "secret")],
  ])("becomes the cause of an error that names the call: %s", async (method, changes, use) => {
    expect(await errorOf(use(openState(changes)))).toEqual({
      code: "STORE_FAILED",
      message: `ctx.user.${method}("key"): the store failed. The error's cause says why.`,
      cause: BROKEN,
    });
  });

  it.each(["set", "update"] as const)("does not show the value in the error of %s", async (method) => {
    const quoteValue = async (_: string, value: unknown): Promise<never> => {
      throw new TypeError(`cannot write ${typeof value === "string" ? value : (value as { value: string }).value}`);
    };
    const state = openState({ set: quoteValue, compareAndSet: quoteValue });
    const error = await errorOf(
      method === "set" ? state.set("key", "topsecret") : state.update("key", () => "topsecret"),
    );
    expect(`${error.message} ${String((error.cause as Error).stack)}`).not.toContain("topsecret");
    expect((error.cause as Error).message).toBe("TypeError, whose message has the value and is not shown");
  });

  it("treats null as missing, as clients of databases return it", async () => {
    expect(await openState({ get: async () => null as never }).get("key")).toBeUndefined();
  });

  it.each<[unknown, string]>([
    [
      "{secret",
      "the store has a text that is not JSON. Delete it, or give the server a store that no other program writes to.",
    ],
    [5, "get of the store returned number, and not a text."],
  ])("names a wrong result, without showing it: %j", async (result, problem) => {
    expect(await errorOf(openState({ get: async () => result as string }).get("key"))).toEqual({
      code: "STORE_FAILED",
      message: `ctx.user.get("key"): ${problem}`,
      cause: undefined,
    });
  });
});

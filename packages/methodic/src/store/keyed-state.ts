import type { State, StateOptions } from "../context/state.ts";
import { MethodicError, reasonOf, toError } from "../errors.ts";
import { checkOptions, type OptionsSpec, showValue } from "../util/check-options.ts";
import { toMilliseconds } from "../util/duration.ts";
import { markHandled } from "../util/handled.ts";
import { mustBe } from "../util/option-checks.ts";
import { writePlainJson } from "../util/plain-json.ts";
import { quote } from "../util/text.ts";
import type { Store, StoreChange } from "./store.ts";

/** The part of a store that belongs to one session or caller. */
export interface StateArea {
  /** The member of the context, for messages. */
  readonly member: "ctx.session" | "ctx.user";
  readonly store: Store;
  /** The time in ms after which every value expires. Default: never. */
  readonly maxTtl?: number;
  /**
   * Returns the key of the store.
   * @throws ToolError if there is no such area for the request
   */
  locate(key: string): Promise<string>;
  /** Called before a value is written. May throw, to prevent it. */
  onWrite?(storeKey: string, ttl: number | undefined): void;
  /** Called after a value was written. */
  onWritten?(storeKey: string): Promise<void>;
  /** Called before a value is deleted. Returns a function to call afterwards. */
  onDelete?(storeKey: string): () => void;
}

const MAX_KEY = 256;
const MAX_VALUE_BYTES = 64 * 1024;
const MAX_ATTEMPTS = 50;
const MAX_PAUSE_MS = 100;
/** The length from which the text of a value is searched for in the errors of the store. */
const MIN_SECRET = 6;

const TTL = 'longer than 0: milliseconds, or a string such as "30s", "2h" or "7d"';
const OPTIONS: OptionsSpec<StateOptions> = { ttl: mustBe(TTL, (value) => (readTtl(value) ?? 0) > 0) };

/** Creates the state of one area. */
export function createState(area: StateArea): State {
  const state = new KeyedState(area);
  // Bound, so that a method can take them apart; a rejection that no code awaits ends no process.
  return {
    get: <T>(key: string) => markHandled(state.get(key) as Promise<T | undefined>),
    set: (key, value, options) => markHandled(state.set(key, value, options)),
    update: (key, change, options) => markHandled(state.update(key, change, options)),
    delete: (key) => markHandled(state.delete(key)),
  };
}

/** A call of a method, for messages and the store. */
interface StateCall {
  /** The call as the author wrote it: `ctx.session.get("cart")`. */
  readonly name: string;
  readonly storeKey: string;
}

class KeyedState {
  readonly #area: StateArea;

  constructor(area: StateArea) {
    this.#area = area;
  }

  async get(key: string): Promise<unknown> {
    const call = await this.#start("get", key);
    const text = await this.#read(call);
    return text === undefined ? undefined : parse(text, call);
  }

  async set(key: string, value: unknown, options?: StateOptions): Promise<void> {
    const call = await this.#start("set", key);
    const ttl = this.#readOptions(call, options);
    const text = toText(value, call);
    if (text === undefined) throw createArgumentError(call, "the value is undefined. Pass a value, or delete the key.");
    this.#area.onWrite?.(call.storeKey, ttl);
    await callStore(call, [text], () => this.#area.store.set(call.storeKey, text, { ttl }));
    await this.#area.onWritten?.(call.storeKey);
  }

  async update<T>(key: string, change: (value: T | undefined) => T | Promise<T>, options?: StateOptions): Promise<T> {
    const call = await this.#start("update", key);
    if (typeof change !== "function")
      throw createArgumentError(
        call,
        `invalid change: ${showValue(change)}. Pass a function that returns the next value.`,
      );
    const ttl = this.#readOptions(call, options);
    for (let attempt = 1; ; attempt++) {
      const expected = await this.#read(call);
      const next = await change(expected === undefined ? undefined : (parse(expected, call) as T));
      const value = toText(next, call);
      if (await this.#replace(call, { expected, value, ttl })) return next;
      if (attempt === MAX_ATTEMPTS) {
        const problem = `other calls have changed the value in each of ${MAX_ATTEMPTS} attempts. Keep it in several keys.`;
        throw new MethodicError("STORE_FAILED", `${call.name}: ${problem}`);
      }
      await pause(attempt);
    }
  }

  async delete(key: string): Promise<void> {
    const call = await this.#start("delete", key);
    const done = this.#area.onDelete?.(call.storeKey);
    await callStore(call, [], () => this.#area.store.delete(call.storeKey));
    done?.();
  }

  async #start(method: string, key: unknown): Promise<StateCall> {
    const { member } = this.#area;
    if (typeof key !== "string" || key === "" || key.length > MAX_KEY) {
      const shown = typeof key === "string" && key !== "" ? `${key.length} characters` : showValue(key);
      const fix = `Pass a text of 1 to ${MAX_KEY} characters.`;
      throw new MethodicError("INVALID_ARGUMENT", `${member}.${method}: invalid key: ${shown}. ${fix}`);
    }
    return { name: `${member}.${method}(${quote(key)})`, storeKey: await this.#area.locate(key) };
  }

  async #read(call: StateCall): Promise<string | undefined> {
    const text: unknown = await callStore(call, [], () => this.#area.store.get(call.storeKey));
    // Clients of databases return null for a missing value.
    if (text === undefined || text === null) return undefined;
    if (typeof text === "string") return text;
    throw new MethodicError("STORE_FAILED", `${call.name}: get of the store returned ${typeof text}, and not a text.`);
  }

  async #replace(call: StateCall, change: StoreChange): Promise<boolean> {
    const { store } = this.#area;
    const { expected = "", value } = change;
    if (!store.compareAndSet) {
      const fix = "Use a store that has it, or get and set where no other call writes.";
      throw new MethodicError("STORE_FAILED", `${call.name}: the store has no compareAndSet. ${fix}`);
    }
    const done = value === undefined ? this.#area.onDelete?.(call.storeKey) : undefined;
    if (value !== undefined) this.#area.onWrite?.(call.storeKey, change.ttl);
    const isDone: unknown = await callStore(call, [expected, value ?? ""], () =>
      store.compareAndSet?.(call.storeKey, change),
    );
    if (value !== undefined) await this.#area.onWritten?.(call.storeKey);
    else if (isDone === true) done?.();
    if (typeof isDone === "boolean") return isDone;
    // Scripts of Redis return 1. Trying again would change the value twice.
    const problem = `compareAndSet of the store returned ${typeof isDone}, and not true or false.`;
    throw new MethodicError("STORE_FAILED", `${call.name}: ${problem}`);
  }

  #readOptions({ name }: StateCall, options: StateOptions | undefined): number | undefined {
    const { maxTtl } = this.#area;
    if (options === undefined) return maxTtl;
    checkOptions(options, OPTIONS, { where: name, code: "INVALID_ARGUMENT" });
    const ttl = options.ttl === undefined ? undefined : readTtl(options.ttl);
    return ttl === undefined || maxTtl === undefined ? (ttl ?? maxTtl) : Math.min(ttl, maxTtl);
  }
}

function readTtl(value: unknown): number | undefined {
  const ms = toMilliseconds(value, Number.MAX_SAFE_INTEGER);
  // Back ends count whole milliseconds.
  return ms === undefined ? undefined : Math.ceil(ms);
}

function toText(value: unknown, call: StateCall): string | undefined {
  const json = writePlainJson(value);
  if (json.problem !== undefined) throw createArgumentError(call, `the value ${json.problem}. Pass plain data.`);
  const { text } = json;
  if (text === undefined || text.length * 3 <= MAX_VALUE_BYTES) return text;
  const bytes = new TextEncoder().encode(text).length;
  if (bytes <= MAX_VALUE_BYTES) return text;
  const limit = `${MAX_VALUE_BYTES / 1024} KB`;
  throw createArgumentError(
    call,
    `the value has ${bytes} bytes of JSON, and ${limit} are allowed. Keep a reference to it.`,
  );
}

function parse(text: string, { name }: StateCall): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // The parser's error quotes the value.
    const fix = "Delete it, or give the server a store that no other program writes to.";
    throw new MethodicError("STORE_FAILED", `${name}: the store has a text that is not JSON. ${fix}`);
  }
}

/** Calls the store. Its error becomes the cause of ours, without the given texts. */
async function callStore<T>({ name }: StateCall, texts: readonly string[], run: () => Promise<T> | T): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const shown = [reasonOf(error), String((error as Partial<Error> | undefined)?.stack)];
    const isSecret = texts.some((text) => text.length >= MIN_SECRET && shown.some((line) => line.includes(text)));
    const cause = isSecret ? new Error(`${toError(error).name}, whose message has the value and is not shown`) : error;
    throw new MethodicError("STORE_FAILED", `${name}: the store failed. The error's cause says why.`, { cause });
  }
}

function createArgumentError({ name }: StateCall, problem: string): MethodicError {
  return new MethodicError("INVALID_ARGUMENT", `${name}: ${problem}`);
}

/** Waits for a random time, so that calls that change the same value do not meet again. */
async function pause(attempt: number): Promise<void> {
  const ms = Math.random() * Math.min(attempt * 5, MAX_PAUSE_MS);
  await new Promise((resolve) => setTimeout(resolve, ms));
}

import { checkOptions, type OptionsSpec } from "../util/check-options.ts";
import { checkFunction, checkPositiveInteger } from "../util/option-checks.ts";
import type { Store, StoreChange, StoreSetOptions } from "./store.ts";

/**
 * Options of {@link memoryStore}. Beyond a limit, the store drops the oldest values of the
 * sessions and callers that have more than others.
 */
export interface MemoryStoreOptions {
  /** Maximum number of values. Default 10,000. */
  readonly maxEntries?: number;
  /** Maximum number of bytes, estimated. Default 64 MiB. */
  readonly maxBytes?: number;
  /** Returns the time in ms since 1970, for tests. Default: the system's clock. */
  readonly now?: () => number;
}

const OPTIONS: OptionsSpec<MemoryStoreOptions> = {
  maxEntries: checkPositiveInteger,
  maxBytes: checkPositiveInteger,
  now: checkFunction,
};

const DEFAULT_MAX_ENTRIES = 10_000;
const DEFAULT_MAX_BYTES = 64 * 1024 * 1024;
const BYTES_PER_CHARACTER = 2;
/** The bytes that an entry takes in addition to its texts. */
const ENTRY_BYTES = 200;

/**
 * Creates a store in the memory of this process, within limits. It is the default of the option
 * `store`, and forgets everything when the process ends.
 *
 * @throws MethodicError `INVALID_ARGUMENT` for an unknown or invalid option
 *
 * @example
 * ```ts
 * import { type Context, createServer, memoryStore, tool } from "methodic";
 *
 * class Counter {
 *   /** Count this call. *\/ @tool() async count(ctx: Context): Promise<number> {
 *     return await ctx.session.update("calls", (calls: number = 0) => calls + 1);
 *   }
 * }
 *
 * const store = memoryStore({ maxEntries: 100_000 });
 * export default createServer({ name: "counter", version: "1.0.0", services: [Counter], store });
 * ```
 */
export function memoryStore(options: MemoryStoreOptions = {}): Required<Store> {
  checkOptions(options, OPTIONS, { where: "memoryStore", code: "INVALID_ARGUMENT" });
  return new MemoryStore(options);
}

interface Entry {
  readonly value: string;
  /** In ms since 1970; infinite if the value does not expire. */
  readonly until: number;
  readonly group: string;
  readonly bytes: number;
}

class MemoryStore implements Store {
  readonly #maxEntries: number;
  readonly #maxBytes: number;
  readonly #now: () => number;
  /** In the order in which they were written. */
  readonly #entries = new Map<string, Entry>();
  readonly #bytesByGroup = new Map<string, number>();
  #bytes = 0;
  /** No value expires before this time. */
  #nextExpiry = Number.POSITIVE_INFINITY;

  constructor({
    maxEntries = DEFAULT_MAX_ENTRIES,
    maxBytes = DEFAULT_MAX_BYTES,
    now = () => Date.now(),
  }: MemoryStoreOptions) {
    this.#maxEntries = maxEntries;
    this.#maxBytes = maxBytes;
    this.#now = now;
  }

  async get(key: string): Promise<string | undefined> {
    return this.#find(key);
  }

  async set(key: string, value: string, options?: StoreSetOptions): Promise<void> {
    this.#write(key, value, options?.ttl);
  }

  async delete(key: string): Promise<void> {
    this.#delete(key);
  }

  async compareAndSet(key: string, { expected, value, ttl }: StoreChange): Promise<boolean> {
    if (this.#find(key) !== expected) return false;
    if (value === undefined) this.#delete(key);
    else this.#write(key, value, ttl);
    return true;
  }

  #find(key: string): string | undefined {
    const entry = this.#entries.get(key);
    if (!entry || entry.until > this.#now()) return entry?.value;
    this.#delete(key);
    return undefined;
  }

  #write(key: string, value: string, ttl = Number.POSITIVE_INFINITY): void {
    const bytes = ENTRY_BYTES + (key.length + value.length) * BYTES_PER_CHARACTER;
    if (bytes > this.#maxBytes)
      throw new RangeError(`The value takes ${bytes} bytes, more than maxBytes of memoryStore: ${this.#maxBytes}.`);
    this.#delete(key);
    this.#makeRoom(bytes);
    const group = key.slice(0, Math.max(key.lastIndexOf("/"), 0));
    const until = this.#now() + ttl;
    this.#entries.set(key, { value, until, group, bytes });
    this.#nextExpiry = Math.min(this.#nextExpiry, until);
    this.#count(group, bytes);
  }

  #makeRoom(bytes: number): void {
    const isFull = (): boolean => this.#entries.size >= this.#maxEntries || this.#bytes + bytes > this.#maxBytes;
    if (!isFull()) return;
    this.#deleteExpired();
    while (isFull()) this.#deleteOldest();
  }

  #deleteExpired(): void {
    const now = this.#now();
    if (this.#nextExpiry > now) return;
    this.#nextExpiry = Number.POSITIVE_INFINITY;
    for (const [key, { until }] of this.#entries) {
      if (until <= now) this.#delete(key);
      else this.#nextExpiry = Math.min(this.#nextExpiry, until);
    }
  }

  /** Deletes the oldest value of the groups that have no less than an equal part. */
  #deleteOldest(): void {
    const equalPart = this.#bytes / this.#bytesByGroup.size;
    for (const [key, { group }] of this.#entries) {
      if ((this.#bytesByGroup.get(group) ?? 0) >= equalPart) return this.#delete(key);
    }
  }

  #delete(key: string): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    this.#entries.delete(key);
    this.#count(entry.group, -entry.bytes);
  }

  #count(group: string, bytes: number): void {
    this.#bytes += bytes;
    const left = (this.#bytesByGroup.get(group) ?? 0) + bytes;
    if (left > 0) this.#bytesByGroup.set(group, left);
    else this.#bytesByGroup.delete(group);
  }
}

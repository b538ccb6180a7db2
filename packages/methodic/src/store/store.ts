/**
 * Keeps texts by key, for all state that a server keeps between calls. Implement it to keep state
 * in Redis, in a database, or on an edge platform; `storeContract` of `methodic/testing` tests the
 * implementation.
 *
 * Keys have 1 to 255 characters: letters, digits, and `_ - . ~ % /`. Upper and lower case differ.
 * The part of a key before its last `/` names its group: all keys of one session or caller. A store
 * never has to list keys.
 *
 * An error of a store may be logged, so its message must not have the value.
 *
 * @example
 * ```ts
 * import type { Store } from "methodic";
 *
 * export class MapStore implements Store {
 *   readonly #entries = new Map<string, { readonly value: string; readonly until: number }>();
 *
 *   async get(key: string): Promise<string | undefined> {
 *     const entry = this.#entries.get(key);
 *     return entry && entry.until > Date.now() ? entry.value : undefined;
 *   }
 *   async set(key: string, value: string, { ttl = Infinity } = {}): Promise<void> {
 *     this.#entries.set(key, { value, until: Date.now() + ttl });
 *   }
 *   async delete(key: string): Promise<void> {
 *     this.#entries.delete(key);
 *   }
 * }
 * ```
 */
export interface Store {
  /** Returns the value of a key; undefined if it has none, or it has expired. */
  get(key: string): Promise<string | undefined>;
  /** Sets the value of a key, and replaces the time at which it expires. */
  set(key: string, value: string, options?: StoreSetOptions): Promise<void>;
  /** Deletes the value of a key, if it has one. */
  delete(key: string): Promise<void>;
  /**
   * Sets or deletes the value of a key if it is the expected one, in one step that no other write
   * can interrupt. Leave it out if the back end has no such step, as Cloudflare KV: then
   * `State.update` rejects.
   * @returns True if the value was the expected one
   */
  compareAndSet?(key: string, change: StoreChange): Promise<boolean>;
}

/** Options of {@link Store.set}. */
export interface StoreSetOptions {
  /** Time in ms after which the value expires, more than 0. Default: never. */
  readonly ttl?: number | undefined;
}

/** A change that {@link Store.compareAndSet} makes. */
export interface StoreChange extends StoreSetOptions {
  /** The value that the key must have; undefined if it must have none. */
  readonly expected: string | undefined;
  /** The next value; undefined deletes the key. */
  readonly value: string | undefined;
}

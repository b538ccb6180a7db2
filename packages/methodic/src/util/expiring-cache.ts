/** Remembers a bounded number of values, each for its time; the one that was not asked for the longest goes first. */
export class ExpiringCache<Value> {
  readonly #max: number;
  // Maps keep the order of insertion: the first is the oldest.
  readonly #entries = new Map<string, { readonly value: Value; readonly until: number }>();

  constructor(max: number) {
    this.#max = max;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: string): Value | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    this.#entries.delete(key);
    if (entry.until <= Date.now()) return undefined;
    this.#entries.set(key, entry);
    return entry.value;
  }

  /** @param until When it ends, in milliseconds since 1970 */
  set(key: string, value: Value, until: number): void {
    this.#entries.delete(key);
    if (until <= Date.now() || this.#max === 0) return;
    this.#entries.set(key, { value, until });
    if (this.#entries.size <= this.#max) return;
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
  }
}

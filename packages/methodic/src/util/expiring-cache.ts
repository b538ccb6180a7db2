/** A bounded cache whose values expire. When it is full, it drops the least recently used value. */
export class ExpiringCache<Value> {
  readonly #max: number;
  // A Map keeps the order of insertion, so its first entry is the least recently used.
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

  /** @param until Time of expiry in ms since 1970 */
  set(key: string, value: Value, until: number): void {
    this.#entries.delete(key);
    if (until <= Date.now() || this.#max === 0) return;
    this.#entries.set(key, { value, until });
    if (this.#entries.size <= this.#max) return;
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
  }
}

/**
 * Counts places, within a maximum for all and a part of it for each key. The key names a caller.
 * Places without a key may belong to different callers, so no part applies to them.
 */
export class Places {
  readonly #max: number;
  readonly #maxPerKey: number;
  readonly #byKey = new Map<string, number>();
  #withoutKey = 0;
  #size = 0;

  /**
   * @param max Maximum number of places
   * @param share The part of the maximum that a single key may take, up to 1
   */
  constructor(max: number = Number.POSITIVE_INFINITY, share = 1) {
    this.#max = max;
    this.#maxPerKey = share < 1 ? Math.max(1, Math.floor(max * share)) : Number.POSITIVE_INFINITY;
  }

  /** The number of places taken. */
  get size(): number {
    return this.#size;
  }

  /** True if the maximum is reached. */
  get isFull(): boolean {
    return this.#size >= this.#max;
  }

  /** The average number of places of a key that has some. */
  get equalPart(): number {
    return this.#size / (this.#byKey.size + (this.#withoutKey > 0 ? 1 : 0));
  }

  /** Returns the number of places that a key has taken. */
  count(key: string): number {
    return key === "" ? this.#withoutKey : (this.#byKey.get(key) ?? 0);
  }

  /** Checks whether a key has used up its part. */
  isShareTaken(key = ""): boolean {
    return key !== "" && this.count(key) >= this.#maxPerKey;
  }

  /** Takes places. Returns false if the maximum or the part of the key is reached. */
  take(key = "", amount = 1): boolean {
    if (this.isFull || this.isShareTaken(key)) return false;
    this.#add(key, amount);
    return true;
  }

  /** Gives back places that were taken. */
  release(key = "", amount = 1): void {
    this.#add(key, -amount);
  }

  #add(key: string, amount: number): void {
    this.#size += amount;
    if (key === "") {
      this.#withoutKey += amount;
      return;
    }
    const count = this.count(key) + amount;
    if (count > 0) this.#byKey.set(key, count);
    else this.#byKey.delete(key);
  }
}

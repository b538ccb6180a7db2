import { Places } from "./places.ts";
import { MAX_DELAY_MS } from "./timers.ts";

/**
 * Counts work in flight by owner: responses of a socket, calls of a session. The count is bounded,
 * as a whole and for all owners with the same key (see {@link Places}), and a closing server can
 * wait until it is zero.
 */
export class InFlight<Owner = unknown> {
  readonly #places: Places;
  /** In the order in which the owners entered. */
  readonly #counts = new Map<Owner, { count: number; readonly key: string }>();
  readonly #waiters = new Set<() => void>();

  /**
   * @param max Maximum count over all owners
   * @param share The part of the maximum that a single key may take, up to 1
   */
  constructor(max?: number, share?: number) {
    this.#places = new Places(max, share);
  }

  get size(): number {
    return this.#places.size;
  }

  /** True if the maximum over all owners is reached. */
  get isFull(): boolean {
    return this.#places.isFull;
  }

  /** Returns the owners of work in flight, each of them once. */
  get owners(): readonly Owner[] {
    return [...this.#counts.keys()];
  }

  /** Returns one owner's part of the count. */
  count(owner: Owner): number {
    return this.#counts.get(owner)?.count ?? 0;
  }

  /** Checks whether a key has used up its share. */
  isShareTaken(key?: string): boolean {
    return this.#places.isShareTaken(key);
  }

  /**
   * Returns the owner that has to leave before one with this key can enter, if owners can be made
   * to leave: the key's own oldest one, if its share is taken; the oldest one of a key that has no
   * less than an equal part, if the maximum is reached. Undefined if there is room.
   */
  findExcess(key = ""): Owner | undefined {
    const { equalPart } = this.#places;
    if (this.isShareTaken(key)) return this.#findOldest((other) => other === key);
    if (!this.isFull) return undefined;
    if (this.#places.count(key) >= equalPart) return this.#findOldest((other) => other === key);
    return this.#findOldest((other) => this.#places.count(other) >= equalPart);
  }

  /** Adds to an owner's count. Returns false if the maximum or the share of its key is reached. */
  enter(owner: Owner, key = "", amount = 1): boolean {
    if (!this.#places.take(key, amount)) return false;
    this.#counts.set(owner, { count: this.count(owner) + amount, key });
    return true;
  }

  /** Subtracts one from an owner's count, unless it is zero. */
  leave(owner: Owner): void {
    this.#take(owner, 1);
  }

  /** Sets an owner's count to zero, because the owner is closed. */
  leaveAll(owner: Owner): void {
    this.#take(owner, Number.POSITIVE_INFINITY);
  }

  /** Resolves when the count is zero, or after a timeout. */
  async drained(timeoutMs: number): Promise<void> {
    if (this.size === 0) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#waiters.delete(done);
        resolve();
      };
      const timer = setTimeout(done, Math.min(timeoutMs, MAX_DELAY_MS));
      this.#waiters.add(done);
    });
  }

  #findOldest(matches: (key: string) => boolean): Owner | undefined {
    for (const [owner, { key }] of this.#counts) if (matches(key)) return owner;
    return undefined;
  }

  #take(owner: Owner, amount: number): void {
    const entry = this.#counts.get(owner);
    if (!entry) return;
    const taken = Math.min(amount, entry.count);
    entry.count -= taken;
    this.#places.release(entry.key, taken);
    if (entry.count === 0) this.#counts.delete(owner);
    if (this.size === 0) for (const done of this.#waiters) done();
  }
}

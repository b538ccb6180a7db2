import { MAX_DELAY_MS } from "./timers.ts";

/** The owners that share a key, in the order in which they entered. */
interface Share<Owner> {
  readonly owners: Set<Owner>;
  size: number;
}

/**
 * Counts work in flight by owner: responses of a socket, calls of a session. The count is bounded,
 * as a whole and for all owners with the same key, and a closing server can wait until it is zero.
 * The key names a caller. Owners without a key may be different callers, so no share applies to
 * them.
 */
export class InFlight<Owner = unknown> {
  readonly #max: number;
  readonly #maxPerKey: number;
  readonly #counts = new Map<Owner, { count: number; readonly key: string }>();
  readonly #shares = new Map<string, Share<Owner>>();
  readonly #waiters = new Set<() => void>();
  #size = 0;

  /**
   * @param max Maximum count over all owners
   * @param share The part of the maximum that a single key may take, up to 1
   */
  constructor(max: number = Number.POSITIVE_INFINITY, share = 1) {
    this.#max = max;
    this.#maxPerKey = share < 1 ? Math.max(1, Math.floor(max * share)) : Number.POSITIVE_INFINITY;
  }

  get size(): number {
    return this.#size;
  }

  /** True if the maximum over all owners is reached. */
  get isFull(): boolean {
    return this.#size >= this.#max;
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
  isShareTaken(key = ""): boolean {
    return key !== "" && (this.#shares.get(key)?.size ?? 0) >= this.#maxPerKey;
  }

  /**
   * Returns the owner that has to leave before one with this key can enter, if owners can be made
   * to leave: the key's own oldest one, if its share is taken; the oldest one of a key that has no
   * less than an equal part, if the maximum is reached. Undefined if there is room.
   */
  findExcess(key = ""): Owner | undefined {
    const own = this.#shares.get(key);
    if (own && this.isShareTaken(key)) return own.owners.values().next().value;
    if (!this.isFull) return undefined;
    const equalPart = this.#size / this.#shares.size;
    const shares = own ? [own, ...this.#shares.values()] : this.#shares.values();
    for (const { owners, size } of shares) if (size >= equalPart) return owners.values().next().value;
    return undefined;
  }

  /** Adds to an owner's count. Returns false if the maximum or the share of its key is reached. */
  enter(owner: Owner, key = "", amount = 1): boolean {
    if (this.isFull || this.isShareTaken(key)) return false;
    const share = this.#shares.get(key) ?? { owners: new Set(), size: 0 };
    share.owners.add(owner);
    share.size += amount;
    this.#shares.set(key, share);
    this.#counts.set(owner, { count: this.count(owner) + amount, key });
    this.#size += amount;
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
    if (this.#size === 0) return;
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

  #take(owner: Owner, amount: number): void {
    const entry = this.#counts.get(owner);
    if (!entry) return;
    const taken = Math.min(amount, entry.count);
    entry.count -= taken;
    this.#size -= taken;
    const share = this.#shares.get(entry.key);
    if (share) share.size -= taken;
    if (entry.count === 0) {
      this.#counts.delete(owner);
      share?.owners.delete(owner);
      if (share?.owners.size === 0) this.#shares.delete(entry.key);
    }
    if (this.#size === 0) for (const done of this.#waiters) done();
  }
}

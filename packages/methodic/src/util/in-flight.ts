import { MAX_DELAY_MS } from "./timers.ts";

/**
 * Counts work in flight by owner: responses of a socket, calls of a session. The count is bounded,
 * and a closing server can wait until it is zero.
 */
export class InFlight<Owner = unknown> {
  readonly #max: number;
  readonly #counts = new Map<Owner, number>();
  readonly #waiters = new Set<() => void>();
  #size = 0;

  /** @param max Maximum count over all owners */
  constructor(max: number = Number.POSITIVE_INFINITY) {
    this.#max = max;
  }

  get size(): number {
    return this.#size;
  }

  /** Returns the owners of work in flight, each of them once. */
  get owners(): readonly Owner[] {
    return [...this.#counts.keys()];
  }

  /** Returns one owner's share of the count. */
  count(owner: Owner): number {
    return this.#counts.get(owner) ?? 0;
  }

  /** Adds one to an owner's count. Returns false if the maximum is reached. */
  enter(owner: Owner): boolean {
    if (this.#size >= this.#max) return false;
    this.#counts.set(owner, this.count(owner) + 1);
    this.#size++;
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
    const count = this.count(owner);
    const left = Math.max(count - amount, 0);
    if (left > 0) this.#counts.set(owner, left);
    else this.#counts.delete(owner);
    this.#size -= count - left;
    if (this.#size === 0) for (const done of this.#waiters) done();
  }
}

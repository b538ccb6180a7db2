/** Random choices that a seed determines (mulberry32). */
export class Random {
  #state;

  constructor(...seeds) {
    this.#state = seeds.reduce((state, seed) => Math.imul(state ^ (seed + 0x9e3779b9), 0x85ebca6b) >>> 0, 1);
  }

  /** A number from 0 up to, but not including, 1. */
  next() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number below a limit. */
  below(limit) {
    return Math.floor(this.next() * limit);
  }

  /** Returns true with a probability. */
  chance(probability) {
    return this.next() < probability;
  }

  /** One of several values. */
  of(values) {
    return values[this.below(values.length)];
  }

  /** One of several functions' results; each function is preceded by its weight. */
  weighted(choices) {
    let left = this.next() * choices.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, create] of choices) if ((left -= weight) < 0) return create();
    return choices.at(-1)[1]();
  }
}

import * as fc from "fast-check";

/** An endless sequence of choices that depends on its seed alone. */
export class Choices {
  readonly #numbers: Iterator<number>;

  constructor(seed: number) {
    const [numbers] = fc.sample(fc.infiniteStream(fc.nat({ max: 0x3fff_ffff })), { seed, numRuns: 1 });
    if (!numbers) throw new Error("fast-check made no stream.");
    this.#numbers = numbers;
  }

  /** Returns a whole number from 0 to `limit`, exclusive. */
  below(limit: number): number {
    return (this.#numbers.next().value as number) % limit;
  }

  /** Returns true in `percent` of 100 cases. */
  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  pick<T>(list: readonly T[]): T {
    const picked = list[this.below(list.length)];
    if (picked === undefined) throw new Error("There is nothing to choose from.");
    return picked;
  }

  /** Returns some items of a list in their order: at least `min`, at most `max`. */
  some<T>(list: readonly T[], min: number, max: number = list.length): T[] {
    const count = min + this.below(Math.min(max, list.length) - min + 1);
    const left = list.map((_, index) => index);
    while (left.length > count) left.splice(this.below(left.length), 1);
    return left.map((index) => list[index] as T);
  }
}

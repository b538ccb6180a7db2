/**
 * Marks an object as created by code. JSON cannot carry a symbol, so data that a method passes on
 * is never mistaken for a marked object. A spread copy keeps the mark, and other copies of this
 * package recognize it.
 */
export function mark<T extends object>(object: T, as: string): T {
  return { ...object, [Symbol.for(`methodic.${as}`)]: true };
}

/** Checks for an object that {@link mark} returned for the same word, or a copy of it. */
export function isMarked(value: unknown, as: string): boolean {
  return typeof value === "object" && value !== null && Symbol.for(`methodic.${as}`) in value;
}

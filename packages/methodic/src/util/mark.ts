/** Creates the key of a mark. All copies of this package share the keys of the same words. */
export function markKey(word: string): symbol {
  return Symbol.for(`methodic.${word}`);
}

/**
 * Marks an object as created by code. JSON cannot carry a symbol, so data that a method passes on
 * is never mistaken for a marked object. A spread copy keeps the mark.
 */
export function mark<T extends object>(object: T, key: symbol): T {
  return { ...object, [key]: true };
}

/** Checks for an object that {@link mark} returned for the same key, or a copy of it. */
export function isMarked(value: unknown, key: symbol): boolean {
  return typeof value === "object" && value !== null && key in value;
}

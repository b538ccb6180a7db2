/** Checks whether a value is an object, but not an array. Its properties can hold anything. */
export function isRecord(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

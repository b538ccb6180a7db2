/** A JSON value. */
export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

export function isObject<T>(value: T | T[] | { [name: string]: T }): value is { [name: string]: T } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

import type { JsonSchema, JsonValue } from "../format.ts";

/**
 * Returns the length of a schema's JSON. A part that is one object in memory is written at each of
 * its places, so the text may be far longer than the schema.
 */
export function writtenSize(schema: JsonSchema): number {
  const known = new Map<JsonValue, number>();
  const sizeOf = (value: JsonValue): number => {
    if (typeof value !== "object" || value === null) return JSON.stringify(value).length;
    let size = known.get(value);
    if (size === undefined) {
      // Two brackets, and a comma between two parts.
      const parts = Array.isArray(value)
        ? value.map((item: JsonValue) => sizeOf(item))
        : Object.entries(value).map(([key, item]) => JSON.stringify(key).length + 1 + sizeOf(item));
      size = 2 + Math.max(0, parts.length - 1) + parts.reduce((sum, part) => sum + part, 0);
      known.set(value, size);
    }
    return size;
  };
  return sizeOf(schema);
}

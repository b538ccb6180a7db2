import type { JsonValue } from "../manifest/format.ts";

/** What a log notification carries: the message alone, or `{ message, data }`. */
export function toLogData(message: string, data: unknown): JsonValue {
  const text = toText(message);
  if (data === undefined) return text;
  try {
    // Taken apart now: the object may change before it is sent, and what JSON cannot carry must not break the transport.
    return { message: text, data: JSON.parse(JSON.stringify(data, writeValue)) as JsonValue };
  } catch (error) {
    return {
      message: text,
      data: `(not JSON: ${toText((error as { readonly message?: unknown } | undefined)?.message)})`,
    };
  }
}

/** The values that results may hold, too, written as there; but nobody reads bytes in a log. */
function writeValue(this: Readonly<Record<string, unknown>>, key: string, value: unknown): unknown {
  const given = this[key];
  if (given instanceof Uint8Array) return `(${given.length} bytes)`;
  if (given instanceof Map) return Object.fromEntries(given);
  if (given instanceof Set) return [...given];
  return typeof value === "bigint" ? String(value) : value;
}

/** The type says string, but what is logged where something went wrong can be anything. */
function toText(message: unknown): string {
  try {
    return String(message);
  } catch {
    return "(not text)";
  }
}

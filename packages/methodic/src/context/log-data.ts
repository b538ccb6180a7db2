import type { JsonValue } from "../manifest/format.ts";

/** What a log notification carries: the message alone, or `{ message, data }`. */
export function toLogData(message: string, data: JsonValue | undefined): JsonValue {
  if (data === undefined) return String(message);
  try {
    // Taken apart now: the object may change before it is sent, and what JSON cannot carry must not break the transport.
    return { message: String(message), data: JSON.parse(JSON.stringify(data)) as JsonValue };
  } catch (error) {
    return { message: String(message), data: `(not JSON: ${error instanceof Error ? error.message : "unknown"})` };
  }
}

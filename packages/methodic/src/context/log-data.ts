import type { JsonValue } from "../manifest/format.ts";

/** What a log notification carries: the message alone, or `{ message, data }`. */
export function toLogData(message: string, data: JsonValue | undefined): JsonValue {
  const text = toText(message);
  if (data === undefined) return text;
  try {
    // Taken apart now: the object may change before it is sent, and what JSON cannot carry must not break the transport.
    return { message: text, data: JSON.parse(JSON.stringify(data)) as JsonValue };
  } catch (error) {
    return {
      message: text,
      data: `(not JSON: ${toText((error as { readonly message?: unknown } | undefined)?.message)})`,
    };
  }
}

/** The type says string, but what is logged where something went wrong can be anything. */
function toText(message: unknown): string {
  try {
    return String(message);
  } catch {
    return "(not text)";
  }
}

import type { JsonValue } from "../manifest/format.ts";
import { markAllHandled } from "../util/handled.ts";
import type { Logger, LogLevel } from "./context.ts";

/** The severities in order, least severe first. */
export const LOG_LEVELS: readonly LogLevel[] = [
  "debug",
  "info",
  "notice",
  "warning",
  "error",
  "critical",
  "alert",
  "emergency",
];

/** Creates the logger of one call. */
export function createLogger(send: (level: LogLevel, data: JsonValue) => void): Logger {
  const write = (level: LogLevel, message: string, data: unknown): void => {
    markAllHandled(data);
    send(level, toLogData(message, data));
  };
  return Object.fromEntries(
    LOG_LEVELS.map((level) => [level, (message: string, data?: unknown): void => write(level, message, data)]),
  ) as Logger;
}

/** Creates the data of a log notification: the message, or `{ message, data }`. */
function toLogData(message: string, data: unknown): JsonValue {
  const text = toText(message);
  if (data === undefined) return text;
  try {
    // Copied now, because the object may change before it is sent. A value without JSON form must
    // not break the transport.
    return { message: text, data: JSON.parse(JSON.stringify(data, replaceValue)) as JsonValue };
  } catch (error) {
    const reason = (error as { readonly message?: unknown } | undefined)?.message;
    return { message: text, data: `(not JSON: ${toText(reason)})` };
  }
}

/**
 * A `JSON.stringify` replacer: values that results may hold are written as there, but bytes are
 * only counted.
 */
function replaceValue(this: Readonly<Record<string, unknown>>, key: string, value: unknown): unknown {
  const original = this[key];
  if (original instanceof Uint8Array) return `(${original.length} bytes)`;
  if (original instanceof Map) return Object.fromEntries(original);
  if (original instanceof Set) return [...original];
  return typeof value === "bigint" ? String(value) : value;
}

/**
 * Converts a message to text. Its type is string, but code that logs an error may pass anything.
 */
export function toText(message: unknown): string {
  try {
    return String(message);
  } catch {
    return "(not text)";
  }
}

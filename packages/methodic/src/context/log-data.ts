import { reasonOf } from "../errors.ts";
import type { JsonValue } from "../manifest/format.ts";
import type { LogFields } from "../util/log.ts";
import { explainThrown } from "../util/thrown.ts";

/** Names that data must not replace in an entry: those of the call, and those of loggers. */
const RESERVED = ["tool", "resource", "prompt", "requestId", "subject", "level", "message", "msg", "time"];

/** Stands for a value with a getter or proxy that throws. */
const UNREADABLE = "(not readable)";

/** Returns the fields of an entry; data that is not an object is one field. Never throws. */
export function toFields(data: unknown): LogFields {
  if (data === undefined) return {};
  try {
    if (data instanceof Error) return { err: data };
    const isFields = isPlainObject(data) && !RESERVED.some((name) => Object.hasOwn(data, name));
    // Copied here, where a getter may throw.
    return isFields ? { ...data } : { data };
  } catch {
    return { data: UNREADABLE };
  }
}

function isPlainObject(value: unknown): value is LogFields {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Creates the data of a log notification: the message, or `{ message, data }`. */
export function toLogData(message: string, data: unknown): JsonValue {
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

/** Writes fields as JSON, for a line. A field without JSON form does not affect the others. */
export function toLogJson(fields: LogFields): string {
  const entries = Object.entries(fields).map(([name, value]) => [name, copyField(value)] as const);
  return JSON.stringify(Object.fromEntries(entries));
}

function copyField(field: unknown): unknown {
  try {
    const text = JSON.stringify([field], function (this: LogFields, key, value: unknown) {
      return value instanceof Error ? explainThrown(value) : replaceValue.call(this, key, value);
    });
    return (JSON.parse(text) as readonly unknown[])[0];
  } catch (error) {
    return `(not JSON: ${reasonOf(error)})`;
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

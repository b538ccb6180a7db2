import { markAllHandled } from "../util/handled.ts";
import { MAX_STRING_LENGTH } from "../util/text.ts";
import { isA, ResultTooLargeError } from "./failures.ts";

// Room for the JSON-RPC message around a result.
const MAX_LENGTH = MAX_STRING_LENGTH - 4096;

/**
 * Converts what a method returned to the result that is sent.
 * @throws ResultTooLargeError if no transport could write the result
 */
export async function convertResult<T>(value: unknown, convert: () => T | Promise<T>): Promise<T> {
  try {
    const result = await convert();
    if (lengthOf(result, guessLength) > MAX_LENGTH && lengthOf(result, measureLength) > MAX_LENGTH)
      throw new ResultTooLargeError();
    return result;
  } catch (error) {
    // Promises inside the value are refused with it.
    markAllHandled(value);
    throw isA(RangeError, error) ? new ResultTooLargeError({ cause: error }) : error;
  }
}

interface Fields {
  readonly [key: string]: unknown;
}

/** Computes the length of a result's JSON, from a length for each text, number, and key. */
function lengthOf(value: unknown, measure: (scalar: unknown) => number): number {
  if (typeof value !== "object" || value === null) return measure(value);
  let length = 2;
  if (Array.isArray(value)) for (const item of value) length += lengthOf(item, measure) + 1;
  // Faster than Object.keys, and results are plain objects.
  else for (const key in value) length += measure(key) + lengthOf((value as Fields)[key], measure) + 2;
  return length;
}

/** Returns an upper bound at once: an escaped character takes six. */
function guessLength(scalar: unknown): number {
  return typeof scalar === "string" ? 6 * scalar.length + 2 : 30;
}

/** Measures text without writing its JSON, which takes ten times as long. */
function measureLength(scalar: unknown): number {
  if (typeof scalar !== "string") return String(scalar).length;
  let length = scalar.length + 2;
  for (let i = 0; i < scalar.length; i++) {
    // oxlint-disable-next-line unicorn/prefer-code-point -- JSON escapes halves of pairs
    const code = scalar.charCodeAt(i);
    if (code === 0x22 || code === 0x5c) length += 1;
    else if (code < 0x20 || (code >= 0xd800 && code <= 0xdfff)) length += 5;
  }
  return length;
}

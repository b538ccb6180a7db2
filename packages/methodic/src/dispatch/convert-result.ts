import { markAllHandled } from "../util/handled.ts";
import { isA, ResultTooLargeError } from "./failures.ts";

// The longest string of V8. Other engines allow longer ones.
const MAX_CHARACTERS = 2 ** 29 - 24;
// The JSON-RPC message around a result.
const MESSAGE_CHARACTERS = 4096;

/**
 * Converts what a method returned to the result that is sent.
 * @throws ResultTooLargeError if no transport could write the result
 */
export async function convertResult<T>(value: unknown, convert: () => T | Promise<T>): Promise<T> {
  try {
    const result = await convert();
    if (boundOf(result) > MAX_CHARACTERS && JSON.stringify(result).length > MAX_CHARACTERS - MESSAGE_CHARACTERS)
      throw new ResultTooLargeError();
    return result;
  } catch (error) {
    // Promises inside the value are refused with it.
    markAllHandled(value);
    throw isA(RangeError, error) ? new ResultTooLargeError({ cause: error }) : error;
  }
}

/** Computes an upper bound of the length of a result's JSON: an escaped character takes six. */
function boundOf(value: unknown): number {
  if (typeof value === "string") return 6 * value.length + 4;
  if (typeof value !== "object" || value === null) return 30;
  let bound = 4;
  if (Array.isArray(value)) for (const item of value) bound += boundOf(item);
  else
    for (const key of Object.keys(value))
      bound += 6 * key.length + 4 + boundOf((value as Record<string, unknown>)[key]);
  return bound;
}

import type { InputRequiredResult as SdkInputRequiredResult } from "@modelcontextprotocol/server";
import type { InputRequiredResult } from "../dispatch/invoke.ts";
import type { JsonValue } from "../manifest/format.ts";

/**
 * A type of this package as the SDK declares it: without `readonly` at any depth, and with
 * `unknown` for JSON.
 */
export type Mutable<T> = [JsonValue] extends [T] ? unknown : MutableObject<T>;

type MutableObject<T> = T extends InputRequiredResult
  ? SdkInputRequiredResult
  : T extends object
    ? string extends keyof T
      ? { [key: string]: unknown } & (T extends { type: "object" } ? { type: "object" } : object)
      : { -readonly [Key in keyof T]: Mutable<T[Key]> }
    : T;

/**
 * Casts a value to the SDK's types, which are mutable throughout. The SDK does not write to the
 * values that it is given.
 */
export function toMutable<T>(value: T): Mutable<T> {
  return value as Mutable<T>;
}

import { MethodicError } from "../errors.ts";
import { showValue } from "../util/check-options.ts";

declare const TYPE: unique symbol;

/** Stands for a value of type `T` that a server provides; created by {@link token}. */
export interface Token<T> {
  /** The name, for messages. */
  readonly name: string;
  /** Holds the type alone; the property does not exist. */
  readonly [TYPE]?: T;
}

/** The name of a value that a server provides: its class, or a token. */
export type ServiceKey<T> = Token<T> | (abstract new (...args: never[]) => T);

const TOKEN: unique symbol = Symbol.for("methodic.token");

/**
 * Creates a token, which names a value in `providers` where no class can, such as an implementation
 * of an interface. Give it the name of the interface, so that one import brings both.
 * @param name The name, for messages
 * @throws MethodicError `INVALID_ARGUMENT` if the name is not a non-empty string
 *
 * @example
 * ```ts
 * import { token } from "methodic";
 *
 * export interface Clock {
 *   now(): Date;
 * }
 * export const Clock = token<Clock>("Clock");
 *
 * export const systemClock = { provide: Clock, useValue: { now: () => new Date() } };
 * ```
 */
export function token<T>(name: string): Token<T> {
  if (typeof name !== "string" || name.trim() === "") {
    throw new MethodicError(
      "INVALID_ARGUMENT",
      `token: invalid name: ${showValue(name)}. Pass the name of the type: token<Clock>("Clock").`,
    );
  }
  return Object.freeze(Object.defineProperty({ name }, TOKEN, { value: true }));
}

/** Checks whether a value is a token of any copy of this package. */
export function isToken(value: unknown): value is Token<unknown> {
  return typeof value === "object" && value !== null && TOKEN in value;
}

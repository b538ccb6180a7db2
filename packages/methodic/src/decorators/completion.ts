import type { Context } from "../context/context.ts";
import { MethodicError } from "../errors.ts";
import { showValue } from "../util/check-options.ts";
import { markMethod, type MethodContext } from "./mark.ts";

/** Values for an argument, as a completion method returns them without further filtering. */
export interface CompletionResult {
  /** Sent as they are; clients receive at most 100. */
  readonly values: readonly string[];
  /** The number of all values, if there are more than these. */
  readonly total?: number | undefined;
  /** True if there are more values than these. */
  readonly hasMore?: boolean | undefined;
}

type Offered = readonly string[] | CompletionResult | Promise<readonly string[] | CompletionResult>;

/**
 * A method that completes an argument. It takes the text typed so far, optionally the arguments
 * chosen before, and a `Context` at any position.
 */
type CompletionMethod =
  | ((this: never, typed: string, ...others: never[]) => Offered)
  | ((this: never, ...args: [context: Context, typed: string, ...others: never[]]) => Offered);

/** The decorator of a completion method, for both dialects. */
export interface CompletionDecorator {
  <M extends CompletionMethod>(method: M, context: MethodContext): void;
  <M extends CompletionMethod>(
    target: object,
    propertyKey: string | symbol,
    descriptor: TypedPropertyDescriptor<M>,
  ): void;
}

/**
 * Makes a method offer values for an argument of a prompt or a variable of a resource template. It
 * gets the text typed so far and, if it takes them, the arguments chosen before and a `Context`.
 *
 * An array that it returns holds all candidates, or those that fit: clients get the ones that start
 * with the text. `{ values, total, hasMore }` is sent as it is.
 *
 * @param of The public name of a prompt or template, the template's URI, or the name of the method
 * @param argument The name of the argument or variable
 * @throws MethodicError `INVALID_DECORATOR_OPTIONS` or `INVALID_DECORATOR_TARGET`
 *
 * @example
 * ```ts
 * import { completion, prompt } from "methodic";
 *
 * class Travel {
 *   /** Plan a trip. *\/ @prompt() plan(city: string): string {
 *     return `Plan a day in ${city}.`;
 *   }
 *
 *   @completion("plan", "city") cities(): string[] {
 *     return ["Lima", "Lisbon", "Oslo"];
 *   }
 * }
 * ```
 */
export function completion(of: string, argument: string): CompletionDecorator {
  for (const given of [of, argument] as readonly unknown[]) {
    if (typeof given === "string" && given !== "") continue;
    throw new MethodicError(
      "INVALID_DECORATOR_OPTIONS",
      `@completion: invalid name: ${showValue(given)}. Write @completion("prompt or template", "argument").`,
    );
  }
  return (...args: readonly unknown[]): void => markMethod({ kind: "completion", of, argument }, args);
}

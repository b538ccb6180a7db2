import type { PromptOptions } from "./definition.ts";
import { markMethod, type Method, type MethodContext } from "./mark.ts";
import { readArgument } from "./options.ts";
import { type ComponentDecorator, componentDecorator, isDecoratorCall } from "./tool.ts";

/**
 * Publishes a method as an MCP prompt. The parameters are the prompt's arguments, and the return
 * value is its messages; a string is one user message. Write it as `@prompt`, `@prompt()`,
 * `@prompt("public_name")` or `@prompt({ … })`.
 *
 * @example
 * ```ts
 * import { prompt } from "methodic";
 *
 * class Writing {
 *   /** Review a text. @param text The text *\/ @prompt() review(text: string): string {
 *     return `Please review this text: ${text}`;
 *   }
 * }
 * ```
 */
export function prompt(method: Method, context: MethodContext): void;
export function prompt(target: object, propertyKey: string | symbol, descriptor: PropertyDescriptor): void;
export function prompt(options?: string | PromptOptions): ComponentDecorator;
export function prompt(...args: readonly unknown[]): ComponentDecorator | void {
  if (isDecoratorCall(args)) return markMethod({ kind: "prompt", options: {} }, args);
  return componentDecorator({ kind: "prompt", options: readArgument("prompt", args[0]) });
}

import type { PromptOptions } from "./definition.ts";
import { markMethod, type Method, type MethodContext } from "./mark.ts";
import { type ComponentDecorator, componentDecorator, isDecoratorCall, readOptions } from "./tool.ts";

/**
 * Publishes a method as an MCP prompt: its parameters are the prompt's arguments, and what it returns are the messages
 * (a string is one message of the user).
 * Write it as `@prompt`, `@prompt()`, `@prompt("public_name")` or `@prompt({ … })`.
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
  return componentDecorator({ kind: "prompt", options: readOptions("prompt", args[0]) });
}

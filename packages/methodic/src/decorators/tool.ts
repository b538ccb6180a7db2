import type { ComponentDefinition, ToolOptions } from "./definition.ts";
import { markMethod, type Method } from "./mark.ts";

/** A method decorator that works in both dialects: TC39 standard decorators and TypeScript's `experimentalDecorators`. */
export interface ComponentDecorator {
  (method: Method, context: ClassMethodDecoratorContext): void;
  (target: object, propertyKey: string | symbol, descriptor: PropertyDescriptor): void;
}

/** Makes the decorator that marks a method with this definition. */
export function componentDecorator(definition: ComponentDefinition): ComponentDecorator {
  return (...args: readonly unknown[]): void => markMethod(definition, args);
}

/**
 * Publishes a method as an MCP tool: its parameters are the input, its JSDoc text the description, its result what the model reads.
 * Write it as `@tool`, `@tool()`, `@tool("public_name")` or `@tool({ … })`.
 *
 * @example
 * ```ts
 * import { tool } from "methodic";
 *
 * class Calculator {
 *   /** Add two numbers. *\/ @tool() add(a: number, b: number): number {
 *     return a + b;
 *   }
 * }
 * ```
 */
export function tool(method: Method, context: ClassMethodDecoratorContext): void;
export function tool(target: object, propertyKey: string | symbol, descriptor: PropertyDescriptor): void;
export function tool(options?: string | ToolOptions): ComponentDecorator;
export function tool(...args: readonly unknown[]): ComponentDecorator | void {
  if (isDecoratorCall(args)) return markMethod({ kind: "tool", options: {} }, args);
  return componentDecorator({ kind: "tool", options: readOptions("tool", args[0]) });
}

/** Whether a decorator function was applied to a member directly (`@tool`), not called with options (`@tool()`). */
export function isDecoratorCall(args: readonly unknown[]): boolean {
  return args.length > 1;
}

/** Reads what stands between a decorator's parentheses: nothing, a public name, or an options object. */
export function readOptions(decorator: string, given: unknown): Readonly<Record<string, unknown>> {
  if (given === undefined) return {};
  if (typeof given === "string") return { name: given };
  if (typeof given === "object" && given !== null && !Array.isArray(given)) return { ...given };
  throw new TypeError(
    `@${decorator}(a value of type ${typeof given}): expected nothing, a public name, or an options object. Write @${decorator}({ name: "…" }).`,
  );
}

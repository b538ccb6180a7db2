import type { Context } from "../context/context.ts";
import type { ComponentDefinition, StandardSchema, ToolOptions } from "./definition.ts";
import { markMethod, type Method, type MethodContext } from "./mark.ts";

/** A method decorator that works in both dialects: TC39 standard decorators and TypeScript's `experimentalDecorators`. */
export interface ComponentDecorator {
  (method: Method, context: MethodContext): void;
  (target: object, propertyKey: string | symbol, descriptor: PropertyDescriptor): void;
}

/** What a method gets for a schema. */
type Parsed<S extends StandardSchema> = NonNullable<S["~standard"]["types"]>["output"];
/** What a method may return for a schema: what the schema takes, or a whole result made with `toolResult`. */
type Returned<S extends StandardSchema> =
  | NonNullable<S["~standard"]["types"]>["input"]
  | { readonly content: unknown; readonly isError?: boolean };

/** A method that takes the whole input, and a `Context` before or after it. */
type InputMethod<Input, Output> =
  | ((this: never, input: Input, context: Context) => Output | Promise<Output>)
  | ((this: never, context: Context, input: Input) => Output | Promise<Output>);
/** A method of which only the result is known. */
type OutputMethod<Output> = (this: never, ...args: never[]) => Output | Promise<Output>;

/** A {@link ComponentDecorator} that checks what the method takes and returns against the schemas it was given. */
export interface SchemaDecorator<Expected extends Method> {
  <M extends Expected>(method: M, context: MethodContext): void;
  <M extends Expected>(target: object, propertyKey: string | symbol, descriptor: TypedPropertyDescriptor<M>): void;
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
export function tool(method: Method, context: MethodContext): void;
export function tool(target: object, propertyKey: string | symbol, descriptor: PropertyDescriptor): void;
export function tool<I extends StandardSchema, O extends StandardSchema>(
  options: Omit<ToolOptions, "inputSchema" | "outputSchema"> & { readonly inputSchema: I; readonly outputSchema: O },
): SchemaDecorator<InputMethod<Parsed<I>, Returned<O>>>;
export function tool<I extends StandardSchema>(
  options: Omit<ToolOptions, "inputSchema"> & { readonly inputSchema: I },
): SchemaDecorator<InputMethod<Parsed<I>, unknown>>;
export function tool<O extends StandardSchema>(
  options: Omit<ToolOptions, "outputSchema"> & { readonly outputSchema: O },
): SchemaDecorator<OutputMethod<Returned<O>>>;
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

import type { Context } from "../context/context.ts";
import type { Progress } from "../context/progress.ts";
import type { ComponentDefinition, StandardSchema, ToolOptions } from "./definition.ts";
import { markMethod, type Method, type MethodContext } from "./mark.ts";
import { readArgument } from "./options.ts";

/**
 * A method decorator for both dialects: TC39 standard decorators and TypeScript's
 * `experimentalDecorators`.
 */
export interface ComponentDecorator {
  (method: Method, context: MethodContext): void;
  (target: object, propertyKey: string | symbol, descriptor: PropertyDescriptor): void;
}

/** The type of the input that a method receives: the schema's output. */
export type Parsed<S extends StandardSchema> = NonNullable<S["~standard"]["types"]>["output"];

/** The type that a method returns: the schema's input, or a whole result. */
export type Returned<S extends StandardSchema> = NonNullable<S["~standard"]["types"]>["input"] | WholeResult;

/** A result made with `toolResult`. */
type WholeResult = { readonly content: unknown; readonly isError?: boolean };

/** A return value of a method with a result of type `Output`, which may be a generator. */
export type Result<Output> =
  | Output
  | Promise<Output>
  | AsyncGenerator<string | Progress, Output, undefined>
  | Generator<string | Progress, Output, undefined>;

/** A method that takes the whole input, and a `Context` before or after it. */
type InputMethod<Input, Output> =
  | ((this: never, input: Input, context: Context) => Result<Output>)
  | ((this: never, context: Context, input: Input) => Result<Output>);
/** A method with a known result and any parameters. */
type OutputMethod<Output> = (this: never, ...args: never[]) => Result<Output>;

/**
 * A {@link ComponentDecorator} that type-checks the method's parameters and result against its
 * options.
 */
export interface SchemaDecorator<Expected extends Method> {
  <M extends Expected>(method: M, context: MethodContext): void;
  <M extends Expected>(target: object, propertyKey: string | symbol, descriptor: TypedPropertyDescriptor<M>): void;
}

/** Creates the decorator that marks a method with this definition. */
export function componentDecorator(definition: ComponentDefinition): ComponentDecorator {
  return (...args: readonly unknown[]): void => markMethod(definition, args);
}

/**
 * Publishes a method as an MCP tool. The parameters are the input, the JSDoc text is the
 * description, and the model reads the result. Write it as `@tool`, `@tool()`,
 * `@tool("public_name")` or `@tool({ … })`.
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
export function tool<V>(
  options: Omit<ToolOptions, "render"> & { readonly render: (value: V) => string },
): SchemaDecorator<OutputMethod<V | WholeResult>>;
export function tool(options?: string | ToolOptions): ComponentDecorator;
export function tool(...args: readonly unknown[]): ComponentDecorator | void {
  if (isDecoratorCall(args)) return markMethod({ kind: "tool", options: {} }, args);
  return componentDecorator({ kind: "tool", options: readArgument("tool", args[0]) });
}

/**
 * Checks whether a decorator was applied to a member directly (`@tool`), as opposed to called with
 * options (`@tool()`).
 */
export function isDecoratorCall(args: readonly unknown[]): boolean {
  return args.length > 1;
}

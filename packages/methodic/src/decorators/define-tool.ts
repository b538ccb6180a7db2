import type { Context } from "../context/context.ts";
import { checkFunction, checkNonEmptyString } from "../util/option-checks.ts";
import { attachSource, checkDefinition, functionMember, NO_INPUT, type PlainSchema } from "./defined-component.ts";
import type { StandardSchema, ToolOptions } from "./definition.ts";
import { copyOptions, optionsOf } from "./options.ts";
import type { Parsed, Result, Returned } from "./tool.ts";

/** Options of {@link defineTool}. */
export interface DefineToolOptions<Args, Output = unknown> extends Omit<
  ToolOptions,
  "name" | "inputSchema" | "outputSchema" | "descriptions"
> {
  /** The public name. */
  readonly name: string;
  /**
   * Runs the tool with validated arguments. It returns, throws and uses the context as a method
   * with `@tool` does.
   */
  readonly run: (args: Args, context: Context) => Result<Output>;
}

/** A tool that {@link defineTool} has made, for `server.tools.add`. */
export interface DefinedTool {
  readonly kind: "tool";
  /** The public name. */
  readonly name: string;
}

/** The arguments of a tool or prompt without a schema that tells their types. */
type AnyArguments = { readonly [name: string]: unknown };

const { descriptions: _, ...OPTIONS } = optionsOf("tool");
const SPEC = {
  ...OPTIONS,
  name: { check: checkNonEmptyString, required: true },
  run: { check: checkFunction, required: true },
};

/**
 * Defines a tool without a class, for tools that are known only at run time. It needs no compiler:
 * the input's schema is a JSON Schema, or one of a library such as zod, which also gives `run` its
 * types. Without `inputSchema`, the tool takes no arguments.
 * @throws MethodicError `INVALID_DECORATOR_OPTIONS`
 *
 * @example
 * ```ts
 * import { createServer, defineTool } from "methodic";
 * import { z } from "zod";
 *
 * const server = createServer({ name: "math", version: "1.0.0", services: [] });
 *
 * server.tools.add(
 *   defineTool({
 *     name: "add",
 *     description: "Add two numbers.",
 *     inputSchema: z.object({ a: z.number(), b: z.number() }),
 *     run: ({ a, b }) => a + b,
 *   }),
 * );
 * ```
 */
export function defineTool<I extends StandardSchema, O extends StandardSchema>(
  options: DefineToolOptions<Parsed<I>, Returned<O>> & { readonly inputSchema: I; readonly outputSchema: O },
): DefinedTool;
export function defineTool<I extends StandardSchema>(
  options: DefineToolOptions<Parsed<I>> & { readonly inputSchema: I; readonly outputSchema?: PlainSchema | false },
): DefinedTool;
export function defineTool<O extends StandardSchema>(
  options: DefineToolOptions<AnyArguments, Returned<O>> & {
    readonly inputSchema?: PlainSchema;
    readonly outputSchema: O;
  },
): DefinedTool;
export function defineTool<Args extends object = AnyArguments>(
  options: DefineToolOptions<Args> & {
    readonly inputSchema?: PlainSchema;
    readonly outputSchema?: PlainSchema | false;
  },
): DefinedTool;
export function defineTool(given: DefineToolOptions<never>): DefinedTool {
  const where = checkDefinition("tool", given, SPEC);
  const options: ToolOptions = { inputSchema: NO_INPUT, ...copyOptions("tool", given) };
  const { name, outputSchema } = options;
  const hasOutput = outputSchema !== undefined;
  return attachSource(
    { kind: "tool", name: name as string },
    {
      where: `${where}.run`,
      owner: given,
      methodName: "run",
      definition: { kind: "tool", options },
      member: functionMember("tool", {
        decoratorSchemas: hasOutput ? ["input", "output"] : ["input"],
        // The text that it yields is its result if it returns nothing.
        generator: hasOutput && outputSchema !== false ? "value" : "text",
      }),
    },
  );
}

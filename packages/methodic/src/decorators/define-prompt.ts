import type { Context } from "../context/context.ts";
import { acceptAny, checkFunction, checkNonEmptyString } from "../util/option-checks.ts";
import { attachSource, checkDefinition, functionMember, NO_INPUT, type PlainSchema } from "./defined-component.ts";
import type { PromptOptions, StandardSchema } from "./definition.ts";
import { copyOptions, optionsOf } from "./options.ts";
import type { Parsed } from "./tool.ts";

/** Options of {@link definePrompt}. */
export interface DefinePromptOptions<Args> extends Omit<PromptOptions, "name"> {
  /** The public name. */
  readonly name: string;
  /** Returns the messages, in any form that a method with `@prompt` may return. */
  readonly get: (args: Args, context: Context) => unknown;
}

/** A prompt that {@link definePrompt} has made, for `server.prompts.add`. */
export interface DefinedPrompt {
  readonly kind: "prompt";
  /** The public name. */
  readonly name: string;
}

const SPEC = {
  ...optionsOf("prompt"),
  name: { check: checkNonEmptyString, required: true },
  arguments: acceptAny,
  get: { check: checkFunction, required: true },
};

/**
 * Defines a prompt without a class, for prompts that are known only at run time. The schema of its
 * arguments is a JSON Schema, or one of a library such as zod, which also gives `get` its types.
 * Clients send arguments as text; they are converted as the schema says. Without `arguments`, the
 * prompt takes none.
 * @throws MethodicError `INVALID_DECORATOR_OPTIONS`
 *
 * @example
 * ```ts
 * import { createServer, definePrompt } from "methodic";
 * import { z } from "zod";
 *
 * const server = createServer({ name: "writing", version: "1.0.0", services: [] });
 *
 * server.prompts.add(
 *   definePrompt({
 *     name: "review",
 *     description: "Review a text.",
 *     arguments: z.object({ text: z.string(), tone: z.enum(["kind", "strict"]).default("kind") }),
 *     get: ({ text, tone }) => `Review this text. Be ${tone}.\n\n${text}`,
 *   }),
 * );
 * ```
 */
export function definePrompt<A extends StandardSchema>(
  options: DefinePromptOptions<Parsed<A>> & { readonly arguments: A },
): DefinedPrompt;
export function definePrompt<Args extends object = { readonly [name: string]: unknown }>(
  options: DefinePromptOptions<Args> & { readonly arguments?: PlainSchema },
): DefinedPrompt;
export function definePrompt(given: DefinePromptOptions<never> & { readonly arguments?: unknown }): DefinedPrompt {
  const where = checkDefinition("prompt", given, SPEC);
  return attachSource(
    { kind: "prompt", name: given.name },
    {
      where: `${where}.get`,
      owner: given,
      methodName: "get",
      definition: { kind: "prompt", options: copyOptions("prompt", given) },
      member: functionMember("prompt"),
      textInput: { option: "arguments", schema: given.arguments ?? NO_INPUT },
    },
  );
}

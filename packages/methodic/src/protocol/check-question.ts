import { explainErrors } from "../json-schema/explain.ts";
import { createSchemaValidator } from "../json-schema/interpret.ts";
import { NotJsonError, toPlainJson } from "../json-schema/to-json.ts";
import type { JsonSchema } from "../manifest/format.ts";

export const TEXT: JsonSchema = { type: "string" };
export const TEXTS: JsonSchema = { type: "array", items: TEXT };
export const NUMBER: JsonSchema = { type: "number" };

/**
 * Finds the problems of a question or an answer, in words for its author.
 * @param root The name of the whole value
 */
export function findProblems(value: unknown, schema: JsonSchema, root: string): readonly string[] | undefined {
  const found = createSchemaValidator(schema).validate(value);
  return found && explainErrors(found, { value, schema }).map((line) => line.replace(/^arguments:/, `${root}:`));
}

/** Copies a question as plain JSON, or returns its problem. */
export function toPlainQuestion(
  question: object,
): { readonly plain: { readonly [name: string]: unknown } } | { readonly problem: string } {
  try {
    return { plain: toPlainJson(question) as { readonly [name: string]: unknown } };
  } catch (error) {
    if (error instanceof NotJsonError) return { problem: error.message.replace(/^the result/, "it") };
    throw error;
  }
}

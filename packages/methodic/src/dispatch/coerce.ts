import type { JsonSchema, JsonValue } from "../manifest/format.ts";
import { acceptedTypes, isSchema, type JsonType, resolveRef } from "./schema-walk.ts";

// The numbers of JSON. `Number()` alone would also take "", " ", "0x10" and "Infinity".
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * Reads text as the JSON type that is wanted: numbers, `true`/`false`, `null`, and JSON text for arrays and objects.
 * @returns nothing if the text does not say a value of that type
 */
export function readText(text: string, type: JsonType): JsonValue | undefined {
  const trimmed = text.trim();
  switch (type) {
    case "number":
    case "integer":
      return readNumber(trimmed, type);
    case "boolean":
      return /^(?:true|false)$/i.test(trimmed) ? trimmed.toLowerCase() === "true" : undefined;
    case "array":
    case "object":
      return readContainer(trimmed, type);
    case "null":
      return trimmed === "null" ? null : undefined;
    case "string":
      return text;
  }
}

function readNumber(text: string, type: JsonType): number | undefined {
  const number = NUMBER.test(text) ? Number(text) : Number.NaN;
  const fits = type === "integer" ? Number.isInteger(number) : Number.isFinite(number);
  if (!fits) return undefined;
  // A long id must not arrive as its neighbour.
  const isExact = !/^-?\d{16,}$/.test(text) || BigInt(text) === BigInt(number);
  return isExact ? number : undefined;
}

function readContainer(text: string, type: JsonType): JsonValue | undefined {
  if (!text.startsWith(type === "array" ? "[" : "{")) return undefined;
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

// What is tried first is what says most about the text: "5" is a number before it is anything looser.
const ORDER: readonly JsonType[] = ["null", "boolean", "integer", "number", "array", "object"];

/** Text that was taken apart at the separators of a list. */
export interface TextList {
  readonly text: string;
  readonly items: readonly string[];
}

/**
 * Reads text that stands for a value of a parameter (a URI variable, a prompt argument) as the parameter's type.
 * Text stays text where the parameter may be a string; text that cannot be read is left for the validator to refuse.
 */
export function coerceText(given: string | TextList, schema: JsonSchema, root: JsonSchema): JsonValue {
  const types = acceptedTypes(schema, root);
  const text = typeof given === "string" ? given : given.text;
  if (typeof given !== "string" && types.has("array")) return coerceItems(given.items, schema, root);
  if (types.has("string")) return text;
  for (const type of ORDER) {
    const value = types.has(type) ? readText(text, type) : undefined;
    if (value !== undefined) return value;
  }
  return types.has("array") ? coerceItems(text.split(","), schema, root) : text;
}

function coerceItems(list: readonly string[], schema: JsonSchema, root: JsonSchema): JsonValue {
  const { items } = resolveRef(schema, root);
  return isSchema(items) ? list.map((item) => coerceText(item, items, root)) : list;
}

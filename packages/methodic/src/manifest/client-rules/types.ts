import type { JsonSchema, JsonValue } from "../format.ts";
import { isAnnotation, isSchema } from "../schema-walk.ts";

/** The types of JSON values, as a union that has every value. */
export const ALL_TYPES: readonly string[] = ["string", "number", "boolean", "object", "array", "null"];

/** Keywords that apply to values of one type only. Numbers and integers share theirs. */
const TYPE_KEYWORDS: Readonly<Record<string, readonly string[]>> = {
  string: ["minLength", "maxLength", "pattern", "contentEncoding", "contentMediaType", "contentSchema"],
  number: ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"],
  array: ["prefixItems", "items", "minItems", "maxItems", "uniqueItems"],
  object: [
    "properties",
    "required",
    "patternProperties",
    "additionalProperties",
    "propertyNames",
    "minProperties",
    "maxProperties",
    "dependentRequired",
    "dependentSchemas",
  ],
};

/** Keywords that combine schemas. A list of types next to one of them is not split. */
export const COMBINATIONS: readonly string[] = ["$ref", "anyOf", "oneOf", "allOf"];

/**
 * Checks whether the schema itself, or each of its alternatives, restricts the type of its values.
 */
export function isTyped(schema: JsonSchema): boolean {
  if (["type", "$ref", "const", "enum"].some((keyword) => keyword in schema)) return true;
  const alternatives = schema["anyOf"] ?? schema["oneOf"];
  if (Array.isArray(alternatives)) return alternatives.every((branch) => isSchema(branch) && isTyped(branch));
  return Array.isArray(schema["allOf"]) && schema["allOf"].some((part) => isSchema(part) && isTyped(part));
}

/** Returns the JSON types of listed values: one name, or several. */
export function typeOfValues(values: readonly JsonValue[]): string | string[] | undefined {
  const types = [...new Set(values.map(typeOf))];
  return types.length === 1 ? types[0] : types.length > 1 ? types : undefined;
}

function typeOf(value: JsonValue): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

/** Splits a schema with several types into one alternative for each; the verdicts are the same. */
export function splitTypes(schema: JsonSchema): JsonSchema {
  const { type, ...others } = schema;
  if (!Array.isArray(type) || COMBINATIONS.some((keyword) => keyword in schema)) return schema;
  const shared = Object.entries(others).filter(([keyword]) => !isSpecific(keyword));
  const alternatives = type.flatMap((name) => alternativeFor(String(name), schema));
  const [only] = alternatives;
  return alternatives.length === 1 && only
    ? { ...Object.fromEntries(shared), ...only }
    : { ...Object.fromEntries(shared), anyOf: alternatives };
}

function isSpecific(keyword: string): boolean {
  if (isAnnotation(keyword)) return false;
  return (
    ["enum", "const", "format"].includes(keyword) ||
    Object.values(TYPE_KEYWORDS).some((keywords) => keywords.includes(keyword))
  );
}

/** Returns the part of a schema that applies to values of one of its types. */
function alternativeFor(type: string, schema: JsonSchema): JsonSchema[] {
  const keywords = TYPE_KEYWORDS[type === "integer" ? "number" : type] ?? [];
  // Formats of numbers do not apply to strings.
  const hasFormat =
    type === "string" || (keywords === TYPE_KEYWORDS["number"] && !schemaTypes(schema).includes("string"));
  const own = Object.entries(schema).filter(
    ([keyword]) => keywords.includes(keyword) || (keyword === "format" && hasFormat),
  );
  const listed = "const" in schema ? [schema["const"] as JsonValue] : schema["enum"];
  if (!Array.isArray(listed)) return [{ type, ...Object.fromEntries(own) }];
  const values = listed.filter((value: JsonValue) => fits(value, type));
  if (values.length === 0) return [];
  return [type === "null" ? { type } : { type, enum: values, ...Object.fromEntries(own) }];
}

function schemaTypes({ type }: JsonSchema): readonly unknown[] {
  return [type].flat();
}

function fits(value: JsonValue, type: string): boolean {
  return type === "integer" ? Number.isInteger(value) : typeOf(value) === type;
}

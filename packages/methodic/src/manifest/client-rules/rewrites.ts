import type { JsonSchema, JsonValue } from "../format.ts";
import { isSchema, schemaKeyword, subschemasOf } from "../schema-walk.ts";
import { describePattern, isPortable, portablePattern } from "./patterns.ts";
import { ALL_TYPES, COMBINATIONS, isTyped, splitTypes, typeOfValues } from "./types.ts";

/** The keyword of the outer schema that holds a schema; undefined for the root. */
export type SchemaRole = string | undefined;

/**
 * Rewrites one schema; the schemas inside it are rewritten afterwards. The result accepts at least
 * what the schema accepts.
 */
export type Rewrite = (schema: JsonSchema, role: SchemaRole) => JsonSchema;

/** Keywords for tools that read schemas. They restrict nothing, and providers refuse them. */
export const DIALECT_KEYWORDS: readonly string[] = ["$schema", "$id", "$anchor", "$comment", "$vocabulary"];

/** Keywords that no provider uses; some refuse them. */
export const UNUSED_KEYWORDS: readonly string[] = [
  "not",
  "if",
  "then",
  "else",
  "contains",
  "minContains",
  "maxContains",
  "unevaluatedProperties",
  "unevaluatedItems",
];

/** The number of repetitions at which the grammars of llama.cpp are refused. */
const MAX_REPETITION = 2000;

export const dropDialect: Rewrite = (schema) => without(schema, DIALECT_KEYWORDS);

/** Writes boolean schemas as objects. `additionalProperties` may be one everywhere. */
export const writeOutBooleans: Rewrite = (schema) =>
  mapEntries(schema, ([keyword, value]) => {
    const form = schemaKeyword(keyword)?.form;
    if (form === "schema") return keyword === "additionalProperties" ? value : toSchema(value);
    if (form === "list" && Array.isArray(value)) return value.some(isBoolean) ? value.map(toSchema) : value;
    if (form === "map" && isSchema(value)) return mapEntries(value, ([, inner]) => toSchema(inner as JsonValue));
    return value;
  });

function isBoolean(value: JsonValue): boolean {
  return typeof value === "boolean";
}

function toSchema(value: JsonValue): JsonValue {
  return value === true ? {} : value === false ? { not: {} } : value;
}

/**
 * Drops the keywords that providers do not use, and everything that accepts no value: such a
 * property or alternative is better not shown.
 */
export const dropUnused: Rewrite = (schema) => {
  const { properties, anyOf, oneOf } = schema;
  const others = without(schema, UNUSED_KEYWORDS);
  if (properties === undefined && anyOf === undefined && oneOf === undefined) return others;
  return {
    ...others,
    ...(isSchema(properties) && {
      properties: Object.fromEntries(Object.entries(properties).filter(([, property]) => !acceptsNothing(property))),
    }),
    ...alternatives("anyOf", anyOf),
    ...alternatives("oneOf", oneOf),
  };
};

/** Keeps the alternatives that accept something; all of them if none does. */
function alternatives(keyword: string, branches: JsonValue | undefined): JsonSchema {
  if (!Array.isArray(branches)) return {};
  const kept = branches.filter((branch) => !acceptsNothing(branch));
  return { [keyword]: kept.length > 0 ? kept : branches };
}

function acceptsNothing(schema: unknown): boolean {
  return isSchema(schema) && isSchema(schema["not"]) && Object.keys(schema["not"]).length === 0;
}

/**
 * Writes `oneOf` as `anyOf`, which accepts more where alternatives overlap. Next to another `anyOf`
 * it is left out.
 */
export const writeAnyOf: Rewrite = (schema) => {
  if (schema["oneOf"] === undefined) return schema;
  if (schema["anyOf"] !== undefined) return without(schema, ["oneOf"]);
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key === "oneOf" ? "anyOf" : key, value]));
};

/**
 * Drops an `allOf` that only says which properties go together. One that declares properties stays.
 */
export const dropRequirements: Rewrite = (schema) => {
  const { allOf } = schema;
  if (schema["type"] === undefined || !Array.isArray(allOf)) return schema;
  return allOf.some((part) => isSchema(part) && declaresValues(part)) ? schema : without(schema, ["allOf"]);
};

function declaresValues(schema: JsonSchema): boolean {
  if (["properties", "$ref", "type"].some((keyword) => keyword in schema)) return true;
  return subschemasOf(schema).some((inner) => declaresValues(inner.schema));
}

/** Adds the types that values of a property may have, where the schema leaves them open. */
export const addTypes: Rewrite = (schema, role) => {
  const listed = "const" in schema ? [schema["const"] as JsonValue] : schema["enum"];
  if (schema["type"] === undefined && Array.isArray(listed)) {
    const type = typeOfValues(listed);
    return type === undefined ? schema : { type, ...schema };
  }
  if (role !== "properties") return schema;
  const { anyOf } = schema;
  return Array.isArray(anyOf) ? { ...schema, anyOf: anyOf.map(nameAllTypes) } : nameAllTypes(schema);
};

function nameAllTypes(schema: JsonSchema): JsonSchema {
  const isOpen = !isTyped(schema) && !COMBINATIONS.some((keyword) => keyword in schema);
  return isOpen ? { type: ALL_TYPES, ...schema } : schema;
}

/** Replaces a list of types by one alternative for each. */
export const writeOneType: Rewrite = (schema, role) => {
  const { type, anyOf } = schema;
  if (Array.isArray(type) && type.length === 1) return { ...schema, type: type[0] as JsonValue };
  const isRepeated =
    role !== undefined && Array.isArray(anyOf) && anyOf.every((branch) => isSchema(branch) && isTyped(branch));
  return isRepeated && type !== undefined ? without(schema, ["type"]) : splitTypes(schema);
};

/** Writes `const` as an `enum` of one value. */
export const writeEnum: Rewrite = (schema) => {
  if (!("const" in schema)) return schema.type === "null" ? without(schema, ["enum"]) : schema;
  const entries = Object.entries(schema).filter(([keyword]) => keyword !== "enum");
  if (schema["type"] === "null") return Object.fromEntries(entries.filter(([keyword]) => keyword !== "const"));
  return Object.fromEntries(
    entries.map(([keyword, value]) => (keyword === "const" ? ["enum", [value]] : [keyword, value])),
  );
};

/**
 * Gives each array a schema for its items. A closed tuple gets the schema of all its elements, and
 * its length as the maximum.
 */
export const addItems: Rewrite = (schema) => {
  if (schema["type"] !== "array") return schema;
  const { prefixItems, items, maxItems } = schema;
  const elements = Array.isArray(prefixItems) ? prefixItems.filter(isSchema) : [];
  if (items !== undefined && !acceptsNothing(items)) return schema;
  if (items === undefined && !(elements.length > 0 && Number(maxItems) <= elements.length))
    return { ...schema, items: {} };
  const length = Math.min(elements.length, typeof maxItems === "number" ? maxItems : elements.length);
  const distinct = distinctSchemas(elements);
  const closed = { ...schema, items: unionOf(distinct), maxItems: length };
  return distinct.length === 1 ? without(closed, ["prefixItems"]) : closed;
};

function unionOf(schemas: readonly JsonSchema[]): JsonSchema {
  const [only, ...others] = distinctSchemas(
    schemas.map((schema) => without(schema, ["title", "description", "default", "examples"])),
  );
  if (!only) return {};
  return others.length === 0 ? only : { anyOf: [only, ...others] };
}

/** Gives each object schema `properties`. */
export const addProperties: Rewrite = (schema) => {
  if (schema["type"] !== "object" || schema["properties"] !== undefined) return schema;
  return Object.fromEntries(
    Object.entries(schema).flatMap(([keyword, value]) =>
      keyword === "type"
        ? [
            [keyword, value],
            ["properties", {}],
          ]
        : [[keyword, value]],
    ),
  );
};

/** Publishes patterns in their portable form, or states them in the description. */
export const writePatterns: Rewrite = (schema) => {
  const { pattern } = schema;
  if (typeof pattern !== "string" || isPortable(pattern)) return schema;
  const portable = portablePattern(pattern);
  if (portable !== undefined) return { ...schema, pattern: portable };
  return addNote(without(schema, ["pattern"]), "Pattern", [describePattern(pattern)]);
};

/**
 * Publishes objects whose names follow a pattern as objects with any names. Their values may then
 * have the type of any of the patterns.
 */
export const openPatternProperties: Rewrite = (schema) => {
  const { patternProperties, additionalProperties: rest, propertyNames } = schema;
  const names =
    isSchema(propertyNames) && typeof propertyNames["pattern"] === "string" ? [propertyNames["pattern"]] : [];
  const rewritten = names.some((name) => !isPortable(name)) ? withPortableNames(schema) : schema;
  if (!isSchema(patternProperties)) return rewritten;
  const values = Object.values(patternProperties).filter(
    (value) => isSchema(value) && !acceptsNothing(value),
  ) as JsonSchema[];
  const isOpen = rest === undefined || rest === true;
  const all = isSchema(rest) ? [...values, rest] : values;
  const distinct = distinctSchemas(all);
  const bare = without(rewritten, ["patternProperties"]);
  if (isOpen || distinct.length === 0) return bare;
  const opened = {
    ...bare,
    additionalProperties: distinct.length === 1 ? (distinct[0] as JsonSchema) : { anyOf: distinct },
  };
  return rest === false ? addNote(opened, "Names", Object.keys(patternProperties).map(describePattern)) : opened;
};

function withPortableNames(schema: JsonSchema): JsonSchema {
  const { propertyNames, ...others } = schema;
  const { pattern, ...rest } = propertyNames as JsonSchema;
  const portable = portablePattern(String(pattern));
  if (portable !== undefined) return { ...schema, propertyNames: { ...rest, pattern: portable } };
  const left = Object.keys(rest).length > 0 ? { ...others, propertyNames: rest } : others;
  return addNote(left, "Names", [describePattern(String(pattern))]);
}

/** Drops bounds that exceed the limits of grammars, and states them in the description. */
export const dropLargeBounds: Rewrite = (schema) =>
  largeBounds(schema).reduce(
    (rest, keyword) => addNote(without(rest, [keyword]), keyword, [String(schema[keyword])]),
    schema,
  );

/** Returns the keywords of bounds that exceed the limits of grammars. */
export function largeBounds(schema: JsonSchema): readonly string[] {
  const bounds = ["minLength", "maxLength", "minItems", "maxItems"];
  return bounds.filter((keyword) => Number(schema[keyword]) >= MAX_REPETITION);
}

/** Moves the keywords next to a reference one level up, where the reference is an alternative. */
export const isolateReference: Rewrite = (schema) => {
  const { $ref, ...others } = schema;
  if ($ref === undefined || Object.keys(others).filter((keyword) => keyword !== "$defs").length === 0) return schema;
  return others["anyOf"] === undefined ? { ...others, anyOf: [{ $ref }] } : schema;
};

/** Adds a fact to the description, for a constraint that is not published. */
function addNote(schema: JsonSchema, label: string, facts: readonly (string | undefined)[]): JsonSchema {
  if (facts.includes(undefined)) return schema;
  const note = `${label}: ${facts.join(", ")}`;
  const { description } = schema;
  return { ...schema, description: typeof description === "string" ? `${description}\n${note}` : note };
}

/** Leaves out repetitions. */
export function distinctSchemas(schemas: readonly JsonSchema[]): JsonSchema[] {
  return schemas.filter((schema, i) => !schemas.slice(0, i).some((other) => isSame(other, schema)));
}

/** Compares two schemas. Equal parts of a unified schema are one object: it ends there. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  const [own, others] = [Object.entries(a), Object.entries(b)];
  return (
    own.length === others.length &&
    own.every(([key, value], i) => key === others[i]?.[0] && isSame(value, others[i][1]))
  );
}

function without(schema: JsonSchema, keywords: readonly string[]): JsonSchema {
  return keywords.some((keyword) => keyword in schema)
    ? Object.fromEntries(Object.entries(schema).filter(([keyword]) => !keywords.includes(keyword)))
    : schema;
}

function mapEntries(schema: JsonSchema, change: (entry: [string, JsonValue]) => JsonValue): JsonSchema {
  let isChanged = false;
  const entries = Object.entries(schema).map((entry) => {
    const changed = change(entry);
    isChanged ||= changed !== entry[1];
    return [entry[0], changed] as const;
  });
  return isChanged ? Object.fromEntries(entries) : schema;
}

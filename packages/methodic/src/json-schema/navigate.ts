import type { JsonSchema, JsonValue } from "../manifest/format.ts";
import { isSchema, memberOf, resolveRef } from "../manifest/schema-walk.ts";

/** The type names of JSON Schema. */
export type JsonType = "string" | "number" | "integer" | "boolean" | "array" | "object" | "null";

const ALL_TYPES: ReadonlySet<JsonType> = new Set<JsonType>([
  "string",
  "number",
  "integer",
  "boolean",
  "array",
  "object",
  "null",
]);

/** Returns the JSON types that a schema accepts; all types if it does not restrict them. */
export function acceptedTypes(schema: JsonSchema, root: JsonSchema): ReadonlySet<JsonType> {
  return typesOf(schema, root, new Set());
}

function typesOf(schema: JsonSchema, root: JsonSchema, seen: ReadonlySet<JsonSchema>): ReadonlySet<JsonType> {
  // An alternative that leads back to itself adds no types to the others.
  if (seen.has(schema)) return new Set();
  const inside = new Set([...seen, schema]);
  const { $ref, anyOf, oneOf, allOf } = schema;
  let types = ownTypes(schema);
  if (typeof $ref === "string") types = intersect(types, typesOf(resolveRef(schema, root), root, inside));
  for (const branch of schemasIn(allOf)) types = intersect(types, typesOf(branch, root, inside));
  for (const branches of [anyOf, oneOf]) {
    if (!Array.isArray(branches)) continue;
    const union = new Set(schemasIn(branches).flatMap((branch) => [...typesOf(branch, root, inside)]));
    types = intersect(types, branches.includes(true) ? ALL_TYPES : union);
  }
  return types;
}

function ownTypes(schema: JsonSchema): ReadonlySet<JsonType> {
  const { type, enum: values } = schema;
  if (typeof type === "string") return new Set([type as JsonType]);
  if (Array.isArray(type)) return new Set(type as JsonType[]);
  if ("const" in schema) return new Set([jsonTypeOf(schema["const"])]);
  return Array.isArray(values) ? new Set(values.map(jsonTypeOf)) : ALL_TYPES;
}

function intersect(a: ReadonlySet<JsonType>, b: ReadonlySet<JsonType>): ReadonlySet<JsonType> {
  if (a === ALL_TYPES) return b;
  if (b === ALL_TYPES) return a;
  const both = [...a].filter((type) => b.has(type));
  // Every integer is a number: `integer` and `number` have integers in common.
  if (!both.includes("integer") && [a, b].some((set) => set.has("integer")) && [a, b].every(acceptsIntegers))
    both.push("integer");
  return new Set(both);
}

function acceptsIntegers(types: ReadonlySet<JsonType>): boolean {
  return types.has("integer") || types.has("number");
}

/**
 * Returns the schemas that apply to the value at a path; several if the schema has alternatives.
 */
export function schemasAt(root: JsonSchema, path: readonly string[]): readonly JsonSchema[] {
  return path.reduce<readonly JsonSchema[]>(
    (schemas, key) => schemasBelow(schemas, { key, root }),
    expandAll([root], root),
  );
}

/**
 * Returns the schemas that apply to a property or an item of a value, from those that apply to the
 * value.
 */
export function schemasBelow(
  schemas: readonly JsonSchema[],
  { key, root }: { readonly key: string; readonly root: JsonSchema },
): readonly JsonSchema[] {
  // Duplicates are removed: the alternatives of a recursive type would otherwise double at every
  // level.
  return expandAll(
    schemas.flatMap((schema) => childSchemas(schema, key)),
    root,
  );
}

function childSchemas(schema: JsonSchema, key: string): readonly JsonSchema[] {
  const { properties, patternProperties, additionalProperties, unevaluatedProperties, prefixItems, items } = schema;
  const patterns = isSchema(patternProperties)
    ? Object.entries(patternProperties).filter(([pattern]) => matches(pattern, key))
    : [];
  const named = [memberOf(properties, key), ...patterns.map(([, child]) => child)].filter(
    (child) => child !== undefined,
  );
  const candidates = [
    ...(named.length > 0 ? named : [additionalProperties, unevaluatedProperties]),
    Array.isArray(prefixItems) && Number(key) < prefixItems.length ? prefixItems[Number(key)] : items,
  ];
  return candidates.filter(isSchema);
}

function matches(pattern: string, key: string): boolean {
  try {
    return new RegExp(pattern, "u").test(key);
  } catch {
    return false;
  }
}

/** Adds the alternatives of schemas and the targets of their references, each once. */
function expandAll(schemas: readonly JsonSchema[], root: JsonSchema): readonly JsonSchema[] {
  const found = new Set<JsonSchema>();
  const add = (schema: JsonSchema): void => {
    if (found.has(schema)) return;
    found.add(schema);
    const resolved = resolveRef(schema, root);
    if (resolved !== schema) add(resolved);
    const { anyOf, oneOf, allOf, then, else: otherwise, dependentSchemas } = schema;
    for (const branch of [...schemasIn(anyOf), ...schemasIn(oneOf), ...schemasIn(allOf)]) add(branch);
    for (const branch of [then, otherwise, ...(isSchema(dependentSchemas) ? Object.values(dependentSchemas) : [])])
      if (isSchema(branch)) add(branch);
  };
  for (const schema of schemas) add(schema);
  return [...found];
}

function schemasIn(list: JsonValue | undefined): readonly JsonSchema[] {
  return Array.isArray(list) ? list.filter(isSchema) : [];
}

/** Returns the value at a path; undefined if it does not exist. */
export function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce(memberOf, value);
}

/** Returns the JSON type of a value; `integer` for whole numbers. */
export function jsonTypeOf(value: unknown): JsonType {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value as JsonType;
}

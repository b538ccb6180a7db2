import { isRecord } from "../util/record.ts";
import type { JsonSchema, JsonValue } from "./format.ts";
import { keepTypeName } from "./sharing/type-names.ts";

/** A schema object of any draft and stage: finished schemas have JSON values only. */
type SchemaObject = { readonly [keyword: string]: unknown };

/**
 * The form of a keyword's value: one schema, an array of schemas, or an object whose values are
 * schemas.
 */
type SchemaForm = "schema" | "list" | "map";

/**
 * The values that a keyword's schemas apply to: the value itself, its properties or items, its
 * property names, or none.
 */
type SchemaTarget = "value" | "child" | "name" | "none";

interface SchemaKeyword {
  readonly form: SchemaForm;
  readonly target: SchemaTarget;
}

/**
 * The JSON Schema 2020-12 keywords that hold schemas, with `definitions` and `additionalItems` of
 * earlier drafts. Every walk uses this table: a property may be called `items` or `default`, so no
 * walk can go by names alone.
 */
const SCHEMA_KEYWORDS: ReadonlyMap<string, SchemaKeyword> = new Map(
  (
    [
      ["map", "none", ["$defs", "definitions"]],
      ["list", "value", ["allOf", "anyOf", "oneOf"]],
      ["schema", "value", ["not", "if", "then", "else"]],
      ["map", "value", ["dependentSchemas"]],
      ["map", "child", ["properties", "patternProperties"]],
      ["schema", "child", ["additionalProperties", "unevaluatedProperties"]],
      ["list", "child", ["prefixItems"]],
      ["schema", "child", ["items", "additionalItems", "unevaluatedItems", "contains"]],
      ["schema", "name", ["propertyNames"]],
    ] as const
  ).flatMap(([form, target, keywords]) => keywords.map((keyword) => [keyword, { form, target }] as const)),
);

/** Keywords that describe a schema without restricting its values. */
const ANNOTATIONS: ReadonlySet<string> = new Set(
  "$comment title description default examples deprecated readOnly writeOnly x-mcp-header".split(" "),
);

/** Checks whether a keyword describes a schema without restricting its values. */
export function isAnnotation(keyword: string): boolean {
  return ANNOTATIONS.has(keyword);
}

/** Looks up a keyword; undefined if it does not hold schemas. */
export function schemaKeyword(keyword: string): SchemaKeyword | undefined {
  return SCHEMA_KEYWORDS.get(keyword);
}

/** A schema directly inside another one. */
export interface Subschema<T = JsonSchema> {
  readonly keyword: string;
  /**
   * The JSON Pointer tokens from the outer schema: the keyword, then a name or an index where it
   * holds several.
   */
  readonly path: readonly string[];
  readonly schema: T;
}

/** Lists the schema objects directly inside a schema. Boolean schemas are left out. */
export function subschemasOf<T extends SchemaObject>(schema: T): readonly Subschema<T>[] {
  const found: Subschema<T>[] = [];
  for (const keyword of Object.keys(schema)) {
    const form = SCHEMA_KEYWORDS.get(keyword)?.form;
    const value = form && schema[keyword];
    if (typeof value !== "object" || value === null) continue;
    // Before 2020-12 `items` could be an array.
    if (form === "schema" && !Array.isArray(value)) found.push({ keyword, path: [keyword], schema: value as T });
    else if ((form === "map") !== Array.isArray(value)) {
      for (const [name, inner] of Object.entries(value) as [string, unknown][])
        if (isSchema<T>(inner)) found.push({ keyword, path: [keyword, name], schema: inner });
    }
  }
  return found;
}

/**
 * Visits a schema and every schema object inside it, outer before inner, each once. A schema
 * outside the keywords above is visited if a `$ref` leads to it.
 * @param visit Called with each schema and the JSON Pointer tokens that lead to it from the root
 */
export function walkSchema<T extends SchemaObject>(root: T, visit: (schema: T, path: readonly string[]) => void): void {
  const seen = new Set<T>();
  const references = new Set<string>();
  const enter = (schema: T, path: readonly string[]): void => {
    if (seen.has(schema)) return;
    seen.add(schema);
    visit(schema, path);
    if (typeof schema["$ref"] === "string") references.add(schema["$ref"]);
    for (const inner of subschemasOf(schema)) enter(inner.schema, [...path, ...inner.path]);
  };
  enter(root, []);
  // The set grows while it is read: the target of a reference may hold further references.
  for (const reference of references) {
    const target = resolvePointer(root, reference);
    if (isSchema<T>(target)) enter(target, parseReference(reference) ?? []);
  }
}

/**
 * Copies a schema and replaces each schema object in it once, inner before outer. Data such as
 * `default` and `enum` is copied as it is.
 * @param change Called with the copy of each schema, its inner schemas replaced already, and the
 *   path of {@link walkSchema}
 */
export function mapSchema(
  root: JsonSchema,
  change: (copy: JsonSchema, path: readonly string[]) => JsonSchema,
): JsonSchema {
  const schemas = new Set<unknown>();
  walkSchema(root, (schema) => schemas.add(schema));
  const copies = new Map<JsonValue, JsonValue>();
  const copyPart = (part: JsonValue, path: readonly string[], key: string): JsonValue =>
    typeof part === "object" && part !== null ? copy(part, [...path, key]) : part;
  const copy = (value: JsonValue, path: readonly string[]): JsonValue => {
    if (Array.isArray(value)) return value.map((item: JsonValue, i) => copyPart(item, path, String(i)));
    if (!isSchema(value)) return value;
    const known = copies.get(value);
    if (known !== undefined) return known;
    const entries = Object.entries(value).map(([key, part]) => [key, copyPart(part, path, key)] as const);
    const copied = keepTypeName(Object.fromEntries(entries), value);
    const result = schemas.has(value) ? change(copied, path) : copied;
    copies.set(value, result);
    return result;
  };
  return copy(root, []) as JsonSchema;
}

/**
 * Replaces the schema objects directly inside a schema. Returns a copy, or the schema itself if
 * nothing changes.
 * @param change Called with each inner schema and the keyword that holds it
 */
export function mapSubschemas(
  schema: JsonSchema,
  change: (inner: JsonSchema, keyword: string) => JsonSchema,
): JsonSchema {
  let copy: Record<string, JsonValue> | undefined;
  for (const keyword of Object.keys(schema)) {
    const form = SCHEMA_KEYWORDS.get(keyword)?.form;
    const value = schema[keyword];
    if (form === undefined || value === undefined) continue;
    const changed = mapHeld(value, form, (inner) => change(inner, keyword));
    if (changed !== value) (copy ??= { ...schema })[keyword] = changed;
  }
  return copy ?? schema;
}

function mapHeld(value: JsonValue, form: SchemaForm, change: (inner: JsonSchema) => JsonSchema): JsonValue {
  if (typeof value !== "object" || value === null || Array.isArray(value) !== (form === "list")) return value;
  if (form === "schema") return change(value as JsonSchema);
  let isChanged = false;
  const entries = Object.entries(value as { readonly [name: string]: JsonValue }).map(([name, inner]) => {
    const changed = isSchema(inner) ? change(inner) : inner;
    isChanged ||= changed !== inner;
    return [name, changed] as const;
  });
  if (!isChanged) return value;
  return form === "list" ? entries.map(([, inner]) => inner) : Object.fromEntries(entries);
}

/**
 * Makes a function of schemas remember its results: a schema that is used in many places is one
 * object in memory and is processed once.
 */
export function oncePerSchema<T>(compute: (schema: JsonSchema) => T): (schema: JsonSchema) => T {
  const known = new Map<JsonSchema, T>();
  return (schema) => {
    if (known.has(schema)) return known.get(schema) as T;
    const result = compute(schema);
    known.set(schema, result);
    return result;
  };
}

/**
 * Follows a schema's `$ref` within its document (`#/$defs/x`), through further references. Returns
 * the schema itself if it has none, or one that leads to no schema object.
 */
export function resolveRef<T extends SchemaObject>(schema: T, root: SchemaObject): T {
  let current = schema;
  // A longer chain is a cycle of bare references, which describes nothing.
  for (let hops = 0; hops < 16 && typeof current["$ref"] === "string"; hops++) {
    const target = resolvePointer(root, current["$ref"]);
    if (!isSchema<T>(target)) break;
    current = target;
  }
  return current;
}

/** Returns the value that a reference leads to within its document, if it exists. */
export function resolvePointer(root: unknown, reference: string): unknown {
  return parseReference(reference)?.reduce(memberOf, root);
}

/** Names the place that JSON Pointer tokens lead to, by its properties: `tags[].name`. */
export function placeOf(tokens: readonly string[]): string {
  const names: string[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] ?? "";
    const holder = schemaKeyword(token);
    if (holder?.target === "child") names.push(holder.form === "map" ? (tokens[i + 1] ?? "") : "[]");
    if (holder?.form !== "schema") i++;
  }
  return names.join(".").replaceAll(".[]", "[]");
}

/** Writes the reference to a definition. */
export function referenceTo(definition: string): string {
  return `#/$defs/${definition.replaceAll("~", "~0").replaceAll("/", "~1").replaceAll("%", "%25")}`;
}

/**
 * Returns the name of the definition that a reference leads to or into (`#/$defs/x/properties/y`),
 * and whether it leads to all of it.
 */
export function parseDefinitionReference(
  reference: unknown,
): { readonly name: string; readonly isWhole: boolean } | undefined {
  const [holder, name, ...rest] = (typeof reference === "string" && parseReference(reference)) || [];
  return holder === "$defs" && name !== undefined ? { name, isWhole: rest.length === 0 } : undefined;
}

/** Lists the definitions that a schema refers to, each once. */
export function definitionsIn(root: JsonSchema): readonly string[] {
  const names = new Set<string>();
  walkSchema(root, ({ $ref }) => {
    const name = parseDefinitionReference($ref)?.name;
    if (name !== undefined) names.add(name);
  });
  return [...names];
}

/** Splits a reference within a document: a JSON Pointer (RFC 6901) as a URI fragment. */
function parseReference(reference: string): readonly string[] | undefined {
  if (!/^#(?:\/|$)/.test(reference)) return undefined;
  try {
    return reference
      .split("/")
      .slice(1)
      .map((token) => unescapeToken(decodeURIComponent(token)));
  } catch {
    // A malformed percent encoding.
    return undefined;
  }
}

function unescapeToken(token: string): string {
  return token.replaceAll("~1", "/").replaceAll("~0", "~");
}

/**
 * Returns an object's own property or an array's item: a key such as `constructor` must not reach
 * the prototype.
 */
export function memberOf(container: unknown, key: string): unknown {
  if (typeof container !== "object" || container === null || !Object.hasOwn(container, key)) return undefined;
  return (container as { readonly [key: string]: unknown })[key];
}

/** Checks whether a value is a schema object, as opposed to a boolean schema. */
export function isSchema<T extends SchemaObject = JsonSchema>(value: unknown): value is T {
  return isRecord(value);
}

import type { JsonSchema, JsonValue } from "../manifest/format.ts";

/** The type names of JSON Schema. */
export type JsonType = "string" | "number" | "integer" | "boolean" | "array" | "object" | "null";

/** Follows a local `$ref` (`#/$defs/x`), which recursive types have. Other schemas are returned as they are. */
export function resolveRef(schema: JsonSchema, root: JsonSchema): JsonSchema {
  let current = schema;
  // A chain of references longer than this is a cycle of bare references, which describes nothing.
  for (let hops = 0; hops < 16 && typeof current["$ref"] === "string"; hops++) {
    const target = current["$ref"]
      .replace(/^#\/?/, "")
      .split("/")
      .filter(Boolean)
      .reduce<JsonValue | undefined>((at, token) => member(at, unescapePointer(token)), root);
    if (!isSchema(target)) break;
    current = target;
  }
  return current;
}

/** The JSON types that a schema accepts, as far as it says; everything if it does not say. */
export function acceptedTypes(schema: JsonSchema, root: JsonSchema): ReadonlySet<JsonType> {
  const resolved = resolveRef(schema, root);
  const { type, enum: values, anyOf, oneOf } = resolved;
  if (typeof type === "string") return new Set([type as JsonType]);
  if (Array.isArray(type)) return new Set(type as JsonType[]);
  if ("const" in resolved) return new Set([jsonTypeOf(resolved["const"] as JsonValue)]);
  if (Array.isArray(values)) return new Set(values.map(jsonTypeOf));
  const branches = (anyOf ?? oneOf) as JsonValue | undefined;
  if (!Array.isArray(branches)) return new Set(["string", "number", "integer", "boolean", "array", "object", "null"]);
  return new Set(
    branches.filter(isSchema).flatMap((branch) => (branch === schema ? [] : [...acceptedTypes(branch, root)])),
  );
}

/** The schemas that apply to the value at a path below the root; more than one where the schema has alternatives. */
export function schemasAt(root: JsonSchema, path: readonly string[]): readonly JsonSchema[] {
  return path.reduce<readonly JsonSchema[]>(
    // Without repetitions: the alternatives of a recursive type would otherwise double with every level.
    (schemas, key) => [...new Set(schemas.flatMap((schema) => childSchemas(schema, key, root)))],
    expand(root, root),
  );
}

function childSchemas(schema: JsonSchema, key: string, root: JsonSchema): readonly JsonSchema[] {
  const { properties, additionalProperties, prefixItems, items } = schema;
  const candidates = [
    member(properties, key) ?? (isSchema(additionalProperties) ? additionalProperties : undefined),
    Array.isArray(prefixItems) && Number(key) < prefixItems.length ? prefixItems[Number(key)] : items,
  ];
  return candidates.filter(isSchema).flatMap((child) => expand(child, root));
}

/** A schema together with its alternatives, references followed. */
function expand(schema: JsonSchema, root: JsonSchema): readonly JsonSchema[] {
  const resolved = resolveRef(schema, root);
  const branches = [resolved["anyOf"], resolved["oneOf"], resolved["allOf"]].flatMap((list) =>
    Array.isArray(list) ? list : [],
  );
  return [
    resolved,
    ...branches.filter(isSchema).flatMap((branch) => (branch === resolved ? [] : expand(branch, root))),
  ];
}

/** Splits a JSON Pointer into its tokens. */
export function parsePointer(pointer: string): readonly string[] {
  return pointer === "" ? [] : pointer.slice(1).split("/").map(unescapePointer);
}

function unescapePointer(token: string): string {
  return token.replaceAll("~1", "/").replaceAll("~0", "~");
}

/** The value at a path, or undefined. */
export function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(member, value);
}

/** Own properties only: a key such as `constructor` must not reach the prototype. */
function member<T>(container: T, key: string): JsonValue | undefined {
  if (typeof container !== "object" || container === null || !Object.hasOwn(container, key)) return undefined;
  return (container as { readonly [key: string]: JsonValue })[key];
}

/** Whether a value is a schema object, as opposed to a boolean schema or nothing. */
export function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The JSON type of a value; `integer` for whole numbers. */
export function jsonTypeOf(value: unknown): JsonType {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value as JsonType;
}

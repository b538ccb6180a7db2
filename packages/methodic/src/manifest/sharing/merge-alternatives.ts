import type { JsonSchema, JsonValue } from "../format.ts";
import { isAnnotation, isSchema, mapSubschemas, oncePerSchema } from "../schema-walk.ts";
import type { SchemaTable } from "./schema-table.ts";
import { withTypeName } from "./type-names.ts";

/** Maximum number of alternatives whose required properties the description lists. */
const MAX_LISTED = 40;

/**
 * Merges the alternatives of unions that describe one member of the union, or that differ only in
 * the properties that they require. TypeScript accepts properties of several members at once and
 * decides by all their literals, so a member may be split into many alternatives, and each of a
 * hundred may list the same hundred properties. The result accepts at least what they accept.
 */
export function mergeAlternatives(root: JsonSchema, table: SchemaTable): JsonSchema {
  const merge = oncePerSchema((schema: JsonSchema): JsonSchema => {
    const copy = mapSubschemas(schema, merge);
    const { anyOf, ...own } = copy;
    if (!Array.isArray(anyOf)) return copy;
    const distinct = [...new Set((anyOf as readonly JsonSchema[]).map((branch) => table.unify(branch)))];
    const members = groupBy(distinct, (branch) => memberOf(branch, table)).flatMap((group) =>
      mergeMember(group, table),
    );
    const merged = groupBy(members, (branch) => shapeOf(branch, table)).map((group) => mergeShape(group));
    if (merged.length === anyOf.length) return copy;
    const isPlain = merged.length === 1 && Object.keys(own).every((keyword) => isAnnotation(keyword));
    return isPlain ? { ...merged[0], ...own } : { ...copy, anyOf: merged };
  });
  return merge(root);
}

function groupBy(schemas: readonly JsonSchema[], keyOf: (schema: JsonSchema) => unknown): JsonSchema[][] {
  const groups = new Map<unknown, JsonSchema[]>();
  for (const schema of schemas) {
    const key = keyOf(schema);
    groups.set(key, [...(groups.get(key) ?? []), schema]);
  }
  return [...groups.values()];
}

type Properties = { readonly [name: string]: JsonSchema };

/** Returns the union member that an alternative describes, if its type has a name. */
function memberOf(branch: JsonSchema, table: SchemaTable): unknown {
  return isSchema(branch["properties"]) && branch["additionalProperties"] === false
    ? (table.nameOf(branch) ?? branch)
    : branch;
}

/** Merges the alternatives of one member: a property has one of the types that they give it. */
function mergeMember(branches: readonly JsonSchema[], table: SchemaTable): readonly JsonSchema[] {
  const [first = {}, ...rest] = branches;
  const others = withoutProperties(first);
  const isAlike = rest.every((branch) => table.unifyBare(withoutProperties(branch)) === table.unifyBare(others));
  if (rest.length === 0 || !isAlike) return branches;
  const types = new Map<string, JsonSchema[]>();
  for (const branch of branches) {
    for (const [name, type] of Object.entries(branch["properties"] as Properties))
      types.set(name, [...(types.get(name) ?? []), type]);
  }
  const properties = [...types].map(([name, schemas]): [string, JsonSchema] => [name, unionOf(schemas, table)]);
  const required = commonOf(branches.map(requiredOf));
  const merged = { ...others, properties: Object.fromEntries(properties) };
  return [withTypeName(required.length > 0 ? { ...merged, required } : merged, table.nameOf(first))];
}

function withoutProperties(schema: JsonSchema): JsonSchema {
  const { properties: _, required: __, ...others } = schema;
  return others;
}

/** Joins schemas of one property. Descriptions stay if all have the same. */
export function unionOf(schemas: readonly JsonSchema[], table: SchemaTable): JsonSchema {
  const flat = schemas.flatMap((schema) =>
    Object.keys(schema).join() === "anyOf" ? (schema["anyOf"] as readonly JsonSchema[]) : [schema],
  );
  const distinct = [...new Set(flat.map((schema) => table.unify(schema)))];
  const [first = {}, ...rest] = distinct;
  if (rest.length === 0) return first;
  const { description } = first;
  const isShared = description !== undefined && rest.every((schema) => schema["description"] === description);
  const bare = [...new Set(distinct.map((schema) => table.unifyBare(schema)))];
  const union = bare.length === 1 ? bare[0] : (listValues(bare) ?? { anyOf: bare });
  return isShared ? { description, ...union } : { ...union };
}

/** Joins schemas that only list values of one type. */
function listValues(schemas: readonly JsonSchema[]): JsonSchema | undefined {
  const type = schemas[0]?.["type"];
  const isList = (schema: JsonSchema): boolean =>
    Object.keys(schema).join() === "type,enum" && schema["type"] === type && Array.isArray(schema["enum"]);
  if (type === undefined || !schemas.every(isList)) return undefined;
  return { type, enum: [...new Set(schemas.flatMap((schema) => schema["enum"] as readonly JsonValue[]))] };
}

/**
 * Returns the part of an object schema that the alternatives of one shape have in common; other
 * schemas as they are.
 */
function shapeOf(branch: JsonSchema, table: SchemaTable): JsonSchema {
  const { required: _, properties, ...others } = branch;
  if (branch["type"] !== "object" || !isSchema(properties)) return branch;
  const sorted = Object.entries(properties).sort(([a], [b]) => (a < b ? -1 : 1));
  return table.unifyBare({ ...others, properties: Object.fromEntries(sorted) });
}

/** Merges alternatives that differ only in what they require, and lists that. */
function mergeShape(branches: readonly JsonSchema[]): JsonSchema {
  const [first = {}, ...rest] = branches;
  if (rest.length === 0) return first;
  const { required: _, description, title, ...others } = first;
  const lists = branches.map(requiredOf);
  const common = commonOf(lists);
  const isSame = (keyword: string): boolean => rest.every((branch) => branch[keyword] === first[keyword]);
  const text = [isSame("description") ? description : undefined, describeRequired(lists, common)];
  const lines = text.filter((line): line is string => typeof line === "string");
  return {
    ...(title !== undefined && isSame("title") && { title }),
    ...(lines.length > 0 && { description: lines.join("\n") }),
    ...(others as JsonSchema),
    ...(common.length > 0 && { required: common }),
  };
}

function requiredOf({ required = [] }: JsonSchema): readonly string[] {
  return required as readonly string[];
}

function commonOf([first = [], ...rest]: readonly (readonly string[])[]): readonly string[] {
  return first.filter((name) => rest.every((list) => list.includes(name)));
}

/** Lists the properties that the alternatives require in addition to the common ones. */
function describeRequired(lists: readonly (readonly string[])[], common: readonly string[]): string | undefined {
  const own = new Set(lists.map((list) => list.filter((name) => !common.includes(name)).join(" and ")));
  return own.has("") || own.size > MAX_LISTED ? undefined : `Requires ${[...own].join(", or ")}.`;
}

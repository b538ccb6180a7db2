import { readUnion, type DiscriminatedUnion } from "../discriminated-union.ts";
import type { JsonSchema, JsonValue } from "../format.ts";
import { isSchema } from "../schema-walk.ts";
import { unionOf } from "../sharing/merge-alternatives.ts";
import type { SchemaTable } from "../sharing/schema-table.ts";

/** A member as an object schema, and the words for the values that choose it. */
interface FlatMember {
  readonly schema: JsonSchema;
  readonly label: string;
}

/** A property in one of the members that have it. */
interface Declared {
  readonly schema: JsonSchema;
  readonly member: FlatMember;
}

/**
 * Writes a discriminated union at the root of an input as one object, which clients require: the
 * discriminator lists all values, and the other properties say which of them they belong to. The
 * result accepts at least what the union accepts, except for names that an open member ignores.
 */
export function flattenUnion(root: JsonSchema, table: SchemaTable): JsonSchema {
  const union = readUnion(root);
  if (!union) return root;
  const { anyOf: _, oneOf: __, type: ___, properties: ____, $defs, ...annotations } = root;
  return { ...annotations, ...writeObject(union, { root, table }), ...($defs !== undefined && { $defs }) };
}

interface FlattenDeps {
  readonly root: JsonSchema;
  readonly table: SchemaTable;
}

function writeObject({ name, members }: DiscriminatedUnion, deps: FlattenDeps, isInner = false): JsonSchema {
  const flat = members.map((member) => ({
    label: member.values
      .map((value) => (typeof value === "string" && !isInner ? `\`${value}\`` : `\`${name}: ${String(value)}\``))
      .join(", "),
    schema: flattenMember(member.schema, deps),
  }));
  const names = new Set([name, ...flat.flatMap(({ schema }) => Object.keys(propertiesOf(schema)))]);
  const properties = [...names].map((property): [string, JsonSchema] => {
    const merged = mergeProperty(property, flat, deps.table);
    return [property, property === name ? listMembers(merged, flat) : merged];
  });
  const required = [...names].filter((property) => flat.every(({ schema }) => requires(schema, property)));
  return {
    type: "object",
    properties: Object.fromEntries(properties),
    required,
    ...mergeRest(flat, deps.table),
  };
}

/** Flattens the members that another property distinguishes to one. */
function flattenMember(schema: JsonSchema, deps: FlattenDeps): JsonSchema {
  const inner = readUnion(schema, deps.root);
  return inner ? writeObject(inner, deps, true) : schema;
}

function propertiesOf({ properties }: JsonSchema): { readonly [name: string]: JsonSchema } {
  return isSchema(properties) ? (properties as { readonly [name: string]: JsonSchema }) : {};
}

function requires({ required }: JsonSchema, name: string): boolean {
  return Array.isArray(required) && required.includes(name);
}

function mergeProperty(name: string, members: readonly FlatMember[], table: SchemaTable): JsonSchema {
  const declared = members.flatMap((member): Declared[] => {
    const properties = propertiesOf(member.schema);
    return Object.hasOwn(properties, name) ? [{ member, schema: properties[name] ?? {} }] : [];
  });
  // Another member's index signature accepts the name, too.
  const indexes = members.flatMap(({ schema }) => {
    const { additionalProperties: rest } = schema;
    return isSchema(rest) && Object.keys(rest).length > 0 && !Object.hasOwn(propertiesOf(schema), name) ? [rest] : [];
  });
  const types = [...declared.map(({ schema }) => schema), ...indexes];
  const lines = [...describe(declared), ...describeUse(name, declared, members)];
  const [first, ...others] = types.map((type) => table.unify(type));
  const isSame = first !== undefined && others.every((type) => type === first);
  const { description: _, ...type } = isSame ? first : { ...sharedAnnotations(types), ...unionOf(types, table) };
  return { ...(lines.length > 0 && { description: lines.join("\n") }), ...type };
}

/** Returns the annotations that all schemas have in common. */
function sharedAnnotations([first = {}, ...others]: readonly JsonSchema[]): JsonSchema {
  const isShared = (keyword: string): boolean =>
    others.every((other) => JSON.stringify(other[keyword]) === JSON.stringify(first[keyword]));
  const shared = ["title", "default", "examples", "deprecated"].filter(
    (keyword) => keyword in first && isShared(keyword),
  );
  return Object.fromEntries(shared.map((keyword) => [keyword, first[keyword] as JsonValue]));
}

/** Lists the descriptions of a property: one that all have, or each with its members. */
function describe(declared: readonly Declared[]): readonly string[] {
  const labels = new Map<string, string[]>();
  for (const { schema, member } of declared) {
    const { description } = schema;
    if (typeof description === "string") labels.set(description, [...(labels.get(description) ?? []), member.label]);
  }
  const [only, ...others] = labels.keys();
  if (only === undefined || others.length === 0) return only === undefined ? [] : [only];
  return [...labels].map(([text, members]) => `${members.join(", ")}: ${text}`);
}

/** Lists the members that a property belongs to, and those that require it, unless all do. */
function describeUse(name: string, declared: readonly Declared[], members: readonly FlatMember[]): readonly string[] {
  const requiring = declared.filter(({ member }) => requires(member.schema, name));
  const labelsOf = (some: readonly Declared[]): string => some.map(({ member }) => member.label).join(", ");
  if (declared.length === members.length) {
    const isUniform = requiring.length === 0 || requiring.length === members.length;
    return isUniform ? [] : [`Required for ${labelsOf(requiring)}.`];
  }
  const scope = `Only for ${labelsOf(declared)}`;
  if (requiring.length === 0) return [`${scope}.`];
  return [
    requiring.length === declared.length ? `${scope}; required.` : `${scope}; required for ${labelsOf(requiring)}.`,
  ];
}

/** Adds the members' descriptions to the discriminator's. */
function listMembers(schema: JsonSchema, members: readonly FlatMember[]): JsonSchema {
  const { description, ...others } = schema;
  const lines = members.flatMap((member) => {
    const text = member.schema["description"];
    return typeof text === "string" ? [`${member.label}: ${text}`] : [];
  });
  const all = [...(typeof description === "string" ? [description] : []), ...lines];
  return all.length > 0 ? { description: all.join("\n"), ...others } : schema;
}

/** Merges what the members accept under names that they do not declare. */
function mergeRest(members: readonly FlatMember[], table: SchemaTable): JsonSchema {
  const rests = members.map(({ schema }) => schema["additionalProperties"] ?? true);
  if (rests.every((rest) => rest === false)) return { additionalProperties: false };
  const schemas = rests.filter(isSchema);
  const isOpen = rests.includes(true) || schemas.some((rest) => Object.keys(rest).length === 0);
  return isOpen ? {} : { additionalProperties: unionOf(schemas, table) };
}

import type { JsonSchema, JsonValue } from "./format.ts";
import { isAnnotation, isSchema, resolveRef } from "./schema-walk.ts";

/** A union of objects whose member is chosen by the value of one property. */
export interface DiscriminatedUnion {
  /** The name of that property, the discriminator. */
  readonly name: string;
  readonly members: readonly UnionMember[];
}

/** A member of a union, or several that another property distinguishes. */
export interface UnionMember {
  /** The values of the discriminator. No other member has one of them. */
  readonly values: readonly JsonValue[];
  /** Several members are a union of their own. */
  readonly schema: JsonSchema;
}

/** A member as an object schema, with the values of each required property that lists them. */
interface Candidate {
  readonly schema: JsonSchema;
  readonly listed: ReadonlyMap<string, readonly JsonValue[]>;
}

/**
 * Reads a union of at least two objects that share a required property with different literals.
 * Returns undefined for every other schema.
 * @param root The document, for references
 */
export function readUnion(schema: JsonSchema, root: JsonSchema = schema): DiscriminatedUnion | undefined {
  const { properties, $ref } = schema;
  // Properties next to the alternatives would apply to all of them.
  if ($ref !== undefined || (isSchema(properties) && Object.keys(properties).length > 0)) return undefined;
  const isObject = schema["type"] === "object";
  const members = listAlternatives(schema, root)?.map((member) => readCandidate(member, root, isObject));
  return members?.every((member) => member !== undefined) ? discriminate(members) : undefined;
}

/** Adds the type that MCP requires at the root of an input to a union that leaves it out. */
export function withRootType(schema: JsonSchema): JsonSchema {
  return schema["type"] === undefined && readUnion(schema) ? { type: "object", ...schema } : schema;
}

/** Lists the alternatives of a union, with those of unions inside it; undefined without any. */
function listAlternatives(schema: JsonSchema, root: JsonSchema): readonly JsonSchema[] | undefined {
  const found = new Set<JsonSchema>();
  const seen = new Set<JsonSchema>();
  const add = (given: JsonSchema): void => {
    const resolved = resolveRef(given, root);
    const branches = branchesOf(resolved);
    if (!branches) found.add(resolved);
    else if (!seen.has(resolved)) {
      seen.add(resolved);
      for (const branch of branches) add(branch);
    }
  };
  if (!branchesOf(schema)) return undefined;
  add(schema);
  return [...found];
}

/** Returns the alternatives of a schema that consists of them. */
function branchesOf(schema: JsonSchema): readonly JsonSchema[] | undefined {
  const { anyOf = schema["oneOf"] } = schema;
  const isUnion = Object.entries(schema).every(
    ([keyword, value]) => UNION_KEYWORDS.has(keyword) || isAnnotation(keyword) || isEmptyProperties(keyword, value),
  );
  return isUnion && Array.isArray(anyOf) && anyOf.every(isSchema) ? (anyOf as readonly JsonSchema[]) : undefined;
}

const UNION_KEYWORDS: ReadonlySet<string> = new Set(["anyOf", "oneOf", "type", "$defs", "definitions", "$schema"]);

function isEmptyProperties(keyword: string, value: JsonValue): boolean {
  return keyword === "properties" && isSchema(value) && Object.keys(value).length === 0;
}

function readCandidate(schema: JsonSchema, root: JsonSchema, isObject: boolean): Candidate | undefined {
  const { type, properties, required } = schema;
  if (!(type === "object" || (type === undefined && isObject)) || !isSchema(properties)) return undefined;
  const names = Array.isArray(required) ? (required as readonly string[]) : [];
  const listed = Object.entries(properties).flatMap(([name, property]) => {
    const values = names.includes(name) && isSchema(property) ? literalsOf(resolveRef(property, root)) : undefined;
    return values ? [[name, values] as const] : [];
  });
  return { schema, listed: new Map(listed) };
}

function literalsOf(schema: JsonSchema): readonly JsonValue[] | undefined {
  const values = "const" in schema ? [schema["const"] as JsonValue] : schema["enum"];
  const isListed = Array.isArray(values) && values.length > 0 && values.every((value) => LITERALS.has(typeof value));
  return isListed ? (values as readonly JsonValue[]) : undefined;
}

const LITERALS: ReadonlySet<string> = new Set(["string", "number", "boolean"]);

/** Finds the discriminator: a property that distinguishes all members, else groups of them. */
function discriminate(members: readonly Candidate[]): DiscriminatedUnion | undefined {
  const names = [...(members[0]?.listed.keys() ?? [])];
  const splits = names.flatMap((name) => {
    const groups = groupByValues(members, name);
    return groups && groups.length > 1 ? [{ name, groups }] : [];
  });
  const best = splits.find(({ groups }) => groups.length === members.length);
  for (const { name, groups } of best ? [best] : splits) {
    const isComplete = groups.every((group) => group.members.length === 1 || discriminate(group.members) !== undefined);
    if (isComplete) return { name, members: groups.map(toMember) };
  }
  return undefined;
}

interface Group {
  readonly values: readonly JsonValue[];
  readonly members: Candidate[];
}

/** Groups members with the same values; undefined if some of their values are the same. */
function groupByValues(members: readonly Candidate[], name: string): readonly Group[] | undefined {
  const groups = new Map<string, Group>();
  for (const member of members) {
    const values = member.listed.get(name);
    if (!values) return undefined;
    const key = JSON.stringify(values);
    const group = groups.get(key) ?? { values, members: [] };
    group.members.push(member);
    groups.set(key, group);
  }
  const all = [...groups.values()].flatMap(({ values }) => values);
  return new Set(all).size === all.length ? [...groups.values()] : undefined;
}

function toMember({ values, members }: Group): UnionMember {
  const [only, ...others] = members.map(({ schema }) => schema);
  const schema: JsonSchema =
    only && others.length === 0 ? only : { type: "object", anyOf: members.map((member) => member.schema) };
  return { values, schema };
}

import { REVIVED } from "../marks.ts";
import {
  idOf,
  isUninhabited,
  isReference,
  resolveReference,
  contentKey,
  type FindDefinition,
  type RawSchema,
} from "./raw-schema.ts";

/** An object type as a member of a union. */
export interface ObjectShape {
  readonly raw: RawSchema;
  readonly properties: ReadonlyMap<string, RawSchema>;
  readonly required: ReadonlySet<string>;
  /** Type of the index signature with string keys; in `Record<string, never>` it has no values. */
  readonly rest: RawSchema | undefined;
  /** Types of the other index signatures, by the pattern of their keys. */
  readonly patterns: ReadonlyMap<string, RawSchema>;
}

/** A member of a union, with its shape if it is an object type. */
export interface UnionMember {
  readonly raw: RawSchema;
  readonly shape: ObjectShape | undefined;
}

/** The members of a union, including those of the unions inside it. */
export interface FlatUnion {
  readonly members: readonly UnionMember[];
  /** A member refers to itself. */
  readonly recursive: boolean;
}

/** Access to definitions. */
export interface DefinitionLookup {
  readonly find: FindDefinition;
  readonly isRecursive: (id: string) => boolean;
}

/** Flattens nested unions; each member is listed once. */
export function flattenUnion(union: readonly RawSchema[], definitions: DefinitionLookup): FlatUnion {
  const members = new Map<string, UnionMember>();
  const seen = new Set<string>();
  let recursive = false;
  const visit = (raw: RawSchema): void => {
    if (isUninhabited(raw)) return;
    if (isReference(raw)) {
      // A union that contains itself adds nothing the second time.
      if (seen.has(idOf(raw))) return;
      seen.add(idOf(raw));
      recursive ||= definitions.isRecursive(idOf(raw));
    }
    const resolved = resolveReference(raw, definitions.find);
    if (isUnion(resolved)) {
      for (const member of resolved["anyOf"] as RawSchema[]) visit(member);
      return;
    }
    const text = contentKey(raw);
    if (!members.has(text)) members.set(text, { raw, shape: objectShapeOf(resolved) });
  };
  for (const raw of union) visit(raw);
  return { members: [...members.values()], recursive };
}

/** Checks whether a member of a union leads back to the union alone, and so adds nothing to it. */
export function isUnionAgain(member: RawSchema, union: readonly RawSchema[], find: FindDefinition): boolean {
  const seen = new Set<string>();
  const leadsBack = (raw: RawSchema): boolean => {
    if (isReference(raw)) {
      if (seen.has(idOf(raw))) return false;
      seen.add(idOf(raw));
    }
    const resolved = resolveReference(raw, find);
    if (!isUnion(resolved)) return false;
    const members = resolved["anyOf"] as RawSchema[];
    return contentKey({ anyOf: members }) === contentKey({ anyOf: union }) || members.some((one) => leadsBack(one));
  };
  return leadsBack(member);
}

function isUnion(raw: RawSchema): boolean {
  return Array.isArray(raw["anyOf"]) && raw["type"] === undefined;
}

function objectShapeOf(resolved: RawSchema): ObjectShape | undefined {
  // In JSON a Map looks like an object, but TypeScript accepts no object for it.
  if (resolved["type"] !== "object" || resolved[REVIVED] !== undefined) return undefined;
  const rest = resolved["additionalProperties"];
  return {
    raw: resolved,
    properties: new Map(Object.entries((resolved["properties"] ?? {}) as Record<string, RawSchema>)),
    required: new Set((resolved["required"] ?? []) as string[]),
    rest: rest === false ? undefined : typeof rest === "object" ? (rest as RawSchema) : {},
    patterns: new Map(Object.entries((resolved["patternProperties"] ?? {}) as Record<string, RawSchema>)),
  };
}

/**
 * Returns the types of a property, declared or by index signatures; none if the shape does not know
 * the name.
 */
export function typesOfProperty({ properties, rest, patterns }: ObjectShape, name: string): readonly RawSchema[] {
  const declared = properties.get(name);
  if (declared) return [declared];
  const matching = [...patterns].flatMap(([pattern, raw]) => (new RegExp(pattern, "u").test(name) ? [raw] : []));
  return matching.length > 0 ? matching : rest ? [rest] : [];
}

/**
 * Checks whether all properties are optional: TypeScript then requires one of them, unless the
 * object is empty.
 */
export function isWeak({ properties, required, rest, patterns }: ObjectShape): boolean {
  return required.size === 0 && properties.size > 0 && !rest && patterns.size === 0;
}

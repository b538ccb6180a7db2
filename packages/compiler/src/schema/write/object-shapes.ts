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
  /** The type of an index signature with string keys. */
  readonly rest: RawSchema | undefined;
  /** The types of index signatures with other keys, by the pattern of the keys. */
  readonly patterns: ReadonlyMap<string, RawSchema>;
}

/** A member of a union; its shape, if it is an object type. */
export interface UnionMember {
  readonly raw: RawSchema;
  readonly shape: ObjectShape | undefined;
}

/** What a union is made of, without the unions it is made of. */
export interface FlatUnion {
  readonly members: readonly UnionMember[];
  /** Whether a member refers to itself. */
  readonly recursive: boolean;
}

/** How definitions are looked up. */
export interface DefinitionLookup {
  readonly find: FindDefinition;
  readonly isRecursive: (id: string) => boolean;
}

/** Takes unions inside a union apart, each member once. */
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
    if (!members.has(text)) members.set(text, { raw, shape: shapeOf(resolved) });
  };
  for (const raw of union) visit(raw);
  return { members: [...members.values()], recursive };
}

function isUnion(raw: RawSchema): boolean {
  return Array.isArray(raw["anyOf"]) && raw["type"] === undefined;
}

function shapeOf(resolved: RawSchema): ObjectShape | undefined {
  // A Map has the form of an object, but no object is one to TypeScript.
  if (resolved["type"] !== "object" || resolved[REVIVED] !== undefined) return undefined;
  const rest = resolved["additionalProperties"];
  return {
    raw: resolved,
    properties: new Map(Object.entries((resolved["properties"] ?? {}) as Record<string, RawSchema>)),
    required: new Set((resolved["required"] ?? []) as string[]),
    rest:
      rest === false || (typeof rest === "object" && isUninhabited(rest as RawSchema))
        ? undefined
        : typeof rest === "object"
          ? (rest as RawSchema)
          : {},
    patterns: new Map(Object.entries((resolved["patternProperties"] ?? {}) as Record<string, RawSchema>)),
  };
}

/** The types a shape has for a property, declared or by its index signatures; none where it does not know the name. */
export function typesOfProperty({ properties, rest, patterns }: ObjectShape, name: string): readonly RawSchema[] {
  const declared = properties.get(name);
  if (declared) return [declared];
  const matching = [...patterns].flatMap(([pattern, raw]) => (new RegExp(pattern, "u").test(name) ? [raw] : []));
  return matching.length > 0 ? matching : rest ? [rest] : [];
}

/** Whether all properties are optional: TypeScript then asks for one of them, if there are any others. */
export function isWeak({ properties, required, rest, patterns }: ObjectShape): boolean {
  return required.size === 0 && properties.size > 0 && !rest && patterns.size === 0;
}

import { isAnnotation } from "methodic/manifest";
import { AMONG, MEMBER } from "../marks.ts";
import { Discriminants, type Choice, type Variant } from "./discriminants.ts";
import { problems } from "../../diagnostics/catalog.ts";
import { flattenUnion, isWeak, typesOfProperty, type DefinitionLookup, type ObjectShape } from "./object-shapes.ts";
import {
  SchemaConversionError,
  idOf,
  isReference,
  isImpossibleObject,
  isUninhabited,
  resolveReference,
  contentKey,
  type RawSchema,
} from "./raw-schema.ts";
import { domainOf, jsonTypeFor, type Kind, type Unit } from "./value-domain.ts";

/**
 * The members of a union of object types, each with the properties that TypeScript accepts in
 * addition to its own.
 */
export interface JoinedUnion {
  readonly branches: readonly RawSchema[];
  /** A member refers to itself, so the branches may occur inside themselves. */
  readonly recursive: boolean;
}

/**
 * Describes exactly what TypeScript accepts for a union of object types. An object literal may have
 * properties of several members at once, unless its property values distinguish the members, and as
 * long as each value fits one of those members. Returns undefined if every member stays as it is.
 */
export function joinUnion(raw: RawSchema, definitions: DefinitionLookup): JoinedUnion | undefined {
  const union = raw["anyOf"] as readonly RawSchema[];
  const among = raw[AMONG] as readonly RawSchema[] | undefined;
  if (union.length < 2 && !among) return undefined;
  const own = flattenUnion(union, definitions);
  const all = among ? flattenUnion([...union, ...among], definitions) : own;
  // TypeScript does not check excess properties next to `{}` and `object`.
  if (own.members.some((member) => takesAnyObject(member.raw, definitions))) return undefined;
  const shapes = all.members.flatMap(({ raw: member, shape }) =>
    takesAnyObject(member, definitions) ? [ANY_OBJECT] : (shape ?? []),
  );
  if (shapes.length < 2) return undefined;
  const join = new UnionJoiner(shapes, definitions);
  let joined = false;
  // From `all`, because shapes are compared by identity.
  const byKey = new Map(all.members.map((member) => [contentKey(member.raw), member]));
  const branches = own.members.flatMap((member) => {
    const shape = byKey.get(contentKey(member.raw))?.shape;
    if (shape && isImpossibleObject(shape.raw)) return [];
    const branched = shape && join.branchesOf(shape);
    joined ||= branched !== undefined;
    const name = isReference(member.raw) ? { [MEMBER]: definitions.find(idOf(member.raw)).name } : {};
    return branched?.map((branch) => ({ ...branch, ...name })) ?? [member.raw];
  });
  return joined ? { branches, recursive: own.recursive || all.recursive } : undefined;
}

/** An object with any properties, as a member of the enclosing union. */
const ANY_OBJECT: ObjectShape = {
  raw: {},
  properties: new Map(),
  required: new Set(),
  rest: {},
  patterns: new Map(),
};

function takesAnyObject(raw: RawSchema, { find }: DefinitionLookup): boolean {
  const { kinds } = domainOf([raw], find);
  return kinds.has("object") && kinds.has("array");
}

class UnionJoiner {
  readonly #shapes: readonly ObjectShape[];
  readonly #definitions: DefinitionLookup;
  readonly #discriminants: Discriminants;
  readonly #isDistinct: boolean;

  constructor(shapes: readonly ObjectShape[], definitions: DefinitionLookup) {
    this.#shapes = shapes;
    this.#definitions = definitions;
    this.#discriminants = new Discriminants(shapes, definitions);
    this.#isDistinct = this.#discriminants.distinguishAll;
  }

  /** Returns the branches that replace a member; undefined if it stays as it is. */
  branchesOf(own: ObjectShape): RawSchema[] | undefined {
    if (this.#isDistinct) return undefined;
    const relevant = this.#shapes.filter((other) => other === own || this.#addsTo(own, other));
    const variants = this.#discriminants.variantsOf(own, relevant);
    return variants.every(({ members }) => members.length < 2)
      ? undefined
      : variants.map((variant) => this.#branch(own, variant));
  }

  /**
   * Checks whether a member has properties that another does not, or different types for the
   * objects inside it.
   */
  #addsTo(own: ObjectShape, other: ObjectShape): boolean {
    if (!own.rest && ((other.rest && !isUninhabited(other.rest)) || other.patterns.size > 0)) return true;
    if (own.rest && other.rest && this.#differInside([own.rest, other.rest])) return true;
    return [...other.properties].some(([name, raw]) => {
      if (isUninhabited(raw)) return false;
      const types = typesOfProperty(own, name);
      return types.length === 0 || this.#differInside([...types, raw]);
    });
  }

  #differInside(types: readonly RawSchema[]): boolean {
    const withObjects = types.filter((raw) => domainOf([raw], this.#definitions.find).kinds.has("object"));
    return new Set(withObjects.map((raw) => contentKey(raw))).size > 1;
  }

  #branch(own: ObjectShape, variant: Variant): RawSchema {
    const properties: Record<string, RawSchema> = {};
    const required: string[] = [];
    const names = new Set(variant.members.flatMap((member) => (member === own ? [] : [...member.properties.keys()])));
    const rest = this.#restOf(own, variant);
    const isClosed = rest["additionalProperties"] === false && rest["patternProperties"] === undefined;
    for (const name of new Set([...own.properties.keys(), ...names])) {
      const types = this.#typesIn(own, variant, name);
      const choice = variant.choices.get(name);
      if (types.length === 0 || mustBeAbsent(choice)) {
        if (!isClosed) properties[name] = { not: {} };
        continue;
      }
      // The index signature already covers it.
      if (!choice && !own.properties.has(name) && types[0] === own.rest) continue;
      properties[name] = choice ? this.#narrow(types, choice) : anyOf(types);
      if (own.required.has(name) || choice?.mayBeAbsent === false) required.push(name);
    }
    const { properties: _, required: __, additionalProperties: ___, patternProperties: ____, ...others } = own.raw;
    return {
      ...others,
      ...(Object.keys(properties).length > 0 && { properties }),
      ...(required.length > 0 && { required }),
      ...rest,
      ...this.#requireOwn(own, variant),
    };
  }

  /**
   * Returns the types of a property in a branch: the member's own, else those of the other members.
   */
  #typesIn(own: ObjectShape, { members }: Variant, name: string): readonly RawSchema[] {
    return this.#joinTypes(
      typesOfProperty(own, name),
      members.flatMap((member) => typesOfProperty(member, name)),
    );
  }

  /**
   * Returns a member's own types for a name, else those of all members. The objects in the own
   * types may have the properties of the objects in the others.
   */
  #joinTypes(own: readonly RawSchema[], ofMembers: readonly RawSchema[]): readonly RawSchema[] {
    const all = uniqueTypes(ofMembers);
    if (own.length === 0) return all;
    return this.#differInside(all)
      ? own.map((raw) => (isUninhabited(raw) ? raw : { anyOf: [raw], [AMONG]: all }))
      : own;
  }

  /** Returns the keywords for names that no member declares. */
  #restOf(own: ObjectShape, { members }: Variant): RawSchema {
    const keys = (own.rest ? [own] : members).flatMap(({ patterns }) => [...patterns.keys()]);
    if (!own.rest && keys.length > 0) this.#checkPatterns(keys, members);
    const patterns = [...new Set(keys)].map((pattern): [string, RawSchema] => [
      pattern,
      this.#joinIndexes(own, members, (member) => member.patterns.get(pattern) ?? member.rest),
    ]);
    const rest = this.#joinIndexes(own, members, (member) => member.rest);
    return {
      ...(patterns.length > 0 && { patternProperties: Object.fromEntries(patterns) }),
      ...(Object.keys(rest).length > 0 && { additionalProperties: isUninhabited(rest) ? false : rest }),
    };
  }

  /** Joins the types that the members' index signatures have for the same names. */
  #joinIndexes(
    own: ObjectShape,
    members: readonly ObjectShape[],
    typeOf: (member: ObjectShape) => RawSchema | undefined,
  ): RawSchema {
    const typesOf = (shapes: readonly ObjectShape[]): RawSchema[] =>
      shapes.map((shape) => typeOf(shape)).filter((type) => type !== undefined);
    const types = this.#joinTypes(typesOf([own]), typesOf(members));
    return types.length > 0 ? anyOf(types) : { not: {} };
  }

  /**
   * Rejects patterns that meet other members' properties: a pattern of one member would restrict
   * the properties of the others to its own type.
   */
  #checkPatterns(patterns: readonly string[], members: readonly ObjectShape[]): void {
    const withPatterns = members.filter((member) => member.patterns.size > 0);
    const names = members.flatMap((member) => (member.patterns.size > 0 ? [] : [...member.properties.keys()]));
    const meets = patterns.some((pattern) => names.some((name) => new RegExp(pattern, "u").test(name)));
    if (meets || new Set(withPatterns.map((member) => patternKeys(member))).size > 1)
      throw new SchemaConversionError(problems.entangledUnion());
  }

  /**
   * Requires one of the own properties. If all are optional, an object that has only others does
   * not fit.
   */
  #requireOwn(own: ObjectShape, { members, choices }: Variant): RawSchema {
    if (!isWeak(own)) return {};
    const names = new Set(members.flatMap((member) => [...member.properties.keys()]));
    const isUniform = (name: string): boolean =>
      uniqueTypes(members.flatMap((member) => typesOfProperty(member, name))).length < 2;
    // An object that has only the others fits the member that declares them.
    if (members.every((member) => isWeak(member)) && [...names].every((name) => isUniform(name))) return {};
    const there = [...own.properties].filter(([name, raw]) => !isUninhabited(raw) && !mustBeAbsent(choices.get(name)));
    // In `allOf`, so that code that splits the union still finds properties in its branches.
    return { allOf: [{ anyOf: [{ maxProperties: 0 }, ...there.map(([name]) => ({ required: [name] }))] }] };
  }

  #narrow(types: readonly RawSchema[], { units, kinds, excluded }: Choice): RawSchema {
    const members = flattenUnion(types, this.#definitions).members.map(({ raw }) => raw);
    const wide = members.flatMap((raw) => {
      const left = kinds.filter((kind) => domainOf([raw], this.#definitions.find).kinds.has(kind));
      return left.length > 0 ? [this.#narrowKinds(raw, left, excluded)] : [];
    });
    const annotations = types.length === 1 && types[0] ? annotationsOf(types[0]) : {};
    return { ...anyOf([...(units.length > 0 ? [listUnits(units)] : []), ...wide]), ...annotations };
  }

  #narrowKinds(raw: RawSchema, kinds: readonly Kind[], excluded: readonly Unit[]): RawSchema {
    const resolved = resolveReference(raw, this.#definitions.find);
    const type = Array.isArray(resolved["type"]) ? { type: kinds.map((kind) => jsonTypeFor({ kind })) } : {};
    return excluded.length > 0 || type.type
      ? { ...resolved, ...type, ...(excluded.length > 0 && { not: { enum: excluded } }) }
      : raw;
  }
}

function mustBeAbsent(choice: Choice | undefined): boolean {
  return choice !== undefined && choice.units.length + choice.kinds.length === 0;
}

function patternKeys({ patterns }: ObjectShape): string {
  return JSON.stringify([...patterns.keys()]);
}

function uniqueTypes(types: readonly RawSchema[]): RawSchema[] {
  const byKey = new Map(
    types.filter((raw) => !isUninhabited(raw)).map((raw): [string, RawSchema] => [contentKey(raw), raw]),
  );
  return [...byKey.values()];
}

function anyOf(types: readonly RawSchema[]): RawSchema {
  const [only] = types;
  return types.length === 1 && only ? only : { anyOf: types };
}

function annotationsOf(raw: RawSchema): RawSchema {
  return Object.fromEntries(Object.entries(raw).filter(([keyword]) => isAnnotation(keyword)));
}

function listUnits(units: readonly Unit[]): RawSchema {
  const types = [...new Set(units.map((unit) => jsonTypeFor({ unit })))];
  const type = types.length === 1 ? types[0] : types;
  return units.length === 1 ? { type, const: units[0] } : { type, enum: units };
}

import { problems } from "../../diagnostics/catalog.ts";
import { typesOfProperty, type DefinitionLookup, type ObjectShape } from "./object-shapes.ts";
import { SchemaConversionError, contentKey } from "./raw-schema.ts";
import { domainOf, hasKind, hasUnit, isLiteral, type Domain, type Kind, type Unit } from "./value-domain.ts";

/** The values that a branch restricts a property to. */
export interface Choice {
  readonly units: readonly Unit[];
  readonly kinds: readonly Kind[];
  /** Values of these kinds that belong to other branches. */
  readonly excluded: readonly Unit[];
  /** The property may be missing; if it has no values, it must be. */
  readonly mayBeAbsent: boolean;
}

/**
 * The members of a union that TypeScript may take properties from, if some properties have certain
 * values.
 */
export interface Variant {
  readonly members: readonly ObjectShape[];
  readonly choices: ReadonlyMap<string, Choice>;
}

/** The property by which TypeScript looks up the members of a large union. */
interface LookupKey {
  readonly name: string;
  /** The member that a value belongs to, if there is only one. */
  readonly members: ReadonlyMap<Unit, ObjectShape | undefined>;
}

interface MemberGroup {
  readonly members: readonly ObjectShape[];
  readonly units: Unit[];
  readonly kinds: Kind[];
  absent: boolean;
}

/** Maximum number of branches that one member is split into. */
const MAX_VARIANTS = 100;

/**
 * Number of members from which TypeScript looks up the matching one by a single property and
 * ignores the others.
 */
const MIN_KEYED_MEMBERS = 10;

/** The properties by whose values TypeScript chooses between the members of one union. */
export class Discriminants {
  readonly #shapes: readonly ObjectShape[];
  readonly #definitions: DefinitionLookup;
  readonly #names: readonly string[];
  readonly #domains = new Map<ObjectShape, Map<string, Domain | undefined>>();
  readonly #key: LookupKey | undefined;

  constructor(shapes: readonly ObjectShape[], definitions: DefinitionLookup) {
    this.#shapes = shapes;
    this.#definitions = definitions;
    this.#names = this.#findNames();
    this.#key = shapes.length < MIN_KEYED_MEMBERS ? undefined : this.#findKey();
  }

  /** Checks whether one property distinguishes all members, as is usual in large unions. */
  get distinguishAll(): boolean {
    return this.#names.some((name) => {
      const seen = new Set<Unit>();
      return this.#shapes.every((shape) => {
        const domain = this.#domainOf(shape, name);
        if (!domain || !shape.required.has(name) || domain.kinds.size > 0) return false;
        if ([...domain.units].some((unit) => seen.has(unit))) return false;
        for (const unit of domain.units) seen.add(unit);
        return true;
      });
    });
  }

  /**
   * Splits the values of a member by the other members that TypeScript may take further properties
   * from.
   */
  variantsOf(own: ObjectShape, members: readonly ObjectShape[]): Variant[] {
    let variants: Variant[] = [{ members, choices: new Map() }];
    for (const name of this.#names) {
      variants = variants.flatMap((variant) => this.#split(own, variant, name));
      if (variants.length > MAX_VARIANTS) throw new SchemaConversionError(problems.entangledUnion());
    }
    return variants;
  }

  /** Finds properties that several members have with different types, some of them literals. */
  #findNames(): string[] {
    const owners = new Map<string, ObjectShape[]>();
    for (const shape of this.#shapes) {
      for (const name of shape.properties.keys()) owners.set(name, [...(owners.get(name) ?? []), shape]);
    }
    return [...owners].flatMap(([name, shapes]) => {
      const texts = new Set(shapes.map(({ properties }) => contentKey(properties.get(name) ?? {})));
      const hasLiteral = (shape: ObjectShape): boolean => {
        const domain = this.#domainOf(shape, name);
        return domain !== undefined && isLiteral(domain);
      };
      return texts.size > 1 && shapes.some((shape) => hasLiteral(shape)) ? [name] : [];
    });
  }

  #findKey(): LookupKey | undefined {
    const unitOf = (shape: ObjectShape, name: string): Unit | undefined => {
      const domain = shape.required.has(name) ? this.#domainOf(shape, name) : undefined;
      return domain?.kinds.size === 0 && domain.units.size === 1 ? [...domain.units][0] : undefined;
    };
    const name = this.#shapes
      .flatMap((shape) => [...shape.properties.keys()].filter((own) => unitOf(shape, own) !== undefined))
      .at(0);
    if (name === undefined) return undefined;
    const members = new Map<Unit, ObjectShape | undefined>();
    for (const shape of this.#shapes) {
      const unit = unitOf(shape, name);
      if (unit !== undefined) members.set(unit, members.has(unit) ? undefined : shape);
    }
    return members.size >= MIN_KEYED_MEMBERS && members.size * 2 >= this.#shapes.length ? { name, members } : undefined;
  }

  #domainOf(shape: ObjectShape, name: string): Domain | undefined {
    const domains = this.#domains.get(shape) ?? new Map<string, Domain | undefined>();
    this.#domains.set(shape, domains);
    if (!domains.has(name)) {
      const types = typesOfProperty(shape, name);
      domains.set(name, types.length > 0 ? domainOf(types, this.#definitions.find) : undefined);
    }
    return domains.get(name);
  }

  #split(own: ObjectShape, variant: Variant, name: string): Variant[] {
    if (variant.members.length < 2) return [variant];
    const groups = this.#group(own, variant.members, name);
    return groups.map(({ members, units, kinds, absent }) => {
      // Every value leads to the same members, so the property decides nothing, unless its values
      // belong to other members.
      if (groups.length === 1 && (own.properties.has(name) || name !== this.#key?.name)) return { ...variant, members };
      const others = groups.filter((group) => group.members !== members).flatMap((group) => group.units);
      const choice = { units, kinds, excluded: excludedFrom(kinds, others), mayBeAbsent: absent };
      return { members, choices: new Map(variant.choices).set(name, choice) };
    });
  }

  /** Groups the values of a property by the members that remain when it has them. */
  #group(own: ObjectShape, members: readonly ObjectShape[], name: string): MemberGroup[] {
    const groups = new Map<string, MemberGroup>();
    const groupOf = (left: readonly ObjectShape[]): MemberGroup => {
      const key = left.map((member) => this.#shapes.indexOf(member)).join();
      const group = groups.get(key) ?? { members: left, units: [], kinds: [], absent: false };
      groups.set(key, group);
      return group;
    };
    const domains = members.flatMap((member) => this.#domainOf(member, name) ?? []);
    if (!own.required.has(name)) groupOf(members).absent = true;
    const ownDomain = this.#domainOf(own, name);
    for (const taken of ownDomain ? [ownDomain] : domains) {
      const units = [...taken.units, ...domains.flatMap((domain) => [...domain.units])];
      for (const unit of new Set(units)) {
        if (!certain(hasUnit(taken, unit))) continue;
        const found = name === this.#key?.name ? this.#key.members.get(unit) : undefined;
        if (found && found !== own) continue;
        const group = groupOf(found ? [own] : this.#remaining(members, name, (domain) => hasUnit(domain, unit)));
        if (!group.units.includes(unit)) group.units.push(unit);
      }
      for (const kind of taken.kinds) {
        const group = groupOf(this.#remaining(members, name, (domain) => hasKind(domain, kind, taken)));
        if (!group.kinds.includes(kind)) group.kinds.push(kind);
      }
    }
    return [...groups.values()];
  }

  #remaining(
    members: readonly ObjectShape[],
    name: string,
    takes: (domain: Domain) => boolean | undefined,
  ): readonly ObjectShape[] {
    return members.filter((member) => {
      const domain = this.#domainOf(member, name);
      return !domain || certain(takes(domain));
    });
  }
}

/** Kinds of one group must not accept the units that belong to another. */
function excludedFrom(kinds: readonly Kind[], units: readonly Unit[]): Unit[] {
  return units.filter((unit) => kinds.some((kind) => kind === typeof unit));
}

function certain(answer: boolean | undefined): boolean {
  if (answer === undefined) throw new SchemaConversionError(problems.entangledUnion());
  return answer;
}

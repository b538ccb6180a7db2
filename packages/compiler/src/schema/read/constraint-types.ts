import { AnnotatedType, type Annotations, type BaseType } from "ts-json-schema-generator";
import ts from "typescript";
import { problems } from "../../diagnostics/catalog.ts";
import type { LocatedProblem } from "../../diagnostics/locate.ts";
import { combineKeywords, findContradiction } from "./combine-keywords.ts";
import { INTEGER } from "../marks.ts";
import { findBrandConstraints, literalValue, readTypiaTag } from "./foreign-constraints.ts";
import { constraintSubject, type ConstraintSubject, expectedValue, mayBe } from "./tag-rules.ts";
import type { DeclaringPackage } from "./declaring-package.ts";
import { isPrimitive } from "./uninhabited-types.ts";
import { UnsupportedTypeError } from "./unsupported-type.ts";

/** Dependencies of {@link ConstraintTypes}. */
export interface ConstraintTypesDeps {
  readonly checker: ts.TypeChecker;
  /** The package `methodic`, which declares `Constraint`. */
  readonly methodic: DeclaringPackage;
  readonly warn: (warning: LocatedProblem) => void;
}

/**
 * Reads the constraint types of `methodic`: the keywords that `Constraint<…>` adds to the types it
 * is intersected with. Reads the tags of typia, too, and warns of those it does not understand.
 */
export class ConstraintTypes {
  readonly #checker: ts.TypeChecker;
  readonly #methodic: DeclaringPackage;
  readonly #warn: (warning: LocatedProblem) => void;

  constructor({ checker, methodic, warn }: ConstraintTypesDeps) {
    this.#checker = checker;
    this.#methodic = methodic;
    this.#warn = warn;
  }

  /** Checks whether a type is a constraint, as opposed to the type it narrows. */
  isConstraint(type: ts.Type): boolean {
    return this.#isOwn(type) || readTypiaTag(type, this.#checker) !== undefined;
  }

  #isOwn({ symbol }: ts.Type): boolean {
    // Declaration bundlers may add a number to a name that is taken: `Constraint$1`.
    return symbol && /^Constraint(?:\$\d+)?$/.test(symbol.name) ? this.#methodic.declares(symbol) : false;
  }

  /**
   * Checks whether a symbol is an alias such as `Email`, whose comment describes the helper and not
   * the value it is used for.
   */
  isHelper(symbol: ts.Symbol): boolean {
    return (symbol.flags & ts.SymbolFlags.TypeAlias) !== 0 && this.#methodic.declares(symbol);
  }

  /** Narrows the type that the rest of an intersection was read as. */
  constrain(base: BaseType, type: ts.IntersectionType, site: ts.Node): BaseType {
    const { keywords, unread } = this.#readMembers(type, site);
    this.#warnOfUnread("type", type, { names: unread, node: site });
    for (const [keyword] of keywords.flatMap((own) => Object.entries(own))) {
      const subject = subjectOf(keyword);
      if (!mayBe(base, subject))
        throw new UnsupportedTypeError(
          problems.constraintDoesNotFit(constraintName(keyword), base.getName(), subject),
          site,
        );
    }
    const combined = keywords.reduce<Annotations>((all, own) => combineKeywords(all, own), {});
    const contradiction = findContradiction(combined);
    if (contradiction) throw new UnsupportedTypeError(problems.contradictoryConstraints(...contradiction), site);
    return Object.keys(combined).length > 0 ? new AnnotatedType(base, combined, false) : base;
  }

  /** Warns of constraints of an index signature's key: schemas have them for values only. */
  warnOfKey(key: ts.Type, site: ts.Node): void {
    if (!key.isIntersection()) return;
    const { keywords, unread } = this.#readMembers(key, site);
    const names = [...keywords.flatMap((own) => Object.keys(own)), ...unread];
    this.#warnOfUnread("key type", key, { names, node: site });
  }

  #warnOfUnread(
    kind: "type" | "key type",
    type: ts.Type,
    { names, node }: { readonly names: readonly string[]; readonly node: ts.Node },
  ): void {
    const label = type.aliasSymbol?.name ?? this.#checker.typeToString(type);
    if (names.length > 0) this.#warn({ problem: problems.unreadConstraints(kind, label, names), node });
  }

  /** Reads the constraints of an intersection, and the names of those that are not understood. */
  #readMembers(
    type: ts.IntersectionType,
    site: ts.Node,
  ): { readonly keywords: readonly Annotations[]; readonly unread: readonly string[] } {
    const unread: string[] = [];
    const isBigInt = type.types.some(({ flags }) => flags & ts.TypeFlags.BigIntLike);
    // Next to an object type, the same properties are data.
    const hasBrands = type.types.some((member) => isPrimitive(member) || this.#checker.isArrayLikeType(member));
    const keywords = type.types.flatMap((member): Annotations[] => {
      if (this.#isOwn(member)) return this.#keywordsOf(member, site);
      const tag = readTypiaTag(member, this.#checker);
      if (!tag) unread.push(...(hasBrands ? findBrandConstraints(member, this.#checker) : []));
      else if ("unread" in tag) unread.push(tag.unread);
      // A bigint is a text in JSON, so bounds of numbers do not apply.
      else if (isBigInt) unread.push(...Object.keys(tag.keywords).map((keyword) => constraintName(keyword)));
      else return [tag.keywords];
      return [];
    });
    return { keywords, unread };
  }

  #keywordsOf(constraint: ts.Type, site: ts.Node): Annotations[] {
    const [keywords] = this.#checker.getTypeArguments(constraint as ts.TypeReference);
    return this.#checker.getPropertiesOfType(keywords ?? constraint).flatMap((property): Annotations[] => {
      const type = this.#checker.getTypeOfSymbol(property);
      if (type.flags & ts.TypeFlags.Undefined) return [];
      const value = literalValue(type);
      const expected = value === undefined ? "a literal type" : expectedValue(property.name, value);
      if (expected !== undefined)
        throw new UnsupportedTypeError(
          problems.invalidConstraint(property.name, this.#checker.typeToString(type), expected),
          site,
        );
      return [property.name === "type" ? { [INTEGER]: true } : { [property.name]: value }];
    });
  }
}

function subjectOf(keyword: string): ConstraintSubject {
  return constraintSubject(keyword) ?? (keyword === INTEGER ? "number" : "string");
}

function constraintName(keyword: string): string {
  return keyword === INTEGER ? "integer" : keyword;
}

import { AnnotatedType, type Annotations, type BaseType } from "ts-json-schema-generator";
import ts from "typescript";
import { problems } from "../../diagnostics/catalog.ts";
import { combineKeywords, findContradiction } from "./combine-keywords.ts";
import { INTEGER } from "../marks.ts";
import { constraintSubject, expectedValue, mayBe } from "./tag-rules.ts";
import type { DeclaringPackage } from "./declaring-package.ts";
import { UnsupportedTypeError } from "./unsupported-type.ts";

/**
 * Reads the constraint types of `methodic`: the keywords that `Constraint<…>` adds to the types it
 * is intersected with.
 */
export class ConstraintTypes {
  readonly #checker: ts.TypeChecker;
  readonly #methodic: DeclaringPackage;

  constructor(checker: ts.TypeChecker, methodic: DeclaringPackage) {
    this.#checker = checker;
    this.#methodic = methodic;
  }

  /** Checks whether a type is a constraint, as opposed to the type it narrows. */
  isConstraint(type: ts.Type): boolean {
    const { symbol } = type;
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
  constrain(base: BaseType, constraints: readonly ts.Type[], site: ts.Node): BaseType {
    const keywords = constraints.flatMap((type) => this.#keywordsOf(type, site));
    for (const [keyword] of keywords.flatMap((own) => Object.entries(own))) {
      const subject = constraintSubject(keyword) ?? (keyword === INTEGER ? "number" : "string");
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

  #keywordsOf(constraint: ts.Type, site: ts.Node): Annotations[] {
    const [keywords] = this.#checker.getTypeArguments(constraint as ts.TypeReference);
    return this.#checker.getPropertiesOfType(keywords ?? constraint).flatMap((property): Annotations[] => {
      const type = this.#checker.getTypeOfSymbol(property);
      if (type.flags & ts.TypeFlags.Undefined) return [];
      const value = literalOf(type);
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

function constraintName(keyword: string): string {
  return keyword === INTEGER ? "integer" : keyword;
}

function literalOf(type: ts.Type): string | number | boolean | undefined {
  if (type.isStringLiteral() || type.isNumberLiteral()) return type.value;
  if (!(type.flags & ts.TypeFlags.BooleanLiteral)) return undefined;
  return (type as { readonly intrinsicName?: string }).intrinsicName === "true";
}

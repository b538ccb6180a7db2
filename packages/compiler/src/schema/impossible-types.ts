import ts from "typescript";

/** Tells types that have no values: `never`, and whatever cannot do without a part that has none. */
export class ImpossibleTypes {
  readonly #checker: ts.TypeChecker;
  readonly #known = new Map<ts.Type, boolean>();

  constructor(checker: ts.TypeChecker) {
    this.#checker = checker;
  }

  has(type: ts.Type): boolean {
    const known = this.#known.get(type);
    if (known !== undefined) return known;
    // Met again inside itself, a type is judged by what else is in it.
    this.#known.set(type, false);
    const isImpossible = this.#isImpossible(type);
    this.#known.set(type, isImpossible);
    return isImpossible;
  }

  #isImpossible(type: ts.Type): boolean {
    if (isNever(type, this.#checker)) return true;
    if (type.isUnion()) return type.types.every((member) => this.has(member));
    if (!(type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) || this.#checker.isArrayType(type))
      return false;
    if (this.#checker.isTupleType(type)) {
      const { elementFlags } = (type as ts.TupleTypeReference).target;
      return this.#checker
        .getTypeArguments(type as ts.TypeReference)
        .some((element, index) => (elementFlags[index] ?? 0) & ts.ElementFlags.Required && this.has(element));
    }
    return this.#checker
      .getPropertiesOfType(type)
      .filter(({ flags }) => !(flags & ts.SymbolFlags.Optional))
      .some((property) => this.has(this.#checker.getTypeOfSymbol(property)));
  }
}

/** Whether a type is `never`, or an intersection of types that exclude each other, which TypeScript does not always call so. */
export function isNever(type: ts.Type, checker: ts.TypeChecker): boolean {
  return checker.isTypeAssignableTo(type, checker.getNeverType());
}

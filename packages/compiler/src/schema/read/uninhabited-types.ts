import ts from "typescript";

/** Tells types that have no values: `never`, and whatever cannot do without a part that has none. */
export class UninhabitedTypes {
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
    const isUninhabited = this.#isUninhabited(type);
    this.#known.set(type, isUninhabited);
    return isUninhabited;
  }

  #isUninhabited(type: ts.Type): boolean {
    if (isNever(type, this.#checker)) return true;
    if (type.isUnion()) return type.types.every((member) => this.has(member));
    if (type.isIntersection() && type.types.some((member) => isPrimitive(member)))
      return !isBranded(type.types, this.#checker);
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

/** Whether a member of an intersection is no object type. */
export function isPrimitive({ flags }: ts.Type): boolean {
  // `object` adds nothing to an object type, and is no primitive.
  return (flags & (ts.TypeFlags.Object | ts.TypeFlags.NonPrimitive)) === 0;
}

/**
 * Whether the object types beside a primitive are there for the type checker only, as in `string & { __brand: "Id" }`. What no
 * value is ever meant to have is optional, private, keyed by a symbol, called `_…`, or a type's only property and a label: one text,
 * a boolean or a symbol. Anything else is data, which a primitive cannot have.
 */
export function isBranded(members: readonly ts.Type[], checker: ts.TypeChecker): boolean {
  const objects = members.filter((member) => member.flags & ts.TypeFlags.Object);
  return objects.every((object) => {
    const properties = checker.getPropertiesOfType(object);
    const [data] = properties.filter((property) => isDataProperty(property));
    if (!data) return true;
    return properties.length === 1 && isLabel(checker.getTypeOfSymbol(data));
  });
}

function isDataProperty({ name, flags, declarations }: ts.Symbol): boolean {
  // The names of private members and of symbols begin with underscores, too.
  if (flags & ts.SymbolFlags.Optional || name.startsWith("_")) return false;
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
  return !declarations?.some((declaration) => ts.getCombinedModifierFlags(declaration) & hidden);
}

function isLabel({ flags }: ts.Type): boolean {
  return (flags & (ts.TypeFlags.StringLiteral | ts.TypeFlags.BooleanLiteral | ts.TypeFlags.ESSymbolLike)) !== 0;
}

/** Whether a type is `never`, or an intersection of types that exclude each other, which TypeScript does not always call so. */
export function isNever(type: ts.Type, checker: ts.TypeChecker): boolean {
  return checker.isTypeAssignableTo(type, checker.getNeverType());
}

import ts from "typescript";
import { isNeverUndefined } from "./intersections.ts";

/** Finds types without values: `never`, and types with a required part that has no values. */
export class UninhabitedTypes {
  readonly #checker: ts.TypeChecker;
  readonly #known = new Map<ts.Type, boolean>();

  constructor(checker: ts.TypeChecker) {
    this.#checker = checker;
  }

  has(type: ts.Type): boolean {
    const known = this.#known.get(type);
    if (known !== undefined) return known;
    // A type met again inside itself is judged by its other parts.
    this.#known.set(type, false);
    const isUninhabited = this.#isUninhabited(type);
    this.#known.set(type, isUninhabited);
    return isUninhabited;
  }

  /** Checks whether an object type requires a property that has no values. */
  hasRequired(owner: ts.Type, property: ts.Symbol): boolean {
    const type = this.#checker.getTypeOfSymbol(property);
    if (property.flags & ts.SymbolFlags.Optional) return false;
    return this.has(type) || (!type.isUnion() && isNeverUndefined(owner, property, this.#checker));
  }

  #isUninhabited(type: ts.Type): boolean {
    if (isNever(type, this.#checker)) return true;
    if (type.isUnion()) return type.types.every((member) => this.has(member));
    if (type.isIntersection() && type.types.some((member) => isPrimitive(member)))
      return !isBranded(type.types, this.#checker);
    if (isIndexedArray(type, this.#checker)) return true;
    if (!(type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) || this.#checker.isArrayType(type))
      return false;
    if (this.#checker.isTupleType(type)) {
      const { elementFlags } = (type as ts.TupleTypeReference).target;
      return this.#checker
        .getTypeArguments(type as ts.TypeReference)
        .some((element, index) => (elementFlags[index] ?? 0) & ts.ElementFlags.Required && this.has(element));
    }
    return this.#checker.getPropertiesOfType(type).some((property) => this.hasRequired(type, property));
  }
}

/** Checks whether a member of an intersection is a primitive. */
export function isPrimitive({ flags }: ts.Type): boolean {
  // `object` adds nothing to an object type, and is not a primitive.
  return (flags & (ts.TypeFlags.Object | ts.TypeFlags.NonPrimitive)) === 0;
}

/** Checks for an array that would need a string index signature, which arrays do not have. */
export function isIndexedArray(type: ts.Type, checker: ts.TypeChecker): boolean {
  return (
    type.isIntersection() &&
    type.types.some((member) => checker.isArrayLikeType(member)) &&
    type.types.some((member) => {
      const index = checker.getIndexTypeOfType(member, ts.IndexKind.String);
      // Every value fits an index signature with the type `any`.
      return index !== undefined && !(index.flags & ts.TypeFlags.Any);
    })
  );
}

/**
 * Checks whether the object types next to a primitive exist for the type checker only, as in
 * `string & { __brand: "Id" }`. Such a brand has no data: its properties are optional, private,
 * keyed by a symbol or called `_…`, or it has one property with a label as its type: one string, a
 * boolean or a symbol. A primitive cannot have any other properties, and no index signature.
 */
export function isBranded(members: readonly ts.Type[], checker: ts.TypeChecker): boolean {
  const objects = members.filter((member) => member.flags & ts.TypeFlags.Object);
  const isText = members.some((member) => member.flags & ts.TypeFlags.StringLike);
  return objects.every((object) => {
    if (!checker.getIndexInfosOfType(object).every((info) => isBrandIndex(info, isText, checker))) return false;
    const properties = checker.getPropertiesOfType(object);
    const [data] = properties.filter((property) => isDataProperty(property));
    if (!data) return true;
    return properties.length === 1 && isLabel(checker.getTypeOfSymbol(data));
  });
}

/** Checks for an index signature that a primitive fits; the characters of a text have numbers. */
function isBrandIndex({ keyType, type }: ts.IndexInfo, isText: boolean, checker: ts.TypeChecker): boolean {
  if (keyType.flags & ts.TypeFlags.String) return (type.flags & ts.TypeFlags.Any) !== 0;
  const isNumber = (keyType.flags & ts.TypeFlags.Number) !== 0;
  return isNumber && isText && checker.isTypeAssignableTo(checker.getStringType(), type);
}

/** Checks for a required property that is visible to users of a type. */
export function isDataProperty({ name, flags, declarations }: ts.Symbol): boolean {
  // The names of private members and of symbols begin with underscores as well.
  if (flags & ts.SymbolFlags.Optional || name.startsWith("_")) return false;
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
  return !declarations?.some((declaration) => ts.getCombinedModifierFlags(declaration) & hidden);
}

function isLabel({ flags }: ts.Type): boolean {
  return (flags & (ts.TypeFlags.StringLiteral | ts.TypeFlags.BooleanLiteral | ts.TypeFlags.ESSymbolLike)) !== 0;
}

/**
 * Checks whether a type is `never`, or an intersection of types that exclude each other, which
 * TypeScript does not always reduce to `never`.
 */
export function isNever(type: ts.Type, checker: ts.TypeChecker): boolean {
  return checker.isTypeAssignableTo(type, checker.getNeverType());
}

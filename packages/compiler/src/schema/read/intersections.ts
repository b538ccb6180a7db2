import ts from "typescript";

/**
 * Finds the one of several types of a place that is part of all others. TypeScript reduces every
 * intersection with `any` to `any`, but a value must still fit the other types. Returns undefined
 * if no type certainly is part of the others.
 */
export function narrowestOf(types: readonly ts.Type[], checker: ts.TypeChecker): ts.Type | undefined {
  const definite = types.filter((type) => !(type.flags & ts.TypeFlags.Any));
  if (definite.length === 0) return types[0];
  // Every number is assignable to an enum, too.
  const isWider = (other: ts.Type, type: ts.Type): boolean =>
    !checker.isTypeAssignableTo(other, type) ||
    Boolean(type.flags & ts.TypeFlags.EnumLike && other.flags & ts.TypeFlags.Number);
  return definite.find((type) =>
    definite.every((other) => other === type || (checker.isTypeAssignableTo(type, other) && isWider(other, type))),
  );
}

/**
 * Returns the type of a place in an object type, such as a property. If the checker reduced an
 * intersection to `any`, its members decide; undefined if they leave it open.
 * @param typeIn The type of the same place in a member of the intersection
 */
export function typeOfPlace(
  owner: ts.Type,
  reduced: ts.Type,
  { checker, typeIn }: { readonly checker: ts.TypeChecker; readonly typeIn: (member: ts.Type) => ts.Type | undefined },
): ts.Type | undefined {
  if (!owner.isIntersection() || !(reduced.flags & ts.TypeFlags.Any)) return reduced;
  return narrowestOf(
    owner.types.map((member) => typeIn(member)).filter((type) => type !== undefined),
    checker,
  );
}

/**
 * Checks for a required property of an intersection that cannot be undefined, because a member has
 * it as optional (`a?: string`) with exactOptionalPropertyTypes. Its type still has a member for
 * the absence, which is not the type `undefined`.
 */
export function isNeverUndefined(owner: ts.Type, property: ts.Symbol, checker: ts.TypeChecker): boolean {
  if (!owner.isIntersection() || property.flags & ts.SymbolFlags.Optional) return false;
  const type = checker.getTypeOfSymbol(property);
  return (type.isUnion() ? type.types : [type]).some(
    (member) => member.flags & ts.TypeFlags.Undefined && member !== checker.getUndefinedType(),
  );
}

import ts from "typescript";

/**
 * Checks whether a type contains an object type with optional properties only (a weak type).
 * TypeScript rejects a value that has none of them ("no properties in common"), which hints at
 * mistakes and does not follow from the type.
 */
export function containsWeakType(type: ts.Type, checker: ts.TypeChecker): boolean {
  return containsObject(type, checker, (object) => {
    const properties = checker.getPropertiesOfType(object);
    return (
      checker.getIndexInfosOfType(object).length === 0 &&
      properties.length > 0 &&
      properties.every(({ flags }) => flags & ts.SymbolFlags.Optional)
    );
  });
}

/**
 * Checks whether a type contains an object type for which TypeScript accepts arrays, too: one with
 * number keys, or a `Record<string, any>`.
 */
export function acceptsArrays(type: ts.Type, checker: ts.TypeChecker): boolean {
  return containsObject(type, checker, (object) =>
    checker
      .getIndexInfosOfType(object)
      .some((info) => info.keyType.flags & ts.TypeFlags.Number || info.type.flags & ts.TypeFlags.Any),
  );
}

/** Checks whether a type contains an object type of some kind, at any depth. */
function containsObject(root: ts.Type, checker: ts.TypeChecker, isWanted: (object: ts.Type) => boolean): boolean {
  const seen = new Set<ts.Type>();
  const contains = (type: ts.Type): boolean => {
    if (seen.has(type) || seen.size > 500) return false;
    seen.add(type);
    if (type.isUnionOrIntersection() && type.types.some((member) => contains(member))) return true;
    if (!(type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection))) return false;
    if (checker.isTupleType(type) || checker.isArrayType(type))
      return checker.getTypeArguments(type as ts.TypeReference).some((element) => contains(element));
    if (isWanted(type)) return true;
    const properties = checker.getPropertiesOfType(type).map((property) => checker.getTypeOfSymbol(property));
    return [...properties, ...checker.getIndexInfosOfType(type).map((index) => index.type)].some((part) =>
      contains(part),
    );
  };
  return contains(root);
}

import ts from "typescript";

/**
 * Checks whether a type contains an object type with optional properties only (a weak type).
 * TypeScript rejects a value that has none of them ("no properties in common"), which hints at
 * mistakes and does not follow from the type.
 */
export function containsWeakType(type: ts.Type, checker: ts.TypeChecker, seen: Set<ts.Type> = new Set()): boolean {
  if (seen.has(type) || seen.size > 500) return false;
  seen.add(type);
  if (type.isUnionOrIntersection() && type.types.some((member) => containsWeakType(member, checker, seen))) return true;
  if (!(type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection))) return false;
  if (checker.isTupleType(type) || checker.isArrayType(type)) {
    const elements = checker.getTypeArguments(type as ts.TypeReference);
    return elements.some((element) => containsWeakType(element, checker, seen));
  }
  const properties = checker.getPropertiesOfType(type);
  const indexes = checker.getIndexInfosOfType(type);
  if (indexes.length === 0 && properties.length > 0 && properties.every(({ flags }) => flags & ts.SymbolFlags.Optional))
    return true;
  const inside = [
    ...properties.map((property) => checker.getTypeOfSymbol(property)),
    ...indexes.map((index) => index.type),
  ];
  return inside.some((member) => containsWeakType(member, checker, seen));
}

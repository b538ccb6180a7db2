import ts from "typescript";

/**
 * A property of a mapped type. The checker drops the declarations of renamed properties and of
 * those that are not a property of another type; these links are internal.
 */
interface MappedSymbol {
  readonly links?: { readonly keyType?: ts.Type; readonly syntheticOrigin?: ts.Symbol };
}

/** A mapped type. The checker sets the internal `modifiersType` once it knows the properties. */
interface MappedType extends ts.ObjectType {
  readonly declaration?: ts.MappedTypeNode;
  readonly modifiersType?: ts.Type;
}

/** Returns the declarations of a property, also of one that a mapped type renames. */
export function declarationsOf(property: ts.Symbol): readonly ts.Declaration[] {
  const { syntheticOrigin } = (property as MappedSymbol).links ?? {};
  return property.declarations ?? syntheticOrigin?.declarations ?? [];
}

/**
 * Returns the declaration that documents a property of a mapped type without declarations: in
 * `{ [K in "email"]: User[K] }` that of the property, in `Record<Level, string>` that of the enum's
 * member.
 */
export function keyDeclaration(
  owner: ts.Type,
  property: ts.Symbol,
  checker: ts.TypeChecker,
): ts.Declaration | undefined {
  const { type, typeParameter } = mappedOf(owner)?.declaration ?? {};
  const isByKey = type && ts.isIndexedAccessTypeNode(type) && type.indexType.getText() === typeParameter?.name.text;
  const from = isByKey ? checker.getTypeFromTypeNode(type.objectType) : undefined;
  const isOpen = from && from.flags & ts.TypeFlags.TypeParameter;
  const origin = isOpen ? undefined : from?.getProperty(property.name);
  return (origin ?? (property as MappedSymbol).links?.keyType?.symbol)?.declarations?.[0];
}

/** Returns the node of the values of a mapped type, or of the one that it maps. */
export function templateOf(owner: ts.Type): ts.TypeNode | undefined {
  const { declaration, modifiersType } = mappedOf(owner) ?? {};
  if (!declaration?.type) return undefined;
  return ts.isIndexedAccessTypeNode(declaration.type) && modifiersType ? templateOf(modifiersType) : declaration.type;
}

function mappedOf(type: ts.Type): MappedType | undefined {
  const { objectFlags = 0 } = type as ts.ObjectType;
  return objectFlags & ts.ObjectFlags.Mapped ? (type as MappedType) : undefined;
}

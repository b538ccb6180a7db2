import ts from "typescript";

/** The classes that a class extends, nearest first, including those that a mixin returns. */
export function basesOf(node: ts.ClassLikeDeclaration, checker: ts.TypeChecker): ts.ClassLikeDeclaration[] {
  const bases = new Set<ts.ClassLikeDeclaration>([node]);
  for (const current of bases) {
    for (const { symbol } of extendedTypes(current, checker)) {
      const declaration = symbol?.valueDeclaration;
      if (declaration && ts.isClassLike(declaration)) bases.add(declaration);
    }
  }
  bases.delete(node);
  return [...bases];
}

/**
 * Checks whether a class extends something whose members its type does not show, such as the result
 * of a function that returns an interface.
 */
export function hasUnknownBase(node: ts.ClassLikeDeclaration, checker: ts.TypeChecker): boolean {
  const base = extendsClauseOf(node)?.types[0];
  // A mixin's parameter stands for a class that the mixin's result shows.
  if (!base || checker.getTypeAtLocation(base.expression).flags & ts.TypeFlags.TypeParameter) return false;
  return !extendedTypes(node, checker).some(({ symbol }) =>
    symbol?.declarations?.some(
      (declaration) => ts.isClassLike(declaration) || declaration.getSourceFile().hasNoDefaultLib,
    ),
  );
}

function extendsClauseOf(node: ts.ClassLikeDeclaration): ts.HeritageClause | undefined {
  return node.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword);
}

function extendedTypes(node: ts.ClassLikeDeclaration, checker: ts.TypeChecker): readonly ts.Type[] {
  const base = extendsClauseOf(node)?.types[0];
  const type = base && checker.getTypeAtLocation(base);
  return type?.isIntersection() ? type.types : type ? [type] : [];
}

/** The names of a class's own instance members. */
export function memberNames(node: ts.ClassLikeDeclaration): Set<string> {
  const members = node.members.filter((member) => !isStatic(member));
  return new Set(members.flatMap(({ name }) => (name ? [memberName(name)] : [])));
}

/** Checks whether a member belongs to the class itself and not to its instances. */
export function isStatic(member: ts.ClassElement): boolean {
  return (ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Static) !== 0;
}

/** The name of a class member; the text of a computed one. */
export function memberName(name: ts.PropertyName): string {
  if (!ts.isComputedPropertyName(name)) return name.text;
  return ts.isStringLiteralLike(name.expression) ? name.expression.text : name.getText();
}

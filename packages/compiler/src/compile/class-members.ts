import ts from "typescript";

/** The classes that a class extends, nearest first, including those that a mixin returns. */
export function basesOf(node: ts.ClassLikeDeclaration, checker: ts.TypeChecker): ts.ClassLikeDeclaration[] {
  const bases = new Set<ts.ClassLikeDeclaration>([node]);
  for (const current of bases) {
    const clause = current.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword);
    const type = clause?.types[0] && checker.getTypeAtLocation(clause.types[0]);
    for (const { symbol } of type?.isIntersection() ? type.types : type ? [type] : []) {
      const declaration = symbol?.valueDeclaration;
      if (declaration && ts.isClassLike(declaration)) bases.add(declaration);
    }
  }
  bases.delete(node);
  return [...bases];
}

/** The names of a class's own instance members. */
export function memberNames(node: ts.ClassLikeDeclaration): Set<string> {
  const members = node.members.filter(
    (member) => (ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Static) === 0,
  );
  return new Set(members.flatMap(({ name }) => (name ? [memberName(name)] : [])));
}

/** The name of a class member; the text of a computed one. */
export function memberName(name: ts.PropertyName): string {
  if (!ts.isComputedPropertyName(name)) return name.text;
  return ts.isStringLiteralLike(name.expression) ? name.expression.text : name.getText();
}

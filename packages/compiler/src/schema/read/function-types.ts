import ts from "typescript";
import { symbolNamed } from "./documented-nodes.ts";
import type { TypeReaderDeps } from "./reader-deps.ts";

/**
 * Finds the signature of a function type that a node names: `typeof f`, `Service["find"]`, a
 * function type or an alias of one, or `typeof Class` for its constructor. Undefined for overloads,
 * generic functions, and those of packages.
 */
export function findSignature(
  node: ts.TypeNode,
  deps: Pick<TypeReaderDeps, "checker" | "descriptions">,
): ts.SignatureDeclaration | undefined {
  const found = ts.isFunctionTypeNode(node) ? node : signatureOf(symbolOf(node, deps.checker));
  return found && !found.typeParameters && !deps.descriptions.isForeign(found) ? found : undefined;
}

/** Returns the number that an indexed access names. */
export function literalIndex(node: ts.TypeNode): number | undefined {
  const literal = ts.isLiteralTypeNode(node) ? node.literal : undefined;
  return literal && ts.isNumericLiteral(literal) ? Number(literal.text) : undefined;
}

function symbolOf(node: ts.TypeNode, checker: ts.TypeChecker): ts.Symbol | undefined {
  if (ts.isParenthesizedTypeNode(node)) return symbolOf(node.type, checker);
  if (ts.isTypeQueryNode(node)) return symbolNamed(node.exprName, checker);
  if (ts.isTypeReferenceNode(node)) return node.typeArguments ? undefined : symbolNamed(node.typeName, checker);
  const key =
    ts.isIndexedAccessTypeNode(node) && ts.isLiteralTypeNode(node.indexType) ? node.indexType.literal : undefined;
  if (!key || !ts.isStringLiteral(key)) return undefined;
  return checker.getTypeFromTypeNode((node as ts.IndexedAccessTypeNode).objectType).getProperty(key.text);
}

function signatureOf(symbol: ts.Symbol | undefined): ts.SignatureDeclaration | undefined {
  const [declaration, ...others] = symbol?.declarations ?? [];
  if (!declaration || others.length > 0) return undefined;
  if (ts.isClassDeclaration(declaration)) {
    const [constructor, ...overloads] = declaration.members.filter((member) => ts.isConstructorDeclaration(member));
    return overloads.length === 0 ? constructor : undefined;
  }
  if (ts.isFunctionDeclaration(declaration) || ts.isMethodDeclaration(declaration) || ts.isMethodSignature(declaration))
    return declaration;
  const { type, initializer } = declaration as { readonly type?: ts.TypeNode; readonly initializer?: ts.Expression };
  if (type) return ts.isFunctionTypeNode(type) ? type : undefined;
  return initializer && (ts.isArrowFunction(initializer) || ts.isFunctionExpression(initializer))
    ? initializer
    : undefined;
}

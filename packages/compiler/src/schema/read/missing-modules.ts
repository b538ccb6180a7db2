import ts from "typescript";
import { type Problem, problems } from "../../diagnostics/catalog.ts";

/** Describes a type that TypeScript does not know, at the node that names it. */
export function unresolved(type: string, node: ts.Node, checker: ts.TypeChecker): Problem {
  return problems.unresolvedType(type, findMissingModule(node, checker));
}

/**
 * Finds the module that a name in a type is imported from, but that is not there, such as a peer
 * dependency that is not installed. With `skipLibCheck`, TypeScript does not report it.
 */
function findMissingModule(node: ts.Node, checker: ts.TypeChecker): string | undefined {
  const visit = (part: ts.Node): string | undefined => {
    if (ts.isImportTypeNode(part) && ts.isLiteralTypeNode(part.argument)) {
      const missing = missingModule(part.argument.literal, checker);
      if (missing !== undefined) return missing;
    }
    return ts.isIdentifier(part) ? missingOrigin(part, checker) : ts.forEachChild(part, visit);
  };
  return visit(node);
}

/** Follows a name through imports and exports. */
function missingOrigin(name: ts.Identifier, checker: ts.TypeChecker): string | undefined {
  let symbol = checker.getSymbolAtLocation(name);
  while (symbol && symbol.flags & ts.SymbolFlags.Alias) {
    const [declaration] = symbol.declarations ?? [];
    const statement = declaration && ts.findAncestor(declaration, (node) => ts.isStatement(node));
    const specifier =
      statement && (ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement))
        ? statement.moduleSpecifier
        : undefined;
    const missing = specifier && missingModule(specifier, checker);
    if (missing !== undefined) return missing;
    symbol = checker.getImmediateAliasedSymbol(symbol);
  }
  return undefined;
}

function missingModule(specifier: ts.Expression, checker: ts.TypeChecker): string | undefined {
  return ts.isStringLiteral(specifier) && !checker.getSymbolAtLocation(specifier) ? specifier.text : undefined;
}

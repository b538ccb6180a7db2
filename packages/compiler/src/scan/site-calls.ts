import ts from "typescript";
import { SITE_FUNCTIONS, type SiteFunction } from "../manifest.ts";
import { unwrap } from "./constants.ts";
import type { MethodicSymbols } from "./methodic-symbols.ts";

/** A call of one of {@link SITE_FUNCTIONS}. */
export interface FoundCall {
  readonly callee: SiteFunction;
  readonly node: ts.CallExpression;
}

/** Finds the calls of a file that may get data of the compiler, in source order. */
export function findSiteCalls(file: ts.SourceFile, checker: ts.TypeChecker, symbols: MethodicSymbols): FoundCall[] {
  if (!SITE_FUNCTIONS.some((name) => file.text.includes(name))) return [];
  const aliases = readAliases(file);
  const found: FoundCall[] = [];
  const visit = (node: ts.Node): void => {
    const name = ts.isCallExpression(node) ? calleeName(node) : undefined;
    const callee = name === undefined ? undefined : aliases.get(name);
    if (callee && isCallOf(callee, node as ts.CallExpression, { checker, symbols }))
      found.push({ callee, node: node as ts.CallExpression });
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** Checks whether a file that is only parsed may have such calls. */
export function mayHaveSiteCalls(file: ts.SourceFile): boolean {
  const aliases = readAliases(file);
  const visit = (node: ts.Node): boolean => {
    const name = ts.isCallExpression(node) ? calleeName(node) : undefined;
    return (name !== undefined && aliases.has(name)) || (ts.forEachChild(node, visit) ?? false);
  };
  return visit(file);
}

/** Returns the functions by the names that a file has for them. */
function readAliases(file: ts.SourceFile): ReadonlyMap<string, SiteFunction> {
  const aliases = new Map<string, SiteFunction>(SITE_FUNCTIONS.map((name) => [name, name]));
  const visit = (node: ts.Node): void => {
    // `import { config as readConfig }` and `const { elicit: ask } = ctx`.
    if ((ts.isImportSpecifier(node) || ts.isBindingElement(node)) && node.propertyName) {
      const { propertyName, name } = node;
      const target = "text" in propertyName ? SITE_FUNCTIONS.find((each) => each === propertyName.text) : undefined;
      if (target && ts.isIdentifier(name)) aliases.set(name.text, target);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return aliases;
}

/** Returns the last name of a callee: `config` in `methodic.config<AppConfig>()`. */
function calleeName({ expression }: ts.CallExpression): string | undefined {
  const callee = unwrap(expression);
  if (ts.isIdentifier(callee)) return callee.text;
  return ts.isPropertyAccessExpression(callee) ? callee.name.text : undefined;
}

function isCallOf(
  callee: SiteFunction,
  node: ts.CallExpression,
  { checker, symbols }: { readonly checker: ts.TypeChecker; readonly symbols: MethodicSymbols },
): boolean {
  const declaration = checker.getResolvedSignature(node)?.declaration;
  const name = declaration && ts.getNameOfDeclaration(declaration as ts.Declaration);
  const symbol = name && checker.getSymbolAtLocation(name);
  // Declaration bundlers may add a number to a name that is taken: `config$1`.
  if (!declaration || symbol?.name.replace(/\$\d+$/, "") !== callee || !symbols.declares(symbol)) return false;
  return (
    callee !== "elicit" || (ts.isInterfaceDeclaration(declaration.parent) && declaration.parent.name.text === "Context")
  );
}

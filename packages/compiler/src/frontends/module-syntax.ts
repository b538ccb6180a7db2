import ts from "typescript";

/** What can be seen of a module without a program and without types. */
export interface ModuleSyntax {
  readonly hasDecorators: boolean;
  /** It has a class that extends another, which may inherit decorated methods from elsewhere. */
  readonly hasDerivedClasses: boolean;
}

/** Looks at a module's text, to spare modules that have nothing of ours the cost of a program. */
export function readModuleSyntax(fileName: string, text: string): ModuleSyntax {
  const found = { hasDecorators: false, hasDerivedClasses: false };
  if (!text.includes("@") && !/\bextends\b/.test(text)) return found;
  const visit = (node: ts.Node): void => {
    if (ts.isDecorator(node)) found.hasDecorators = true;
    else if (ts.isClassLike(node)) found.hasDerivedClasses ||= node.heritageClauses?.some(isExtends) ?? false;
    ts.forEachChild(node, visit);
  };
  const scriptKind = fileName.endsWith(".tsx") ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const options = { languageVersion: ts.ScriptTarget.Latest, jsDocParsingMode: ts.JSDocParsingMode.ParseNone };
  visit(ts.createSourceFile(fileName, text, options, false, scriptKind));
  return found;
}

function isExtends(clause: ts.HeritageClause): boolean {
  return clause.token === ts.SyntaxKind.ExtendsKeyword;
}

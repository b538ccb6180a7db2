import ts from "typescript";

/** Whether a module has a decorator anywhere. Looks at the text alone: no program, no types. */
export function hasDecorators(fileName: string, text: string): boolean {
  if (!text.includes("@")) return false;
  const scriptKind = fileName.endsWith(".tsx") ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const find = (node: ts.Node): boolean =>
    ts.isDecorator(node) || (ts.forEachChild(node, (child) => find(child) || undefined) ?? false);
  return find(
    ts.createSourceFile(
      fileName,
      text,
      { languageVersion: ts.ScriptTarget.Latest, jsDocParsingMode: ts.JSDocParsingMode.ParseNone },
      false,
      scriptKind,
    ),
  );
}

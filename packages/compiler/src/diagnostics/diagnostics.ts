import ts from "typescript";

/**
 * A problem found while compiling, as data. Positions are 1-based and point into the author's source.
 */
export interface Diagnostic extends Span {
  /** For example `MTD121`; documented in `docs/diagnostics.md`. TypeScript's own problems have their `TSnnnn` code. */
  readonly code: string;
  readonly severity: "error" | "warning";
  /** What is wrong, beginning with `Class.method: ` where it concerns a method. */
  readonly message: string;
  /** What to do instead. */
  readonly hint?: string;
  /** Other places that have to do with it, such as where the type of a parameter is declared. */
  readonly related?: readonly RelatedPlace[];
}

/** A place that a diagnostic has to do with, and what is there. */
export interface RelatedPlace extends Span {
  readonly message: string;
}

/** A stretch of a source file. */
export interface Span extends Position {
  /** The line of the first character after it. Absent where only the beginning is known. */
  readonly endLine?: number;
  /** The column of the first character after it. */
  readonly endColumn?: number;
}

/** A place in a source file as diagnostics name it. */
export interface Position {
  /** Path relative to the project's root, with forward slashes. Empty for problems that lie in no file. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Whether any of the diagnostics is an error, as opposed to a warning. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === "error");
}

/** Brings diagnostics into a stable order, by file, position and code, and drops exact repetitions. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Set<string>();
  return diagnostics
    .filter((diagnostic) => {
      const key = JSON.stringify(diagnostic);
      return !seen.has(key) && seen.add(key);
    })
    .sort(
      (a, b) =>
        compareText(a.file, b.file) ||
        a.line - b.line ||
        a.column - b.column ||
        compareText(a.code, b.code) ||
        compareText(a.message, b.message),
    );
}

/** Orders text by code unit: the same on every machine, whatever its locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** Where a node is, as diagnostics name it: relative to the root, 1-based. */
export function spanOf(node: ts.Node, root: string): Span {
  const sourceFile = node.getSourceFile();
  return spanBetween(sourceFile, { start: node.getStart(sourceFile), end: node.getEnd() }, root);
}

function spanBetween(sourceFile: ts.SourceFile, range: { start: number; end: number }, root: string): Span {
  const end = positionAt(sourceFile, range.end, root);
  return { ...positionAt(sourceFile, range.start, root), endLine: end.line, endColumn: end.column };
}

/** The position of an offset as diagnostics name it: relative to the root, 1-based. */
export function positionAt(sourceFile: ts.SourceFile, offset: number, root: string): Position {
  const { line, character } = sourceFile.getLineAndCharacterOfPosition(offset);
  return { file: relativePath(root, sourceFile.fileName), line: line + 1, column: character + 1 };
}

/** The path from the root to a file, with forward slashes, whatever the working directory is. */
export function relativePath(root: string, fileName: string): string {
  const from = root.split("/").filter(Boolean);
  const to = fileName.replaceAll("\\", "/").split("/").filter(Boolean);
  let shared = 0;
  while (shared < from.length && shared < to.length && from[shared] === to[shared]) shared++;
  return [...from.slice(shared).map(() => ".."), ...to.slice(shared)].join("/");
}

/** TypeScript's own diagnostic in our form: code `TSnnnn`, same position. */
export function fromTypeScript(diagnostic: ts.Diagnostic, root: string): Diagnostic {
  const related = diagnostic.relatedInformation?.map((information) => ({
    ...spanOfTypeScript(information, root),
    message: ts.flattenDiagnosticMessageText(information.messageText, "\n"),
  }));
  return {
    code: `TS${diagnostic.code}`,
    severity: diagnostic.category === ts.DiagnosticCategory.Error ? "error" : "warning",
    ...spanOfTypeScript(diagnostic, root),
    message: ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n"),
    ...(related && related.length > 0 && { related }),
  };
}

function spanOfTypeScript({ file, start, length = 0 }: ts.DiagnosticRelatedInformation, root: string): Span {
  return file && start !== undefined
    ? spanBetween(file, { start, end: start + length }, root)
    : { file: "", line: 1, column: 1 };
}

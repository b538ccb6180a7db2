import ts from "typescript";
import type { Problem } from "./catalog.ts";

/**
 * A problem found while compiling, as plain data. Positions are 1-based and point into the
 * author's source.
 */
export interface Diagnostic extends Span {
  /**
   * The code, such as `MTD121`, documented in `docs/diagnostics.md`. TypeScript's own problems have
   * their `TSnnnn` code.
   */
  readonly code: string;
  readonly severity: "error" | "warning";
  /** The problem, prefixed with `Class.method: ` where it concerns a method. */
  readonly message: string;
  /** Advice on what to do instead. */
  readonly hint?: string;
  /** Other places that the problem involves, such as the declaration of a parameter's type. */
  readonly related?: readonly RelatedPlace[];
}

/** A place that a diagnostic refers to, with an explanation. */
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

/** A place in a source file, as diagnostics name it. */
export interface Position {
  /**
   * Path relative to the project's root, with forward slashes. Empty for problems that do not lie
   * in a file.
   */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A problem at a node. */
export interface LocatedProblem {
  readonly problem: Problem;
  readonly node: ts.Node;
  /** The offset of the problem, if it is not the node's start. */
  readonly start?: number;
  /** The declaration of the type that is at fault, if it is in another file. */
  readonly declaredAt?: ts.Node;
}

/**
 * Creates a diagnostic from a problem at a node.
 * @param subject The method it concerns, as `Class.method`
 */
export function locate(located: LocatedProblem, root: string, subject?: string): Diagnostic {
  const { problem, node, start, declaredAt } = located;
  const { code, severity, text, hint } = problem;
  const prefix = subject === undefined ? "" : `${subject}: `;
  return {
    code,
    severity,
    ...(start === undefined ? spanOf(node, root) : positionAt(node.getSourceFile(), start, root)),
    message: `${prefix}${text}`,
    hint,
    ...(declaredAt && { related: [{ ...spanOf(declaredAt, root), message: "It is declared here." }] }),
  };
}

/** Creates a diagnostic from a problem that does not lie in a file. */
export function unlocated({ code, severity, text, hint }: Problem): Diagnostic {
  return { code, severity, file: "", line: 1, column: 1, message: text, hint };
}

/** Creates a diagnostic from one of TypeScript's: same position, code `TSnnnn`. */
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

/** Names the place of a node within a message. */
export function describePlace(node: ts.Node, root: string): string {
  const { file, line, column } = spanOf(node, root);
  // The folder of installed packages differs between machines; the part after the last node_modules
  // does not.
  return `${file.split("/node_modules/").at(-1)}:${line}:${column}`;
}

/** Checks whether any of the diagnostics is an error, as opposed to a warning. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === "error");
}

/** Sorts diagnostics by file, position, code and message, and removes exact duplicates. */
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

/** Orders text by code unit: the same on every machine, in every locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** The path from the root to a file, with forward slashes. Independent of the working directory. */
export function relativePath(root: string, fileName: string): string {
  const from = root.split("/").filter(Boolean);
  const to = fileName.replaceAll("\\", "/").split("/").filter(Boolean);
  let shared = 0;
  while (shared < from.length && shared < to.length && from[shared] === to[shared]) shared++;
  return [...from.slice(shared).map(() => ".."), ...to.slice(shared)].join("/");
}

function spanOf(node: ts.Node, root: string): Span {
  const sourceFile = node.getSourceFile();
  return spanBetween(sourceFile, { start: node.getStart(sourceFile), end: node.getEnd() }, root);
}

function spanOfTypeScript({ file, start, length = 0 }: ts.DiagnosticRelatedInformation, root: string): Span {
  return file && start !== undefined
    ? spanBetween(file, { start, end: start + length }, root)
    : { file: "", line: 1, column: 1 };
}

function spanBetween(sourceFile: ts.SourceFile, range: { start: number; end: number }, root: string): Span {
  const end = positionAt(sourceFile, range.end, root);
  return { ...positionAt(sourceFile, range.start, root), endLine: end.line, endColumn: end.column };
}

function positionAt(sourceFile: ts.SourceFile, offset: number, root: string): Position {
  const { line, character } = sourceFile.getLineAndCharacterOfPosition(offset);
  return { file: relativePath(root, sourceFile.fileName), line: line + 1, column: character + 1 };
}

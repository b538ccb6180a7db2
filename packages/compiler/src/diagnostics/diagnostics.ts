import ts from "typescript";

/**
 * A problem found while compiling, as data. Positions are 1-based and point into the author's source.
 */
export interface Diagnostic {
  /** For example `MCP121`; documented in `docs/diagnostics.md`. TypeScript's own problems have their `TSnnnn` code. */
  readonly code: string;
  readonly severity: "error" | "warning";
  /** Path relative to the project's root, with forward slashes. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** What is wrong, beginning with `Class.method: ` where it concerns a method. */
  readonly message: string;
  /** What to do instead. */
  readonly hint?: string;
}

/** How {@link formatDiagnostic} prints. */
export interface FormatOptions {
  /** Finds the text of a file by the diagnostic's path, for a code frame. Without it, or where it returns nothing, there is no frame. */
  readonly readSource?: (file: string) => string | undefined;
  /** ANSI colours. Default false. */
  readonly color?: boolean;
}

/** A place in a source file as diagnostics name it. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/**
 * Prints a diagnostic the way tsc does: `src/notes.ts:2:12 - error MCP121: S.m: …`, its hint on the same line,
 * and a code frame below it when the source is at hand.
 */
export function formatDiagnostic(diagnostic: Diagnostic, options: FormatOptions = {}): string {
  const paint = options.color ? colored : plain;
  const place = diagnostic.file
    ? `${paint("cyan", diagnostic.file)}:${paint("yellow", String(diagnostic.line))}:${paint("yellow", String(diagnostic.column))} - `
    : "";
  const severity = paint(diagnostic.severity === "error" ? "red" : "yellow", diagnostic.severity);
  const text = diagnostic.hint ? `${diagnostic.message} ${diagnostic.hint}` : diagnostic.message;
  const frame = codeFrame(diagnostic, options.readSource?.(diagnostic.file));
  return `${place}${severity} ${paint("grey", `${diagnostic.code}:`)} ${text}${frame}`;
}

/** Prints diagnostics one after the other, with an empty line between those that have a code frame. */
export function formatDiagnostics(diagnostics: readonly Diagnostic[], options: FormatOptions = {}): string {
  return diagnostics
    .map((diagnostic) => formatDiagnostic(diagnostic, options))
    .join(options.readSource ? "\n\n" : "\n");
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

/** The position of a node as diagnostics name it: relative to the root, 1-based. */
export function positionOf(node: ts.Node, root: string): Position {
  const sourceFile = node.getSourceFile();
  return positionAt(sourceFile, node.getStart(sourceFile), root);
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
  const position =
    diagnostic.file && diagnostic.start !== undefined
      ? positionAt(diagnostic.file, diagnostic.start, root)
      : { file: "", line: 1, column: 1 };
  return {
    code: `TS${diagnostic.code}`,
    severity: diagnostic.category === ts.DiagnosticCategory.Error ? "error" : "warning",
    ...position,
    message: ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n"),
  };
}

type Paint = (color: keyof typeof COLORS, text: string) => string;

const COLORS = { red: 91, yellow: 93, cyan: 96, grey: 90 } as const;
const colored: Paint = (color, text) => `\u001b[${COLORS[color]}m${text}\u001b[0m`;
const plain: Paint = (_color, text) => text;

function codeFrame(diagnostic: Diagnostic, source: string | undefined): string {
  const line = source?.split(/\r?\n/)[diagnostic.line - 1];
  if (line === undefined) return "";
  const number = String(diagnostic.line);
  // Tabs are kept in the marker line, so that the mark stands below its column at any tab width.
  const indent = line.slice(0, diagnostic.column - 1).replaceAll(/[^\t]/g, " ");
  return `\n\n${number} | ${line}\n${" ".repeat(number.length)} | ${indent}^`;
}

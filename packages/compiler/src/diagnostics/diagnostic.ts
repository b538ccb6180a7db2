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

/** A range of a source file. */
export interface Span extends Position {
  /** The line of the first character after it. Absent where only the beginning is known. */
  readonly endLine?: number;
  /** The column of the first character after it. */
  readonly endColumn?: number;
}

/** A position in a source file. */
export interface Position {
  /**
   * Path relative to the project's root, with forward slashes. Empty for problems that do not lie
   * in a file.
   */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Checks whether any of the diagnostics is an error, as opposed to a warning. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === "error");
}

/** Sorts diagnostics by file, position, code and message, and removes duplicates. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Set<string>();
  return [...diagnostics]
    .sort(
      (a, b) =>
        compareText(a.file, b.file) ||
        a.line - b.line ||
        a.column - b.column ||
        compareText(a.code, b.code) ||
        compareText(a.message, b.message),
    )
    .filter((diagnostic) => {
      const key = keyOf(diagnostic);
      return !seen.has(key) && seen.add(key);
    });
}

/** Returns the key of a diagnostic. Problems of a type are reported at its first use only. */
function keyOf(diagnostic: Diagnostic): string {
  const { code, message, related: [declaration = diagnostic] = [] } = diagnostic;
  if (code === "MTD210") return JSON.stringify([message, declaration.file, declaration.line, declaration.column]);
  return code === "MTD230" ? message : JSON.stringify(diagnostic);
}

/** Orders text by code unit: the same on every machine, in every locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** Writes a path with forward slashes, as TypeScript and diagnostics do on every system. */
export function toPosix(fileName: string): string {
  return fileName.replaceAll("\\", "/");
}

/** The path from the root to a file, with forward slashes. Independent of the working directory. */
export function relativePath(root: string, fileName: string): string {
  const from = root.split("/").filter(Boolean);
  const to = toPosix(fileName).split("/").filter(Boolean);
  let shared = 0;
  while (shared < from.length && shared < to.length && from[shared] === to[shared]) shared++;
  return [...from.slice(shared).map(() => ".."), ...to.slice(shared)].join("/");
}

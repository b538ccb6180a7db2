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

import { readFileSync } from "node:fs";
import path from "node:path";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { formatDiagnostic, formatFrames } from "../diagnostics/format.ts";
import type { TransformedModule } from "./module-transform.ts";

/** A diagnostic in the form that bundlers accept. */
export interface BundlerProblem {
  /** The message as tsc prints it, location included. */
  readonly message: string;
  readonly code: string;
  /** The location: `line` is 1-based, `column` 0-based, `file` absolute. */
  readonly location: { readonly file: string; readonly line: number; readonly column: number } | undefined;
  /** The source lines around the location; empty if they cannot be read. */
  readonly frame: string;
}

/** Returns a module's problems of one severity. */
export function toBundlerProblems(
  { diagnostics, root }: Pick<TransformedModule, "diagnostics" | "root">,
  severity: Diagnostic["severity"],
): BundlerProblem[] {
  return diagnostics
    .filter((diagnostic) => diagnostic.severity === severity)
    .map((diagnostic) => {
      const { code, file, line, column } = diagnostic;
      const readSource = (name: string): string | undefined => readIfPossible(path.resolve(root, name));
      return {
        message: formatDiagnostic(diagnostic),
        code,
        location: file === "" ? undefined : { file: path.resolve(root, file), line, column: column - 1 },
        frame: formatFrames(diagnostic, { readSource }).trim(),
      };
    });
}

function readIfPossible(fileName: string): string | undefined {
  try {
    return readFileSync(fileName, "utf8");
  } catch {
    return undefined;
  }
}

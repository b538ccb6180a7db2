import { readFileSync } from "node:fs";
import path from "node:path";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { formatDiagnostic, formatFrames } from "../diagnostics/format.ts";
import type { TransformedModule } from "./transform.ts";

/** What is wrong with a module, in the terms of bundlers. */
export interface BundlerProblem {
  /** As tsc prints it, place included. */
  readonly message: string;
  readonly code: string;
  /** `line` counts from 1, `column` from 0; the file is absolute. */
  readonly location: { readonly file: string; readonly line: number; readonly column: number } | undefined;
  /** The lines of the source around the place, if they can be read. */
  readonly frame: string;
}

/** The problems of a module of one kind. */
export function problemsOf(
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

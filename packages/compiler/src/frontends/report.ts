import { readFileSync } from "node:fs";
import path from "node:path";
import { formatDiagnostics, type Diagnostic } from "../diagnostics.ts";

/** Where a report goes, as far as its looks depend on it. */
export interface ReportTarget {
  /** ANSI colours and code frames: for people, not for logs. */
  readonly color: boolean;
}

/** Writes diagnostics as lines of text that end with a count: what every front end shows. */
export function reportDiagnostics(diagnostics: readonly Diagnostic[], root: string, target: ReportTarget): string {
  const readSource = (file: string): string | undefined => {
    try {
      return readFileSync(path.resolve(root, file), "utf8");
    } catch {
      return undefined;
    }
  };
  const list = formatDiagnostics(diagnostics, target.color ? { color: true, readSource } : {});
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === "error").length;
  const warnings = diagnostics.length - errors;
  const counts = [errors > 0 && plural(errors, "error"), warnings > 0 && plural(warnings, "warning")].filter(Boolean);
  return diagnostics.length === 0 ? "" : `${list}\n\nFound ${counts.join(" and ")}.\n`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

import { readFileSync } from "node:fs";
import path from "node:path";
import { formatDiagnostics, type Diagnostic } from "../diagnostics/diagnostics.ts";

/** Where a report goes, as far as its looks depend on it. */
export interface ReportTarget {
  /** ANSI colours and code frames: for people, not for logs. */
  readonly color: boolean;
}

/** Writes diagnostics as lines of text that end with a count: what every front end shows. Paths are relative to the working directory. */
export function reportDiagnostics(diagnostics: readonly Diagnostic[], root: string, target: ReportTarget): string {
  if (diagnostics.length === 0) return "";
  const placed = diagnostics.map((diagnostic) => placeFromHere(diagnostic, root));
  const list = formatDiagnostics(placed, target.color ? { color: true, readSource } : {});
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === "error").length;
  const warnings = diagnostics.length - errors;
  const counts = [errors > 0 && plural(errors, "error"), warnings > 0 && plural(warnings, "warning")].filter(Boolean);
  return `${list}\n\nFound ${counts.join(" and ")}.\n`;
}

/** Diagnostics name files from their project's root; a path that a terminal can open starts where the person is. */
function placeFromHere(diagnostic: Diagnostic, root: string): Diagnostic {
  if (diagnostic.file === "") return diagnostic;
  return { ...diagnostic, file: path.relative("", path.resolve(root, diagnostic.file)).replaceAll("\\", "/") };
}

function readSource(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

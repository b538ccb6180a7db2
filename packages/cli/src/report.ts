import process from "node:process";
import { reportDiagnostics, wantsColor, type Diagnostic, type ReportFormat } from "@methodic/compiler/cached";

/** The option that several commands have. */
export interface ReportFlags {
  /** Default: `pretty` on a terminal, else `text`. */
  readonly format?: ReportFormat;
}

/** Writes diagnostics to stderr in the form that was asked for. */
export function report(diagnostics: readonly Diagnostic[], root: string, { format }: ReportFlags): void {
  const chosen = format ?? (wantsColor(process.stderr) ? "pretty" : "text");
  process.stderr.write(reportDiagnostics(diagnostics, root, { format: chosen }));
}

/** Writes a line for people, which a program that reads a JSON report must not meet. */
export function say(line: string, { format }: ReportFlags): void {
  if (format !== "json") process.stderr.write(`${line}\n`);
}

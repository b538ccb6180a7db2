import { readFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { formatDiagnostics, fullMessage } from "./format.ts";
import { type Diagnostic, type Span, toPosix } from "./diagnostic.ts";

/**
 * The form of a report:
 * - `text`: one line per diagnostic, as tsc writes to a log, and a count
 * - `pretty`: the same in ANSI colors, with code frames
 * - `json`: one JSON document `{ version: 1, errors, warnings, diagnostics: […] }` on one line,
 *   even if there are no diagnostics
 * - `github`: workflow commands of GitHub Actions, which annotate the changed files, and a count
 */
export type ReportFormat = "text" | "pretty" | "json" | "github";

/** Options of {@link reportDiagnostics}. */
export interface ReportOptions {
  readonly format: ReportFormat;
}

/** Version of the JSON report. Increased by changes that would mislead readers of the old form. */
const REPORT_VERSION = 1;

/** Writes diagnostics as text. Their paths become relative to the working directory. */
export function reportDiagnostics(diagnostics: readonly Diagnostic[], root: string, { format }: ReportOptions): string {
  const placed = diagnostics.map((diagnostic) => ({
    ...placeFromHere(diagnostic, root),
    ...(diagnostic.related && { related: diagnostic.related.map((place) => placeFromHere(place, root)) }),
  }));
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === "error").length;
  const warnings = diagnostics.length - errors;
  if (format === "json")
    return `${JSON.stringify({ version: REPORT_VERSION, errors, warnings, diagnostics: placed })}\n`;
  if (diagnostics.length === 0) return "";
  const counts = [errors > 0 && plural(errors, "error"), warnings > 0 && plural(warnings, "warning")].filter(Boolean);
  return `${formatList(placed, format)}\n\nFound ${counts.join(" and ")}.\n`;
}

function formatList(diagnostics: readonly Diagnostic[], format: Exclude<ReportFormat, "json">): string {
  if (format === "github") return diagnostics.map((diagnostic) => workflowCommand(diagnostic)).join("\n");
  return formatDiagnostics(diagnostics, format === "pretty" ? { color: true, readSource } : {});
}

/** Makes a place relative to the working directory, so that a terminal can open its path. */
function placeFromHere<T extends Span>(place: T, root: string): T {
  if (place.file === "") return place;
  return { ...place, file: toPosix(path.relative(process.cwd(), path.resolve(root, place.file))) };
}

/**
 * Writes an `error` or `warning` command:
 * https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */
function workflowCommand(diagnostic: Diagnostic): string {
  const { severity, file, line, column, endLine, endColumn, code } = diagnostic;
  const place = file === "" ? {} : { file, line, col: column, ...(endLine === line && { endColumn }) };
  const properties = Object.entries({ ...place, title: code }).map(
    ([name, value]) => `${name}=${escapeProperty(value)}`,
  );
  return `::${severity} ${properties.join(",")}::${escapeData(fullMessage(diagnostic))}`;
}

function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(value: string | number | undefined): string {
  return escapeData(String(value)).replaceAll(":", "%3A").replaceAll(",", "%2C");
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

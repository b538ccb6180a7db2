import { reportDiagnostics, wantsColor, type Diagnostic, type ReportFormat } from "@methodic/compiler/cached";
import process from "node:process";

/** A reader that has seen enough, such as `| head`, is no error: the command ends there, without a word and with the exit code it has. */
export function endQuietlyOnBrokenPipe(): void {
  for (const stream of [process.stdout, process.stderr]) {
    if (!stream.listeners("error").includes(onStreamError)) stream.on("error", onStreamError);
  }
}

function onStreamError(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
  process.exit();
}

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

/** Counts that commands report. */
export interface ServiceCounts {
  readonly services: number;
  readonly tools: number;
  readonly resources: number;
  readonly prompts: number;
}

/** Words counts: `2 services: 5 tools, 1 resource`. */
export function countServices({ services, tools, resources, prompts }: ServiceCounts): string {
  const parts = [count(tools, "tool"), count(resources, "resource"), count(prompts, "prompt")].filter(
    (part) => part !== undefined,
  );
  return [count(services, "service") ?? "no services", ...(parts.length > 0 ? [parts.join(", ")] : [])].join(": ");
}

/** Words how many files were written: `Wrote 2 files.` */
export function countWritten(files: readonly string[]): string {
  return `Wrote ${count(files.length, "file") ?? "no files"}.`;
}

/** Words what a build did. */
export function describeBuild({
  files,
  stats,
}: {
  readonly files: readonly string[];
  readonly stats: ServiceCounts;
}): string {
  const written = countWritten(files);
  if (stats.services > 0) return `${countServices(stats)}. ${written}`;
  return `${written} No decorated class was found: is the file with @tool() part of the project?`;
}

function count(number: number, noun: string): string | undefined {
  return number === 0 ? undefined : `${number} ${noun}${number === 1 ? "" : "s"}`;
}

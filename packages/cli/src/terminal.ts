import { reportDiagnostics, wantsColor, type Diagnostic } from "@methodic/compiler/cached";
import process from "node:process";
import type { ReportFlags } from "./flags.ts";

/**
 * Ends the process quietly, with its current exit code, when the reader of its output is gone: a
 * closed pipe, such as `| head`, is not an error.
 */
export function exitOnBrokenPipe(): void {
  for (const stream of [process.stdout, process.stderr]) {
    if (!stream.listeners("error").includes(onStreamError)) stream.on("error", onStreamError);
  }
}

function onStreamError(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
  process.exit();
}

/** Writes diagnostics to stderr in the requested format. */
export function report(diagnostics: readonly Diagnostic[], root: string, { format }: ReportFlags): void {
  const chosen = format ?? (wantsColor(process.stderr) ? "pretty" : "text");
  process.stderr.write(reportDiagnostics(diagnostics, root, { format: chosen }));
}

/** Writes a line for people to stderr; omitted with `--format json`, which programs read. */
export function say(line: string, { format }: ReportFlags): void {
  if (format !== "json") process.stderr.write(`${line}\n`);
}

/** Component counts of a compilation. */
export interface ServiceCounts {
  /** Present for artifacts. */
  readonly servers?: number;
  readonly services: number;
  readonly tools: number;
  readonly resources: number;
  readonly prompts: number;
}

/** Formats counts: `1 server: 5 tools, 1 resource`. */
export function formatCounts({ servers = 0, services, tools, resources, prompts }: ServiceCounts): string {
  const parts = [pluralize(tools, "tool"), pluralize(resources, "resource"), pluralize(prompts, "prompt")].filter(
    (part) => part !== undefined,
  );
  const owners = pluralize(servers, "server") ?? pluralize(services, "service") ?? "no services";
  return [owners, ...(parts.length > 0 ? [parts.join(", ")] : [])].join(": ");
}

/** Formats the number of written files: `Wrote 2 files.` */
export function formatWritten(files: readonly string[]): string {
  return `Wrote ${pluralize(files.length, "file") ?? "no files"}.`;
}

/**
 * Shown when a project compiles but serves nothing, most likely because of its tsconfig's
 * `include`.
 */
export const NO_SERVICES =
  'No decorated class was found. Check that the tsconfig includes the file with @tool(), and that tool comes from "methodic".';

/** Formats the outcome of a build: its counts and the number of written files. */
export function formatBuild({
  files,
  stats,
}: {
  readonly files: readonly string[];
  readonly stats: ServiceCounts;
}): string {
  const written = formatWritten(files);
  return stats.services > 0 ? `${formatCounts(stats)}. ${written}` : `${written} ${NO_SERVICES}`;
}

function pluralize(count: number, noun: string): string | undefined {
  return count === 0 ? undefined : `${count} ${noun}${count === 1 ? "" : "s"}`;
}

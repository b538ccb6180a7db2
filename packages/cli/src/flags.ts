import type { ReportFormat } from "@methodic/compiler/cached";
import { Option } from "commander";

/** The flag of every command that reports diagnostics. */
export interface ReportFlags {
  /** Default: `pretty` on a terminal, else `text`. */
  readonly format?: ReportFormat;
}

/** The flag of every command that compiles a project. */
export interface TsconfigFlags {
  readonly tsconfig?: string;
}

/** The flag of every command that can answer from the cache. */
export interface CacheFlags {
  /** Default true; `--no-cache` makes it false. */
  readonly cache?: boolean;
}

/** Creates the `--format` option. */
export function formatOption(): Option {
  return new Option(
    "--format <format>",
    "format of diagnostics, on stderr, and of differences (default: pretty on a terminal, else text)",
  ).choices(["text", "pretty", "json", "github"]);
}

/** Creates the `--tsconfig` option. */
export function tsconfigOption(): Option {
  return new Option("--tsconfig <file>", "path of the tsconfig (default: tsconfig.json in the project's folder)");
}

/** Creates the `--no-cache` option. */
export function noCacheOption(): Option {
  return new Option("--no-cache", "compile even if nothing changed since the last run (also: METHODIC_CACHE=0)");
}

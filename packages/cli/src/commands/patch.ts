import { findProjectRoot, hasErrors, patchProject, type PatchOptions, type PatchResult } from "@methodic/compiler";
import process from "node:process";
import { EXIT_FAILURE, explainWriteFailure } from "../failure.ts";
import { isProjectFolder, requireFolder, requireTsconfig } from "../paths.ts";
import { endQuietlyOnBrokenPipe, report, say, type ReportFlags, countServices, countWritten } from "../terminal.ts";

/** The options of `methodic patch`. */
export interface PatchFlags extends ReportFlags {
  readonly tsconfig?: string;
  readonly outDir?: string;
}

/** Patches a project's JavaScript and says on stderr what was written or what is wrong. */
export function patch(directory: string, flags: PatchFlags): void {
  endQuietlyOnBrokenPipe();
  const options = toOptions(requireFolder(directory), flags);
  const result = explainWriteFailure("the patch", () => patchProject(options));
  report(result.diagnostics, options.root, flags);
  if (hasErrors(result.diagnostics)) {
    say("Nothing was written.", flags);
    process.exitCode = EXIT_FAILURE;
    return;
  }
  say(summarize(result), flags);
}

/** The folder is the project's, or that of the JavaScript inside of a project. */
function toOptions(folder: string, { tsconfig, outDir }: PatchFlags): PatchOptions {
  const config = tsconfig === undefined ? {} : { tsconfig: requireTsconfig(tsconfig) };
  if (outDir !== undefined) return { root: folder, outDir: requireFolder(outDir), ...config };
  if (isProjectFolder(folder)) return { root: folder, ...config };
  return { root: findProjectRoot(folder), outDir: folder, ...config };
}

function summarize({ files, stats }: PatchResult): string {
  if (stats.services === 0)
    return "No decorated class was found: is the file with @tool() part of the project? Nothing was written.";
  return `${countServices(stats)}. ${files.length === 0 ? "Everything was up to date." : countWritten(files)}`;
}

import type { PatchOptions, PatchResult } from "@methodic/compiler";
import { findProjectRoot, hasErrors } from "@methodic/compiler/cached";
import type { Command } from "commander";
import process from "node:process";
import { EXIT_FAILURE, explainWriteFailure } from "../failure.ts";
import { addCompileOptions, type CompileFlags, toCompileOptions } from "../flags.ts";
import { isProjectFolder, resolveFolder } from "../paths.ts";
import { exitOnBrokenPipe, formatCounts, formatWritten, NO_SERVICES, report, say } from "../terminal.ts";

/** The flags of `methodic patch`. */
interface PatchFlags extends CompileFlags {
  readonly outDir?: string;
}

/** Defines `methodic patch`. */
export function definePatch(program: Command): void {
  const command = program
    .command("patch")
    .summary("complete JavaScript that tsc or swc wrote")
    .description(
      "Add schemas and validators to the JavaScript that another compiler wrote, in place, source maps included.\nRun it after the compiler and before a minifier. Writes nothing if there is a diagnostic, and nothing twice.",
    )
    .argument("[dir]", "the project's folder, or the folder of its JavaScript", ".")
    .option("--out-dir <dir>", "folder of the JavaScript (default: the tsconfig's outDir, else dist)");
  addCompileOptions(command)
    .addHelpText("after", "\nExamples:\n  $ tsc && methodic patch\n  $ swc src -d build && methodic patch build\n")
    .action(patch);
}

/** Patches a project's JavaScript and reports on stderr. */
async function patch(directory: string, flags: PatchFlags): Promise<void> {
  exitOnBrokenPipe();
  const options = toOptions(resolveFolder(directory), flags);
  const { patchProject } = await import("@methodic/compiler");
  const result = explainWriteFailure("the patch", () => patchProject(options));
  report(result.diagnostics, options.root, flags);
  if (hasErrors(result.diagnostics)) {
    say("Nothing was written.", flags);
    process.exitCode = EXIT_FAILURE;
    return;
  }
  say(formatPatch(result), flags);
}

/**
 * Resolves the folder argument: the project's root, or the folder of the JavaScript inside a
 * project.
 */
function toOptions(folder: string, { outDir, ...flags }: PatchFlags): PatchOptions {
  const config = toCompileOptions(flags);
  if (outDir !== undefined) return { root: folder, outDir: resolveFolder(outDir), ...config };
  if (isProjectFolder(folder)) return { root: folder, ...config };
  return { root: findProjectRoot(folder), outDir: folder, ...config };
}

function formatPatch({ files, stats }: PatchResult): string {
  if (stats.services === 0) return `${NO_SERVICES} Nothing was written.`;
  return `${formatCounts(stats)}. ${files.length === 0 ? "Everything was up to date." : formatWritten(files)}`;
}

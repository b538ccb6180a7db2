import { checkDirectories, type DirectoryName, hasErrors } from "@methodic/compiler/cached";
import process from "node:process";
import { EXIT_FAILURE } from "../failure.ts";
import { type CacheFlags, type CompileFlags, toCompileOptions } from "../flags.ts";
import { chooseProject } from "../paths.ts";
import { reportDirectories } from "../report-directories.ts";
import { formatCounts, report, say } from "../terminal.ts";

/** The flags of `methodic check --directory`. */
export interface DirectoryFlags extends CompileFlags, CacheFlags {
  /** `true` for all directories. */
  readonly directory?: DirectoryName | true;
}

/**
 * Writes the rules of the directories of connectors that a project's servers break to standard
 * output.
 */
export async function checkDirectory(targets: readonly string[], flags: DirectoryFlags): Promise<void> {
  const options = toCompileOptions(flags);
  const project = chooseProject(targets, options.tsconfig);
  const { directory } = flags;
  const result = await checkDirectories({
    ...project,
    ...options,
    ...(directory !== undefined && directory !== true && { directories: [directory] }),
    ...(flags.cache === false && { cache: false }),
  });
  report(result.diagnostics, project.root, flags);
  if (hasErrors(result.diagnostics)) {
    process.exitCode = EXIT_FAILURE;
    say("Nothing was checked: the sources have errors.", flags);
    return;
  }
  if (result.stats.servers === 0) {
    process.exitCode = EXIT_FAILURE;
    say("No server was found. Export the result of createServer() as default from one of the files.", flags);
    return;
  }
  process.stdout.write(reportDirectories(result, project.root, flags));
  const { findings } = result;
  if (findings.length > 0) process.exitCode = EXIT_FAILURE;
  const count =
    findings.length === 0
      ? "No rule is broken"
      : `Found ${findings.length} broken ${findings.length === 1 ? "rule" : "rules"}`;
  say(`${count}. ${formatCounts(result.stats)}`, flags);
}

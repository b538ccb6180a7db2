import type { CompileOptions, ProjectUpdate } from "@methodic/compiler";
import { completeArtifact, generateArtifact, hasErrors } from "@methodic/compiler/cached";
import type { Command } from "commander";
import path from "node:path";
import process from "node:process";
import { CommandFailure, EXIT_FAILURE, EXIT_USAGE, writeAtomically } from "../failure.ts";
import {
  addCompileOptions,
  type CacheFlags,
  type CompileFlags,
  noCacheOption,
  type ReportFlags,
  toCompileOptions,
} from "../flags.ts";
import { chooseProject } from "../paths.ts";
import { exitOnBrokenPipe, formatCounts, NO_SERVICES, report, say } from "../terminal.ts";
import { formatChanges, watchUntilInterrupted } from "./watching.ts";

/** The flags of `methodic generate`. */
interface GenerateFlags extends CompileFlags, CacheFlags {
  readonly out?: string;
  readonly keepGoing?: boolean;
  readonly watch?: boolean;
}

const EXAMPLES = `
Examples:
  $ methodic generate --out mcp.json
  $ methodic generate src/notes.ts | jq .services
  $ methodic generate --out mcp.json --watch
`;

/** Defines `methodic generate`. */
export function defineGenerate(program: Command): void {
  const command = program
    .command("generate")
    .summary("write the published schemas as JSON")
    .description(
      "Write the names, descriptions and schemas that the project's services publish as JSON.\nEqual sources give equal bytes.",
    )
    .argument("[dir|files...]", "the project's folder, or single files of it (default: the current folder)")
    .option("-o, --out <file>", "file to write (default: -, standard output)")
    .option("--keep-going", "despite errors, write everything that is free of them")
    .option("-w, --watch", "write the file again after every change, until interrupted")
    .addOption(noCacheOption());
  addCompileOptions(command).addHelpText("after", EXAMPLES).action(generate);
}

/** Writes the artifact of a project and reports on stderr. */
async function generate(targets: readonly string[], flags: GenerateFlags): Promise<void> {
  const { out, keepGoing } = flags;
  exitOnBrokenPipe();
  const options = toCompileOptions(flags);
  const { root, files } = chooseProject(targets, options.tsconfig);
  const project = {
    root,
    ...options,
    ...(files && { files }),
    ...(keepGoing !== undefined && { keepGoing }),
  };
  const toStdout = out === undefined || out === "-";
  if (flags.watch) {
    if (toStdout) throw new CommandFailure("--watch needs a file to rewrite. Add --out <file>.", EXIT_USAGE);
    return await watch({ project, out, flags });
  }
  const result = await generateArtifact({ ...project, ...(flags.cache === false && { cache: false }) });
  report(result.diagnostics, root, flags);
  const failed = hasErrors(result.diagnostics);
  if (failed) process.exitCode = EXIT_FAILURE;
  if (failed && !keepGoing) {
    say("Nothing was written (--keep-going writes everything that is free of errors).", flags);
    return;
  }
  if (toStdout) process.stdout.write(result.text);
  else writeAtomically(path.resolve(out), result.text);
  const counts = `${formatCounts(result.stats)}${toStdout ? "" : ` -> ${out}`}`;
  say(result.stats.services + result.stats.servers === 0 ? `${counts}. ${NO_SERVICES}` : counts, flags);
}

interface WatchDeps {
  readonly project: CompileOptions;
  readonly out: string;
  readonly flags: ReportFlags;
}

/** Writes the artifact now and after every change, until the process is interrupted. */
async function watch({ project, out, flags }: WatchDeps): Promise<void> {
  const { watchProject } = await import("@methodic/compiler");
  let written: string | undefined;
  const show = (update: ProjectUpdate, received: number): void => {
    const { changed, diagnostics, stats } = update;
    if (changed.length > 0) say(`\n${formatChanges(changed)}`, flags);
    report(diagnostics, project.root, flags);
    const text = hasErrors(diagnostics) && !project.keepGoing ? undefined : update.text;
    if (text !== undefined && text !== written) {
      // Fatal on the first run; retried afterwards.
      if (!tryToWrite(path.resolve(out), text, { flags, isFirst: changed.length === 0 })) return;
    }
    const time = `(${Math.round(update.duration + performance.now() - received)} ms)`;
    if (text === undefined) say(`${out} was not changed. ${time}`, flags);
    else say(`${formatCounts(stats)} ${text === written ? "as before in" : "->"} ${out} ${time}`, flags);
    written = text ?? written;
  };
  const onUpdate = (update: ProjectUpdate): void => {
    const received = performance.now();
    if (update.computedServers.length === 0) return show(update, received);
    void completeArtifact(update, project).then((complete) => show({ ...update, ...complete }, received));
  };
  watchUntilInterrupted(() => watchProject({ ...project, onUpdate }), flags);
}

/** Writes the file. After the first run, it reports a failure and returns false. */
function tryToWrite(
  fileName: string,
  text: string,
  { flags, isFirst }: { readonly flags: ReportFlags; readonly isFirst: boolean },
): boolean {
  try {
    writeAtomically(fileName, text);
    return true;
  } catch (error) {
    if (isFirst || !(error instanceof CommandFailure)) throw error;
    say(`methodic: ${error.message}`, flags);
    return false;
  }
}

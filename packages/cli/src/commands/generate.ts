import { generateArtifact } from "@methodic/compiler/cached";
import path from "node:path";
import process from "node:process";
import { CommandFailure, EXIT_FAILURE, EXIT_USAGE } from "../failure.ts";
import { chooseProject, requireTsconfig } from "../paths.ts";
import { endQuietlyOnBrokenPipe, report, say, type ReportFlags, countServices } from "../terminal.ts";
import { writeAtomically } from "../write-atomically.ts";

/** The options of `methodic generate`. */
export interface GenerateFlags extends ReportFlags {
  readonly out?: string;
  readonly keepGoing?: boolean;
  readonly tsconfig?: string;
  /** Default true; `--no-cache` makes it false. */
  readonly cache?: boolean;
  readonly watch?: boolean;
}

/** Writes the artifact of a project and says on stderr what is in it or what is wrong. */
export async function generate(targets: readonly string[], flags: GenerateFlags): Promise<void> {
  const { out, keepGoing, tsconfig } = flags;
  endQuietlyOnBrokenPipe();
  const config = tsconfig === undefined ? undefined : requireTsconfig(tsconfig);
  const { root, files } = chooseProject(targets, config);
  const project = {
    root,
    ...(config !== undefined && { tsconfig: config }),
    ...(files && { files }),
    ...(keepGoing !== undefined && { keepGoing }),
  };
  const toStdout = out === undefined || out === "-";
  if (flags.watch) {
    if (toStdout)
      throw new CommandFailure("--watch needs a file to write again and again: add --out <file>.", EXIT_USAGE);
    const { watchArtifact } = await import("./watch-artifact.ts");
    watchArtifact({ project, out, flags });
    return;
  }
  const result = await generateArtifact({ ...project, ...(flags.cache === false && { cache: false }) });
  report(result.diagnostics, root, flags);
  const failed = result.diagnostics.some((diagnostic) => diagnostic.severity === "error");
  if (failed) process.exitCode = EXIT_FAILURE;
  if (failed && !keepGoing) {
    say("Nothing was written (--keep-going writes what is free of errors).", flags);
    return;
  }
  if (toStdout) process.stdout.write(result.text);
  else writeAtomically(path.resolve(out), result.text);
  say(`${countServices(result.stats)}${toStdout ? "" : ` -> ${out}`}`, flags);
}

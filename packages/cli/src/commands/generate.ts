import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { generateArtefact } from "@methodic/compiler/cached";
import { endQuietlyOnBrokenPipe } from "../broken-pipe.ts";
import { chooseProject } from "../choose-project.ts";
import { CommandFailure, EXIT_FAILURE } from "../command-failure.ts";
import { requireTsconfig } from "../project-paths.ts";
import { report, say, type ReportFlags } from "../report.ts";
import { countServices } from "../summary.ts";

/** The options of `methodic generate`. */
export interface GenerateFlags extends ReportFlags {
  readonly out?: string;
  readonly keepGoing?: boolean;
  readonly tsconfig?: string;
  /** Default true; `--no-cache` makes it false. */
  readonly cache?: boolean;
}

/** Writes the artefact of a project and says on stderr what is in it or what is wrong. */
export async function generate(targets: readonly string[], flags: GenerateFlags): Promise<void> {
  const { out, keepGoing, tsconfig } = flags;
  endQuietlyOnBrokenPipe();
  const config = tsconfig === undefined ? undefined : requireTsconfig(tsconfig);
  const { root, files } = chooseProject(targets, config);
  const result = await generateArtefact({
    root,
    ...(flags.cache === false && { cache: false }),
    ...(config !== undefined && { tsconfig: config }),
    ...(files && { files }),
    ...(keepGoing !== undefined && { keepGoing }),
  });
  report(result.diagnostics, root, flags);
  const failed = result.diagnostics.some((diagnostic) => diagnostic.severity === "error");
  if (failed) process.exitCode = EXIT_FAILURE;
  if (failed && !keepGoing) {
    say("Nothing was written (--keep-going writes what is free of errors).", flags);
    return;
  }
  const toStdout = out === undefined || out === "-";
  if (toStdout) process.stdout.write(result.text);
  else writeAtomically(path.resolve(out), result.text);
  say(`${countServices(result.stats)}${toStdout ? "" : ` -> ${out}`}`, flags);
}

/** A reader of the file, such as a CI job or an editor, sees the old text or the new one and never a part. */
function writeAtomically(fileName: string, text: string): void {
  const temporary = `${fileName}.${process.pid}.tmp`;
  try {
    mkdirSync(path.dirname(fileName), { recursive: true });
    writeFileSync(temporary, text);
    renameSync(temporary, fileName);
  } catch (error) {
    if (existsSync(temporary)) rmSync(temporary);
    throw new CommandFailure(`cannot write '${fileName}': ${error instanceof Error ? error.message : String(error)}`);
  }
}

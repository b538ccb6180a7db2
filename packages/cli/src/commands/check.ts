import { readFileSync } from "node:fs";
import process from "node:process";
import { generateArtefact } from "@methodic/compiler/cached";
import { compareArtefacts, type ArtefactDifference } from "../artefact-difference.ts";
import { endQuietlyOnBrokenPipe } from "../broken-pipe.ts";
import { chooseProject } from "../choose-project.ts";
import { CommandFailure, EXIT_FAILURE, EXIT_USAGE } from "../command-failure.ts";
import { requireFile, requireTsconfig } from "../project-paths.ts";
import { report, say, type ReportFlags } from "../report.ts";
import { countServices } from "../summary.ts";

/** The options of `methodic check`. */
export interface CheckFlags extends ReportFlags {
  readonly tsconfig?: string;
  /** Default true; `--no-cache` makes it false. */
  readonly cache?: boolean;
}

/** Compares the artefact that is kept with what the sources say now, and writes what differs to standard output. */
export async function check(artefact: string, targets: readonly string[], flags: CheckFlags): Promise<void> {
  endQuietlyOnBrokenPipe();
  const kept = readFileSync(requireFile(artefact), "utf8");
  const tsconfig = flags.tsconfig === undefined ? undefined : requireTsconfig(flags.tsconfig);
  const project = chooseProject(targets, tsconfig);
  const { text, diagnostics, stats } = await generateArtefact({
    ...project,
    ...(tsconfig !== undefined && { tsconfig }),
    ...(flags.cache === false && { cache: false }),
  });
  report(diagnostics, project.root, flags);
  if (diagnostics.some(({ severity }) => severity === "error")) {
    process.exitCode = EXIT_FAILURE;
    say("Nothing was compared: the sources have errors.", flags);
    return;
  }
  const difference = compare(artefact, kept, text);
  if (!difference) {
    say(`${artefact} is up to date. ${countServices(stats)}`, flags);
    return;
  }
  process.exitCode = EXIT_FAILURE;
  process.stdout.write(`${difference.lines.join("\n")}\n`);
  say(`${artefact} is out of date: run 'methodic generate --out ${artefact}' and commit the result.`, flags);
}

function compare(artefact: string, kept: string, text: string): ArtefactDifference | undefined {
  try {
    return compareArtefacts(kept, text);
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new CommandFailure(`'${artefact}' is no artefact, it is not even JSON: ${error.message}`);
    // Not "out of date": to write it again, as that says, would overwrite somebody's file.
    if (error instanceof TypeError)
      throw new CommandFailure(
        `'${artefact}' is no artefact of 'methodic generate': ${error.message} Name the file that it wrote.`,
        EXIT_USAGE,
      );
    throw error;
  }
}

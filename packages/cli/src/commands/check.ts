import { generateArtifact } from "@methodic/compiler/cached";
import { readFileSync } from "node:fs";
import process from "node:process";
import { compareArtifacts, type ArtifactDifference } from "../artifact-difference.ts";
import { CommandFailure, EXIT_FAILURE, EXIT_USAGE } from "../failure.ts";
import { chooseProject, requireFile, requireTsconfig } from "../paths.ts";
import { endQuietlyOnBrokenPipe, report, say, type ReportFlags, countServices } from "../terminal.ts";

/** The options of `methodic check`. */
export interface CheckFlags extends ReportFlags {
  readonly tsconfig?: string;
  /** Default true; `--no-cache` makes it false. */
  readonly cache?: boolean;
}

/** Compares the artifact that is kept with what the sources say now, and writes what differs to standard output. */
export async function check(artifact: string, targets: readonly string[], flags: CheckFlags): Promise<void> {
  endQuietlyOnBrokenPipe();
  const kept = readFileSync(requireFile(artifact), "utf8");
  const tsconfig = flags.tsconfig === undefined ? undefined : requireTsconfig(flags.tsconfig);
  const project = chooseProject(targets, tsconfig);
  const { text, diagnostics, stats } = await generateArtifact({
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
  const difference = compare(artifact, kept, text);
  if (!difference) {
    say(`${artifact} is up to date. ${countServices(stats)}`, flags);
    return;
  }
  process.exitCode = EXIT_FAILURE;
  process.stdout.write(`${difference.lines.join("\n")}\n`);
  say(`${artifact} is out of date: run 'methodic generate --out ${artifact}' and commit the result.`, flags);
}

function compare(artifact: string, kept: string, text: string): ArtifactDifference | undefined {
  try {
    return compareArtifacts(kept, text);
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new CommandFailure(`'${artifact}' is no artifact, it is not even JSON: ${error.message}`);
    // Not "out of date": to write it again, as that says, would overwrite somebody's file.
    if (error instanceof TypeError)
      throw new CommandFailure(
        `'${artifact}' is no artifact of 'methodic generate': ${error.message} Name the file that it wrote.`,
        EXIT_USAGE,
      );
    throw error;
  }
}

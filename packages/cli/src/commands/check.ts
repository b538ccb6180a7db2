import { generateArtifact, hasErrors } from "@methodic/compiler/cached";
import { type Command, Option } from "commander";
import { readFileSync } from "node:fs";
import process from "node:process";
import { compareArtifacts, type Difference } from "../artifact-difference.ts";
import { CommandFailure, EXIT_FAILURE, EXIT_USAGE } from "../failure.ts";
import { addCompileOptions, type CompileFlags, noCacheOption, toCompileOptions } from "../flags.ts";
import { chooseProject, resolveFile } from "../paths.ts";
import { reportDifferences } from "../report-differences.ts";
import { exitOnBrokenPipe, formatCounts, report, say } from "../terminal.ts";
import type { DirectoryFlags } from "./check-directory.ts";

/** The flags of `methodic check`. */
type CheckFlags = DirectoryFlags;

const EXAMPLES = `
Examples, steps of a CI job:
  $ methodic check mcp.json
  $ methodic check --directory
  $ methodic check src/server.ts --directory openai
`;

/** Defines `methodic check`. */
export function defineCheck(program: Command): void {
  const command = program
    .command("check")
    .summary("compare the committed schemas with the sources")
    .description(
      "Compare an artifact that 'methodic generate' wrote with what the sources publish now. Prints the tools, resources and prompts\nthat were added, removed or changed, in the chosen format, and exits with code 1 if there are any. Writes no file.\nWith --directory, check the servers against the rules of the directories of Claude and ChatGPT instead.",
    )
    .argument("[artifact]", "the file that 'methodic generate --out' wrote; not with --directory")
    .argument("[dir|files...]", "the project's folder, or single files of it (default: the current folder)")
    .addOption(
      new Option("--directory [name]", "check the rules of a directory: anthropic or openai (default: both)").choices([
        "anthropic",
        "openai",
      ]),
    )
    .addOption(noCacheOption());
  addCompileOptions(command).addHelpText("after", EXAMPLES).action(run);
}

async function run(first: string | undefined, rest: readonly string[], flags: CheckFlags): Promise<void> {
  exitOnBrokenPipe();
  if (flags.directory !== undefined) {
    const { checkDirectory } = await import("./check-directory.ts");
    return await checkDirectory(first === undefined ? rest : [first, ...rest], flags);
  }
  if (first === undefined)
    throw new CommandFailure("name the file that 'methodic generate --out' wrote, or add --directory.", EXIT_USAGE);
  await check(first, rest, flags);
}

/** Compares the artifact on disk with the sources and writes the differences to standard output. */
async function check(artifact: string, targets: readonly string[], flags: CheckFlags): Promise<void> {
  const before = readFileSync(resolveFile(artifact), "utf8");
  const options = toCompileOptions(flags);
  const project = chooseProject(targets, options.tsconfig);
  const { text, diagnostics, stats, places } = await generateArtifact({
    ...project,
    ...options,
    ...(flags.cache === false && { cache: false }),
  });
  report(diagnostics, project.root, flags);
  if (hasErrors(diagnostics)) {
    process.exitCode = EXIT_FAILURE;
    say("Nothing was compared: the sources have errors.", flags);
    return;
  }
  const differences = compare(artifact, before, text);
  const outdated = { fileName: artifact, text: before, differences, root: project.root, places };
  process.stdout.write(reportDifferences(outdated, flags));
  if (differences.length === 0) {
    say(`${artifact} is up to date. ${formatCounts(stats)}`, flags);
    return;
  }
  process.exitCode = EXIT_FAILURE;
  say(`${artifact} is out of date. Run '${generateCommand(artifact, targets, flags)}' and commit the result.`, flags);
}

/** Writes the command that creates what was compared, with the flags that change it. */
function generateCommand(
  artifact: string,
  targets: readonly string[],
  { tsconfig, descriptions }: CompileFlags,
): string {
  const text = typeof descriptions === "object" ? String(descriptions.max) : descriptions;
  const flags = Object.entries({ "--tsconfig": tsconfig, "--descriptions": text });
  const given = flags.flatMap(([flag, value]) => (value === undefined ? [] : [flag, value]));
  return ["methodic generate", ...targets, "--out", artifact, ...given].join(" ");
}

function compare(artifact: string, before: string, after: string): readonly Difference[] {
  try {
    return compareArtifacts(before, after);
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new CommandFailure(`'${artifact}' is not an artifact: it is not valid JSON: ${error.message}`);
    // Not reported as out of date: rewriting it, as that message suggests, would overwrite an
    // unrelated file.
    if (error instanceof TypeError)
      throw new CommandFailure(
        `'${artifact}' is not an artifact of 'methodic generate': ${error.message} Name the file that it wrote.`,
        EXIT_USAGE,
      );
    throw error;
  }
}

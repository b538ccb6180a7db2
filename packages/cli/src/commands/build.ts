import type { BuildOptions, BuildUpdate } from "@methodic/compiler";
import { hasErrors } from "@methodic/compiler/cached";
import { type Command, Option } from "commander";
import path from "node:path";
import process from "node:process";
import { CommandFailure, EXIT_FAILURE, EXIT_USAGE, explainWriteFailure } from "../failure.ts";
import { addCompileOptions, type CompileFlags, type ReportFlags, toCompileOptions } from "../flags.ts";
import { resolveFolder } from "../paths.ts";
import { exitOnBrokenPipe, formatBuild, report, say } from "../terminal.ts";
import type { BundleFlags } from "./bundle.ts";
import { formatChanges, watchUntilInterrupted } from "./watching.ts";

/** The flags of `methodic build`. */
interface BuildFlags extends BundleFlags, CompileFlags {
  readonly outDir?: string;
  readonly watch?: boolean;
  readonly bundle?: boolean;
}

const EXAMPLES = `
Examples:
  $ methodic build
  $ methodic build --watch
  $ methodic build --bundle --minify
  $ methodic build packages/server --tsconfig tsconfig.build.json
`;

/** Defines `methodic build`. */
export function defineBuild(program: Command): void {
  const command = program
    .command("build")
    .summary("compile a project to JavaScript")
    .description(
      "Compile a project as tsc would, with schemas and validators inside its service classes.\nWrites nothing if there is a type error or a diagnostic.",
    )
    .argument("[dir]", "the project's folder", ".")
    .option("--out-dir <dir>", "folder for the JavaScript (default: the tsconfig's outDir, else dist)")
    .option("-w, --watch", "build again after every change, until interrupted");
  addBundleOptions(addCompileOptions(command)).addHelpText("after", EXAMPLES).action(build);
}

function addBundleOptions(command: Command): Command {
  const target = new Option("--target <target>", "with --bundle: the runtime that runs it (default: node)");
  return command
    .option("--bundle", "write one self-contained .mjs that includes all dependencies")
    .option("--entry <file>", "with --bundle: the entry module (default: src/main.ts, else the one package.json runs)")
    .option("--out-file <file>", "with --bundle: the file to write (default: the entry's name with .mjs, in --out-dir)")
    .addOption(target.choices(["node", "worker", "bun", "deno"]))
    .option("--minify", "with --bundle: shorten names and whitespace")
    .option("--external <package...>", "with --bundle: packages to leave out; install them next to the bundle")
    .option(
      "--copy-external",
      "with --bundle: copy what is left out, such as native code, into node_modules next to the bundle",
    );
}

/** Builds a project and reports on stderr. */
async function build(directory: string, flags: BuildFlags): Promise<void> {
  exitOnBrokenPipe();
  const root = resolveFolder(directory);
  const options = {
    root,
    ...(flags.outDir !== undefined && { outDir: path.resolve(flags.outDir) }),
    ...toCompileOptions(flags),
  };
  rejectUnusedFlags(flags);
  if (flags.bundle) {
    const { buildBundle } = await import("./bundle.ts");
    return await buildBundle(options, flags);
  }
  if (flags.watch) return await watch(options, flags);
  const { buildProject } = await import("@methodic/compiler");
  const result = explainWriteFailure("the build", () => buildProject(options));
  report(result.diagnostics, root, flags);
  if (hasErrors(result.diagnostics)) {
    say("Nothing was written.", flags);
    process.exitCode = EXIT_FAILURE;
    return;
  }
  say(formatBuild(result), flags);
}

/** Builds a project now and after every change, until the process is interrupted. */
async function watch(options: BuildOptions, flags: ReportFlags): Promise<void> {
  const { watchBuild } = await import("@methodic/compiler");
  const onUpdate = (update: BuildUpdate): void => {
    const { changed, diagnostics, failure, isFirst } = update;
    const explanation = failure && `cannot write the build: ${failure.message}`;
    // Fatal on the first run; retried afterwards.
    if (explanation !== undefined && isFirst) throw new CommandFailure(explanation);
    if (changed.length > 0) say(`\n${formatChanges(changed)}`, flags);
    report(diagnostics, options.root, flags);
    const outcome = hasErrors(diagnostics) ? "Nothing was written." : formatBuild(update);
    say(
      explanation === undefined ? `${outcome} (${Math.round(update.duration)} ms)` : `methodic: ${explanation}`,
      flags,
    );
  };
  watchUntilInterrupted(() => watchBuild({ ...options, onUpdate }), flags);
}

const BUNDLE_FLAGS = ["entry", "outFile", "target", "minify", "external", "copyExternal"] as const;

/** Rejects flags that would silently do nothing. */
function rejectUnusedFlags(flags: BuildFlags): void {
  const unused = BUNDLE_FLAGS.find((name) => flags[name] !== undefined);
  if (!flags.bundle && unused !== undefined) {
    const written = unused.replace(/[A-Z]/, (letter) => `-${letter.toLowerCase()}`);
    throw new CommandFailure(`--${written} applies to bundles only. Add --bundle.`, EXIT_USAGE);
  }
  if (flags.bundle && flags.watch) {
    throw new CommandFailure("--bundle cannot be combined with --watch. Drop one of them.", EXIT_USAGE);
  }
}

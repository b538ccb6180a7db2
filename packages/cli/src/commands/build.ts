import { buildProject } from "@methodic/compiler";
import type { BundleTarget } from "@methodic/compiler/bundle";
import path from "node:path";
import process from "node:process";
import { CommandFailure, EXIT_FAILURE, EXIT_USAGE, explainWriteFailure } from "../failure.ts";
import { requireFolder, requireTsconfig } from "../paths.ts";
import { endQuietlyOnBrokenPipe, report, say, describeBuild, type ReportFlags } from "../terminal.ts";

/** Builds a project and says on stderr what was written or what is wrong. */
export async function build(directory: string, flags: BuildFlags): Promise<void> {
  const { tsconfig, outDir } = flags;
  endQuietlyOnBrokenPipe();
  const root = requireFolder(directory);
  const options = {
    root,
    ...(tsconfig !== undefined && { tsconfig: requireTsconfig(tsconfig) }),
    ...(outDir !== undefined && { outDir: path.resolve(outDir) }),
  };
  rejectLostFlags(flags);
  if (flags.bundle) {
    const { buildBundle } = await import("./bundle.ts");
    await buildBundle(options, flags);
    return;
  }
  if (flags.watch) {
    const { buildAgainAndAgain } = await import("./watch-build.ts");
    buildAgainAndAgain(options, flags);
    return;
  }
  const result = explainWriteFailure("the build", () => buildProject(options));
  report(result.diagnostics, root, flags);
  if (result.diagnostics.some((diagnostic) => diagnostic.severity === "error")) {
    say("Nothing was written.", flags);
    process.exitCode = EXIT_FAILURE;
    return;
  }
  say(describeBuild(result), flags);
}

const BUNDLE_FLAGS = ["entry", "outFile", "target", "minify", "external", "copyExternal"] as const;

/** A flag that does nothing here would be taken for one that has worked. */
function rejectLostFlags(flags: BuildFlags): void {
  const lost = BUNDLE_FLAGS.find((name) => flags[name] !== undefined);
  if (!flags.bundle && lost !== undefined) {
    const written = lost.replace(/[A-Z]/, (letter) => `-${letter.toLowerCase()}`);
    throw new CommandFailure(`--${written} is for bundles: add --bundle.`, EXIT_USAGE);
  }
  if (flags.bundle && flags.watch) {
    throw new CommandFailure(
      "--bundle writes once: leave out --watch, and 'methodic build --watch' while you develop.",
      EXIT_USAGE,
    );
  }
}

/** The options of `methodic build`. */
export interface BuildFlags extends ReportFlags {
  readonly tsconfig?: string;
  readonly outDir?: string;
  readonly watch?: boolean;
  readonly bundle?: boolean;
  readonly entry?: string;
  readonly outFile?: string;
  readonly target?: BundleTarget;
  readonly minify?: boolean;
  readonly external?: readonly string[];
  readonly copyExternal?: boolean;
}

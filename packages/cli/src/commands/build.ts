import path from "node:path";
import process from "node:process";
import { buildProject } from "@methodic/compiler";
import { endQuietlyOnBrokenPipe } from "../broken-pipe.ts";
import { EXIT_FAILURE, explainWriteFailure } from "../command-failure.ts";
import { requireFolder, requireTsconfig } from "../project-paths.ts";
import { report, say, type ReportFlags } from "../report.ts";
import { describeBuild } from "../summary.ts";

/** The options of `methodic build`. */
export interface BuildFlags extends ReportFlags {
  readonly tsconfig?: string;
  readonly outDir?: string;
  readonly watch?: boolean;
}

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

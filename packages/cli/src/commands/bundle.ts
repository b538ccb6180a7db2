import { hasErrors, type BuildOptions } from "@methodic/compiler";
import {
  BundleFailure,
  bundleProject,
  type BundleOptions,
  type BundleResult,
  type BundleTarget,
} from "@methodic/compiler/bundle";
import { existsSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { CommandFailure, EXIT_FAILURE } from "../failure.ts";
import type { ReportFlags } from "../flags.ts";
import { formatCounts, NO_SERVICES, report, say } from "../terminal.ts";

/** The flags of `methodic build --bundle`. */
export interface BundleFlags extends ReportFlags {
  readonly entry?: string;
  readonly outFile?: string;
  readonly target?: BundleTarget;
  readonly minify?: boolean;
  readonly external?: readonly string[];
  readonly copyExternal?: boolean;
}

/**
 * Bundles a project and reports on stderr: the file, the packages it needs next to it, or the
 * problems.
 */
export async function buildBundle(project: BuildOptions, flags: BundleFlags): Promise<void> {
  const result = await explainFailure(() => bundleProject(toOptions(project, flags)));
  report(result.diagnostics, project.root, flags);
  if (hasErrors(result.diagnostics)) {
    say("Nothing was written.", flags);
    process.exitCode = EXIT_FAILURE;
    return;
  }
  for (const line of describeBundle(result)) say(line, flags);
}

function toOptions(
  project: BuildOptions,
  { entry, outFile, target, minify, external, copyExternal }: BundleFlags,
): BundleOptions {
  return {
    ...project,
    // Relative to the working directory, else to the project's folder.
    ...(entry !== undefined && { entry: existsSync(entry) ? path.resolve(entry) : entry }),
    ...(outFile !== undefined && { outFile: path.resolve(outFile) }),
    ...(target !== undefined && { target }),
    ...(minify !== undefined && { minify }),
    ...(external && { external }),
    ...(copyExternal !== undefined && { copyExternal }),
  };
}

async function explainFailure(bundle: () => Promise<BundleResult>): Promise<BundleResult> {
  try {
    return await bundle();
  } catch (error) {
    if (error instanceof BundleFailure) throw new CommandFailure(error.message);
    if (error instanceof Error && "syscall" in error)
      throw new CommandFailure(`cannot write the bundle: ${error.message}`);
    throw error;
  }
}

const KILOBYTE = 1000;

function describeBundle({ files, size, entry, stats, externals, copied, notes }: BundleResult): string[] {
  const written = `${entry} -> ${files[0]} (${Math.round(size / KILOBYTE)} kB)`;
  const lines = [stats.services > 0 ? `${formatCounts(stats)}. ${written}` : `${written} ${NO_SERVICES}`];
  if (externals.length > 0) {
    const packages = externals.map(({ name, version }) => (version === "" ? name : `${name}@${version}`)).join(" ");
    const native = externals.filter(({ reason }) => reason === "native code").map(({ name }) => name);
    const why = native.length > 0 ? ` (${native.join(", ")}: native code, which cannot be bundled)` : "";
    const what =
      copied === undefined
        ? `Install them next to the bundle: npm install ${packages}`
        : `Copied to ${copied}: ${packages}`;
    lines.push(`Not in the bundle${why}. ${what}`);
  }
  return [...lines, ...notes];
}

import { chmodSync } from "node:fs";
import { isBuiltin } from "node:module";
import path from "node:path";
import type { OutputChunk, OutputOptions, RolldownLog, RolldownOptions } from "rolldown";
import { compileBuild, listRelativePaths, type BuildStats } from "../build/build.ts";
import { writeFiles } from "../build/write-files.ts";
import { hasErrors, relativePath, toPosix, type Diagnostic } from "../diagnostics/diagnostic.ts";
import type { OutputFile } from "../emit/emit.ts";
import { ModuleCompiler } from "../plugins/module-compiler.ts";
import { createPlugin } from "../plugins/rollup-plugin.ts";
import { Disk } from "../project/disk.ts";
import { replaceBuiltins } from "./builtin-modules.ts";
import { BundleFailure, type BundleOptions } from "./bundle-options.ts";
import { copyPackages } from "./copy-packages.ts";
import { inlineCreatedRequire } from "./created-require.ts";
import { ENTRY_ID, generateEntry, inlineStartup } from "./entry-module.ts";
import { findEntry, type BundleEntry } from "./entry.ts";
import { excludePackages, type ExternalPackage } from "./external-packages.ts";

export { BundleFailure } from "./bundle-options.ts";
export type { BundleOptions, BundleTarget } from "./bundle-options.ts";
export type { ExternalPackage } from "./external-packages.ts";

/** The result of {@link bundleProject}. */
export interface BundleResult {
  /**
   * The bundle and its source map, relative to the root, with forward slashes. Empty if there are
   * errors.
   */
  readonly files: readonly string[];
  /** The bundle's size in bytes, without the source map. */
  readonly size: number;
  /** The entry module, relative to the root. */
  readonly entry: string;
  /** Type errors and problems of decorated classes. */
  readonly diagnostics: readonly Diagnostic[];
  readonly stats: BuildStats;
  /** The packages that were left out; they must be installed where the bundle runs. */
  readonly externals: readonly ExternalPackage[];
  /**
   * The folder with the copied externals, relative to the root; undefined if nothing was copied.
   */
  readonly copied: string | undefined;
  /** Further requirements of the bundle, a sentence each. */
  readonly notes: readonly string[];
}

/**
 * Bundles a server and its dependencies into one ES module that runs without installed packages.
 * Type-checks the project as {@link buildProject} does. Writes nothing if there is an error;
 * otherwise replaces the files of an earlier bundle in one step.
 *
 * @throws BundleFailure if no entry is found, the bundler is not installed, or a module cannot be
 * found or bundled
 *
 * @example
 * ```ts
 * import { bundleProject } from "@methodic/compiler/bundle";
 *
 * const { files, externals } = await bundleProject({ root: process.cwd(), entry: "src/main.ts" });
 * console.error(files, externals);
 * ```
 */
export async function bundleProject(options: BundleOptions): Promise<BundleResult> {
  const disk = new Disk();
  const { diagnostics, stats, files: built } = compileBuild(options, { disk });
  const root = path.resolve(options.root);
  const entry = findEntry(options, disk);
  const outcome = { entry: relativePath(toPosix(root), entry.fileName), diagnostics, stats };
  if (hasErrors(diagnostics)) return { ...outcome, files: [], size: 0, externals: [], copied: undefined, notes: [] };
  const outFile = getOutFile(options, entry);
  if (built.some(({ fileName }) => path.resolve(fileName) === outFile)) {
    throw new BundleFailure(
      `the bundle would overwrite '${outFile}', a file of 'methodic build'. Choose another with --out-file.`,
    );
  }
  const { chunk, folders, ...rest } = await bundle(options, { entry, outFile });
  const output = createOutputFiles(chunk, outFile);
  const copies =
    options.copyExternal === true && folders.size > 0 ? copyPackages(folders, path.dirname(outFile)) : undefined;
  writeFiles(output);
  // Made executable, as npm does with the programs in `bin`.
  if (chunk.code.startsWith("#!")) chmodSync(outFile, 0o755);
  const copied = copies === undefined ? undefined : relativePath(toPosix(root), copies);
  return { ...outcome, ...rest, copied, files: listRelativePaths(output, root), size: Buffer.byteLength(chunk.code) };
}

function getOutFile({ root, outDir, outFile }: BundleOptions, entry: BundleEntry): string {
  if (outFile !== undefined) return path.resolve(root, outFile);
  const folder = outDir === undefined ? entry.outDir : path.resolve(root, outDir);
  return path.join(folder, `${path.parse(entry.fileName).name}.mjs`);
}

function createOutputFiles(chunk: OutputChunk, outFile: string): OutputFile[] {
  if (!chunk.map) return [{ fileName: outFile, text: chunk.code }];
  const comment = `//# sourceMappingURL=${path.basename(outFile)}.map\n`;
  const code = chunk.code.replace(/\n*\/\/# sourceMappingURL=.*\s*$/, "\n");
  return [
    { fileName: outFile, text: code + comment },
    { fileName: `${outFile}.map`, text: chunk.map.toString() },
  ];
}

interface BundleOutput extends Pick<BundleResult, "externals" | "notes"> {
  readonly chunk: OutputChunk;
  /** The folders of the external packages, by name. */
  readonly folders: ReadonlyMap<string, string>;
}

/** The input and output of a bundle. */
interface BundlePaths {
  readonly entry: BundleEntry;
  readonly outFile: string;
}

async function bundle(options: BundleOptions, { entry, outFile }: BundlePaths): Promise<BundleOutput> {
  const { rolldown } = await loadBundler();
  const target = options.target ?? "node";
  const root = path.resolve(options.root);
  const tsconfig = options.tsconfig === undefined ? undefined : path.resolve(root, options.tsconfig);
  const modules = new ModuleCompiler({
    ...(tsconfig !== undefined && { tsconfig }),
    ...(options.schemaOptions && { schemaOptions: options.schemaOptions }),
  });
  modules.root = root;
  const externals = excludePackages({ names: options.external ?? [], target });
  const builtins = replaceBuiltins(target);
  const logs: RolldownLog[] = [];
  const input: RolldownOptions = {
    cwd: root,
    input: { [path.parse(outFile).name]: ENTRY_ID },
    platform: target === "worker" ? "browser" : "node",
    ...(tsconfig !== undefined && { tsconfig }),
    ...(target === "worker" && { resolve: { conditionNames: WORKER_CONDITIONS } }),
    plugins: [
      generateEntry(entry, target),
      builtins.plugin,
      externals.plugin,
      createPlugin(modules),
      ...(target === "worker" ? [] : [inlineCreatedRequire()]),
    ],
    onLog: (_level, log) => void logs.push(log),
  };
  try {
    const build = await rolldown(input);
    const { output } = await build.generate({
      ...outputOptions(options, outFile),
      banner: async ({ imports }) =>
        target === "node" && !imports.every(isBuiltin) ? await inlineStartup(entry, rolldown) : "",
    });
    await build.close();
    const [chunk] = output;
    const unresolved = logs
      .filter(({ code }) => code === "UNRESOLVED_IMPORT")
      .map(({ message }) => getFirstLine(message));
    return {
      chunk,
      folders: externals.listFolders(),
      externals: externals.list(),
      notes: [...builtins.listNotes(root), ...unresolved],
    };
  } catch (error) {
    throw new BundleFailure(`cannot bundle '${path.relative(root, entry.fileName)}': ${formatError(error)}`, {
      cause: error,
    });
  }
}

/** Export conditions of Workers, the most specific first (WinterTC's runtime keys). */
const WORKER_CONDITIONS: string[] = ["workerd", "worker", "browser", "import", "module", "default"];

function outputOptions({ minify = false }: BundleOptions, outFile: string): OutputOptions {
  return {
    format: "esm",
    file: outFile,
    // A single file includes lazy imports, whose code still runs on demand.
    codeSplitting: false,
    sourcemap: true,
    minify,
    // Logs show class and function names, and some libraries depend on them.
    keepNames: true,
    comments: { legal: true, jsdoc: false, annotation: false },
  };
}

async function loadBundler(): Promise<typeof import("rolldown")> {
  try {
    return await import("rolldown");
  } catch (error) {
    const reason = error instanceof Error ? getFirstLine(error.message) : String(error);
    throw new BundleFailure(
      `bundling needs the package 'rolldown', which could not be loaded: ${reason}. Install it: npm install --save-dev rolldown`,
      { cause: error },
    );
  }
}

/** Formats an error of the bundler, whose details are in its `errors`. */
function formatError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const list = "errors" in error && Array.isArray(error.errors) ? (error.errors as unknown[]) : [];
  const messages = list.map((one) =>
    one instanceof Error ? one.message : String((one as { message?: unknown }).message),
  );
  return messages.length > 0 ? messages.join("\n") : error.message;
}

function getFirstLine(text: string): string {
  return text.split("\n", 1)[0] ?? text;
}

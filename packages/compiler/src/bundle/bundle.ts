import { chmodSync } from "node:fs";
import path from "node:path";
import type { OutputChunk, OutputOptions, RolldownLog, RolldownOptions } from "rolldown";
import { compileBuild, relativeNames, type BuildStats } from "../build/build.ts";
import { writeFiles } from "../build/write-files.ts";
import { hasErrors, type Diagnostic } from "../diagnostics/diagnostic.ts";
import type { OutputFile } from "../emit/emit.ts";
import { BundledModules } from "../plugins/modules.ts";
import { createPlugin } from "../plugins/rollup-plugin.ts";
import { Disk } from "../project/disk.ts";
import { provideBuiltins } from "./builtin-modules.ts";
import { BundleFailure, type BundleOptions } from "./bundle-options.ts";
import { copyPackages } from "./copy-packages.ts";
import { inlineCreatedRequire } from "./created-require.ts";
import { ENTRY_ID, generateEntry } from "./entry-module.ts";
import { findEntry, type BundleEntry } from "./entry.ts";
import { keepOutside, type OutsidePackage } from "./outside-packages.ts";

export { BundleFailure } from "./bundle-options.ts";
export type { BundleOptions, BundleTarget } from "./bundle-options.ts";
export type { OutsidePackage } from "./outside-packages.ts";

/** What a bundling did. */
export interface BundleResult {
  /** The files written, relative to the root, with forward slashes: the bundle and its source map. Empty if there are errors. */
  readonly files: readonly string[];
  /** The bundle's size in bytes, without the source map. */
  readonly size: number;
  /** The module it was made from, relative to the root. */
  readonly entry: string;
  /** Type errors and problems of decorated classes. */
  readonly diagnostics: readonly Diagnostic[];
  readonly stats: BuildStats;
  /** Packages that could not go into the bundle and have to be installed where it runs. */
  readonly outside: readonly OutsidePackage[];
  /** The folder they were copied into, relative to the root; undefined if they were not. */
  readonly copied: string | undefined;
  /** What else somebody has to know who runs the bundle; each a sentence. */
  readonly notes: readonly string[];
}

/**
 * Writes a server and everything it depends on as one ES module that runs with nothing installed. The project is checked as
 * {@link buildProject} does; nothing is written if there is any error, and the files of an earlier bundle are replaced as a whole.
 *
 * @throws BundleFailure if no entry is found, the bundler is not installed, or a module cannot be found or bundled
 *
 * @example
 * ```ts
 * import { bundleProject } from "@methodic/compiler/bundle";
 *
 * const { files, outside } = await bundleProject({ root: process.cwd(), entry: "src/main.ts", minify: true });
 * console.error(files, outside);
 * ```
 */
export async function bundleProject(options: BundleOptions): Promise<BundleResult> {
  const disk = new Disk();
  const { diagnostics, stats, files: built } = compileBuild(options, { disk });
  const root = path.resolve(options.root);
  const entry = findEntry(options, disk);
  const outcome = { entry: relativeNames([{ fileName: entry.fileName, text: "" }], root).join(), diagnostics, stats };
  if (hasErrors(diagnostics)) return { ...outcome, files: [], size: 0, outside: [], copied: undefined, notes: [] };
  const outFile = outFileOf(options, entry);
  if (built.some(({ fileName }) => path.resolve(fileName) === outFile)) {
    throw new BundleFailure(
      `the bundle would overwrite '${outFile}', which 'methodic build' writes; name another file with --out-file.`,
    );
  }
  const { chunk, folders, ...rest } = await bundle(options, { entry, outFile });
  const output = filesOf(chunk, outFile);
  const copies =
    options.copyExternal === true && folders.size > 0 ? copyPackages(folders, path.dirname(outFile)) : undefined;
  writeFiles(output);
  // npm does the same for what a package names as `bin`.
  if (chunk.code.startsWith("#!")) chmodSync(outFile, 0o755);
  const copied = copies === undefined ? undefined : relativeNames([{ fileName: copies, text: "" }], root).join();
  return { ...outcome, ...rest, copied, files: relativeNames(output, root), size: Buffer.byteLength(chunk.code) };
}

function outFileOf({ root, outDir, outFile }: BundleOptions, entry: BundleEntry): string {
  if (outFile !== undefined) return path.resolve(root, outFile);
  const folder = outDir === undefined ? entry.outDir : path.resolve(root, outDir);
  return path.join(folder, `${path.parse(entry.fileName).name}.mjs`);
}

function filesOf(chunk: OutputChunk, outFile: string): OutputFile[] {
  if (!chunk.map) return [{ fileName: outFile, text: chunk.code }];
  const comment = `//# sourceMappingURL=${path.basename(outFile)}.map\n`;
  const code = chunk.code.replace(/\n*\/\/# sourceMappingURL=.*\s*$/, "\n");
  return [
    { fileName: outFile, text: code + comment },
    { fileName: `${outFile}.map`, text: chunk.map.toString() },
  ];
}

interface Bundled extends Pick<BundleResult, "outside" | "notes"> {
  readonly chunk: OutputChunk;
  /** Of the packages outside, by name. */
  readonly folders: ReadonlyMap<string, string>;
}

/** Where a bundle comes from and goes to. */
interface BundlePaths {
  readonly entry: BundleEntry;
  readonly outFile: string;
}

async function bundle(options: BundleOptions, { entry, outFile }: BundlePaths): Promise<Bundled> {
  const { rolldown } = await loadBundler();
  const target = options.target ?? "node";
  const root = path.resolve(options.root);
  const tsconfig = options.tsconfig === undefined ? undefined : path.resolve(root, options.tsconfig);
  const modules = new BundledModules(tsconfig === undefined ? {} : { tsconfig });
  modules.root = root;
  const outside = keepOutside({ names: options.external ?? [], target });
  const builtins = provideBuiltins(target);
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
      outside.plugin,
      createPlugin(modules),
      ...(target === "worker" ? [] : [inlineCreatedRequire()]),
    ],
    onLog: (_level, log) => void logs.push(log),
  };
  try {
    const build = await rolldown(input);
    const { output } = await build.generate(outputOptions(options, outFile));
    await build.close();
    const [chunk] = output;
    const unresolved = logs.filter(({ code }) => code === "UNRESOLVED_IMPORT").map(({ message }) => firstLine(message));
    return {
      chunk,
      folders: outside.folders(),
      outside: outside.found(),
      notes: [...builtins.notes(root), ...unresolved],
    };
  } catch (error) {
    throw new BundleFailure(`cannot bundle '${path.relative(root, entry.fileName)}': ${wordError(error)}`, {
      cause: error,
    });
  }
}

/** In the order of the Web-interoperable Runtimes' common keys: the most special first. */
const WORKER_CONDITIONS: string[] = ["workerd", "worker", "browser", "import", "module", "default"];

function outputOptions({ minify = false }: BundleOptions, outFile: string): OutputOptions {
  return {
    format: "esm",
    file: outFile,
    // One file: what is imported when it is needed is in it, and still runs only then.
    codeSplitting: false,
    sourcemap: true,
    minify,
    // Logs show the names of classes and functions, and some code goes by them.
    keepNames: true,
    comments: { legal: true, jsdoc: false, annotation: false },
  };
}

async function loadBundler(): Promise<typeof import("rolldown")> {
  try {
    return await import("rolldown");
  } catch (error) {
    const reason = error instanceof Error ? firstLine(error.message) : String(error);
    throw new BundleFailure(
      `bundling needs the package 'rolldown', which cannot be loaded here (${reason}). Install it: npm install --save-dev rolldown`,
      { cause: error },
    );
  }
}

/** Errors of the bundler carry all that is wrong in a list. */
function wordError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const list = "errors" in error && Array.isArray(error.errors) ? (error.errors as unknown[]) : [];
  const messages = list.map((one) =>
    one instanceof Error ? one.message : String((one as { message?: unknown }).message),
  );
  return messages.length > 0 ? messages.join("\n") : error.message;
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? text;
}

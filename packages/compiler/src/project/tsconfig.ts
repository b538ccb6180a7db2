import ts from "typescript";
import { toPosix } from "../diagnostics/diagnostic.ts";
import type { Disk } from "./disk.ts";
import { readTsconfigOptions, type TsconfigOptions } from "./tsconfig-options.ts";

/** A project's tsconfig, adapted to this compiler. */
export interface ProjectConfig extends TsconfigOptions {
  readonly options: ts.CompilerOptions;
  readonly fileNames: readonly string[];
  readonly projectReferences: readonly ts.ProjectReference[];
  readonly diagnostics: readonly ts.Diagnostic[];
}

/** Arguments of {@link readProjectConfig}. Paths are absolute. */
export interface ConfigLocation {
  readonly root: string;
  /** The tsconfig file; undefined for the defaults. */
  readonly configPath: string | undefined;
  /** Options that override the file's. */
  readonly overrides?: ts.CompilerOptions;
  readonly disk: Disk;
}

/**
 * Reads a tsconfig with its `extends` and, for a solution file that lists no files itself, its
 * references. Without a tsconfig: strict ES2022 and NodeNext over all TypeScript files under the
 * root except tests and configurations.
 */
export function readProjectConfig(location: ConfigLocation): ProjectConfig {
  const parsed =
    location.configPath === undefined
      ? parseDefaults(location.root, location.disk)
      : parseFile(location.configPath, { disk: location.disk, visited: new Set() });
  const fileNames = parsed.fileNames.filter((fileName) => !isOutput(fileName, location));
  return { ...parsed, fileNames, options: fitOptions({ ...parsed.options, ...location.overrides }) };
}

/**
 * Checks whether a file is the output of an earlier build. TypeScript excludes only the `outDir` of
 * the tsconfig itself.
 */
function isOutput(fileName: string, { root, overrides }: ConfigLocation): boolean {
  if (overrides?.outDir === undefined) return false;
  const outDir = toPosix(overrides.outDir);
  return outDir.startsWith(`${root}/`) && fileName.startsWith(`${outDir}/`);
}

const DEFAULTS = {
  compilerOptions: {
    target: "ES2022",
    module: "NodeNext",
    strict: true,
    skipLibCheck: true,
    // Without a tsconfig there is no choice to respect, and Node cannot import "./x.ts" in `dist`.
    rewriteRelativeImportExtensions: true,
    sourceMap: true,
    outDir: "dist",
  },
  // Tests and tool settings are not part of a server; a test runner would run the built tests
  // again.
  exclude: ["**/node_modules", "**/dist", "**/.*/", "**/*.test.*", "**/*.spec.*", "**/*.config.*"],
};

/**
 * Reads the tsconfigs that a solution file (`"files": [], "references": […]`) refers to, in order
 * and without duplicates. Undefined if the tsconfig is not a solution file.
 */
export function readSolution(
  configPath: string,
  disk: Disk,
  visited: ReadonlySet<string> = new Set(),
): string[] | undefined {
  const { readFile, fileExists, directoryExists, readDirectory, realpath } = disk;
  const parsed = ts.getParsedCommandLineOfConfigFile(configPath, undefined, {
    ...ts.sys,
    readFile,
    fileExists,
    directoryExists,
    readDirectory,
    realpath,
    onUnRecoverableConfigFileDiagnostic: () => {},
  });
  if (!parsed || parsed.fileNames.length > 0 || !parsed.projectReferences?.length) return undefined;
  const paths = parsed.projectReferences.map((reference) => ts.resolveProjectReferencePath(reference));
  // Solutions may refer to each other in a circle.
  const chain = new Set([...visited, configPath]);
  const nested = paths.filter((path) => !chain.has(path)).flatMap((path) => readSolution(path, disk, chain) ?? [path]);
  return [...new Set(nested)];
}

type ParsedConfig = Omit<ProjectConfig, "options"> & { readonly options: ts.CompilerOptions };

function parseDefaults(root: string, disk: Disk): ParsedConfig {
  const parsed = ts.parseJsonConfigFileContent(DEFAULTS, disk, root);
  // "No inputs found" (TS18003) is fine here: the caller may name files.
  return {
    options: parsed.options,
    fileNames: parsed.fileNames,
    projectReferences: [],
    diagnostics: parsed.errors.filter((e) => e.code !== NO_INPUTS),
    schemaOptions: {},
    problems: [],
  };
}

const NO_INPUTS = 18003;
const EMPTY_FILES = 18002;
const UNKNOWN_OPTION = new Set([5023, 5025]);

interface ParseContext {
  readonly disk: Disk;
  /** The tsconfigs that lead to this one. */
  readonly visited: Set<string>;
}

function parseFile(configPath: string, { disk, visited }: ParseContext): ParsedConfig {
  visited.add(configPath);
  const unrecoverable: ts.Diagnostic[] = [];
  const host: ts.ParseConfigFileHost = {
    useCaseSensitiveFileNames: ts.sys.useCaseSensitiveFileNames,
    getCurrentDirectory: ts.sys.getCurrentDirectory,
    readDirectory: disk.readDirectory,
    fileExists: disk.fileExists,
    readFile: (path) => {
      const text = disk.readFile(path);
      return text !== undefined && path.endsWith(".json") ? replaceNewerNames(text) : text;
    },
    onUnRecoverableConfigFileDiagnostic: (diagnostic) => unrecoverable.push(diagnostic),
  };
  const parsed = ts.getParsedCommandLineOfConfigFile(configPath, undefined, host);
  const own = readTsconfigOptions(configPath, disk);
  if (!parsed) return { ...own, options: {}, fileNames: [], projectReferences: [], diagnostics: unrecoverable };
  const references = parsed.projectReferences ?? [];
  // Beyond `parsed.errors`, they name the mistakes in the JSON, after which options may be lost.
  const found = ts.getConfigFileParsingDiagnostics(parsed);
  const errors = [...unrecoverable, ...found.map((error) => softenUnknownOption(error))];
  if (parsed.fileNames.length > 0 || references.length === 0) {
    // A config without files is fine if the caller names them; otherwise loadProject reports it.
    return {
      ...own,
      options: parsed.options,
      fileNames: parsed.fileNames,
      projectReferences: references,
      diagnostics: errors.filter((e) => e.code !== NO_INPUTS),
    };
  }
  return mergeReferences(references, { errors, visited, disk, own: { ...own, options: parsed.options } });
}

/** Merges the projects that a solution file (`"files": [], "references": […]`) refers to. */
function mergeReferences(
  references: readonly ts.ProjectReference[],
  context: ParseContext & {
    readonly errors: readonly ts.Diagnostic[];
    readonly own: Pick<ParsedConfig, "options" | "schemaOptions" | "problems">;
  },
): ParsedConfig {
  const paths = references
    .map((reference) => ts.resolveProjectReferencePath(reference))
    .filter((path) => !context.visited.has(path));
  const parts = paths.map((path) => parseFile(path, context));
  const { options, schemaOptions } = parts.find((part) => part.fileNames.length > 0) ?? context.own;
  return {
    options,
    schemaOptions,
    problems: [...context.own.problems, ...parts.flatMap((part) => part.problems)],
    fileNames: [...new Set(parts.flatMap((part) => part.fileNames))],
    projectReferences: parts.flatMap((part) => part.projectReferences),
    diagnostics: [
      ...context.errors.filter((error) => error.code !== NO_INPUTS && error.code !== EMPTY_FILES),
      ...parts.flatMap((part) => part.diagnostics),
    ],
  };
}

/**
 * Turns unknown options into warnings: a newer TypeScript may know them, and the build may not need
 * them.
 */
function softenUnknownOption(diagnostic: ts.Diagnostic): ts.Diagnostic {
  return UNKNOWN_OPTION.has(diagnostic.code) ? { ...diagnostic, category: ts.DiagnosticCategory.Warning } : diagnostic;
}

const NEWEST_YEAR = Math.max(...Object.keys(ts.ScriptTarget).map((name) => Number(/^ES(\d{4})$/.exec(name)?.[1] ?? 0)));

/**
 * Replaces names of later ECMAScript years by ESNext, which contained the same features before.
 * TypeScript 5.9 drops unknown `target` and `lib` values, which leaves a program without a standard
 * library.
 */
function replaceNewerNames(text: string): string {
  if (!/"es20(?:2[5-9]|[3-9]\d)/i.test(text) && !/"node2[1-9]"/i.test(text)) return text;
  const newer = (year: string): boolean => Number(year) > NEWEST_YEAR;
  return text
    .replaceAll(/("target"\s*:\s*)"es(\d{4})"/gi, (whole, head: string, year: string) =>
      newer(year) ? `${head}"esnext"` : whole,
    )
    .replaceAll(/("module"\s*:\s*)"node(2[1-9])"/gi, (_whole, head: string) => `${head}"nodenext"`)
    .replaceAll(/("lib"\s*:\s*)(\[[^\]]*\])/gi, (_whole, head: string, list: string) => {
      const mapped = list.replaceAll(/"es(\d{4})((?:\.[\w.]+)?)"/gi, (name, year: string, part: string) =>
        newer(year) ? `"${knownLib(`esnext${part.toLowerCase()}`)}"` : name,
      );
      return head + mapped;
    });
}

function knownLib(name: string): string {
  const known: unknown = (ts as unknown as { readonly libMap?: ReadonlyMap<string, string> }).libMap?.has(name);
  return known === false ? "esnext" : name;
}

/** Sets the options that this compiler requires, whatever the author's tsconfig says. */
function fitOptions(given: ts.CompilerOptions): ts.CompilerOptions {
  const options: ts.CompilerOptions = {
    ...given,
    // Without it the checker drops `| null` and `| undefined`, and schemas are wrong.
    strictNullChecks: true,
  };
  // Deprecations of TypeScript 6 and 7 do not matter here, and 5.9 rejects their version numbers.
  delete options.ignoreDeprecations;
  // The defaults of TypeScript 5.9 are ES5 and classic resolution, which no decorator author wants.
  options.target ??= ts.ScriptTarget.ES2022;
  if (options.module === undefined && options.moduleResolution === undefined) {
    options.module = ts.ModuleKind.ESNext;
    options.moduleResolution = ts.ModuleResolutionKind.Bundler;
  }
  if (isClassicResolution(options)) options.moduleResolution = ts.ModuleResolutionKind.Bundler;
  if (options.target > ts.ScriptTarget.ES2024) {
    // ESNext keeps decorators, which no engine runs yet. The library stays that of ESNext.
    options.lib ??= ["lib.esnext.full.d.ts"];
    options.target = ts.ScriptTarget.ES2024;
  }
  return options;
}

/**
 * Checks for a module resolution that ignores `exports` in a package.json, and so does not find the
 * types of `methodic`. It is the default of TypeScript 5.9 for `"module": "commonjs"`; the default
 * of TypeScript 6 and later is `bundler`.
 */
function isClassicResolution({ module, moduleResolution }: ts.CompilerOptions): boolean {
  if (moduleResolution === undefined) return module !== undefined && module < ts.ModuleKind.ES2015;
  return moduleResolution < ts.ModuleResolutionKind.Node16;
}

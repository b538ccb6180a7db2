import ts from "typescript";
import type { Disk } from "./disk.ts";

/** What a project's tsconfig says, made fit for this compiler. */
export interface ProjectConfig {
  readonly options: ts.CompilerOptions;
  readonly fileNames: readonly string[];
  readonly projectReferences: readonly ts.ProjectReference[];
  readonly diagnostics: readonly ts.Diagnostic[];
}

/** Where {@link readProjectConfig} looks. Paths are absolute. */
export interface ConfigLocation {
  readonly root: string;
  /** The tsconfig file, or nothing for the defaults. */
  readonly configPath: string | undefined;
  /** Options that win over the file's. */
  readonly overrides?: ts.CompilerOptions;
  readonly disk: Disk;
}

/**
 * Reads a tsconfig with its `extends` and, for a solution file without files of its own, its references.
 * Without a tsconfig: strict ES2022 and NodeNext over all TypeScript files under the root but tests and configurations.
 */
export function readProjectConfig(location: ConfigLocation): ProjectConfig {
  const parsed =
    location.configPath === undefined
      ? parseDefaults(location.root, location.disk)
      : parseFile(location.configPath, { disk: location.disk, visited: new Set() });
  const fileNames = parsed.fileNames.filter((fileName) => !isOutput(fileName, location));
  return { ...parsed, fileNames, options: fitOptions({ ...parsed.options, ...location.overrides }) };
}

/** What a build left in its folder is no input of the next one; TypeScript knows that only of an `outDir` in the tsconfig itself. */
function isOutput(fileName: string, { root, overrides }: ConfigLocation): boolean {
  const outDir = overrides?.outDir?.replaceAll("\\", "/");
  return outDir !== undefined && outDir.startsWith(`${root}/`) && fileName.startsWith(`${outDir}/`);
}

const DEFAULTS = {
  compilerOptions: {
    target: "ES2022",
    module: "NodeNext",
    strict: true,
    skipLibCheck: true,
    sourceMap: true,
    outDir: "dist",
  },
  // Tests and the settings of tools belong to nobody's server; built, a test runner would take them for more tests.
  exclude: ["**/node_modules", "**/dist", "**/.*/", "**/*.test.*", "**/*.spec.*", "**/*.config.*"],
};

/**
 * The tsconfigs that a solution file (`"files": [], "references": […]`) stands for, in their order and without repetition;
 * undefined if the tsconfig is no such file.
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
  // Solutions that refer to each other in a circle have no more projects than what is met on the way.
  const way = new Set([...visited, configPath]);
  const nested = paths.filter((path) => !way.has(path)).flatMap((path) => readSolution(path, disk, way) ?? [path]);
  return [...new Set(nested)];
}

type ParsedConfig = Omit<ProjectConfig, "options"> & { readonly options: ts.CompilerOptions };

function parseDefaults(root: string, disk: Disk): ParsedConfig {
  const parsed = ts.parseJsonConfigFileContent(DEFAULTS, disk, root);
  // "No inputs found" (TS18003) is no problem here: the caller may name files itself.
  return {
    options: parsed.options,
    fileNames: parsed.fileNames,
    projectReferences: [],
    diagnostics: parsed.errors.filter((e) => e.code !== NO_INPUTS),
  };
}

const NO_INPUTS = 18003;
const EMPTY_FILES = 18002;
const UNKNOWN_OPTION = new Set([5023, 5025]);

interface ParseContext {
  readonly disk: Disk;
  /** The tsconfigs on the way to this one. */
  readonly visited: Set<string>;
}

function parseFile(configPath: string, { disk, visited }: ParseContext): ParsedConfig {
  visited.add(configPath);
  const problems: ts.Diagnostic[] = [];
  const host: ts.ParseConfigFileHost = {
    useCaseSensitiveFileNames: ts.sys.useCaseSensitiveFileNames,
    getCurrentDirectory: ts.sys.getCurrentDirectory,
    readDirectory: disk.readDirectory,
    fileExists: disk.fileExists,
    readFile: (path) => {
      const text = disk.readFile(path);
      return text !== undefined && path.endsWith(".json") ? replaceNewerNames(text) : text;
    },
    onUnRecoverableConfigFileDiagnostic: (diagnostic) => problems.push(diagnostic),
  };
  const parsed = ts.getParsedCommandLineOfConfigFile(configPath, undefined, host);
  if (!parsed) return { options: {}, fileNames: [], projectReferences: [], diagnostics: problems };
  const references = parsed.projectReferences ?? [];
  const errors = [...problems, ...parsed.errors.map((error) => softenUnknownOption(error))];
  if (parsed.fileNames.length > 0 || references.length === 0) {
    // A config without files is fine where the caller names them; loadProject complains if nobody does.
    return {
      options: parsed.options,
      fileNames: parsed.fileNames,
      projectReferences: references,
      diagnostics: errors.filter((e) => e.code !== NO_INPUTS),
    };
  }
  return mergeReferences(references, { errors, visited, disk, own: parsed.options });
}

/** A solution-style tsconfig (`"files": [], "references": […]`) stands for the projects it refers to. */
function mergeReferences(
  references: readonly ts.ProjectReference[],
  context: ParseContext & { readonly errors: readonly ts.Diagnostic[]; readonly own: ts.CompilerOptions },
): ParsedConfig {
  const paths = references
    .map((reference) => ts.resolveProjectReferencePath(reference))
    .filter((path) => !context.visited.has(path));
  const parts = paths.map((path) => parseFile(path, context));
  return {
    options: parts.find((part) => part.fileNames.length > 0)?.options ?? context.own,
    fileNames: [...new Set(parts.flatMap((part) => part.fileNames))],
    projectReferences: parts.flatMap((part) => part.projectReferences),
    diagnostics: [
      ...context.errors.filter((error) => error.code !== NO_INPUTS && error.code !== EMPTY_FILES),
      ...parts.flatMap((part) => part.diagnostics),
    ],
  };
}

/** An option that only a newer TypeScript knows must not stop a build that does not need it. */
function softenUnknownOption(diagnostic: ts.Diagnostic): ts.Diagnostic {
  return UNKNOWN_OPTION.has(diagnostic.code) ? { ...diagnostic, category: ts.DiagnosticCategory.Warning } : diagnostic;
}

const NEWEST_YEAR = Math.max(...Object.keys(ts.ScriptTarget).map((name) => Number(/^ES(\d{4})$/.exec(name)?.[1] ?? 0)));

/**
 * TypeScript 5.9 drops `target` and `lib` values it does not know, which leaves a program without a standard library.
 * Names of later years become ESNext, which is what they were before they got their year.
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

/** The options this compiler cannot do without, whatever the author's tsconfig says. */
function fitOptions(given: ts.CompilerOptions): ts.CompilerOptions {
  const options: ts.CompilerOptions = {
    ...given,
    // Without it the checker forgets `| null` and `| undefined`, and schemas come out wrong.
    strictNullChecks: true,
  };
  // What TypeScript 6 and 7 deprecate is no matter here, and 5.9 refuses the versions that they want to be named.
  delete options.ignoreDeprecations;
  // TypeScript 5.9 means ES5 and classic resolution when nothing is said; nobody who writes decorators does.
  options.target ??= ts.ScriptTarget.ES2022;
  if (options.module === undefined && options.moduleResolution === undefined) {
    options.module = ts.ModuleKind.ESNext;
    options.moduleResolution = ts.ModuleResolutionKind.Bundler;
  }
  if (isClassicResolution(options)) options.moduleResolution = ts.ModuleResolutionKind.Bundler;
  if (options.target > ts.ScriptTarget.ES2024) {
    // ESNext leaves decorators in place, which no runtime reads yet; the library stays as new as was asked for.
    options.lib ??= ["lib.esnext.full.d.ts"];
    options.target = ts.ScriptTarget.ES2024;
  }
  return options;
}

/**
 * Ways to find modules that know nothing of `exports` in a package.json, and so find no types of `methodic`. TypeScript 5.9 means
 * the older one by `"module": "commonjs"`; TypeScript 6 and later mean, and allow, `bundler` there.
 */
function isClassicResolution({ module, moduleResolution }: ts.CompilerOptions): boolean {
  if (moduleResolution === undefined) return module !== undefined && module < ts.ModuleKind.ES2015;
  return moduleResolution < ts.ModuleResolutionKind.Node16;
}

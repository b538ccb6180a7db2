import path from "node:path";
import ts from "typescript";
import { compileServices } from "../compile/compile-files.ts";
import { countComponents } from "../compile/compile-project.ts";
import { hasErrors, relativePath, sortDiagnostics, toPosix, type Diagnostic } from "../diagnostics/diagnostic.ts";
import { fromTypeScript } from "../diagnostics/locate.ts";
import { emitOptions, emitProgram, type OutputFile } from "../emit/emit.ts";
import type { CompiledService } from "../manifest.ts";
import { createHost } from "../project/compiler-host.ts";
import { Disk } from "../project/disk.ts";
import { loadProject, type Project } from "../project/project.ts";
import type { SchemaOptions } from "../project/schema-options.ts";
import { readProjectConfig } from "../project/tsconfig.ts";
import { splitSolution, listUnreferencedFiles, type ProjectUnit } from "./solution.ts";
import { writeFiles } from "./write-files.ts";

/** Options of {@link buildProject}. Relative paths are relative to `root`. */
export interface BuildOptions {
  /** The project's folder. */
  readonly root: string;
  /**
   * The tsconfig file. Default: `tsconfig.json` in `root`, or built-in defaults if it is missing.
   */
  readonly tsconfig?: string;
  /** Options about schemas that override those of the tsconfig. */
  readonly schemaOptions?: SchemaOptions;
  /**
   * The folder for the JavaScript. Default: the tsconfig's `outDir`, else `dist`. Each project of a
   * solution gets a subfolder.
   */
  readonly outDir?: string;
}

/** The result of {@link buildProject}. */
export interface BuildResult {
  /** The written files, relative to the root, with forward slashes. Empty if there are errors. */
  readonly files: readonly string[];
  /** Type errors and problems of decorated classes. */
  readonly diagnostics: readonly Diagnostic[];
  readonly stats: BuildStats;
}

/** The numbers of services and components in a build. */
export interface BuildStats {
  readonly services: number;
  readonly tools: number;
  readonly resources: number;
  readonly prompts: number;
}

/**
 * Builds a project as tsc does (`.js`, `.d.ts` and source maps), with a manifest in every service
 * class. If the tsconfig has only `references`, builds each referenced project.
 *
 * Writes nothing if there is an error, and prints nothing. Problems of the project are returned as
 * diagnostics, never thrown.
 *
 * @throws The file system's error if the output cannot be written; the previous build is kept
 *
 * @example
 * ```ts
 * import { buildProject, hasErrors } from "@methodic/compiler";
 *
 * const { diagnostics } = buildProject({ root: process.cwd() });
 * process.exitCode = hasErrors(diagnostics) ? 1 : 0;
 * ```
 */
export function buildProject(options: BuildOptions): BuildResult {
  const { files, diagnostics, stats } = compileBuild(options, { disk: new Disk() });
  writeFiles(files);
  return { files: listRelativePaths(files, options.root), diagnostics, stats };
}

/** Returns the paths of files relative to a root, sorted, with forward slashes. */
export function listRelativePaths(files: readonly OutputFile[], root: string): string[] {
  return files.map((file) => relativePath(toPosix(path.resolve(root)), file.fileName)).sort();
}

/** Dependencies of {@link compileBuild}. */
interface BuildDeps {
  readonly disk: Disk;
  /** Projects of an earlier build with the same settings; their unchanged files are reused. */
  readonly previous?: BuildOutput["projects"];
}

/** A build in memory. */
export interface BuildOutput {
  /** Empty if there are errors. */
  readonly files: readonly OutputFile[];
  readonly diagnostics: readonly Diagnostic[];
  readonly stats: BuildStats;
  /** The projects by the path of their tsconfig, or of their folder if they have none. */
  readonly projects: ReadonlyMap<string, Project>;
}

/** Builds a project in memory. */
export function compileBuild(options: BuildOptions, { disk, previous }: BuildDeps): BuildOutput {
  const outcomes = splitSolution(options, disk).map((unit) =>
    compileUnit(unit, { disk, ...(previous && { previous }) }),
  );
  const diagnostics = sortDiagnostics(outcomes.flatMap((outcome) => outcome.diagnostics));
  return {
    files: hasErrors(diagnostics) ? [] : outcomes.flatMap((outcome) => outcome.files),
    diagnostics,
    stats: countComponents(outcomes.flatMap((outcome) => outcome.services)),
    projects: new Map(outcomes.map(({ project }) => [projectKey(project), project])),
  };
}

function projectKey({ configPath, root }: Pick<Project, "configPath" | "root">): string {
  return configPath ?? root;
}

/** The part of a build that one tsconfig contributes. */
interface UnitOutcome {
  readonly project: Project;
  readonly files: readonly OutputFile[];
  readonly diagnostics: readonly Diagnostic[];
  readonly services: readonly CompiledService[];
}

function compileUnit(unit: ProjectUnit, deps: BuildDeps): UnitOutcome {
  const project = loadForBuild(unit, deps);
  const { services, calls, diagnostics } = compileServices(project, listUnreferencedFiles(project));
  const found = [...project.diagnostics, ...diagnostics, ...findTypeErrors(project)];
  if (hasErrors(found)) return { project, files: [], diagnostics: found, services };
  const emitted = emitProgram(project.program, { services, calls });
  const emitDiagnostics = emitted.diagnostics.map((diagnostic) => fromTypeScript(diagnostic, project.root));
  return { project, files: emitted.files, diagnostics: [...found, ...emitDiagnostics], services };
}

function loadForBuild(unit: ProjectUnit, { disk, previous: projects }: BuildDeps): Project {
  const { root, tsconfig, outDir, folder: ownFolder, schemaOptions } = unit;
  const folder = path.resolve(root);
  const configPath = path.resolve(folder, tsconfig ?? "tsconfig.json");
  const existingConfig = disk.fileExists(configPath) ? configPath : undefined;
  const { options } = readProjectConfig({ root: folder, configPath: existingConfig, disk });
  const override = outDir === undefined ? {} : { outDir: path.resolve(folder, outDir) };
  const previous = projects?.get(toPosix(existingConfig ?? folder));
  return loadProject({
    root: folder,
    disk,
    ...(previous && { previous }),
    ...(tsconfig !== undefined && { tsconfig }),
    ...(schemaOptions && { schemaOptions }),
    compilerOptions: emitOptions({ ...options, ...override }, ownFolder, "build"),
  });
}

/**
 * "Option 'bundler' can only be used when 'module' is set to 'preserve' or to 'es2015' or later".
 * TypeScript 6 has dropped this restriction.
 */
const BUNDLER_WITH_COMMONJS = 5095;

/** Finds the errors that tsc reports before it emits. The emit adds those of declarations. */
function findTypeErrors(project: Project): Diagnostic[] {
  return ts
    .sortAndDeduplicateDiagnostics(checkProgram(getProgramToCheck(project)))
    .filter((diagnostic) => diagnostic.code !== BUNDLER_WITH_COMMONJS)
    .map((diagnostic) => fromTypeScript(diagnostic, project.root));
}

/**
 * Checks a program. `ts.getPreEmitDiagnostics` would also transform all declarations, which the
 * emit does again.
 */
function checkProgram(program: ts.Program): readonly ts.Diagnostic[] {
  return [
    ...program.getConfigFileParsingDiagnostics(),
    ...program.getOptionsDiagnostics(),
    ...program.getSyntacticDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...program.getSemanticDiagnostics(),
  ];
}

/**
 * Returns the program to type-check. Schemas need `strictNullChecks`; a project without it must not
 * get type errors from it.
 */
function getProgramToCheck({ program, configPath, options, root, disk, sources }: Project): ts.Program {
  if (options.strict || configPath === undefined) return program;
  const { config } = ts.readConfigFile(configPath, disk.readFile) as { readonly config?: unknown };
  const { strictNullChecks } = ts.parseJsonConfigFileContent(
    config,
    disk,
    path.dirname(configPath),
    undefined,
    configPath,
  ).options;
  if (strictNullChecks) return program;
  const relaxed = { ...options, strictNullChecks: false };
  return ts.createProgram({
    rootNames: program.getRootFileNames(),
    options: relaxed,
    host: createHost(relaxed, root, { disk, previous: sources, texts: undefined }).host,
    oldProgram: program,
    ...(program.getProjectReferences() && { projectReferences: program.getProjectReferences() ?? [] }),
  });
}

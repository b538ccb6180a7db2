import path from "node:path";
import ts from "typescript";
import { compileServices } from "../compile/compile-files.ts";
import { hasErrors, relativePath, sortDiagnostics, type Diagnostic } from "../diagnostics/diagnostic.ts";
import { fromTypeScript } from "../diagnostics/locate.ts";
import { emitOptions, emitProgram, type OutputFile } from "../emit/emit.ts";
import type { CompiledService } from "../manifest.ts";
import { createHost } from "../project/compiler-host.ts";
import { Disk } from "../project/disk.ts";
import { loadProject, type Project } from "../project/project.ts";
import { readProjectConfig } from "../project/tsconfig.ts";
import { splitSolution, unreferencedFiles, type ProjectUnit } from "./solution.ts";
import { writeFiles } from "./write-files.ts";

/** What {@link buildProject} builds. Relative paths are relative to `root`. */
export interface BuildOptions {
  /** The project's folder. */
  readonly root: string;
  /** The tsconfig file. Default: `tsconfig.json` in `root`; where there is none, sensible defaults. */
  readonly tsconfig?: string;
  /** Where the JavaScript goes. Default: the tsconfig's `outDir`, else `dist`. A solution's projects get a folder each in it. */
  readonly outDir?: string;
}

/** What a build did. */
export interface BuildResult {
  /** The files written, relative to the root, with forward slashes. Empty if there are errors. */
  readonly files: readonly string[];
  /** Type errors and problems of decorated classes. */
  readonly diagnostics: readonly Diagnostic[];
  readonly stats: BuildStats;
}

/** Counts of a build. */
export interface BuildStats {
  readonly services: number;
  readonly tools: number;
  readonly resources: number;
  readonly prompts: number;
}

/**
 * Builds a project as tsc would, `.js`, `.d.ts` and source maps, with a manifest in every service class.
 * Of a tsconfig that only has `references`, each project is built.
 * Writes nothing at all if there is any error, prints nothing, and never throws for what is wrong with the project.
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
  return { files: namesOf(files, options.root), diagnostics, stats };
}

/** The names of files relative to a root, sorted. */
export function namesOf(files: readonly OutputFile[], root: string): string[] {
  return files.map((file) => relativePath(path.resolve(root).replaceAll("\\", "/"), file.fileName)).sort();
}

/** Dependencies of {@link compileBuild}. */
interface BuildDeps {
  readonly disk: Disk;
  /** The projects of an earlier build with the same settings, whose unchanged files are taken over. */
  readonly previous?: BuildOutput["projects"];
}

/** A build that has not been written. */
export interface BuildOutput {
  /** Empty if there are errors. */
  readonly files: readonly OutputFile[];
  readonly diagnostics: readonly Diagnostic[];
  readonly stats: BuildStats;
  /** By the path of their tsconfig, or of their folder where they have none. */
  readonly projects: ReadonlyMap<string, Project>;
}

/** Does all of a build but for the writing. */
export function compileBuild(options: BuildOptions, { disk, previous }: BuildDeps): BuildOutput {
  const outcomes = splitSolution(options, disk).map((unit) =>
    compileUnit(unit, { disk, ...(previous && { previous }) }),
  );
  const diagnostics = sortDiagnostics(outcomes.flatMap((outcome) => outcome.diagnostics));
  return {
    files: hasErrors(diagnostics) ? [] : outcomes.flatMap((outcome) => outcome.files),
    diagnostics,
    stats: countMembers(outcomes.flatMap((outcome) => outcome.services)),
    projects: new Map(outcomes.map(({ project }) => [keyOf(project), project])),
  };
}

function keyOf({ configPath, root }: Pick<Project, "configPath" | "root">): string {
  return configPath ?? root;
}

/** What one tsconfig comes to. */
interface UnitOutcome {
  readonly project: Project;
  readonly files: readonly OutputFile[];
  readonly diagnostics: readonly Diagnostic[];
  readonly services: readonly CompiledService[];
}

function compileUnit(unit: ProjectUnit, deps: BuildDeps): UnitOutcome {
  const project = loadForBuild(unit, deps);
  const { services, diagnostics } = compileServices(project, unreferencedFiles(project));
  const found = [...project.diagnostics, ...diagnostics, ...typeErrors(project)];
  if (hasErrors(found)) return { project, files: [], diagnostics: found, services };
  const emitted = emitProgram(project.program, services);
  const late = emitted.diagnostics.map((diagnostic) => fromTypeScript(diagnostic, project.root));
  return { project, files: emitted.files, diagnostics: [...found, ...late], services };
}

/** Counts services and what they publish. */
export function countMembers(services: readonly CompiledService[]): BuildStats {
  const members = services.flatMap((service) => [...service.members.values()]);
  const count = (kind: string): number => members.filter((member) => member.data.kind === kind).length;
  return {
    services: services.length,
    tools: count("tool"),
    resources: count("resource"),
    prompts: count("prompt"),
  };
}

function loadForBuild(unit: ProjectUnit, { disk, previous: projects }: BuildDeps): Project {
  const { root, tsconfig, outDir, folder: ownFolder } = unit;
  const folder = path.resolve(root);
  const configPath = path.resolve(folder, tsconfig ?? "tsconfig.json");
  const written = disk.fileExists(configPath) ? configPath : undefined;
  const author = readProjectConfig({ root: folder, configPath: written, disk }).options;
  const target = outDir === undefined ? {} : { outDir: path.resolve(folder, outDir) };
  const previous = projects?.get((written ?? folder).replaceAll("\\", "/"));
  return loadProject({
    root: folder,
    disk,
    ...(previous && { previous }),
    ...(tsconfig !== undefined && { tsconfig }),
    compilerOptions: emitOptions({ ...author, ...target }, ownFolder, "build"),
  });
}

/** "Option 'bundler' can only be used when 'module' is set to 'preserve' or to 'es2015' or later": no longer so since TypeScript 6. */
const BUNDLER_WITH_COMMONJS = 5095;

function typeErrors(project: Project): Diagnostic[] {
  return ts
    .getPreEmitDiagnostics(checkedProgram(project))
    .filter((diagnostic) => diagnostic.code !== BUNDLER_WITH_COMMONJS)
    .map((diagnostic) => fromTypeScript(diagnostic, project.root));
}

/** Schemas need strictNullChecks; an author who does without it must not get type errors from it. */
function checkedProgram({ program, configPath, options, root, disk, sources }: Project): ts.Program {
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

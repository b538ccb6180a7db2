import path from "node:path";
import ts from "typescript";
import { createHost, type SourceCache } from "./compiler-host.ts";
import { Disk } from "./disk.ts";
import { type Diagnostic, toPosix } from "../diagnostics/diagnostic.ts";
import { fromTypeScript, locate, unlocated } from "../diagnostics/locate.ts";
import { problems } from "../diagnostics/catalog.ts";
import type { SchemaOptions } from "./schema-options.ts";
import { readProjectConfig } from "./tsconfig.ts";

/** Options of {@link loadProject}. Relative paths are relative to `root`. */
export interface ProjectOptions {
  /**
   * The project's folder, with its `tsconfig.json` if it has one. Results name files relative to
   * it.
   */
  readonly root: string;
  /** The tsconfig file. Default: `tsconfig.json` in `root`; without one, sensible defaults. */
  readonly tsconfig?: string;
  /** Files to read in addition to the tsconfig's. Without a tsconfig they are the whole project. */
  readonly files?: readonly string[];
  /** Compiler options that override the tsconfig's. */
  readonly compilerOptions?: ts.CompilerOptions;
  /** Options about schemas that override the tsconfig's. */
  readonly schemaOptions?: SchemaOptions;
  /** An earlier state of the same project, whose unchanged files are reused. */
  readonly previous?: Project;
  /**
   * Texts that override the disk's, such as an editor's or another plugin's, by absolute path with
   * forward slashes.
   */
  readonly texts?: ReadonlyMap<string, string>;
  /** The disk to read from. Default: the disk in its current state. */
  readonly disk?: Disk;
}

/**
 * A TypeScript project, read and bound but not type-checked: one program that all later phases
 * share.
 */
export interface Project {
  /** Absolute, with forward slashes and symbolic links kept. */
  readonly root: string;
  /** The tsconfig file that was read, if any. */
  readonly configPath: string | undefined;
  readonly program: ts.Program;
  readonly checker: ts.TypeChecker;
  readonly options: ts.CompilerOptions;
  readonly schemaOptions: SchemaOptions;
  /**
   * The author's source files in a stable order, without declaration files and installed packages.
   */
  readonly files: readonly ts.SourceFile[];
  /** Problems of the configuration, without type errors: the program reports those. */
  readonly diagnostics: readonly Diagnostic[];
  /** Returns the project's file at a path, absolute or relative to the root. */
  readonly findFile: (fileName: string) => ts.SourceFile | undefined;
  /** Parsed files, for {@link ProjectOptions.previous}. */
  readonly sources: SourceCache;
  /** The disk that the project was read from, with a record of all reads. */
  readonly disk: Disk;
}

/**
 * Reads a project through its tsconfig, or with sensible defaults if it has none. Problems of the
 * project are returned in `diagnostics`, never thrown.
 */
export function loadProject(options: ProjectOptions): Project {
  const root = toPosix(path.resolve(options.root)).replace(/(?<=.)\/$/, "");
  const diagnostics: Diagnostic[] = [];
  const disk = options.disk ?? new Disk();
  const configPath = findConfig(options.tsconfig, { root, disk, diagnostics });
  const named = (options.files ?? []).map((file) => toPosix(path.resolve(root, file)));
  const existing = named.filter((file) => disk.fileExists(file));
  const missing = named.filter((file) => !existing.includes(file));
  diagnostics.push(...missing.map((file) => unlocated(problems.fileNotFound(relative(root, file)))));
  const config = readProjectConfig({
    root,
    configPath,
    disk,
    ...(options.compilerOptions && { overrides: options.compilerOptions }),
  });
  diagnostics.push(
    ...config.diagnostics.map((diagnostic) => fromTypeScript(diagnostic, root)),
    ...config.problems.map((problem) => locate(problem, root)),
  );
  const rootNames = [
    ...new Set([...(configPath === undefined && named.length > 0 ? [] : config.fileNames), ...existing]),
  ];
  if (rootNames.length === 0 && diagnostics.length === 0)
    diagnostics.push(unlocated(problems.noFiles(configPath ? relative(root, configPath) : root)));

  const { host, sources } = createHost(config.options, root, {
    disk,
    previous: options.previous?.sources,
    texts: options.texts,
  });
  const program = ts.createProgram({
    rootNames,
    options: config.options,
    projectReferences: config.projectReferences,
    host,
    ...(options.previous && { oldProgram: options.previous.program }),
  });
  return {
    root,
    configPath,
    options: config.options,
    schemaOptions: { ...config.schemaOptions, ...options.schemaOptions },
    diagnostics,
    disk,
    ...readProgram(program, root),
    sources,
  };
}

/**
 * Reads a project again after the texts of source files, and nothing else, have changed.
 * @param project A project whose disk has recorded the changes
 */
export function reloadSources(project: Project): Project {
  const { root, options, program: oldProgram, disk } = project;
  const { host, sources } = createHost(options, root, {
    disk,
    previous: project.sources,
    texts: undefined,
    keepResolutions: true,
  });
  const program = ts.createProgram({
    rootNames: oldProgram.getRootFileNames(),
    options,
    ...(oldProgram.getProjectReferences() && { projectReferences: oldProgram.getProjectReferences() ?? [] }),
    host,
    oldProgram,
  });
  return { ...project, ...readProgram(program, root), sources };
}

function readProgram(program: ts.Program, root: string): Pick<Project, "program" | "checker" | "files" | "findFile"> {
  return {
    program,
    checker: program.getTypeChecker(),
    files: ownFiles(program),
    findFile: (fileName) => program.getSourceFile(toPosix(path.resolve(root, fileName))),
  };
}

function findConfig(
  given: string | undefined,
  { root, disk, diagnostics }: { readonly root: string; readonly disk: Disk; readonly diagnostics: Diagnostic[] },
): string | undefined {
  const candidate = toPosix(path.resolve(root, given ?? "tsconfig.json"));
  if (disk.fileExists(candidate)) return candidate;
  const inside = `${candidate}/tsconfig.json`;
  if (given !== undefined && disk.fileExists(inside)) return inside;
  if (given !== undefined) diagnostics.push(unlocated(problems.tsconfigNotFound(relative(root, candidate))));
  return undefined;
}

function ownFiles(program: ts.Program): ts.SourceFile[] {
  return program
    .getSourceFiles()
    .filter(
      (file) =>
        !file.isDeclarationFile && !program.isSourceFileFromExternalLibrary(file) && !file.fileName.endsWith(".json"),
    )
    .sort((a, b) => (a.fileName < b.fileName ? -1 : 1));
}

function relative(root: string, fileName: string): string {
  return toPosix(path.relative(root, fileName)) || ".";
}

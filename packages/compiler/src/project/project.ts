import path from "node:path";
import ts from "typescript";
import { createHost, type SourceCache } from "./compiler-host.ts";
import { Disk } from "./disk.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { fromTypeScript, unlocated } from "../diagnostics/locate.ts";
import { problems } from "../diagnostics/catalog.ts";
import { readProjectConfig } from "./tsconfig.ts";

/** Which project to read. Relative paths are relative to `root`. */
export interface ProjectOptions {
  /** The project's folder: the one with its `tsconfig.json`, if it has one. Results name files relative to it. */
  readonly root: string;
  /** The tsconfig file. Default: `tsconfig.json` in `root`; where there is none, sensible defaults. */
  readonly tsconfig?: string;
  /** Files to read besides the tsconfig's own. Without a tsconfig they are the whole project. */
  readonly files?: readonly string[];
  /** Compiler options that win over the tsconfig's. */
  readonly compilerOptions?: ts.CompilerOptions;
  /** An earlier state of the same project, whose unchanged files are taken over. */
  readonly previous?: Project;
  /** Texts that win over the disk's, by absolute path with forward slashes: an editor's or another plugin's. */
  readonly texts?: ReadonlyMap<string, string>;
  /** What the project is read from. Default: the disk as it is now. */
  readonly disk?: Disk;
}

/** A TypeScript project, read and bound but not type-checked: one program that every later phase shares. */
export interface Project {
  /** Absolute, with forward slashes and symbolic links kept. */
  readonly root: string;
  /** The tsconfig that was read, if any. */
  readonly configPath: string | undefined;
  readonly program: ts.Program;
  readonly checker: ts.TypeChecker;
  readonly options: ts.CompilerOptions;
  /** The author's own source files in a stable order: no declarations, nothing of installed packages. */
  readonly files: readonly ts.SourceFile[];
  /** Problems of the configuration. Type errors are not among them: ask the program. */
  readonly diagnostics: readonly Diagnostic[];
  /** The file of this project with that path (absolute, or relative to the root), if there is one. */
  readonly findFile: (fileName: string) => ts.SourceFile | undefined;
  /** Parsed files, for {@link ProjectOptions.previous}. */
  readonly sources: SourceCache;
  /** What the project was read from; knows all that has been read. */
  readonly disk: Disk;
}

/**
 * Reads a project through its tsconfig, or with sensible defaults where it has none.
 * Never throws for what is wrong with the project: that is in `diagnostics`.
 */
export function loadProject(options: ProjectOptions): Project {
  const root = toPosix(path.resolve(options.root)).replace(/(?<=.)\/$/, "");
  const diagnostics: Diagnostic[] = [];
  const disk = options.disk ?? new Disk();
  const configPath = findConfig(options.tsconfig, { root, disk, diagnostics });
  const named = (options.files ?? []).map((file) => toPosix(path.resolve(root, file)));
  const existing = named.filter(
    (file) => disk.fileExists(file) || !diagnostics.push(unlocated(problems.fileNotFound(relative(root, file)))),
  );
  const config = readProjectConfig({
    root,
    configPath,
    disk,
    ...(options.compilerOptions && { overrides: options.compilerOptions }),
  });
  diagnostics.push(...config.diagnostics.map((diagnostic) => fromTypeScript(diagnostic, root)));
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
  const settings = { root, configPath, options: config.options, diagnostics, disk };
  return { ...settings, ...readProgram(program, root), sources };
}

/**
 * The same project after some of its source files have changed, and nothing else has.
 * @param project A project whose disk has taken note of the changes
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

function toPosix(fileName: string): string {
  return fileName.replaceAll("\\", "/");
}

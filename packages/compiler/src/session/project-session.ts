import path from "node:path";
import ts from "typescript";
import { compileServices } from "../compile/compile-files.ts";
import { toPosix } from "../diagnostics/diagnostic.ts";
import { emitModule, emitOptions, type EmitPurpose, type EmittedModule } from "../emit/emit.ts";
import { partOf } from "../emit/module-code.ts";
import type { Compilation } from "../manifest.ts";
import { Disk } from "../project/disk.ts";
import { loadProject, type Project } from "../project/project.ts";
import { findProjectRoot } from "../project/project-root.ts";
import type { SchemaOptions } from "../project/schema-options.ts";
import { readProjectConfig } from "../project/tsconfig.ts";

/** Dependencies of a {@link ProjectSession}. */
export interface ProjectSessionDeps {
  readonly purpose: EmitPurpose;
  /**
   * Absolute path of the tsconfig for all files. Default: the nearest `tsconfig.json` above each
   * file.
   */
  readonly tsconfig?: string;
  /** Options about schemas that override those of the tsconfig. */
  readonly schemaOptions?: SchemaOptions;
}

/** A file and the project that contains it. */
export interface SessionFile {
  readonly project: Project;
  readonly sourceFile: ts.SourceFile;
}

/**
 * Compiles modules one by one, for loaders and bundlers. Each project has one program, created for
 * its first file and recreated incrementally when a file changes.
 */
export class ProjectSession {
  readonly #deps: ProjectSessionDeps;
  readonly #projects = new Map<string, SessionProject>();
  readonly #rootsByFolder = new Map<string, string>();

  constructor(deps: ProjectSessionDeps) {
    this.#deps = deps;
  }

  /**
   * Finds a file in its project. A file that the tsconfig does not include is added to the project.
   * @param text The file's content, if it may differ from the disk
   */
  open(fileName: string, text?: string): SessionFile | undefined {
    return this.#projectOf(fileName).open(toPosix(fileName), text);
  }

  /** Marks all projects as outdated, after a file was changed, created or deleted. */
  invalidate(): void {
    for (const project of this.#projects.values()) project.invalidate();
  }

  /** Compiles the services of these files of a project. */
  compile(project: Project, files: readonly ts.SourceFile[]): Compilation {
    return compileServices(project, files);
  }

  /** Emits a file with the manifests of its services and the data of its calls. */
  emit({ project, sourceFile }: SessionFile, compilation: Compilation): EmittedModule | undefined {
    const { program } = project;
    return emitModule({ program, sourceFile, purpose: this.#deps.purpose, ...partOf(compilation, sourceFile) });
  }

  #projectOf(fileName: string): SessionProject {
    const root = this.#rootOf(fileName);
    const known = this.#projects.get(root);
    if (known) return known;
    const project = new SessionProject(root, this.#deps);
    this.#projects.set(root, project);
    return project;
  }

  #rootOf(fileName: string): string {
    if (this.#deps.tsconfig !== undefined) return path.dirname(this.#deps.tsconfig);
    const folder = path.dirname(fileName);
    const root = this.#rootsByFolder.get(folder) ?? findProjectRoot(fileName);
    this.#rootsByFolder.set(folder, root);
    return root;
  }
}

/** One project: its current program, and the requested files that its tsconfig does not include. */
class SessionProject {
  readonly #root: string;
  readonly #configPath: string;
  readonly #deps: ProjectSessionDeps;
  readonly #extraFiles = new Set<string>();
  /** Texts that differ from the disk, such as those that another plugin has transformed. */
  readonly #texts = new Map<string, string>();
  #project: Project | undefined;
  #outdated = true;

  constructor(root: string, deps: ProjectSessionDeps) {
    this.#root = root;
    this.#configPath = deps.tsconfig ?? path.join(root, "tsconfig.json");
    this.#deps = deps;
  }

  open(fileName: string, text: string | undefined): SessionFile | undefined {
    // Without a tsconfig, a project consists of the requested files and their imports.
    if (!ts.sys.fileExists(this.#configPath)) this.#extraFiles.add(fileName);
    const current = this.#outdated ? undefined : this.#find(fileName);
    if (current && (text === undefined || current.sourceFile.text === text)) return current;
    this.#noteText(fileName, text);
    this.#load();
    const found = this.#find(fileName);
    if (found || this.#extraFiles.has(fileName)) return found;
    this.#extraFiles.add(fileName);
    this.#load();
    return this.#find(fileName);
  }

  invalidate(): void {
    this.#outdated = true;
  }

  #find(fileName: string): SessionFile | undefined {
    const project = this.#project;
    const sourceFile = project?.findFile(fileName);
    if (!project || !sourceFile || project.program.isSourceFileFromExternalLibrary(sourceFile)) return undefined;
    return { project, sourceFile };
  }

  #noteText(fileName: string, text: string | undefined): void {
    if (text === undefined || ts.sys.readFile(fileName) === text) this.#texts.delete(fileName);
    else this.#texts.set(fileName, text);
  }

  #load(): void {
    const disk = new Disk();
    const { purpose, schemaOptions } = this.#deps;
    const configPath = disk.fileExists(this.#configPath) ? this.#configPath : undefined;
    const { options } = readProjectConfig({ root: this.#root, configPath, disk });
    this.#project = loadProject({
      root: this.#root,
      ...(configPath !== undefined && { tsconfig: configPath }),
      files: [...this.#extraFiles].filter((file) => disk.fileExists(file)),
      compilerOptions: emitOptions(options, this.#root, purpose),
      ...(schemaOptions && { schemaOptions }),
      texts: this.#texts,
      disk,
      ...(this.#project && { previous: this.#project }),
    });
    this.#outdated = false;
  }
}

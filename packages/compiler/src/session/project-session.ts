import path from "node:path";
import ts from "typescript";
import { compileServices } from "../compile/compile-files.ts";
import { emitModule, emitOptions, type EmitPurpose, type EmittedModule } from "../emit/emit.ts";
import type { Compilation } from "../manifest.ts";
import { Disk } from "../project/disk.ts";
import { loadProject, type Project } from "../project/project.ts";
import { findProjectRoot } from "../project/project-root.ts";
import { readProjectConfig } from "../project/tsconfig.ts";

/** How a session finds and emits projects. */
export interface SessionOptions {
  readonly purpose: EmitPurpose;
  /** The one tsconfig for all files, absolute. Default: the nearest `tsconfig.json` above each file. */
  readonly tsconfig?: string;
}

/** A file together with the project it was found in. */
export interface SessionFile {
  readonly project: Project;
  readonly sourceFile: ts.SourceFile;
}

/**
 * The projects whose modules somebody asks for one by one: each has one program, made when its first file is asked for
 * and remade from the old one when a file has changed.
 */
export class ProjectSession {
  readonly #options: SessionOptions;
  readonly #projects = new Map<string, SessionProject>();
  readonly #rootsByFolder = new Map<string, string>();

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /**
   * Finds a file in its project; one that the tsconfig does not include becomes part of it.
   * @param text What the file holds, if the caller may know better than the disk
   */
  open(fileName: string, text?: string): SessionFile | undefined {
    return this.#projectOf(fileName).open(toPosix(fileName), text);
  }

  /** Says that a file has changed, appeared or gone on disk. */
  invalidate(): void {
    for (const project of this.#projects.values()) project.invalidate();
  }

  /** Compiles the services of these files of a project. */
  compile(project: Project, files: readonly ts.SourceFile[]): Compilation {
    return compileServices(project, files);
  }

  /** Emits a file with the manifests of its services. */
  emit({ project, sourceFile }: SessionFile, compilation: Compilation): EmittedModule | undefined {
    const services = compilation.services.filter((service) => service.sourceFile === sourceFile);
    return emitModule({ program: project.program, sourceFile, services, purpose: this.#options.purpose });
  }

  #projectOf(fileName: string): SessionProject {
    const root = this.#rootOf(fileName);
    const known = this.#projects.get(root);
    if (known) return known;
    const project = new SessionProject(root, this.#options);
    this.#projects.set(root, project);
    return project;
  }

  #rootOf(fileName: string): string {
    if (this.#options.tsconfig !== undefined) return path.dirname(this.#options.tsconfig);
    const folder = path.dirname(fileName);
    const root = this.#rootsByFolder.get(folder) ?? findProjectRoot(fileName);
    this.#rootsByFolder.set(folder, root);
    return root;
  }
}

/** One project: its current program, and what was asked for besides the tsconfig's own files. */
class SessionProject {
  readonly #root: string;
  readonly #configPath: string;
  readonly #purpose: EmitPurpose;
  readonly #extraFiles = new Set<string>();
  /** Texts that are not the disk's, because another plugin came first. */
  readonly #texts = new Map<string, string>();
  #project: Project | undefined;
  #outdated = true;

  constructor(root: string, options: SessionOptions) {
    this.#root = root;
    this.#configPath = options.tsconfig ?? path.join(root, "tsconfig.json");
    this.#purpose = options.purpose;
  }

  open(fileName: string, text: string | undefined): SessionFile | undefined {
    // Without a tsconfig, a project is what was asked for and what that imports.
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
    const configPath = disk.fileExists(this.#configPath) ? this.#configPath : undefined;
    const author = readProjectConfig({ root: this.#root, configPath, disk }).options;
    this.#project = loadProject({
      root: this.#root,
      ...(configPath !== undefined && { tsconfig: configPath }),
      files: [...this.#extraFiles].filter((file) => disk.fileExists(file)),
      compilerOptions: emitOptions(author, this.#root, this.#purpose),
      texts: this.#texts,
      disk,
      ...(this.#project && { previous: this.#project }),
    });
    this.#outdated = false;
  }
}

function toPosix(fileName: string): string {
  return fileName.replaceAll("\\", "/");
}

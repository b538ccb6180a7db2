import type ts from "typescript";
import { artifactText, describeServices, type Artifact } from "../artifact.ts";
import { checkDescriptions, checkServers } from "../compile/check-servers.ts";
import { compileFiles, type FileCompilation } from "../compile/compile-files.ts";
import { describeServers } from "../compile/describe-servers.ts";
import { countPublished, selectFiles, type CompiledProject, type CompileOptions } from "../compile/compile-project.ts";
import { compareText, hasErrors, relativePath, sortDiagnostics, type Diagnostic } from "../diagnostics/diagnostic.ts";
import { hasSameSettings } from "../project/inputs.ts";
import { loadProject, reloadSources, type Project } from "../project/project.ts";
import type { ExportedServer } from "../scan/server-calls.ts";
import { TypeDependencies } from "./type-dependencies.ts";

/** A file's compilation, and the files it depends on. */
interface CompiledFile extends FileCompilation {
  readonly described: Artifact["services"];
  /** The files that it depends on, without those that every file depends on. */
  readonly dependencies: readonly ts.SourceFile[];
}

/**
 * Compiles a project repeatedly, and reuses the results of files that are unchanged and do not
 * depend on a changed file. Its results equal those of a compilation from scratch.
 */
export class IncrementalCompiler {
  readonly #options: CompileOptions;
  readonly #compiled = new Map<string, CompiledFile>();
  #project: Project;
  #dependencies: TypeDependencies | undefined;
  #files: readonly ts.SourceFile[] = [];
  #missing: readonly Diagnostic[] = [];
  #servers: readonly ExportedServer[] = [];
  #loadTime = 0;
  #compileTime = 0;

  constructor(options: CompileOptions) {
    this.#options = options;
    this.#project = this.#load(undefined);
    this.#compile();
  }

  /** The project as of the last compilation. */
  get project(): Project {
    return this.#project;
  }

  /**
   * Compiles the files that changes affect.
   * @param paths Files and folders, absolute with forward slashes, that were written, created or
   *   removed
   * @returns the files that were compiled, relative to the root; nothing if no change was found
   */
  update(paths: readonly string[]): readonly string[] | undefined {
    const { disk } = this.#project;
    const known = paths.filter((fileName) => disk.hasRead(fileName));
    const changed = disk.refreshTexts(known);
    if (changed?.every((fileName) => this.#isSource(fileName)) && !this.#isChangedElsewhere(known, paths)) {
      if (changed.length === 0) return undefined;
      return this.#replace(changed);
    }
    return this.reload(paths.some((fileName) => fileName.endsWith(".json")));
  }

  /**
   * Reads the whole project again and compiles the files whose dependencies have changed.
   * @param hasNewSettings True if files other than sources are known to have changed
   */
  reload(hasNewSettings = true): readonly string[] {
    const previous = this.#project;
    this.#project = this.#load(hasNewSettings ? undefined : previous);
    if (hasNewSettings || !hasSameSettings(previous.disk.inputs(), this.#project.disk.inputs())) {
      // A tsconfig or package.json may change how every file is read.
      if (!hasNewSettings) this.#project = this.#load(undefined);
      this.#compiled.clear();
      this.#dependencies = undefined;
    } else {
      const dependencies = this.#adopt(new TypeDependencies(this.#project.program));
      for (const [fileName, { dependencies: before }] of this.#compiled) {
        const file = this.#project.program.getSourceFile(fileName);
        if (!file || !isSame(before, dependencies.of(file))) this.#compiled.delete(fileName);
      }
    }
    return this.#compile();
  }

  /** Returns the same as `compileProject`, and the text of the artifact. */
  result(): CompiledProject & { readonly text: string } {
    const { root } = this.#project;
    const pathOf = ({ fileName }: ts.SourceFile): string => relativePath(root, fileName);
    const parts = [...this.#files]
      .sort((a, b) => compareText(pathOf(a), pathOf(b)))
      .flatMap((file) => this.#compiled.get(file.fileName) ?? []);
    const compiled = parts.flatMap((part) => part.services);
    const diagnostics = sortDiagnostics([
      ...this.#project.diagnostics,
      ...this.#missing,
      ...parts.flatMap((part) => part.diagnostics),
      ...checkServers(this.#project, this.#files, compiled),
      ...checkDescriptions(this.#project, this.#files, compiled),
    ]);
    const isShown = !hasErrors(diagnostics) || this.#options.keepGoing === true;
    const shown = isShown ? parts : [];
    const services = Object.fromEntries(shown.flatMap((part) => Object.entries(part.described)));
    const described = describeServers(
      isShown ? this.#servers : [],
      shown.flatMap((part) => part.services),
      this.#project,
    );
    return {
      text: artifactText(services, described.servers),
      services,
      ...described,
      diagnostics,
      stats: {
        files: this.#files.length,
        ...countPublished(
          shown.flatMap((part) => part.services),
          described.servers,
        ),
        loadTime: this.#loadTime,
        compileTime: this.#compileTime,
      },
    };
  }

  #load(previous: Project | undefined): Project {
    const started = performance.now();
    const project = loadProject({ ...this.#options, ...(previous && { previous }) });
    this.#loadTime = performance.now() - started;
    return project;
  }

  /** Compiles after changes of texts only: imports resolve to the same files. */
  #replace(changed: readonly string[]): readonly string[] {
    const started = performance.now();
    const { program } = this.#project;
    const replaced = new Set(changed.map((fileName) => program.getSourceFile(fileName)));
    for (const [fileName, { dependencies }] of this.#compiled) {
      if (dependencies.some((file) => replaced.has(file))) this.#compiled.delete(fileName);
    }
    this.#project = reloadSources(this.#project);
    this.#loadTime = performance.now() - started;
    this.#adopt(new TypeDependencies(this.#project.program, this.#dependencies));
    return this.#compile();
  }

  /**
   * Drops all results if the global dependencies, which a file's own do not include, have changed.
   */
  #adopt(dependencies: TypeDependencies): TypeDependencies {
    if (!isSame(this.#dependencies?.global ?? [], dependencies.global)) this.#compiled.clear();
    this.#dependencies = dependencies;
    return dependencies;
  }

  #compile(): readonly string[] {
    const started = performance.now();
    const { files, missing, servers } = selectFiles(this.#project, this.#options.files);
    this.#files = files;
    this.#servers = servers;
    this.#missing = missing;
    const dependencies = (this.#dependencies ??= new TypeDependencies(this.#project.program));
    const wanted = files.filter((file) => this.#compiled.get(file.fileName)?.dependsOnSubclasses ?? true);
    for (const [file, compilation] of compileFiles(this.#project, wanted)) {
      const described = describeServices(compilation.services, this.#project.root);
      this.#compiled.set(file.fileName, {
        ...compilation,
        described,
        dependencies: dependencies.of(file),
      });
    }
    this.#compileTime = performance.now() - started;
    return wanted.map(({ fileName }) => relativePath(this.#project.root, fileName));
  }

  /**
   * Checks whether a file is a source, as opposed to a setting that decides how sources are read.
   */
  #isSource(fileName: string): boolean {
    return !fileName.endsWith(".json") && this.#project.program.getSourceFile(fileName) !== undefined;
  }

  /** Checks whether any answer about the paths that are not known files has changed. */
  #isChangedElsewhere(known: readonly string[], paths: readonly string[]): boolean {
    return paths.some((path) => !known.includes(path) && this.#project.disk.hasNewAnswer(path));
  }
}

function isSame(before: readonly ts.SourceFile[], after: readonly ts.SourceFile[]): boolean {
  return before.length === after.length && before.every((file, index) => file === after[index]);
}

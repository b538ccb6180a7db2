import type { CompiledProject, CompileOptions } from "../compile/compile-project.ts";
import { relativePath } from "../diagnostics/diagnostic.ts";
import { findChange } from "../project/inputs.ts";
import { FolderWatcher } from "./folder-watcher.ts";
import { IncrementalCompiler } from "./incremental-compiler.ts";

/** What {@link watchProject} watches. Relative paths are relative to `root`. */
export interface WatchOptions extends CompileOptions {
  /** Called with the first compilation, and with each after a change that matters to any of it. */
  readonly onUpdate: (update: ProjectUpdate) => void;
}

/** A compilation of a watched project. */
export interface ProjectUpdate extends CompiledProject {
  /** The artifact: what `artifactText` writes of the services. */
  readonly text: string;
  /** What has changed since the last one, relative to the root. Empty for the first. */
  readonly changed: readonly string[];
  /** The files that were compiled because of that; all others are as they were. */
  readonly compiled: readonly string[];
  /** Milliseconds from the first event of the change to this update. */
  readonly duration: number;
}

/** A project that is being watched. */
export interface ProjectWatcher {
  /** Ends watching. Nothing is called any more, and the process may end. */
  close(): void;
}

/**
 * Compiles a project now and whenever something has changed that its result depends on: sources, tsconfigs, installed packages.
 * Only what depends on a change is compiled again; the result is always that of `compileProject`.
 *
 * @example
 * ```ts
 * import { formatDiagnostics, watchProject } from "@methodic/compiler";
 *
 * const watcher = watchProject({
 *   root: process.cwd(),
 *   onUpdate: ({ changed, diagnostics }) => console.error(changed.join(), formatDiagnostics(diagnostics)),
 * });
 * process.once("SIGINT", () => watcher.close());
 * ```
 */
export function watchProject({ onUpdate, ...options }: WatchOptions): ProjectWatcher {
  return new WatchedProject(options, onUpdate);
}

class WatchedProject implements ProjectWatcher {
  readonly #onUpdate: WatchOptions["onUpdate"];
  readonly #watcher: FolderWatcher;
  readonly #compiler: IncrementalCompiler;

  constructor(options: CompileOptions, onUpdate: WatchOptions["onUpdate"]) {
    this.#onUpdate = onUpdate;
    const started = performance.now();
    this.#watcher = new FolderWatcher((paths, since) => this.#handle(paths, since));
    this.#compiler = new IncrementalCompiler(options);
    const { files } = this.#compiler.project;
    try {
      this.#watchFolders();
      const { root } = this.#compiler.project;
      this.#tell({ changed: [], compiled: files.map(({ fileName }) => relativePath(root, fileName)), started });
    } catch (error) {
      // Nobody has this object yet who could close it, and folders that are watched keep a process from ending.
      this.close();
      throw error;
    }
  }

  close(): void {
    this.#watcher.close();
  }

  #handle(paths: readonly string[], started: number): void {
    const compiled = this.#compiler.update(paths);
    const late = this.#watchFolders();
    if (!compiled && !late) return;
    const { root, disk } = this.#compiler.project;
    const changed = paths.filter((path) => disk.concerns(path)).map((path) => relativePath(root, path));
    this.#tell({ changed: changed.sort(), compiled: late ?? compiled ?? [], started });
  }

  #tell({
    started,
    ...news
  }: {
    readonly changed: readonly string[];
    readonly compiled: readonly string[];
    readonly started: number;
  }): void {
    this.#onUpdate({ ...this.#compiler.result(), ...news, duration: performance.now() - started });
  }

  /**
   * Watches every folder that was looked into.
   * @returns The files that were compiled because something had changed in a folder before it was watched
   */
  #watchFolders(): readonly string[] | undefined {
    let compiled: readonly string[] | undefined;
    while (this.#watcher.watch(this.#compiler.project.disk.folders())) {
      if (findChange(this.#compiler.project.disk.inputs()) === undefined) break;
      compiled = this.#compiler.reload();
    }
    return compiled;
  }
}

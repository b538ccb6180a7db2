import type { CompiledProject, CompileOptions } from "../compile/compile-project.ts";
import { relativePath } from "../diagnostics/diagnostic.ts";
import { findChange } from "../project/inputs.ts";
import { FolderWatcher } from "./folder-watcher.ts";
import { IncrementalCompiler } from "./incremental-compiler.ts";

/** Options of {@link watchProject}. Relative paths are relative to `root`. */
export interface WatchOptions extends CompileOptions {
  /** Called with the first compilation, and after each change that affects the result. */
  readonly onUpdate: (update: ProjectUpdate) => void;
}

/** A compilation of a watched project. */
export interface ProjectUpdate extends CompiledProject {
  /** The text of the artifact, as `artifactText` writes it. */
  readonly text: string;
  /** The paths that have changed since the last update, relative to the root. Empty at first. */
  readonly changed: readonly string[];
  /** The files that were compiled again. */
  readonly compiled: readonly string[];
  /** Milliseconds from the first event of the change to this update. */
  readonly duration: number;
}

/** A project that is being watched. */
export interface ProjectWatcher {
  /** Stops watching. `onUpdate` is not called again, and the process may exit. */
  close(): void;
}

/**
 * Compiles a project now and after every change that affects the result: of sources, tsconfigs or
 * installed packages. Only files that depend on the change are compiled again; the result always
 * equals that of `compileProject`.
 *
 * @example
 * ```ts
 * import { formatDiagnostics, watchProject } from "@methodic/compiler";
 *
 * const watcher = watchProject({
 *   root: process.cwd(),
 *   onUpdate: ({ diagnostics }) => console.error(formatDiagnostics(diagnostics)),
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
      this.#notify({ changed: [], compiled: files.map(({ fileName }) => relativePath(root, fileName)), started });
    } catch (error) {
      // The caller has no object to close yet, and watched folders would keep the process alive.
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
    this.#notify({ changed: changed.sort(), compiled: late ?? compiled ?? [], started });
  }

  #notify({
    started,
    ...change
  }: {
    readonly changed: readonly string[];
    readonly compiled: readonly string[];
    readonly started: number;
  }): void {
    this.#onUpdate({ ...this.#compiler.result(), ...change, duration: performance.now() - started });
  }

  /**
   * Watches every folder that the compilation has read.
   * @returns the files that were compiled because a folder had changed before it was watched
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

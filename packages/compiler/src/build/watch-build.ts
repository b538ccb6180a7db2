import path from "node:path";
import { relativePath } from "../diagnostics/diagnostic.ts";
import { Disk } from "../project/disk.ts";
import { folderExists, readBytes } from "../project/file-system.ts";
import { findChange, hasSameSettings } from "../project/inputs.ts";
import { FolderWatcher } from "../watch/folder-watcher.ts";
import type { ProjectWatcher } from "../watch/watch-project.ts";
import { compileBuild, namesOf, type BuildOptions, type BuildOutput, type BuildResult } from "./build.ts";
import { temporaryName, writeFiles } from "./write-files.ts";

/** What {@link watchBuild} builds. Relative paths are relative to `root`. */
export interface WatchBuildOptions extends BuildOptions {
  /** Called with the first build, and with each after a change that matters to it. */
  readonly onUpdate: (update: BuildUpdate) => void;
}

/** A build of a watched project. Its `files` are those that were written: the ones that were not on disk as they are to be. */
export interface BuildUpdate extends BuildResult {
  /** What has changed since the last one, or, for the first, while it was made. Relative to the root. */
  readonly changed: readonly string[];
  /** Why the file system did not let the build be written, if it did not. Everything is as it was then. */
  readonly failure: Error | undefined;
  /** Whether this is the first. */
  readonly isFirst: boolean;
  /** Milliseconds from the first event of the change to this update. */
  readonly duration: number;
}

/**
 * Builds a project now and whenever something has changed that the build depends on: sources, tsconfigs, installed packages.
 * Each time it is what `buildProject` would write, but files that are already so are not written. While there are errors the last build stays.
 *
 * @example
 * ```ts
 * import { formatDiagnostics, watchBuild } from "@methodic/compiler";
 *
 * const watcher = watchBuild({
 *   root: process.cwd(),
 *   onUpdate: ({ files, diagnostics }) => console.error(files.join(), formatDiagnostics(diagnostics)),
 * });
 * process.once("SIGINT", () => watcher.close());
 * ```
 */
export function watchBuild({ onUpdate, ...options }: WatchBuildOptions): ProjectWatcher {
  return new WatchedBuild(options, onUpdate);
}

class WatchedBuild implements ProjectWatcher {
  readonly #options: BuildOptions;
  readonly #onUpdate: WatchBuildOptions["onUpdate"];
  readonly #watcher: FolderWatcher;
  /** What the build itself has made, files and folders, of which events tell as well. */
  readonly #made = new Set<string>();
  /** The diagnostics of the last update. */
  #told = "";
  #disk: Disk = new Disk();
  #output: BuildOutput;

  constructor(options: BuildOptions, onUpdate: WatchBuildOptions["onUpdate"]) {
    this.#options = options;
    this.#onUpdate = onUpdate;
    const started = performance.now();
    this.#watcher = new FolderWatcher((paths, since) => this.#handle(paths, since));
    this.#output = compileBuild(options, { disk: this.#disk });
    try {
      this.#finish([], started);
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
    const changed = paths.filter((fileName) => this.#disk.hasNewAnswer(fileName));
    if (changed.length === 0) return;
    this.#finish([...changed, ...this.#compile()], started);
  }

  /**
   * Builds anew.
   * @returns The files that were read and have another text than before: the event that tells of one may be still to come
   */
  #compile(): readonly string[] {
    const [before, { projects: previous }] = [this.#disk.inputs(), this.#output];
    this.#disk = new Disk();
    this.#output = compileBuild(this.#options, { disk: this.#disk, previous });
    if (!hasSameSettings(before, this.#disk.inputs())) {
      // A tsconfig or package.json may say that every file is to be read in another way.
      this.#disk = new Disk();
      this.#output = compileBuild(this.#options, { disk: this.#disk });
    }
    return Object.entries(this.#disk.inputs().texts).flatMap(([fileName, hash]) =>
      fileName in before.texts && before.texts[fileName] !== hash ? [fileName] : [],
    );
  }

  /** Watches every folder that was looked into, and writes and tells what has come of it. */
  #finish(noticed: readonly string[], started: number): void {
    const changed = new Set(noticed);
    // Something may have changed in a folder before it was watched.
    while (this.#watcher.watch(this.#disk.folders()) && findChange(this.#disk.inputs()) !== undefined)
      for (const fileName of this.#compile()) changed.add(fileName);
    const root = path.resolve(this.#options.root).replaceAll("\\", "/");
    const { files: wanted, diagnostics, stats } = this.#output;
    const files = wanted.filter(({ fileName, text }) => !readBytes(fileName)?.equals(Buffer.from(text)));
    const foreign = [...changed].filter((fileName) => !this.#made.has(fileName));
    const isOwnEcho = noticed.length > 0 && foreign.length === 0;
    const told = JSON.stringify(diagnostics);
    if (isOwnEcho && files.length === 0 && told === this.#told) return;
    this.#told = told;
    const failure = this.#write(files);
    this.#onUpdate({
      files: failure ? [] : namesOf(files, root),
      diagnostics,
      stats,
      changed: (isOwnEcho ? [...changed] : foreign).map((fileName) => relativePath(root, fileName)).sort(),
      failure,
      isFirst: noticed.length === 0,
      duration: performance.now() - started,
    });
  }

  #write(files: BuildOutput["files"]): Error | undefined {
    for (const { fileName } of files) {
      this.#made.add(fileName).add(temporaryName(fileName));
      for (let folder = path.posix.dirname(fileName); !folderExists(folder); folder = path.posix.dirname(folder))
        this.#made.add(folder);
    }
    try {
      writeFiles(files);
    } catch (error) {
      if (!(error instanceof Error && "syscall" in error)) throw error;
      return error;
    }
    return undefined;
  }
}

import path from "node:path";
import { relativePath, toPosix } from "../diagnostics/diagnostic.ts";
import { Disk } from "../project/disk.ts";
import { folderExists, readBytes } from "../project/file-system.ts";
import { findChange, hasSameSettings } from "../project/inputs.ts";
import { FolderWatcher } from "../watch/folder-watcher.ts";
import type { ProjectWatcher } from "../watch/watch-project.ts";
import { compileBuild, listRelativePaths, type BuildOptions, type BuildOutput, type BuildResult } from "./build.ts";
import { getTemporaryName, writeFiles } from "./write-files.ts";

/** Options of {@link watchBuild}. Relative paths are relative to `root`. */
export interface WatchBuildOptions extends BuildOptions {
  /** Called with the first build, and after each change that affects the result. */
  readonly onUpdate: (update: BuildUpdate) => void;
}

/** A build of a watched project. `files` lists only the files that were out of date on disk. */
export interface BuildUpdate extends BuildResult {
  /**
   * The paths that have changed since the last update, relative to the root. In the first update:
   * those that changed during the build.
   */
  readonly changed: readonly string[];
  /** The file system's error if the build could not be written; the previous output is kept. */
  readonly failure: Error | undefined;
  /** True for the first update. */
  readonly isFirst: boolean;
  /** Milliseconds from the first event of the change to this update. */
  readonly duration: number;
}

/**
 * Builds a project now and after every change that affects the result: of sources, tsconfigs or
 * installed packages. The output always equals that of `buildProject`; up-to-date files are not
 * written again. While there are errors, the last build stays in place.
 *
 * @example
 * ```ts
 * import { formatDiagnostics, watchBuild } from "@methodic/compiler";
 *
 * const watcher = watchBuild({
 *   root: process.cwd(),
 *   onUpdate: ({ files, diagnostics }) => console.error(files, formatDiagnostics(diagnostics)),
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
  /** Files and folders that the build itself wrote; events report these as well. */
  readonly #written = new Set<string>();
  /** The diagnostics of the last update, as JSON. */
  #reported = "";
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
      // The caller has no object to close yet, and watched folders would keep the process alive.
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
   * Builds again.
   * @returns The files whose text differs from the last build, since their events may still be
   * pending
   */
  #compile(): readonly string[] {
    const [before, { projects: previous }] = [this.#disk.inputs(), this.#output];
    this.#disk = new Disk();
    this.#output = compileBuild(this.#options, { disk: this.#disk, previous });
    if (!hasSameSettings(before, this.#disk.inputs())) {
      // A changed tsconfig or package.json may affect how every file is read.
      this.#disk = new Disk();
      this.#output = compileBuild(this.#options, { disk: this.#disk });
    }
    return Object.entries(this.#disk.inputs().texts).flatMap(([fileName, hash]) =>
      fileName in before.texts && before.texts[fileName] !== hash ? [fileName] : [],
    );
  }

  /** Watches every folder that the build read, writes the output and reports the update. */
  #finish(noticed: readonly string[], started: number): void {
    const changed = new Set(noticed);
    // A file may have changed before its folder was watched.
    while (this.#watcher.watch(this.#disk.folders()) && findChange(this.#disk.inputs()) !== undefined)
      for (const fileName of this.#compile()) changed.add(fileName);
    const root = toPosix(path.resolve(this.#options.root));
    const { files: output, diagnostics, stats } = this.#output;
    const files = output.filter(({ fileName, text }) => !readBytes(fileName)?.equals(Buffer.from(text)));
    const foreign = [...changed].filter((fileName) => !this.#written.has(fileName));
    const isOwnEcho = noticed.length > 0 && foreign.length === 0;
    const reported = JSON.stringify(diagnostics);
    if (isOwnEcho && files.length === 0 && reported === this.#reported) return;
    this.#reported = reported;
    const failure = this.#write(files);
    this.#onUpdate({
      files: failure ? [] : listRelativePaths(files, root),
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
      this.#written.add(fileName).add(getTemporaryName(fileName));
      for (let folder = path.posix.dirname(fileName); !folderExists(folder); folder = path.posix.dirname(folder))
        this.#written.add(folder);
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

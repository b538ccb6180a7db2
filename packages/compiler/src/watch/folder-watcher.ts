import { statSync, watch, type FSWatcher } from "node:fs";

/**
 * Milliseconds to wait for further changes: saving in an editor, or a checkout, makes several in a
 * row.
 */
const SETTLE_TIME = 5;

/**
 * Watches folders by the operating system's events, without polling and without their subfolders. A
 * folder that is created later, or again, is watched from the next {@link FolderWatcher.watch} on.
 */
export class FolderWatcher {
  readonly #onChange: (paths: readonly string[], since: number) => void;
  readonly #watchers = new Map<string, { readonly watcher: FSWatcher; readonly identity: string }>();
  readonly #changed = new Set<string>();
  #since = 0;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param onChange Called with the paths (folder, slash, name) that were written, created or
   *   removed, and with the `performance.now()` of the first event
   */
  constructor(onChange: (paths: readonly string[], since: number) => void) {
    this.#onChange = onChange;
  }

  /**
   * Watches these folders and no others.
   * @returns true if any of them was not watched before, so that changes in it may have been missed
   */
  watch(folders: ReadonlySet<string>): boolean {
    for (const [folder, { watcher, identity }] of this.#watchers) {
      // A folder that was removed and created again is another one: the old watcher gets no events.
      if (folders.has(folder) && identityOf(folder) === identity) continue;
      watcher.close();
      this.#watchers.delete(folder);
    }
    let isNew = false;
    for (const folder of folders) {
      if (!this.#watchers.has(folder)) isNew = this.#add(folder) || isNew;
    }
    return isNew;
  }

  /** Stops watching; `onChange` is not called again. */
  close(): void {
    clearTimeout(this.#timer);
    for (const { watcher } of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  #add(folder: string): boolean {
    const identity = identityOf(folder);
    if (identity === undefined) return false;
    const watcher = watch(folder, (_event, name) => this.#note(name === null ? folder : `${folder}/${name}`));
    // Removing a watched folder is an error on some systems; its parent reports the removal, too.
    watcher.on("error", () => this.#note(folder));
    this.#watchers.set(folder, { watcher, identity });
    return true;
  }

  #note(path: string): void {
    if (this.#changed.size === 0) this.#since = performance.now();
    this.#changed.add(path);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const paths = [...this.#changed];
      this.#changed.clear();
      this.#onChange(paths, this.#since);
    }, SETTLE_TIME);
  }
}

function identityOf(folder: string): string | undefined {
  const stats = statSync(folder, { throwIfNoEntry: false });
  return stats?.isDirectory() ? `${stats.dev}:${stats.ino}` : undefined;
}

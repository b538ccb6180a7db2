import { statSync, watch, type FSWatcher } from "node:fs";

/** How long to wait for more after a change: an editor that saves, or a checkout, makes several in a row. In milliseconds. */
const SETTLE_TIME = 5;

/**
 * Watches folders by the events of the operating system, without polling. Not what is in their folders: whoever wants that watches those as well.
 * Folders that come later, or are made anew, are watched from the next {@link FolderWatcher.watch} on.
 */
export class FolderWatcher {
  readonly #onChange: (paths: readonly string[], since: number) => void;
  readonly #watchers = new Map<string, { readonly watcher: FSWatcher; readonly identity: string }>();
  readonly #changed = new Set<string>();
  #since = 0;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param onChange Called with the paths, folder and name joined by a slash, of what was written, has come or gone, and with the time
   *   of the first of these events, on the clock of `performance.now()`
   */
  constructor(onChange: (paths: readonly string[], since: number) => void) {
    this.#onChange = onChange;
  }

  /**
   * Watches exactly these folders.
   * @returns Whether any of them was not watched before, so that changes in it may have gone unnoticed
   */
  watch(folders: ReadonlySet<string>): boolean {
    for (const [folder, { watcher, identity }] of this.#watchers) {
      // A folder that was removed and made again is another one, of which the old watcher hears nothing.
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

  /** Ends watching; nothing is called any more. */
  close(): void {
    clearTimeout(this.#timer);
    for (const { watcher } of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  #add(folder: string): boolean {
    const identity = identityOf(folder);
    if (identity === undefined) return false;
    const watcher = watch(folder, (_event, name) => this.#note(name === null ? folder : `${folder}/${name}`));
    // A folder that is removed while it is watched is an error on some systems; its parent tells of it as well.
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

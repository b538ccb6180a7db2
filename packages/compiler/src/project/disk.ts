import ts from "typescript";
import {
  fileExists,
  folderExists,
  hashOf,
  isInstalled,
  readFolder,
  readText,
  realPath,
  stampOf,
  type FolderEntries,
} from "./file-system.ts";
import { describeListing, findChange, FOLDERS_ONLY, hasSameListings, type Inputs } from "./inputs.ts";

/**
 * TypeScript's internal glob matching. Its public counterpart, `ts.sys.readDirectory`, cannot read
 * folders through another function.
 */
type MatchFiles = (
  path: string,
  ...rest: [
    extensions: readonly string[] | undefined,
    excludes: readonly string[] | undefined,
    includes: readonly string[] | undefined,
    useCaseSensitiveFileNames: boolean,
    currentDirectory: string,
    depth: number | undefined,
    getEntries: (folder: string) => FolderEntries,
    realpath: (folder: string) => string,
  ]
) => string[];

/** The empty extension matches every name. */
const ALL_FILES = [""];

const { matchFiles } = ts as unknown as { readonly matchFiles: MatchFiles };

/**
 * A snapshot of the disk for one state of a project: it asks every query once and records the
 * answer. TypeScript reads through its methods, so the record has everything that a result depends
 * on.
 */
export class Disk implements ts.ParseConfigHost {
  readonly useCaseSensitiveFileNames: boolean = ts.sys.useCaseSensitiveFileNames;
  readonly #texts = new Map<string, string | undefined>();
  readonly #stamps = new Map<string, string>();
  readonly #files = new Map<string, boolean>();
  readonly #folders = new Map<string, boolean>();
  readonly #links = new Map<string, string>();
  readonly #listings = new Map<string, Map<string, string>>();
  #above: { readonly size: number; readonly folders: ReadonlySet<string> } | undefined;

  readonly readFile = (fileName: string): string | undefined =>
    answer(this.#texts, fileName, (path) => this.#read(path));

  readonly fileExists = (fileName: string): boolean => {
    if (this.#texts.get(fileName) !== undefined) return true;
    return answer(this.#files, fileName, fileExists);
  };

  readonly directoryExists = (folder: string): boolean => answer(this.#folders, folder, folderExists);

  readonly realpath = (fileName: string): string => answer(this.#links, fileName, realPath);

  readonly getDirectories = (folder: string): string[] => [...this.#list(folder, FOLDERS_ONLY).directories];

  readonly readDirectory = (
    folder: string,
    extensions: readonly string[] | undefined,
    ...[excludes, includes, depth]: [
      excludes?: readonly string[] | undefined,
      includes?: readonly string[] | undefined,
      depth?: number | undefined,
    ]
  ): string[] => {
    // TypeScript includes JSON files only if a pattern names them.
    const takesJson = includes?.some((pattern) => pattern.endsWith(".json")) ?? false;
    const kind = (extensions ?? ALL_FILES).filter((extension) => takesJson || extension !== ".json").join(",");
    return matchFiles(
      folder,
      extensions,
      excludes,
      includes,
      this.useCaseSensitiveFileNames,
      folder,
      depth,
      (path) => this.#list(path, kind),
      this.realpath,
    );
  };

  /**
   * Records the new texts of files.
   * @param fileNames Files that were read and may have changed
   * @returns the files with a new text; nothing if one of them has come or gone, which may change
   *   every answer
   */
  refreshTexts(fileNames: Iterable<string>): readonly string[] | undefined {
    const changed: string[] = [];
    for (const fileName of fileNames) {
      const before = this.#texts.get(fileName);
      const now = this.#read(fileName);
      if (now === before) continue;
      if (before === undefined || now === undefined) return undefined;
      this.#texts.set(fileName, now);
      changed.push(fileName);
    }
    return changed;
  }

  /** Checks whether the text of this file has been read. */
  hasRead(fileName: string): boolean {
    return this.#texts.get(fileName) !== undefined;
  }

  /** Checks whether a change at a path, such as a folder's removal, can change any answer. */
  concerns(path: string): boolean {
    return (
      this.#maps().some((map) => map.has(path)) || this.#listings.has(parentOf(path)) || this.#foldersAbove().has(path)
    );
  }

  /** Checks whether any answer about this path has changed. */
  hasNewAnswer(path: string): boolean {
    // Everything below a folder comes and goes with it.
    if (this.#foldersAbove().has(path) || this.#listings.has(path)) return findChange(this.inputs()) !== undefined;
    const [text, file, folder, link] = [this.#texts, this.#files, this.#folders, this.#links].map((map) =>
      map.get(path),
    );
    const parent = parentOf(path);
    const listings = this.#listings.get(parent);
    return (
      (this.#texts.has(path) && readText(path) !== text) ||
      (file !== undefined && fileExists(path) !== file) ||
      (folder !== undefined && folderExists(path) !== folder) ||
      (link !== undefined && realPath(path) !== link) ||
      (listings !== undefined && !hasSameListings(parent, Object.fromEntries(listings)))
    );
  }

  /**
   * Returns the folders in which a change may change any answer: the parents of all queried paths
   * or, for a missing folder, the nearest existing one above it.
   */
  folders(): ReadonlySet<string> {
    const folders = new Set<string>(this.#listings.keys());
    for (const map of this.#maps()) for (const path of map.keys()) folders.add(parentOf(path));
    const present = new Set<string>();
    for (const folder of folders) {
      let existing = folder;
      while (existing !== "" && !present.has(existing) && !folderExists(existing)) existing = parentOf(existing);
      if (existing !== "") present.add(existing);
    }
    return present;
  }

  /** Returns all queries and answers so far, without those that follow from another answer. */
  inputs(): Inputs {
    const present = this.#presentFolders();
    const isMissing = (folder: string): boolean => this.#folders.get(folder) === false;
    const files = [...this.#files].filter(
      ([path, found]) => !(found ? typeof this.#texts.get(path) === "string" : isMissing(parentOf(path))),
    );
    const folders = [...this.#folders].filter(
      ([path, found]) => !(found ? present.has(path) : isMissing(parentOf(path))),
    );
    const texts = [...this.#texts].map(([path, text]) => [path, text === undefined ? null : hashOf(text)]);
    return {
      texts: Object.fromEntries(texts),
      stamps: Object.fromEntries(this.#stamps),
      files: Object.fromEntries(files),
      folders: Object.fromEntries(folders),
      listings: Object.fromEntries([...this.#listings].map(([path, kinds]) => [path, Object.fromEntries(kinds)])),
      links: Object.fromEntries(this.#links),
    };
  }

  #read(fileName: string): string | undefined {
    this.#stamps.delete(fileName);
    const stamp = isInstalled(fileName) ? stampOf(fileName) : undefined;
    const text = readText(fileName);
    if (stamp !== undefined && text !== undefined) this.#stamps.set(fileName, stamp);
    return text;
  }

  #maps(): readonly ReadonlyMap<string, unknown>[] {
    return [this.#texts, this.#files, this.#folders, this.#links, this.#listings];
  }

  /** The folders above all files that were read. */
  #presentFolders(): ReadonlySet<string> {
    const read = [...this.#texts].filter(([, text]) => text !== undefined);
    return foldersAbove(read.map(([path]) => path));
  }

  /** The folders above all queried paths. */
  #foldersAbove(): ReadonlySet<string> {
    const size = this.#maps().reduce((sum, map) => sum + map.size, 0);
    if (this.#above?.size !== size)
      this.#above = { size, folders: foldersAbove(this.#maps().flatMap((map) => [...map.keys()])) };
    return this.#above.folders;
  }

  #list(folder: string, kind: string): FolderEntries {
    const entries = readFolder(folder);
    const kinds = this.#listings.get(folder) ?? new Map<string, string>();
    this.#listings.set(folder, kinds.set(kind, describeListing(entries, kind)));
    return entries;
  }
}

function answer<T>(known: Map<string, T>, path: string, query: (path: string) => T): T {
  const earlier = known.get(path);
  if (earlier !== undefined || known.has(path)) return earlier as T;
  const found = query(path);
  known.set(path, found);
  return found;
}

function foldersAbove(paths: readonly string[]): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const path of paths) {
    for (let folder = parentOf(path); folder !== "" && !folders.has(folder); folder = parentOf(folder))
      folders.add(folder);
  }
  return folders;
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

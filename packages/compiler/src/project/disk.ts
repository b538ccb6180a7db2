import ts from "typescript";
import { fileExists, folderExists, hashOf, readFolder, readText, realPath, type FolderEntries } from "./file-system.ts";
import { describeListing, FOLDERS_ONLY, type Inputs } from "./inputs.ts";

/** The part of TypeScript's glob matching that has no public counterpart with folders of one's own; `ts.sys.readDirectory` is the same over the disk. */
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

/** Every name ends with nothing. */
const ALL_FILES = [""];

const { matchFiles } = ts as unknown as { readonly matchFiles: MatchFiles };

/**
 * The disk as one state of a project sees it: every question is asked once, and what was asked can be told afterwards.
 * Has the methods by which TypeScript reads, so that nothing a result depends on goes unnoticed.
 */
export class Disk implements ts.ParseConfigHost {
  readonly useCaseSensitiveFileNames: boolean = ts.sys.useCaseSensitiveFileNames;
  readonly #texts = new Map<string, string | undefined>();
  readonly #files = new Map<string, boolean>();
  readonly #folders = new Map<string, boolean>();
  readonly #links = new Map<string, string>();
  readonly #listings = new Map<string, Map<string, string>>();

  readonly readFile = (fileName: string): string | undefined => answer(this.#texts, fileName, readText);

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
    // TypeScript takes JSON files only where a pattern names them.
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

  /** What has been asked so far, and what the answers were. Leaves out what follows from another answer. */
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
      files: Object.fromEntries(files),
      folders: Object.fromEntries(folders),
      listings: Object.fromEntries([...this.#listings].map(([path, kinds]) => [path, Object.fromEntries(kinds)])),
      links: Object.fromEntries(this.#links),
    };
  }

  /** The folders above the files that were read. */
  #presentFolders(): ReadonlySet<string> {
    const folders = new Set<string>();
    for (const [path, text] of this.#texts) {
      if (text === undefined) continue;
      for (let folder = parentOf(path); folder !== "" && !folders.has(folder); folder = parentOf(folder))
        folders.add(folder);
    }
    return folders;
  }

  #list(folder: string, kind: string): FolderEntries {
    const entries = readFolder(folder);
    const kinds = this.#listings.get(folder) ?? new Map<string, string>();
    this.#listings.set(folder, kinds.set(kind, describeListing(entries, kind)));
    return entries;
  }
}

function answer<T>(known: Map<string, T>, path: string, ask: (path: string) => T): T {
  const earlier = known.get(path);
  if (earlier !== undefined || known.has(path)) return earlier as T;
  const found = ask(path);
  known.set(path, found);
  return found;
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

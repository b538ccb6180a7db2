import {
  decodeText,
  fileExists,
  folderExists,
  hashOf,
  isInstalled,
  readBytes,
  readFolder,
  realPath,
  stampOf,
  type FolderEntries,
} from "./file-system.ts";

/** The disk reads that a result depends on, as plain data: queries and their answers, by path. */
export interface Inputs {
  /** Hashes of the texts of files that were read; null for missing files. */
  readonly texts: Readonly<Record<string, string | null>>;
  /**
   * Stamps of installed files, taken before they were read. A file with the same stamp has the same
   * text and need not be read again.
   */
  readonly stamps: Readonly<Record<string, string>>;
  /** Existence of files. */
  readonly files: Readonly<Record<string, boolean>>;
  /** Existence of folders. */
  readonly folders: Readonly<Record<string, boolean>>;
  /** Contents of folders, by the kind of listing. */
  readonly listings: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Targets of symbolic links. */
  readonly links: Readonly<Record<string, string>>;
}

/**
 * Finds a path whose answer has changed.
 * @param onStamp Called for installed files that had to be read, with their current stamps
 */
export function findChange(inputs: Inputs, onStamp?: (path: string, stamp: string) => void): string | undefined {
  return (
    findKey(inputs.files, (path, found) => fileExists(path) === found) ??
    findKey(inputs.folders, (path, found) => folderExists(path) === found) ??
    findKey(inputs.links, (path, target) => realPath(path) === target) ??
    findKey(inputs.listings, hasSameListings) ??
    findKey(inputs.texts, (path, hash) => {
      // Taken before the file is read: a later change gives the file another stamp.
      const stamp = isInstalled(path) ? stampOf(path) : undefined;
      if (stamp !== undefined && stamp === inputs.stamps[path]) return true;
      const isSame = hasSameText(path, hash);
      if (isSame && stamp !== undefined) onStamp?.(path, stamp);
      return isSame;
    })
  );
}

/** Checks whether the settings (tsconfig and package.json files) are the same in both inputs. */
export function hasSameSettings(before: Inputs, after: Inputs): boolean {
  const settingsOf = ({ texts }: Inputs): string =>
    Object.entries(texts)
      .filter(([fileName, hash]) => hash !== null && fileName.endsWith(".json"))
      .map((entry) => entry.join(" "))
      .sort()
      .join("\n");
  return settingsOf(before) === settingsOf(after);
}

/** Finds the first key whose value no longer holds. */
function findKey<T>(
  record: Readonly<Record<string, T>>,
  holds: (path: string, value: T) => boolean,
): string | undefined {
  for (const path in record) {
    const value = record[path];
    if (value !== undefined && !holds(path, value)) return path;
  }
  return undefined;
}

/** Checks whether a folder still has these listings. */
export function hasSameListings(folder: string, listings: Readonly<Record<string, string>>): boolean {
  const entries = readFolder(folder);
  return Object.entries(listings).every(([kind, listing]) => describeListing(entries, kind) === listing);
}

/** Checks whether a file still has the text with this hash or, for null, cannot be read. */
function hasSameText(fileName: string, hash: string | null): boolean {
  const bytes = readBytes(fileName);
  if (bytes === undefined || hash === null) return bytes === undefined && hash === null;
  // The hash is the text's. Nearly all files are UTF-8 without a byte order mark: their bytes have
  // the same hash.
  return hashOf(bytes) === hash || hashOf(decodeText(bytes)) === hash;
}

/** The kind of listing that contains folders only. */
export const FOLDERS_ONLY = "/";

/**
 * Writes a folder's listing as text, for comparison.
 * @param kind The relevant file name extensions, joined by commas
 */
export function describeListing({ files, directories }: FolderEntries, kind: string): string {
  const extensions = kind === FOLDERS_ONLY ? [] : kind.split(",");
  const wanted = files.filter((name) => extensions.some((extension) => name.endsWith(extension)));
  // Names contain no slash, so different listings have different texts.
  return [...directories.map((name) => `${name}/`), ...wanted].join("/");
}

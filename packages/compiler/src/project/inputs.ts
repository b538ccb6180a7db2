import {
  decode,
  fileExists,
  folderExists,
  hashOf,
  readBytes,
  readFolder,
  realPath,
  type FolderEntries,
} from "./file-system.ts";

/** Everything of the disk that a result depends on, as plain data: what was asked, and what the answer was. By path. */
export interface Inputs {
  /** Files that were read: the hash of the text, or null where there was none. */
  readonly texts: Readonly<Record<string, string | null>>;
  /** Whether there was a file. */
  readonly files: Readonly<Record<string, boolean>>;
  /** Whether there was a folder. */
  readonly folders: Readonly<Record<string, boolean>>;
  /** What a folder held, by the kind of listing. */
  readonly listings: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Where symbolic links led. */
  readonly links: Readonly<Record<string, string>>;
}

/** Finds a path among the inputs for which the disk has another answer now. */
export function findChange(inputs: Inputs): string | undefined {
  return (
    findKey(inputs.files, (path, found) => fileExists(path) === found) ??
    findKey(inputs.folders, (path, found) => folderExists(path) === found) ??
    findKey(inputs.links, (path, target) => realPath(path) === target) ??
    findKey(inputs.listings, hasSameListings) ??
    findKey(inputs.texts, hasSameText)
  );
}

/** The first key whose value does not hold. */
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

/** Whether a folder's listings are what they were. */
export function hasSameListings(folder: string, listings: Readonly<Record<string, string>>): boolean {
  const entries = readFolder(folder);
  return Object.entries(listings).every(([kind, listing]) => describeListing(entries, kind) === listing);
}

/** Whether a file has the text that this is the hash of, or, for null, cannot be read. */
export function hasSameText(fileName: string, hash: string | null): boolean {
  const bytes = readBytes(fileName);
  if (bytes === undefined || hash === null) return bytes === undefined && hash === null;
  // The hash is the text's. For files in UTF-8 without byte order mark, which is to say nearly all, the bytes have the same.
  return hashOf(bytes) === hash || hashOf(decode(bytes)) === hash;
}

/** The kind of listing that has folders only. */
export const FOLDERS_ONLY = "/";

/**
 * A folder's listing as text, so that two can be compared.
 * @param kind The file name extensions that matter, joined by commas
 */
export function describeListing({ files, directories }: FolderEntries, kind: string): string {
  const extensions = kind === FOLDERS_ONLY ? [] : kind.split(",");
  const wanted = files.filter((name) => extensions.some((extension) => name.endsWith(extension)));
  // No name holds a slash, so that no two listings have the same text.
  return [...directories.map((name) => `${name}/`), ...wanted].join("/");
}

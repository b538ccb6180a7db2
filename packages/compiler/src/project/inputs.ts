import {
  decode,
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

/** Everything of the disk that a result depends on, as plain data: what was asked, and what the answer was. By path. */
export interface Inputs {
  /** Files that were read: the hash of the text, or null where there was none. */
  readonly texts: Readonly<Record<string, string | null>>;
  /** Stamps of installed files from before they were read: as long as a file has the same one, it need not be read to know its text. */
  readonly stamps: Readonly<Record<string, string>>;
  /** Whether there was a file. */
  readonly files: Readonly<Record<string, boolean>>;
  /** Whether there was a folder. */
  readonly folders: Readonly<Record<string, boolean>>;
  /** What a folder held, by the kind of listing. */
  readonly listings: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Where symbolic links led. */
  readonly links: Readonly<Record<string, string>>;
}

/**
 * Finds a path among the inputs for which the disk has another answer now.
 * @param onStamp Told of installed files that had to be read, and what their stamp is now
 */
export function findChange(inputs: Inputs, onStamp?: (path: string, stamp: string) => void): string | undefined {
  return (
    findKey(inputs.files, (path, found) => fileExists(path) === found) ??
    findKey(inputs.folders, (path, found) => folderExists(path) === found) ??
    findKey(inputs.links, (path, target) => realPath(path) === target) ??
    findKey(inputs.listings, hasSameListings) ??
    findKey(inputs.texts, (path, hash) => {
      // Taken before the file is read: what changes after that has another one.
      const stamp = isInstalled(path) ? stampOf(path) : undefined;
      if (stamp !== undefined && stamp === inputs.stamps[path]) return true;
      const isSame = hasSameText(path, hash);
      if (isSame && stamp !== undefined) onStamp?.(path, stamp);
      return isSame;
    })
  );
}

/** Whether the files that say how sources are to be read, the tsconfigs and package.json files, had the same texts both times. */
export function hasSameSettings(before: Inputs, after: Inputs): boolean {
  const settingsOf = ({ texts }: Inputs): string =>
    Object.entries(texts)
      .filter(([fileName, hash]) => hash !== null && fileName.endsWith(".json"))
      .map((entry) => entry.join(" "))
      .sort()
      .join("\n");
  return settingsOf(before) === settingsOf(after);
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
function hasSameText(fileName: string, hash: string | null): boolean {
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

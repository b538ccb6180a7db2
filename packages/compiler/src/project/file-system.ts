import { createHash } from "node:crypto";
import { readdirSync, readFileSync, realpathSync, statSync, type Stats } from "node:fs";

/** The contents of a folder, sorted. Links count as their targets. */
export interface FolderEntries {
  readonly files: readonly string[];
  readonly directories: readonly string[];
}

/**
 * Reads the text of a file as TypeScript does: UTF-8, unless its byte order mark says otherwise.
 * Undefined if the file cannot be read.
 */
export function readText(fileName: string): string | undefined {
  const bytes = readBytes(fileName);
  return bytes && decodeText(bytes);
}

/** Reads the bytes of a file; undefined if it cannot be read. */
export function readBytes(fileName: string): Buffer | undefined {
  try {
    return readFileSync(fileName);
  } catch {
    return undefined;
  }
}

/** Decodes bytes as UTF-8, unless their byte order mark says otherwise. */
export function decodeText(bytes: Buffer): string {
  const [first, second, third] = bytes;
  if (first === 0xfe && second === 0xff)
    return Buffer.from(bytes.subarray(0, bytes.length & ~1))
      .swap16()
      .toString("utf16le", 2);
  if (first === 0xff && second === 0xfe) return bytes.toString("utf16le", 2);
  return bytes.toString("utf8", first === 0xef && second === 0xbb && third === 0xbf ? 3 : 0);
}

/**
 * Age in milliseconds from which a file's times are reliable: a younger file may change again
 * without a new time.
 */
const MIN_AGE = 2000;

/**
 * Identifies a file's state without reading it, as git does: by its inode, length and times. One of
 * them, the time of the last status change, cannot be set by programs. Undefined for a file so new
 * that its text could change without these.
 */
export function stampOf(fileName: string): string | undefined {
  const stats = statOf(fileName);
  if (!stats?.isFile() || Date.now() - Math.max(stats.ctimeMs, stats.mtimeMs) < MIN_AGE) return undefined;
  return [stats.dev, stats.ino, stats.size, stats.mtimeMs, stats.ctimeMs].join(":");
}

/**
 * Checks whether a file belongs to an installed package. These are many, large and rarely edited.
 */
export function isInstalled(fileName: string): boolean {
  return fileName.includes("/node_modules/");
}

/** Checks whether a path is a file, or a link to one. */
export function fileExists(fileName: string): boolean {
  return statOf(fileName)?.isFile() ?? false;
}

/** Checks whether a path is a folder, or a link to one. */
export function folderExists(folder: string): boolean {
  return statOf(folder)?.isDirectory() ?? false;
}

/** Lists a folder; empty if it cannot be read. */
export function readFolder(folder: string): FolderEntries {
  const files: string[] = [];
  const directories: string[] = [];
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const isLink = entry.isSymbolicLink();
      const stats = isLink ? statOf(`${folder}/${entry.name}`) : entry;
      if (stats?.isFile()) files.push(entry.name);
      else if (stats?.isDirectory()) directories.push(entry.name);
    }
  } catch {
    // The folder is gone or not readable.
  }
  return { files: files.sort(), directories: directories.sort() };
}

/** Resolves the symbolic links of a path; returns the path itself if that fails. */
export function realPath(fileName: string): string {
  try {
    return realpathSync.native(fileName);
  } catch {
    return fileName;
  }
}

/** Returns the SHA-256 hash of a text. */
export function hashOf(text: string | Uint8Array): string {
  return createHash("sha256").update(text).digest("base64url");
}

function statOf(fileName: string): Stats | undefined {
  try {
    return statSync(fileName, { throwIfNoEntry: false });
  } catch {
    // The path is below a file, or not accessible.
    return undefined;
  }
}

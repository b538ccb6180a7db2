import { createHash } from "node:crypto";
import { readdirSync, readFileSync, realpathSync, statSync, type Stats } from "node:fs";

/** What is in a folder, links counted as what they lead to. Sorted. */
export interface FolderEntries {
  readonly files: readonly string[];
  readonly directories: readonly string[];
}

/** The text of a file, read as TypeScript does: UTF-8, or what its byte order mark says. Undefined if it cannot be read. */
export function readText(fileName: string): string | undefined {
  const bytes = readBytes(fileName);
  return bytes && decode(bytes);
}

/** The bytes of a file; undefined if it cannot be read. */
export function readBytes(fileName: string): Buffer | undefined {
  try {
    return readFileSync(fileName);
  } catch {
    return undefined;
  }
}

/** The text that bytes stand for: UTF-8, or what their byte order mark says. */
export function decode(bytes: Buffer): string {
  const [first, second, third] = bytes;
  if (first === 0xfe && second === 0xff)
    return Buffer.from(bytes.subarray(0, bytes.length & ~1))
      .swap16()
      .toString("utf16le", 2);
  if (first === 0xff && second === 0xfe) return bytes.toString("utf16le", 2);
  return bytes.toString("utf8", first === 0xef && second === 0xbb && third === 0xbf ? 3 : 0);
}

/** A file that was changed more recently than this may be changed again without its times telling. In milliseconds. */
const MIN_AGE = 2000;

/**
 * Tells two states of a file apart without reading it, as git does: which file it is, its length and its times, among them that of the last change
 * of any kind, which no program can set. Nothing for a file so new that these could stay the same while its text changes.
 */
export function stampOf(fileName: string): string | undefined {
  const stats = statOf(fileName);
  if (!stats?.isFile() || Date.now() - Math.max(stats.ctimeMs, stats.mtimeMs) < MIN_AGE) return undefined;
  return [stats.dev, stats.ino, stats.size, stats.mtimeMs, stats.ctimeMs].join(":");
}

/** Whether a file is part of an installed package. There are many of them, they are large, and nobody edits them. */
export function isInstalled(fileName: string): boolean {
  return fileName.includes("/node_modules/");
}

/** Whether there is a file at that path, or a link to one. */
export function fileExists(fileName: string): boolean {
  return statOf(fileName)?.isFile() ?? false;
}

/** Whether there is a folder at that path, or a link to one. */
export function folderExists(folder: string): boolean {
  return statOf(folder)?.isDirectory() ?? false;
}

/** What is in a folder; nothing if it cannot be read. */
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
    // A folder that is gone, or that nobody may read, holds nothing.
  }
  return { files: files.sort(), directories: directories.sort() };
}

/** Where a path leads through symbolic links; the path itself where that cannot be told. */
export function realPath(fileName: string): string {
  try {
    return realpathSync.native(fileName);
  } catch {
    return fileName;
  }
}

/** A name for a text that no other text has. */
export function hashOf(text: string | Uint8Array): string {
  return createHash("sha256").update(text).digest("base64url");
}

function statOf(fileName: string): Stats | undefined {
  try {
    return statSync(fileName, { throwIfNoEntry: false });
  } catch {
    // Below a file, or where nobody may look.
    return undefined;
  }
}

import { randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { folderExists, hashOf } from "../project/file-system.ts";
import { findChange, type Inputs } from "../project/inputs.ts";

/** A result and everything that it depends on. */
export interface CachedResult<T> {
  readonly inputs: Inputs;
  /** Plain data. */
  readonly result: T;
  /** A text that belongs to the result, stored verbatim because it can be long. */
  readonly text: string;
}

/** Maximum number of results: enough for several projects and ways to compile them. */
const MAX_ENTRIES = 50;

/**
 * A cache of results on disk, each with its inputs: an entry is valid as long as every file that
 * was read, looked for or listed gives the same answer. Contents are compared, so neither a
 * checkout nor a copy revives an old result; only installed files with an unchanged stamp are not
 * read again. Any number of processes may use it at once. Failures to read or write are ignored.
 */
export class ResultCache {
  readonly #folder: string;

  /** @param folder The folder of the entries, created with the first */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Finds the result with this key, if it is still valid. */
  find<T>(key: string): CachedResult<T> | undefined {
    const entry = this.#read<T>(key);
    if (!entry) return undefined;
    const stamps: Record<string, string> = {};
    if (findChange(entry.inputs, (path, stamp) => (stamps[path] = stamp)) !== undefined) return undefined;
    if (Object.keys(stamps).length === 0) return entry;
    const inputs = { ...entry.inputs, stamps: { ...entry.inputs.stamps, ...stamps } };
    this.keep(key, { ...entry, inputs });
    return { ...entry, inputs };
  }

  /** Stores a result under a key, and replaces an earlier one. */
  keep<T>(key: string, { inputs, result, text }: CachedResult<T>): void {
    const body = `${JSON.stringify({ key, inputs, result })}\n${text}`;
    const fileName = this.#fileOf(key);
    const temporary = `${fileName}.${randomUUID()}.tmp`;
    try {
      mkdirSync(this.#folder, { recursive: true });
      writeFileSync(temporary, `${hashOf(body)}\n${body}`);
      renameSync(temporary, fileName);
      this.#prune();
    } catch {
      discard(temporary);
    }
  }

  /** Reads an entry, and checks that it is complete and belongs to this key. */
  #read<T>(key: string): CachedResult<T> | undefined {
    try {
      const content = readFileSync(this.#fileOf(key));
      const bodyStart = content.indexOf("\n") + 1;
      const textStart = content.indexOf("\n", bodyStart) + 1;
      if (hashOf(content.subarray(bodyStart)) !== content.toString("utf8", 0, bodyStart - 1)) return undefined;
      const head = JSON.parse(content.toString("utf8", bodyStart, textStart)) as CachedResult<T> & {
        readonly key: string;
      };
      if (head.key !== key) return undefined;
      return { inputs: head.inputs, result: head.result, text: content.toString("utf8", textStart) };
    } catch {
      return undefined;
    }
  }

  #fileOf(key: string): string {
    return path.join(this.#folder, `${hashOf(key)}.entry`);
  }

  #prune(): void {
    const entries = readdirSync(this.#folder).map((name) => {
      const fileName = path.join(this.#folder, name);
      return { fileName, time: statSync(fileName, { throwIfNoEntry: false })?.mtimeMs ?? 0 };
    });
    entries.sort((a, b) => b.time - a.time);
    for (const { fileName } of entries.slice(MAX_ENTRIES)) rmSync(fileName, { force: true });
  }
}

function discard(fileName: string): void {
  try {
    rmSync(fileName, { force: true });
  } catch {
    // If the file could not be written, there may be no file to remove.
  }
}

/** Opens the cache in the nearest `node_modules`; undefined if there is no such folder. */
export function findCache(root: string): ResultCache | undefined {
  for (let folder = path.resolve(root); ; folder = path.dirname(folder)) {
    const packages = path.join(folder, "node_modules");
    if (folderExists(packages)) return new ResultCache(path.join(packages, ".cache", "methodic"));
    if (folder === path.dirname(folder)) return undefined;
  }
}

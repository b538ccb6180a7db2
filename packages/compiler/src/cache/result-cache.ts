import { randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { folderExists, hashOf } from "../project/file-system.ts";
import { findChange, type Inputs } from "../project/inputs.ts";

/** A result together with everything it was made of. */
export interface CachedResult<T> {
  readonly inputs: Inputs;
  /** Plain data. */
  readonly result: T;
  /** A text that belongs to the result, kept as it is because it can be long. */
  readonly text: string;
}

/** How many results are kept: for some projects and the ways of compiling them. */
const MAX_ENTRIES = 50;

/**
 * Results on disk, each with its inputs: an entry is good for as long as every file that was read, looked for or listed gives the same answer.
 * Contents decide, so that neither a checkout nor a copy brings back an old result; only installed files that have not been touched since
 * they were read, which the file system can tell, are not read again. Any number of processes may use it at once.
 * What cannot be read or written is no error, only no help.
 */
export class ResultCache {
  readonly #folder: string;

  /** @param folder Where entries are kept; made when the first is written */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Finds the result that was kept under this key, if it still holds. */
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

  /** Keeps a result under a key, in the place of an earlier one. */
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

  /** An entry as it was written: whole, and under this very key. */
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
    // Where nothing can be written there is nothing to remove.
  }
}

/** The cache of a project, in the nearest `node_modules`; none where there is no such folder. */
export function findCache(root: string): ResultCache | undefined {
  for (let folder = path.resolve(root); ; folder = path.dirname(folder)) {
    const packages = path.join(folder, "node_modules");
    if (folderExists(packages)) return new ResultCache(path.join(packages, ".cache", "methodic"));
    if (folder === path.dirname(folder)) return undefined;
  }
}

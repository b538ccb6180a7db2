import { realpathSync, statSync } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { ToolError } from "methodic";
import { currentContext } from "methodic/context";

/** The folders that tools may use: those of the command line, else the client's roots. */
export class Folders {
  readonly #given: readonly string[];

  constructor(given: readonly string[]) {
    this.#given = given.map((folder) => realpathSync(expandHome(folder))).filter((folder) => isFolder(folder));
    if (given.length > 0 && this.#given.length === 0) throw new Error("No folder of the command line can be used.");
  }

  async list(): Promise<readonly string[]> {
    if (this.#given.length > 0) return this.#given;
    const roots = await currentContext().listRoots();
    const folders = await Promise.all(roots.map(({ uri }) => realpath(fileURLToPath(uri)).catch(() => undefined)));
    return folders.filter((folder) => folder !== undefined && isFolder(folder)) as string[];
  }

  /** Returns the real path of a file, which may be new; throws if it is outside of the folders. */
  async resolve(requested: string): Promise<string> {
    const folders = await this.list();
    if (path.sep === "/" && /^[A-Za-z]:(?:[\\/]|$)/.test(requested))
      throw new ToolError(`Access denied - Windows-style path received on a POSIX host: ${requested}`);
    const absolute = findIn(folders, expandHome(requested));
    assertInside(absolute, folders, "path");
    const real = await realpath(absolute).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return follow(absolute, folders);
      throw error;
    });
    assertInside(real, folders, "symlink target");
    return real;
  }
}

/** Follows a path as far as it exists; names may be in another Unicode form. */
async function follow(file: string, folders: readonly string[]): Promise<string> {
  const [folder = ""] = folders.filter((each) => contains(each, file)).sort((a, b) => b.length - a.length);
  const names = path.relative(folder, file).split(path.sep);
  let current = folder;
  for (const [i, name] of names.entries()) {
    const present = await readdir(current);
    const alike = present.includes(name) ? [name] : present.filter((each) => each.normalize() === name.normalize());
    if (alike.length > 1) throw new ToolError(`Ambiguous Unicode path component: ${name}`);
    if (alike[0] === undefined) return path.join(current, ...names.slice(i));
    current = await realpath(path.join(current, alike[0]));
    assertInside(current, folders, "symlink target");
  }
  return current;
}

/** Resolves a relative path in the first folder that then contains it. */
function findIn(folders: readonly string[], requested: string): string {
  if (path.isAbsolute(requested)) return path.resolve(requested);
  const candidates = folders.map((folder) => path.resolve(folder, requested));
  const inside = candidates.find((candidate) => folders.some((folder) => contains(folder, candidate)));
  return inside ?? candidates[0] ?? path.resolve(requested);
}

function assertInside(file: string, folders: readonly string[], what: string): void {
  if (!file.includes("\0") && folders.some((folder) => contains(folder, file))) return;
  throw new ToolError(`Access denied - ${what} outside allowed directories: ${file} not in ${folders.join(", ")}`);
}

function contains(folder: string, file: string): boolean {
  const relative = path.relative(folder, file);
  return relative !== ".." && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}

function expandHome(file: string): string {
  return file === "~" || file.startsWith("~/") ? path.join(homedir(), file.slice(1)) : file;
}

function isFolder(file: string): boolean {
  return statSync(file).isDirectory();
}

/** The size of a file, or 0 if it cannot be read. */
export async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}

import { findProjectRoot } from "@methodic/compiler/cached";
import { readFileSync, statSync, type Stats } from "node:fs";
import path from "node:path";
import { CommandFailure, EXIT_USAGE } from "./failure.ts";

/** The absolute path of a folder that was named on the command line. */
export function requireFolder(name: string): string {
  const stats = statOf(name);
  if (stats?.isDirectory()) return path.resolve(name);
  throw new CommandFailure(
    stats
      ? `'${name}' is a file; name the project's folder, the one with its tsconfig.json.`
      : `the folder '${name}' does not exist (looked for ${path.resolve(name)}).`,
    EXIT_USAGE,
  );
}

/** The absolute path of a file that was named on the command line. */
export function requireFile(name: string): string {
  const stats = statOf(name);
  if (stats?.isFile()) return path.resolve(name);
  throw new CommandFailure(
    stats
      ? `'${name}' is a folder; name a file in it.`
      : `the file '${name}' does not exist (looked for ${path.resolve(name)}).`,
    EXIT_USAGE,
  );
}

/** The absolute path of a tsconfig that was named on the command line, as a file or as its folder. */
export function requireTsconfig(name: string): string {
  return statOf(name)?.isDirectory() ? requireFile(path.join(name, "tsconfig.json")) : requireFile(name);
}

/** Whether a path on the command line names a folder. */
function isFolder(name: string): boolean {
  return statOf(name)?.isDirectory() ?? false;
}

/** Whether a folder is a project's own, as opposed to one inside of a project, which may have a package.json that only says its `type`. */
export function isProjectFolder(folder: string): boolean {
  if (statOf(path.join(folder, "tsconfig.json"))?.isFile()) return true;
  const manifest = path.join(folder, "package.json");
  return statOf(manifest)?.isFile() === true && /"name"\s*:/.test(readFileSync(manifest, "utf8"));
}

function statOf(name: string): Stats | undefined {
  return statSync(name, { throwIfNoEntry: false });
}

/** What a command compiles. */
export interface ChosenProject {
  /** The project's folder, absolute. */
  readonly root: string;
  /** Only these files of it, absolute. */
  readonly files?: readonly string[];
}

/**
 * The project that arguments mean: one folder, or files of the project they lie in.
 * @param tsconfig The tsconfig that was named, absolute
 */
export function chooseProject(targets: readonly string[], tsconfig: string | undefined): ChosenProject {
  const [first = "."] = targets;
  if (targets.length <= 1 && isFolder(first)) return { root: requireFolder(first) };
  const folder = targets.find((target) => isFolder(target));
  if (folder !== undefined) {
    throw new CommandFailure(`'${folder}' is a folder among several arguments; name one folder, or files.`, EXIT_USAGE);
  }
  const files = targets.map((target) => requireFile(target));
  return { root: tsconfig === undefined ? findProjectRoot(files[0] ?? ".") : path.dirname(tsconfig), files };
}

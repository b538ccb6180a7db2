import { findProjectRoot } from "@methodic/compiler/cached";
import { readFileSync, statSync, type Stats } from "node:fs";
import path from "node:path";
import { CommandFailure, EXIT_USAGE } from "./failure.ts";

/**
 * Resolves a folder named on the command line to its absolute path.
 * @throws CommandFailure if it is not a folder
 */
export function resolveFolder(name: string): string {
  const stats = statOf(name);
  if (stats?.isDirectory()) return path.resolve(name);
  throw new CommandFailure(
    stats
      ? `'${name}' is a file. Name the project's folder, the one with its tsconfig.json.`
      : `the folder '${name}' does not exist (looked for ${path.resolve(name)}).`,
    EXIT_USAGE,
  );
}

/**
 * Resolves a file named on the command line to its absolute path.
 * @throws CommandFailure if it is not a file
 */
export function resolveFile(name: string): string {
  const stats = statOf(name);
  if (stats?.isFile()) return path.resolve(name);
  throw new CommandFailure(
    stats
      ? `'${name}' is a folder. Name a file in it.`
      : `the file '${name}' does not exist (looked for ${path.resolve(name)}).`,
    EXIT_USAGE,
  );
}

/**
 * Resolves a tsconfig named on the command line, as a file or as its folder, to its absolute path.
 * @throws CommandFailure if it does not exist
 */
export function resolveTsconfig(name: string): string {
  return statOf(name)?.isDirectory() ? resolveFile(path.join(name, "tsconfig.json")) : resolveFile(name);
}

function isFolder(name: string): boolean {
  return statOf(name)?.isDirectory() ?? false;
}

/**
 * Checks whether a folder is a project's root. A folder inside a project may have a package.json as
 * well, but one that only sets `type`.
 */
export function isProjectFolder(folder: string): boolean {
  if (statOf(path.join(folder, "tsconfig.json"))?.isFile()) return true;
  const manifest = path.join(folder, "package.json");
  return statOf(manifest)?.isFile() === true && /"name"\s*:/.test(readFileSync(manifest, "utf8"));
}

function statOf(name: string): Stats | undefined {
  return statSync(name, { throwIfNoEntry: false });
}

/** The project, or the files of it, that a command compiles. */
export interface ChosenProject {
  /** Absolute path of the project's folder. */
  readonly root: string;
  /** Absolute paths of the files to compile. Default: all files of the project. */
  readonly files?: readonly string[];
}

/**
 * Resolves a command's arguments: one folder, or files of the project that contains them.
 * @param tsconfig Absolute path of the tsconfig from the command line
 * @throws CommandFailure if an argument does not exist or folders and files are mixed
 */
export function chooseProject(targets: readonly string[], tsconfig: string | undefined): ChosenProject {
  const [first = "."] = targets;
  if (targets.length <= 1 && isFolder(first)) return { root: resolveFolder(first) };
  const folder = targets.find((target) => isFolder(target));
  if (folder !== undefined) {
    throw new CommandFailure(
      `'${folder}' is a folder among several arguments. Name one folder, or only files.`,
      EXIT_USAGE,
    );
  }
  const files = targets.map((target) => resolveFile(target));
  return { root: tsconfig === undefined ? findProjectRoot(files[0] ?? ".") : path.dirname(tsconfig), files };
}

import { readFileSync, statSync, type Stats } from "node:fs";
import path from "node:path";
import { CommandFailure, EXIT_USAGE } from "./command-failure.ts";

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
export function isFolder(name: string): boolean {
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

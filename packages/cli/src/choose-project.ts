import path from "node:path";
import { findProjectRoot } from "@methodic/compiler/cached";
import { CommandFailure, EXIT_USAGE } from "./command-failure.ts";
import { isFolder, requireFile, requireFolder } from "./project-paths.ts";

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

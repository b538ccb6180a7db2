import path from "node:path";
import { fileExists } from "./file-system.ts";

/**
 * Finds the root of the project that a file belongs to: the nearest folder with a `tsconfig.json`,
 * else with a `package.json`, else the file's folder.
 */
export function findProjectRoot(fileName: string): string {
  const start = path.dirname(path.resolve(fileName));
  return findUp(start, "tsconfig.json") ?? findUp(start, "package.json") ?? start;
}

function findUp(from: string, name: string): string | undefined {
  for (let folder = from; ; folder = path.dirname(folder)) {
    if (fileExists(path.join(folder, name))) return folder;
    if (folder === path.dirname(folder)) return undefined;
  }
}

import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { OutputFile } from "../emit/emit.ts";

/** Returns the path under which {@link writeFiles} stages a file. */
export function getTemporaryName(fileName: string): string {
  return `${fileName}.${process.pid}.tmp`;
}

/**
 * Writes files in two steps, staging all of them before the first is replaced: a full disk or a
 * missing permission leaves the last build as it was.
 */
export function writeFiles(files: readonly OutputFile[]): void {
  const staged: { readonly temporary: string; readonly fileName: string }[] = [];
  try {
    for (const { fileName, text } of files) {
      const temporary = getTemporaryName(fileName);
      mkdirSync(path.dirname(fileName), { recursive: true });
      staged.push({ temporary, fileName });
      writeFileSync(temporary, text);
    }
    for (const { temporary, fileName } of staged) renameSync(temporary, fileName);
  } catch (error) {
    for (const { temporary } of staged) rmSync(temporary, { force: true });
    throw error;
  }
}

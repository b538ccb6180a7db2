import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { CommandFailure } from "./failure.ts";

/** A reader of the file, such as a CI job or an editor, sees the old text or the new one and never a part. */
export function writeAtomically(fileName: string, text: string): void {
  const temporary = `${fileName}.${process.pid}.tmp`;
  try {
    mkdirSync(path.dirname(fileName), { recursive: true });
    writeFileSync(temporary, text);
    renameSync(temporary, fileName);
  } catch (error) {
    if (existsSync(temporary)) rmSync(temporary);
    throw new CommandFailure(`cannot write '${fileName}': ${error instanceof Error ? error.message : String(error)}`);
  }
}

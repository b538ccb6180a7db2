import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";

/** Exit code of a command that found problems or could not do its work. */
export const EXIT_FAILURE = 1;
/** Exit code of a command that was called incorrectly. */
export const EXIT_USAGE = 2;

/** An error that ends a command with its message and without a stack. */
export class CommandFailure extends Error {
  override readonly name: string = "CommandFailure";
  readonly exitCode: number;

  constructor(message: string, exitCode: number = EXIT_FAILURE) {
    super(message);
    this.exitCode = exitCode;
  }
}

/**
 * Formats a thrown value: a MethodicError explains itself; other errors are located by their stack.
 */
export function explainError(error: unknown): string {
  if (!(error instanceof Error)) return `Thrown: ${String(error)}`;
  return error.name === "MethodicError" ? `methodic: ${error.message}` : (error.stack ?? error.message);
}

/**
 * Runs a step that writes files. A full disk or a missing permission is not a bug, so its error is
 * shown without a stack.
 * @param target The subject of the message, such as "the build"
 * @throws CommandFailure if the file system refused
 */
export function explainWriteFailure<T>(target: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    if (!(error instanceof Error && "syscall" in error)) throw error;
    throw new CommandFailure(`cannot write ${target}: ${error.message}`);
  }
}

/**
 * Replaces a file in one step: a reader, such as a CI job or an editor, never sees half of it.
 * @throws CommandFailure if the file system refused
 */
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

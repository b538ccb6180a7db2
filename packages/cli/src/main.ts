import module from "node:module";
import process from "node:process";
import { CommanderError } from "commander";
import { CommandFailure, EXIT_FAILURE, EXIT_USAGE, explainError } from "./failure.ts";
import { createProgram } from "./program.ts";

// Node 22.1 and later cache compiled code on disk, which halves the start with TypeScript.
(module as typeof module & { readonly enableCompileCache?: () => unknown }).enableCompileCache?.();

// Not awaited at the top level: if a module under `run` never finishes loading, Node would blame
// this line.
createProgram()
  .parseAsync(process.argv)
  .catch((error: unknown) => {
    process.exitCode = reportFailure(error);
  });

/** Writes an error to stderr and returns the exit code. */
function reportFailure(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE;
  if (error instanceof CommandFailure) {
    process.stderr.write(`methodic: ${error.message}\n`);
    return error.exitCode;
  }
  process.stderr.write(`${explainError(error)}\n`);
  return EXIT_FAILURE;
}

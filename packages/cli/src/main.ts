import module from "node:module";
import process from "node:process";
import { CommanderError } from "commander";
import { createCommands } from "./program.ts";
import { CommandFailure, EXIT_FAILURE, EXIT_USAGE, explainError } from "./failure.ts";

/** Node 22.1 and later keep compiled code on disk; TypeScript is large enough for that to halve the start. */
(module as typeof module & { readonly enableCompileCache?: () => unknown }).enableCompileCache?.();

// Not awaited at the top level: where a module that is run never finishes loading, Node would blame this line.
createCommands()
  .parseAsync(process.argv)
  .catch((error: unknown) => {
    process.exitCode = explain(error);
  });

/** Says on stderr what went wrong and returns the exit code. */
function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE;
  if (error instanceof CommandFailure) {
    process.stderr.write(`methodic: ${error.message}\n`);
    return error.exitCode;
  }
  process.stderr.write(`${explainError(error)}\n`);
  return EXIT_FAILURE;
}

import type { ProjectWatcher } from "@methodic/compiler";
import process from "node:process";
import { CommandFailure } from "../failure.ts";
import type { ReportFlags } from "../flags.ts";
import { say } from "../terminal.ts";

/**
 * Watches a project until the process is interrupted. A refusal of the operating system, such as
 * too many watched folders, is not a bug, so its error is shown without a stack.
 * @throws CommandFailure if the operating system refused
 */
export function watchUntilInterrupted(start: () => ProjectWatcher, flags: ReportFlags): void {
  let watcher: ProjectWatcher;
  try {
    watcher = start();
  } catch (error) {
    if (!(error instanceof Error && "syscall" in error)) throw error;
    throw new CommandFailure(`cannot watch the project: ${error.message}`);
  }
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => watcher.close());
  say("Watching for changes; press Ctrl-C to stop.", flags);
}

/** Maximum file names shown when many files change at once. */
const MAX_NAMES = 3;

/** Formats the names of changed files. */
export function formatChanges(changed: readonly string[]): string {
  const rest = changed.length - MAX_NAMES;
  return `${changed.slice(0, MAX_NAMES).join(", ")}${rest > 0 ? ` and ${rest} more` : ""} changed.`;
}

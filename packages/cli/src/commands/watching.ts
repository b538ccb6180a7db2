import process from "node:process";
import type { ProjectWatcher } from "@methodic/compiler";
import { CommandFailure } from "../failure.ts";

/** Starts watching until the process is interrupted. What the operating system refuses, for example too many watched folders, is no fault in anybody's code. */
export function watchUntilInterrupted(start: () => ProjectWatcher): void {
  let watcher: ProjectWatcher;
  try {
    watcher = start();
  } catch (error) {
    if (!(error instanceof Error && "syscall" in error)) throw error;
    throw new CommandFailure(`cannot watch the project: ${error.message}`);
  }
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => watcher.close());
}

/** How many files are named when many change at once. */
const MAX_NAMES = 3;

/** Words which files have changed. */
export function nameChanges(changed: readonly string[]): string {
  const rest = changed.length - MAX_NAMES;
  return `${changed.slice(0, MAX_NAMES).join(", ")}${rest > 0 ? ` and ${rest} more` : ""} changed.`;
}

import path from "node:path";
import process from "node:process";
import {
  hasErrors,
  watchProject,
  type CompileOptions,
  type ProjectUpdate,
  type ProjectWatcher,
} from "@methodic/compiler";
import { CommandFailure } from "../command-failure.ts";
import { report, say, type ReportFlags } from "../report.ts";
import { countServices } from "../summary.ts";
import { writeAtomically } from "../write-atomically.ts";

/** What is written again and again, and where. */
export interface WatchedArtefact {
  readonly project: CompileOptions;
  readonly out: string;
  readonly flags: ReportFlags;
}

/** Writes the artefact of a project now and after every change, until the process is interrupted. */
export function watchArtefact({ project, out, flags }: WatchedArtefact): void {
  let written: string | undefined;
  const onUpdate = (update: ProjectUpdate): void => {
    const received = performance.now();
    const { changed, diagnostics, stats } = update;
    if (changed.length > 0) say(`\n${nameChanges(changed)} changed.`, flags);
    report(diagnostics, project.root, flags);
    const text = hasErrors(diagnostics) && !project.keepGoing ? undefined : update.text;
    if (text !== undefined && text !== written) writeAtomically(path.resolve(out), text);
    const time = `(${Math.round(update.duration + performance.now() - received)} ms)`;
    if (text === undefined) say(`${out} was left as it was. ${time}`, flags);
    else say(`${countServices(stats)} ${text === written ? "as before in" : "->"} ${out} ${time}`, flags);
    written = text ?? written;
  };
  const watcher = watchOrExplain(project, onUpdate);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => watcher.close());
  say("Watching for changes; Ctrl-C ends.", flags);
}

/** What the operating system refuses, for example too many watched folders, is no fault in anybody's code. */
function watchOrExplain(project: CompileOptions, onUpdate: (update: ProjectUpdate) => void): ProjectWatcher {
  try {
    return watchProject({ ...project, onUpdate });
  } catch (error) {
    if (!(error instanceof Error && "syscall" in error)) throw error;
    throw new CommandFailure(`cannot watch the project: ${error.message}`);
  }
}

/** How many files are named when many change at once. */
const MAX_NAMES = 3;

function nameChanges(changed: readonly string[]): string {
  const rest = changed.length - MAX_NAMES;
  return changed.slice(0, MAX_NAMES).join(", ") + (rest > 0 ? ` and ${rest} more` : "");
}

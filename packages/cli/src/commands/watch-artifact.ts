import { hasErrors, watchProject, type CompileOptions, type ProjectUpdate } from "@methodic/compiler";
import path from "node:path";
import { CommandFailure } from "../failure.ts";
import { report, say, type ReportFlags, countServices } from "../terminal.ts";
import { writeAtomically } from "../write-atomically.ts";
import { nameChanges, watchUntilInterrupted } from "./watching.ts";

/** What is written again and again, and where. */
export interface WatchedArtifact {
  readonly project: CompileOptions;
  readonly out: string;
  readonly flags: ReportFlags;
}

/** Writes the artifact of a project now and after every change, until the process is interrupted. */
export function watchArtifact({ project, out, flags }: WatchedArtifact): void {
  let written: string | undefined;
  const onUpdate = (update: ProjectUpdate): void => {
    const received = performance.now();
    const { changed, diagnostics, stats } = update;
    if (changed.length > 0) say(`\n${nameChanges(changed)}`, flags);
    report(diagnostics, project.root, flags);
    const text = hasErrors(diagnostics) && !project.keepGoing ? undefined : update.text;
    if (text !== undefined && text !== written) {
      // The first time nothing can come of it; later, what is in the way may go away again.
      if (!writeOrExplain(path.resolve(out), text, { flags, isFirst: changed.length === 0 })) return;
    }
    const time = `(${Math.round(update.duration + performance.now() - received)} ms)`;
    if (text === undefined) say(`${out} was left as it was. ${time}`, flags);
    else say(`${countServices(stats)} ${text === written ? "as before in" : "->"} ${out} ${time}`, flags);
    written = text ?? written;
  };
  watchUntilInterrupted(() => watchProject({ ...project, onUpdate }));
  say("Watching for changes; Ctrl-C ends.", flags);
}

/** Whether the file could be written. */
function writeOrExplain(
  fileName: string,
  text: string,
  { flags, isFirst }: { readonly flags: ReportFlags; readonly isFirst: boolean },
): boolean {
  try {
    writeAtomically(fileName, text);
    return true;
  } catch (error) {
    if (isFirst || !(error instanceof CommandFailure)) throw error;
    say(`methodic: ${error.message}`, flags);
    return false;
  }
}

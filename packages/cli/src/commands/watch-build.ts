import { hasErrors, watchBuild, type BuildOptions, type BuildUpdate } from "@methodic/compiler";
import { CommandFailure } from "../failure.ts";
import { report, say, type ReportFlags, describeBuild } from "../terminal.ts";
import { nameChanges, watchUntilInterrupted } from "./watching.ts";

/** Builds a project now and after every change, until the process is interrupted. */
export function buildAgainAndAgain(options: BuildOptions, flags: ReportFlags): void {
  const onUpdate = (update: BuildUpdate): void => {
    const { changed, diagnostics, failure, isFirst } = update;
    const explanation = failure && `cannot write the build: ${failure.message}`;
    // The first time nothing can come of it; later, what is in the way may go away again.
    if (explanation !== undefined && isFirst) throw new CommandFailure(explanation);
    if (changed.length > 0) say(`\n${nameChanges(changed)}`, flags);
    report(diagnostics, options.root, flags);
    const outcome = hasErrors(diagnostics) ? "Nothing was written." : describeBuild(update);
    say(
      explanation === undefined ? `${outcome} (${Math.round(update.duration)} ms)` : `methodic: ${explanation}`,
      flags,
    );
  };
  watchUntilInterrupted(() => watchBuild({ ...options, onUpdate }));
  say("Watching for changes; Ctrl-C ends.", flags);
}

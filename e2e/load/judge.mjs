// Compares the figures of a load test with its bounds.

/**
 * Growth that does not depend on the number of calls: V8's feedback on hot code, and pages that the
 * allocator keeps.
 */
const HEAP = { growth: 1.1, slack: 4e6 };
const RSS = { growth: 1.25, slack: 16e6 };
/** The server's `shutdownTimeout`. */
const SHUTDOWN_MS = 2000;
/** Time to close after it. Even on a busy machine, only a hang takes longer. */
const CLOSING_MS = 20_000;
/** Difference allowed in the objects alive at rest; it does not depend on the number of calls. */
const ALIVE_SLACK = 5;

/** Returns the rows of a table, figures to read, and the verdict over all bounds. */
export function judge({ ledgers, ms, fresh, before, after, watched, sessions, open, end, complaints }) {
  const load = ledgers.at(-1);
  const sum = (kind) => ledgers.reduce((total, { violations }) => total + violations[kind], 0);
  const rows = [
    row("lost answers", sum("lost"), 0),
    row("doubled answers", sum("doubled") + after.repeated, 0),
    row("crossed answers", sum("crossed"), 0),
    row("wrong answers", sum("wrong"), 0),
    row("calls that run without a waiting client", after.running, 0),
    row("connections open", after.connections, 0),
    row("sessions open", open, 0),
    row("unexpected lines in the log", complaints.length, 0),
    row("unhandled rejections and warnings", before.problems.length + after.problems.length, 0),
    row("heap, MB", megabytes(after.heapUsed), megabytes(before.heapUsed * HEAP.growth + HEAP.slack)),
    row("RSS, MB", megabytes(after.rss), megabytes(before.rss * RSS.growth + RSS.slack)),
    ...Object.keys(after.alive).map((kind) => row(`${kind} alive`, after.alive[kind], fresh.alive[kind] + ALIVE_SLACK)),
    row("exit code after SIGTERM", end.code, 0),
    row("ms from SIGTERM to exit", Math.round(end.ms), SHUTDOWN_MS + CLOSING_MS),
  ];
  const kinds = Object.entries(load.byKind).map(([kind, count]) => `${kind} ${count}`);
  const figures = [
    `${load.started} calls in ${(ms / 1000).toFixed(1)} s: ${load.answered} answered, ${load.abandoned} abandoned (${kinds.join(", ")})`,
    `${load.progress} reports of progress; ${load.refused} requests refused; ${sessions} sessions; peak RSS ${megabytes(watched.peakRss)} MB`,
    `longest stall of the event loop: server ${Math.round(watched.serverStall)} ms, clients ${Math.round(watched.clientStall)} ms`,
    `after the warm-up: heap ${megabytes(before.heapUsed)} MB, RSS ${megabytes(before.rss)} MB`,
  ];
  const examples = [
    ...ledgers.flatMap((ledger) => ledger.examples),
    ...before.problems,
    ...after.problems,
    ...complaints.slice(0, 20),
  ];
  return { figures, rows, examples, isKept: rows.every(({ kept }) => kept === "yes") };
}

function row(what, value, bound) {
  return { what, value, "at most": bound, kept: value <= bound ? "yes" : "no" };
}

function megabytes(bytes) {
  return Math.round(bytes / 1e5) / 10;
}

import process from "node:process";

type Write = typeof process.stdout.write;

const GUARDED: unique symbol = Symbol.for("methodic.stdout") as never;

/** The guard, as it is found on a guarded `process.stdout.write`. */
interface GuardedWrite extends Write {
  readonly [GUARDED]: StdoutGuard;
}

/** A stdout that is kept for the protocol. */
export interface StdoutGuard {
  /** Writes to the real stdout. */
  readonly write: Write;
  /** Gives stdout back to everybody. */
  release(): void;
}

const HINT =
  "methodic: the output below was meant for stdout, which carries the MCP messages while serving stdio; it goes to stderr instead. " +
  "Write console.error, or ctx.log to reach the client. (This is said once.)\n";

/**
 * Keeps stdout for the protocol: what anything else writes there, through `console.log` or directly, goes to stderr from now on,
 * with a hint the first time. Called again, it returns the same guard.
 */
export function guardStdout(): StdoutGuard {
  const current = process.stdout.write as Write | GuardedWrite;
  if (GUARDED in current) return current[GUARDED];
  const real: Write = current.bind(process.stdout) as Write;
  const guard: StdoutGuard = { write: real, release: () => void (process.stdout.write = current) };
  let hinted = false;
  const redirected = (...args: Parameters<Write>): boolean => {
    if (!hinted) process.stderr.write(HINT);
    hinted = true;
    return process.stderr.write(...args);
  };
  // The console writes through this method of the stream as well, so one replacement catches everything but raw file descriptors.
  process.stdout.write = Object.assign(redirected as Write, { [GUARDED]: guard });
  return guard;
}

import { MethodicError, reasonOf, withoutStack } from "../errors.ts";
import type { WriteLog } from "../util/log.ts";
import { type Entry, FailedStep } from "./entry.ts";

/** Dependencies of a {@link Lifecycle}. */
export interface LifecycleDeps {
  /** The server's name, for messages. */
  readonly name: string;
  /** Dependencies come before their dependents. */
  readonly entries: readonly Entry[];
  readonly onStart: (() => unknown) | undefined;
  readonly onStop: (() => unknown) | undefined;
  /** Time to undo a start that failed, in ms. */
  readonly undoTimeoutMs: number;
  readonly log: WriteLog;
}

/** Starts the entries of a server once, and stops those that were started. */
export class Lifecycle {
  readonly #deps: LifecycleDeps;
  #starting: Promise<void> | undefined;
  #isStarted = false;
  #isCanceled = false;

  constructor(deps: LifecycleDeps) {
    this.#deps = deps;
  }

  /** True if there is nothing to wait for. */
  get isStarted(): boolean {
    return this.#isStarted;
  }

  /**
   * Starts all entries, each as soon as its dependencies have started, then the server. Runs once;
   * after a failure, which stops what was started, the next call tries again.
   * @throws MethodicError `START_FAILED`, or `SERVER_CLOSED` if the server closes in the meantime
   */
  start(): Promise<void> {
    return (this.#starting ??= this.#start().catch((error: unknown) => {
      this.#starting = undefined;
      throw error;
    }));
  }

  /** Lets no entry start from now on. */
  cancelStart(): void {
    this.#isCanceled = true;
  }

  /** Stops what was started in reverse order, one after the other. Never rejects. */
  async stop(timeoutMs: number): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    this.cancelStart();
    const starting = this.#starting?.catch(() => undefined);
    if (starting && !this.#isStarted) await settlesBefore(deadline, () => starting);
    const wasStarted = this.#isStarted;
    this.#isStarted = false;
    const { onStop } = this.#deps;
    if (wasStarted && onStop) await this.#run({ label: "onStop of the server", run: onStop }, { deadline, timeoutMs });
    await this.#stopEntries({ isUndo: false, timeoutMs, deadline });
  }

  async #start(): Promise<void> {
    const { name, entries, onStart, undoTimeoutMs } = this.#deps;
    const failures: unknown[] = [];
    const attempt = async (step: () => Promise<void>): Promise<boolean> => {
      if (failures.length > 0 || this.#isCanceled) return false;
      try {
        await step();
        return true;
      } catch (error) {
        failures.push(error);
        return false;
      }
    };
    const running = new Map<Entry, Promise<boolean>>();
    const started = new Set<unknown>();
    let lastForeign: Entry | undefined;
    for (const entry of entries) {
      // Instances may use each other, so they start in the order in which they are listed.
      const isForeign = entry.maker === undefined;
      const before = isForeign ? [lastForeign] : entry.dependencies;
      if (isForeign) lastForeign = entry;
      const waits = before.map((other) => other && running.get(other));
      running.set(
        entry,
        Promise.all(waits).then((ready) => !ready.includes(false) && attempt(() => entry.start(started))),
      );
    }
    await Promise.all(running.values());
    await attempt(async () => {
      try {
        await onStart?.();
      } catch (error) {
        throw new FailedStep("onStart of the server", error);
      }
    });
    if (failures.length === 0 && !this.#isCanceled) return void (this.#isStarted = true);
    await this.#stopEntries({ isUndo: true, timeoutMs: undoTimeoutMs, deadline: Date.now() + undoTimeoutMs });
    throw failures.length === 0 ? createClosed(name) : this.#createFailure(failures);
  }

  async #stopEntries({ isUndo, ...limit }: { readonly isUndo: boolean } & StopLimit): Promise<void> {
    for (const entry of [...this.#deps.entries].reverse()) {
      const hook = entry.takeStop({ isUndo });
      if (hook) await this.#run({ label: entry.definition.name, run: () => hook.run() }, limit);
    }
  }

  /** Runs a step within the time that is left. Failures are logged. */
  async #run(
    { label, run }: { readonly label: string; readonly run: () => unknown },
    { deadline, timeoutMs }: StopLimit,
  ): Promise<void> {
    const { log } = this.#deps;
    try {
      if (!(await settlesBefore(deadline, run))) log(`methodic: ${label} did not stop within ${timeoutMs} ms.`);
    } catch (error) {
      log(`methodic: ${label} failed to stop`, { error });
    }
  }

  #createFailure(failures: readonly unknown[]): MethodicError {
    const [first, ...others] = failures.map((failure) => this.#describe(failure));
    const { name } = this.#deps;
    const reasons = [first, ...others].map((reason) => reason?.text).join(" ");
    const message = `The server '${name}' cannot start: ${reasons} What had started was stopped. Fix the cause, and start again.`;
    // The causes are often outside the program, and keep their own stacks.
    return withoutStack(() => new MethodicError("START_FAILED", message, { cause: first?.cause }));
  }

  #describe(failure: unknown): { readonly text: string; readonly cause: unknown } {
    if (!(failure instanceof FailedStep)) throw failure;
    const { step, cause } = failure;
    // System errors, such as ECONNREFUSED, and our own explain themselves.
    const isExplained = typeof (cause as { readonly code?: unknown } | null | undefined)?.code === "string";
    if (!isExplained) this.#deps.log(`methodic: ${step} failed`, { error: cause });
    return { text: `${step} failed: ${reasonOf(cause)}.`.replace(/\.\.$/, "."), cause };
  }
}

interface StopLimit {
  readonly timeoutMs: number;
  readonly deadline: number;
}

function createClosed(name: string): MethodicError {
  return new MethodicError("SERVER_CLOSED", `The server '${name}' was closed before it had started.`);
}

/** Runs a step. Returns false if it has not finished by the deadline. */
async function settlesBefore(deadline: number, step: () => unknown): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), Math.max(deadline - Date.now(), 0));
  });
  try {
    return await Promise.race([Promise.resolve(step()).then(() => true as const), late]);
  } finally {
    clearTimeout(timer);
  }
}

import process from "node:process";

// What shells expect of a process that a signal ended: 128 and the signal's number.
const SIGNAL_NUMBERS = { SIGINT: 2, SIGTERM: 15 } as const;
type EndSignal = keyof typeof SIGNAL_NUMBERS;
const SIGNALS: readonly EndSignal[] = ["SIGINT", "SIGTERM"];
const PATIENCE_MS = 200;
const ENDINGS: unique symbol = Symbol.for("methodic.endings");

type Close = () => Promise<unknown>;

/**
 * Has something closed before SIGINT or SIGTERM end the process, with exit code 0. A second signal ends it at once.
 * Returns what takes that back; when nothing is left to close, signals do again what they did before.
 */
export function closeBeforeEnd(close: Close): () => void {
  const owner: { [ENDINGS]?: ShutdownTasks } & typeof process = process;
  const endings = (owner[ENDINGS] ??= new ShutdownTasks());
  endings.add(close);
  return () => endings.remove(close);
}

/** Ends the process as a signal does: everything that was registered is closed first. */
export async function endProcess(): Promise<void> {
  const { [ENDINGS]: endings }: { readonly [ENDINGS]?: ShutdownTasks } & typeof process = process;
  await endings?.end();
}

/** What is to be closed in this process: one list, however many servers and copies of this module there are. */
class ShutdownTasks {
  readonly #closes = new Set<Close>();
  #isEnding = false;
  readonly #onSignal = (signal: EndSignal): void => {
    if (this.#isEnding) process.exit(128 + SIGNAL_NUMBERS[signal]);
    // People who press Ctrl+C want to know why nothing happens; most of the time there is nothing to wait for.
    setTimeout(() => process.stderr.write(waitingNote(signal)), PATIENCE_MS).unref();
    void this.end();
  };

  /** Whether nothing is served; `methodic run` reads it. */
  get isEmpty(): boolean {
    return this.#closes.size === 0;
  }

  add(close: Close): void {
    if (this.#closes.size === 0 && !this.#isEnding) for (const signal of SIGNALS) process.on(signal, this.#onSignal);
    this.#closes.add(close);
  }

  remove(close: Close): void {
    if (!this.#closes.delete(close) || this.#closes.size > 0 || this.#isEnding) return;
    for (const signal of SIGNALS) process.off(signal, this.#onSignal);
  }

  async end(): Promise<void> {
    if (this.#isEnding) return;
    this.#isEnding = true;
    // What fails to close must not keep the rest, or the process.
    await Promise.allSettled(Array.from(this.#closes, (close) => close()));
    process.exit();
  }
}

function waitingNote(signal: string): string {
  return `methodic: waiting for calls in flight before ending. Another ${signal} ends the process at once.\n`;
}

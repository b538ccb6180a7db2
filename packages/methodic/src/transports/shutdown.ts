import process from "node:process";

// Shells expect a process that a signal ended to exit with 128 plus the number of the signal.
const SIGNAL_NUMBERS = { SIGINT: 2, SIGTERM: 15 } as const;
type ShutdownSignal = keyof typeof SIGNAL_NUMBERS;
const SIGNALS: readonly ShutdownSignal[] = ["SIGINT", "SIGTERM"];
const NOTE_DELAY_MS = 200;
// Read by `methodic run` as well.
const SHUTDOWN: unique symbol = Symbol.for("methodic.endings");

type Close = () => Promise<unknown>;

/**
 * Registers a function that SIGINT and SIGTERM call before they end the process with exit code 0. A
 * second signal ends the process at once. Returns a function that unregisters it; without any
 * registered function, signals have their usual effect.
 */
export function closeBeforeEnd(close: Close): () => void {
  const owner: { [SHUTDOWN]?: Shutdown } & typeof process = process;
  const shutdown = (owner[SHUTDOWN] ??= new Shutdown());
  shutdown.add(close);
  return () => shutdown.remove(close);
}

/** Ends the process as a signal does: calls the registered functions first. */
export async function endProcess(): Promise<void> {
  const { [SHUTDOWN]: shutdown }: { readonly [SHUTDOWN]?: Shutdown } & typeof process = process;
  await shutdown?.end();
}

/** The functions to call, in one list for all servers and all copies of this module. */
class Shutdown {
  readonly #closes = new Set<Close>();
  #isEnding = false;
  readonly #onSignal = (signal: ShutdownSignal): void => {
    if (this.#isEnding) process.exit(128 + SIGNAL_NUMBERS[signal]);
    // Explains a delay to the person who pressed Ctrl+C. Usually the process ends sooner.
    setTimeout(() => process.stderr.write(waitingNote(signal)), NOTE_DELAY_MS).unref();
    void this.end();
  };

  /** True while no server is running. `methodic run` reads it. */
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
    // A server that fails to close must not keep the others open, or the process running.
    await Promise.allSettled(Array.from(this.#closes, (close) => close()));
    process.exit();
  }
}

function waitingNote(signal: string): string {
  return `methodic: waiting for running calls to finish. Send ${signal} again to exit now.\n`;
}

/**
 * Keeps the process running when the reader of its log disappears. Returns a function that ends
 * this.
 */
export function ignoreBrokenLog(): () => void {
  const ignore = (): void => {};
  process.stderr.on("error", ignore);
  return () => void process.stderr.off("error", ignore);
}

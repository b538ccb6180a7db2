import process from "node:process";
import { inspect } from "node:util";
import { toError } from "../errors.ts";
import { isHandledReason } from "../util/handled.ts";
import { type WriteLog, writeLog } from "../util/log.ts";

// Shells expect a process that a signal ended to exit with 128 plus the number of the signal.
const SIGNAL_NUMBERS = { SIGINT: 2, SIGTERM: 15 } as const;
type ShutdownSignal = keyof typeof SIGNAL_NUMBERS;
const SIGNALS: readonly ShutdownSignal[] = ["SIGINT", "SIGTERM"];
// Node reports rejections that are not handled as exceptions; other runtimes only as rejections.
const UNCAUGHT: readonly string[] =
  "bun" in process.versions || "deno" in process.versions
    ? ["uncaughtException", "unhandledRejection"]
    : ["uncaughtException"];
// Longer than the grace that idle HTTP connections get.
const NOTE_DELAY_MS = 750;
// Read by `methodic run` as well.
const SHUTDOWN: unique symbol = Symbol.for("methodic.shutdown");

/** A server that runs in this process. */
export interface RunningServer {
  /** Answers calls in flight and closes the server. */
  close(): Promise<unknown>;
  /** Time that closing may take, in ms. */
  readonly shutdownTimeoutMs?: number | undefined;
  /** The effect of an error that no code catches. Default `exit`. */
  readonly onUncaught?: "exit" | "log" | undefined;
  /** Default: stderr. */
  readonly log?: WriteLog | undefined;
}

/**
 * Registers a server that SIGINT and SIGTERM close before they end the process with exit code 0. A
 * second signal ends the process at once. An error that no code catches closes it as well, and the
 * exit code is 1. Returns a function that unregisters it; without any registered server, signals
 * have their usual effect.
 */
export function closeBeforeEnd(server: RunningServer): () => void {
  const shutdown = getShutdown();
  shutdown.add(server);
  return () => shutdown.remove(server);
}

/** Ends the process as a signal does: closes the registered servers first. */
export async function endProcess(): Promise<void> {
  await getShutdown().end();
}

/** Reports errors that no code catches at the start of a program in few words. */
export function reportUncaught(): void {
  getShutdown().watchErrors();
}

function getShutdown(): Shutdown {
  const owner: { [SHUTDOWN]?: Shutdown } & typeof process = process;
  return (owner[SHUTDOWN] ??= new Shutdown());
}

/** The running servers, in one list for all copies of this module. */
class Shutdown {
  readonly #servers = new Set<RunningServer>();
  #isEnding = false;
  readonly #onSignal = (signal: ShutdownSignal): void => {
    if (this.#isEnding) process.exit(128 + SIGNAL_NUMBERS[signal]);
    // Explains a delay to the person who pressed Ctrl+C. Usually the process ends sooner.
    setTimeout(() => process.stderr.write(waitingNote(signal)), NOTE_DELAY_MS).unref();
    void this.end(process.listenerCount(signal) > 1);
  };

  /** True while no server is running. `methodic run` reads it. */
  get isEmpty(): boolean {
    return this.#servers.size === 0;
  }

  add(server: RunningServer): void {
    if (this.isEmpty && !this.#isEnding) for (const signal of SIGNALS) process.on(signal, this.#onSignal);
    this.watchErrors();
    this.#servers.add(server);
  }

  remove(server: RunningServer): void {
    if (!this.#servers.delete(server) || !this.isEmpty || this.#isEnding) return;
    for (const signal of SIGNALS) process.off(signal, this.#onSignal);
    for (const event of UNCAUGHT) process.off(event, this.#onUncaught);
  }

  watchErrors(): void {
    for (const event of UNCAUGHT) process.off(event, this.#onUncaught).on(event, this.#onUncaught);
  }

  /** @param waits True if the author's code handles the signal, too, and may need more time */
  async end(waits = false): Promise<void> {
    if (this.#isEnding) return;
    this.#isEnding = true;
    const servers = [...this.#servers];
    const deadline = Date.now() + Math.max(0, ...servers.map(({ shutdownTimeoutMs = 0 }) => shutdownTimeoutMs));
    // A server that fails to close must not keep the others open, or the process running.
    await Promise.allSettled(servers.map((server) => server.close()));
    if (!waits) process.exit();
    // The process ends by itself, with the author's last work, or at the deadline.
    setTimeout(() => process.exit(), Math.max(deadline - Date.now(), 0)).unref();
  }

  readonly #onUncaught = (error: unknown): void => {
    // An author who handles these errors decides about them.
    if (UNCAUGHT.some((event) => process.listenerCount(event) > 1)) return;
    // A `serve()` that the end of the process has interrupted.
    if (this.#isEnding && (error as { readonly code?: unknown } | undefined)?.code === "SERVER_CLOSED") return;
    if (this.isEmpty) {
      process.stderr.write(`${describeFatal(error)}\n`);
      process.exit(1);
    }
    const servers = [...this.#servers];
    // A forgotten await on a function that asked the user, for example: the program is as before.
    const isForgotten = isHandledReason(error);
    const goesOn = isForgotten || servers.every(({ onUncaught }) => onUncaught === "log");
    const ending = goesOn ? "" : " The process ends once calls in flight are answered.";
    const effect = isForgotten ? " A method did not await this promise." : ending;
    const errorId = crypto.randomUUID().slice(0, 8);
    const text = `methodic: [${errorId}] uncaught error.${effect}`;
    const logs = new Set(servers.map(({ log = writeLog }) => log));
    for (const log of logs) log(text, { error, fields: { errorId } });
    if (goesOn) return;
    process.exitCode = 1;
    void this.end();
  };
}

/** Describes an error that ends a program at its start, without the line of code that threw it. */
function describeFatal(error: unknown): string {
  // By name: the program may have loaded another copy of this package.
  const { name, message } = toError(error);
  return name === "MethodicError" ? `methodic: ${message}` : inspect(error);
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

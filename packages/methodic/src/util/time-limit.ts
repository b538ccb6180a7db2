import { callAt } from "./timers.ts";

interface TimeLimitOptions {
  readonly timeoutMs: number;
  /** The error of work that takes longer, and the reason with which its signal aborts. */
  readonly reason: Error;
  /** The work that this work is a part of. */
  readonly within?: { readonly signal: AbortSignal; readonly limit: TimeLimit | undefined };
}

/** Limits the time of a piece of work, without the time in which it waits for a person. */
export class TimeLimit {
  readonly #options: TimeLimitOptions;
  #leftMs: number;
  #startedAt = 0;
  #stopTimer = (): void => undefined;
  #expire = (): void => undefined;
  #waiting = 0;
  #hasEnded = false;
  #isOver = false;
  // Created on demand: most work does not read the signal.
  #controller: AbortController | undefined;
  #signal: AbortSignal | undefined;

  constructor(options: TimeLimitOptions) {
    this.#options = options;
    this.#leftMs = options.timeoutMs;
  }

  /** True once the work took too long. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Aborts when the limit has passed, or the signal of the whole work aborts. */
  get signal(): AbortSignal {
    return (this.#signal ??= this.#createSignal());
  }

  /** Runs the work. Rejects with the reason once it takes too long, even if it goes on. */
  async run<T>(work: () => T | Promise<T>): Promise<T> {
    const over = new Promise<never>((_, reject) => {
      this.#expire = () => {
        this.#isOver = true;
        // Before the signal, so that no result of work that ends by the signal is taken.
        reject(this.#options.reason);
        this.#controller?.abort(this.#options.reason);
      };
    });
    this.#start();
    try {
      return await Promise.race([over, work()]);
    } finally {
      this.#hasEnded = true;
      this.#stopTimer();
    }
  }

  /** Stops the time while the work waits for a person. */
  async pause<T>(wait: () => Promise<T>): Promise<T> {
    if (this.#isOver) throw this.#options.reason;
    if (this.#waiting++ === 0) this.#stop();
    const outer = this.#options.within?.limit;
    try {
      return await (outer ? outer.pause(wait) : wait());
    } finally {
      if (--this.#waiting === 0 && !this.#hasEnded) this.#start();
    }
  }

  #start(): void {
    this.#startedAt = Date.now();
    this.#stopTimer = callAt(() => this.#expire(), this.#startedAt + this.#leftMs);
  }

  #stop(): void {
    this.#stopTimer();
    this.#leftMs -= Date.now() - this.#startedAt;
  }

  #createSignal(): AbortSignal {
    const { reason, within } = this.#options;
    this.#controller = new AbortController();
    if (this.#isOver) this.#controller.abort(reason);
    const { signal } = this.#controller;
    return within ? AbortSignal.any([within.signal, signal]) : signal;
  }
}

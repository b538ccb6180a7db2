import { toText } from "./log-data.ts";
import { startTimer } from "../util/timers.ts";

/** Progress as a generator method yields it, and as clients receive it. */
export interface Progress {
  /** The work done so far; must grow with every report. */
  readonly progress: number;
  /** The whole work, if known. */
  readonly total?: number;
  /** A description of the current step, for users. */
  readonly message?: string;
}

/**
 * The smallest step between two reports, relative to the value: too small to be seen, and large
 * enough for clients that read single-precision floats.
 */
const MIN_STEP = 1e-6;

/**
 * Reports the progress of one request. MCP: "The progress value MUST increase with each
 * notification", whether the method or Methodic sends it.
 */
export class ProgressReporter {
  readonly #send: (report: Progress) => Promise<void>;
  #reported = Number.NEGATIVE_INFINITY;
  #sent = Number.NEGATIVE_INFINITY;
  #total: number | undefined;
  #isBeating = false;

  constructor(send: (report: Progress) => Promise<void>) {
    this.#send = send;
  }

  /**
   * Sends the progress that a method reports, unless it does not grow. A value that a heartbeat has
   * overtaken is raised by the smallest step.
   */
  async report(progress: number, total?: number, message?: string): Promise<void> {
    if (!Number.isFinite(progress) || progress <= this.#reported) return;
    this.#reported = progress;
    this.#total = Number.isFinite(total) ? total : undefined;
    await this.#post(progress > this.#sent ? progress : this.#next(), message);
  }

  /** Sends progress that has grown by the smallest step, unless the last one is still waiting. */
  async beat(): Promise<void> {
    if (this.#isBeating) return;
    this.#isBeating = true;
    await this.#post(this.#next());
    this.#isBeating = false;
  }

  /** Sends a part of the result's text, with progress that has grown by the smallest step. */
  async addText(text: string): Promise<void> {
    await this.#post(this.#next(), text);
  }

  #next(): number {
    return this.#sent === Number.NEGATIVE_INFINITY ? 0 : this.#sent + Math.max(1, Math.abs(this.#sent)) * MIN_STEP;
  }

  async #post(progress: number, message?: string): Promise<void> {
    this.#sent = progress;
    const report = {
      progress,
      ...(this.#total !== undefined && { total: this.#total }),
      ...(message !== undefined && { message: toText(message) }),
    };
    // It is not the method's fault that the client is gone.
    await this.#send(report).catch(() => undefined);
  }
}

/**
 * Starts to report progress while a method works, so that clients whose timeout progress resets
 * keep waiting. Returns a function that stops it.
 */
export function startHeartbeat(
  { progress, signal }: { readonly progress: ProgressReporter | undefined; readonly signal: AbortSignal },
  intervalMs: number,
): (() => void) | undefined {
  if (!progress) return undefined;
  const beat = (): void => {
    if (signal.aborted) stop();
    else void progress.beat();
  };
  const stop = startTimer(beat, intervalMs);
  return stop;
}

import { callAt, startTimer } from "../util/timers.ts";

/** Limits of all event streams of an endpoint. */
export interface SseLimits {
  /** Interval of keep-alive comments, in ms; 0 disables them. */
  readonly keepAliveMs: number;
  /**
   * Maximum number of bytes that wait for a client that does not read; beyond it, the stream is cut
   * off. Writers that can wait pause at a quarter of it.
   */
  readonly maxBufferedBytes: number;
}

/** A server-sent event (WHATWG HTML §9.2). */
export interface SseEvent {
  /** Default `message`. */
  readonly name?: string;
  readonly id?: string | undefined;
  /** Time after which a disconnected client should reconnect, in ms. */
  readonly retry?: number | undefined;
  /** A single line. An event with empty data only sets the client's last event id. */
  readonly data: string;
}

/** Dependencies of an {@link SseStream}. */
export interface SseStreamDeps extends SseLimits {
  /** Aborts when the client disconnects. */
  readonly signal: AbortSignal;
  readonly headers?: { readonly [name: string]: string };
  /** Called once, at the end. `isLost`: the client has disconnected or stopped reading. */
  readonly onClosed: (isLost: boolean) => void;
  /** Time at which the stream ends, in ms since 1970. */
  readonly until?: number | undefined;
}

const HEADERS = {
  "content-type": "text/event-stream",
  "cache-control": "no-cache, no-transform",
  // Tells nginx not to buffer events.
  "x-accel-buffering": "no",
};
// A client that has read nothing for this many keep-alive intervals is cut off.
const MAX_MISSED_BEATS = 12;

const encoder = new TextEncoder();
const COMMENT = encoder.encode(": keep-alive\n\n");

/** A response of server-sent events. */
export class SseStream {
  readonly response: Response;
  readonly #deps: SseStreamDeps;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  readonly #stopTimer: () => void;
  readonly #stopWaiting: () => void;
  #written = 0;
  #read = 0;
  #missedBeats = 0;
  #drained: (() => void)[] = [];

  constructor(deps: SseStreamDeps) {
    this.#deps = deps;
    const body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller;
        },
        pull: () => this.#wake(),
        cancel: () => void this.#release(true),
      },
      new ByteLengthQueuingStrategy({ highWaterMark: this.#threshold }),
    );
    this.response = new Response(body, { headers: { ...HEADERS, ...deps.headers } });
    // A timer for each stream: on workerd, a request must not touch objects of another request.
    this.#stopTimer = startTimer(() => this.#beat(), deps.keepAliveMs);
    this.#stopWaiting = callAt(() => this.end(), deps.until);
    deps.signal.addEventListener("abort", this.#abort);
    // Deferred, because onClosed may use the object under construction.
    if (deps.signal.aborted) queueMicrotask(this.#abort);
  }

  get isOpen(): boolean {
    return this.#controller !== undefined;
  }

  write(event: SseEvent): void {
    this.#push(encodeEvent(event));
  }

  /** Ends the stream after the events that were written. */
  end(): void {
    this.#release(false)?.close();
  }

  /** Resolves when less than a quarter of the limit waits, or the client has disconnected. */
  async ready(): Promise<void> {
    if (!this.isOpen || this.#waiting < this.#threshold) return;
    await new Promise<void>((resolve) => this.#drained.push(resolve));
  }

  #beat(): void {
    const read = this.#written - this.#waiting;
    this.#missedBeats = this.#waiting > 0 && read === this.#read ? this.#missedBeats + 1 : 0;
    this.#read = read;
    if (this.#missedBeats > MAX_MISSED_BEATS) this.#cutOff("The client did not read the stream.");
    else this.#push(COMMENT);
  }

  get #threshold(): number {
    return this.#deps.maxBufferedBytes / 4;
  }

  get #waiting(): number {
    return this.#threshold - (this.#controller?.desiredSize ?? 0);
  }

  #push(chunk: Uint8Array): void {
    if (!this.#controller) return;
    // Checked before the chunk is added, so that a single large message always gets through.
    if (this.#waiting >= this.#deps.maxBufferedBytes) return this.#cutOff("The client did not read the stream.");
    this.#written += chunk.byteLength;
    this.#controller.enqueue(chunk);
  }

  #cutOff(reason: string): void {
    // Unlike close(), error() drops the chunks that wait.
    this.#release(true)?.error(new Error(reason));
  }

  readonly #abort = (): void => {
    // The owner of the stream sends an error and ends it.
    if (isTimeout(this.#deps.signal)) return;
    this.#cutOff("The client has disconnected.");
  };

  #wake(): void {
    for (const resolve of this.#drained.splice(0)) resolve();
  }

  #release(isLost: boolean): ReadableStreamDefaultController<Uint8Array> | undefined {
    const controller = this.#controller;
    if (!controller) return undefined;
    this.#controller = undefined;
    this.#stopTimer();
    this.#stopWaiting();
    this.#deps.signal.removeEventListener("abort", this.#abort);
    this.#wake();
    this.#deps.onClosed(isLost);
    return controller;
  }
}

function encodeEvent({ name = "message", id, retry, data }: SseEvent): Uint8Array {
  const fields = `${id === undefined ? "" : `id: ${id}\n`}${retry === undefined ? "" : `retry: ${retry}\n`}`;
  // An event with empty data is not dispatched, so it has no name.
  return encoder.encode(data === "" ? `${fields}data: \n\n` : `event: ${name}\n${fields}data: ${data}\n\n`);
}

/** Bounds of a stream without backpressure, such as the SDK's, whose writers do not wait. */
export interface ReadAheadOptions {
  /** Maximum number of bytes that wait for the client; beyond it, the stream is cut off. */
  readonly maxBufferedBytes: number;
  /** Called at the end of the stream. Returns an event to add. */
  readonly lastEvent: () => SseEvent | undefined;
}

/**
 * Wraps the event stream of a response to bound it and to observe its end. Any other response is
 * returned unchanged, and is done at once.
 *
 * @param onDone Called once: when the stream was read to its end, has failed, or was canceled
 */
export function trackStream(response: Response, onDone: () => void, options?: ReadAheadOptions): Response {
  const { body, status, headers } = response;
  if (!body || !headers.get("content-type")?.startsWith("text/event-stream")) {
    onDone();
    return response;
  }
  const reader = (body as ReadableStream<Uint8Array>).getReader();
  let isDone = false;
  const finish = (): void => {
    if (!isDone) onDone();
    isDone = true;
  };
  // The client of a stream that is cut off may never read again.
  const source = options === undefined ? reader : new ReadAhead(reader, options, finish);
  const tracked = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await source.read();
          if (!done) return controller.enqueue(value);
          finish();
          controller.close();
        } catch (error) {
          finish();
          controller.error(error);
        }
      },
      cancel(reason) {
        finish();
        return reader.cancel(reason);
      },
    },
    // No buffer, so that a stream with backpressure keeps the pace of its client.
    { highWaterMark: 0 },
  );
  return new Response(tracked, { status, headers });
}

/** Reads a stream as fast as it is written, and cancels it when too many bytes wait. */
class ReadAhead {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #options: ReadAheadOptions;
  #chunks: Uint8Array[] = [];
  #waiting = 0;
  #end: { readonly error?: unknown } | undefined;
  readonly #onFailed: () => void;
  #wake: () => void = () => undefined;

  /** @param onFailed Called when the stream has failed, or is cut off */
  constructor(reader: ReadableStreamDefaultReader<Uint8Array>, options: ReadAheadOptions, onFailed: () => void) {
    this.#reader = reader;
    this.#options = options;
    this.#onFailed = onFailed;
    void this.#fill();
  }

  async read(): ReturnType<ReadableStreamDefaultReader<Uint8Array>["read"]> {
    if (this.#chunks.length === 0 && !this.#end) await new Promise<void>((resolve) => (this.#wake = resolve));
    const value = this.#chunks.shift();
    if (value) {
      this.#waiting -= value.byteLength;
      return { done: false, value };
    }
    if (this.#end && "error" in this.#end) throw this.#end.error;
    return { done: true, value: undefined };
  }

  async #fill(): Promise<void> {
    try {
      for (;;) {
        const { done, value } = await this.#reader.read();
        if (done) break;
        // Checked before the chunk is added, so that a single large message always gets through.
        if (this.#waiting >= this.#options.maxBufferedBytes) throw new Error("The client did not read the stream.");
        this.#chunks.push(value);
        this.#waiting += value.byteLength;
        this.#wake();
      }
      const last = this.#options.lastEvent();
      if (last) this.#chunks.push(encodeEvent(last));
      this.#end = {};
    } catch (error) {
      this.#end = { error };
      this.#chunks = [];
      this.#onFailed();
      await this.#reader.cancel(error).catch(() => undefined);
    }
    this.#wake();
  }
}

/** Checks whether a request was aborted because its call takes too long. */
export function isTimeout({ reason }: AbortSignal): boolean {
  return (reason as Error | undefined)?.name === "TimeoutError";
}

import { callAt, startTimer } from "../util/timers.ts";

/** What all streams of an endpoint have in common. */
export interface SseStreamDeps {
  /** How often a stream says that it is there, in ms; 0: never. */
  readonly keepAliveMs: number;
  /** How many bytes may wait for a reader that does not read, before its stream is cut off. Who can wait does so from a quarter of them on. */
  readonly maxBufferedBytes: number;
}

/** One event (WHATWG HTML §9.2). */
export interface StreamEvent {
  /** Default `message`. */
  readonly name?: string;
  readonly id?: string | undefined;
  /** How long a client shall wait before it comes back, in ms. */
  readonly retry?: number | undefined;
  /** Of one line. */
  readonly data: string;
}

/** What one stream is for. */
export interface StreamSource extends SseStreamDeps {
  /** Aborts when the client goes away. */
  readonly signal: AbortSignal;
  readonly headers?: { readonly [name: string]: string };
  /** The stream is over, once: by {@link SseStream.end}, or lost, because the client has gone or does not read. */
  readonly onClosed: (isLost: boolean) => void;
  /** When to end the stream, in ms since 1970. */
  readonly until?: number | undefined;
}

const HEADERS = {
  "content-type": "text/event-stream",
  "cache-control": "no-cache, no-transform",
  // Tells nginx to hand over every event as it comes.
  "x-accel-buffering": "no",
};
// A reader that has taken nothing for so many beats does not read.
const MAX_MISSED_BEATS = 8;

const encoder = new TextEncoder();
const COMMENT = encoder.encode(": keep-alive\n\n");

/** One response of server-sent events. */
export class SseStream {
  readonly response: Response;
  readonly #source: StreamSource;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  readonly #stopTimer: () => void;
  readonly #stopWaiting: () => void;
  #written = 0;
  #read = 0;
  #missedBeats = 0;
  #drained: (() => void)[] = [];

  constructor(source: StreamSource) {
    this.#source = source;
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
    this.response = new Response(body, { headers: { ...HEADERS, ...source.headers } });
    // Each stream has a timer of its own: on workerd, what belongs to one request must not touch another.
    this.#stopTimer = startTimer(() => this.#beat(), source.keepAliveMs);
    this.#stopWaiting = callAt(() => this.end(), source.until);
    source.signal.addEventListener("abort", this.#abort);
    // Not before the caller has this object to tell by.
    if (source.signal.aborted) queueMicrotask(this.#abort);
  }

  get isOpen(): boolean {
    return this.#controller !== undefined;
  }

  write({ name = "message", id, retry, data }: StreamEvent): void {
    const fields = `${id === undefined ? "" : `id: ${id}\n`}${retry === undefined ? "" : `retry: ${retry}\n`}`;
    // An event without data has no name: it is there for its id, and is not dispatched.
    this.#push(encoder.encode(data === "" ? `${fields}data: \n\n` : `event: ${name}\n${fields}data: ${data}\n\n`));
  }

  /** Ends the stream after what was written. */
  end(): void {
    this.#release(false)?.close();
  }

  /** Resolves when the reader has taken most of what was written, or is no more. */
  async ready(): Promise<void> {
    if (!this.isOpen || this.#waiting < this.#threshold) return;
    await new Promise<void>((resolve) => this.#drained.push(resolve));
  }

  #beat(): void {
    const read = this.#written - this.#waiting;
    this.#missedBeats = this.#waiting > 0 && read === this.#read ? this.#missedBeats + 1 : 0;
    this.#read = read;
    if (this.#missedBeats > MAX_MISSED_BEATS) this.#cutOff("The stream was not read.");
    else this.#push(COMMENT);
  }

  get #threshold(): number {
    return this.#source.maxBufferedBytes / 4;
  }

  get #waiting(): number {
    return this.#threshold - (this.#controller?.desiredSize ?? 0);
  }

  #push(chunk: Uint8Array): void {
    if (!this.#controller) return;
    // What waits may pass the limit by one message, so that a single large one always gets through.
    if (this.#waiting >= this.#source.maxBufferedBytes) return this.#cutOff("The stream was not read.");
    this.#written += chunk.byteLength;
    this.#controller.enqueue(chunk);
  }

  #cutOff(reason: string): void {
    // Drops what waits.
    this.#release(true)?.error(new Error(reason));
  }

  readonly #abort = (): void => this.#cutOff("The client has gone.");

  #wake(): void {
    for (const resolve of this.#drained.splice(0)) resolve();
  }

  #release(isLost: boolean): ReadableStreamDefaultController<Uint8Array> | undefined {
    const controller = this.#controller;
    if (!controller) return undefined;
    this.#controller = undefined;
    this.#stopTimer();
    this.#stopWaiting();
    this.#source.signal.removeEventListener("abort", this.#abort);
    this.#wake();
    this.#source.onClosed(isLost);
    return controller;
  }
}

/**
 * Wraps the event stream of a response, once, for everything the endpoint needs to know about it. Returns other responses as they
 * are, which are done at once.
 *
 * @param onDone Called once: when the stream was read to its end, has failed, or was canceled by its reader
 * @param maxBufferedBytes Cuts the stream off when so much waits for a reader that does not read. Needed for streams without
 *   backpressure: neither a method that reports its progress nor a server that announces changes waits for the SDK's streams.
 */
export function trackStream(response: Response, onDone: () => void, maxBufferedBytes?: number): Response {
  const { body, status, headers } = response;
  if (!body || !headers.get("content-type")?.startsWith("text/event-stream")) {
    onDone();
    return response;
  }
  const reader = (body as ReadableStream<Uint8Array>).getReader();
  const source = maxBufferedBytes === undefined ? reader : new ReadAhead(reader, maxBufferedBytes);
  let isDone = false;
  const finish = (): void => {
    if (!isDone) onDone();
    isDone = true;
  };
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
    // Keeps nothing itself, so that a stream with backpressure feels its reader.
    { highWaterMark: 0 },
  );
  return new Response(tracked, { status, headers });
}

/** Reads a stream as fast as it is written, and cancels it when too much waits. */
class ReadAhead {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #maxBufferedBytes: number;
  #chunks: Uint8Array[] = [];
  #waiting = 0;
  #end: { readonly error?: unknown } | undefined;
  #wake: () => void = () => undefined;

  constructor(reader: ReadableStreamDefaultReader<Uint8Array>, maxBufferedBytes: number) {
    this.#reader = reader;
    this.#maxBufferedBytes = maxBufferedBytes;
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
        // What waits may pass the limit by one message, so that a single large one always gets through.
        if (this.#waiting >= this.#maxBufferedBytes) throw new Error("The stream was not read.");
        this.#chunks.push(value);
        this.#waiting += value.byteLength;
        this.#wake();
      }
      this.#end = {};
    } catch (error) {
      this.#end = { error };
      this.#chunks = [];
      await this.#reader.cancel(error).catch(() => undefined);
    }
    this.#wake();
  }
}

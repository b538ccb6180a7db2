import type { Beating, Heartbeat } from "./heartbeat.ts";

/** What all streams of an endpoint have in common. */
export interface StreamSettings {
  readonly heartbeat: Heartbeat;
  /** How many bytes may wait for a reader that does not read, before its stream is cut off. */
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
export interface StreamSource extends StreamSettings {
  /** Aborts when the client goes away. */
  readonly signal: AbortSignal;
  readonly headers?: { readonly [name: string]: string };
  /** The client has gone, or does not read: not called when {@link EventStream.end} was. */
  readonly onLost: () => void;
  /** When to end the stream, in ms since 1970. */
  readonly until?: number | undefined;
}

const HEADERS = {
  "content-type": "text/event-stream",
  "cache-control": "no-cache, no-transform",
  // Tells nginx to hand over every event as it comes.
  "x-accel-buffering": "no",
};
// A reader that has taken nothing for so many heartbeats does not read.
const MAX_MISSED_BEATS = 8;

const encoder = new TextEncoder();
const COMMENT = encoder.encode(": keep-alive\n\n");

/** One response of server-sent events. */
export class EventStream implements Beating {
  readonly response: Response;
  readonly #source: StreamSource;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #written = 0;
  #read = 0;
  #missedBeats = 0;

  constructor(source: StreamSource) {
    this.#source = source;
    const body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller;
        },
        cancel: () => this.#lose(),
      },
      new ByteLengthQueuingStrategy({ highWaterMark: source.maxBufferedBytes }),
    );
    this.response = new Response(body, { headers: { ...HEADERS, ...source.headers } });
    source.heartbeat.add(this);
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
    const controller = this.#release();
    controller?.close();
  }

  beat(): void {
    const { until } = this.#source;
    if (until !== undefined && Date.now() >= until) return this.end();
    const read = this.#written - this.#waiting();
    this.#missedBeats = this.#waiting() > 0 && read === this.#read ? this.#missedBeats + 1 : 0;
    this.#read = read;
    if (this.#missedBeats > MAX_MISSED_BEATS) this.#cutOff("The stream was not read.");
    else this.#push(COMMENT);
  }

  #waiting(): number {
    return this.#source.maxBufferedBytes - (this.#controller?.desiredSize ?? 0);
  }

  #push(chunk: Uint8Array): void {
    const controller = this.#controller;
    if (!controller) return;
    // What waits may pass the limit by one message, so that a single large one always gets through.
    if ((controller.desiredSize ?? 0) <= 0) return this.#cutOff("The stream was not read.");
    controller.enqueue(chunk);
    this.#written += chunk.byteLength;
  }

  #cutOff(reason: string): void {
    const controller = this.#controller;
    this.#lose();
    // Drops what waits.
    controller?.error(new Error(reason));
  }

  readonly #abort = (): void => this.#cutOff("The client has gone.");

  #lose(): void {
    if (this.#release()) this.#source.onLost();
  }

  #release(): ReadableStreamDefaultController<Uint8Array> | undefined {
    const controller = this.#controller;
    this.#controller = undefined;
    this.#source.heartbeat.delete(this);
    this.#source.signal.removeEventListener("abort", this.#abort);
    return controller;
  }
}

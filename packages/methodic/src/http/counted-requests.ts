import { InFlight } from "../util/in-flight.ts";
import { isResponse, readId, SERVER_ERROR } from "../util/json-rpc.ts";
import { Places } from "../util/places.ts";
import { formatDuration } from "../util/duration.ts";
import { callAt } from "../util/timers.ts";
import type { ResolvedLimits } from "./options.ts";
import { BodyArrival, type HttpRequest, withSignal } from "./request.ts";
import { busyResponse, errorResponse, type PlacedRequest } from "./responses.ts";
import { type ReadAheadOptions, trackStream } from "./sse.ts";

/** A response, and how to count and bound its stream. */
export interface CountedResponse {
  readonly response: Response;
  /** Set for streams without backpressure. */
  readonly readAhead?: ReadAheadOptions;
  /** True for a subscription, which may stay open indefinitely: a closing server ends it. */
  readonly isSubscription?: boolean;
  /** Called once the response was sent. */
  readonly onDone?: () => void;
}

/**
 * Counts requests until their responses, including streams, are complete. A request takes a place
 * while its caller is authenticated and while it is served, but not while its body arrives: clients
 * that send slowly must not keep others out.
 */
export class CountedRequests {
  readonly #open = new InFlight<HttpRequest>();
  readonly #places: Places;
  readonly #subscriptions: Places;
  readonly #arriving: InFlight<BodyArrival>;
  readonly #timeoutMs: number;

  constructor(limits: ResolvedLimits) {
    const { concurrentRequests, subscriptions, callerShare, requestTimeout } = limits;
    this.#places = new Places(concurrentRequests, callerShare);
    this.#subscriptions = new Places(subscriptions, callerShare);
    this.#arriving = new InFlight(concurrentRequests);
    this.#timeoutMs = requestTimeout > 0 ? requestTimeout : Number.POSITIVE_INFINITY;
  }

  /** Answers a request. */
  async run(request: HttpRequest, answer: () => Promise<CountedResponse>): Promise<Response> {
    this.#open.enter(request);
    const leave = (): void => this.#open.leave(request);
    try {
      const { response, readAhead, isSubscription, onDone } = await answer();
      if (isSubscription) leave();
      const finish = (): void => {
        leave();
        onDone?.();
      };
      return trackStream(response, finish, readAhead);
    } catch (error) {
      leave();
      throw error;
    }
  }

  /** Serves a request in a place that it keeps until its response is sent. */
  async serve(request: PlacedRequest, serve: () => Promise<CountedResponse>): Promise<CountedResponse> {
    return await this.#hold(this.#places, request, serve);
  }

  /** Serves a subscription, which has another limit. */
  async subscribe(request: PlacedRequest, serve: () => Promise<CountedResponse>): Promise<CountedResponse> {
    return await this.#hold(this.#subscriptions, request, async () => ({ ...(await serve()), isSubscription: true }));
  }

  /** Runs work of a request in a place that it leaves when the work is done. */
  async holdPlace<T>(shareKey: string | undefined, work: () => Promise<T>): Promise<T | Response> {
    if (!this.#places.take(shareKey)) return busyResponse(this.#places, { shareKey });
    try {
      return await work();
    } finally {
      this.#places.release(shareKey);
    }
  }

  /**
   * Reads a body within the time limit. If too many bodies arrive at the same time, the oldest one
   * of the caller with the most of them is cut off.
   * @param read Rejects if the arrival is cut off
   */
  async readBody<T>(shareKey: string | undefined, read: (arrival: BodyArrival) => Promise<T>): Promise<T> {
    const arrival = new BodyArrival();
    for (let other = this.#arriving.findExcess(shareKey); other; other = this.#arriving.findExcess(shareKey)) {
      this.#arriving.leaveAll(other);
      other.cutOff();
    }
    this.#arriving.enter(arrival, shareKey);
    const stopTimer = callAt(() => arrival.cutOff(), Date.now() + this.#timeoutMs);
    try {
      return await read(arrival);
    } finally {
      stopTimer();
      this.#arriving.leaveAll(arrival);
    }
  }

  /** Resolves when no request is in flight, or after a timeout. */
  drained(timeoutMs: number): Promise<void> {
    return this.#open.drained(timeoutMs);
  }

  async #hold(places: Places, request: PlacedRequest, serve: () => Promise<CountedResponse>): Promise<CountedResponse> {
    if (!places.take(request.shareKey)) return { response: busyResponse(places, request) };
    const leave = (): void => places.release(request.shareKey);
    try {
      const served = await serve();
      const onDone = (): void => {
        leave();
        served.onDone?.();
      };
      return { ...served, onDone };
    } catch (error) {
      leave();
      throw error;
    }
  }
}

/**
 * Serves a call with a timeout that includes its stream. On timeout, the request's signal aborts.
 * The response is a 504, or a stream that has begun ends with an error.
 */
export async function serveWithTimeout(
  timeoutMs: number,
  { request, message }: { readonly request: Request; readonly message: unknown },
  serve: (request: Request) => Promise<CountedResponse>,
): Promise<CountedResponse> {
  if (!Number.isFinite(timeoutMs)) return await serve(request);
  const timeout = new AbortController();
  const text = explainTimeout(timeoutMs);
  const { timedOut, stopTimer } = startTimeout(timeoutMs, message, () =>
    timeout.abort(new DOMException(text, "TimeoutError")),
  );
  try {
    const served = await Promise.race([timedOut, serve(withSignal(request, timeout.signal))]);
    if (served instanceof Response) return { response: served };
    const response = endWithError(served.response, timeout.signal, { id: readId(message), message: text });
    return { ...served, response, onDone: stopTimer };
  } catch (error) {
    stopTimer();
    throw error;
  }
}

/** Ends an event stream with an error if it was aborted before its answer. */
function endWithError(
  response: Response,
  signal: AbortSignal,
  { id, message }: { readonly id: unknown; readonly message: string },
): Response {
  if (!response.body || !response.headers.get("content-type")?.startsWith("text/event-stream")) return response;
  let last = new Uint8Array();
  const body = response.body.pipeThrough(
    new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform(chunk, controller) {
        last = chunk;
        controller.enqueue(chunk);
      },
      flush(controller) {
        if (!signal.aborted || endsWithAnswer(new TextDecoder().decode(last))) return;
        const error = { jsonrpc: "2.0", id, error: { code: SERVER_ERROR, message } };
        controller.enqueue(new TextEncoder().encode(`event: message\ndata: ${JSON.stringify(error)}\n\n`));
      },
    }),
  );
  return new Response(body, response);
}

/** Checks whether the last event of a stream is an answer, and not a message about the call. */
function endsWithAnswer(events: string): boolean {
  // Not with a pattern for lines: an id may contain U+2028, which ends one there.
  const data = events
    .split("\n")
    .filter((line) => line.startsWith("data: "))
    .at(-1);
  try {
    return data !== undefined && isResponse(JSON.parse(data.slice("data: ".length)));
  } catch {
    return false;
  }
}

/**
 * Waits for the author's code that decides about a request, but no longer than for a call: then the
 * result is the 504 to send.
 */
export async function decideInTime<T>(
  timeoutMs: number,
  decide: () => Promise<T>,
  message?: unknown,
): Promise<T | Response> {
  if (!Number.isFinite(timeoutMs)) return await decide();
  const { timedOut, stopTimer } = startTimeout(timeoutMs, message);
  try {
    return await Promise.race([timedOut, decide()]);
  } finally {
    stopTimer();
  }
}

// Not AbortSignal.timeout(): it would keep every call in memory until the timeout, even after its
// response.
function startTimeout(
  timeoutMs: number,
  message: unknown,
  onTimeout?: () => void,
): { readonly timedOut: Promise<Response>; readonly stopTimer: () => void } {
  let stopTimer = (): void => undefined;
  const timedOut = new Promise<Response>((resolve) => {
    stopTimer = callAt(() => {
      resolve(errorResponse({ status: 504, message: explainTimeout(timeoutMs), id: readId(message) }));
      onTimeout?.();
    }, Date.now() + timeoutMs);
  });
  return { timedOut, stopTimer };
}

/** Words the error of a call that took too long. */
export function explainTimeout(timeoutMs: number): string {
  return `The call took longer than ${formatDuration(timeoutMs)}, the maximum on this server.`;
}

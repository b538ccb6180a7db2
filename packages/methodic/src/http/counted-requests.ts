import { InFlight } from "../util/in-flight.ts";
import { readId } from "../util/json-rpc.ts";
import { callAt } from "../util/timers.ts";
import { type HttpRequest, withSignal } from "./request.ts";
import { busyResponse, errorResponse } from "./responses.ts";
import { trackStream } from "./sse.ts";

/** A response, and how to count and bound its stream. */
export interface CountedResponse {
  readonly response: Response;
  /** Maximum number of bytes that wait for the client. Set for streams without backpressure. */
  readonly maxBufferedBytes?: number;
  /** True for a subscription, which may stay open indefinitely and is not counted. */
  readonly isSubscription?: boolean;
  /** Called once the response was sent. */
  readonly onDone?: () => void;
}

/** Counts requests until their responses, including streams, are complete. */
export class CountedRequests {
  readonly #inFlight: InFlight<HttpRequest>;

  constructor(max: number) {
    this.#inFlight = new InFlight(max);
  }

  /** Answers a request, or refuses it if too many are in flight. */
  async run(request: HttpRequest, answer: () => Promise<CountedResponse>): Promise<Response> {
    if (!this.#inFlight.enter(request)) return busyResponse();
    const leave = (): void => this.#inFlight.leave(request);
    try {
      const { response, maxBufferedBytes, isSubscription, onDone } = await answer();
      if (isSubscription) leave();
      const finish = (): void => {
        if (!isSubscription) leave();
        onDone?.();
      };
      return trackStream(response, finish, maxBufferedBytes);
    } catch (error) {
      leave();
      throw error;
    }
  }

  /** Resolves when no request is in flight, or after a timeout. */
  drained(timeoutMs: number): Promise<void> {
    return this.#inFlight.drained(timeoutMs);
  }
}

/**
 * Serves a call with a timeout that includes its stream. On timeout, the request's signal aborts,
 * and the response is a 504 unless a stream has begun.
 */
export async function serveWithTimeout(
  timeoutMs: number,
  { request, message }: { readonly request: Request; readonly message: unknown },
  serve: (request: Request) => Promise<CountedResponse>,
): Promise<CountedResponse> {
  if (!Number.isFinite(timeoutMs)) return await serve(request);
  const timeout = new AbortController();
  let stopTimer = (): void => undefined;
  // Not AbortSignal.timeout(): it would keep every call in memory until the timeout, even after its
  // response.
  const timedOut = new Promise<CountedResponse>((resolve) => {
    stopTimer = callAt(() => {
      const text = `The call took longer than ${timeoutMs} ms, the maximum on this server.`;
      resolve({ response: errorResponse({ status: 504, message: text, id: readId(message) }) });
      timeout.abort(new DOMException(text, "TimeoutError"));
    }, Date.now() + timeoutMs);
  });
  try {
    const served = await Promise.race([timedOut, serve(withSignal(request, timeout.signal))]);
    return { ...served, onDone: stopTimer };
  } catch (error) {
    stopTimer();
    throw error;
  }
}

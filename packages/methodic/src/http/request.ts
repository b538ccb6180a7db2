import type { AuthInfo } from "../context/auth-info.ts";

/** An HTTP request as the endpoint sees it, whatever server has received it. */
export interface HttpRequest {
  readonly method: string;
  /** Absolute. */
  readonly url: string;
  readonly headers: Headers;
  /** Aborts when the client goes away. */
  readonly signal: AbortSignal;
  /** The path that a router in front has taken off: Express under `app.use("/api", …)`. */
  readonly mountPath?: string;
  /** The port that the client has connected to, if it did so from this computer to this computer. */
  readonly loopbackPort?: number;
  /** Who calls, where a middleware in front has found it out. */
  readonly auth?: AuthInfo;
  /**
   * Reads the body as UTF-8.
   * @throws BodyTooLargeError beyond so many bytes; what follows them is not read
   * @throws BodyConsumedError if something in front has read it and left nothing
   * @throws TypeError if it is not UTF-8
   */
  readText(maxBytes: number): Promise<string>;
  /** The request in web form, with its body if that was not read yet. */
  toRequest(): Request;
}

/** A body is larger than it may be. */
export class BodyTooLargeError extends Error {
  override readonly name: string = "BodyTooLargeError";

  constructor(maxBytes: number) {
    super(`The body is larger than ${maxBytes} bytes.`);
  }
}

/** Something in front of the endpoint has read the body and left nothing of it: a mistake of the application. */
export class BodyConsumedError extends Error {
  override readonly name: string = "BodyConsumedError";

  constructor() {
    super(
      "The request body was read before it reached Methodic, and the parsed value was discarded. " +
        "Mount Methodic before the middleware that reads bodies, or set 'body' of the Node request to the parsed value.",
    );
  }
}

/** The endpoint's view of a web request. */
export function fromWebRequest(request: Request): HttpRequest {
  return {
    method: request.method,
    url: request.url,
    headers: request.headers,
    signal: request.signal,
    readText: (maxBytes) => readBody(request, maxBytes),
    toRequest: () => request,
  };
}

// On Node, signals do not hold the requests that follow them. One that was collected passes nothing on to those who listen to its own signal.
const FOLLOWERS = new WeakMap<AbortSignal, readonly object[]>();

/** A request in web form, without its body, that aborts with another signal, too. */
export function withSignal({ url, method, headers, signal }: HttpRequest, other: AbortSignal): Request {
  const both = AbortSignal.any([signal, other]);
  const request = new Request(url, { method, headers, signal: both });
  FOLLOWERS.set(other, [request, both]);
  return request;
}

async function readBody(request: Request, maxBytes: number): Promise<string> {
  if (request.body === null) return "";
  if (request.bodyUsed) throw new BodyConsumedError();
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const reader = (request.body as ReadableStream<Uint8Array>).getReader();
  let text = "";
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    size += value.byteLength;
    if (size > maxBytes) {
      // Not awaited: a client that goes on sending must not hold up the answer.
      reader.cancel().catch(() => undefined);
      throw new BodyTooLargeError(maxBytes);
    }
    text += decoder.decode(value, { stream: true });
  }
}

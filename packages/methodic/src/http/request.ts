import type { AuthInfo } from "../context/auth-info.ts";

/** An HTTP request, independent of the server that received it. */
export interface HttpRequest {
  readonly method: string;
  /** The absolute URL. */
  readonly url: string;
  readonly headers: Headers;
  /** Aborts when the client disconnects. */
  readonly signal: AbortSignal;
  /** The prefix that an outer router removed, such as Express with `app.use("/api", …)`. */
  readonly mountPath?: string;
  /** The port of a connection from this machine to itself; undefined for other connections. */
  readonly loopbackPort?: number;
  /** The caller, if an earlier middleware authenticated it. */
  readonly auth?: AuthInfo;
  /** The token of that caller, if the middleware kept it. */
  readonly token?: string;
  /**
   * Reads the body as UTF-8.
   * @throws BodyTooLargeError beyond `maxBytes`; the rest of the body is left unread
   * @throws BodyConsumedError if an earlier middleware read the body and discarded it
   * @throws TypeError if the body is not UTF-8
   */
  readText(maxBytes: number): Promise<string>;
  /** Returns the web `Request`, without its body if that was read. */
  toRequest(): Request;
}

/** Thrown for a body that exceeds the size limit. */
export class BodyTooLargeError extends Error {
  override readonly name: string = "BodyTooLargeError";

  constructor(maxBytes: number) {
    super(`The body is larger than ${maxBytes} bytes.`);
  }
}

/** Thrown if the application read the body before the endpoint could, and discarded it. */
export class BodyConsumedError extends Error {
  override readonly name: string = "BodyConsumedError";

  constructor() {
    super(
      "The request body was read before it reached Methodic, and the parsed value was discarded. " +
        "Mount Methodic before the middleware that reads bodies, or set 'body' of the Node request to the parsed value.",
    );
  }
}

/** Creates the {@link HttpRequest} of a web `Request`. */
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

// On Node, a signal holds only a weak reference to the requests that follow it. If such a request
// is collected, its own signal never aborts.
const FOLLOWERS = new WeakMap<AbortSignal, readonly object[]>();

/** Creates the web `Request`, without its body. Its signal aborts when either signal does. */
export function withSignal({ url, method, headers, signal }: Request, other: AbortSignal): Request {
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
      // Not awaited: a client that keeps sending must not delay the response.
      reader.cancel().catch(() => undefined);
      throw new BodyTooLargeError(maxBytes);
    }
    text += decoder.decode(value, { stream: true });
  }
}

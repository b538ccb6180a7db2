import type { AuthInfo } from "../context/auth-info.ts";
import { isLoopbackAddress } from "../util/loopback.ts";

/** The addresses of a connection, as far as they are known. Unix sockets have none. */
export interface ConnectionAddresses {
  /** The server's address that the client connected to. */
  readonly local?: string | undefined;
  /** The client's address, or that of a proxy. */
  readonly remote?: string | undefined;
}

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
  readonly addresses?: ConnectionAddresses;
  /** Key of the caller's share of the limits, set once the caller is known. */
  shareKey?: string | undefined;
  /** The caller, if an earlier middleware authenticated it. */
  readonly auth?: AuthInfo;
  /** The caller's token, if the middleware kept it. */
  readonly token?: string;
  /**
   * Reads the body as UTF-8.
   * @throws BodyTooLargeError beyond `maxBytes`; the rest of the body is left unread
   * @throws BodyCutOffError if the arrival is cut off before the end of the body
   * @throws BodyConsumedError if an earlier middleware read the body and discarded it
   * @throws TypeError if the body is not UTF-8
   */
  readText(maxBytes: number, arrival?: BodyArrival): Promise<string>;
  /** Returns the web `Request`, without its body if that was read. */
  toRequest(): Request;
}

/**
 * Returns the key of a caller's share of the limits: the key of an authenticated caller, or else
 * the network that the request comes from. Undefined if the caller cannot be told apart from
 * others: a loopback address may stand for all clients of a proxy on this machine.
 */
export function findShareKey(callerKey: string, remoteAddress: string | undefined): string | undefined {
  if (callerKey !== "") return callerKey;
  return remoteAddress === undefined || isLoopbackAddress(remoteAddress) ? undefined : networkOf(remoteAddress);
}

/**
 * Returns an IPv4 address, or the first 64 bits of an IPv6 address: a host may choose the others.
 */
function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+(?:\.\d+){3})$/i.exec(address)?.[1];
  if (mapped !== undefined || !address.includes(":")) return mapped ?? address;
  const [head = "", tail = ""] = address.split("::").map((part) => part.split(":").filter((group) => group !== ""));
  const zeros = Array.from({ length: Math.max(8 - head.length - tail.length, 0) }, () => "0");
  return [...head, ...zeros, ...tail].slice(0, 4).join(":");
}

/** Thrown for a body that exceeds the size limit. */
export class BodyTooLargeError extends Error {
  override readonly name: string = "BodyTooLargeError";

  constructor(maxBytes: number) {
    super(`The body is larger than ${maxBytes} bytes.`);
  }
}

/**
 * A body that arrives, which the endpoint can cut off. Not an `AbortSignal`, because Node takes
 * longer to create one than to parse a short message.
 */
export class BodyArrival {
  /** Ends the pending read; set by the reader. */
  onCutOff: (() => void) | undefined;
  #isCutOff = false;

  get isCutOff(): boolean {
    return this.#isCutOff;
  }

  cutOff(): void {
    this.#isCutOff = true;
    this.onCutOff?.();
  }
}

/** Thrown for a body that the endpoint no longer waits for. */
export class BodyCutOffError extends Error {
  override readonly name: string = "BodyCutOffError";
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

/**
 * Creates the {@link HttpRequest} of a web `Request`.
 * @param connection The second argument of a runtime's `fetch` handler
 */
export function fromWebRequest(request: Request, connection?: unknown): HttpRequest {
  return {
    method: request.method,
    url: request.url,
    headers: request.headers,
    signal: request.signal,
    addresses: findAddresses(request, connection),
    readText: (maxBytes, arrival) => readBody(request, maxBytes, arrival),
    toRequest: () => request,
  };
}

/** The connection as runtimes and Hono's adapter for Node pass it to a `fetch` handler. */
interface RuntimeConnection {
  /** Bun's server. */
  readonly requestIP?: (request: Request) => { readonly address?: unknown } | null;
  /** Deno's connection info. */
  readonly remoteAddr?: { readonly hostname?: unknown };
  /** `c.env` of Hono on Node. */
  readonly incoming?: { readonly socket?: { readonly localAddress?: unknown; readonly remoteAddress?: unknown } };
}

function findAddresses(request: Request, connection: unknown): ConnectionAddresses {
  const known = Object(connection) as RuntimeConnection;
  const { localAddress, remoteAddress } = Object(known.incoming?.socket) as {
    readonly [name in "localAddress" | "remoteAddress"]?: unknown;
  };
  // A Worker's second argument holds its bindings, whose names are the author's choice.
  const bunAddress = typeof known.requestIP === "function" ? known.requestIP(request)?.address : undefined;
  const remote = [bunAddress, known.remoteAddr?.hostname, remoteAddress].find((found) => typeof found === "string");
  return { local: typeof localAddress === "string" ? localAddress : undefined, remote: remote as string | undefined };
}

// On Node, a signal holds only a weak reference to the requests that follow it. If such a request
// is collected, its own signal never aborts.
const FOLLOWERS = new WeakMap<AbortSignal | ReadableStream, readonly object[]>();

/** Keeps a request, and with it its signal, as long as the event stream of its response. */
export function keepWithStream(request: Request, response: Response): Response {
  const isStream = response.headers.get("content-type")?.startsWith("text/event-stream");
  if (isStream && response.body) FOLLOWERS.set(response.body as ReadableStream, [request]);
  return response;
}

/** Creates the web `Request`, without its body. Its signal aborts when either signal does. */
export function withSignal({ url, method, headers, signal }: Request, other: AbortSignal): Request {
  const both = AbortSignal.any([signal, other]);
  const request = new Request(url, { method, headers, signal: both });
  FOLLOWERS.set(other, [request, both]);
  return request;
}

async function readBody(request: Request, maxBytes: number, arrival?: BodyArrival): Promise<string> {
  if (request.body === null) return "";
  if (request.bodyUsed) throw new BodyConsumedError();
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const reader = (request.body as ReadableStream<Uint8Array>).getReader();
  if (arrival) arrival.onCutOff = () => void reader.cancel().catch(() => undefined);
  let text = "";
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (arrival?.isCutOff) throw new BodyCutOffError();
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

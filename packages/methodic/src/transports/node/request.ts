import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import type { AuthInfo } from "../../context/auth-info.ts";
import type { HttpRequest } from "../../http/request.ts";
import { type BodyMessage, readBody, readParsedBody } from "./body.ts";

/** A request of `node:http` or `node:http2`, with what frameworks add to it. */
export interface NodeMessage extends IncomingMessage, BodyMessage {
  /** Express, connect: the target as the client sent it. */
  readonly originalUrl?: string;
  /** Express: what `app.use("/prefix", …)` has taken off. */
  readonly baseUrl?: string;
  /** A middleware that authenticates: the SDK's, or one of the author's own. */
  readonly auth?: unknown;
  /** HTTP/2: the pseudo-header. */
  readonly authority?: string;
}

/** A request that cannot be understood: what is wrong with it, in a sentence. */
export class BadRequestError extends Error {
  override readonly name: string = "BadRequestError";
}

// A host or an IP address, and a port: nothing that would change how the rest of the URL is read.
const AUTHORITY = /^(?:[\w.~%!$&'()*+,;=-]+|\[[\da-fA-F:.]+\])(?::\d{0,5})?$/;
// What an HTTP/1.0 client may leave out must not look like a host that is allowed.
const NO_HOST = "host.invalid";

/** What {@link readNodeRequest} is given besides the message. */
interface NodeRequestOptions {
  readonly signal: AbortSignal;
  /** Called before the body is read: a client may wait for `100 Continue`. */
  readonly onBodyWanted: () => void;
}

/**
 * The endpoint's view of a Node request. Headers and body are read when they are asked for.
 * @throws BadRequestError if it is not clear which host or path is meant
 */
export function readNodeRequest(message: NodeMessage, options: NodeRequestOptions): HttpRequest {
  const target = message.originalUrl ?? message.url ?? "/";
  const url = readUrl(message, target);
  // Such as a port of 99999, or numbers that are no address.
  if (!URL.canParse(url)) throw new BadRequestError("The Host header is no host.");
  const mountPath = readMountPath(message, target);
  const auth = readAuth(message.auth);
  const loopbackPort = readLoopbackPort(message);
  const given = { ...(mountPath && { mountPath }), ...(auth && { auth }), ...(loopbackPort && { loopbackPort }) };
  return new NodeRequest(message, { ...options, url }, given);
}

class NodeRequest implements HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly signal: AbortSignal;
  readonly mountPath?: string;
  readonly loopbackPort?: number;
  readonly auth?: AuthInfo;
  readonly #message: NodeMessage;
  readonly #onBodyWanted: () => void;
  #headers: Headers | undefined;
  #isRead = false;

  constructor(
    message: NodeMessage,
    { url, signal, onBodyWanted }: NodeRequestOptions & { readonly url: string },
    given: Pick<HttpRequest, "mountPath" | "loopbackPort" | "auth">,
  ) {
    this.method = message.method ?? "GET";
    this.url = url;
    this.signal = signal;
    if (given.mountPath !== undefined) this.mountPath = given.mountPath;
    if (given.loopbackPort !== undefined) this.loopbackPort = given.loopbackPort;
    if (given.auth) this.auth = given.auth;
    this.#message = message;
    this.#onBodyWanted = onBodyWanted;
  }

  get headers(): Headers {
    return (this.#headers ??= readHeaders(this.#message));
  }

  readText(maxBytes: number): Promise<string> {
    this.#isRead = true;
    return readBody(this.#message, maxBytes, this.#onBodyWanted);
  }

  toRequest(): Request {
    return this.#isRead ? makeLazyRequest(this, () => this.#makeRequest()) : this.#makeRequest();
  }

  #makeRequest(): Request {
    const hasBody = !this.#isRead && this.method !== "GET" && this.method !== "HEAD";
    return new Request(this.url, {
      method: this.method,
      headers: this.headers,
      signal: this.signal,
      ...(hasBody && { body: this.#bodyStream(), duplex: "half" }),
    });
  }

  #bodyStream(): ReadableStream<Uint8Array> | string {
    const parsed = readParsedBody(this.#message);
    if (parsed !== undefined) return parsed;
    this.#onBodyWanted();
    return Readable.toWeb(this.#message) as ReadableStream<Uint8Array>;
  }
}

function readHeaders({ rawHeaders, authority }: NodeMessage): Headers {
  const headers = new Headers();
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? "";
    // The pseudo-headers of HTTP/2 are no headers.
    if (!name.startsWith(":")) headers.append(name, rawHeaders[i + 1] ?? "");
  }
  if (authority !== undefined && !headers.has("host")) headers.set("host", authority);
  return headers;
}

/** Put together as text: a parser would take the host from a target such as `//evil.example/mcp`. */
function readUrl(message: NodeMessage, target: string): string {
  const host = readHost(message);
  const scheme = (message.socket as { readonly encrypted?: boolean } | null)?.encrypted === true ? "https" : "http";
  if (target.startsWith("/")) return `${scheme}://${host ?? NO_HOST}${target}`;
  // `OPTIONS *` asks about the server as a whole.
  if (target === "*") return `${scheme}://${host ?? NO_HOST}/`;
  const [, absoluteHost = "", path = ""] = /^https?:\/\/([^/?#]*)([^#]*)$/i.exec(target) ?? [];
  if (!AUTHORITY.test(absoluteHost)) throw new BadRequestError("The target of the request is no path and no http URL.");
  // RFC 9112, 3.2.2 lets the target win; whoever looked at the Host header before us has seen the other.
  if (host !== undefined && host.toLowerCase() !== absoluteHost.toLowerCase()) {
    throw new BadRequestError("The target of the request and its Host header name different hosts.");
  }
  return `${scheme}://${absoluteHost}${path.startsWith("/") ? path : `/${path}`}`;
}

function readHost({ rawHeaders, authority }: NodeMessage): string | undefined {
  let host = authority;
  let isNamed = false;
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? "";
    if (name.length !== 4 || name.toLowerCase() !== "host") continue;
    const value = rawHeaders[i + 1] ?? "";
    // RFC 9112, 3.2, also if they are the same. HTTP/2 may have it beside its pseudo-header.
    if (host !== undefined && (isNamed || host !== value))
      throw new BadRequestError("The request has more than one Host.");
    isNamed = true;
    host = value;
  }
  if (host !== undefined && !AUTHORITY.test(host)) throw new BadRequestError("The Host header is no host.");
  return host;
}

/** An address of the loopback interface is reached from this computer only, and no mapping of ports lies between. */
function readLoopbackPort({ socket }: NodeMessage): number | undefined {
  const { localAddress = "", localPort } = (socket ?? {}) as Partial<NodeMessage["socket"]>;
  return /^(?:(?:::ffff:)?127\.|::1$)/.test(localAddress) ? localPort : undefined;
}

function readMountPath({ baseUrl, originalUrl, url }: NodeMessage, target: string): string | undefined {
  if (typeof baseUrl === "string") return baseUrl;
  // connect and its kin keep only the original target.
  return originalUrl !== undefined && url !== undefined && target.endsWith(url)
    ? target.slice(0, -url.length)
    : undefined;
}

/** An `AuthInfo` of Methodic or of the SDK; what else middlewares call `auth` is their own affair. */
function readAuth(given: unknown): AuthInfo | undefined {
  if (!isRecord(given)) return undefined;
  const { scopes, claims, clientId, subject, expiresAt, extra } = given;
  if (!Array.isArray(scopes) || !scopes.every((scope) => typeof scope === "string")) return undefined;
  const known = isRecord(claims) ? claims : isRecord(extra) ? extra : {};
  const who = typeof subject === "string" ? subject : known["sub"];
  return {
    scopes,
    claims: known,
    ...(typeof who === "string" && { subject: who }),
    ...(typeof clientId === "string" && { clientId }),
    ...(typeof expiresAt === "number" && { expiresAt }),
  };
}

function isRecord(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What is known of a request without making one. */
interface RequestParts {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly signal: AbortSignal;
}

const PARTS: unique symbol = Symbol("parts");
const WHOLE: unique symbol = Symbol("whole");

interface LazyRequest {
  readonly [PARTS]: RequestParts;
  readonly [WHOLE]: () => Request;
}

const KNOWN: readonly (keyof RequestParts)[] = ["method", "url", "headers", "signal"];
const prototype = defineMembers();

/**
 * A web request for readers of its head, which is all that most are. A real one follows the signal it is given, which costs more than a
 * short call does; it is made when anything else is asked for.
 */
export function makeLazyRequest(parts: RequestParts, make: () => Request): Request {
  let whole: Request | undefined;
  const request: LazyRequest = { [PARTS]: parts, [WHOLE]: () => (whole ??= make()) };
  return Object.setPrototypeOf(request, prototype) as Request;
}

/** Every member of a request, read from the parts or from the whole. */
function defineMembers(): object {
  const members = Object.create(Request.prototype) as object;
  for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(Request.prototype))) {
    if (name === "constructor") continue;
    const known = KNOWN.find((part) => part === name);
    Object.defineProperty(members, name, {
      configurable: true,
      enumerable: true,
      get(this: LazyRequest): unknown {
        if (known) return this[PARTS][known];
        const whole = this[WHOLE]();
        return typeof value === "function" ? (value as () => unknown).bind(whole) : Reflect.get(whole, name, whole);
      },
    });
  }
  return members;
}

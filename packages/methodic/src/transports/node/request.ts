import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import type { AuthInfo } from "../../context/auth-info.ts";
import type { BodyArrival, ConnectionAddresses, HttpRequest } from "../../http/request.ts";
import { createLazyRequest } from "../../util/lazy-request.ts";
import { isLoopbackAddress } from "../../util/loopback.ts";
import { isRecord } from "../../util/record.ts";
import { quote } from "../../util/text.ts";
import { type BodyMessage, readBody, readParsedBody } from "./body.ts";

/** A request of `node:http` or `node:http2`, with the properties that frameworks add. */
export interface NodeMessage extends IncomingMessage, BodyMessage {
  /** Express, connect: the target as the client sent it. */
  readonly originalUrl?: string;
  /** Express: the prefix that `app.use("/prefix", …)` has removed. */
  readonly baseUrl?: string;
  /** The caller, if a middleware has authenticated it: the SDK's, or the application's own. */
  readonly auth?: unknown;
  /** HTTP/2: the pseudo-header `:authority`. */
  readonly authority?: string;
}

/** A malformed request. The message is for the client. */
export class BadRequestError extends Error {
  override readonly name: string = "BadRequestError";
}

// A host name or an IP address, and a port. Any other character could change how the rest of the
// URL is parsed.
const AUTHORITY = /^(?:[\w.~%!$&'()*+,;=-]+|\[[\da-fA-F:.]+\])(?::\d{0,5})?$/;
// An HTTP/1.0 client may omit the Host header, which must not pass as an allowed host.
const NO_HOST = "host.invalid";

interface NodeRequestDeps {
  readonly signal: AbortSignal;
  /** Called before the body is read, because a client may wait for `100 Continue`. */
  readonly onBodyWanted: () => void;
}

/**
 * Creates the {@link HttpRequest} of a Node request. Its headers and body are read on demand.
 * @throws BadRequestError if the host or the path is invalid or ambiguous
 */
export function readNodeRequest(message: NodeMessage, deps: NodeRequestDeps): HttpRequest {
  const target = message.originalUrl ?? message.url ?? "/";
  const url = readUrl(message, target);
  // AUTHORITY lets some invalid hosts pass, such as the port 99999 or the IP address 999.0.0.1.
  if (!URL.canParse(url)) throw invalidHost(url.split("/", 3)[2] ?? "");
  const mountPath = readMountPath(message, target);
  const auth = readAuth(message.auth);
  const token = auth && readToken(message.auth);
  const loopbackPort = readLoopbackPort(message);
  return new NodeRequest(message, { ...deps, url }, { mountPath, loopbackPort, auth, token });
}

/** Facts about a request that its framework, its middleware and its socket know. */
type Facts = {
  readonly [Name in "mountPath" | "loopbackPort" | "auth" | "token"]: HttpRequest[Name] | undefined;
};

class NodeRequest implements HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly signal: AbortSignal;
  readonly mountPath?: string;
  readonly loopbackPort?: number;
  readonly auth?: AuthInfo;
  readonly token?: string;
  shareKey?: string;
  readonly #message: NodeMessage;
  readonly #onBodyWanted: () => void;
  #headers: Headers | undefined;
  #isRead = false;

  constructor(
    message: NodeMessage,
    { url, signal, onBodyWanted }: NodeRequestDeps & { readonly url: string },
    { mountPath, loopbackPort, auth, token }: Facts,
  ) {
    this.method = message.method ?? "GET";
    this.url = url;
    this.signal = signal;
    if (mountPath) this.mountPath = mountPath;
    if (loopbackPort) this.loopbackPort = loopbackPort;
    if (auth) this.auth = auth;
    if (token) this.token = token;
    this.#message = message;
    this.#onBodyWanted = onBodyWanted;
  }

  get addresses(): ConnectionAddresses {
    // A framework's test request may have no socket.
    const { localAddress, remoteAddress } = (this.#message.socket ?? {}) as Partial<NodeMessage["socket"]>;
    return { local: localAddress, remote: remoteAddress };
  }

  get headers(): Headers {
    return (this.#headers ??= readHeaders(this.#message));
  }

  readText(maxBytes: number, arrival?: BodyArrival): Promise<string> {
    this.#isRead = true;
    return readBody(this.#message, maxBytes, { onWanted: this.#onBodyWanted, arrival });
  }

  toRequest(): Request {
    return this.#isRead ? createLazyRequest(this, () => this.#createRequest()) : this.#createRequest();
  }

  #createRequest(): Request {
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
    // Skips the pseudo-headers of HTTP/2.
    if (!name.startsWith(":")) headers.append(name, rawHeaders[i + 1] ?? "");
  }
  if (authority !== undefined && !headers.has("host")) headers.set("host", authority);
  return headers;
}

/**
 * Concatenates the URL from its parts. Resolving the target against a base would take the host from
 * a target such as `//evil.example/mcp`.
 */
function readUrl(message: NodeMessage, target: string): string {
  const host = readHost(message);
  const scheme = (message.socket as { readonly encrypted?: boolean } | null)?.encrypted === true ? "https" : "http";
  if (target.startsWith("/")) return `${scheme}://${host ?? NO_HOST}${target}`;
  // `OPTIONS *` is about the server as a whole.
  if (target === "*") return `${scheme}://${host ?? NO_HOST}/`;
  const [, absoluteHost = "", path = ""] = /^https?:\/\/([^/?#]*)([^#]*)$/i.exec(target) ?? [];
  if (!AUTHORITY.test(absoluteHost)) {
    throw new BadRequestError(`Invalid request target: ${quote(target)}. It must be a path or an http URL.`);
  }
  // RFC 9112 §3.2.2 gives precedence to the target, but a proxy or an earlier middleware may have
  // checked only the Host header.
  if (host !== undefined && host.toLowerCase() !== absoluteHost.toLowerCase()) {
    throw new BadRequestError(
      `The request target and the Host header name different hosts: ${quote(absoluteHost)}, ${quote(host)}. Send the same host in both.`,
    );
  }
  return `${scheme}://${absoluteHost}${path.startsWith("/") ? path : `/${path}`}`;
}

function readHost({ rawHeaders, authority }: NodeMessage): string | undefined {
  let host = authority;
  let hasHeader = false;
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? "";
    if (name.length !== 4 || name.toLowerCase() !== "host") continue;
    const value = rawHeaders[i + 1] ?? "";
    // RFC 9112 §3.2 forbids a second header even with the same value. HTTP/2 allows one that equals
    // `:authority`.
    if (host !== undefined && (hasHeader || host !== value))
      throw new BadRequestError(`More than one Host: ${quote(host)}, ${quote(value)}. Send one Host header.`);
    hasHeader = true;
    host = value;
  }
  if (host !== undefined && !AUTHORITY.test(host)) throw invalidHost(host);
  return host;
}

function invalidHost(host: string): BadRequestError {
  return new BadRequestError(
    `Invalid Host header: ${quote(host)}. Send a host name or an IP address, with or without a port.`,
  );
}

/**
 * Reads the port that a local client has connected to. Connections to a loopback address come from
 * this machine, without port mapping in between.
 */
function readLoopbackPort({ socket }: NodeMessage): number | undefined {
  const { localAddress = "", localPort } = (socket ?? {}) as Partial<NodeMessage["socket"]>;
  return isLoopbackAddress(localAddress) ? localPort : undefined;
}

function readMountPath({ baseUrl, originalUrl, url }: NodeMessage, target: string): string | undefined {
  if (typeof baseUrl === "string") return baseUrl;
  // connect and similar frameworks keep only the original target.
  return originalUrl !== undefined && url !== undefined && target.endsWith(url)
    ? target.slice(0, -url.length)
    : undefined;
}

/** Reads an `AuthInfo` of Methodic or of the SDK; undefined for the `auth` of other middlewares. */
function readAuth(given: unknown): AuthInfo | undefined {
  if (!isRecord(given)) return undefined;
  const { scopes, claims, clientId, subject, expiresAt, extra } = given;
  if (!Array.isArray(scopes) || !scopes.every((scope) => typeof scope === "string")) return undefined;
  const allClaims = isRecord(claims) ? claims : isRecord(extra) ? extra : {};
  const sub = typeof subject === "string" ? subject : allClaims["sub"];
  return {
    scopes,
    claims: allClaims,
    ...(typeof sub === "string" && { subject: sub }),
    ...(typeof clientId === "string" && { clientId }),
    ...(typeof expiresAt === "number" && { expiresAt }),
  };
}

/** Reads the token that the SDK's `AuthInfo` holds. */
function readToken(given: unknown): string | undefined {
  const { token } = Object(given) as { readonly token?: unknown };
  return typeof token === "string" ? token : undefined;
}

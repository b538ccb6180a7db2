import type {
  McpServerFactory,
  AuthInfo as SdkAuthInfo,
  JSONRPCMessage,
  McpServer,
  MessageExtraInfo,
  RequestId,
  Transport,
  TransportSendOptions,
} from "@modelcontextprotocol/server";
import { type AuthInfo, identifyCaller } from "../context/auth-info.ts";
import { readExpiry } from "./expiry.ts";
import { refuse, refuseClosing, refuseBusy } from "./responses.ts";
import type { TransportRoute } from "./mcp-endpoint.ts";
import { SseStream } from "./sse.ts";
import { readId } from "../util/json-rpc.ts";
import { readMessage, isRequest, refuseMessage } from "./streamable-2025/messages.ts";
import {
  type AuthorizedRequest,
  checkGetAccept,
  refuseMethod,
  type RequestHandlerDeps,
  serveSafely,
} from "./streamable-2025/request.ts";
import { refuseMoreSessions, refuseSession, type Session } from "./streamable-2025/session-store.ts";

/** The parts of the endpoint that HTTP+SSE shares with Streamable HTTP: sessions, their bound and their end are the same. */
export interface HttpSseDeps {
  readonly parts: RequestHandlerDeps;
  /** Creates the SDK server of a session. */
  readonly createServer: McpServerFactory;
}

const METHODS = "GET, POST, OPTIONS";

/**
 * Serves the HTTP+SSE transport of MCP 2024-11-05 next to the MCP endpoint: a stream for everything the server sends, and another
 * path for everything the client sends. Returns a function that finds the route of a request.
 */
export function routeHttpSse(
  deps: HttpSseDeps,
  { path, publicUrl }: { readonly path: string; readonly publicUrl: URL | undefined },
): (url: string, isAt: (path: string) => boolean) => TransportRoute | undefined {
  const { onError } = deps.parts;
  const streamPath = replaceLastSegment(path, "sse");
  const messagesPath = replaceLastSegment(path, "messages");
  const publicPath = publicUrl && replaceLastSegment(publicUrl.pathname, "messages");
  /** Returns the path for messages as the client sees it, under the prefix that its own request has. */
  const findMessagesPath = (url: string): string => {
    const { pathname } = new URL(url);
    return publicPath ?? (/\/sse\/?$/.test(pathname) ? replaceLastSegment(pathname, "messages") : messagesPath);
  };
  return (url, isAt) => {
    if (isAt(streamPath)) {
      return {
        methods: METHODS,
        opensStream: true,
        serve: (request) => serveSafely(onError, () => openSession(deps, request, findMessagesPath(url))),
      };
    }
    if (!isAt(messagesPath)) return undefined;
    return {
      methods: METHODS,
      opensStream: false,
      serve: (request) => serveSafely(onError, () => receiveMessage(deps.parts, request)),
    };
  };
}

function replaceLastSegment(path: string, segment: string): string {
  return path.replace(/[^/]*\/?$/, segment);
}

async function openSession(
  { parts, createServer }: HttpSseDeps,
  { request, authInfo, auth }: AuthorizedRequest,
  messagesPath: string,
): Promise<Response> {
  if (request.method !== "GET") return refuseMethod(request.method, "GET");
  const refusal = checkGetAccept(request);
  if (refusal) return refusal;
  if (parts.isClosing()) return refuseClosing();
  if (!parts.table.hasRoom()) return refuseMoreSessions();
  // Without its stream there is no way to go on.
  const onLost = (): void => void parts.table.remove(session);
  const session: SseSession = new SseSession(parts, { signal: request.signal, auth, messagesPath, onLost });
  parts.table.add(session);
  try {
    await session.connect(await createServer({ era: "legacy", ...(authInfo && { authInfo }), requestInfo: request }));
  } catch (error) {
    await parts.table.remove(session);
    throw error;
  }
  return session.response;
}

function receiveMessage(parts: RequestHandlerDeps, { request, message, authInfo, auth }: AuthorizedRequest): Response {
  if (request.method !== "POST") return refuseMethod(request.method, "POST");
  const id = new URL(request.url).searchParams.get("sessionId");
  if (!id) {
    const text = "The query has no sessionId: send messages to the URL that the stream's first event names.";
    return refuse({ status: 400, message: text, id: readId(message) });
  }
  const session = parts.table.find(id, auth, SseSession);
  if (!session) return refuseSession();
  const read = readMessage(message);
  if (read instanceof Response) return read;
  if (parts.isClosing()) return refuseClosing();
  return session.receive(read, { request, ...(authInfo && { authInfo }) });
}

/** What a session of the old transport begins with. */
export interface SseOpening {
  readonly signal: AbortSignal;
  readonly auth: AuthInfo | undefined;
  /** Where the client sends its messages: an absolute path, as the client sees it. */
  readonly messagesPath: string;
  /** The stream is over: the client has gone, its credentials have expired, or the session was closed. */
  readonly onLost: () => void;
}

/** A session of HTTP+SSE (MCP 2024-11-05): one stream to the client, which lives as long as the session does. */
class SseSession implements Session, Transport {
  readonly id: string = crypto.randomUUID();
  readonly sessionId: string = this.id;
  readonly owner: string;
  activeAt: number = Date.now();
  onmessage?: (message: JSONRPCMessage, extra?: MessageExtraInfo) => void;
  onclose?: () => void;
  onerror?: (error: Error) => void;
  readonly #parts: RequestHandlerDeps;
  readonly #stream: SseStream;
  /** Requests that are being answered. */
  readonly #pending = new Set<RequestId>();
  /** Requests of ours that the client has not answered. */
  readonly #asked = new Set<RequestId>();
  #server: Pick<McpServer, "close"> | undefined;
  #isClosed = false;

  constructor(parts: RequestHandlerDeps, { signal, auth, messagesPath, onLost }: SseOpening) {
    this.#parts = parts;
    this.owner = identifyCaller(auth);
    this.#stream = new SseStream({ ...parts.streams, signal, until: readExpiry(auth), onClosed: onLost });
    this.#stream.write({ name: "endpoint", data: `${messagesPath}?sessionId=${this.id}` });
  }

  get isConnected(): boolean {
    return this.#stream.isOpen;
  }

  get response(): Response {
    return this.#stream.response;
  }

  async connect(server: Pick<McpServer, "connect" | "close">): Promise<void> {
    this.#server = server;
    await server.connect(this);
    // The client may have gone meanwhile.
    if (this.#isClosed) await server.close();
  }

  async start(): Promise<void> {
    // The stream is open from the beginning.
  }

  /** Takes a message of the client. What it is answered goes on the stream. */
  receive(message: JSONRPCMessage, extra: { readonly request: Request; readonly authInfo?: SdkAuthInfo }): Response {
    this.activeAt = Date.now();
    if (isRequest(message)) {
      if (this.#pending.has(message.id)) {
        return refuseMessage(
          "A request with this id is being answered: every request needs an id of its own.",
          message,
        );
      }
      if (!this.#parts.calls.enter(this)) return refuseBusy(message.id);
      this.#pending.add(message.id);
      this.#parts.running.add(this);
    }
    // The SDK would report an answer that nobody waits for, and with all that is in it.
    const isStray = !("method" in message) && !(message.id !== undefined && this.#asked.delete(message.id));
    if (!isStray) this.onmessage?.(message, extra);
    if ("method" in message && message.method === "notifications/cancelled") {
      const { requestId } = (message.params ?? {}) as { readonly requestId?: RequestId };
      if (requestId !== undefined) this.#settle(requestId);
    }
    return new Response("Accepted", { status: 202, headers: { "content-type": "text/plain" } });
  }

  async send(message: JSONRPCMessage, options?: TransportSendOptions): Promise<void> {
    if (isRequest(message)) this.#asked.add(message.id);
    this.#stream.write({ data: JSON.stringify(message) });
    if (!("method" in message) && message.id !== undefined) this.#settle(message.id);
    // A method that says much waits for its client.
    if (options?.relatedRequestId !== undefined) await this.#stream.ready();
  }

  /** Who waits for an answer learns of the end by the end of the stream. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#stream.end();
    for (const id of this.#pending) this.#settle(id);
    this.onclose?.();
    await this.#server?.close();
  }

  #settle(id: RequestId): void {
    if (!this.#pending.delete(id)) return;
    this.#parts.calls.leave(this);
    if (this.#pending.size === 0) this.#parts.running.delete(this);
  }
}

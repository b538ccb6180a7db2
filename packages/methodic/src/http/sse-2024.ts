import type {
  AuthInfo as SdkAuthInfo,
  JSONRPCMessage,
  McpServer,
  McpServerFactory,
  MessageExtraInfo,
  Transport,
  TransportSendOptions,
} from "@modelcontextprotocol/server";
import { type AuthInfo, getCallerKey } from "../context/auth-info.ts";
import { toErrorResponse, toFailedResponse } from "../protocol/message-check.ts";
import { type MessageId, readId, SERVER_ERROR } from "../util/json-rpc.ts";
import { PendingRequests, readCancelledId } from "../util/pending-requests.ts";
import { callAt } from "../util/timers.ts";
import { explainTimeout } from "./counted-requests.ts";
import { readExpiry } from "./expiry.ts";
import type { TransportRoute } from "./mcp-endpoint.ts";
import {
  busyResponse,
  closingResponse,
  errorResponse,
  type HttpRefusal,
  methodNotAllowedResponse,
} from "./responses.ts";
import { SseStream } from "./sse.ts";
import { isRequest, readMessage, reusedIdResponse } from "./streamable-2025/messages.ts";
import {
  type AuthorizedRequest,
  type CallOwner,
  checkGetAccept,
  type RequestHandlerDeps,
  serveSafely,
} from "./streamable-2025/request.ts";
import { tooManySessionsResponse, unknownSessionResponse, type Session } from "./streamable-2025/session-store.ts";

/** Dependencies of HTTP+SSE, which shares the sessions and limits of Streamable HTTP. */
export interface HttpSseDeps extends RequestHandlerDeps {
  /** Creates the SDK server of a session. */
  readonly createServer: McpServerFactory;
  /** Maximum duration of a call. */
  readonly callTimeoutMs: number;
}

/** A call whose answer goes to the stream. */
interface PendingCall {
  readonly stopTimer: () => void;
}

const METHODS = "GET, POST, OPTIONS";

/**
 * Serves the HTTP+SSE transport of MCP 2024-11-05 next to the MCP endpoint: a stream for all
 * messages of the server, and another path for those of the client. Returns a function that finds
 * the route of a request.
 */
export function routeHttpSse(
  deps: HttpSseDeps,
  { path, publicUrl }: { readonly path: string; readonly publicUrl: URL | undefined },
): (url: string, isAt: (path: string) => boolean) => TransportRoute | undefined {
  const streamPath = replaceLastSegment(path, "sse");
  const messagesPath = replaceLastSegment(path, "messages");
  const publicPath = publicUrl && replaceLastSegment(publicUrl.pathname, "messages");
  /**
   * Finds the path for messages as the client sees it: with the prefix in the URL of its request.
   */
  const findMessagesPath = (url: string): string => {
    const { pathname } = new URL(url);
    return publicPath ?? (/\/sse\/?$/.test(pathname) ? replaceLastSegment(pathname, "messages") : messagesPath);
  };
  return (url, isAt) => {
    if (isAt(streamPath)) {
      return {
        methods: METHODS,
        opensStream: true,
        serve: (incoming) => serveSafely(deps.onError, () => openSession(deps, incoming, findMessagesPath(url))),
      };
    }
    if (!isAt(messagesPath)) return undefined;
    return {
      methods: METHODS,
      opensStream: false,
      serve: (incoming) => serveSafely(deps.onError, () => receiveMessage(deps, incoming)),
    };
  };
}

function replaceLastSegment(path: string, segment: string): string {
  return path.replace(/[^/]*\/?$/, segment);
}

async function openSession(deps: HttpSseDeps, incoming: AuthorizedRequest, messagesPath: string): Promise<Response> {
  const { request, authInfo, auth, shareKey } = incoming;
  if (request.method !== "GET") return methodNotAllowedResponse(request.method, "GET");
  const notAcceptable = checkGetAccept(request);
  if (notAcceptable) return notAcceptable;
  if (deps.isClosing()) return closingResponse();
  if (!deps.sessions.makeRoom(shareKey)) return tooManySessionsResponse(deps.sessions, shareKey);
  // A session ends with its stream: a client that reconnects opens another one.
  const onClosed = (): void => void deps.sessions.remove(session);
  const session: SseSession = new SseSession(deps, {
    signal: request.signal,
    auth,
    owner: getCallerKey(incoming),
    shareKey,
    messagesPath,
    onClosed,
  });
  deps.sessions.add(session);
  try {
    const context = { era: "legacy", ...(authInfo && { authInfo }), requestInfo: request } as const;
    await session.connect(await deps.createServer(context));
  } catch (error) {
    await deps.sessions.remove(session);
    throw error;
  }
  return session.response;
}

function receiveMessage(deps: HttpSseDeps, incoming: AuthorizedRequest): Response {
  const { request, message, authInfo } = incoming;
  if (request.method !== "POST") return methodNotAllowedResponse(request.method, "POST");
  const id = new URL(request.url).searchParams.get("sessionId");
  if (!id) {
    const text = "The query has no sessionId. Send messages to the URL in the first event of the stream.";
    return errorResponse({ status: 400, message: text, id: readId(message) });
  }
  const session = deps.sessions.find(id, getCallerKey(incoming), SseSession);
  if (!session) return unknownSessionResponse();
  const read = readMessage(message);
  if (read instanceof Response) {
    session.failWaiting(message);
    return read;
  }
  if (deps.isClosing()) return closingResponse(readId(message));
  return session.receive(read, { request, ...(authInfo && { authInfo }) });
}

/** Dependencies of an {@link SseSession}. */
interface SseSessionDeps {
  readonly signal: AbortSignal;
  readonly auth: AuthInfo | undefined;
  /** The key of the caller. */
  readonly owner: string;
  readonly shareKey: string | undefined;
  /** Absolute path for the client's messages. */
  readonly messagesPath: string;
  /** Called when the stream ends: by either side, or when the credentials expire. */
  readonly onClosed: () => void;
}

/** A session over HTTP+SSE, and the transport of its SDK server. It lives as long as its stream. */
class SseSession implements Session, Transport, CallOwner {
  readonly id: string = crypto.randomUUID();
  readonly sessionId: string = this.id;
  readonly owner: string;
  readonly shareKey: string | undefined;
  activeAt: number = Date.now();
  onmessage?: (message: JSONRPCMessage, extra?: MessageExtraInfo) => void;
  onclose?: () => void;
  onerror?: (error: Error) => void;
  readonly #stream: SseStream;
  readonly #calls: RequestHandlerDeps["calls"];
  readonly #callTimeoutMs: number;
  readonly #requests: PendingRequests<CallOwner, PendingCall>;
  #server: Pick<McpServer, "close"> | undefined;
  #isClosed = false;

  constructor({ sse, calls, callTimeoutMs }: HttpSseDeps, deps: SseSessionDeps) {
    const { signal, auth, owner, shareKey, messagesPath, onClosed } = deps;
    this.owner = owner;
    this.shareKey = shareKey;
    this.#calls = calls;
    this.#callTimeoutMs = callTimeoutMs;
    this.#requests = new PendingRequests(calls, this, shareKey);
    this.#stream = new SseStream({ ...sse, signal, until: readExpiry(auth), onClosed });
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
    // The client may have disconnected in the meantime.
    if (this.#isClosed) await server.close();
  }

  async start(): Promise<void> {
    // Nothing to do: the constructor opens the stream.
  }

  /** Receives a message of the client. Its answer goes to the stream. */
  receive(message: JSONRPCMessage, extra: { readonly request: Request; readonly authInfo?: SdkAuthInfo }): Response {
    this.activeAt = Date.now();
    if (isRequest(message)) {
      if (this.#requests.has(message.id)) return reusedIdResponse(message);
      if (!this.#requests.add([message.id], () => this.#startCall(message.id)))
        return busyResponse(this.#calls, { shareKey: this.shareKey, id: message.id });
    }
    if (this.#requests.admit(message)) this.onmessage?.(message, extra);
    const cancelled = readCancelledId(message);
    if (cancelled !== undefined) this.#settle(cancelled);
    return new Response("Accepted", { status: 202, headers: { "content-type": "text/plain" } });
  }

  /** Fails the call that waits for an invalid response. */
  failWaiting(message: unknown): void {
    const failed = toFailedResponse(message);
    if (failed && this.#requests.admit(failed)) this.onmessage?.(failed);
  }

  async send(message: JSONRPCMessage, options?: TransportSendOptions): Promise<void> {
    if (isRequest(message)) this.#requests.ask(message.id);
    this.#stream.write({ data: JSON.stringify(message) });
    if (!("method" in message) && message.id !== undefined) this.#settle(message.id);
    // Methods that send many messages wait for their client.
    if (options?.relatedRequestId !== undefined) await this.#stream.ready();
  }

  /** Ends the session, and answers its pending requests with the refusal. */
  async close({ code = SERVER_ERROR, message }: Partial<HttpRefusal> = {}): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (message !== undefined) {
      const error = { code, message };
      for (const id of this.#requests.ids) this.#stream.write({ data: JSON.stringify(toErrorResponse(id, error)) });
    }
    this.#stream.end();
    for (const id of this.#requests.ids) this.#settle(id);
    this.onclose?.();
    await this.#server?.close();
  }

  #startCall(id: MessageId): PendingCall {
    return { stopTimer: callAt(() => this.#timeOut(id), Date.now() + this.#callTimeoutMs) };
  }

  #settle(id: MessageId): void {
    this.#requests.settle(id)?.stopTimer();
  }

  /** Ends a call that takes too long, and answers it with an error. */
  #timeOut(requestId: MessageId): void {
    this.#settle(requestId);
    const message = explainTimeout(this.#callTimeoutMs);
    const params = { requestId, reason: message };
    this.onmessage?.({ jsonrpc: "2.0", method: "notifications/cancelled", params });
    this.#stream.write({ data: JSON.stringify(toErrorResponse(requestId, { code: SERVER_ERROR, message })) });
  }
}

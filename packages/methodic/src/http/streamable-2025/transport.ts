import type {
  AuthInfo as SdkAuthInfo,
  JSONRPCMessage,
  MessageExtraInfo,
  RequestId,
  Transport,
  TransportSendOptions,
} from "@modelcontextprotocol/server";
import { toFailedResponse } from "../../protocol/message-check.ts";
import type { InFlight } from "../../util/in-flight.ts";
import { allowsMediaType } from "../../util/media-types.ts";
import { PendingRequests, readCancelledId } from "../../util/pending-requests.ts";
import { busyResponse, errorResponse, type HttpRefusal } from "../responses.ts";
import { listMessages } from "./batch.ts";
import type { MessageStream, StreamClient } from "./message-stream.ts";
import { isInitialize, isRequest, type PostedMessages, reusedIdResponse } from "./messages.ts";
import { PostResponse, type PostResponseDeps, disconnectedResponse } from "./post-response.ts";
import type { CallOwner } from "./request.ts";
import { ENDED_SESSION, SessionStreams, type SessionStreamsDeps } from "./session-streams.ts";

/** Dependencies of a {@link StreamableHttpTransport}. */
export interface StreamableHttpTransportDeps extends Omit<SessionStreamsDeps, "headers"> {
  /** Not set if the transport serves a single POST. */
  readonly sessionId?: string;
  /**
   * Called when the client sends a message, receives an answer or disconnects. Messages outside of
   * requests do not count: they say nothing about the client.
   */
  readonly onActivity: () => void;
  /** Counts the calls of all clients. */
  readonly calls: InFlight<CallOwner>;
  /** Key of the caller's share of the calls. */
  readonly shareKey?: string | undefined;
}

/** The messages of a POST and the request that brought them. */
export interface IncomingRequest extends PostedMessages {
  readonly request: Request;
  readonly authInfo?: SdkAuthInfo | undefined;
}

/** The transport of one SDK server, for a session or for a single POST. */
export class StreamableHttpTransport implements Transport, CallOwner {
  readonly sessionId?: string;
  onmessage?: (message: JSONRPCMessage, extra?: MessageExtraInfo) => void;
  onclose?: () => void;
  onerror?: (error: Error) => void;
  readonly #deps: StreamableHttpTransportDeps;
  readonly #headers: { readonly [name: string]: string };
  readonly #requests: PendingRequests<CallOwner, PostResponse>;
  readonly #streams: SessionStreams;
  #isClosed = false;

  constructor(deps: StreamableHttpTransportDeps) {
    this.#deps = deps;
    if (deps.sessionId !== undefined) this.sessionId = deps.sessionId;
    this.#headers = deps.sessionId === undefined ? {} : { "mcp-session-id": deps.sessionId };
    this.#requests = new PendingRequests(deps.calls, this, deps.shareKey);
    this.#streams = new SessionStreams({ ...deps, headers: this.#headers });
  }

  /** The protocol version that `initialize` has negotiated. */
  get protocolVersion(): string | undefined {
    return this.#streams.protocolVersion;
  }

  /** True while a client waits for an answer or listens. */
  get isConnected(): boolean {
    if (this.#streams.isListening) return true;
    for (const reply of this.#requests.replies) if (reply.isConnected) return true;
    return false;
  }

  setProtocolVersion(version: string): void {
    this.#streams.protocolVersion = version;
  }

  async start(): Promise<void> {
    // Nothing to do: each request brings its connection.
  }

  /** Serves the messages of one POST. */
  async receive({ messages, refused = new Map(), toBody, request, authInfo }: IncomingRequest): Promise<Response> {
    if (this.#isClosed) return errorResponse(ENDED_SESSION);
    this.#deps.onActivity();
    const requests = messages.filter(isRequest);
    const reused = requests.find(({ id }) => this.#requests.has(id));
    if (reused) return reusedIdResponse(reused);
    const extra = { request, ...(authInfo && { authInfo }) };
    if (requests.length + refused.size === 0) {
      for (const message of messages) this.#deliver(message, extra);
      return new Response(null, { status: 202, headers: this.#headers });
    }
    const { signal } = request;
    if (signal.aborted) return disconnectedResponse();
    const ids = [...requests.map(({ id }) => id), ...refused.keys()];
    const acceptsStream = allowsMediaType(request.headers.get("accept"), "text/event-stream");
    const reply = this.#requests.add(ids, () => this.#createReply({ ids, toBody, signal, acceptsStream }));
    if (!reply) return busyResponse(this.#deps.calls, { shareKey: this.#deps.shareKey, id: ids[0] });
    // initialize is answered at once and in JSON: its client never needs to resume.
    const isResumable = this.#streams.sendPrimingEvents && acceptsStream && !requests.some(isInitialize);
    if (isResumable) reply.openStream();
    for (const message of messages) {
      this.#deliver(message, isResumable && isRequest(message) ? { ...extra, ...this.#closers(reply) } : extra);
    }
    for (const [id, answer] of refused) this.#answer(id, answer);
    return reply.response;
  }

  /** Fails the calls that wait for the invalid responses in a body. */
  failWaiting(body: unknown): void {
    for (const message of listMessages(body)) {
      const failed = toFailedResponse(message);
      if (failed) this.#deliver(failed, {});
    }
  }

  /** Connects a client to the stream outside of requests. */
  listen(client: StreamClient): Response {
    this.#deps.onActivity();
    return this.#streams.listen(client);
  }

  /** Resumes a stream after the last event that the client has received. */
  resume(lastEventId: string, client: StreamClient): Promise<Response> {
    this.#deps.onActivity();
    return this.#streams.resume(lastEventId, client);
  }

  async send(message: JSONRPCMessage, options?: TransportSendOptions): Promise<void> {
    if (!("method" in message)) {
      this.#deps.onActivity();
      if (message.id !== undefined) this.#answer(message.id, message);
      return;
    }
    const target = this.#findTarget(options?.relatedRequestId);
    if (isRequest(message)) {
      if (!target || this.sessionId === undefined) {
        throw new Error(`Cannot send ${message.method} to the client: it has no open session stream.`);
      }
      this.#requests.ask(message.id);
    }
    await target?.send(message);
  }

  /**
   * Closes the transport, and answers pending requests with the refusal. Resolves when all messages
   * are stored.
   */
  async close(refusal: HttpRefusal = ENDED_SESSION): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const reply of this.#requests.replies) reply.abandon(refusal);
    this.#requests.settleAll();
    const closed = this.#streams.close();
    this.onclose?.();
    await closed;
  }

  #createReply(deps: Pick<PostResponseDeps, "ids" | "toBody" | "signal" | "acceptsStream">): PostResponse {
    const reply: PostResponse = new PostResponse({
      ...deps,
      headers: this.#headers,
      createStream: (onLost) => this.#streams.create(onLost),
      onGone: () => this.#cancel(reply),
    });
    return reply;
  }

  #closers(reply: PostResponse): Pick<MessageExtraInfo, "closeSSEStream" | "closeStandaloneSSEStream"> {
    return {
      closeSSEStream: () => reply.disconnect(),
      closeStandaloneSSEStream: () => this.#streams.disconnectStandalone(),
    };
  }

  #deliver(message: JSONRPCMessage, extra: MessageExtraInfo): void {
    if (this.#requests.admit(message)) this.onmessage?.(message, extra);
    const cancelled = readCancelledId(message);
    if (cancelled !== undefined) this.#answer(cancelled);
  }

  #answer(id: RequestId, message?: JSONRPCMessage): void {
    this.#requests.settle(id)?.answer(id, message);
  }

  /** Stops the methods whose answers no client waits for. */
  #cancel(reply: PostResponse): void {
    for (const requestId of reply.pending) {
      this.#requests.settle(requestId);
      const params = { requestId, reason: "The client has disconnected." };
      this.onmessage?.({ jsonrpc: "2.0", method: "notifications/cancelled", params });
    }
  }

  #findTarget(requestId: RequestId | undefined): PostResponse | MessageStream | undefined {
    if (requestId === undefined) return this.#streams.standalone;
    const reply = this.#requests.get(requestId);
    return reply?.acceptsStream ? reply : undefined;
  }
}

import type {
  AuthInfo as SdkAuthInfo,
  JSONRPCMessage,
  MessageExtraInfo,
  RequestId,
  Transport,
  TransportSendOptions,
} from "@modelcontextprotocol/server";
import { MessageStream, type Connecting, isKept } from "./message-stream.ts";
import type { EventStore } from "../event-store.ts";
import type { SseStreamDeps } from "../sse.ts";
import { PostResponse, type PostResponseDeps, refuseGone } from "./post-response.ts";
import { type PostedMessages, isInitialize, isRequest, refuseMessage } from "./messages.ts";
import type { InFlight } from "../../util/in-flight.ts";
import { refuse, refuseBusy } from "../responses.ts";

/** How a session's messages are kept. */
export interface EventLogDeps {
  readonly store: EventStore;
  /** What the ids of the session's streams begin with. It is no secret: it is in the ids of events. */
  readonly prefix: string;
  readonly retryMs: number;
}

/** What a transport is made of. */
export interface TransportSource {
  readonly settings: SseStreamDeps;
  readonly sessionId?: string;
  readonly journal?: EventLogDeps | undefined;
  /** The client has been heard of: it has sent something, got an answer, or hung up. What the server says unasked does not count. */
  readonly onActivity: () => void;
  /** Counts the calls of all clients. */
  readonly calls: InFlight;
  /** Requests are being answered, */
  readonly onBusy: () => void;
  /** and none any more. */
  readonly onIdle: () => void;
  readonly onError: (error: Error) => void;
}

/** What comes with the messages of a POST. */
export interface IncomingRequest extends PostedMessages {
  readonly request: Request;
  readonly authInfo?: SdkAuthInfo | undefined;
}

// From here on clients understand events without data.
const PRIMING_VERSION = "2025-11-25";

/** Streamable HTTP as MCP has had it up to 2025-11-25: one SDK server's side of a session, or of a single POST. */
export class StreamableHttpTransport implements Transport {
  readonly sessionId?: string;
  onmessage?: (message: JSONRPCMessage, extra?: MessageExtraInfo) => void;
  onclose?: () => void;
  onerror?: (error: Error) => void;
  readonly #source: TransportSource;
  readonly #headers: { readonly [name: string]: string };
  readonly #exchanges = new Map<RequestId, PostResponse>();
  readonly #channels = new Map<string, MessageStream>();
  /** Requests of ours that the client has not answered. */
  readonly #asked = new Set<RequestId>();
  #standalone: MessageStream | undefined;
  #streams = 0;
  #protocolVersion: string | undefined;
  #isClosed = false;

  constructor(source: TransportSource) {
    this.#source = source;
    if (source.sessionId !== undefined) this.sessionId = source.sessionId;
    this.#headers = source.sessionId === undefined ? {} : { "mcp-session-id": source.sessionId };
  }

  /** What `initialize` has settled. */
  get protocolVersion(): string | undefined {
    return this.#protocolVersion;
  }

  /** Whether a client waits for an answer or listens. */
  get isConnected(): boolean {
    if (this.#standalone?.isConnected) return true;
    for (const exchange of this.#exchanges.values()) if (exchange.isConnected) return true;
    return false;
  }

  setProtocolVersion(version: string): void {
    this.#protocolVersion = version;
  }

  async start(): Promise<void> {
    // Requests bring their own connections.
  }

  /** Serves the messages of one POST. */
  async receive({ messages, toBody, request, authInfo }: IncomingRequest): Promise<Response> {
    if (this.#isClosed) return refuseEnded();
    this.#source.onActivity();
    const requests = messages.filter(isRequest);
    const twice = requests.find(({ id }) => this.#exchanges.has(id));
    if (twice)
      return refuseMessage("A request with this id is being answered: every request needs an id of its own.", twice);
    const extra = { request, ...(authInfo && { authInfo }) };
    if (requests.length === 0) {
      for (const message of messages) this.#deliver(message, extra);
      return new Response(null, { status: 202, headers: this.#headers });
    }
    if (request.signal.aborted) return refuseGone();
    const refused = requests.findIndex(() => !this.#source.calls.enter(this));
    if (refused >= 0) {
      for (let i = 0; i < refused; i++) this.#source.calls.leave(this);
      return refuseBusy(requests[0]?.id);
    }
    const exchange = this.#open(
      requests.map(({ id }) => id),
      { toBody, signal: request.signal },
    );
    // initialize is answered at once, and in plain JSON: nobody has to come back for it.
    const resumable = this.#primes && !requests.some(isInitialize);
    if (resumable) exchange.stream();
    for (const message of messages) {
      this.#deliver(message, resumable && isRequest(message) ? { ...extra, ...this.#closers(exchange) } : extra);
    }
    return exchange.response;
  }

  /** Opens the stream for what belongs to no request. */
  listen(connecting: Connecting): Response {
    this.#source.onActivity();
    if (this.#standalone?.isConnected) {
      return refuse({ status: 409, message: "This session has an open stream already. It can have one." });
    }
    this.#standalone ??= this.#createChannel(() => undefined);
    return this.#standalone.connect(connecting);
  }

  /** Goes on with a stream after the last event that the client has got. */
  async resume(lastEventId: string, connecting: Connecting): Promise<Response> {
    this.#source.onActivity();
    const { journal } = this.#source;
    // Without a store no event has had an id: the header is none of ours.
    if (!journal) return this.listen(connecting);
    const { store, prefix } = journal;
    let missed = 0;
    let streamId = await store.getStreamIdForEventId?.(lastEventId);
    if (streamId === undefined ? store.getStreamIdForEventId : !streamId.startsWith(prefix)) return refuseEvent();
    if (streamId === undefined || !this.#channels.has(streamId)) {
      streamId = await store.replayEventsAfter(lastEventId, {
        send: async (_, message) => void (missed += isKept(message) ? 1 : 0),
      });
    }
    if (typeof streamId !== "string" || !streamId.startsWith(prefix)) return refuseEvent();
    if (this.#isClosed) return refuseEnded();
    const live = this.#channels.get(streamId);
    if (live) return live.connect({ ...connecting, lastEventId });
    // Over and done: an empty stream would make clients come back again and again.
    if (missed === 0) return refuseEvent();
    const past = this.#createChannel(() => undefined, streamId);
    const response = past.connect({ ...connecting, lastEventId });
    past.end();
    return response;
  }

  async send(message: JSONRPCMessage, options?: TransportSendOptions): Promise<void> {
    if (!("method" in message)) {
      this.#source.onActivity();
      if (message.id !== undefined) this.#answer(message.id, message);
      return;
    }
    const target = this.#findTarget(options?.relatedRequestId);
    if (isRequest(message)) {
      if (!target || this.sessionId === undefined) {
        throw new Error(`The client cannot be asked (${message.method}): it has no stream open on a session.`);
      }
      this.#asked.add(message.id);
    }
    await target?.send(message);
  }

  async close(): Promise<void> {
    await this.closeWith(refuseEnded());
  }

  /** Closes, with an answer to those who still wait for one. Resolves when nothing is left to be kept. */
  async closeWith(response: Response): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const channels = [...this.#channels.values()];
    for (const exchange of new Set(this.#exchanges.values())) exchange.abandon(response.clone());
    for (const id of this.#exchanges.keys()) this.#forget(id);
    this.#standalone?.end();
    this.onclose?.();
    await Promise.all(channels.map((channel) => channel.settled()));
  }

  get #primes(): boolean {
    return this.#source.journal !== undefined && (this.#protocolVersion ?? "") >= PRIMING_VERSION;
  }

  #open(ids: readonly RequestId[], { toBody, signal }: Pick<PostResponseDeps, "toBody" | "signal">): PostResponse {
    const exchange: PostResponse = new PostResponse({
      ids,
      toBody,
      signal,
      headers: this.#headers,
      createChannel: (onLost) => this.#createChannel(onLost),
      onGone: () => this.#cancel(exchange),
    });
    for (const id of ids) this.#exchanges.set(id, exchange);
    this.#source.onBusy();
    return exchange;
  }

  #createChannel(onLost: () => void, known?: string): MessageStream {
    const { settings, journal, onActivity, onError } = this.#source;
    const streamId = journal && (known ?? `${journal.prefix}${++this.#streams}`);
    const channel = new MessageStream({
      settings,
      headers: this.#headers,
      journal: journal && streamId !== undefined ? { ...journal, streamId, primes: this.#primes } : undefined,
      onDisconnected: (isLost) => {
        onActivity();
        if (isLost) onLost();
      },
      onEnded: () => streamId !== undefined && this.#channels.delete(streamId),
      onError,
    });
    if (streamId !== undefined) this.#channels.set(streamId, channel);
    return channel;
  }

  #closers(exchange: PostResponse): Pick<MessageExtraInfo, "closeSSEStream" | "closeStandaloneSSEStream"> {
    return {
      closeSSEStream: () => exchange.channel?.disconnect(),
      closeStandaloneSSEStream: () => this.#standalone?.disconnect(),
    };
  }

  #deliver(message: JSONRPCMessage, extra: MessageExtraInfo): void {
    // The SDK would report an answer that nobody waits for, and with all that is in it.
    if (!("method" in message) && !(message.id !== undefined && this.#asked.delete(message.id))) return;
    this.onmessage?.(message, extra);
    if ("method" in message && message.method === "notifications/cancelled") {
      const { requestId } = (message.params ?? {}) as { readonly requestId?: RequestId };
      if (requestId !== undefined) this.#answer(requestId);
    }
  }

  #answer(id: RequestId, message?: JSONRPCMessage): void {
    this.#exchanges.get(id)?.answer(id, message);
    this.#forget(id);
  }

  #forget(id: RequestId): void {
    if (!this.#exchanges.delete(id)) return;
    this.#source.calls.leave(this);
    if (this.#exchanges.size === 0) this.#source.onIdle();
  }

  /** Stops the methods of requests that nobody waits for any more. */
  #cancel(exchange: PostResponse): void {
    for (const requestId of exchange.pending) {
      this.#forget(requestId);
      const params = { requestId, reason: "The client has gone." };
      this.onmessage?.({ jsonrpc: "2.0", method: "notifications/cancelled", params });
    }
  }

  #findTarget(requestId: RequestId | undefined): PostResponse | MessageStream | undefined {
    if (requestId !== undefined) return this.#exchanges.get(requestId);
    const standalone = this.#standalone;
    return standalone?.isConnected || standalone?.isResumable ? standalone : undefined;
  }
}

/** The same words for an event of another session as for one that never was. */
function refuseEvent(): Response {
  return refuse({
    status: 400,
    message: "There is nothing to resume after this Last-Event-ID: it is unknown, too old, or the last of its stream.",
  });
}

function refuseEnded(): Response {
  return refuse({ status: 404, message: "The session has ended." });
}

import type { EventStore } from "../event-store.ts";
import { errorResponse, type HttpRefusal } from "../responses.ts";
import type { SseLimits } from "../sse.ts";
import { isPrimingEvent, MessageStream, type StreamClient } from "./message-stream.ts";

/** The event log of a session, from which its clients resume. */
export interface EventLog {
  readonly store: EventStore;
  /** Start of the ids of the session's streams. It is not secret: event ids may contain it. */
  readonly prefix: string;
  /** Time after which a disconnected client should reconnect, in ms. */
  readonly retryMs: number;
}

/** Dependencies of {@link SessionStreams}. */
export interface SessionStreamsDeps {
  readonly sse: SseLimits;
  readonly headers: { readonly [name: string]: string };
  readonly eventLog?: EventLog | undefined;
  /** Called when a connection of a client is over. */
  readonly onActivity: () => void;
  readonly onError: (error: Error) => void;
}

// The first revision whose clients accept events without data.
const PRIMING_VERSION = "2025-11-25";

/** The streams of a session: those of its POST responses, and one outside of requests. */
export class SessionStreams {
  /** The protocol version that `initialize` has negotiated. */
  protocolVersion: string | undefined;
  readonly #deps: SessionStreamsDeps;
  /** The streams that can be resumed and have not ended, by their ids. */
  readonly #resumable = new Map<string, MessageStream>();
  #standalone: MessageStream | undefined;
  #created = 0;
  #isClosed = false;

  constructor(deps: SessionStreamsDeps) {
    this.#deps = deps;
  }

  /** True if streams start with a priming event, which makes them resumable from the start. */
  get sendPrimingEvents(): boolean {
    return this.#deps.eventLog !== undefined && (this.protocolVersion ?? "") >= PRIMING_VERSION;
  }

  /** True while a client is connected to the stream outside of requests. */
  get isListening(): boolean {
    return this.#standalone?.isConnected ?? false;
  }

  /** The stream outside of requests, if a client listens to it or can resume it. */
  get standalone(): MessageStream | undefined {
    return this.isListening || this.#standalone?.isResumable ? this.#standalone : undefined;
  }

  /**
   * Creates a stream.
   * @param onLost Called when the client has disconnected
   * @param knownId Id of a stream that has ended, to resume it
   */
  create(onLost: () => void, knownId?: string): MessageStream {
    const { sse, headers, eventLog, onActivity, onError } = this.#deps;
    const streamId = eventLog && (knownId ?? `${eventLog.prefix}${++this.#created}`);
    const { sendPrimingEvents: sendsPrimingEvent } = this;
    const stream = new MessageStream({
      sse,
      headers,
      log: eventLog && streamId !== undefined ? { ...eventLog, streamId, sendsPrimingEvent } : undefined,
      onDisconnected: (isLost) => {
        onActivity();
        if (isLost) onLost();
      },
      onEnded: () => streamId !== undefined && this.#resumable.delete(streamId),
      onError,
    });
    if (streamId !== undefined) this.#resumable.set(streamId, stream);
    return stream;
  }

  /** Connects a client to the stream outside of requests. */
  listen(client: StreamClient): Response {
    if (this.isListening) {
      const message = "This session already has an open stream. Close it first, or open another session.";
      return errorResponse({ status: 409, message });
    }
    this.#standalone ??= this.create(() => undefined);
    return this.#standalone.connect(client);
  }

  /** Resumes a stream after the last event that the client has received. */
  async resume(lastEventId: string, client: StreamClient): Promise<Response> {
    const { eventLog } = this.#deps;
    // Without an event log, no event of this server had an id.
    if (!eventLog) return this.listen(client);
    const { store, prefix } = eventLog;
    let missed = 0;
    let streamId = await store.getStreamIdForEventId?.(lastEventId);
    if (streamId === undefined ? store.getStreamIdForEventId : !streamId.startsWith(prefix))
      return unknownEventResponse();
    if (streamId === undefined || !this.#resumable.has(streamId)) {
      streamId = await store.replayEventsAfter(lastEventId, {
        send: async (_, message) => void (missed += isPrimingEvent(message) ? 0 : 1),
      });
    }
    if (typeof streamId !== "string" || !streamId.startsWith(prefix)) return unknownEventResponse();
    if (this.#isClosed) return errorResponse(ENDED_SESSION);
    const open = this.#resumable.get(streamId);
    if (open) return open.connect({ ...client, lastEventId });
    // The stream has ended. After an empty one, clients would reconnect again and again.
    if (missed === 0) return unknownEventResponse();
    const ended = this.create(() => undefined, streamId);
    ended.end();
    return ended.connect({ ...client, lastEventId });
  }

  /** Ends the connection to the stream outside of requests. Its client may reconnect. */
  disconnectStandalone(): void {
    this.#standalone?.disconnect();
  }

  /** Ends the stream outside of requests. Resolves when the messages of all streams are stored. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const streams = [...this.#resumable.values()];
    this.#standalone?.end();
    await Promise.all(streams.map((stream) => stream.settled()));
  }
}

/** Creates the response for an event id that is unknown, or that belongs to another session. */
function unknownEventResponse(): Response {
  return errorResponse({
    status: 400,
    message: "Cannot resume after this Last-Event-ID: it is unknown, too old, or the last of its stream.",
  });
}

/** The refusal of a session that has ended. */
export const ENDED_SESSION: HttpRefusal = {
  status: 404,
  message: "The session has ended. Send initialize to open another one.",
};

import type { JSONRPCMessage } from "@modelcontextprotocol/server";
import { toError } from "../../errors.ts";
import type { EventStore } from "../event-store.ts";
import { type SseEvent, type SseLimits, SseStream } from "../sse.ts";

/** The event log of one stream. */
export interface StreamLog {
  readonly store: EventStore;
  readonly streamId: string;
  /**
   * True if each connection starts with a priming event: an event with an id and without data, so
   * that the client can resume from the start. Clients before 2025-11-25 fail on it.
   */
  readonly sendsPrimingEvent: boolean;
  /** Time after which a disconnected client should reconnect, in ms. */
  readonly retryMs: number;
}

/** Dependencies of a {@link MessageStream}. */
export interface MessageStreamDeps {
  readonly sse: SseLimits;
  readonly headers: { readonly [name: string]: string };
  readonly log?: StreamLog | undefined;
  /** Called when a connection is over. `isLost`: the client has disconnected or stopped reading. */
  readonly onDisconnected: (isLost: boolean) => void;
  /** Called when the stream is over and its log is complete. Only with a log. */
  readonly onEnded: () => void;
  readonly onError: (error: Error) => void;
}

/** A client that connects to a stream. */
export interface StreamClient {
  /** Aborts when the client disconnects. */
  readonly signal: AbortSignal;
  /** Time at which the connection ends, in ms since 1970. */
  readonly until?: number | undefined;
  /** Id of the last event that the client has received. */
  readonly lastEventId?: string | undefined;
}

/** A stream of messages to a client. With a log, it outlives its connections. */
export class MessageStream {
  readonly #deps: MessageStreamDeps;
  /** The latest connection, whose client receives the messages that are sent from now on. */
  #connection: SseStream | undefined;
  /** The connection that is written to: the latest one, once its turn in the queue has come. */
  #writer: SseStream | undefined;
  // Storing a message takes time; the order of messages must not depend on how long.
  #queue: Promise<void> = Promise.resolve();
  #isResumable = false;
  #hasEnded = false;

  constructor(deps: MessageStreamDeps) {
    this.#deps = deps;
  }

  get isConnected(): boolean {
    return this.#connection?.isOpen ?? false;
  }

  /** True once the client has received an event id to resume from. */
  get isResumable(): boolean {
    return this.#isResumable;
  }

  /** Opens a connection, which replaces the previous one. */
  connect({ signal, until, lastEventId }: StreamClient): Response {
    const previous = this.#connection;
    this.#connection = undefined;
    previous?.end();
    const { sse, headers, log } = this.#deps;
    const onClosed = (isLost: boolean): void => this.#forget(connection, isLost);
    const connection: SseStream = new SseStream({ ...sse, headers, signal, until, onClosed });
    this.#connection = connection;
    if (!log) {
      this.#writer = connection;
      return connection.response;
    }
    void this.#enqueue(async () => {
      this.#writer = connection;
      if (lastEventId !== undefined) await this.#replay(log, lastEventId);
      if (this.#hasEnded) this.#endConnection();
      else if (log.sendsPrimingEvent) await this.#sendPrimingEvent(log);
    });
    return connection.response;
  }

  /** Sends a message. Resolves when it is stored and written. */
  send(message: JSONRPCMessage): Promise<void> {
    const { log } = this.#deps;
    if (log) return this.#enqueue(() => this.#store(log, message));
    this.#write({ data: JSON.stringify(message) });
    return this.#queue;
  }

  /** Ends the connection after the messages that were sent. The client may reconnect. */
  disconnect(): void {
    if (this.#deps.log) void this.#enqueue(async () => this.#endConnection());
    else this.#endConnection();
  }

  /** Ends the stream. A client that reconnects in time receives the messages it missed. */
  end(): void {
    // Queued with a log: an answer can be sent before the connection has had its turn, and a
    // connection that finds the stream ended hangs up.
    if (this.#deps.log) void this.#enqueue(async () => this.#finish());
    else this.#finish();
  }

  /** Resolves when all messages that were sent are stored. */
  settled(): Promise<void> {
    return this.#queue;
  }

  /** Resolves when the client has received most of what was written, or is not connected. */
  async ready(): Promise<void> {
    await this.#writer?.ready();
  }

  #finish(): void {
    this.#hasEnded = true;
    this.#endConnection();
    if (this.#deps.log) this.#deps.onEnded();
  }

  #endConnection(): void {
    this.#writer?.end();
    this.#writer = undefined;
  }

  #forget(connection: SseStream, isLost: boolean): void {
    // A later connection may have replaced it.
    if (this.#connection !== connection) return;
    this.#connection = undefined;
    this.#deps.onDisconnected(isLost);
  }

  #write(event: SseEvent): void {
    this.#writer?.write(event);
    if (event.id !== undefined) this.#isResumable ||= this.#writer?.isOpen ?? false;
  }

  async #store({ store, streamId }: StreamLog, message: JSONRPCMessage): Promise<void> {
    let id: string | undefined;
    try {
      id = await store.storeEvent(streamId, message);
    } finally {
      // If the store fails, the client cannot resume after this message, but still receives it.
      this.#write({ id, data: JSON.stringify(message) });
    }
  }

  async #sendPrimingEvent({ store, streamId, retryMs }: StreamLog): Promise<void> {
    const id = await store.storeEvent(streamId, {} as JSONRPCMessage);
    this.#write({ id, retry: retryMs, data: "" });
  }

  async #replay({ store }: StreamLog, lastEventId: string): Promise<void> {
    await store.replayEventsAfter(lastEventId, {
      send: async (id, message) => {
        if (isPrimingEvent(message)) return;
        this.#write({ id, data: JSON.stringify(message) });
        // Written all at once, the messages could exceed the stream's limit.
        await this.ready();
      },
    });
  }

  #enqueue(step: () => Promise<void>): Promise<void> {
    return (this.#queue = this.#queue.then(step).catch((error: unknown) => this.#deps.onError(toError(error))));
  }
}

/** Checks whether a stored event is the priming event of a connection, and not a message. */
export function isPrimingEvent(event: object): boolean {
  return !("jsonrpc" in event);
}

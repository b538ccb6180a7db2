import type { JSONRPCMessage } from "@modelcontextprotocol/server";
import type { EventStore } from "../event-store.ts";
import { SseStream, type StreamEvent, type SseStreamDeps } from "../sse.ts";

/** How the messages of a channel are kept. */
export interface EventLog {
  readonly store: EventStore;
  readonly streamId: string;
  /** Whether each connection begins with an event that has an id and no data, which clients before 2025-11-25 stumble over. */
  readonly primes: boolean;
  /** When a client shall come back, in ms. */
  readonly retryMs: number;
}

/** What a channel is made of. */
export interface MessageStreamDeps {
  readonly settings: SseStreamDeps;
  readonly headers: { readonly [name: string]: string };
  readonly journal?: EventLog | undefined;
  /** A connection is over. If it is lost, the client may come back as long as the channel is resumable. */
  readonly onDisconnected: (isLost: boolean) => void;
  /** It has ended, and everything is kept that there is to keep. Only with a journal. */
  readonly onEnded: () => void;
  readonly onError: (error: Error) => void;
}

/** Who connects to a channel. */
export interface Connecting {
  readonly signal: AbortSignal;
  /** When to hang up, in ms since 1970. */
  readonly until?: number | undefined;
  /** The last event that the client has got. */
  readonly lastEventId?: string | undefined;
}

/** One stream of messages to a client. With a journal it outlives the connections that carry it. */
export class MessageStream {
  readonly #source: MessageStreamDeps;
  /** The latest connection, */
  #connection: SseStream | undefined;
  /** and the one that is written to: the latest, once its turn in the queue has come. */
  #writer: SseStream | undefined;
  // To keep a message takes time. The order of messages must not depend on how long.
  #queue: Promise<void> = Promise.resolve();
  #isResumable = false;
  #hasEnded = false;

  constructor(source: MessageStreamDeps) {
    this.#source = source;
  }

  get isConnected(): boolean {
    return this.#connection?.isOpen ?? false;
  }

  /** Whether the client has an id to come back with. */
  get isResumable(): boolean {
    return this.#isResumable;
  }

  /** Opens a connection, in the place of the last one if there was one. */
  connect({ signal, until, lastEventId }: Connecting): Response {
    const last = this.#connection;
    this.#connection = undefined;
    last?.end();
    const { settings, headers, journal } = this.#source;
    const onClosed = (isLost: boolean): void => this.#forget(connection, isLost);
    const connection: SseStream = new SseStream({ ...settings, headers, signal, until, onClosed });
    this.#connection = connection;
    if (!journal) {
      this.#writer = connection;
      return connection.response;
    }
    void this.#enqueue(async () => {
      this.#writer = connection;
      if (lastEventId !== undefined) await this.#replay(journal, lastEventId);
      if (this.#hasEnded) this.#hangUp();
      else if (journal.primes) await this.#prime(journal);
    });
    return connection.response;
  }

  /** Resolves when the message is on its way. */
  send(message: JSONRPCMessage): Promise<void> {
    const { journal } = this.#source;
    if (journal) return this.#enqueue(() => this.#keep(journal, message));
    this.#write({ data: JSON.stringify(message) });
    return this.#queue;
  }

  /** Hangs up after what was sent. The client may come back. */
  disconnect(): void {
    if (this.#source.journal) void this.#enqueue(async () => this.#hangUp());
    else this.#hangUp();
  }

  /** Hangs up for good: there is nothing more to say. A client that comes back before that gets what it missed. */
  end(): void {
    this.#hasEnded = true;
    this.disconnect();
    if (this.#source.journal) void this.#queue.then(() => this.#source.onEnded());
  }

  /** Resolves when all is kept that there is to keep. */
  settled(): Promise<void> {
    return this.#queue;
  }

  /** Resolves when the client has taken most of what was sent, or is not connected. */
  async ready(): Promise<void> {
    await this.#writer?.ready();
  }

  #hangUp(): void {
    this.#writer?.end();
    this.#writer = undefined;
  }

  #forget(connection: SseStream, isLost: boolean): void {
    // Another one may have taken its place.
    if (this.#connection !== connection) return;
    this.#connection = undefined;
    this.#source.onDisconnected(isLost);
  }

  #write(event: StreamEvent): void {
    this.#writer?.write(event);
    if (event.id !== undefined) this.#isResumable ||= this.#writer?.isOpen ?? false;
  }

  async #keep({ store, streamId }: EventLog, message: JSONRPCMessage): Promise<void> {
    let id: string | undefined;
    try {
      id = await store.storeEvent(streamId, message);
    } finally {
      // A store that fails costs the client the chance to come back, not the message.
      this.#write({ id, data: JSON.stringify(message) });
    }
  }

  async #prime({ store, streamId, retryMs }: EventLog): Promise<void> {
    const id = await store.storeEvent(streamId, {} as JSONRPCMessage);
    this.#write({ id, retry: retryMs, data: "" });
  }

  async #replay({ store }: EventLog, lastEventId: string): Promise<void> {
    await store.replayEventsAfter(lastEventId, {
      send: async (id, message) => {
        if (!isKept(message)) return;
        this.#write({ id, data: JSON.stringify(message) });
        // All at once, it could be more than may wait.
        await this.ready();
      },
    });
  }

  #enqueue(step: () => Promise<void>): Promise<void> {
    return (this.#queue = this.#queue.then(step).catch((error: unknown) => this.#source.onError(toError(error))));
  }
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

/** Whether an event of a store is a message, and not the beginning of a stream. */
export function isKept(message: object): boolean {
  return "jsonrpc" in message;
}

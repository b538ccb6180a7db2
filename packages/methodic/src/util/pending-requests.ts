import type { InFlight } from "./in-flight.ts";
import { type MessageId, readId, readMethod } from "./json-rpc.ts";

/**
 * The unanswered requests of one connection, in both directions: those of the client until the
 * server answers or the client cancels them, and those of the server until the client answers.
 */
export class PendingRequests<Owner = unknown, Reply extends object | true = true> {
  readonly #inFlight: InFlight<Owner>;
  readonly #owner: Owner;
  readonly #key: string | undefined;
  readonly #pending = new Map<MessageId, Reply>();
  readonly #asked = new Set<MessageId>();

  /**
   * @param inFlight Counts the client's requests, as work of `owner`
   * @param key Key of the client's caller, if it has a share of the count
   */
  constructor(inFlight: InFlight<Owner>, owner: Owner, key?: string) {
    this.#inFlight = inFlight;
    this.#owner = owner;
    this.#key = key;
  }

  /**
   * Adds requests of the client, all with the same reply. Returns undefined and adds none of them
   * if too many are in flight.
   */
  add(ids: readonly MessageId[], createReply: () => Reply): Reply | undefined {
    const added = [...new Set(ids)].filter((id) => !this.#pending.has(id));
    const refused = added.findIndex(() => !this.#inFlight.enter(this.#owner, this.#key));
    if (refused >= 0) {
      for (let i = 0; i < refused; i++) this.#inFlight.leave(this.#owner);
      return undefined;
    }
    const reply = createReply();
    for (const id of ids) this.#pending.set(id, reply);
    return reply;
  }

  /** The ids of the client's requests. */
  get ids(): readonly MessageId[] {
    return [...this.#pending.keys()];
  }

  has(id: MessageId): boolean {
    return this.#pending.has(id);
  }

  /** Returns the reply to a request of the client. */
  get(id: MessageId): Reply | undefined {
    return this.#pending.get(id);
  }

  /** Returns the replies to the client's requests, each of them once. */
  get replies(): ReadonlySet<Reply> {
    return new Set(this.#pending.values());
  }

  /** Removes a request of the client: it was answered or cancelled, or its client disconnected. */
  settle(id: MessageId): Reply | undefined {
    const reply = this.#pending.get(id);
    if (this.#pending.delete(id)) this.#inFlight.leave(this.#owner);
    return reply;
  }

  /** Removes all requests of the client. */
  settleAll(): void {
    for (const id of this.#pending.keys()) this.settle(id);
  }

  /** Adds a request of the server. */
  ask(id: MessageId): void {
    this.#asked.add(id);
  }

  /** Returns the ids of the server's requests that the client has not answered. */
  get asked(): readonly MessageId[] {
    return [...this.#asked];
  }

  /**
   * Removes the request of the server that a message answers. Returns false for a response to an
   * unknown request: the SDK would report it as an error that contains the whole message.
   */
  admit(message: unknown): boolean {
    if (readMethod(message) !== undefined) return true;
    const id = readId(message);
    return id !== undefined && this.#asked.delete(id);
  }
}

/** Reads the id of the request that a message cancels; undefined for other messages. */
export function readCancelledId(message: unknown): MessageId | undefined {
  if (readMethod(message) !== "notifications/cancelled") return undefined;
  const { params } = message as { readonly params?: { readonly requestId?: unknown } };
  return readId({ id: params?.requestId });
}

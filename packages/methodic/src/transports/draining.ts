import type {
  JSONRPCMessage,
  MessageExtraInfo,
  Transport as SdkTransport,
  TransportSendOptions,
} from "@modelcontextprotocol/server";
import { toError } from "../errors.ts";
import {
  checkMessage,
  checkModernMessage,
  checkRevision,
  claimsModernEra,
  type Refusal,
  toErrorResponse,
  toFailedResponse,
} from "../protocol/message-check.ts";
import { InFlight } from "../util/in-flight.ts";
import { type MessageId, readId, readMethod, SERVER_ERROR } from "../util/json-rpc.ts";
import { PendingRequests, readCancelledId } from "../util/pending-requests.ts";
import type { Transport } from "./transport.ts";

/**
 * Wraps a transport to track its pending requests, so that a closing server can let them finish.
 */
export class DrainingTransport implements SdkTransport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: <T extends JSONRPCMessage>(message: T, extra?: MessageExtraInfo) => void;
  readonly #inner: SdkTransport;
  readonly #inFlight = new InFlight<this>();
  readonly #requests = new PendingRequests<this>(this.#inFlight, this);
  /** Requests that were answered with an error because the server closes. */
  readonly #refused = new Set<MessageId>();
  readonly #end: { readonly promise: Promise<void>; readonly resolve: () => void };

  constructor(inner: Transport) {
    this.#inner = inner as SdkTransport;
    let resolve = (): void => undefined;
    const promise = new Promise<void>((done) => (resolve = done));
    this.#end = { promise, resolve };
  }

  /** Resolves when the connection has ended, from either side. */
  get ended(): Promise<void> {
    return this.#end.promise;
  }

  get sessionId(): string | undefined {
    return this.#inner.sessionId;
  }

  async start(): Promise<void> {
    // The handlers of an SDK transport are properties, unlike those of the DOM.
    /* oxlint-disable unicorn/prefer-add-event-listener */
    this.#inner.onclose = () => this.#onClose();
    this.#inner.onerror = (error) => this.onerror?.(error);
    this.#inner.onmessage = (message, extra) => {
      const refusal = claimsModernEra(message)
        ? (checkModernMessage(message) ?? checkRevision(message as { readonly params?: unknown }))
        : checkMessage(message);
      if (refusal) return this.#refuse(message, refusal);
      this.#track(message);
      this.onmessage?.(message, extra);
    };
    /* oxlint-enable unicorn/prefer-add-event-listener */
    await this.#inner.start();
  }

  async send(message: JSONRPCMessage, options?: TransportSendOptions): Promise<void> {
    const isAnswered = !("method" in message) && message.id !== undefined && this.#refused.has(message.id);
    if (isAnswered) return;
    try {
      await this.#inner.send(message, options);
    } finally {
      if (!("method" in message) && message.id !== undefined) this.#requests.settle(message.id);
    }
  }

  async close(): Promise<void> {
    await this.#inner.close();
  }

  setProtocolVersion(version: string): void {
    this.#inner.setProtocolVersion?.(version);
  }

  /**
   * Resolves when every request is answered or the connection is closed. After a timeout, answers
   * the others with an error.
   */
  async drained(timeoutMs: number): Promise<void> {
    await this.#inFlight.drained(timeoutMs);
    const error = { code: SERVER_ERROR, message: "The server is shutting down." };
    const answers = this.#requests.ids.map(async (id) => {
      this.#refused.add(id);
      await this.#inner.send(toErrorResponse(id, error));
    });
    await Promise.allSettled(answers);
  }

  /** Answers an invalid request. Any other invalid message is only reported. */
  #refuse(message: unknown, refusal: Refusal): void {
    const id = readMethod(message) === undefined ? undefined : readId(message);
    if (id === undefined) {
      this.onerror?.(new Error(`ignored a message: ${refusal.message}`));
      const failed = toFailedResponse(message);
      return failed && this.onmessage?.(failed);
    }
    this.#inner.send(toErrorResponse(id, refusal)).catch((error: unknown) => this.onerror?.(toError(error)));
  }

  #track(message: JSONRPCMessage): void {
    // A subscription is answered when the connection ends: it must not hold up a closing server.
    const isRequest = "method" in message && "id" in message && message.method !== "subscriptions/listen";
    if (isRequest) this.#requests.add([message.id as string | number], () => true);
    const cancelled = readCancelledId(message);
    if (cancelled !== undefined) this.#requests.settle(cancelled);
  }

  #onClose(): void {
    this.#requests.settleAll();
    this.#end.resolve();
    this.onclose?.();
  }
}

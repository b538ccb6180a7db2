import type {
  JSONRPCMessage,
  MessageExtraInfo,
  Transport as SdkTransport,
  TransportSendOptions,
} from "@modelcontextprotocol/server";
import type { Transport } from "./transport.ts";

/**
 * A transport that knows which requests are still to be answered, so that a closing server can let them finish.
 */
export class DrainingTransport implements SdkTransport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: <T extends JSONRPCMessage>(message: T, extra?: MessageExtraInfo) => void;
  readonly #inner: SdkTransport;
  readonly #unanswered = new Set<string | number>();
  readonly #end: { readonly promise: Promise<void>; readonly resolve: () => void };
  #waiting: (() => void)[] = [];

  constructor(inner: Transport) {
    this.#inner = inner as SdkTransport;
    let resolve = (): void => undefined;
    const promise = new Promise<void>((done) => (resolve = done));
    this.#end = { promise, resolve };
  }

  /** Resolves when the connection has ended, whoever ended it. */
  get ended(): Promise<void> {
    return this.#end.promise;
  }

  get sessionId(): string | undefined {
    return this.#inner.sessionId;
  }

  async start(): Promise<void> {
    // The handlers of an SDK transport are properties, which this lint rule takes for those of the DOM.
    /* oxlint-disable unicorn/prefer-add-event-listener */
    this.#inner.onclose = () => this.#close();
    this.#inner.onerror = (error) => this.onerror?.(error);
    this.#inner.onmessage = (message, extra) => {
      this.#noteRequest(message);
      this.onmessage?.(message, extra);
    };
    /* oxlint-enable unicorn/prefer-add-event-listener */
    await this.#inner.start();
  }

  async send(message: JSONRPCMessage, options?: TransportSendOptions): Promise<void> {
    try {
      await this.#inner.send(message, options);
    } finally {
      if (!("method" in message) && message.id !== undefined) this.#settle(message.id);
    }
  }

  async close(): Promise<void> {
    await this.#inner.close();
  }

  setProtocolVersion(version: string): void {
    this.#inner.setProtocolVersion?.(version);
  }

  /** Resolves when every request was answered, or the connection was closed, or the time is over. */
  async drained(timeoutMs: number): Promise<void> {
    if (this.#unanswered.size === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.#waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #noteRequest(message: JSONRPCMessage): void {
    if (!("method" in message)) return;
    if ("id" in message) {
      // A subscription is answered when it ends, which is when the connection does.
      if (message.method !== "subscriptions/listen") this.#unanswered.add(message.id as string | number);
    } else if (message.method === "notifications/cancelled") {
      const { requestId } = (message.params ?? {}) as { readonly requestId?: string | number };
      if (requestId !== undefined) this.#settle(requestId);
    }
  }

  #settle(id: string | number): void {
    if (this.#unanswered.delete(id) && this.#unanswered.size === 0) this.#release();
  }

  #close(): void {
    this.#unanswered.clear();
    this.#release();
    this.#end.resolve();
    this.onclose?.();
  }

  #release(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

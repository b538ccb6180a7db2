import type { ServerEvent, ServerEventBus } from "@modelcontextprotocol/server";

/**
 * Carries changes of a server to everyone who listens: connections that stay, and the `subscriptions/listen` streams of the SDK,
 * which take it as their bus. Delivery is synchronous, and a listener that throws keeps nobody else from hearing.
 */
export class EventBus implements ServerEventBus {
  readonly #listeners = new Map<object, (event: ServerEvent) => void>();

  publish(event: ServerEvent): void {
    // A copy: who starts to listen because of an event has no use for it.
    for (const listener of Array.from(this.#listeners.values())) {
      try {
        listener(event);
      } catch {
        // What one connection cannot take is that connection's concern.
      }
    }
  }

  /** @returns what ends it; calling that twice does no harm */
  subscribe(listener: (event: ServerEvent) => void): () => void {
    const key = {};
    this.#listeners.set(key, listener);
    return () => void this.#listeners.delete(key);
  }
}

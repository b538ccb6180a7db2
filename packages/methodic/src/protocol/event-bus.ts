import type { ServerEvent, ServerEventBus } from "@modelcontextprotocol/server";

/**
 * Publishes changes of a server to its live connections and to the SDK's `subscriptions/listen`
 * streams, which take it as their bus. Delivery is synchronous; a listener that throws does not
 * keep events from the others.
 */
export class EventBus implements ServerEventBus {
  readonly #listeners = new Map<object, (event: ServerEvent) => void>();

  publish(event: ServerEvent): void {
    // Copied, so that a listener subscribed by this event does not receive it.
    for (const listener of Array.from(this.#listeners.values())) {
      try {
        listener(event);
      } catch {
        // Affects one connection only, which reports its own errors.
      }
    }
  }

  /** Returns a function that unsubscribes the listener; further calls do nothing. */
  subscribe(listener: (event: ServerEvent) => void): () => void {
    const key = {};
    this.#listeners.set(key, listener);
    return () => void this.#listeners.delete(key);
  }
}

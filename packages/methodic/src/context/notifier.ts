/**
 * Notifies connected clients of changes, so that they request the new state: over stdio, in memory,
 * in sessions, and on `subscriptions/listen` streams (2026-07-28). Where the protocol has
 * subscriptions, a client receives only what it subscribed to. Does nothing without connected
 * clients, and never throws because of a client.
 */
export interface Notifier {
  /** Announces that the list of tools changed: `notifications/tools/list_changed`. */
  toolsChanged(): void;
  /** Announces that the list of prompts changed: `notifications/prompts/list_changed`. */
  promptsChanged(): void;
  /** Announces that the list of resources changed: `notifications/resources/list_changed`. */
  resourcesChanged(): void;
  /**
   * Announces that a resource's contents changed: `notifications/resources/updated`, for clients
   * that subscribed to exactly this URI.
   * @throws MethodicError `INVALID_ARGUMENT` if the URI is not a non-empty string
   */
  resourceUpdated(uri: string): void;
}

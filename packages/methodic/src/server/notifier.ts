import { MethodicError } from "../errors.ts";
import type { EventBus } from "../protocol/event-bus.ts";

/**
 * Tells connected clients that something has changed, so that they ask again: over stdio, in memory, in sessions, and on
 * `subscriptions/listen` streams (2026-07-28). A client hears only of what it has asked for, where its protocol lets it ask. Does nothing
 * when nobody listens; never throws because of a client.
 */
export interface Notifier {
  /** The list of tools is another one: `notifications/tools/list_changed`. */
  toolsChanged(): void;
  /** The list of prompts is another one: `notifications/prompts/list_changed`. */
  promptsChanged(): void;
  /** The list of resources is another one: `notifications/resources/list_changed`. */
  resourcesChanged(): void;
  /**
   * The contents of a resource have changed: `notifications/resources/updated`, for clients that subscribed to exactly this URI.
   * @throws MethodicError `INVALID_ARGUMENT` if it is no string
   */
  resourceUpdated(uri: string): void;
}

/** Makes the author's side of a hub. */
export function createNotifier(hub: EventBus): Notifier {
  return {
    toolsChanged: () => hub.publish({ kind: "tools_list_changed" }),
    promptsChanged: () => hub.publish({ kind: "prompts_list_changed" }),
    resourcesChanged: () => hub.publish({ kind: "resources_list_changed" }),
    resourceUpdated(uri) {
      if (typeof uri !== "string" || uri === "") {
        throw new MethodicError(
          "INVALID_ARGUMENT",
          `notify.resourceUpdated takes the URI of a resource, and was given ${typeof uri === "string" ? '""' : `a value of type ${typeof uri}`}.`,
        );
      }
      hub.publish({ kind: "resource_updated", uri });
    },
  };
}

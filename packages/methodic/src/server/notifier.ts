import { MethodicError } from "../errors.ts";
import { EventBus } from "../protocol/event-bus.ts";
import { lowerScheme } from "../uri-template/parse.ts";
import { showValue } from "../util/check-options.ts";

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

// `Symbol.for`: the program may have loaded another copy of this package.
const BUS: unique symbol = Symbol.for("methodic.notifier");

/**
 * Creates a notifier to pass to `createServer` and to services. A service that notifies through it
 * need not import the module of its server, which imports the service.
 *
 * @example
 * ```ts
 * import { createNotifier, createServer, type Notifier, resource } from "methodic";
 *
 * class Board {
 *   #text = "";
 *   readonly #notifier: Notifier;
 *
 *   constructor(notifier: Notifier) {
 *     this.#notifier = notifier;
 *   }
 *
 *   /** The board's text. *\/ @resource("board://text") text(): string {
 *     return this.#text;
 *   }
 *
 *   write(text: string): void {
 *     this.#text = text;
 *     this.#notifier.resourceUpdated("board://text");
 *   }
 * }
 *
 * const notifier = createNotifier();
 * const services = [new Board(notifier)];
 * export default createServer({ name: "board", version: "1.0.0", services, notifier });
 * ```
 */
export function createNotifier(): Notifier {
  const bus = new EventBus();
  const notifier: Notifier = {
    toolsChanged: () => bus.publish({ kind: "tools_list_changed" }),
    promptsChanged: () => bus.publish({ kind: "prompts_list_changed" }),
    resourcesChanged: () => bus.publish({ kind: "resources_list_changed" }),
    resourceUpdated(uri) {
      if (typeof uri !== "string" || uri === "") {
        throw new MethodicError(
          "INVALID_ARGUMENT",
          `notify.resourceUpdated: invalid URI: ${showValue(uri)}. Pass the URI of a resource.`,
        );
      }
      bus.publish({ kind: "resource_updated", uri: lowerScheme(uri) });
    },
  };
  return Object.defineProperty(notifier, BUS, { value: bus });
}

/** Returns the event bus of a notifier; undefined for any other value. */
export function findBus(notifier: unknown): EventBus | undefined {
  return (notifier as { readonly [BUS]?: EventBus } | null | undefined)?.[BUS];
}

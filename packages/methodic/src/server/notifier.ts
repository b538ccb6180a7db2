import type { Notifier } from "../context/notifier.ts";
import { MethodicError } from "../errors.ts";
import { EventBus } from "../protocol/event-bus.ts";
import { lowerScheme } from "../uri-template/parse.ts";
import { showValue } from "../util/check-options.ts";

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

import type { McpServer, ServerEvent } from "@modelcontextprotocol/server";
import type { ProtocolEra } from "../context/call-info.ts";
import type { RequestAccess } from "../dispatch/access.ts";
import type { Dispatcher } from "../dispatch/dispatcher.ts";
import { RequestError } from "../dispatch/failures.ts";
import { lowerScheme } from "../uri-template/parse.ts";
import { INTERNAL_ERROR } from "../util/json-rpc.ts";

// Bounds the memory of one connection. Clients subscribe only to the resources in view.
const MAX_SUBSCRIPTIONS = 1024;

/** A resource that a client subscribed to, up to 2025-11-25. */
interface Watched {
  readonly uri: string;
  readonly mayRead: (() => Promise<boolean>) | undefined;
}

/** The resources that may be known to a client. */
interface KnownResources {
  /** Checks whether the server has a resource. */
  exists(uri: string): boolean;
  /** Checks whether the client may read a resource. Default: it may read all. */
  readonly canRead: ((uri: string) => Promise<boolean>) | undefined;
}

/** Forwards changes of a server to the client of a live connection. */
export class Subscriptions {
  readonly #server: McpServer["server"];
  readonly #era: ProtocolEra;
  readonly #resources: KnownResources;
  /**
   * The URIs that the client subscribed to, up to 2025-11-25, as it wrote them. Keyed with the
   * scheme in lower case.
   */
  readonly #watched = new Map<string, Watched>();

  constructor(server: McpServer["server"], era: ProtocolEra, resources: KnownResources) {
    this.#server = server;
    this.#era = era;
    this.#resources = resources;
  }

  /**
   * Answers `resources/subscribe`.
   * @param mayRead Decides whether the client gets an event. Default: it gets all
   */
  watch(uri: string, mayRead?: () => Promise<boolean>): void {
    const key = lowerScheme(uri);
    if (this.#watched.size >= MAX_SUBSCRIPTIONS && !this.#watched.has(key)) {
      throw new RequestError(
        INTERNAL_ERROR,
        `Too many subscriptions: a connection may have ${MAX_SUBSCRIPTIONS}. Unsubscribe from some.`,
        { uri },
      );
    }
    this.#watched.set(key, { uri, mayRead });
  }

  /** Answers `resources/unsubscribe`. */
  unwatch(uri: string): void {
    this.#watched.delete(lowerScheme(uri));
  }

  /** Forwards an event if the client expects it and may know of it. */
  forward(event: ServerEvent): void {
    // Clients do not expect notifications before the handshake.
    if (this.#server.getNegotiatedProtocolVersion() === undefined) return;
    // A client that has gone misses the event.
    this.#send(event)?.catch(() => undefined);
  }

  #send(event: ServerEvent): Promise<void> | undefined {
    const { tools, prompts, resources } = this.#server.getCapabilities();
    switch (event.kind) {
      case "tools_list_changed":
        return tools && this.#server.sendToolListChanged();
      case "prompts_list_changed":
        return prompts && this.#server.sendPromptListChanged();
      case "resources_list_changed":
        return resources && this.#server.sendResourceListChanged();
      case "resource_updated": {
        const { uri } = event;
        if (!resources) return undefined;
        if (this.#era === "legacy") {
          const watched = this.#watched.get(uri);
          // The resource may have been removed since the client subscribed.
          return watched && this.#resources.exists(uri) ? this.#sendToWatcher(watched) : undefined;
        }
        return this.#sendIfReadable(uri);
      }
    }
  }

  async #sendToWatcher({ uri, mayRead }: Watched): Promise<void> {
    if (!mayRead || (await mayRead())) await this.#server.sendResourceUpdated({ uri });
  }

  /**
   * Sends an update on 2026-07-28, where the SDK keeps the subscriptions: it accepts any URI and
   * drops unwatched ones.
   */
  async #sendIfReadable(uri: string): Promise<void> {
    const { canRead } = this.#resources;
    if (canRead && !(await canRead(uri))) return;
    await this.#server.sendResourceUpdated({ uri });
  }
}

/** The part of a `subscriptions/listen` request that names resources. */
interface ListenRequest {
  readonly params?: { readonly notifications?: { readonly resourceSubscriptions?: unknown } };
}

/**
 * Removes from a `subscriptions/listen` request the URIs that its caller cannot read: an update
 * would reveal that the resource exists. The response names the remaining ones. A message of
 * another form is returned unchanged.
 */
export async function narrowListening(
  message: unknown,
  dispatcher: Pick<Dispatcher, "assertResource">,
  access: RequestAccess,
): Promise<unknown> {
  const { params } = message as ListenRequest;
  const uris = params?.notifications?.resourceSubscriptions;
  if (!Array.isArray(uris) || !uris.every((uri) => typeof uri === "string")) return message;
  // In the same form as the URIs of events: the SDK compares them exactly.
  const asked = [...new Set(uris.map(lowerScheme))].slice(0, MAX_SUBSCRIPTIONS);
  const readable = await Promise.all(asked.map((uri) => canRead(uri, dispatcher, access)));
  const resourceSubscriptions = asked.filter((_, i) => readable[i]);
  return {
    ...(message as object),
    params: { ...params, notifications: { ...params?.notifications, resourceSubscriptions } },
  };
}

/** Checks whether a resource exists for a caller. */
export async function canRead(
  uri: string,
  dispatcher: Pick<Dispatcher, "assertResource">,
  access: RequestAccess,
): Promise<boolean> {
  return dispatcher.assertResource(uri, access).then(
    () => true,
    () => false,
  );
}

import type { McpServer, ServerEvent } from "@modelcontextprotocol/server";
import type { ProtocolEra } from "../context/context.ts";
import type { RequestAccess } from "../dispatch/access.ts";
import type { Dispatcher } from "../dispatch/dispatcher.ts";
import { RequestError } from "../dispatch/failures.ts";
import { INTERNAL_ERROR } from "../util/json-rpc.ts";

// A client watches what its user looks at; a bound on what one connection can make the server remember.
const MAX_SUBSCRIPTIONS = 1024;

/** Tells the client of a connection that stays what has changed. */
export class Subscriptions {
  readonly #server: McpServer["server"];
  readonly #era: ProtocolEra;
  readonly #canRead: ((uri: string) => Promise<boolean>) | undefined;
  /** Up to 2025-11-25: the URIs of which the client wants to hear. */
  readonly #watched = new Set<string>();

  /** @param canRead Whether a resource is for this client; missing if all of them are */
  constructor(server: McpServer["server"], era: ProtocolEra, canRead?: (uri: string) => Promise<boolean>) {
    this.#server = server;
    this.#era = era;
    this.#canRead = canRead;
  }

  /** Answers `resources/subscribe`. */
  watch(uri: string): void {
    if (this.#watched.size >= MAX_SUBSCRIPTIONS && !this.#watched.has(uri)) {
      throw new RequestError(
        INTERNAL_ERROR,
        `This connection has ${MAX_SUBSCRIPTIONS} subscriptions, which is the limit. Unsubscribe from some.`,
        { uri },
      );
    }
    this.#watched.add(uri);
  }

  /** Answers `resources/unsubscribe`. */
  unwatch(uri: string): void {
    this.#watched.delete(uri);
  }

  /** Sends an event on, if this client is to know it. */
  forward(event: ServerEvent): void {
    // Before the handshake a client does not expect to hear of anything.
    if (this.#server.getNegotiatedProtocolVersion() === undefined) return;
    // A client that is gone hears nothing, which is nobody's mistake.
    this.#send(event)?.catch(() => undefined);
  }

  /** On 2026-07-28 the SDK takes the subscriptions, of resources that are not for this client as well; it drops what nobody listens to. */
  async #sendIfReadable(uri: string): Promise<void> {
    if (this.#canRead && !(await this.#canRead(uri))) return;
    await this.#server.sendResourceUpdated({ uri });
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
        if (this.#era === "legacy")
          return this.#watched.has(uri) ? this.#server.sendResourceUpdated({ uri }) : undefined;
        return this.#sendIfReadable(uri);
      }
    }
  }
}

/** The part of a `subscriptions/listen` request that names resources. */
interface ListenRequest {
  readonly params?: { readonly notifications?: { readonly resourceSubscriptions?: unknown } };
}

/**
 * Takes the URIs off a `subscriptions/listen` request that the caller could not read, whether there is no such resource or it is
 * not for them: to hear when it changes would tell them of it. Its client is told what is left. A message of another form is
 * returned as it is.
 */
export async function narrowListening(
  message: unknown,
  dispatcher: Pick<Dispatcher, "assertResource">,
  access: RequestAccess,
): Promise<unknown> {
  const { params } = message as ListenRequest;
  const uris = params?.notifications?.resourceSubscriptions;
  if (!Array.isArray(uris) || !uris.every((uri) => typeof uri === "string")) return message;
  const asked = [...new Set(uris)].slice(0, MAX_SUBSCRIPTIONS);
  const readable = await Promise.all(asked.map((uri) => canRead(uri, dispatcher, access)));
  const resourceSubscriptions = asked.filter((_, i) => readable[i]);
  return {
    ...(message as object),
    params: { ...params, notifications: { ...params?.notifications, resourceSubscriptions } },
  };
}

/** Whether there is such a resource for this caller. */
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

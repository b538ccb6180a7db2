import type { MessageExtraInfo, Transport } from "@modelcontextprotocol/server";
import type { RequestAccess } from "../dispatch/access.ts";
import { toSdkAuthInfo } from "../protocol/caller.ts";
import { createServerFactories } from "../protocol/server-factories.ts";
import type { Attachable } from "../server/attachable.ts";
import { DrainingTransport } from "../transports/draining.ts";
import { type JsonRpcMessage, readId } from "../util/json-rpc.ts";
import { type MessageExtra, readRequest } from "./sdk-server.ts";

/** Sends a message of the decorated components to the client. */
export type SendMessage = (message: JsonRpcMessage, options?: object) => Promise<void>;

/** The handshake of the client and the SDK's server, up to 2025-11-25. */
export interface Handshake {
  readonly params: object;
  /** The revision that the SDK's server has chosen. */
  readonly protocolVersion: string;
}

/** Dependencies of {@link openOwnServer}. */
export interface OwnServerDeps {
  readonly methodic: Attachable;
  readonly send: SendMessage;
  readonly sessionId: string | undefined;
  /** The connection outlasts a request. */
  readonly isLive: boolean;
  /** The negotiated revision if it is 2026-07-28 or later. */
  readonly revision: string | undefined;
  readonly handshake: Handshake | undefined;
  /** The name and version of the SDK's server, which each answer includes. */
  readonly info: unknown;
  readonly request: Request | undefined;
}

const HANDSHAKE_ID = "methodic:initialize";

/** The protocol server of the decorated components, behind a connection of the SDK's server. */
export class OwnServer {
  readonly #send: SendMessage;
  readonly #transport: Transport;
  #onHandshake: (() => void) | undefined;
  /** Ids of requests to the client. They have a prefix: the SDK's server counts from 0 as well. */
  readonly #asked = new Set<string>();

  constructor(send: SendMessage, sessionId: string | undefined) {
    this.#send = send;
    this.#transport = {
      ...(sessionId !== undefined && { sessionId }),
      start: async () => undefined,
      send: (message, options) => this.#forward(message as JsonRpcMessage, options),
      close: async () => this.#transport.onclose?.(),
    };
  }

  get transport(): Transport {
    return this.#transport;
  }

  deliver(message: JsonRpcMessage, extra?: MessageExtra, access?: RequestAccess): void {
    const { authInfo: _, requestInfo: __, ...others } = extra ?? {};
    const request = extra && readRequest(extra);
    const authInfo = access && toSdkAuthInfo(access);
    const ownExtra = { ...others, ...(request && { request }), ...(authInfo && { authInfo }) };
    this.#transport.onmessage?.(message as never, ownExtra as MessageExtraInfo);
  }

  /** Delivers the answer to a request of this server. Returns false for any other message. */
  deliverAnswer(message: JsonRpcMessage): boolean {
    const id = readId(message);
    if (typeof id !== "string" || !this.#asked.delete(id)) return false;
    this.deliver({ ...message, id: Number(id.slice(id.indexOf(":") + 1)) });
    return true;
  }

  /** Repeats the handshake of the other server. */
  async shakeHands({ params, protocolVersion }: Handshake): Promise<void> {
    const done = new Promise<void>((resolve) => (this.#onHandshake = resolve));
    this.deliver({
      jsonrpc: "2.0",
      id: HANDSHAKE_ID,
      method: "initialize",
      params: { ...params, protocolVersion },
    });
    await done;
  }

  close(): void {
    this.#transport.onclose?.();
  }

  async #forward(message: JsonRpcMessage, options?: object): Promise<void> {
    const { id } = message;
    if (id === HANDSHAKE_ID) return this.#onHandshake?.();
    if (message.method === undefined || id === undefined) return this.#send(message, options);
    const unique = `methodic:${id}`;
    this.#asked.add(unique);
    return this.#send({ ...message, id: unique }, options);
  }
}

/** Connects the decorated components to a connection of the SDK's server. */
export async function openOwnServer(deps: OwnServerDeps): Promise<OwnServer> {
  const { methodic, send, sessionId, isLive, revision, handshake, info, request } = deps;
  const era = revision === undefined ? "legacy" : "modern";
  const factory = methodic.factories(createServerFactories)({ live: isLive, attached: true });
  const server = await factory({ era, ...(request && { requestInfo: request }) });
  const protocol = "server" in server ? server.server : server;
  // Entries of the SDK bind the revision in this way; they export no function for it.
  if (revision !== undefined) {
    Object.assign(protocol, { _negotiatedProtocolVersion: revision, ...(info !== undefined && { _serverInfo: info }) });
  }
  const own = new OwnServer(send, sessionId);
  const transport = new DrainingTransport(own.transport as never);
  await server.connect(transport as Transport);
  methodic.track({ transport, close: () => server.close() });
  if (handshake) await own.shakeHands(handshake);
  return own;
}

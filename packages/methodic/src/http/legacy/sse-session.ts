import type {
  AuthInfo as SdkAuthInfo,
  JSONRPCMessage,
  McpServer,
  MessageExtraInfo,
  RequestId,
  Transport,
  TransportSendOptions,
} from "@modelcontextprotocol/server";
import type { AuthInfo } from "../../context/auth-info.ts";
import { identifyCaller } from "../../context/identify-caller.ts";
import { readExpiry } from "../expiry.ts";
import { refuseBusy } from "../responses.ts";
import { EventStream } from "./event-stream.ts";
import type { LegParts } from "./leg-parts.ts";
import { isRequest, refuseMessage } from "./messages.ts";
import type { Session } from "./session-table.ts";

/** What a session of the old transport begins with. */
export interface SseOpening {
  readonly signal: AbortSignal;
  readonly auth: AuthInfo | undefined;
  /** Where the client sends its messages: an absolute path, as the client sees it. */
  readonly messagesPath: string;
  /** The stream is over: the client has gone, its credentials have expired, or the session was closed. */
  readonly onLost: () => void;
}

/** A session of HTTP+SSE (MCP 2024-11-05): one stream to the client, which lives as long as the session does. */
export class SseSession implements Session, Transport {
  readonly id: string = crypto.randomUUID();
  readonly sessionId: string = this.id;
  readonly owner: string;
  activeAt: number = Date.now();
  onmessage?: (message: JSONRPCMessage, extra?: MessageExtraInfo) => void;
  onclose?: () => void;
  onerror?: (error: Error) => void;
  readonly #parts: LegParts;
  readonly #stream: EventStream;
  /** Requests that are being answered. */
  readonly #pending = new Set<RequestId>();
  /** Requests of ours that the client has not answered. */
  readonly #asked = new Set<RequestId>();
  #server: Pick<McpServer, "close"> | undefined;
  #isClosed = false;

  constructor(parts: LegParts, { signal, auth, messagesPath, onLost }: SseOpening) {
    this.#parts = parts;
    this.owner = identifyCaller(auth);
    this.#stream = new EventStream({ ...parts.streams, signal, until: readExpiry(auth), onClosed: onLost });
    this.#stream.write({ name: "endpoint", data: `${messagesPath}?sessionId=${this.id}` });
  }

  get isConnected(): boolean {
    return this.#stream.isOpen;
  }

  get response(): Response {
    return this.#stream.response;
  }

  async connect(server: Pick<McpServer, "connect" | "close">): Promise<void> {
    this.#server = server;
    await server.connect(this);
    // The client may have gone meanwhile.
    if (this.#isClosed) await server.close();
  }

  async start(): Promise<void> {
    // The stream is open from the beginning.
  }

  /** Takes a message of the client. What it is answered goes on the stream. */
  receive(message: JSONRPCMessage, extra: { readonly request: Request; readonly authInfo?: SdkAuthInfo }): Response {
    this.activeAt = Date.now();
    if (isRequest(message)) {
      if (this.#pending.has(message.id)) {
        return refuseMessage(
          "A request with this id is being answered: every request needs an id of its own.",
          message,
        );
      }
      if (!this.#parts.calls.enter()) return refuseBusy(message.id);
      this.#pending.add(message.id);
      this.#parts.running.add(this);
    }
    // The SDK would report an answer that nobody waits for, and with all that is in it.
    const isStray = !("method" in message) && !(message.id !== undefined && this.#asked.delete(message.id));
    if (!isStray) this.onmessage?.(message, extra);
    if ("method" in message && message.method === "notifications/cancelled") {
      const { requestId } = (message.params ?? {}) as { readonly requestId?: RequestId };
      if (requestId !== undefined) this.#settle(requestId);
    }
    return new Response("Accepted", { status: 202, headers: { "content-type": "text/plain" } });
  }

  async send(message: JSONRPCMessage, options?: TransportSendOptions): Promise<void> {
    if (isRequest(message)) this.#asked.add(message.id);
    this.#stream.write({ data: JSON.stringify(message) });
    if (!("method" in message) && message.id !== undefined) this.#settle(message.id);
    // A method that says much waits for its client.
    if (options?.relatedRequestId !== undefined) await this.#stream.ready();
  }

  /** Who waits for an answer learns of the end by the end of the stream. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#stream.end();
    for (const id of this.#pending) this.#settle(id);
    this.onclose?.();
    await this.#server?.close();
  }

  #settle(id: RequestId): void {
    if (!this.#pending.delete(id)) return;
    this.#parts.calls.leave();
    if (this.#pending.size === 0) this.#parts.running.delete(this);
  }
}

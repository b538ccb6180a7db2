import type { JSONRPCRequest, Transport } from "@modelcontextprotocol/server";
import { type MessageId, readId } from "../util/json-rpc.ts";
import { readCancelledId } from "../util/pending-requests.ts";
import { type Refusal, toErrorResponse } from "./message-check.ts";

// The official client forgets who listens to the progress of a call as soon as it reads the answer,
// and reads all that has arrived before it reports any of it.
const PAUSE_MS = 5;
const NEVER = Number.NEGATIVE_INFINITY;

/** Dependencies of {@link connectGuarded}. */
export interface MessageGuardDeps {
  /** Connects the SDK server to the transport. */
  readonly connect: () => Promise<void>;
  /** Returns the error that refuses a request. */
  readonly check: (request: JSONRPCRequest) => Refusal | undefined;
  /** False if the client accepts only responses. */
  readonly acceptsStream: boolean;
  /** True if the connection carries all messages, and not those of a single request. */
  readonly isShared: boolean;
}

/**
 * Connects an SDK server so that invalid requests do not reach it, and messages about a request do
 * not reach the client after its answer. The SDK refuses a request with the text of its validation
 * library, and sends what a method reports whenever it does.
 */
export async function connectGuarded(
  transport: Transport,
  { connect, check, acceptsStream, isShared }: MessageGuardDeps,
): Promise<void> {
  /** Time of the last progress report, by request. */
  const running = new Map<MessageId, number>();
  const send = transport.send.bind(transport);
  transport.send = async (message, options) => {
    if ("method" in message) {
      const about = options?.relatedRequestId;
      const isExpected = acceptsStream && (about === undefined || running.has(about));
      if (isExpected && about !== undefined && message.method === "notifications/progress")
        running.set(about, performance.now());
      if (isExpected) return send(message, options);
      if ("id" in message) throw new Error(`Cannot send ${message.method}: the client does not expect it.`);
      return undefined;
    }
    const { id } = message;
    const reportedAt = (id === undefined ? undefined : running.get(id)) ?? NEVER;
    if (id !== undefined) running.delete(id);
    if (isShared && performance.now() - reportedAt < PAUSE_MS) {
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    return send(message, options);
  };
  await connect();
  const deliver = transport.onmessage?.bind(transport);
  const receive: typeof deliver = (message, extra) => {
    const id = "method" in message ? readId(message) : undefined;
    const refusal = id === undefined ? undefined : check(message as JSONRPCRequest);
    if (refusal) {
      // The client may have gone.
      send(toErrorResponse(id as MessageId, refusal)).catch(() => undefined);
      return;
    }
    if (id !== undefined) running.set(id, NEVER);
    const cancelled = readCancelledId(message);
    if (cancelled !== undefined) running.delete(cancelled);
    deliver?.(message, extra);
  };
  // The SDK's handlers are properties; the rule mistakes them for those of the DOM.
  // oxlint-disable-next-line unicorn/prefer-add-event-listener
  transport.onmessage = receive;
}

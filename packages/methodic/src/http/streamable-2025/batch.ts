import type { JSONRPCMessage, RequestId } from "@modelcontextprotocol/server";
import { isInitialize, isRequest, type PostedMessages, readMessage, invalidMessageResponse } from "./messages.ts";

// The only revision with JSON-RPC batches: 2025-06-18 removed them.
const BATCH_VERSION = "2025-03-26";
const MAX_BATCH_SIZE = 100;

/** Reads the batch of a POST. Returns the response to send if it is invalid. */
export function readBatch(body: readonly unknown[], protocolVersion: string): PostedMessages | Response {
  if (protocolVersion !== BATCH_VERSION) {
    return invalidMessageResponse(
      `MCP ${protocolVersion} does not support JSON-RPC batches. Send one message per POST.`,
    );
  }
  if (body.length === 0) return invalidMessageResponse("The JSON-RPC batch is empty. Send at least one message.");
  if (body.length > MAX_BATCH_SIZE) {
    return invalidMessageResponse(`The JSON-RPC batch has ${body.length} messages. Send at most ${MAX_BATCH_SIZE}.`);
  }
  const ids = new Set<RequestId>();
  const messages: JSONRPCMessage[] = [];
  for (const member of body) {
    const message = readMessage(member, "The batch contains an invalid JSON-RPC 2.0 message.");
    if (message instanceof Response) return message;
    if (isInitialize(message))
      return invalidMessageResponse("initialize is not allowed in a batch. Send it alone.", message);
    messages.push(message);
    if (!isRequest(message)) continue;
    if (ids.has(message.id)) {
      return invalidMessageResponse(
        "The batch contains two requests with this id. Use a new id for each request.",
        message,
      );
    }
    ids.add(message.id);
  }
  return { messages, toBody: (answers) => answers };
}

/**
 * Lists the messages of a parsed body, but no more than a batch may hold: a longer batch is refused
 * later, and its messages must not cost access checks.
 */
export function listMessages(body: unknown): readonly unknown[] {
  return Array.isArray(body) ? body.slice(0, MAX_BATCH_SIZE) : [body];
}

import type { JSONRPCMessage } from "@modelcontextprotocol/server";
import { checkMessage, toErrorResponse } from "../../protocol/message-check.ts";
import { type MessageId, readId, readMethod } from "../../util/json-rpc.ts";
import { isInitialize, type PostedMessages, invalidMessageResponse, refusalResponse } from "./messages.ts";

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
  const ids = new Set<MessageId>();
  const messages: JSONRPCMessage[] = [];
  const refused = new Map<MessageId, JSONRPCMessage>();
  for (const member of body) {
    if (isInitialize(member))
      return invalidMessageResponse("initialize is not allowed in a batch. Send it alone.", member);
    const id = readMethod(member) === undefined ? undefined : readId(member);
    if (id !== undefined && ids.has(id)) {
      return invalidMessageResponse(
        "The batch contains two requests with this id. Use a new id for each request.",
        member,
      );
    }
    if (id !== undefined) ids.add(id);
    const refusal = checkMessage(member);
    if (!refusal) messages.push(member as JSONRPCMessage);
    else if (id !== undefined) refused.set(id, toErrorResponse(id, refusal));
    // Without an id, no answer could say which message of the batch it is about.
    else return refusalResponse(refusal, member);
  }
  return { messages, refused, toBody: (answers) => answers };
}

/**
 * Lists the messages of a parsed body, but no more than a batch may hold: a longer batch is refused
 * later, and its messages must not cost access checks.
 */
export function listMessages(body: unknown): readonly unknown[] {
  return Array.isArray(body) ? body.slice(0, MAX_BATCH_SIZE) : [body];
}

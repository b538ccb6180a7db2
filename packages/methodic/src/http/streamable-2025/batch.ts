import type { JSONRPCMessage, RequestId } from "@modelcontextprotocol/server";
import { isInitialize, isRequest, type PostedMessages, readMessage, refuseMessage } from "./messages.ts";

// The only revision with JSON-RPC batches; 2025-06-18 removed them.
const BATCH_VERSION = "2025-03-26";
const MAX_BATCH_SIZE = 100;

/** Reads the batch of a POST, whose response is an array as well. Returns the response to send if it cannot be served. */
export function readBatch(body: readonly unknown[], protocolVersion: string): PostedMessages | Response {
  if (protocolVersion !== BATCH_VERSION) {
    return refuseMessage(`MCP ${protocolVersion} has no JSON-RPC batches: send one message per POST.`);
  }
  if (body.length === 0) return refuseMessage("A JSON-RPC batch needs at least one message.");
  if (body.length > MAX_BATCH_SIZE) {
    return refuseMessage(`A JSON-RPC batch holds at most ${MAX_BATCH_SIZE} messages, and this one has ${body.length}.`);
  }
  const ids = new Set<RequestId>();
  const messages: JSONRPCMessage[] = [];
  for (const source of body) {
    const message = readMessage(source, "The batch has a member that is no valid JSON-RPC 2.0 message.");
    if (message instanceof Response) return message;
    if (isInitialize(message)) return refuseMessage("initialize cannot be part of a batch.", message);
    messages.push(message);
    if (!isRequest(message)) continue;
    if (ids.has(message.id)) return refuseMessage("The batch has two requests with this id.", message);
    ids.add(message.id);
  }
  return { messages, toBody: (answers) => answers };
}

/** Lists the messages of a parsed body. Leaves out those beyond the limit of a batch, which must not cost rule checks. */
export function listMessages(body: unknown): readonly unknown[] {
  return Array.isArray(body) ? body.slice(0, MAX_BATCH_SIZE) : [body];
}

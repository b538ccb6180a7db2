import {
  isJSONRPCErrorResponse,
  isJSONRPCNotification,
  isJSONRPCRequest,
  isJSONRPCResultResponse,
  type JSONRPCMessage,
  type JSONRPCRequest,
  type RequestId,
} from "@modelcontextprotocol/server";
import { INVALID_REQUEST, readId } from "../../util/json-rpc.ts";
import { refuse } from "../responses.ts";

/** The one version of the protocol that has batches. */
const BATCH_VERSION = "2025-03-26";

/** The messages that one POST brings. */
export interface MessageBatch {
  readonly messages: readonly JSONRPCMessage[];
  /** Whether they came as an array, and are answered as one. */
  readonly batch: boolean;
}

/** Reads the messages of a parsed body; the response to send if they cannot be served. */
export function readMessageBatch(body: unknown, protocolVersion: string): MessageBatch | Response {
  if (!Array.isArray(body)) {
    const message = readMessage(body);
    return message instanceof Response ? message : { messages: [message], batch: false };
  }
  if (protocolVersion !== BATCH_VERSION) {
    return refuseMessage(`MCP ${protocolVersion} has no JSON-RPC batches: send one message per POST.`);
  }
  if (body.length === 0) return refuseMessage("A JSON-RPC batch needs at least one message.");
  if (body.length > MAX_BATCH_SIZE) {
    return refuseMessage(`A JSON-RPC batch holds at most ${MAX_BATCH_SIZE} messages, and this one has ${body.length}.`);
  }
  return readBatch(body);
}

/** Reads a body that must be one message. */
export function readMessage(body: unknown): JSONRPCMessage | Response {
  return isMessage(body) ? body : refuseMessage("The body is no valid JSON-RPC 2.0 message.", body);
}

function readBatch(body: readonly unknown[]): MessageBatch | Response {
  const ids = new Set<RequestId>();
  const messages: JSONRPCMessage[] = [];
  for (const message of body) {
    if (!isMessage(message))
      return refuseMessage("The batch has a member that is no valid JSON-RPC 2.0 message.", message);
    if (isInitialize(message)) return refuseMessage("initialize cannot be part of a batch.", message);
    messages.push(message);
    if (!isRequest(message)) continue;
    if (ids.has(message.id)) return refuseMessage("The batch has two requests with this id.", message);
    ids.add(message.id);
  }
  return { messages, batch: true };
}

/** Whether a message is a request. It must be known to be a message. */
export function isRequest(message: JSONRPCMessage): message is JSONRPCRequest {
  return "method" in message && "id" in message;
}

/** Whether a body asks to begin a session. */
export function isInitialize(
  body: unknown,
): body is JSONRPCRequest & { params?: { readonly protocolVersion?: unknown } } {
  return isObject(body) && body["method"] === "initialize" && "id" in body;
}

/** Refuses what was sent, with its id if it has one. */
export function refuseMessage(message: string, source?: unknown): Response {
  return refuse({ status: 400, code: INVALID_REQUEST, message, id: readId(source) });
}

/** The SDK leaves messages of no known form unanswered, so that its own idea of them counts. */
function isMessage(value: unknown): value is JSONRPCMessage {
  if (!isObject(value)) return false;
  if ("method" in value) return "id" in value ? isJSONRPCRequest(value) : isJSONRPCNotification(value);
  return "result" in value ? isJSONRPCResultResponse(value) : isJSONRPCErrorResponse(value);
}

function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** How many messages a JSON-RPC batch may hold. */
export const MAX_BATCH_SIZE = 100;

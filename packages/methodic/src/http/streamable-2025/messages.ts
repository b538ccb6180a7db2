import {
  isJSONRPCErrorResponse,
  isJSONRPCNotification,
  isJSONRPCRequest,
  isJSONRPCResultResponse,
  type JSONRPCMessage,
  type JSONRPCRequest,
} from "@modelcontextprotocol/server";
import { INVALID_REQUEST, readId } from "../../util/json-rpc.ts";
import { refuse } from "../responses.ts";

/** The messages of one POST. */
export interface PostedMessages {
  readonly messages: readonly JSONRPCMessage[];
  /** Creates the JSON body of the response from the answers, which are in the order of their requests. */
  readonly toBody: (answers: readonly JSONRPCMessage[]) => unknown;
}

/** Reads one message. Returns the response to send if it is invalid. */
export function readMessage(
  source: unknown,
  problem = "The body is no valid JSON-RPC 2.0 message.",
): JSONRPCMessage | Response {
  return isMessage(source) ? source : refuseMessage(problem, source);
}

/** Checks whether a valid message is a request. */
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

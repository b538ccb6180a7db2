import {
  isJSONRPCErrorResponse,
  isJSONRPCNotification,
  isJSONRPCRequest,
  isJSONRPCResultResponse,
  type JSONRPCMessage,
  type JSONRPCRequest,
} from "@modelcontextprotocol/server";
import { INVALID_REQUEST, readId } from "../../util/json-rpc.ts";
import { isRecord } from "../../util/record.ts";
import { errorResponse } from "../responses.ts";

/** The messages of one POST. */
export interface PostedMessages {
  readonly messages: readonly JSONRPCMessage[];
  /** Creates the JSON body of the response from the answers, in the order of their requests. */
  readonly toBody: (answers: readonly JSONRPCMessage[]) => unknown;
}

/** Reads one message. Returns the response to send if it is invalid. */
export function readMessage(
  source: unknown,
  problem = "The body is not a valid JSON-RPC 2.0 message.",
): JSONRPCMessage | Response {
  return isMessage(source) ? source : invalidMessageResponse(problem, source);
}

/** Checks whether a valid message is a request. */
export function isRequest(message: JSONRPCMessage): message is JSONRPCRequest {
  return "method" in message && "id" in message;
}

/** Checks whether a body is an `initialize` request, valid or not. */
export function isInitialize(body: unknown): boolean {
  return isRecord(body) && body["method"] === "initialize" && "id" in body;
}

/** Creates the response to an invalid message, with the id of `source`, if it has one. */
export function invalidMessageResponse(message: string, source?: unknown): Response {
  return errorResponse({ status: 400, code: INVALID_REQUEST, message, id: readId(source) });
}

/** Creates the response to a request whose id is in use by a pending request. */
export function reusedIdResponse(request: JSONRPCRequest): Response {
  return invalidMessageResponse("A request with this id is in progress. Use a new id for each request.", request);
}

/** Checks messages as the SDK does, because it leaves an invalid one unanswered. */
function isMessage(value: unknown): value is JSONRPCMessage {
  if (!isRecord(value)) return false;
  if ("method" in value) return "id" in value ? isJSONRPCRequest(value) : isJSONRPCNotification(value);
  return "result" in value ? isJSONRPCResultResponse(value) : isJSONRPCErrorResponse(value);
}

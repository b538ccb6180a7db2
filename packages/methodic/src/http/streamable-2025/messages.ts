import type { JSONRPCMessage, JSONRPCRequest } from "@modelcontextprotocol/server";
import { checkMessage, type Refusal } from "../../protocol/message-check.ts";
import { INVALID_REQUEST, type MessageId, readId } from "../../util/json-rpc.ts";
import { isRecord } from "../../util/record.ts";
import { errorResponse } from "../responses.ts";

/** The messages of one POST. */
export interface PostedMessages {
  readonly messages: readonly JSONRPCMessage[];
  /** The answers to the requests of a batch that are invalid, by their ids. */
  readonly refused?: ReadonlyMap<MessageId, JSONRPCMessage>;
  /** Creates the JSON body of the response from the answers, in the order of their requests. */
  readonly toBody: (answers: readonly JSONRPCMessage[]) => unknown;
}

/** Reads one message. Returns the response to send if it is invalid. */
export function readMessage(source: unknown): JSONRPCMessage | Response {
  const refusal = checkMessage(source);
  return refusal ? refusalResponse(refusal, source) : (source as JSONRPCMessage);
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
  return refusalResponse({ code: INVALID_REQUEST, message }, source);
}

/** Creates the response that refuses a message, with the id of `source`, if it has one. */
export function refusalResponse(refusal: Refusal, source: unknown): Response {
  return errorResponse({ status: 400, ...refusal, id: readId(source) });
}

/** Creates the response to a request whose id is in use by a pending request. */
export function reusedIdResponse(request: JSONRPCRequest): Response {
  return invalidMessageResponse("A request with this id is in progress. Use a new id for each request.", request);
}

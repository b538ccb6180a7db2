import { INTERNAL_ERROR, type MessageId, SERVER_ERROR } from "../util/json-rpc.ts";

/** Options of {@link errorResponse}. */
export interface ErrorResponseOptions {
  readonly status: number;
  /** The JSON-RPC error code. Default -32000. */
  readonly code?: number;
  readonly message: string;
  /** The id of the request. Default null: unknown. */
  readonly id?: MessageId | null | undefined;
  readonly headers?: { readonly [name: string]: string };
}

/** Creates a response with an HTTP status and a JSON-RPC error. */
export function errorResponse({
  status,
  code = SERVER_ERROR,
  message,
  id = null,
  headers = {},
}: ErrorResponseOptions): Response {
  return Response.json({ jsonrpc: "2.0", error: { code, message }, id }, { status, headers });
}

/** Creates the response to an internal failure, whose cause belongs in the log. */
export function internalErrorResponse(message = "Internal server error."): Response {
  return errorResponse({ status: 500, code: INTERNAL_ERROR, message });
}

/** Creates the response to an unsupported HTTP method. @param allow The supported ones */
export function methodNotAllowedResponse(method: string, allow: string): Response {
  return errorResponse({ status: 405, message: `Method not allowed: ${method}. Use ${allow}.`, headers: { allow } });
}

/** Creates the response to a request beyond the limit of concurrent requests. */
export function busyResponse(id?: MessageId): Response {
  return errorResponse({
    status: 503,
    message: "The server is at its limit of concurrent requests. Try again in a moment.",
    id,
    headers: { "retry-after": "1" },
  });
}

/** Creates the response of a server that is closing. */
export function closingResponse(): Response {
  return errorResponse({
    status: 503,
    message: "The server is shutting down.",
    headers: { "retry-after": "5", connection: "close" },
  });
}

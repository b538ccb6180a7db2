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

/** Creates the response to a request beyond the limit of concurrent requests or subscriptions. */
export function busyResponse(limit: LimitState, { shareKey, id }: PlacedRequest): Response {
  return limitResponse(limit, { of: "concurrent requests", retrySeconds: 1, shareKey, id });
}

/** The state of a limit that has refused a request. */
export interface LimitState {
  /** True if the limit of all callers is reached. */
  readonly isFull: boolean;
}

/** A request that needs a place within a limit. */
export interface PlacedRequest {
  /** Key of the caller's share. Without one, only the limit of all callers applies. */
  readonly shareKey: string | undefined;
  readonly id?: MessageId | undefined;
}

/** Options of {@link limitResponse}. */
interface LimitResponseOptions extends PlacedRequest {
  /** The noun that the limit counts. */
  readonly of: string;
  readonly retrySeconds: number;
}

/** Creates the response to a request beyond a limit: 503, or 429 beyond its caller's share. */
export function limitResponse(
  { isFull }: LimitState,
  { of, retrySeconds, shareKey, id }: LimitResponseOptions,
): Response {
  const isForAll = isFull || shareKey === undefined;
  return errorResponse({
    status: isForAll ? 503 : 429,
    message: isForAll
      ? `The server is at its limit of ${of}. Try again later.`
      : `You have reached your share of the server's ${of}. End some, or try again later.`,
    id,
    headers: { "retry-after": String(retrySeconds) },
  });
}

/** The reason why a request is not served, to be completed with its id. */
export type HttpRefusal = Omit<ErrorResponseOptions, "id">;

/** The refusal of a server that is closing. */
export const CLOSING: HttpRefusal = {
  status: 503,
  message: "The server is shutting down.",
  headers: { "retry-after": "5", connection: "close" },
};

/** Creates the response of a server that is closing. */
export function closingResponse(id?: MessageId): Response {
  return errorResponse({ ...CLOSING, id });
}

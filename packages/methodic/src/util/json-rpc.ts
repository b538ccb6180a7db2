/** JSON-RPC: the body is not JSON. */
export const PARSE_ERROR = -32700;
/** JSON-RPC: the JSON is not a valid message. */
export const INVALID_REQUEST = -32600;
/** JSON-RPC: the server does not have the method. */
export const METHOD_NOT_FOUND = -32601;
/** JSON-RPC: a name, a URI or arguments are invalid. */
export const INVALID_PARAMS = -32602;
/** JSON-RPC: the server failed. */
export const INTERNAL_ERROR = -32603;
/** MCP SDKs: the transport refuses the request, or the connection closed before the response. */
export const SERVER_ERROR = -32000;
/** MCP up to 2025-11-25: a resource does not exist. Later revisions use {@link INVALID_PARAMS}. */
export const RESOURCE_NOT_FOUND = -32002;
/** MCP since 2026-07-28: the client does not declare a capability that the request needs. */
export const MISSING_CAPABILITY = -32021;

/** MCP since 2026-07-28: the request names a revision that the server does not speak. */
export const UNSUPPORTED_REVISION = -32022;

/** First revision without sessions: every request names its revision, client and capabilities. */
export const MODERN_REVISION = "2026-07-28";

/** The id of a request, unique within its connection. */
export type MessageId = string | number;

/** A request, a notification or a response. */
export interface JsonRpcMessage {
  readonly jsonrpc: "2.0";
  readonly id?: MessageId | undefined;
  readonly method?: string | undefined;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: unknown;
}

/** Reads the id of a message that has not been validated; undefined if it has no valid id. */
export function readId(message: unknown): MessageId | undefined {
  const id = (message as { readonly id?: unknown } | null | undefined)?.id;
  return typeof id === "string" || typeof id === "number" ? id : undefined;
}

/** Checks whether a message is a response, valid or not. */
export function isResponse(message: unknown): boolean {
  return (
    typeof message === "object" &&
    message !== null &&
    !("method" in message) &&
    ("result" in message || "error" in message)
  );
}

/**
 * Reads the method of a message that has not been validated; undefined if it has no valid method.
 */
export function readMethod(message: unknown): string | undefined {
  const method = (message as { readonly method?: unknown } | null | undefined)?.method;
  return typeof method === "string" ? method : undefined;
}

import type { RequestId } from "@modelcontextprotocol/server";

/** JSON-RPC: what was sent is no valid message. */
export const INVALID_REQUEST = -32_600;
/** JSON-RPC: a failure of ours. */
export const INTERNAL_ERROR = -32_603;
/** What MCP servers answer with HTTP's own errors. */
export const SERVER_ERROR = -32_000;
/** What MCP servers answer for a session that is not there. */
export const SESSION_NOT_FOUND = -32_001;

/** Why a request is not served. */
export interface Rejection {
  readonly status: number;
  /** Default {@link SERVER_ERROR}. */
  readonly code?: number;
  readonly message: string;
  /** The id of the request that it answers, where it could be read. */
  readonly id?: RequestId | undefined;
  readonly headers?: { readonly [name: string]: string };
}

/** The response that says so, as a JSON-RPC error. */
export function createRejection({ status, code = SERVER_ERROR, message, id, headers }: Rejection): Response {
  const body = JSON.stringify({ jsonrpc: "2.0", id: id ?? null, error: { code, message } });
  return new Response(body, { status, headers: { "content-type": "application/json", ...headers } });
}

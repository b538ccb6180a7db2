/** JSON-RPC's code for a body that is not JSON. */
export const PARSE_ERROR = -32700;
/** JSON-RPC's code for JSON that is no request. */
export const INVALID_REQUEST = -32600;
/** JSON-RPC's code for what the server itself has got wrong. */
export const INTERNAL_ERROR = -32603;
/** The code that MCP servers use for what HTTP alone refuses. */
export const SERVER_ERROR = -32000;

/** What a refusal says. */
export interface Refusal {
  readonly status: number;
  /** Default -32000. */
  readonly code?: number;
  readonly message: string;
  /** The request's id, where it could be read. */
  readonly id?: string | number | null;
  readonly headers?: { readonly [name: string]: string };
}

/** A request that is refused, as a JSON-RPC error with an HTTP status. */
export function refuse({ status, code = SERVER_ERROR, message, id = null, headers = {} }: Refusal): Response {
  return Response.json({ jsonrpc: "2.0", error: { code, message }, id }, { status, headers });
}

/** More at a time than the server takes on. */
export function refuseBusy(id: string | number | null = null): Response {
  return refuse({
    status: 503,
    message: "The server is answering as many requests as it can. Try again in a moment.",
    id,
    headers: { "retry-after": "1" },
  });
}

/** The server has begun to close. */
export function refuseClosing(): Response {
  return refuse({
    status: 503,
    message: "The server is shutting down.",
    headers: { "retry-after": "5", connection: "close" },
  });
}

/** The first characters of what a client has sent, for an error text. */
export function excerpt(text: string): string {
  const MAX = 100;
  return text.length > MAX ? `${text.slice(0, MAX)}…` : text;
}

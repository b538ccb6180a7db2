import { INTERNAL_ERROR, type MessageId, SERVER_ERROR } from "../util/json-rpc.ts";

/** What a refusal says. */
export interface Refusal {
  readonly status: number;
  /** Default -32000. */
  readonly code?: number;
  readonly message: string;
  /** The request's id, where it could be read. */
  readonly id?: MessageId | null | undefined;
  readonly headers?: { readonly [name: string]: string };
}

/** A request that is refused, as a JSON-RPC error with an HTTP status. */
export function refuse({ status, code = SERVER_ERROR, message, id = null, headers = {} }: Refusal): Response {
  return Response.json({ jsonrpc: "2.0", error: { code, message }, id }, { status, headers });
}

/** Creates the response to a failure of the server, whose cause belongs in the log. */
export function refuseInternal(message = "Internal server error."): Response {
  return refuse({ status: 500, code: INTERNAL_ERROR, message });
}

/** More at a time than the server takes on. */
export function refuseBusy(id?: MessageId): Response {
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

/** The protocol era of a connection: `legacy` is 2025-11-25 and older, `modern` is 2026-07-28. */
export type ProtocolEra = "legacy" | "modern";

/** The program that calls, as it introduced itself. */
export interface ClientInfo {
  readonly name: string;
  readonly version: string;
}

/** The server, as clients see it. */
export interface ServerInfo {
  readonly name: string;
  readonly version: string;
  /** The human-readable name, if the server has one. */
  readonly title: string | undefined;
}

/** The HTTP request that brought a call. */
export interface HttpInfo {
  readonly method: string;
  readonly url: string;
  /**
   * The headers without `Authorization`, `Proxy-Authorization`, `Cookie`, `X-API-Key` and every
   * other header that may hold credentials, so that a method that forwards headers does not forward
   * credentials.
   */
  readonly headers: Headers;
}

/** Facts about the request that a method serves. */
export interface CallInfo {
  /** The JSON-RPC request id. It is unique among the requests that a client has in flight. */
  readonly requestId: string | number;
  readonly era: ProtocolEra;
  /** The protocol revision in use, for example `2025-11-25`. */
  readonly protocolVersion: string | undefined;
  /** Name and version of the client, if it sent them. */
  readonly client: ClientInfo | undefined;
  /** The HTTP request. Undefined on other transports. */
  readonly http: HttpInfo | undefined;
  /** The request's `_meta`, without the keys of the protocol. */
  readonly meta: { readonly [key: string]: unknown };
}

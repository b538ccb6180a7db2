import {
  CLIENT_INFO_META_KEY,
  DEFAULT_NEGOTIATED_PROTOCOL_VERSION,
  PROTOCOL_VERSION_META_KEY,
  type ServerContext,
} from "@modelcontextprotocol/server";
import type { CallInfo, ClientInfo, HttpInfo, ProtocolEra } from "../context/call-info.ts";
import { withoutCredentials } from "../context/credential-headers.ts";
import type { RequestView } from "../context/request-view.ts";
import type { ConnectionSession } from "../context/state.ts";
import { isRecord } from "../util/record.ts";
import type { SdkRequest } from "./sdk-request.ts";

/** The facts about a request that do not depend on its caller's credentials. */
export type RequestFacts = Omit<RequestView, "auth">;

type Fields = { readonly [key: string]: unknown };
type InfoSource = Pick<SdkRequest, "era" | "server">;

/** Reads the facts about a request that its method sees. */
export function readCallInfo({ era, server, ctx }: InfoSource & Pick<SdkRequest, "ctx">): CallInfo {
  const { mcpReq, http } = ctx;
  const envelope = mcpReq.envelope as Fields | undefined;
  const modern = era === "modern";
  const { progressToken: _, ...meta } = (mcpReq._meta ?? {}) as Fields;
  let httpInfo: HttpInfo | undefined;
  return {
    requestId: mcpReq.id,
    era,
    protocolVersion: modern
      ? (envelope?.[PROTOCOL_VERSION_META_KEY] as string | undefined)
      : (server.getNegotiatedProtocolVersion() ?? readVersionHeader(http?.req)),
    client: readClient(modern ? envelope?.[CLIENT_INFO_META_KEY] : server.getClientVersion()),
    // Created on demand: it copies the headers.
    get http() {
      return (httpInfo ??= http?.req && readHttpInfo(http.req));
    },
    meta: Object.fromEntries(Object.entries(meta).filter(([key]) => !key.startsWith("io.modelcontextprotocol/"))),
  };
}

/**
 * Reads the facts about a request that the server's filter sees; without a context, those about an
 * event of the connection.
 */
export function readRequestFacts(
  { era, server }: InfoSource,
  ctx: ServerContext | undefined,
  session: ConnectionSession | undefined,
): RequestFacts {
  const ofSession = { session: { id: session?.id } };
  if (ctx) return Object.assign(readCallInfo({ era, server, ctx }), ofSession);
  const protocolVersion = server.getNegotiatedProtocolVersion();
  return { era, protocolVersion, client: readClient(server.getClientVersion()), http: undefined, ...ofSession };
}

/**
 * Reads the facts about an HTTP request before its handler does. The client of a session is not
 * known yet.
 */
export function readPostFacts(request: Request, message: unknown, era: ProtocolEra): RequestFacts {
  const { params } = Object(message) as { readonly params?: { readonly _meta?: Fields } };
  const envelope = Object(params?._meta) as Fields;
  const isModern = era === "modern";
  return {
    era,
    protocolVersion: isModern ? readText(envelope[PROTOCOL_VERSION_META_KEY]) : readVersionHeader(request),
    client: isModern ? readClient(envelope[CLIENT_INFO_META_KEY]) : undefined,
    get http() {
      return readHttpInfo(request);
    },
    session: { id: isModern ? undefined : (request.headers.get("mcp-session-id") ?? undefined) },
  };
}

function readClient(given: unknown): ClientInfo | undefined {
  if (!isRecord(given)) return undefined;
  const { name, version } = given;
  return typeof name === "string" && typeof version === "string" ? { name, version } : undefined;
}

function readText(given: unknown): string | undefined {
  return typeof given === "string" ? given : undefined;
}

function readHttpInfo(request: Request): HttpInfo {
  const { method, url, headers } = withoutCredentials(request);
  return { method, url, headers };
}

/**
 * Reads the version of a request without a session, where no handshake negotiated one (MCP
 * 2025-06-18, "Protocol Version Header").
 */
function readVersionHeader(request: Request | undefined): string | undefined {
  return request && (request.headers.get("mcp-protocol-version") ?? DEFAULT_NEGOTIATED_PROTOCOL_VERSION);
}

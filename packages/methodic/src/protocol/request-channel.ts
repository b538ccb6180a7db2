import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  DEFAULT_NEGOTIATED_PROTOCOL_VERSION,
  type McpServer,
  PROTOCOL_VERSION_META_KEY,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { CREDENTIAL_HEADERS } from "../context/auth-info.ts";
import type { Context, ProtocolEra, RequestInfo } from "../context/context.ts";
import type { ProgressReport } from "../context/create-context.ts";
import type { RequestAccess } from "../dispatch/access.ts";
import type { DispatchRequest } from "../dispatch/invoke.ts";
import { withoutHeaders } from "../util/lazy-request.ts";
import type { RequestState } from "./request-state.ts";

/** One request of the SDK. */
interface SdkRequest {
  readonly era: ProtocolEra;
  readonly server: McpServer["server"];
  readonly ctx: ServerContext;
}

interface RequestChannelDeps extends SdkRequest {
  readonly access: RequestAccess;
  readonly elicit: Context["elicit"];
  readonly state: RequestState;
}

/** Creates the dispatcher's view of one request of the SDK. */
export function createRequestChannel({ era, access, server, ctx, elicit, state }: RequestChannelDeps): DispatchRequest {
  const { mcpReq, http } = ctx;
  const { progressToken } = (mcpReq._meta ?? {}) as { readonly progressToken?: string | number };
  let info: RequestInfo | undefined;
  return {
    signal: mcpReq.signal,
    access,
    isRemote: http !== undefined,
    // Created on demand: most methods do not read it.
    get info() {
      return (info ??= readRequestInfo({ era, server, ctx }));
    },
    // The SDK tracks the level that the client wants, which each era sets differently.
    log: async (level, data) => mcpReq.log(level, data),
    ...(progressToken !== undefined && {
      reportProgress: (report: ProgressReport) =>
        mcpReq.notify({ method: "notifications/progress", params: { progressToken, ...report } }),
    }),
    elicit,
    get sdkContext(): ServerContext {
      // Methods see their own part of the sealed state.
      const ownReq = { ...mcpReq, requestState: <T>() => state.ownState as T | undefined };
      return { ...ctx, mcpReq: ownReq, ...(http?.req && { http: { ...http, req: withoutCredentials(http.req) } }) };
    },
  };
}

function readRequestInfo({ era, server, ctx }: SdkRequest): RequestInfo {
  const { mcpReq, sessionId, http } = ctx;
  const envelope = mcpReq.envelope as { readonly [key: string]: unknown } | undefined;
  const modern = era === "modern";
  const client = (modern ? envelope?.[CLIENT_INFO_META_KEY] : server.getClientVersion()) as
    | { name: string; version: string }
    | undefined;
  const { progressToken: _, ...meta } = (mcpReq._meta ?? {}) as { readonly [key: string]: unknown };
  return {
    id: mcpReq.id,
    method: mcpReq.method,
    era,
    protocolVersion: modern
      ? (envelope?.[PROTOCOL_VERSION_META_KEY] as string | undefined)
      : (server.getNegotiatedProtocolVersion() ?? readVersionHeader(http?.req)),
    client: client && { name: client.name, version: client.version },
    sessionId,
    headers: http?.req && withoutCredentials(http.req).headers,
    meta: Object.fromEntries(Object.entries(meta).filter(([key]) => !key.startsWith("io.modelcontextprotocol/"))),
  };
}

/**
 * Removes credentials from a request that did not pass the endpoint, which removes more: an SDK
 * transport over HTTP, passed to `connect`.
 */
function withoutCredentials(request: Request): Request {
  return withoutHeaders(request, CREDENTIAL_HEADERS);
}

/**
 * Reads the version of a request without a session, where no handshake negotiated one (MCP
 * 2025-06-18, "Protocol Version Header").
 */
function readVersionHeader(request: Request | undefined): string | undefined {
  return request && (request.headers.get("mcp-protocol-version") ?? DEFAULT_NEGOTIATED_PROTOCOL_VERSION);
}

/** Checks whether the client can show a form to its user. */
export function canElicit({ era, server, ctx }: SdkRequest): boolean {
  const envelope = ctx.mcpReq.envelope as { readonly [key: string]: unknown } | undefined;
  const capabilities = era === "modern" ? envelope?.[CLIENT_CAPABILITIES_META_KEY] : server.getClientCapabilities();
  const { elicitation } = (capabilities ?? {}) as {
    readonly elicitation?: { readonly form?: object; readonly url?: object };
  };
  // An empty object means forms: modes were added after the capability.
  return elicitation !== undefined && (elicitation.form !== undefined || elicitation.url === undefined);
}

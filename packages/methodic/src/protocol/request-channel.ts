import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  DEFAULT_NEGOTIATED_PROTOCOL_VERSION,
  type McpServer,
  PROTOCOL_VERSION_META_KEY,
  type ServerContext,
} from "@modelcontextprotocol/server";
import type { ProtocolEra, RequestInfo } from "../context/context.ts";
import type { ProgressReport } from "../context/create-context.ts";
import type { RequestAccess } from "../dispatch/access.ts";
import type { DispatchRequest } from "../dispatch/invoke.ts";
import { findAccess } from "./caller.ts";
import type { Elicitor } from "./elicitation.ts";
import type { RequestState } from "./request-state.ts";

/** What a port is made of. */
export interface RequestChannelDeps {
  readonly era: ProtocolEra;
  readonly access: RequestAccess;
  readonly server: McpServer["server"];
  readonly ctx: ServerContext;
  readonly elicitor: Elicitor;
  readonly rounds: RequestState;
}

/** Makes the dispatcher's view of one request of the SDK. */
export function createRequestChannel({
  era,
  access,
  server,
  ctx,
  elicitor,
  rounds,
}: RequestChannelDeps): DispatchRequest {
  const { mcpReq } = ctx;
  const { progressToken } = (mcpReq._meta ?? {}) as { readonly progressToken?: string | number };
  let info: RequestInfo | undefined;
  return {
    signal: mcpReq.signal,
    access,
    // Most methods do not look at it, so it is made for those that do.
    get info() {
      return (info ??= readRequestInfo({ era, server, ctx }));
    },
    // The SDK knows what level the client wants, which each era says in its own way.
    log: async (level, data) => mcpReq.log(level, data),
    ...(progressToken !== undefined && {
      reportProgress: (report: ProgressReport) =>
        mcpReq.notify({ method: "notifications/progress", params: { progressToken, ...report } }),
    }),
    elicit: (message, requestedSchema) => elicitor.elicit(message, requestedSchema),
    get sdkContext(): ServerContext {
      // What the client carries is sealed; a method gets to see its own part.
      return { ...ctx, mcpReq: { ...mcpReq, requestState: <T>() => rounds.ownState as T | undefined } };
    },
  };
}

function readRequestInfo({
  era,
  server,
  ctx,
}: Omit<RequestChannelDeps, "access" | "elicitor" | "rounds">): RequestInfo {
  const { mcpReq, sessionId, http } = ctx;
  const envelope = mcpReq.envelope as { readonly [key: string]: unknown } | undefined;
  const modern = era === "modern";
  const client = (modern ? envelope?.[CLIENT_INFO_META_KEY] : server.getClientVersion()) as
    | { name: string; version: string }
    | undefined;
  const { progressToken: _, ...rest } = (mcpReq._meta ?? {}) as { readonly [key: string]: unknown };
  return {
    id: mcpReq.id,
    method: mcpReq.method,
    era,
    protocolVersion: modern
      ? (envelope?.[PROTOCOL_VERSION_META_KEY] as string | undefined)
      : (server.getNegotiatedProtocolVersion() ?? readVersionHeader(http?.req)),
    client: client && { name: client.name, version: client.version },
    sessionId,
    headers: http?.req && withoutCredentials(http.req.headers, findAccess(http.authInfo)),
    meta: Object.fromEntries(Object.entries(rest).filter(([key]) => !key.startsWith("io.modelcontextprotocol/"))),
  };
}

/** What an authenticator has taken is nobody else's: a method that hands headers on must not hand on the token (MCP, "Token Passthrough"). */
function withoutCredentials(headers: Headers, access: RequestAccess | undefined): Headers {
  if (!access?.auth) return headers;
  const others = new Headers(headers);
  for (const name of ["authorization", "x-api-key"]) others.delete(name);
  return others;
}

/** Where each request stands alone, its header is all that tells (MCP 2025-06-18, "Protocol Version Header"). */
function readVersionHeader(request: Request | undefined): string | undefined {
  return request && (request.headers.get("mcp-protocol-version") ?? DEFAULT_NEGOTIATED_PROTOCOL_VERSION);
}

/** Whether the client can show a form to its user. */
export function canElicit({ era, server, ctx }: Pick<RequestChannelDeps, "era" | "server" | "ctx">): boolean {
  const envelope = ctx.mcpReq.envelope as { readonly [key: string]: unknown } | undefined;
  const capabilities = era === "modern" ? envelope?.[CLIENT_CAPABILITIES_META_KEY] : server.getClientCapabilities();
  const { elicitation } = (capabilities ?? {}) as {
    readonly elicitation?: { readonly form?: object; readonly url?: object };
  };
  // An empty object means forms: the modes came later than the capability.
  return elicitation !== undefined && (elicitation.form !== undefined || elicitation.url === undefined);
}

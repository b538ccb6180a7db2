import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  DEFAULT_NEGOTIATED_PROTOCOL_VERSION,
  type McpServer,
  PROTOCOL_VERSION_META_KEY,
  type ServerContext,
} from "@modelcontextprotocol/server";
import type { CallInfo, HttpInfo, ProtocolEra } from "../context/call-info.ts";
import type { Context } from "../context/context.ts";
import type { ProgressReport } from "../context/create-context.ts";
import { withoutCredentials } from "../context/credential-headers.ts";
import { NoSessionError } from "../context/input-required.ts";
import type { RequestAccess } from "../dispatch/access.ts";
import type { DispatchRequest, InputRequiredResult } from "../dispatch/invoke.ts";
import { ToolError } from "../errors.ts";
import { markHandled } from "../util/handled.ts";
import { checkForms } from "./elicitation-form.ts";
import type { RequestState } from "./request-state.ts";
import { toMutable } from "./sdk-types.ts";

/** One request of the SDK. */
interface SdkRequest {
  readonly era: ProtocolEra;
  readonly server: McpServer["server"];
  readonly ctx: ServerContext;
  /** The connection outlasts the request, so a client of 2025-11-25 or older can be asked. */
  readonly live: boolean;
}

interface RequestChannelDeps extends SdkRequest {
  readonly access: RequestAccess;
  readonly elicit: Context["elicit"];
  readonly state: RequestState;
}

/** Creates the dispatcher's view of one request of the SDK. */
export function createRequestChannel(deps: RequestChannelDeps): DispatchRequest {
  const { access, ctx, elicit, state } = deps;
  const { mcpReq, http } = ctx;
  const { progressToken } = (mcpReq._meta ?? {}) as { readonly progressToken?: string | number };
  let info: CallInfo | undefined;
  return {
    signal: mcpReq.signal,
    access,
    isRemote: http !== undefined,
    // Created on demand: most methods do not read it.
    get info() {
      return (info ??= readCallInfo(deps));
    },
    // The SDK tracks the level that the client wants, which each era sets differently.
    log: async (level, data) => mcpReq.log(level, data),
    ...(progressToken !== undefined && {
      reportProgress: (report: ProgressReport) =>
        mcpReq.notify({ method: "notifications/progress", params: { progressToken, ...report } }),
    }),
    elicit,
    ask: async (asked) => {
      if (asked.inputRequests) {
        assertCanAsk(deps);
        checkForms(asked.inputRequests);
      }
      return state.seal(toMutable<InputRequiredResult>(asked));
    },
    get sdkContext(): ServerContext {
      // Methods see their own part of the sealed state.
      const ownReq = { ...createOutbox(deps), requestState: <T>() => state.ownState as T | undefined };
      // An SDK transport over HTTP, passed to `connect`, brings requests with credentials.
      return { ...ctx, mcpReq: ownReq, ...(http?.req && { http: { ...http, req: withoutCredentials(http.req) } }) };
    },
  };
}

/** Lets a method send messages to the client through the SDK. */
function createOutbox(request: SdkRequest): ServerContext["mcpReq"] {
  const { mcpReq } = request.ctx;
  const checked = ["send", "elicitInput", "requestSampling"];
  const entries = Object.entries(mcpReq).map(([name, value]: [string, unknown]) => {
    if (typeof value !== "function") return [name, value];
    const call = async (...args: unknown[]): Promise<unknown> => {
      if (checked.includes(name)) assertCanAsk(request);
      return value(...args);
    };
    return [name, (...args: unknown[]) => markHandled(call(...args))];
  });
  return Object.fromEntries(entries) as ServerContext["mcpReq"];
}

/**
 * Checks that the client's answer to a request of the server would arrive.
 * @throws NoSessionError
 */
function assertCanAsk({ era, live }: SdkRequest): void {
  if (era === "legacy" && !live) throw new NoSessionError();
}

function readCallInfo({ era, server, ctx }: SdkRequest): CallInfo {
  const { mcpReq, http } = ctx;
  const envelope = mcpReq.envelope as { readonly [key: string]: unknown } | undefined;
  const modern = era === "modern";
  const client = (modern ? envelope?.[CLIENT_INFO_META_KEY] : server.getClientVersion()) as
    | { name: string; version: string }
    | undefined;
  const { progressToken: _, ...meta } = (mcpReq._meta ?? {}) as { readonly [key: string]: unknown };
  let httpInfo: HttpInfo | undefined;
  return {
    requestId: mcpReq.id,
    era,
    protocolVersion: modern
      ? (envelope?.[PROTOCOL_VERSION_META_KEY] as string | undefined)
      : (server.getNegotiatedProtocolVersion() ?? readVersionHeader(http?.req)),
    client: client && { name: client.name, version: client.version },
    // Created on demand: it copies the headers.
    get http() {
      return (httpInfo ??= http?.req && readHttpInfo(http.req));
    },
    meta: Object.fromEntries(Object.entries(meta).filter(([key]) => !key.startsWith("io.modelcontextprotocol/"))),
  };
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

/**
 * Checks that the client can show a form to its user.
 * @throws ToolError
 */
export function assertCanElicit(request: SdkRequest): void {
  const { era, server, ctx } = request;
  assertCanAsk(request);
  const envelope = ctx.mcpReq.envelope as { readonly [key: string]: unknown } | undefined;
  const capabilities = era === "modern" ? envelope?.[CLIENT_CAPABILITIES_META_KEY] : server.getClientCapabilities();
  const { elicitation } = (capabilities ?? {}) as {
    readonly elicitation?: { readonly form?: object; readonly url?: object };
  };
  // An empty object means forms: modes were added after the capability.
  if (elicitation !== undefined && (elicitation.form !== undefined || elicitation.url === undefined)) return;
  throw new ToolError("This call needs an answer from the user, but the client does not support elicitation.");
}

import {
  type AuthInfo as SdkAuthInfo,
  classifyInboundRequest,
  createMcpHandler,
  type McpHttpHandler,
  type McpServerFactory,
  type ServerEventBus,
} from "@modelcontextprotocol/server";
import type { AuthGuard } from "../auth/guard.ts";
import type { AuthInfo } from "../context/auth-info.ts";
import { withoutCredentials } from "../context/credential-headers.ts";
import type { RequestAccess } from "../dispatch/access.ts";
import type { Dispatcher, RawRequest } from "../dispatch/dispatcher.ts";
import { readPostFacts } from "../protocol/call-facts.ts";
import { attachAccess, attachMessage, toSdkAuthInfo } from "../protocol/caller.ts";
import { checkModernMessage, claimsModernEra, toErrorResponse } from "../protocol/message-check.ts";
import { narrowListening } from "../protocol/subscriptions.ts";
import { isResponse, MODERN_REVISION, readId, readMethod, SERVER_ERROR } from "../util/json-rpc.ts";
import type { WriteLog } from "../util/log.ts";
import { allowsMediaType } from "../util/media-types.ts";
import { type CountedResponse, CountedRequests, decideInTime, serveWithTimeout } from "./counted-requests.ts";
import { abortAtExpiry } from "./expiry.ts";
import { readJsonBody } from "./json-body.ts";
import type { ResolvedLimits } from "./options.ts";
import { findShareKey, type HttpRequest } from "./request.ts";
import { CLOSING, closingResponse, errorResponse, methodNotAllowedResponse, type PlacedRequest } from "./responses.ts";
import { listMessages } from "./streamable-2025/batch.ts";
import type { StreamableHttpHandler } from "./streamable-2025/handler.ts";
import type { AuthorizedRequest } from "./streamable-2025/request.ts";

/** Dependencies of an {@link McpEndpoint}. */
export interface McpEndpointDeps {
  readonly limits: ResolvedLimits;
  /** True if clients of 2025-11-25 and before have sessions. */
  readonly hasSessions: boolean;
  readonly guard: AuthGuard;
  /** True if the server authenticates callers. */
  readonly hasAuth: boolean;
  readonly dispatcher: Pick<Dispatcher, "assertResource" | "findMissingScopes" | "createAccess" | "registry">;
  /** Creates the SDK servers that answer requests of 2026-07-28. */
  readonly modern: McpServerFactory;
  /** Carries changes to the subscriptions of 2026-07-28. */
  readonly bus: ServerEventBus;
  /** Answers requests of 2025-11-25 and before. */
  readonly legacy: StreamableHttpHandler;
  /** Writes to the server's log. */
  readonly log: WriteLog;
}

/** A route of another transport, which shares the MCP endpoint's authentication and limits. */
export interface TransportRoute {
  /** The HTTP methods that the path supports, as a value of `Allow`. */
  readonly methods: string;
  /**
   * True if the response is the stream of a session, which is not counted as a request in flight.
   */
  readonly opensStream: boolean;
  serve(request: AuthorizedRequest): Promise<Response>;
}

/** A request that may be served, in all forms that its handlers need. */
interface Admission {
  /** The request without its body and credentials. */
  readonly request: Request;
  /** The parsed body of a POST. */
  readonly message: unknown;
  readonly access: RequestAccess;
  readonly auth: AuthInfo | undefined;
  readonly authInfo: SdkAuthInfo | undefined;
  readonly callerKey: string;
  /** Key of the caller's share of the limits. */
  readonly shareKey: string | undefined;
}

type AdmissionResult =
  | { readonly ok: true; readonly admission: Admission }
  | { readonly ok: false; readonly response: Response };

const NO_BODY = { ok: true, message: undefined } as const;

/** The methods that only sessions have: GET opens a stream, DELETE ends the session. */
const SESSION_METHODS = ["GET", "DELETE"];

/** Answers requests to the path of the MCP endpoint, in both protocol eras. */
export class McpEndpoint {
  /** The HTTP methods that the endpoint supports, as a value of `Allow`. */
  readonly methods: string;
  readonly #deps: McpEndpointDeps;
  readonly #requests: CountedRequests;
  readonly #modern: McpHttpHandler;
  #isClosed = false;
  /** True once calls that still run are answered with an error. */
  #hasRunOut = false;

  constructor(deps: McpEndpointDeps) {
    this.#deps = deps;
    this.methods = [...(deps.hasSessions ? SESSION_METHODS : []), "POST", "OPTIONS"].join(", ");
    this.#requests = new CountedRequests(deps.limits);
    this.#modern = createMcpHandler(deps.modern, {
      legacy: "reject",
      bus: deps.bus,
      // Counted here, by caller.
      maxSubscriptions: Number.POSITIVE_INFINITY,
      keepAliveMs: deps.limits.streamKeepAlive,
      onerror: (error) => this.#logError(error),
    });
  }

  /** Answers a request to the path of the MCP endpoint. */
  async answer(request: HttpRequest): Promise<Response> {
    const { method } = request;
    if (this.#isClosed) return closingResponse();
    if (method === "POST") return await this.#requests.run(request, () => this.#answerPost(request));
    if (method === "OPTIONS") return allowResponse(this.methods);
    if (this.#deps.hasSessions && SESSION_METHODS.includes(method)) {
      const result = await this.#admit(request, false);
      if (!result.ok) return result.response;
      return await this.#deps.legacy.handle(result.admission);
    }
    return methodNotAllowedResponse(method, this.methods);
  }

  /** Answers a request to a path of another transport. */
  async answerRoute(route: TransportRoute, request: HttpRequest): Promise<Response> {
    if (this.#isClosed) return closingResponse();
    if (request.method === "OPTIONS") return allowResponse(route.methods);
    const admit = (): Promise<AdmissionResult> => this.#admit(request, request.method === "POST" && !route.opensStream);
    if (route.opensStream) {
      const result = await admit();
      return result.ok ? await route.serve(result.admission) : result.response;
    }
    return await this.#requests.run(request, async () => {
      const result = await admit();
      if (!result.ok) return result;
      return await this.#requests.serve(placeOf(result.admission), async () => ({
        response: await route.serve(result.admission),
      }));
    });
  }

  /** Refuses new requests, waits for those in flight until a timeout, and ends all streams. */
  async close(timeoutMs: number): Promise<void> {
    this.#isClosed = true;
    // Calls of HTTP+SSE, and calls whose client may reconnect, run without a request in flight.
    await Promise.all([this.#requests.drained(timeoutMs), this.#deps.legacy.drained(timeoutMs)]);
    this.#hasRunOut = true;
    await Promise.all([this.#modern.close(), this.#deps.legacy.close()]);
  }

  async #answerPost(request: HttpRequest): Promise<CountedResponse> {
    const result = await this.#admit(request, true);
    if (!result.ok) return result;
    const { admission } = result;
    const serve = (call: Request): Promise<CountedResponse> => this.#serve({ ...admission, request: call });
    if (readMethod(admission.message) === "subscriptions/listen") {
      return await this.#requests.subscribe(placeOf(admission), () =>
        serve(abortAtExpiry(admission.request, admission.auth)),
      );
    }
    return await this.#requests.serve(placeOf(admission), () =>
      serveWithTimeout(this.#deps.limits.callTimeout, admission, serve),
    );
  }

  /** Authenticates the caller, reads the message, and checks the scopes that it needs. */
  async #admit(request: HttpRequest, hasMessage: boolean): Promise<AdmissionResult> {
    const { limits, guard, dispatcher } = this.#deps;
    const { remote } = request.addresses ?? {};
    const { callTimeout } = limits;
    const decision = await this.#requests.holdPlace(findShareKey("", remote), () =>
      decideInTime(callTimeout, () => guard.authorize(request)),
    );
    if (decision instanceof Response) return { ok: false, response: decision };
    const access = dispatcher.createAccess(decision);
    const shareKey = (request.shareKey = findShareKey(access.callerKey, remote));
    const body = hasMessage
      ? await this.#requests.readBody(shareKey, (arrival) => readJsonBody(request, { ...limits, arrival }))
      : NO_BODY;
    if (!body.ok) return body;
    const { message } = body;
    const { credentialHeaders } = decision;
    if (access.variesByRequest) {
      const toSafe = (): Request => withoutCredentials(request.toRequest(), credentialHeaders);
      access.describe(() => readPostFacts(toSafe(), message, isLegacy(message, request.headers) ? "legacy" : "modern"));
    }
    const scopes = hasMessage
      ? await decideInTime(callTimeout, () => this.#findMissingScopes(message, access), message)
      : undefined;
    if (scopes instanceof Response) return { ok: false, response: scopes };
    if (scopes) return { ok: false, response: guard.challengeScopes(request, scopes) };
    const { auth, callerKey } = access;
    const safe = withoutCredentials(request.toRequest(), credentialHeaders);
    attachAccess(safe, access);
    const admission = { request: safe, message, access, auth, authInfo: toSdkAuthInfo(access), callerKey, shareKey };
    return { ok: true, admission };
  }

  /** Finds the missing scopes of the first message that lacks some. */
  async #findMissingScopes(body: unknown, access: RequestAccess): Promise<readonly string[] | undefined> {
    // A caller that cannot authenticate cannot come back with more scopes.
    if (!this.#deps.hasAuth && !access.auth) return undefined;
    for (const message of listMessages(body)) {
      if (readMethod(message) === undefined) continue;
      const missing = await this.#deps.dispatcher.findMissingScopes(message as RawRequest, access);
      if (missing) return missing;
    }
    return undefined;
  }

  /** Serves a message in its protocol era. */
  async #serve(admission: Admission): Promise<CountedResponse> {
    const { request, message, access, authInfo } = admission;
    const { headers } = request;
    attachAccess(request, access);
    if (isLegacy(message, headers)) return { response: await this.#deps.legacy.handle(admission) };
    if (this.#deps.dispatcher.registry.tools.isVersioned) attachMessage(request, message);
    const notAcceptable = checkModernAccept(headers.get("accept"), message);
    if (notAcceptable) return { response: notAcceptable };
    const refusal = checkModernMessage(message);
    if (refusal) return { response: errorResponse({ status: 400, ...refusal, id: readId(message) }) };
    const isListen = readMethod(message) === "subscriptions/listen";
    const parsedBody = isListen ? await narrowListening(message, this.#deps.dispatcher, access) : message;
    const response = await this.#modern.fetch(request, { parsedBody, ...(authInfo && { authInfo }) });
    const id = readId(message);
    // The SDK answers a call that it ends with an empty response, or ends its stream.
    if (this.#hasRunOut && response.status === 499) return { response: closingResponse(id) };
    const lastEvent = (): { readonly data: string } | undefined => {
      if (!this.#hasRunOut || isListen || id === undefined) return undefined;
      return { data: JSON.stringify(toErrorResponse(id, { code: SERVER_ERROR, message: CLOSING.message })) };
    };
    return { response, readAhead: { maxBufferedBytes: this.#deps.limits.streamBuffer, lastEvent } };
  }

  #logError(error: Error): void {
    // Client errors go to the client; logging them would let any client flood the log.
    if (!error.message.startsWith("Rejected ") && !isProtocolError(error)) {
      this.#deps.log("methodic: a request failed", { error });
    }
  }
}

function placeOf({ shareKey, message }: Admission): PlacedRequest {
  return { shareKey, id: readId(message) };
}

/** Checks by form and headers whether a message belongs to 2025-11-25 or an earlier revision. */
function isLegacy(message: unknown, headers: Headers): boolean {
  if (Array.isArray(message)) return !message.some(claimsModernEra);
  // 2026-07-28 has none, and the SDK does not recognize invalid ones.
  if (isResponse(message)) return true;
  const version = headers.get("mcp-protocol-version");
  // A request that names the modern revision is served by it, or refused. The SDK's check takes
  // longer than the rest of a short call.
  if (version === MODERN_REVISION && readMethod(message) !== undefined && readId(message) !== undefined) return false;
  const { kind } = classifyInboundRequest({
    httpMethod: "POST",
    ...optional("protocolVersionHeader", version),
    ...optional("mcpMethodHeader", headers.get("mcp-method")),
    ...optional("mcpNameHeader", headers.get("mcp-name")),
    body: message,
  });
  return kind === "legacy";
}

function optional<Name extends string>(name: Name, value: string | null): { readonly [N in Name]?: string } {
  return (value === null ? {} : { [name]: value }) as { readonly [N in Name]?: string };
}

/** Refuses a request of 2026-07-28 whose client does not accept its response. */
function checkModernAccept(accept: string | null, message: unknown): Response | undefined {
  const isListen = readMethod(message) === "subscriptions/listen";
  const types = isListen ? ["text/event-stream"] : ["application/json", "text/event-stream"];
  if (types.some((type) => allowsMediaType(accept, type))) return undefined;
  const text = `The Accept header must allow ${types.join(" or ")}.`;
  return errorResponse({ status: 406, message: text, id: readId(message) });
}

function allowResponse(methods: string): Response {
  return new Response(null, { status: 204, headers: { allow: methods } });
}

function isProtocolError(error: Error): boolean {
  return typeof (error as { readonly code?: unknown }).code === "number";
}

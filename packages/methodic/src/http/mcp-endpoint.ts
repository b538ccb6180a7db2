import {
  type AuthInfo as SdkAuthInfo,
  classifyInboundRequest,
  createMcpHandler,
  type McpHttpHandler,
  type McpServerFactory,
  type ServerEventBus,
} from "@modelcontextprotocol/server";
import type { AuthGate } from "../auth/gate.ts";
import type { AuthInfo } from "../context/auth-info.ts";
import type { RequestAccess } from "../dispatch/access.ts";
import type { Dispatcher, RawRequest } from "../dispatch/dispatcher.ts";
import { toSdkAuthInfo } from "../protocol/caller.ts";
import { narrowListening } from "../protocol/subscriptions.ts";
import { trackStream } from "./sse.ts";
import { abortAtExpiry } from "./expiry.ts";
import { InFlight } from "../util/in-flight.ts";
import { listMessages } from "./streamable-2025/batch.ts";
import type { StreamableHttpHandler } from "./streamable-2025/handler.ts";
import type { AuthorizedRequest } from "./streamable-2025/request.ts";
import { readMessage } from "./message.ts";
import { type HttpRequest, withSignal } from "./request.ts";
import type { ResolvedLimits } from "./options.ts";
import { refuse, refuseBusy, refuseClosing } from "./responses.ts";
import { MODERN_REVISION, readId, readMethod } from "../util/json-rpc.ts";
import { callAt } from "../util/timers.ts";

/** What the requests to the MCP endpoint are answered with. */
export interface McpEndpointDeps {
  readonly limits: ResolvedLimits;
  /** Whether clients of 2025-11-25 and older have sessions. */
  readonly hasSessions: boolean;
  readonly gate: AuthGate;
  /** Whether the server authenticates callers. */
  readonly hasAuth: boolean;
  readonly dispatcher: Pick<Dispatcher, "assertResource" | "findMissingScopes" | "createAccess">;
  /** Makes the servers of requests of 2026-07-28. */
  readonly modern: McpServerFactory;
  /** Carries changes to the subscriptions of 2026-07-28. */
  readonly bus: ServerEventBus;
  readonly legacy: StreamableHttpHandler;
  /** Writes to the server's log. */
  readonly report: (text: string) => void;
}

/** What only sessions have: a stream for what the server says unasked, and an end. */
const SESSION_METHODS = ["GET", "DELETE"];

/** One path of another transport next to the MCP endpoint. It shares the endpoint's authentication and limits. */
export interface TransportRoute {
  /** The methods of HTTP that are answered, as `Allow` and CORS name them. */
  readonly methods: string;
  /** True if the response is a stream for a session, which is not counted as a request in flight. */
  readonly opensStream: boolean;
  serve(request: AuthorizedRequest): Promise<Response>;
}

/** Answers the requests to the path of the MCP endpoint, in both protocol eras. */
export class McpEndpoint {
  /** The methods of HTTP that are answered, as `Allow` and CORS name them. */
  readonly methods: string;
  readonly #parts: McpEndpointDeps;
  readonly #inFlight: InFlight<HttpRequest>;
  readonly #modern: McpHttpHandler;
  #closed = false;

  constructor(parts: McpEndpointDeps) {
    this.#parts = parts;
    this.methods = [...(parts.hasSessions ? SESSION_METHODS : []), "POST", "OPTIONS"].join(", ");
    this.#inFlight = new InFlight(parts.limits.concurrentRequests);
    this.#modern = createMcpHandler(parts.modern, {
      legacy: "reject",
      bus: parts.bus,
      maxSubscriptions: parts.limits.subscriptions,
      keepAliveMs: parts.limits.streamKeepAlive,
      onerror: (error) => this.#report(error),
    });
  }

  async answer(request: HttpRequest): Promise<Response> {
    if (this.#closed) return refuseClosing();
    if (request.method === "POST") return await this.#countWhile(request, () => this.#answerPost(request));
    if (request.method === "OPTIONS") return new Response(null, { status: 204, headers: { allow: this.methods } });
    if (!this.#parts.hasSessions || !SESSION_METHODS.includes(request.method))
      return this.#refuseMethod(request.method);
    const caller = await this.#authorize(request);
    if (caller instanceof Response) return caller;
    return await this.#parts.legacy.handle({ request: request.toRequest(), message: undefined, ...caller });
  }

  /** Answers a request to a path of another transport. */
  async answerRoute(route: TransportRoute, request: HttpRequest): Promise<Response> {
    if (this.#closed) return refuseClosing();
    if (request.method === "OPTIONS") return new Response(null, { status: 204, headers: { allow: route.methods } });
    if (!route.opensStream) return await this.#countWhile(request, () => this.#answerRouteMessage(route, request));
    const caller = await this.#authorize(request);
    if (caller instanceof Response) return caller;
    return await route.serve({ request: request.toRequest(), message: undefined, ...caller });
  }

  /** Refuses new requests, lets the running ones finish within a time, and ends all streams. */
  async close(timeoutMs: number): Promise<void> {
    this.#closed = true;
    // Some calls run without a request that waits for them: those of HTTP+SSE, and those whose client is to come back.
    await Promise.all([this.#inFlight.drained(timeoutMs), this.#parts.legacy.drained(timeoutMs)]);
    await Promise.all([this.#modern.close(), this.#parts.legacy.close()]);
  }

  async #countWhile(request: HttpRequest, answer: () => Promise<Counted>): Promise<Response> {
    if (!this.#inFlight.enter(request)) return refuseBusy();
    const leave = (): void => this.#inFlight.leave(request);
    try {
      const { response, maxBufferedBytes, isSubscription, onDone } = await answer();
      // A subscription is open for as long as its client likes, and is not counted.
      if (isSubscription) leave();
      const finish = (): void => {
        if (!isSubscription) leave();
        onDone?.();
      };
      return trackStream(response, finish, maxBufferedBytes);
    } catch (error) {
      leave();
      throw error;
    }
  }

  async #answerPost(request: HttpRequest): Promise<Counted> {
    const caller = await this.#authorize(request);
    if (caller instanceof Response) return { response: caller };
    const read = await readMessage(request, this.#parts.limits);
    if (read instanceof Response) return { response: read };
    const { message } = read;
    const missing = await this.#findMissingScopes(message, caller.access);
    if (missing) return { response: this.#parts.gate.challengeScopes(request, missing) };
    if (readMethod(message) === "subscriptions/listen") {
      const served = await this.#serve(abortAtExpiry(request, caller.auth), { message, caller });
      return { ...served, isSubscription: true };
    }
    return await this.#withinCallTimeout(request, message, (call) => this.#serve(call, { message, caller }));
  }

  async #answerRouteMessage(route: TransportRoute, request: HttpRequest): Promise<Counted> {
    const caller = await this.#authorize(request);
    if (caller instanceof Response) return { response: caller };
    const isPost = request.method === "POST";
    const read = isPost ? await readMessage(request, this.#parts.limits) : { message: undefined };
    if (read instanceof Response) return { response: read };
    const missing = isPost ? await this.#findMissingScopes(read.message, caller.access) : undefined;
    if (missing) return { response: this.#parts.gate.challengeScopes(request, missing) };
    return { response: await route.serve({ request: request.toRequest(), ...read, ...caller }) };
  }

  async #serve(request: Request, { message, caller }: { message: unknown; caller: Caller }): Promise<Counted> {
    const { headers } = request;
    if (isLegacy(message, headers)) {
      return { response: await this.#parts.legacy.handle({ request, message, ...caller }) };
    }
    if (!acceptsAnswer(headers.get("accept"))) {
      const response = refuse({
        status: 406,
        message: "The answer is application/json or text/event-stream, and the Accept header allows neither.",
        id: readId(message),
      });
      return { response };
    }
    const { access, authInfo } = caller;
    const isListen = readMethod(message) === "subscriptions/listen";
    const parsedBody = isListen ? await narrowListening(message, this.#parts.dispatcher, access) : message;
    const response = await this.#modern.fetch(request, { parsedBody, ...(authInfo && { authInfo }) });
    return { response, maxBufferedBytes: this.#parts.limits.streamBuffer };
  }

  /** Runs a call for no longer than it may take. */
  async #withinCallTimeout(
    request: HttpRequest,
    message: unknown,
    serve: (request: Request) => Promise<Counted>,
  ): Promise<Counted> {
    const { callTimeout } = this.#parts.limits;
    if (!Number.isFinite(callTimeout)) return await serve(request.toRequest());
    const timeout = new AbortController();
    // Not AbortSignal.timeout(): it would keep every call in memory until its time is over, also those that were answered at once.
    let onDone = (): void => undefined;
    const timedOut = new Promise<Counted>((resolve) => {
      onDone = callAt(() => {
        const text = `The call took longer than ${callTimeout} ms, the longest this server lets one run.`;
        resolve({ response: refuse({ status: 504, message: text, id: readId(message) }) });
        timeout.abort(new DOMException(text, "TimeoutError"));
      }, Date.now() + callTimeout);
    });
    try {
      return { ...(await Promise.race([timedOut, serve(withSignal(request, timeout.signal))])), onDone };
    } catch (error) {
      onDone();
      throw error;
    }
  }

  async #authorize(request: HttpRequest): Promise<Caller | Response> {
    const decision = await this.#parts.gate.authorize(request);
    if (decision instanceof Response) return decision;
    const access = this.#parts.dispatcher.createAccess(decision);
    return { access, auth: access.auth, authInfo: toSdkAuthInfo(access) };
  }

  /** Finds the missing scopes of the first message that lacks some. */
  async #findMissingScopes(body: unknown, access: RequestAccess): Promise<readonly string[] | undefined> {
    // Callers who cannot authenticate cannot come back with more scopes.
    if (!this.#parts.hasAuth && !access.auth) return undefined;
    for (const message of listMessages(body)) {
      if (readMethod(message) === undefined) continue;
      const missing = await this.#parts.dispatcher.findMissingScopes(message as RawRequest, access);
      if (missing) return missing;
    }
    return undefined;
  }

  #refuseMethod(method: string): Response {
    return refuse({
      status: 405,
      message: `The MCP endpoint does not answer ${method}; it answers ${this.methods}.`,
      headers: { allow: this.methods },
    });
  }

  #report(error: Error): void {
    // What clients do wrong they are told; a log that anybody can fill helps nobody.
    if (!error.message.startsWith("Rejected ") && !isProtocolError(error)) {
      this.#parts.report(`methodic: ${error.stack ?? error.message}`);
    }
  }
}

interface Counted {
  readonly response: Response;
  /** Limit of a stream that has none. */
  readonly maxBufferedBytes?: number;
  readonly isSubscription?: boolean;
  /** To be called when the response was sent. */
  readonly onDone?: () => void;
}

interface Caller {
  readonly access: RequestAccess;
  readonly auth: AuthInfo | undefined;
  readonly authInfo: SdkAuthInfo | undefined;
}

/** Whether a message is of 2025-11-25 or older, which the SDK tells from its form and its headers. */
function isLegacy(message: unknown, headers: Headers): boolean {
  const version = headers.get("mcp-protocol-version");
  // A request that names the revision is served by it, or refused. To ask the SDK takes longer than our own part of a call.
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

function acceptsAnswer(accept: string | null): boolean {
  return accept === null || /\*\/\*|application\/(?:\*|json)|text\/(?:\*|event-stream)/i.test(accept);
}

function isProtocolError(error: Error): boolean {
  return typeof (error as { readonly code?: unknown }).code === "number";
}

import type { McpServer, McpServerFactory } from "@modelcontextprotocol/server";
import { getCallerKey } from "../../context/auth-info.ts";
import { digestText } from "../../util/digest.ts";
import { readId } from "../../util/json-rpc.ts";
import { readExpiry } from "../expiry.ts";
import { closingResponse, errorResponse, methodNotAllowedResponse, type HttpRefusal } from "../responses.ts";
import { isInitialize, invalidMessageResponse } from "./messages.ts";
import {
  type AuthorizedRequest,
  checkGetAccept,
  checkPostAccept,
  checkVersion,
  readPost,
  readVersion,
  type RequestHandler,
  type RequestHandlerDeps,
} from "./request.ts";
import type { ResolvedSessionOptions } from "./session-options.ts";
import { tooManySessionsResponse, unknownSessionResponse, type Session } from "./session-store.ts";
import type { EventLog } from "./session-streams.ts";
import { StreamableHttpTransport } from "./transport.ts";

/**
 * Serves requests in sessions: `initialize` opens one, `DELETE` ends it, and every request between
 * names it in `Mcp-Session-Id`.
 */
export class SessionHandler implements RequestHandler {
  readonly #deps: RequestHandlerDeps;
  readonly #options: ResolvedSessionOptions;
  readonly #createServer: McpServerFactory;

  constructor(deps: RequestHandlerDeps, options: ResolvedSessionOptions, createServer: McpServerFactory) {
    this.#deps = deps;
    this.#options = options;
    this.#createServer = createServer;
  }

  async serve(incoming: AuthorizedRequest): Promise<Response> {
    switch (incoming.request.method) {
      case "POST":
        return this.#post(incoming);
      case "GET":
        return this.#get(incoming);
      case "DELETE":
        return this.#delete(incoming);
      default:
        return methodNotAllowedResponse(incoming.request.method, "GET, POST, DELETE");
    }
  }

  async #post(incoming: AuthorizedRequest): Promise<Response> {
    const { request, message, authInfo } = incoming;
    const notAcceptable = checkPostAccept(request);
    if (notAcceptable) return notAcceptable;
    const opensSession = isInitialize(message);
    if (opensSession && !request.headers.has("mcp-session-id")) return this.#open(incoming);
    const session = this.#findSession(incoming);
    if (session instanceof Response) return session;
    if (opensSession) {
      const text = "This session is already initialized. Send initialize without Mcp-Session-Id to open another one.";
      return invalidMessageResponse(text, message);
    }
    const unsupported = checkVersion(request);
    if (unsupported) return unsupported;
    const posted = readPost(message, session.transport.protocolVersion ?? readVersion(request));
    if (posted instanceof Response) {
      session.transport.failWaiting(message);
      return posted;
    }
    if (this.#deps.isClosing()) return closingResponse(readId(message));
    return session.transport.receive({ ...posted, request, authInfo });
  }

  async #get(incoming: AuthorizedRequest): Promise<Response> {
    const { request, auth } = incoming;
    const notAcceptable = checkGetAccept(request);
    if (notAcceptable) return notAcceptable;
    const session = this.#findSession(incoming);
    if (session instanceof Response) return session;
    const unsupported = checkVersion(request);
    if (unsupported) return unsupported;
    if (this.#deps.isClosing()) return closingResponse();
    // A stream stays open, and must end with the credentials of its caller.
    const client = { signal: request.signal, until: readExpiry(auth) };
    const lastEventId = request.headers.get("last-event-id");
    return lastEventId ? session.transport.resume(lastEventId, client) : session.transport.listen(client);
  }

  async #delete(incoming: AuthorizedRequest): Promise<Response> {
    const session = this.#findSession(incoming);
    if (session instanceof Response) return session;
    const unsupported = checkVersion(incoming.request);
    if (unsupported) return unsupported;
    await this.#deps.sessions.remove(session);
    return new Response(null, { status: 204 });
  }

  async #open(incoming: AuthorizedRequest): Promise<Response> {
    const { request, message, authInfo, shareKey } = incoming;
    const { sessions } = this.#deps;
    const posted = readPost(message, readVersion(request));
    if (posted instanceof Response) return posted;
    const eventPrefix = this.#options.eventStore && (await createEventPrefix(shareKey));
    if (this.#deps.isClosing()) return closingResponse(readId(message));
    if (!sessions.makeRoom(shareKey)) return tooManySessionsResponse(sessions, shareKey);
    const session = new HttpSession(this.#deps, this.#options, {
      owner: getCallerKey(incoming),
      shareKey,
      eventPrefix,
    });
    sessions.add(session);
    try {
      const context = { era: "legacy", ...(authInfo && { authInfo }), requestInfo: request } as const;
      await session.connect(await this.#createServer(context));
      const response = await session.transport.receive({ ...posted, request, authInfo });
      if (session.transport.protocolVersion !== undefined && response.status === 200) return response;
      // initialize has failed: the client must not learn an id that is about to be invalid.
      response.headers.delete("mcp-session-id");
      await sessions.remove(session);
      return response;
    } catch (error) {
      await sessions.remove(session);
      throw error;
    }
  }

  #findSession(incoming: AuthorizedRequest): HttpSession | Response {
    const { request, message } = incoming;
    const id = request.headers.get("mcp-session-id");
    if (!id) {
      return errorResponse({
        status: 400,
        message: "The Mcp-Session-Id header is missing. Send initialize first, then the session id of its response.",
        id: readId(message),
      });
    }
    return this.#deps.sessions.find(id, getCallerKey(incoming), HttpSession) ?? unknownSessionResponse();
  }
}

/**
 * Creates the start of the stream ids of a session, which lets an event store tell callers apart.
 * Event ids reveal it, so it reveals neither the session's id nor the caller.
 */
async function createEventPrefix(shareKey: string | undefined): Promise<string> {
  const caller = shareKey === undefined ? "" : `${(await digestText(shareKey)).slice(0, 16)}.`;
  return `${caller}${crypto.randomUUID()}:`;
}

/** Dependencies of an {@link HttpSession}. */
interface HttpSessionDeps extends Pick<Session, "owner" | "shareKey"> {
  /** Start of the ids of the session's streams. Set if there is an event store. */
  readonly eventPrefix: string | undefined;
}

/** A session over Streamable HTTP, with one SDK server. */
export class HttpSession implements Session {
  readonly id: string = crypto.randomUUID();
  readonly owner: string;
  readonly shareKey: string | undefined;
  readonly transport: StreamableHttpTransport;
  activeAt: number = Date.now();
  readonly #eventLog: EventLog | undefined;
  #server: Pick<McpServer, "close"> | undefined;
  #isClosed = false;

  constructor(
    deps: RequestHandlerDeps,
    options: ResolvedSessionOptions,
    { owner, shareKey, eventPrefix }: HttpSessionDeps,
  ) {
    this.owner = owner;
    this.shareKey = shareKey;
    const { eventStore: store, retryMs } = options;
    this.#eventLog = store && eventPrefix !== undefined ? { store, retryMs, prefix: eventPrefix } : undefined;
    this.transport = new StreamableHttpTransport({
      sse: deps.sse,
      sessionId: this.id,
      eventLog: this.#eventLog,
      onActivity: () => (this.activeAt = Date.now()),
      calls: deps.calls,
      shareKey,
      onError: deps.onError,
    });
  }

  get isConnected(): boolean {
    return this.transport.isConnected;
  }

  async connect(server: Pick<McpServer, "connect" | "close">): Promise<void> {
    this.#server = server;
    await server.connect(this.transport);
    // The endpoint may have been closed in the meantime.
    if (this.#isClosed) await server.close();
  }

  async close(refusal: HttpRefusal): Promise<void> {
    this.#isClosed = true;
    await this.transport.close(refusal);
    await this.#server?.close();
    await this.#eventLog?.store.deleteStreams?.(this.#eventLog.prefix);
  }
}

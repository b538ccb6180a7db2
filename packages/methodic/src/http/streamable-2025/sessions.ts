import type { McpServerFactory } from "@modelcontextprotocol/server";
import { readExpiry } from "../expiry.ts";
import { refuse, refuseClosing } from "../responses.ts";
import {
  type AuthorizedRequest,
  checkGetAccept,
  checkPostAccept,
  checkVersion,
  readPost,
  readVersion,
  refuseMethod,
  type RequestHandler,
  type RequestHandlerDeps,
} from "./request.ts";
import { readId } from "../../util/json-rpc.ts";
import { isInitialize, refuseMessage } from "./messages.ts";
import type { ResolvedSessionOptions } from "./session-options.ts";
import { refuseMoreSessions, refuseSession } from "./session-store.ts";
import { HttpSession } from "./session.ts";

/** Sessions: `initialize` begins one, `DELETE` ends it, and all between names it in `Mcp-Session-Id`. */
export class SessionHandler implements RequestHandler {
  readonly #parts: RequestHandlerDeps;
  readonly #settings: ResolvedSessionOptions;
  readonly #factory: McpServerFactory;

  constructor(parts: RequestHandlerDeps, settings: ResolvedSessionOptions, factory: McpServerFactory) {
    this.#parts = parts;
    this.#settings = settings;
    this.#factory = factory;
  }

  async serve(exchange: AuthorizedRequest): Promise<Response> {
    switch (exchange.request.method) {
      case "POST":
        return this.#post(exchange);
      case "GET":
        return this.#get(exchange);
      case "DELETE":
        return this.#delete(exchange);
      default:
        return refuseMethod(exchange.request.method, "GET, POST, DELETE");
    }
  }

  async #post(exchange: AuthorizedRequest): Promise<Response> {
    const { request, message, authInfo } = exchange;
    const refusal = checkPostAccept(request);
    if (refusal) return refusal;
    const begins = isInitialize(message);
    if (begins && !request.headers.has("mcp-session-id")) return this.#begin(exchange);
    const session = this.#findSession(exchange);
    if (session instanceof Response) return session;
    if (begins)
      return refuseMessage("This session is initialized: initialize without Mcp-Session-Id begins another.", message);
    const unsupported = checkVersion(request);
    if (unsupported) return unsupported;
    const delivery = readPost(message, session.transport.protocolVersion ?? readVersion(request));
    if (delivery instanceof Response) return delivery;
    if (this.#parts.isClosing()) return refuseClosing();
    return session.transport.receive({ ...delivery, request, authInfo });
  }

  async #get(exchange: AuthorizedRequest): Promise<Response> {
    const { request, auth } = exchange;
    const refusal = checkGetAccept(request);
    if (refusal) return refusal;
    const session = this.#findSession(exchange);
    if (session instanceof Response) return session;
    const unsupported = checkVersion(request);
    if (unsupported) return unsupported;
    if (this.#parts.isClosing()) return refuseClosing();
    // A stream stays open for long; what its caller may hear must not outlast the credentials.
    const until = readExpiry(auth);
    const lastEventId = request.headers.get("last-event-id");
    const connecting = { signal: request.signal, until };
    return lastEventId ? session.transport.resume(lastEventId, connecting) : session.transport.listen(connecting);
  }

  async #delete(exchange: AuthorizedRequest): Promise<Response> {
    const session = this.#findSession(exchange);
    if (session instanceof Response) return session;
    const unsupported = checkVersion(exchange.request);
    if (unsupported) return unsupported;
    await this.#parts.table.remove(session);
    return new Response(null, { status: 204 });
  }

  async #begin({ request, message, authInfo, auth }: AuthorizedRequest): Promise<Response> {
    const { table } = this.#parts;
    const delivery = readPost(message, readVersion(request));
    if (delivery instanceof Response) return delivery;
    if (this.#parts.isClosing()) return refuseClosing();
    if (!table.hasRoom()) return refuseMoreSessions();
    const session = new HttpSession(this.#parts, this.#settings, auth);
    table.add(session);
    try {
      await session.connect(
        await this.#factory({ era: "legacy", ...(authInfo && { authInfo }), requestInfo: request }),
      );
      const response = await session.transport.receive({ ...delivery, request, authInfo });
      if (session.transport.protocolVersion !== undefined && response.status === 200) return response;
      // Nobody learns of the session.
      response.headers.delete("mcp-session-id");
      await table.remove(session);
      return response;
    } catch (error) {
      await table.remove(session);
      throw error;
    }
  }

  #findSession({ request, message, auth }: AuthorizedRequest): HttpSession | Response {
    const id = request.headers.get("mcp-session-id");
    if (!id) {
      return refuse({
        status: 400,
        message: "The Mcp-Session-Id header is missing: initialize first, and send the id that its answer names.",
        id: readId(message),
      });
    }
    return this.#parts.table.find(id, auth, HttpSession) ?? refuseSession();
  }
}

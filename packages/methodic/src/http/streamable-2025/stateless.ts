import type { McpServerFactory } from "@modelcontextprotocol/server";
import { refuseClosing } from "../responses.ts";
import {
  type AuthorizedRequest,
  checkPostAccept,
  checkVersion,
  readPost,
  readVersion,
  refuseMethod,
  type RequestHandler,
  type RequestHandlerDeps,
} from "./request.ts";
import { isInitialize, isRequest } from "./messages.ts";
import type { Busy } from "./running.ts";
import { StreamableHttpTransport } from "./transport.ts";

/** An SDK server for each POST. */
export class StatelessHandler implements RequestHandler {
  readonly #parts: RequestHandlerDeps;
  readonly #factory: McpServerFactory;

  constructor(parts: RequestHandlerDeps, factory: McpServerFactory) {
    this.#parts = parts;
    this.#factory = factory;
  }

  async serve(exchange: AuthorizedRequest): Promise<Response> {
    const { request, message, authInfo } = exchange;
    if (request.method !== "POST") return refuseMethod(request.method, "POST");
    // initialize is what settles the version.
    const refusal = checkPostAccept(request) ?? (isInitialize(message) ? undefined : checkVersion(request));
    if (refusal) return refusal;
    const delivery = readPost(message, readVersion(request));
    if (delivery instanceof Response) return delivery;
    // Without a session, there is nothing that a notification or an answer could be about.
    if (!delivery.messages.some(isRequest)) return new Response(null, { status: 202 });
    if (this.#parts.isClosing()) return refuseClosing();
    const transport = this.#createTransport();
    const server = await this.#factory({ era: "legacy", ...(authInfo && { authInfo }), requestInfo: request });
    await server.connect(transport);
    // An instance that has answered is left to the garbage collector: to close it would abort the signals of methods that have just returned.
    return transport.receive({ ...delivery, request, authInfo });
  }

  #createTransport(): StreamableHttpTransport {
    const { streams, running, calls, onError } = this.#parts;
    const busy: Busy = { close: (response) => transport.closeWith(response) };
    const transport = new StreamableHttpTransport({
      settings: streams,
      onActivity: () => undefined,
      calls,
      onBusy: () => running.add(busy),
      onIdle: () => running.delete(busy),
      onError,
    });
    return transport;
  }
}

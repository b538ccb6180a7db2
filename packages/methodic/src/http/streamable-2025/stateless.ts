import type { McpServerFactory } from "@modelcontextprotocol/server";
import { readId } from "../../util/json-rpc.ts";
import { closingResponse, methodNotAllowedResponse } from "../responses.ts";
import { isInitialize, isRequest } from "./messages.ts";
import {
  type AuthorizedRequest,
  checkPostAccept,
  checkVersion,
  readPost,
  readVersion,
  type RequestHandler,
  type RequestHandlerDeps,
} from "./request.ts";
import { StreamableHttpTransport } from "./transport.ts";

/** Serves each POST with a new SDK server and transport. */
export class StatelessHandler implements RequestHandler {
  readonly #deps: RequestHandlerDeps;
  readonly #createServer: McpServerFactory;

  constructor(deps: RequestHandlerDeps, createServer: McpServerFactory) {
    this.#deps = deps;
    this.#createServer = createServer;
  }

  async serve({ request, message, authInfo, shareKey }: AuthorizedRequest): Promise<Response> {
    if (request.method !== "POST") return methodNotAllowedResponse(request.method, "POST");
    // initialize negotiates the version, so its header does not count.
    const refusal = checkPostAccept(request) ?? (isInitialize(message) ? undefined : checkVersion(request));
    if (refusal) return refusal;
    const posted = readPost(message, readVersion(request));
    if (posted instanceof Response) return posted;
    // Without a session, a notification or a response has nothing to refer to.
    if (!posted.messages.some(isRequest) && !posted.refused?.size) return new Response(null, { status: 202 });
    if (this.#deps.isClosing()) return closingResponse(readId(message));
    const { sse, calls, onError } = this.#deps;
    const transport = new StreamableHttpTransport({ sse, calls, shareKey, onError, onActivity: () => undefined });
    const server = await this.#createServer({ era: "legacy", ...(authInfo && { authInfo }), requestInfo: request });
    await server.connect(transport);
    // Closing the server here would abort the signals of methods that have just returned.
    return transport.receive({ ...posted, request, authInfo });
  }
}

import {
  type AuthInfo as SdkAuthInfo,
  DEFAULT_NEGOTIATED_PROTOCOL_VERSION,
  type McpServerFactory,
  SUPPORTED_PROTOCOL_VERSIONS,
} from "@modelcontextprotocol/server";
import type { AuthInfo } from "../../context/auth-info.ts";
import { allowsMediaType } from "./accept.ts";
import { Heartbeat } from "./heartbeat.ts";
import { HttpTransport } from "./http-transport.ts";
import { isInitialize, isRequest, readDelivery } from "./messages.ts";
import { createRejection, INTERNAL_ERROR } from "./rejection.ts";

/** One HTTP request of a client of 2025-11-25 or before, which has passed everything that goes for all requests. */
export interface LegacyExchange {
  /** Its body is not looked at. */
  readonly request: Request;
  /** The parsed body of a POST. */
  readonly message: unknown;
  /** What the SDK hands to methods. */
  readonly authInfo?: SdkAuthInfo | undefined;
  readonly auth?: AuthInfo | undefined;
}

/** What a legacy leg is made of. */
export interface LegacyOptions {
  /** Makes the SDK server of a single POST. */
  readonly stateless: McpServerFactory;
  readonly onError: (error: Error) => void;
  /** How often an open stream says that it is there, in ms. Default 15 s; 0: never. */
  readonly keepAliveMs?: number;
  /** How many bytes may wait on a stream whose client does not read. Default 4 MiB. */
  readonly maxBufferedBytes?: number;
}

/** Streamable HTTP for clients of 2025-11-25, 2025-06-18 and 2025-03-26. */
export interface LegacyLeg {
  /** Never throws: what fails becomes a response. */
  handle(exchange: LegacyExchange): Promise<Response>;
  /** Ends what is open, and takes nothing more. */
  close(): Promise<void>;
}

const DEFAULT_KEEP_ALIVE_MS = 15_000;
const DEFAULT_MAX_BUFFERED_BYTES = 4 * 1024 * 1024;

/** Makes the part of an endpoint that serves clients of 2025-11-25 and before. */
export function createLegacyLeg(options: LegacyOptions): LegacyLeg {
  return new Leg(options);
}

class Leg implements LegacyLeg {
  readonly #options: LegacyOptions;
  readonly #heartbeat: Heartbeat;
  readonly #running = new Set<HttpTransport>();
  #isClosed = false;

  constructor(options: LegacyOptions) {
    this.#options = options;
    this.#heartbeat = new Heartbeat(options.keepAliveMs ?? DEFAULT_KEEP_ALIVE_MS);
  }

  async handle(exchange: LegacyExchange): Promise<Response> {
    if (this.#isClosed) return refuseClosed();
    try {
      return await this.#serve(exchange);
    } catch (error) {
      this.#options.onError(error instanceof Error ? error : new Error(String(error)));
      return createRejection({ status: 500, code: INTERNAL_ERROR, message: "Internal error" });
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const transport of this.#running) transport.closeWith(refuseClosed());
  }

  async #serve(exchange: LegacyExchange): Promise<Response> {
    const { request, message } = exchange;
    if (request.method !== "POST") {
      const text = `${request.method} is for sessions, and this server has none: POST every message.`;
      return createRejection({ status: 405, message: text, headers: { allow: "POST" } });
    }
    const refusal = checkPost(request, message);
    if (refusal) return refusal;
    const version = request.headers.get("mcp-protocol-version") ?? DEFAULT_NEGOTIATED_PROTOCOL_VERSION;
    const delivery = readDelivery(message, version);
    if (delivery instanceof Response) return delivery;
    // Without a session, there is nothing that a notification or an answer could be about.
    if (!delivery.messages.some(isRequest)) return new Response(null, { status: 202 });
    const transport = new HttpTransport({
      settings: {
        heartbeat: this.#heartbeat,
        maxBufferedBytes: this.#options.maxBufferedBytes ?? DEFAULT_MAX_BUFFERED_BYTES,
      },
      onActivity: () => undefined,
      onIdle: () => this.#running.delete(transport),
      onError: this.#options.onError,
    });
    const { authInfo } = exchange;
    const server = await this.#options.stateless({
      era: "legacy",
      ...(authInfo && { authInfo }),
      requestInfo: request,
    });
    await server.connect(transport);
    this.#running.add(transport);
    // An instance that has answered is left to the garbage collector: to close it would abort the signals of methods that have just returned.
    return transport.receive({ ...delivery, request, authInfo });
  }
}

function checkPost(request: Request, message: unknown): Response | undefined {
  const accept = request.headers.get("accept");
  if (!allowsMediaType(accept, "application/json") || !allowsMediaType(accept, "text/event-stream")) {
    return createRejection({
      status: 406,
      message: "The Accept header must allow both application/json and text/event-stream: either can be the answer.",
    });
  }
  // initialize is what settles the version.
  return isInitialize(message) ? undefined : checkVersion(request);
}

function checkVersion(request: Request): Response | undefined {
  const version = request.headers.get("mcp-protocol-version");
  if (version === null || SUPPORTED_PROTOCOL_VERSIONS.includes(version)) return undefined;
  return createRejection({
    status: 400,
    message: `MCP-Protocol-Version ${JSON.stringify(version)} is not supported. Supported are ${SUPPORTED_PROTOCOL_VERSIONS.join(", ")}.`,
  });
}

function refuseClosed(): Response {
  return createRejection({ status: 503, message: "The server is shutting down." });
}

import {
  type AuthInfo as SdkAuthInfo,
  DEFAULT_NEGOTIATED_PROTOCOL_VERSION,
  SUPPORTED_PROTOCOL_VERSIONS,
} from "@modelcontextprotocol/server";
import type { AuthInfo } from "../../context/auth-info.ts";
import { toError } from "../../errors.ts";
import type { InFlight } from "../../util/in-flight.ts";
import { MODERN_REVISION } from "../../util/json-rpc.ts";
import { allowsMediaType } from "../../util/media-types.ts";
import { errorResponse, internalErrorResponse, type HttpRefusal } from "../responses.ts";
import type { SseLimits } from "../sse.ts";
import { readBatch } from "./batch.ts";
import { type PostedMessages, readMessage } from "./messages.ts";
import type { SessionStore } from "./session-store.ts";

/** An HTTP request that passed the checks of its host, origin and credentials. */
export interface AuthorizedRequest {
  /** The request without its body. */
  readonly request: Request;
  /** The parsed body of a POST. */
  readonly message: unknown;
  /** The caller in the form that the SDK hands to methods. */
  readonly authInfo?: SdkAuthInfo | undefined;
  readonly auth?: AuthInfo | undefined;
  /**
   * The key of the caller. A session belongs to the caller that opened it. Default: from `auth`.
   */
  readonly callerKey?: string | undefined;
  /** Key of the caller's share of the limits. */
  readonly shareKey?: string | undefined;
}

/** Serves authorized requests, with sessions or without. */
export interface RequestHandler {
  serve(request: AuthorizedRequest): Promise<Response>;
}

/** A transport that has running calls. */
export interface CallOwner {
  /** Ends its calls, and answers each with the refusal. */
  close(refusal: HttpRefusal): Promise<void>;
}

/** Dependencies of all request handlers of an endpoint. */
export interface RequestHandlerDeps {
  readonly sse: SseLimits;
  readonly sessions: SessionStore;
  /** Running calls, which can outlive their POST. */
  readonly calls: InFlight<CallOwner>;
  /** Returns true once the server accepts no more calls. */
  readonly isClosing: () => boolean;
  readonly onError: (error: Error) => void;
}

/** Runs a request handler. Reports its error, and hides the cause from the client. */
export async function serveSafely(
  onError: (error: Error) => void,
  serve: () => Response | Promise<Response>,
): Promise<Response> {
  try {
    return await serve();
  } catch (error) {
    onError(toError(error));
    return internalErrorResponse();
  }
}

/** Reads the messages of a POST's parsed body. Returns the response to send if they are invalid. */
export function readPost(body: unknown, protocolVersion: string): PostedMessages | Response {
  if (Array.isArray(body)) return readBatch(body, protocolVersion);
  const message = readMessage(body);
  return message instanceof Response ? message : { messages: [message], toBody: ([answer]) => answer };
}

/** Refuses a POST whose client does not accept JSON. */
export function checkPostAccept({ headers }: Request): Response | undefined {
  if (allowsMediaType(headers.get("accept"), "application/json")) return undefined;
  const message =
    "The Accept header must allow application/json, and text/event-stream for messages before the result.";
  return errorResponse({ status: 406, message });
}

/** Refuses a GET whose client does not accept a stream. */
export function checkGetAccept({ headers }: Request): Response | undefined {
  if (allowsMediaType(headers.get("accept"), "text/event-stream")) return undefined;
  return errorResponse({ status: 406, message: "The Accept header must allow text/event-stream." });
}

/** Refuses an unknown protocol version. A missing one is valid: 2025-06-18 introduced it. */
export function checkVersion({ headers }: Request): Response | undefined {
  const version = headers.get("mcp-protocol-version");
  if (version === null || SUPPORTED_PROTOCOL_VERSIONS.includes(version)) return undefined;
  // Valid requests of this revision are served elsewhere.
  if (version === MODERN_REVISION) {
    const text = `MCP ${version} has no batches, sessions or client responses. Send one request or notification per POST.`;
    return errorResponse({ status: 400, message: text });
  }
  const supported = [MODERN_REVISION, ...SUPPORTED_PROTOCOL_VERSIONS].join(", ");
  const message = `Unsupported MCP-Protocol-Version: ${JSON.stringify(version)}. Use one of ${supported}.`;
  return errorResponse({ status: 400, message });
}

/** Returns the protocol version of a request without a session. */
export function readVersion({ headers }: Request): string {
  return headers.get("mcp-protocol-version") ?? DEFAULT_NEGOTIATED_PROTOCOL_VERSION;
}

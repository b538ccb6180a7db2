import type { AuthInfo as SdkAuthInfo } from "@modelcontextprotocol/server";
import type { AuthInfo } from "../../context/auth-info.ts";
import type { InFlight } from "../../util/in-flight.ts";
import { refuseInternal } from "../responses.ts";
import type { SseStreamDeps } from "../sse.ts";
import type { Running } from "./running.ts";
import type { SessionStore } from "./session-store.ts";

/** What the ways of serving older clients share. */
export interface RequestHandlerDeps {
  readonly streams: SseStreamDeps;
  readonly table: SessionStore;
  readonly running: Running;
  /** Counts the calls that run, for which no request need be waiting. */
  readonly calls: InFlight;
  /** Whether no more calls are taken. */
  readonly isClosing: () => boolean;
  readonly onError: (error: Error) => void;
}

/** Serves a request; what fails is reported, and becomes a response that does not tell why. */
export async function serveSafely(
  onError: (error: Error) => void,
  serve: () => Response | Promise<Response>,
): Promise<Response> {
  try {
    return await serve();
  } catch (error) {
    onError(error instanceof Error ? error : new Error(String(error)));
    return refuseInternal();
  }
}

/** One HTTP request of a client of 2025-11-25 or before, which has passed everything that goes for all requests. */
export interface CheckedRequest {
  /** Its body is not looked at. */
  readonly request: Request;
  /** The parsed body of a POST. */
  readonly message: unknown;
  /** What the SDK hands to methods. */
  readonly authInfo?: SdkAuthInfo | undefined;
  /** Who calls: a session is for the caller that began it. */
  readonly auth?: AuthInfo | undefined;
}

/** How requests are served: each by itself, or in sessions. */
export interface RequestHandler {
  serve(exchange: CheckedRequest): Promise<Response>;
}

import type { AuthInfo as SdkAuthInfo } from "@modelcontextprotocol/server";
import type { AuthInfo } from "../../context/auth-info.ts";

/** One HTTP request of a client of 2025-11-25 or before, which has passed everything that goes for all requests. */
export interface LegacyExchange {
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
export interface Serving {
  serve(exchange: LegacyExchange): Promise<Response>;
}

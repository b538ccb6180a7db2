import type { AuthInfo } from "../context/auth-info.ts";

/** What a gate looks at. */
export interface GatedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
}

/** Lets requests to the MCP endpoint in, or tells their clients what they lack. */
export interface AccessGate {
  /** Who calls, or the refusal (401, 403, 503). */
  authorize(request: GatedRequest): Promise<{ readonly auth: AuthInfo | undefined } | Response>;
  /** The refusal of a caller who needs more scopes (403 `insufficient_scope`). */
  challengeScopes(request: GatedRequest, scopes: readonly string[]): Response;
  /** The protected-resource metadata (RFC 9728), if it is what is asked for. */
  serveMetadata(request: GatedRequest): Response | undefined;
}

/** Lets everybody in. */
export const OPEN_GATE: AccessGate = {
  authorize: () => Promise.resolve({ auth: undefined }),
  challengeScopes: () => new Response(null, { status: 403 }),
  serveMetadata: () => undefined,
};

import type { AuthInfo } from "./auth-info.ts";
import type { JsonSchema } from "../manifest/format.ts";

/** The severities of RFC 5424 that MCP log messages use, least severe first. */
export type LogLevel = "debug" | "info" | "notice" | "warning" | "error" | "critical" | "alert" | "emergency";

/**
 * Sends log messages to the client, related to the running call. A message below the level the client asked for is dropped;
 * `data` is sent as JSON; dates, URLs, big integers, sets and maps take the form that they have in results. Never throws: logging must not
 * fail a call.
 */
export type Logger = {
  /** Sends a message of this severity, with optional structured data. */
  readonly [level in LogLevel]: (message: string, data?: unknown) => void;
};

/** The protocol era of a connection: `legacy` is 2025-11-25 and older, `modern` is 2026-07-28. */
export type ProtocolEra = "legacy" | "modern";

/** What is known of the request that a method is serving. */
export interface RequestInfo {
  /** The JSON-RPC request id. */
  readonly id: string | number;
  /** The MCP method, for example `tools/call`. */
  readonly method: string;
  readonly era: ProtocolEra;
  /** The protocol revision in use, for example `2025-11-25`. */
  readonly protocolVersion: string | undefined;
  /** The client's own name and version, if it said. */
  readonly client: { readonly name: string; readonly version: string } | undefined;
  /** The session, on transports that have sessions. */
  readonly sessionId: string | undefined;
  /**
   * The HTTP headers, on HTTP transports. Where an authenticator has found out who calls (`ctx.auth`), `Authorization` and `X-API-Key` are left out: a
   * method that hands headers on must not hand on somebody's token.
   */
  readonly headers: Headers | undefined;
  /** The request's `_meta`, without the keys the protocol itself uses. */
  readonly meta: { readonly [key: string]: unknown };
}

/** What a user answered to {@link Context.elicit}. `content` follows the schema that was asked with, and is there only on `accept`. */
export interface ElicitationResult {
  readonly action: "accept" | "decline" | "cancel";
  readonly content?: { readonly [field: string]: string | number | boolean | readonly string[] };
}

/**
 * What the framework offers to a running method. Declare a parameter of this type, anywhere in the list, and it is supplied;
 * it is no part of the published input.
 *
 * @example
 * ```ts
 * import { type Context, tool } from "methodic";
 *
 * class Indexer {
 *   /** Index files. *\/ @tool() async index(paths: string[], ctx: Context): Promise<number> {
 *     for (const [i, path] of paths.entries()) {
 *       ctx.signal.throwIfAborted();
 *       await ctx.progress(i, paths.length);
 *       ctx.log.info(`reading ${path}`);
 *     }
 *     return paths.length;
 *   }
 * }
 * ```
 */
export interface Context {
  /** Aborts when the client cancels the call, disconnects, or the server shuts down. */
  readonly signal: AbortSignal;
  readonly log: Logger;
  readonly request: RequestInfo;
  /** Who is calling. Undefined on a local connection (stdio), and on a server that asks nobody who they are. */
  readonly auth: AuthInfo | undefined;
  /**
   * Reports progress to a client that asked for it; otherwise does nothing.
   * @param progress How much is done; must grow with every report
   * @param total How much there is to do, if known
   * @param message What is going on, for people
   */
  progress(progress: number, total?: number, message?: string): Promise<void>;
  /**
   * Asks the user, through the client, to fill in a small form (MCP "elicitation").
   * On the 2026-07-28 era the method is run again from its start once the answer is there, so ask before doing anything
   * that must not be done twice.
   * @param message What to ask
   * @param requestedSchema A flat object schema: properties of type string, number, integer, boolean, or enums
   * @throws ToolError if the client cannot elicit
   */
  elicit(message: string, requestedSchema: JsonSchema): Promise<ElicitationResult>;
}

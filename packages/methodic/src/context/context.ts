import type { AuthInfo } from "./auth-info.ts";
import type { CallInfo, ServerInfo } from "./call-info.ts";
import type { Notifier } from "./notifier.ts";
import type { ServiceKey } from "./token.ts";
import type { JsonSchema } from "../manifest/format.ts";

/** The severity of an MCP log message (RFC 5424), least severe first. */
export type LogLevel = "debug" | "info" | "notice" | "warning" | "error" | "critical" | "alert" | "emergency";

/**
 * Sends log messages to the client, related to the running call. Messages below the client's level
 * are dropped. `data` is sent as JSON; dates, URLs, big integers, sets and maps take the form that
 * they have in results. Never throws.
 */
export type Logger = {
  /** Sends a message of this severity, with optional data. */
  readonly [level in LogLevel]: (message: string, data?: unknown) => void;
};

/** The user's answer to {@link Context.elicit}. */
export interface ElicitationResult {
  readonly action: "accept" | "decline" | "cancel";
  /** The fields of the form, valid by its schema. Present if the action is `accept`. */
  readonly content?: { readonly [field: string]: string | number | boolean | readonly string[] };
}

/**
 * The framework's services for a running method. Declare a parameter of this type at any position;
 * it is not part of the published input.
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
export interface Context extends CallInfo {
  /** Aborts when the client cancels the call or disconnects, or the server shuts down. */
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** The server that serves the call. */
  readonly server: ServerInfo;
  /** Notifies all connected clients of changes that the method makes, as `server.notify` does. */
  readonly notify: Notifier;
  /** The caller. Undefined on local connections (stdio) and on servers without authentication. */
  readonly auth: AuthInfo | undefined;
  /**
   * Reports progress to clients that asked for it.
   * @param progress The work done so far; must grow with every report
   * @param total The whole work, if known
   * @param message A description of the current step, for users
   */
  progress(progress: number, total?: number, message?: string): Promise<void>;
  /**
   * Returns a value that the server provides, by its class or token. One with the scope `request`
   * is made on its first use in the call, and disposed at the call's end: by `onStop()`,
   * `[Symbol.asyncDispose]()`, `[Symbol.dispose]()` or `close()`.
   * @param make Makes the value for this call, in place of the server's provider
   * @throws MethodicError `MISSING_PROVIDER` if nothing provides it
   */
  use<T>(key: ServiceKey<T>, make?: () => T | Promise<T>): Promise<T>;
  /**
   * Asks the user, through the client, to fill in a form (MCP "elicitation"). On 2026-07-28 the
   * method runs again from its start once the user has answered, so ask before any step that must
   * not be repeated.
   * @param message The question
   * @param requestedSchema A flat object schema: properties of type string, number, integer,
   *   boolean, or enums
   * @throws ToolError if the client cannot be asked, or keeps answering what does not fit the form
   * @throws MethodicError `INVALID_ARGUMENT` if the form is invalid
   */
  elicit(message: string, requestedSchema: JsonSchema): Promise<ElicitationResult>;
}

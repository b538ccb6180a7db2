import type {
  CallArguments,
  CallToolResult,
  GetPromptResult,
  ReadResourceResult,
  WithText,
} from "./component-calls.ts";
import type { AuthInfo } from "./auth-info.ts";
import type { CallInfo, ServerInfo } from "./call-info.ts";
import type { Notifier } from "./notifier.ts";
import type { SessionState, State } from "./state.ts";
import type { ServiceKey } from "./token.ts";
import type { JsonSchema } from "../manifest/format.ts";
import type { Root, SamplingMessage, SamplingOptions, SamplingResult } from "./sampling.ts";
import type { Answer, FormValues, Question, UrlAnswer } from "./answers.ts";

/** The severity of an MCP log message (RFC 5424), least severe first. */
export type LogLevel = "debug" | "info" | "notice" | "warning" | "error" | "critical" | "alert" | "emergency";

/**
 * Sends log messages of the running call to the client, if it wants their level, and to the
 * server's logger. To the client, `data` is sent as JSON; dates, URLs, big integers, sets and maps
 * take the form that they have in results. Never throws.
 */
export type Logger = {
  /** Sends a message of this severity, with optional data. */
  readonly [level in LogLevel]: (message: string, data?: unknown) => void;
};

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
   * State of the session, deleted when it ends: of the connection over stdio and in memory, and of
   * the session over HTTP. HTTP has sessions only for clients of 2025-11-25 and older, with
   * `http: { sessions: true }`; without one, its methods reject and its `id` is undefined.
   */
  readonly session: SessionState;
  /**
   * State of the caller, which survives sessions: of the caller that authentication identified, and
   * over stdio and in memory of the one local user. Over HTTP, its methods reject for callers that
   * nothing tells apart, as on a server without `auth`.
   */
  readonly user: State;
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
   * method runs again from its start once the user has answered: put effects that stand before a
   * question into {@link Context.step}.
   *
   * The form's fields are the properties of `Form`: strings, numbers, booleans, enums, and lists of
   * enum members. An invalid answer is asked for again, three times at most.
   * @param question The question, or the question and its key
   * @throws ToolError if the client cannot ask its user, or keeps giving invalid answers
   * @throws MethodicError `MISSING_MANIFEST` if the compiler has not seen the call
   */
  elicit<Form extends object>(question: string | Question): Promise<Answer<Form>>;
  /**
   * Asks the user to fill in the form that a schema describes.
   * @param requestedSchema A flat object schema: properties of type string, number, integer,
   *   boolean, or enums
   * @throws ToolError if the client cannot ask its user, or keeps giving invalid answers
   * @throws MethodicError `INVALID_ARGUMENT` if the schema is not a form
   */
  elicit<const Schema extends JsonSchema>(
    question: string | Question,
    requestedSchema: Schema,
  ): Promise<Answer<FormValues<Schema>>>;
  /** Asks the user to fill in the form that a schema describes, whose values are a `Form`. */
  elicit<Form extends object>(question: string | Question, requestedSchema: JsonSchema): Promise<Answer<Form>>;
  /**
   * Asks the user to confirm something. True if the user accepts; false if they decline, or close
   * the question.
   * @throws ToolError if the client cannot ask its user
   */
  confirm(question: string | Question): Promise<boolean>;
  /**
   * Asks the user, through the client, to open a page in a browser (MCP "URL mode elicitation"),
   * for what must not pass through the client: passwords, payments, the consent of another service.
   * `accept` means that the user agreed to open the page, not that they have finished there.
   *
   * On 2026-07-28 the method runs again with the answer: if the URL has a random part, make it in
   * {@link Context.step}.
   * @param url An absolute `https:` URL without user info; `http:` for this machine only
   * @param question The reason why to open it, as the user reads it
   * @throws ToolError if the client cannot ask its user, or keeps giving invalid answers
   * @throws MethodicError `INVALID_ARGUMENT` if the URL is invalid
   *
   * @example
   * ```ts
   * import { type Context, tool } from "methodic";
   *
   * class Repositories {
   *   /** Connect the user's account. *\/ @tool() async connect(ctx: Context): Promise<string> {
   *     const state = await ctx.step("state", () => crypto.randomUUID());
   *     const url = `https://example.com/login?state=${state}`;
   *     const { action } = await ctx.elicitUrl(url, "Log in to connect your account.");
   *     return action === "accept" ? "Call again once you are logged in." : "Not connected.";
   *   }
   * }
   * ```
   */
  elicitUrl(url: string | URL, question: string | Question): Promise<UrlAnswer>;
  /**
   * Lets the client's model answer (MCP "sampling"). Clients show the request to their user first.
   * An invalid answer is asked for again, three times at most.
   * @param prompt The text of a user's message, or a conversation
   * @throws ToolError if the client has no model, refuses, or keeps giving invalid answers
   * @throws MethodicError `INVALID_ARGUMENT` if the conversation or the options are invalid
   * @deprecated MCP 2026-07-28 deprecates sampling, and few clients support it. Call the API of a
   *   model's provider.
   *
   * @example
   * ```ts
   * import { type Context, tool } from "methodic";
   *
   * class Texts {
   *   /** Summarize. *\/ @tool() async summarize(text: string, ctx: Context): Promise<string> {
   *     const answer = await ctx.sample(`Summarize in a sentence: ${text}`, { maxTokens: 100 });
   *     return answer.text;
   *   }
   * }
   * ```
   */
  sample(prompt: string | readonly SamplingMessage[], options?: SamplingOptions): Promise<SamplingResult>;
  /**
   * Returns the folders and files that the client lets servers work on (MCP "roots").
   * @throws ToolError if the client has no roots, or keeps giving invalid answers
   * @deprecated MCP 2026-07-28 deprecates roots. Take paths as parameters.
   */
  listRoots(options?: { readonly key?: string }): Promise<readonly Root[]>;
  /**
   * Calls a tool of this server, for the same caller: arguments are validated, access rules apply,
   * and it ends with this call. A failure of the tool is a result with `isError: true`.
   *
   * On 2026-07-28, a tool that asks the user makes this method run again from its start, and the
   * tool with it: put calls with effects that stand before a question into {@link Context.step}.
   * @param args The arguments by name. Dates, URLs, sets and so on take their JSON form
   * @throws ToolError if the caller has no tool of this name
   * @throws MethodicError `INVALID_ARGUMENT` if the arguments have no JSON form, or
   *   `CALLS_TOO_DEEP` if calls are nested more than 16 deep
   *
   * @example
   * ```ts
   * import { type Context, tool } from "methodic";
   *
   * class Trips {
   *   /** Plan a day. *\/ @tool() async plan(city: string, ctx: Context): Promise<string> {
   *     const forecast = await ctx.callTool<{ celsius: number }>("forecast", { city });
   *     if (forecast.isError) return `Stay at home: ${forecast.text}`;
   *     return (forecast.structuredContent?.celsius ?? 0) > 20 ? "Swim." : "Visit a museum.";
   *   }
   * }
   * ```
   */
  callTool<T = unknown>(name: string, args?: CallArguments): Promise<WithText<CallToolResult<T>>>;
  /**
   * Reads a resource of this server, as {@link Context.callTool} calls a tool.
   * @throws ToolError if the caller has no resource of this URI, or reading it fails
   */
  readResource(uri: string): Promise<WithText<ReadResourceResult>>;
  /**
   * Gets a prompt of this server, as {@link Context.callTool} calls a tool.
   * @throws ToolError if the caller has no prompt of this name, or it fails
   */
  getPrompt(name: string, args?: CallArguments): Promise<WithText<GetPromptResult>>;
  /**
   * Runs an effect once in a call, although the method runs again after each answer on 2026-07-28:
   * a later run gets the result of the first. The result travels with the client, encrypted.
   * Errors are not kept, so a failed effect runs again.
   * @param key The step's name in its call
   * @param effect Returns plain data; the results of all steps of a call are at most 64 KB of JSON
   * @throws MethodicError `INVALID_ARGUMENT` if the key is used twice, or the result is not plain
   *   data or too large
   *
   * @example
   * ```ts
   * import { type Context, tool } from "methodic";
   *
   * class Orders {
   *   /** Order an item. *\/ @tool() async order(item: string, ctx: Context): Promise<string> {
   *     const id = await ctx.step("reserve", () => crypto.randomUUID());
   *     return (await ctx.confirm(`Order ${item}?`)) ? `Order ${id}` : "No order";
   *   }
   * }
   * ```
   */
  step<T>(key: string, effect: () => T | Promise<T>): Promise<T>;
}

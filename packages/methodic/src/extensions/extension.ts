import type { AuthInfo } from "../context/auth-info.ts";
import type { CallInfo } from "../context/call-info.ts";
import type { JsonSchemaObject, StandardSchema } from "../decorators/definition.ts";
import { MethodicError } from "../errors.ts";
import { toPlainJson } from "../json-schema/to-json.ts";
import type { JsonValue } from "../manifest/format.ts";
import { checkOptions, type OptionsSpec, showValue } from "../util/check-options.ts";
import { acceptAny, checkFunction, checkObject, mustBe } from "../util/option-checks.ts";
import { isRecord } from "../util/record.ts";

/** The settings of an extension, as clients and servers declare them. */
export type ExtensionSettings = { readonly [name: string]: JsonValue };

/** The running request, for an extension. */
export interface ExtensionContext extends CallInfo {
  /** Aborts when the client cancels the request or disconnects, or the server shuts down. */
  readonly signal: AbortSignal;
  /** The caller. Undefined on local connections (stdio) and on servers without authentication. */
  readonly auth: AuthInfo | undefined;
  /**
   * The extensions that the client declares, with their settings. Empty for a client of 2025-11-25
   * over HTTP without sessions, whose declaration the server does not remember.
   */
  readonly clientExtensions: { readonly [id: string]: ExtensionSettings };
  /**
   * Sends a notification that belongs to the request. It is dropped once the request has been
   * answered.
   */
  notify(method: string, params?: { readonly [name: string]: unknown }): Promise<void>;
}

/** A call of a tool, for {@link ExtensionOptions.onToolCall}. */
export interface ExtensionToolCall extends ExtensionContext {
  readonly name: string;
  /** The arguments as the client sent them. */
  readonly arguments: { readonly [name: string]: unknown };
}

/** Any result of MCP or of an extension. */
export type ExtensionResult = object;

/** A method that an extension adds to MCP. */
export interface ExtensionMethod {
  /** The schema of the parameters. Default: an object with any properties. */
  readonly params?: JsonSchemaObject | StandardSchema;
  /**
   * Answers a request. An error with a JSON-RPC code (`-32768` to `-32000`) as `code` is sent as it
   * is; any other is logged, and the client learns its id in the log.
   */
  // Method syntax: a handler may declare the type of its parameters.
  handle(params: never, context: ExtensionContext): ExtensionResult | Promise<ExtensionResult>;
}

/** Options of {@link extension}. */
export interface ExtensionOptions {
  /** The identifier, a reversed domain name and a name: `com.example/tasks`. */
  readonly id: string;
  /** Settings that the server declares to clients. Default: none. */
  readonly settings?: ExtensionSettings;
  /** The methods that the extension adds, by their names. */
  readonly methods?: { readonly [method: string]: ExtensionMethod };
  /**
   * Runs around each call of a tool that a client makes. `next()` runs the tool, and the extensions
   * listed after this one; it rejects if the caller may not use the tool.
   */
  readonly onToolCall?: (
    call: ExtensionToolCall,
    next: () => Promise<ExtensionResult>,
  ) => ExtensionResult | Promise<ExtensionResult>;
}

/** An extension of MCP (SEP-2133), for the server option `extensions`. */
export interface Extension extends ExtensionOptions {
  readonly settings: ExtensionSettings;
  readonly methods: { readonly [method: string]: ExtensionMethod };
}

// The labels of the prefix and the name follow the rules of `_meta` keys; the prefix is required.
const LABEL = "[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])?";
const ID = new RegExp(`^${LABEL}(?:\\.${LABEL})*/[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?$`);

const OPTIONS: OptionsSpec<ExtensionOptions> = {
  id: {
    check: mustBe(
      'a reversed domain name and a name, such as "com.example/tasks"',
      (id) => typeof id === "string" && ID.test(id),
    ),
    required: true,
  },
  settings: checkObject,
  methods: checkObject,
  onToolCall: checkFunction,
};
const METHOD: OptionsSpec<ExtensionMethod> = {
  params: acceptAny,
  handle: { check: checkFunction, required: true },
};

/** Names of requests that MCP itself defines, in any revision. */
const MCP_METHODS: ReadonlySet<string> = new Set([
  "completion/complete",
  "elicitation/create",
  "initialize",
  "logging/setLevel",
  "ping",
  "prompts/get",
  "prompts/list",
  "resources/list",
  "resources/read",
  "resources/subscribe",
  "resources/templates/list",
  "resources/unsubscribe",
  "roots/list",
  "sampling/createMessage",
  "server/discover",
  "subscriptions/listen",
  "tools/call",
  "tools/list",
]);

/**
 * Defines an extension of MCP for the server option `extensions`: methods that clients can call,
 * and a function around each call of a tool.
 * @throws MethodicError `INVALID_EXTENSION`
 *
 * @example
 * ```ts
 * import { extension } from "methodic";
 *
 * export const echo = extension({
 *   id: "com.example/echo",
 *   methods: {
 *     "echo/say": {
 *       params: { type: "object", properties: { text: { type: "string" } }, required: ["text"] },
 *       handle: ({ text }: { text: string }) => ({ text }),
 *     },
 *   },
 * });
 * ```
 */
export function extension(options: ExtensionOptions): Extension {
  const { id } = Object(options) as { readonly id?: unknown };
  const where = `extension${typeof id === "string" ? ` ${showValue(id)}` : ""}`;
  checkOptions(options, OPTIONS, { where, code: "INVALID_EXTENSION" });
  const { methods = {}, onToolCall } = options;
  const settings = copySettings(options.settings ?? {}, where);
  for (const [name, method] of Object.entries(methods)) checkMethod(name, method, where);
  return Object.freeze({ id: options.id, settings, methods, ...(onToolCall && { onToolCall }) });
}

function copySettings(settings: ExtensionSettings, where: string): ExtensionSettings {
  try {
    return toPlainJson(settings) as ExtensionSettings;
  } catch (error) {
    const problem = `${where}: invalid option 'settings': they are not JSON. Clients get them as they are; use plain data.`;
    throw new MethodicError("INVALID_EXTENSION", problem, { cause: error });
  }
}

function checkMethod(name: string, method: unknown, where: string): void {
  if (MCP_METHODS.has(name) || name.startsWith("notifications/") || name.startsWith("rpc.") || name === "") {
    throw new MethodicError(
      "INVALID_EXTENSION",
      `${where}: the method ${showValue(name)} belongs to MCP itself. Choose another name, such as "tasks/get".`,
    );
  }
  checkOptions(method, METHOD, { where: `${where}, method ${showValue(name)}`, code: "INVALID_EXTENSION" });
}

/** Checks whether a value has the form of an extension. */
export function isExtension(value: unknown): value is Extension {
  return (
    isRecord(value) && typeof value["id"] === "string" && isRecord(value["methods"]) && isRecord(value["settings"])
  );
}

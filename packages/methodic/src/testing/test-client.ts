import type {
  CallToolResult,
  Client,
  GetPromptResult,
  Prompt,
  ReadResourceResult,
  Resource,
  ResourceTemplateType,
  Tool,
} from "@modelcontextprotocol/client";
import type { AuthInfo } from "../context/auth-info.ts";
import type { ProtocolEra } from "../context/call-info.ts";
import type { LogLevel } from "../context/context.ts";
import { MethodicError } from "../errors.ts";
import type { Server } from "../server/server.ts";
import { checkOptions, type OptionsSpec, showValue } from "../util/check-options.ts";
import { MODERN_REVISION } from "../util/json-rpc.ts";
import { acceptAny, checkFunction, checkList, checkObject, checkOneOf, checkString } from "../util/option-checks.ts";
import { textsOf } from "../util/text.ts";
import { answerQuestions, type TestAnswers, toCapabilities } from "./test-answers.ts";

/** Options of {@link createTestClient}. */
export interface TestClientOptions extends TestAnswers {
  /** The protocol era: `legacy` is 2025-11-25, `modern` (the default) is 2026-07-28. */
  readonly era?: ProtocolEra;
  /**
   * The caller: access rules apply as they do over HTTP. Scopes and claims are empty by default;
   * `undefined` is an unknown caller. Without this option the client is trusted and may use
   * everything.
   */
  readonly auth?: Partial<AuthInfo> | undefined;
  /** The lowest severity of log messages to receive. Default `debug`. */
  readonly logLevel?: LogLevel;
  /** The client info. Default: `methodic-test`, `0.0.0`. */
  readonly clientInfo?: { readonly name: string; readonly version: string };
}

/** A log message, as the client receives it. */
export interface TestLog {
  readonly level: LogLevel;
  /** The message, or `{ message, data }`. */
  readonly data: unknown;
}

/** A progress report, as the client receives it. */
export interface TestProgress {
  readonly progress: number;
  readonly total?: number | undefined;
  readonly message?: string | undefined;
}

/** Options of a single tool call. */
export interface TestCallOptions {
  readonly onProgress?: (progress: TestProgress) => void;
  /** Cancels the call. */
  readonly signal?: AbortSignal;
  /** In milliseconds. */
  readonly timeout?: number;
}

/** The result of a tool call, with shortcuts for tests. */
export interface TestToolResult {
  /** All text blocks, joined by line breaks. */
  readonly text: string;
  readonly content: CallToolResult["content"];
  /** The structured content. */
  readonly structured: unknown;
  readonly isError: boolean;
  readonly raw: CallToolResult;
}

/** A client for tests, created by {@link createTestClient}. */
export interface TestClient {
  /** The official client, for everything else. */
  readonly client: Client;
  /** The log messages received so far. */
  readonly logs: readonly TestLog[];
  listTools(): Promise<Tool[]>;
  callTool(name: string, args?: Readonly<Record<string, unknown>>, options?: TestCallOptions): Promise<TestToolResult>;
  listResources(): Promise<Resource[]>;
  listResourceTemplates(): Promise<ResourceTemplateType[]>;
  /** Reads a resource; `text` is the text of all its parts, joined by line breaks. */
  readResource(uri: string): Promise<{ readonly text: string; readonly contents: ReadResourceResult["contents"] }>;
  listPrompts(): Promise<Prompt[]>;
  /** Gets a prompt; `text` is the text of all its messages, joined by line breaks. */
  getPrompt(
    name: string,
    args?: Readonly<Record<string, string>>,
  ): Promise<{
    readonly text: string;
    readonly messages: GetPromptResult["messages"];
    readonly description: string | undefined;
  }>;
  /** Disconnects. The server keeps running. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Connects the official MCP client to a server in memory, without a process or a port. A tool call
 * takes about a millisecond.
 *
 * @example
 * ```ts
 * import { createTestClient } from "methodic/testing";
 * import server from "./server.js";
 *
 * await using client = await createTestClient(server);
 * const { text } = await client.callTool("greet", { name: "Ada" });
 * console.assert(text === "Hello, Ada!");
 * ```
 */
export async function createTestClient(server: Server, options: TestClientOptions = {}): Promise<TestClient> {
  assertArguments(server, options);
  const sdk = await loadClient();
  const {
    era = "modern",
    auth,
    logLevel = "debug",
    clientInfo = { name: "methodic-test", version: "0.0.0" },
  } = options;
  const client = new sdk.Client(clientInfo, {
    capabilities: toCapabilities(options),
    versionNegotiation: { mode: era === "modern" ? { pin: MODERN_REVISION } : "legacy" },
  });
  const logs: TestLog[] = [];
  client.setNotificationHandler(
    "notifications/message",
    ({ params }) => void logs.push({ level: params.level, data: params.data }),
  );
  answerQuestions(client, options);
  const [clientSide, serverSide] = sdk.InMemoryTransport.createLinkedPair();
  await server.connect(serverSide, "auth" in options ? { auth: auth && { scopes: [], claims: {}, ...auth } } : {});
  await client.connect(clientSide);
  const canLog = client.getServerCapabilities()?.logging !== undefined;
  if (era === "legacy" && canLog) await client.setLoggingLevel(logLevel);
  // In the modern era, each request carries the level.
  const meta = era === "modern" && canLog ? { _meta: { [sdk.LOG_LEVEL_META_KEY]: logLevel } } : {};
  return toTestClient(client, logs, meta);
}

const OPTIONS: OptionsSpec<TestClientOptions> = {
  era: checkOneOf("legacy", "modern"),
  onElicit: checkFunction,
  onElicitUrl: checkFunction,
  onSample: checkFunction,
  roots: checkList(checkObject, { allowEmpty: true, of: "roots" }),
  auth: acceptAny,
  logLevel: checkString,
  clientInfo: checkObject,
};

function assertArguments(server: unknown, options: unknown): void {
  if (typeof (server as Partial<Server> | null | undefined)?.connect !== "function") {
    throw new MethodicError(
      "INVALID_ARGUMENT",
      `createTestClient: invalid server: ${showValue(server)}. Pass createServer({ … }), or the default export of the server's module.`,
    );
  }
  checkOptions(options, OPTIONS, { where: "createTestClient", code: "INVALID_ARGUMENT" });
}

function toTestClient(
  client: Client,
  logs: readonly TestLog[],
  meta: { readonly _meta?: Record<string, unknown> },
): TestClient {
  const close = async (): Promise<void> => client.close();
  return {
    client,
    logs,
    listTools: async () => (await client.listTools()).tools,
    async callTool(name, args = {}, { onProgress, signal, timeout } = {}) {
      const raw = await client.callTool(
        { name, arguments: { ...args }, ...meta },
        {
          ...(onProgress && { onprogress: onProgress }),
          ...(signal && { signal }),
          ...(timeout !== undefined && { timeout }),
        },
      );
      const { content, structuredContent, isError = false } = raw;
      return { text: textsOf(content).join("\n"), content, structured: structuredContent, isError, raw };
    },
    listResources: async () => (await client.listResources()).resources,
    listResourceTemplates: async () => (await client.listResourceTemplates()).resourceTemplates,
    async readResource(uri) {
      const { contents } = await client.readResource({ uri, ...meta });
      return { contents, text: contents.flatMap((part) => ("text" in part ? [part.text] : [])).join("\n") };
    },
    listPrompts: async () => (await client.listPrompts()).prompts,
    async getPrompt(name, args = {}) {
      const { messages, description } = await client.getPrompt({ name, arguments: { ...args }, ...meta });
      return { messages, description, text: textsOf(messages.map(({ content }) => content)).join("\n") };
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function loadClient(): Promise<typeof import("@modelcontextprotocol/client")> {
  try {
    return await import("@modelcontextprotocol/client");
  } catch (error) {
    throw new MethodicError(
      "MISSING_DEPENDENCY",
      "methodic/testing needs the official client, which is not installed. Install it: npm install --save-dev @modelcontextprotocol/client",
      { cause: error },
    );
  }
}

import {
  type JSONRPCRequest,
  McpServer,
  type Result,
  type ServerCapabilities,
  type ServerContext,
  type ServerOptions as SdkServerOptions,
  type Transport,
} from "@modelcontextprotocol/server";
import type { CallToolResult } from "../context/component-calls.ts";
import { callStorage } from "../context/call-storage.ts";
import type { ProtocolEra } from "../context/call-info.ts";
import type { CacheHint } from "../decorators/definition.ts";
import type { CacheHintSource } from "../dispatch/cache-hints.ts";
import type { Dispatcher } from "../dispatch/dispatcher.ts";
import type { CompletionRequest } from "../dispatch/completion-method.ts";
import { type DispatchRequest, isInputRequired, type NamedCall } from "../dispatch/invoke.ts";
import { readAskedVersion } from "../dispatch/versions.ts";
import type { Extensions } from "../extensions/extensions.ts";
import type { ToolCall } from "../dispatch/tools.ts";
import type { Tool } from "../registry/component.ts";
import { findResource } from "../registry/registry.ts";
import { METHOD_NOT_FOUND } from "../util/json-rpc.ts";
import { quote } from "../util/text.ts";
import type { ConnectionMode, ServerIdentity } from "./connection.ts";
import type { EventBus } from "./event-bus.ts";
import { restoreParams, runToolCall, runWithContext } from "./extension-calls.ts";
import { openInputSchemaOf } from "./header-parameters.ts";
import { AS_GIVEN, nameInvalidAnswers, restoreNotFoundCode } from "./sdk-fixes.ts";
import { checkEnvelope, checkParams, type Refusal } from "./message-check.ts";
import { connectGuarded } from "./message-guard.ts";
import { RequestRunner } from "./request-runner.ts";
import { toMutable } from "./sdk-types.ts";
import type { StateCodec } from "./state-codec.ts";
import { canRead, Subscriptions } from "./subscriptions.ts";

interface DispatcherServerDeps {
  readonly dispatcher: Dispatcher;
  readonly codec: StateCodec;
  readonly era: ProtocolEra;
  readonly bus: EventBus;
  readonly info: ServerIdentity["info"];
  readonly mode: ConnectionMode;
  /** False if the client of a single request accepts only JSON. */
  readonly acceptsStream: boolean;
  readonly options: SdkServerOptions;
  readonly extensions: Extensions | undefined;
}

interface ListParams {
  readonly cursor?: string;
}

interface ResourceParams {
  readonly uri: string;
}

/**
 * An `McpServer` without registered components. The SDK checks header parameters and scopes only
 * for instances of `McpServer`, through the two members overridden here.
 */
export class DispatcherServer extends McpServer {
  readonly #deps: DispatcherServerDeps;
  #ownSubscriptions: Subscriptions | undefined;
  #compared: Tool | undefined;
  readonly #requests: RequestRunner;
  readonly #methods: Set<string>;

  constructor(deps: DispatcherServerDeps) {
    // Capabilities are registered later: passed here, they would make McpServer install its own
    // handlers.
    super(toMutable(deps.info), deps.options);
    this.#deps = deps;
    const { dispatcher, codec, era, mode } = deps;
    this.#requests = new RequestRunner({ dispatcher, codec, era, mode, server: this.server });
    if (mode.live) nameInvalidAnswers(this.server);
    // Methods that the SDK answers.
    this.#methods = new Set(era === "legacy" ? ["initialize", "ping"] : ["server/discover"]);
    const { registry } = dispatcher;
    if (registry.tools.isDeclared) this.#serveTools();
    if (registry.resources.isDeclared || registry.templates.isDeclared) this.#serveResources();
    if (registry.prompts.isDeclared) this.#servePrompts();
    if (dispatcher.hasCompletions || mode.attached) this.#serveCompletions();
    if (deps.extensions) this.#serveExtensions(deps.extensions);
    // Only methods with a context can log. The SDK handles logging/setLevel itself.
    if (registry.usesContext || callStorage.current) {
      this.server.registerCapabilities({ logging: {} });
      if (era === "legacy") this.#methods.add("logging/setLevel");
    }
  }

  /** The subscriptions of the connection. Single requests need none. */
  get #subscriptions(): Subscriptions {
    return (this.#ownSubscriptions ??= this.#createSubscriptions());
  }

  #createSubscriptions(): Subscriptions {
    const { dispatcher, era, mode } = this.#deps;
    // Evaluated for each event: a decision may change during the connection.
    const mayRead = (uri: string): Promise<boolean> => canRead(uri, dispatcher, this.#requests.createAccess());
    const decides = mode.caller !== undefined || dispatcher.variesByRequest;
    return new Subscriptions(this.server, era, {
      exists: (uri) => findResource(dispatcher.registry, uri) !== undefined,
      canRead: decides ? mayRead : undefined,
    });
  }

  override toolInputSchemaJson(name: string): Record<string, unknown> | undefined {
    if (this.#compared) return this.#compared.schemas.inputSchema;
    return openInputSchemaOf(this.#deps.dispatcher, name);
  }

  /**
   * Lets the SDK compare the headers of a tool that depends on the request; the caller must be
   * allowed to use it.
   */
  compareHeadersOf(tool: Tool): void {
    this.#compared = tool;
  }

  override resolveScopeChallenge = (): undefined => undefined;

  override async connect(transport: Transport): Promise<void> {
    const { era, mode, acceptsStream } = this.#deps;
    if (era === "legacy") restoreNotFoundCode(transport, this.#requests.notFound);
    if (mode.live) this.#openSession(transport);
    await connectGuarded(transport, {
      connect: () => super.connect(transport),
      check: (request) => this.#checkRequest(request),
      acceptsStream,
      isShared: mode.live,
    });
  }

  #checkRequest({ method, params }: JSONRPCRequest): Refusal | undefined {
    if (!this.#methods.has(method)) {
      const known = [...this.#methods].join(", ");
      return { code: METHOD_NOT_FOUND, message: `Method not found: ${quote(method)}. This server answers ${known}.` };
    }
    const { era, mode } = this.#deps;
    // Over HTTP, the endpoint has checked it.
    const hasEnvelope = era === "modern" && mode.live;
    return (hasEnvelope ? checkEnvelope(method, params) : undefined) ?? checkParams(method, params);
  }

  #serve<Params>(method: string, answer: (params: Params, ctx: ServerContext) => object): void {
    this.#methods.add(method);
    this.server.setRequestHandler(
      method,
      AS_GIVEN,
      async (params, ctx) => (await answer((params ?? {}) as Params, ctx)) as Result,
    );
  }

  /** The source of cache hints, which older clients do not know. */
  get #hints(): CacheHintSource | undefined {
    const { era, dispatcher } = this.#deps;
    return era === "modern" ? dispatcher.cacheHints : undefined;
  }

  /** Opens the session of a connection. It sends events to the client until the connection ends. */
  #openSession({ sessionId: id = crypto.randomUUID() }: Transport): void {
    const end = new AbortController();
    this.#requests.session = { id, ended: end.signal };
    const unsubscribe = this.#deps.bus.subscribe((event) => this.#subscriptions.forward(event));
    const { onclose } = this.server;
    // The SDK's handlers are properties; the rule mistakes them for those of the DOM.
    // oxlint-disable-next-line unicorn/prefer-add-event-listener
    this.server.onclose = () => {
      unsubscribe();
      end.abort();
      onclose?.();
    };
  }

  /**
   * True if notifications can reach the client. Clients of 2026-07-28 can always listen for them.
   */
  get #notifies(): boolean {
    return this.#deps.mode.live || this.#deps.era === "modern";
  }

  #serveTools(): void {
    const { dispatcher } = this.#deps;
    this.server.registerCapabilities({ tools: this.#notifies ? { listChanged: true } : {} });
    this.#serve<ListParams>("tools/list", ({ cursor }, ctx) =>
      addHint(dispatcher.listTools(this.#requests.accessOf(ctx), cursor), this.#hints?.forList("tools/list")),
    );
    const finish = (result: CallToolResult, tool: Tool): CallToolResult =>
      this.server.projectCallToolResult(toMutable(result), tool.schemas.published.output) as CallToolResult;
    this.#serve<NamedCall>("tools/call", (params, ctx) => {
      const { name, arguments: args } = params;
      return this.#requests.run(ctx, { key: `tools/call ${name}`, input: args }, (call) =>
        this.#callTool({ name, version: readAskedVersion(params), arguments: args, finish }, ctx, call),
      );
    });
  }

  /** Calls a tool, within the extensions that run around calls. */
  #callTool(named: ToolCall, ctx: ServerContext, call: DispatchRequest): Promise<object> {
    const { dispatcher, era, extensions } = this.#deps;
    const run = (): Promise<object> => dispatcher.callTool(named, call);
    if (!extensions?.hasToolCalls) return run();
    const request = { era, server: this.server, ctx, call };
    return runToolCall(request, named, (toolCall) => extensions.callTool(toolCall, run));
  }

  #serveResources(): void {
    const { dispatcher, era, mode } = this.#deps;
    this.server.registerCapabilities({ resources: this.#notifies ? { listChanged: true, subscribe: true } : {} });
    this.#serve<ListParams>("resources/list", ({ cursor }, ctx) =>
      this.#requests.run(ctx, { key: "resources/list" }, (call) =>
        addHint(dispatcher.listResources(call, cursor), this.#hints?.forList("resources/list")),
      ),
    );
    this.#serve<ListParams>("resources/templates/list", ({ cursor }, ctx) =>
      addHint(
        dispatcher.listResourceTemplates(this.#requests.accessOf(ctx), cursor),
        this.#hints?.forList("resources/templates/list"),
      ),
    );
    this.#serve<ResourceParams>("resources/read", (params, ctx) => {
      const { uri } = params;
      return this.#requests.run(ctx, { key: "resources/read", input: { uri } }, (call) =>
        addHint(
          dispatcher.readResource({ uri, version: readAskedVersion(params) }, call),
          this.#hints?.forContents(uri, call.access),
        ),
      );
    });
    // On 2026-07-28 clients send subscriptions/listen, which the SDK answers.
    if (era === "legacy" && mode.live) this.#serveSubscriptions();
  }

  #serveSubscriptions(): void {
    const { dispatcher } = this.#deps;
    this.#serve<ResourceParams>("resources/subscribe", ({ uri }, ctx) =>
      this.#requests.run(ctx, { key: `resources/subscribe ${uri}` }, async ({ access }) => {
        await dispatcher.assertResource(uri, access);
        // The filter decides again for each event.
        const mayRead = access.variesByRequest ? () => canRead(uri, dispatcher, access.renew()) : undefined;
        this.#subscriptions.watch(uri, mayRead);
        return {};
      }),
    );
    this.#serve<ResourceParams>("resources/unsubscribe", ({ uri }) => {
      this.#subscriptions.unwatch(uri);
      return {};
    });
  }

  #servePrompts(): void {
    const { dispatcher } = this.#deps;
    this.server.registerCapabilities({ prompts: this.#notifies ? { listChanged: true } : {} });
    this.#serve<ListParams>("prompts/list", ({ cursor }, ctx) =>
      addHint(dispatcher.listPrompts(this.#requests.accessOf(ctx), cursor), this.#hints?.forList("prompts/list")),
    );
    this.#serve<NamedCall>("prompts/get", (params, ctx) => {
      const { name, arguments: args } = params;
      return this.#requests.run(ctx, { key: `prompts/get ${name}`, input: args }, (call) =>
        dispatcher.getPrompt({ name, version: readAskedVersion(params), arguments: args }, call),
      );
    });
  }

  #serveExtensions(extensions: Extensions): void {
    const { era } = this.#deps;
    const { server } = this;
    server.registerCapabilities({ extensions: extensions.settings as ServerCapabilities["extensions"] & object });
    for (const name of extensions.methods) {
      this.#serve(name, (params, ctx) =>
        this.#requests.run(ctx, { key: name }, (call) =>
          runWithContext({ era, server, ctx, call }, (context) =>
            extensions.call(name, restoreParams(params, ctx), context),
          ),
        ),
      );
    }
  }

  #serveCompletions(): void {
    const { dispatcher } = this.#deps;
    this.server.registerCapabilities({ completions: {} });
    this.#serve<CompletionRequest>("completion/complete", (params, ctx) =>
      this.#requests.run(ctx, { key: "completion/complete" }, (call) =>
        dispatcher.complete({ ...params, version: readAskedVersion(params) }, call),
      ),
    );
  }
}

/** Adds a cache hint to a result. A question is not cached. */
function addHint<R extends object>(result: Promise<R>, hint: CacheHint | undefined): Promise<R> {
  if (!hint) return result;
  return result.then((whole) => (isInputRequired(whole) ? whole : { ...whole, ...hint }));
}

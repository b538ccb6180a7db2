import {
  type Implementation,
  type InputRequiredResult,
  McpServer,
  type McpServerFactory,
  type ServerContext,
  type ServerOptions as SdkServerOptions,
  type Transport,
} from "@modelcontextprotocol/server";
import { type AuthInfo, identifyCaller } from "../context/auth-info.ts";
import type { ProtocolEra } from "../context/context.ts";
import { InputRequiredError } from "../context/input-required.ts";
import type { RequestAccess } from "../dispatch/access.ts";
import type { Dispatcher } from "../dispatch/dispatcher.ts";
import { RequestError } from "../dispatch/failures.ts";
import { RESOURCE_NOT_FOUND } from "../util/json-rpc.ts";
import { type DispatchRequest, isInputRequired } from "../dispatch/invoke.ts";
import type { Tool } from "../registry/component.ts";
import { findAccess } from "./caller.ts";
import { createLegacyElicitor, ModernElicitor } from "./elicitation.ts";
import type { EventBus } from "./event-bus.ts";
import { HeaderParameters } from "./header-parameters.ts";
import { canElicit, createRequestChannel } from "./request-channel.ts";
import { createStateCodec, RequestState, type StateCodec } from "./request-state.ts";
import { canRead, Subscriptions } from "./subscriptions.ts";

/** What makes a server this one and no other: what it says of itself when a client connects, and what it signs with. */
export interface ServerIdentity {
  readonly info: Implementation;
  readonly instructions: string | undefined;
  /** Signs what clients carry. Missing: a key of this process. */
  readonly stateKey: string | undefined;
}

/** What kind of connection an SDK server is made for. */
export interface ConnectionMode {
  /** It stays after the request, so that it can tell the client what has changed: stdio, memory, sessions. */
  readonly live: boolean;
  /** The caller of requests that do not come over HTTP. Default: a trusted local client. */
  readonly caller?: { readonly auth: AuthInfo | undefined };
}

/** Makes the factory of SDK servers for connections of one kind. */
export type Bind = (mode: ConnectionMode) => McpServerFactory;

/**
 * Puts a dispatcher behind the SDK: the factories make one SDK server per connection (per request over HTTP), at a cost that does not
 * depend on how many components there are.
 */
export function bindDispatcher(dispatcher: Dispatcher, identity: ServerIdentity, hub: EventBus): Bind {
  const codec = createStateCodec((ctx) => ownerOf(identity.info.name, ctx), identity.stateKey);
  const options: SdkServerOptions = {
    ...(identity.instructions !== undefined && { instructions: identity.instructions }),
    requestState: { verify: codec.verify },
  };
  const headerParameters = new HeaderParameters(dispatcher);
  return (mode) => (request) => {
    const server = new DispatcherServer({
      dispatcher,
      codec,
      era: request.era,
      hub,
      info: identity.info,
      mode,
      options,
    });
    const tool = headerParameters.find(request);
    if (!tool) return server;
    return headerParameters.allows(request, tool).then((isAllowed) => {
      if (isAllowed) server.compareHeadersOf(tool);
      return server;
    });
  };
}

interface Binding {
  readonly dispatcher: Dispatcher;
  readonly codec: StateCodec;
  readonly era: ProtocolEra;
  readonly hub: EventBus;
  readonly info: Implementation;
  readonly mode: ConnectionMode;
  readonly options: SdkServerOptions;
}

/**
 * An `McpServer` that registers nothing: the SDK runs checks of its own (headers of parameters, scopes) only on `McpServer`s,
 * and asks them through the two members overridden here.
 */
class DispatcherServer extends McpServer {
  readonly #binding: Binding;
  readonly #changes: Subscriptions;
  #compared: Tool | undefined;
  readonly #notFound = new Set<string | number>();

  constructor(binding: Binding) {
    // Capabilities are declared afterwards: given here, they would make McpServer install handlers of its own.
    super(binding.info, binding.options);
    this.#binding = binding;
    const { dispatcher, era, mode } = binding;
    const { caller } = mode;
    // Judged anew for each event: the answer of a rule may change while the connection lasts.
    const mayRead = caller && ((uri: string) => canRead(uri, dispatcher, dispatcher.openAccess(caller)));
    this.#changes = new Subscriptions(this.server, era, mayRead);
    const { registry } = dispatcher;
    if (registry.tools.size > 0) this.#serveTools();
    if (registry.resources.size + registry.templates.length > 0) this.#serveResources();
    if (registry.prompts.size > 0) this.#servePrompts();
    if (dispatcher.hasCompletions) this.#serveCompletions();
    // Only a method with a context can log. The SDK then serves logging/setLevel by itself.
    if (registry.usesContext) this.server.registerCapabilities({ logging: {} });
  }

  override toolInputSchemaJson(name: string): Record<string, unknown> | undefined {
    const tool = this.#binding.dispatcher.registry.tools.get(name);
    return tool && (!tool.access || tool === this.#compared) ? tool.schemas.inputSchema : undefined;
  }

  /** Lets the SDK compare the headers of a tool with access rules; the caller must be allowed to use it. */
  compareHeadersOf(tool: Tool): void {
    this.#compared = tool;
  }

  override resolveScopeChallenge = (): undefined => undefined;

  override async connect(transport: Transport): Promise<void> {
    const { era, hub, mode } = this.#binding;
    if (era === "legacy") this.#restoreNotFoundCode(transport);
    if (mode.live) this.#follow(hub);
    await super.connect(transport);
  }

  /** Tells the client of changes until the connection ends. */
  #follow(hub: EventBus): void {
    const unsubscribe = hub.subscribe((event) => this.#changes.forward(event));
    const { onclose } = this.server;
    // A handler of the SDK is a property, which this lint rule takes for one of the DOM.
    // oxlint-disable-next-line unicorn/prefer-add-event-listener
    this.server.onclose = () => {
      unsubscribe();
      onclose?.();
    };
  }

  /** Whether there is a way to tell the client of changes: on 2026-07-28 it can always listen. */
  get #announces(): boolean {
    return this.#binding.mode.live || this.#binding.era === "modern";
  }

  #serveTools(): void {
    const { dispatcher } = this.#binding;
    this.server.registerCapabilities({ tools: this.#announces ? { listChanged: true } : {} });
    // The SDK's types are mutable throughout; ours are not, and the SDK does not write to what it is given.
    this.server.setRequestHandler("tools/list", (_, ctx) => dispatcher.listTools(this.#accessOf(ctx)) as never);
    this.server.setRequestHandler("tools/call", (request, ctx) => {
      const { name, arguments: args } = request.params;
      return this.#run(ctx, `tools/call ${name}`, async (call) => {
        const result = await dispatcher.callTool({ name, arguments: args }, call);
        if (isInputRequired(result)) return result;
        return this.server.projectCallToolResult(
          result as never,
          dispatcher.registry.tools.get(name)?.schemas.outputSchema as never,
        );
      });
    });
  }

  #serveResources(): void {
    const { dispatcher } = this.#binding;
    this.server.registerCapabilities({ resources: this.#announces ? { listChanged: true, subscribe: true } : {} });
    this.server.setRequestHandler("resources/list", (_, ctx) =>
      this.#run(ctx, "resources/list", (call) => dispatcher.listResources(call)),
    );
    this.server.setRequestHandler(
      "resources/templates/list",
      (_, ctx) => dispatcher.listResourceTemplates(this.#accessOf(ctx)) as never,
    );
    this.server.setRequestHandler("resources/read", (request, ctx) => {
      const { uri } = request.params;
      return this.#run(ctx, `resources/read ${uri}`, (call) => dispatcher.readResource(uri, call));
    });
    // On 2026-07-28 a client listens instead, which the SDK answers.
    if (this.#binding.era === "legacy" && this.#binding.mode.live) this.#serveSubscriptions();
  }

  #serveSubscriptions(): void {
    const { dispatcher } = this.#binding;
    this.server.setRequestHandler("resources/subscribe", (request, ctx) => {
      const { uri } = request.params;
      return this.#run(ctx, `resources/subscribe ${uri}`, async ({ access }) => {
        await dispatcher.assertResource(uri, access);
        this.#changes.watch(uri);
        return {};
      });
    });
    this.server.setRequestHandler("resources/unsubscribe", ({ params }) => {
      this.#changes.unwatch(params.uri);
      return {};
    });
  }

  #servePrompts(): void {
    const { dispatcher } = this.#binding;
    this.server.registerCapabilities({ prompts: this.#announces ? { listChanged: true } : {} });
    this.server.setRequestHandler("prompts/list", (_, ctx) => dispatcher.listPrompts(this.#accessOf(ctx)) as never);
    this.server.setRequestHandler("prompts/get", (request, ctx) => {
      const { name, arguments: args } = request.params;
      return this.#run(ctx, `prompts/get ${name}`, (call) => dispatcher.getPrompt({ name, arguments: args }, call));
    });
  }

  #serveCompletions(): void {
    const { dispatcher } = this.#binding;
    this.server.registerCapabilities({ completions: {} });
    this.server.setRequestHandler("completion/complete", ({ params }, ctx) =>
      this.#run(ctx, "completion/complete", (call) => dispatcher.complete(params, call)),
    );
  }

  /** Returns the access decisions of a request. Over HTTP, a request without a known caller is anonymous, never trusted. */
  #accessOf({ http }: ServerContext): RequestAccess {
    const { dispatcher, mode } = this.#binding;
    return http
      ? (findAccess(http.authInfo) ?? dispatcher.openAccess({ auth: undefined }))
      : dispatcher.openAccess(mode.caller);
  }

  /** Runs a request, once or, on the modern era, for one round of several. */
  async #run(
    ctx: ServerContext,
    request: string,
    answer: (request: DispatchRequest) => Promise<unknown>,
  ): Promise<never> {
    const { era, codec } = this.#binding;
    const source = { era, server: this.server, ctx };
    const asksUser = (): boolean => canElicit(source);
    const rounds = new RequestState(ctx, codec, request);
    const modern = era === "modern" ? new ModernElicitor(rounds, asksUser) : undefined;
    const elicitor = modern ?? createLegacyElicitor(ctx, asksUser);
    try {
      const result = await answer(createRequestChannel({ ...source, access: this.#accessOf(ctx), elicitor, rounds }));
      // A method may have caught the error that was to stop it; what it made of it is not the answer.
      const asked = modern?.inputRequired() ?? result;
      return (isInputRequired(asked) ? await rounds.seal(asked as InputRequiredResult) : asked) as never;
    } catch (error) {
      const isAnswered = !ctx.mcpReq.signal.aborted;
      if (isAnswered && error instanceof RequestError && error.code === RESOURCE_NOT_FOUND)
        this.#notFound.add(ctx.mcpReq.id);
      const asked = error instanceof InputRequiredError ? modern?.inputRequired() : undefined;
      if (asked) return (await rounds.seal(asked)) as never;
      throw error;
    }
  }

  /** MCP up to 2025-11-25 wants -32002 for a resource that is not there; the SDK writes the modern -32602 on both eras. */
  #restoreNotFoundCode(transport: Transport): void {
    const send = transport.send.bind(transport);
    transport.send = (message, options) => {
      if ("error" in message && message.id !== undefined && this.#notFound.delete(message.id)) {
        return send({ ...message, error: { ...message.error, code: RESOURCE_NOT_FOUND } }, options);
      }
      return send(message, options);
    };
  }
}

/** Whose state it is: that of this server, for this caller. On connections of a local client there is only one caller. */
function ownerOf(server: string, ctx: ServerContext): string {
  return JSON.stringify([server, identifyCaller(findAccess(ctx.http?.authInfo)?.auth)]);
}

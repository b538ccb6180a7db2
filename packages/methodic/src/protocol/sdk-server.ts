import {
  McpServer,
  type ServerContext,
  type ServerOptions as SdkServerOptions,
  type Transport,
} from "@modelcontextprotocol/server";
import type { ProtocolEra } from "../context/context.ts";
import { InputRequiredError } from "../context/input-required.ts";
import type { RequestAccess } from "../dispatch/access.ts";
import type { Dispatcher } from "../dispatch/dispatcher.ts";
import { RequestError } from "../dispatch/failures.ts";
import { type DispatchRequest, type InputRequiredResult, isInputRequired } from "../dispatch/invoke.ts";
import type { Tool } from "../registry/component.ts";
import { RESOURCE_NOT_FOUND } from "../util/json-rpc.ts";
import { findAccess } from "./caller.ts";
import type { ConnectionMode, ServerIdentity } from "./connection.ts";
import { createLegacyElicit, ModernElicitation } from "./elicitation.ts";
import type { EventBus } from "./event-bus.ts";
import { canElicit, createRequestChannel } from "./request-channel.ts";
import { RequestState, type StateCodec } from "./request-state.ts";
import { toMutable } from "./sdk-types.ts";
import { canRead, Subscriptions } from "./subscriptions.ts";

interface DispatcherServerDeps {
  readonly dispatcher: Dispatcher;
  readonly codec: StateCodec;
  readonly era: ProtocolEra;
  readonly bus: EventBus;
  readonly info: ServerIdentity["info"];
  readonly mode: ConnectionMode;
  readonly options: SdkServerOptions;
}

/**
 * An `McpServer` without registered components. The SDK checks header parameters and scopes only
 * for instances of `McpServer`, through the two members overridden here.
 */
export class DispatcherServer extends McpServer {
  readonly #deps: DispatcherServerDeps;
  readonly #subscriptions: Subscriptions;
  #compared: Tool | undefined;
  readonly #notFound = new Set<string | number>();

  constructor(deps: DispatcherServerDeps) {
    // Capabilities are registered later: passed here, they would make McpServer install its own
    // handlers.
    super(toMutable(deps.info), deps.options);
    this.#deps = deps;
    const { dispatcher, era, mode } = deps;
    const { caller } = mode;
    // Evaluated for each event: a rule's decision may change during the connection.
    const mayRead = caller && ((uri: string) => canRead(uri, dispatcher, dispatcher.createAccess(caller)));
    this.#subscriptions = new Subscriptions(this.server, era, mayRead);
    const { registry } = dispatcher;
    if (registry.tools.size > 0) this.#serveTools();
    if (registry.resources.size + registry.templates.length > 0) this.#serveResources();
    if (registry.prompts.size > 0) this.#servePrompts();
    if (dispatcher.hasCompletions) this.#serveCompletions();
    // Only methods with a context can log. The SDK handles logging/setLevel itself.
    if (registry.usesContext) this.server.registerCapabilities({ logging: {} });
  }

  override toolInputSchemaJson(name: string): Record<string, unknown> | undefined {
    const tool = this.#deps.dispatcher.registry.tools.get(name);
    return tool && (!tool.access || tool === this.#compared) ? tool.schemas.inputSchema : undefined;
  }

  /**
   * Lets the SDK compare the headers of a tool with access rules; the caller must be allowed to use
   * it.
   */
  compareHeadersOf(tool: Tool): void {
    this.#compared = tool;
  }

  override resolveScopeChallenge = (): undefined => undefined;

  override async connect(transport: Transport): Promise<void> {
    const { era, bus, mode } = this.#deps;
    if (era === "legacy") this.#restoreNotFoundCode(transport);
    if (mode.live) this.#forwardEvents(bus);
    await super.connect(transport);
  }

  /** Sends events to the client until the connection ends. */
  #forwardEvents(bus: EventBus): void {
    const unsubscribe = bus.subscribe((event) => this.#subscriptions.forward(event));
    const { onclose } = this.server;
    // The SDK's handlers are properties; the rule mistakes them for those of the DOM.
    // oxlint-disable-next-line unicorn/prefer-add-event-listener
    this.server.onclose = () => {
      unsubscribe();
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
    this.server.setRequestHandler("tools/list", async (_, ctx) =>
      toMutable(await dispatcher.listTools(this.#accessOf(ctx))),
    );
    this.server.setRequestHandler("tools/call", (request, ctx) => {
      const { name, arguments: args } = request.params;
      return this.#run(ctx, `tools/call ${name}`, async (call) => {
        const result = toMutable(await dispatcher.callTool({ name, arguments: args }, call));
        if (isInputRequired(result)) return result;
        return this.server.projectCallToolResult(result, dispatcher.registry.tools.get(name)?.schemas.outputSchema);
      });
    });
  }

  #serveResources(): void {
    const { dispatcher, era, mode } = this.#deps;
    this.server.registerCapabilities({ resources: this.#notifies ? { listChanged: true, subscribe: true } : {} });
    this.server.setRequestHandler("resources/list", (_, ctx) =>
      this.#run(ctx, "resources/list", async (call) => toMutable(await dispatcher.listResources(call))),
    );
    this.server.setRequestHandler("resources/templates/list", async (_, ctx) =>
      toMutable(await dispatcher.listResourceTemplates(this.#accessOf(ctx))),
    );
    this.server.setRequestHandler("resources/read", ({ params: { uri } }, ctx) =>
      this.#run(ctx, `resources/read ${uri}`, async (call) => toMutable(await dispatcher.readResource(uri, call))),
    );
    // On 2026-07-28 clients send subscriptions/listen, which the SDK answers.
    if (era === "legacy" && mode.live) this.#serveSubscriptions();
  }

  #serveSubscriptions(): void {
    const { dispatcher } = this.#deps;
    this.server.setRequestHandler("resources/subscribe", ({ params: { uri } }, ctx) =>
      this.#run(ctx, `resources/subscribe ${uri}`, async ({ access }) => {
        await dispatcher.assertResource(uri, access);
        this.#subscriptions.watch(uri);
        return {};
      }),
    );
    this.server.setRequestHandler("resources/unsubscribe", ({ params }) => {
      this.#subscriptions.unwatch(params.uri);
      return {};
    });
  }

  #servePrompts(): void {
    const { dispatcher } = this.#deps;
    this.server.registerCapabilities({ prompts: this.#notifies ? { listChanged: true } : {} });
    this.server.setRequestHandler("prompts/list", async (_, ctx) =>
      toMutable(await dispatcher.listPrompts(this.#accessOf(ctx))),
    );
    this.server.setRequestHandler("prompts/get", (request, ctx) => {
      const { name, arguments: args } = request.params;
      return this.#run(ctx, `prompts/get ${name}`, async (call) =>
        toMutable(await dispatcher.getPrompt({ name, arguments: args }, call)),
      );
    });
  }

  #serveCompletions(): void {
    const { dispatcher } = this.#deps;
    this.server.registerCapabilities({ completions: {} });
    this.server.setRequestHandler("completion/complete", ({ params }, ctx) =>
      this.#run(ctx, "completion/complete", async (call) => toMutable(await dispatcher.complete(params, call))),
    );
  }

  /**
   * Returns the access decisions of a request. Over HTTP, a request without a known caller is
   * anonymous, never trusted.
   */
  #accessOf({ http }: ServerContext): RequestAccess {
    const { dispatcher, mode } = this.#deps;
    return http
      ? (findAccess(http.authInfo) ?? dispatcher.createAccess({ auth: undefined }))
      : dispatcher.createAccess(mode.caller);
  }

  /**
   * Runs a request; on 2026-07-28 this is one round trip of it.
   * @param key Method and component, for example `tools/call add_note`
   */
  async #run<T>(ctx: ServerContext, key: string, answer: (request: DispatchRequest) => Promise<T>): Promise<T> {
    const { era, codec } = this.#deps;
    const source = { era, server: this.server, ctx };
    const asksUser = (): boolean => canElicit(source);
    const state = new RequestState(ctx, codec, key);
    const modern = era === "modern" ? new ModernElicitation(state, asksUser) : undefined;
    const elicit = modern?.elicit ?? createLegacyElicit(ctx, asksUser);
    try {
      const result = await answer(createRequestChannel({ ...source, access: this.#accessOf(ctx), elicit, state }));
      // The method may have caught the InputRequiredError and returned a result. The question takes
      // precedence.
      const asked =
        modern?.inputRequired() ?? (isInputRequired(result) ? toMutable<InputRequiredResult>(result) : undefined);
      return asked ? ((await state.seal(asked)) as T) : result;
    } catch (error) {
      const isAnswered = !ctx.mcpReq.signal.aborted;
      if (isAnswered && error instanceof RequestError && error.code === RESOURCE_NOT_FOUND)
        this.#notFound.add(ctx.mcpReq.id);
      const asked = error instanceof InputRequiredError ? modern?.inputRequired() : undefined;
      if (asked) return (await state.seal(asked)) as T;
      throw error;
    }
  }

  /**
   * Restores -32002 for missing resources, which MCP requires up to 2025-11-25. The SDK sends
   * -32602 in both eras.
   */
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

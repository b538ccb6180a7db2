import { readServerAuth } from "../auth/server-auth.ts";
import type { AuthInfo } from "../context/auth-info.ts";
import type { Notifier } from "../context/notifier.ts";
import { RequestAccess } from "../dispatch/access.ts";
import type { Dispatcher } from "../dispatch/dispatcher.ts";
import { MethodicError } from "../errors.ts";
import type { Extensions } from "../extensions/extensions.ts";
import type { EventBus } from "../protocol/event-bus.ts";
import type { ServerFactories } from "../protocol/connection.ts";
import type { createServerFactories } from "../protocol/server-factories.ts";
import { combineRules } from "../registry/access-rules.ts";
import { DESCRIBE_SERVER, type ServerDescription } from "../manifest/descriptions.ts";
import type { Entry } from "../services/entry.ts";
import { Lifecycle } from "../services/lifecycle.ts";
import type { ServerState } from "../store/server-state.ts";
import type { Transport } from "../transports/transport.ts";
import { checkOptions, type OptionsSpec } from "../util/check-options.ts";
import { toMilliseconds } from "../util/duration.ts";
import type { WriteLog } from "../util/log.ts";
import { acceptAny } from "../util/option-checks.ts";
import { ATTACHABLE, type Attachable, type OpenConnection } from "./attachable.ts";
import { describeServer, identityOf } from "./describe-server.ts";
import { type HttpAddress, HttpListener, type NodeHandler } from "./http-listener.ts";
import { findBus } from "./notifier.ts";
import type { ServerOptions } from "./options.ts";
import type { RuntimeComponents, ServerComponents } from "./runtime-components.ts";
import {
  assertOptionsObject,
  chooseTransport,
  type HttpHandlerOptions,
  type HttpServeOptions,
  type ServeOptions,
  type StdioServeOptions,
} from "./serve-options.ts";
import type { ConnectOptions, Server } from "./server.ts";
import { noteUsed } from "./start-hint.ts";

// A misspelled `auth` would connect the client as trusted.
const CONNECT: OptionsSpec<ConnectOptions> = { auth: acceptAny };
// All other options are for HTTP and would have no effect.
const STDIO: OptionsSpec<StdioServeOptions> = { transport: acceptAny };
const DEFAULT_SHUTDOWN_TIMEOUT_MS = 10_000;
// Services get this time even if calls took all of the timeout.
const MIN_SERVICES_TIMEOUT_MS = 500;

interface MethodicServerDeps {
  readonly dispatcher: Dispatcher;
  readonly entries: readonly Entry[];
  readonly notify: Notifier;
  readonly log: WriteLog;
  readonly state: ServerState;
  readonly components: RuntimeComponents;
  readonly extensions: Extensions | undefined;
}

class MethodicServer implements Server {
  readonly name: string;
  readonly version: string;
  // Read by the transports that end the process.
  readonly shutdownTimeoutMs: number;
  readonly onUncaught: "exit" | "log";
  readonly log: WriteLog;
  readonly #options: ServerOptions;
  readonly #lifecycle: Lifecycle;
  readonly #dispatcher: Dispatcher;
  readonly #extensions: Extensions | undefined;
  readonly #connections = new Set<OpenConnection>();
  readonly #bus: EventBus;
  readonly #state: ServerState;
  readonly #components: RuntimeComponents;
  readonly notify: Notifier;
  readonly fetch = (request: Request, connection?: unknown): Promise<Response> => this.#http.fetch(request, connection);
  readonly #http: HttpListener;
  #factories: ServerFactories | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: ServerOptions, deps: MethodicServerDeps) {
    const { dispatcher, entries, notify, state, components, log } = deps;
    this.#extensions = deps.extensions;
    this.log = log;
    this.name = options.name;
    this.version = options.version;
    this.shutdownTimeoutMs = toMilliseconds(options.shutdownTimeout) ?? DEFAULT_SHUTDOWN_TIMEOUT_MS;
    this.onUncaught = options.onUncaught ?? "exit";
    this.#options = options;
    this.#lifecycle = new Lifecycle({
      name: options.name,
      entries,
      onStart: options.onStart,
      onStop: options.onStop,
      undoTimeoutMs: this.shutdownTimeoutMs,
      log,
    });
    this.notify = notify;
    this.#state = state;
    this.#components = components;
    this.#bus = findBus(notify) as EventBus;
    this.#dispatcher = dispatcher;
    this.#http = new HttpListener({
      name: options.name,
      http: options.http ?? {},
      auth: options.auth,
      dispatcher,
      bus: this.#bus,
      loadFactories: () => this.#loadFactories(),
      lifecycle: this.#lifecycle,
      log,
    });
  }

  get tools(): ServerComponents {
    return this.#components.collectionOf("tool");
  }

  get resources(): ServerComponents {
    return this.#components.collectionOf("resource");
  }

  get prompts(): ServerComponents {
    return this.#components.collectionOf("prompt");
  }

  add(...components: readonly object[]): void {
    this.#components.add(components);
  }

  remove(component: object): boolean {
    return this.#components.removeInstance(component);
  }

  serve(options: HttpServeOptions): Promise<HttpAddress>;
  serve(options?: ServeOptions): Promise<HttpAddress | undefined>;
  async serve(options: ServeOptions = {} as ServeOptions): Promise<HttpAddress | undefined> {
    this.#assertOpen();
    assertOptionsObject("serve", options);
    // `methodic generate` loads the module only to ask what the server publishes.
    if (DESCRIBE_SERVER in globalThis) return undefined;
    if (chooseTransport(options, this.log) === "http") {
      return await this.#http.listen({ ...(options as HttpServeOptions), transport: "http" }, this);
    }
    checkOptions(options, STDIO, { where: "serve over stdio", code: "INVALID_SERVER_OPTIONS" });
    const { serveStdio } = await import("../transports/stdio.ts");
    await serveStdio(this);
    return undefined;
  }

  // Bound, so that `app.use(server.nodeHandler)` gets an error that says to call it.
  readonly nodeHandler = (options: HttpHandlerOptions = {}, ...others: readonly unknown[]): NodeHandler => {
    this.#assertOpen();
    if (others.length > 0) {
      throw new MethodicError(
        "INVALID_ARGUMENT",
        "nodeHandler() returns the handler; call it: app.use(server.nodeHandler()).",
      );
    }
    assertOptionsObject("nodeHandler", options);
    return this.#http.nodeHandler(options);
  };

  async connect(inner: Transport, options: ConnectOptions = {}): Promise<void> {
    this.#assertOpen();
    checkOptions(options, CONNECT, { where: "connect", code: "INVALID_ARGUMENT" });
    if ("auth" in options) await this.#assertAllowed(options.auth);
    await this.#lifecycle.start();
    const factories = await this.#loadFactories();
    const { serveConnection } = await import("../protocol/connection.ts");
    const { DrainingTransport } = await import("../transports/draining.ts");
    this.#assertOpen();
    const factory = factories({ live: true, ...("auth" in options && { caller: { auth: options.auth } }) });
    const transport = new DrainingTransport(inner);
    const { close } = serveConnection(factory, transport, (error) =>
      // A malformed message, for example.
      this.log(`methodic: ${error.message}`, { level: "warn" }),
    );
    this.#track({ transport, close });
  }

  [ATTACHABLE](): Attachable {
    noteUsed(this);
    const { auth = "none", name } = this.#options;
    const isOpen = (): boolean => this.#closing === undefined;
    const isStarted = (): boolean => this.#lifecycle.isStarted;
    return {
      name,
      dispatcher: this.#dispatcher,
      bus: this.#bus,
      extensionMethods: new Set(this.#extensions?.methods),
      log: this.log,
      get isOpen() {
        return isOpen();
      },
      get isStarted() {
        return isStarted();
      },
      admits: auth === "none" ? undefined : async (caller) => caller !== undefined && (await this.#admits(caller)),
      start: async () => {
        this.#assertOpen();
        await this.#lifecycle.start();
      },
      factories: (create) => this.#createFactories(create),
      track: (connection) => this.#track(connection),
    };
  }

  #track(connection: OpenConnection): void {
    this.#connections.add(connection);
    connection.transport.ended.then(() => this.#connections.delete(connection));
  }

  [DESCRIBE_SERVER](): ServerDescription {
    return describeServer(this.#options, this.#dispatcher.registry);
  }

  close(): Promise<void> {
    noteUsed(this);
    return (this.#closing ??= this.#closeAll());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #closeAll(): Promise<void> {
    const { shutdownTimeoutMs: timeout } = this;
    const deadline = Date.now() + timeout;
    this.#lifecycle.cancelStart();
    await Promise.all([
      this.#http.close(timeout),
      ...Array.from(this.#connections, async ({ transport, close }) => {
        await transport.drained(timeout);
        await close();
      }),
    ]);
    await this.#state.drained(Math.max(deadline - Date.now(), MIN_SERVICES_TIMEOUT_MS));
    await this.#lifecycle.stop(Math.max(deadline - Date.now(), MIN_SERVICES_TIMEOUT_MS));
  }

  async #loadFactories(): Promise<ServerFactories> {
    noteUsed(this);
    // Loaded on demand: a program that only defines a server need not load the SDK.
    const module = await import("../protocol/server-factories.ts");
    return this.#createFactories(module.createServerFactories);
  }

  #createFactories(create: typeof createServerFactories): ServerFactories {
    return (this.#factories ??= create(this.#dispatcher, identityOf(this.#options, this.#extensions), this.#bus));
  }

  /**
   * Checks the rules of the whole server for a connected caller; over HTTP, the endpoint's guard
   * does.
   */
  async #assertAllowed(caller: AuthInfo | undefined): Promise<void> {
    const { name } = this.#options;
    if (await this.#admits(caller)) return;
    throw new MethodicError(
      "ACCESS_DENIED",
      `connect: the rules of the server '${name}' refuse this caller. Connect as another caller, or change the rules.`,
    );
  }

  #admits(caller: AuthInfo | undefined): Promise<boolean> {
    const { name, auth = "none" } = this.#options;
    const { rules } = readServerAuth(auth, "createServer") ?? { rules: [] };
    const access = combineRules(rules, { kind: "server", name });
    return new RequestAccess({ auth: caller }, this.log).allows({ where: `the server '${name}'`, access });
  }

  #assertOpen(): void {
    noteUsed(this);
    if (this.#closing)
      throw new MethodicError(
        "SERVER_CLOSED",
        `The server '${this.name}' was closed and cannot serve again. Create another server.`,
      );
  }
}

/** Creates a server over a dispatcher and the services behind it. */
export function createMethodicServer(options: ServerOptions, deps: MethodicServerDeps): Server {
  return new MethodicServer(options, deps);
}

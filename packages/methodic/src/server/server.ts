import { readServerAuth } from "../auth/server-auth.ts";
import type { AuthInfo } from "../context/auth-info.ts";
import type { Notifier } from "../context/notifier.ts";
import { RequestAccess } from "../dispatch/access.ts";
import { createDispatcher, type Dispatcher } from "../dispatch/dispatcher.ts";
import { MethodicError } from "../errors.ts";
import { SchemaValidators } from "../json-schema/validate.ts";
import type { EventBus } from "../protocol/event-bus.ts";
import type { ServerFactories, ServerIdentity } from "../protocol/connection.ts";
import { combineRules } from "../registry/access-rules.ts";
import { buildRegistry } from "../registry/registry.ts";
import { DESCRIBE_SERVER, type ServerDescription } from "../manifest/descriptions.ts";
import type { Wiring } from "../manifest/site-data.ts";
import { StartupErrors } from "../registry/startup-errors.ts";
import { createContainer } from "../services/container.ts";
import type { Entry } from "../services/entry.ts";
import { Lifecycle } from "../services/lifecycle.ts";
import { RequestScope } from "../services/request-scope.ts";
import type { DrainingTransport } from "../transports/draining.ts";
import type { Transport } from "../transports/transport.ts";
import { checkOptions, type OptionsSpec } from "../util/check-options.ts";
import { toMilliseconds } from "../util/duration.ts";
import { readVariable } from "../util/env.ts";
import { writeLog } from "../util/log.ts";
import { acceptAny } from "../util/option-checks.ts";
import { type HttpAddress, HttpListener, type NodeHandler } from "./http-listener.ts";
import { createNotifier, findBus } from "./notifier.ts";
import { checkServerOptions, readConventions, type ServerOptions } from "./options.ts";
import {
  assertOptionsObject,
  chooseTransport,
  type HttpHandlerOptions,
  type HttpServeOptions,
  type ServeOptions,
  type StdioServeOptions,
} from "./serve-options.ts";
import { hintIfUnused, noteUsed } from "./start-hint.ts";

// Only libs from ESNext on and @types/node declare it, and our declarations compile without either.
declare global {
  interface SymbolConstructor {
    readonly asyncDispose: unique symbol;
  }
}

/** Options of {@link Server.connect}. */
export interface ConnectOptions {
  /**
   * The client's caller: access rules apply to it as they do over HTTP. `undefined` is an unknown
   * caller. Without this option the client is trusted and may use everything.
   */
  readonly auth?: AuthInfo | undefined;
}

/** An MCP server, created by {@link createServer}. Creating it neither listens nor connects. */
export interface Server {
  readonly name: string;
  readonly version: string;
  /** Notifies connected clients of changes. */
  readonly notify: Notifier;
  /**
   * Serves clients until the process ends or {@link Server.close} is called. Resolves once the
   * server is ready: over HTTP with its address. SIGINT and SIGTERM end the process with exit code
   * 0 after calls in flight are answered; over stdio, so does a client that closes stdin.
   * @throws MethodicError `INVALID_HTTP_OPTIONS`, `UNSAFE_BIND`, `ADDRESS_IN_USE`, `LISTEN_FAILED`,
   * `ALREADY_SERVING`
   */
  serve(options: HttpServeOptions): Promise<HttpAddress>;
  serve(options?: ServeOptions): Promise<HttpAddress | undefined>;
  /**
   * Answers a web request: MCP's Streamable HTTP in both protocol eras, `/health`, `/ready`, and
   * the routes of the option `http`. It is bound to the server and uses no Node API, so
   * `export default server` runs on Cloudflare Workers, Bun and Deno. They pass what they know of
   * the connection as the second argument: without `auth`, connections from other machines are
   * refused. In Hono, pass `c.env`.
   * @throws MethodicError `UNSAFE_BIND` or `MISSING_PUBLIC_URL` if the options `http` and `auth` do
   * not fit together
   */
  readonly fetch: (request: Request, connection?: unknown) => Promise<Response>;
  /**
   * Creates a handler for a Node HTTP server: `http.createServer(handler)`,
   * `app.all("/mcp", handler)` in Express, and any framework that exposes Node's requests and
   * responses. Its options take precedence over the server's.
   * @throws MethodicError `INVALID_HTTP_OPTIONS`, `UNSAFE_BIND`
   */
  nodeHandler(options?: HttpHandlerOptions): NodeHandler;
  /**
   * Serves one client over any transport of the official SDK, in both protocol eras. Resolves once
   * the server is ready.
   * @throws MethodicError `ACCESS_DENIED` if the server's own rules refuse the caller of the option
   * `auth`, or `INVALID_ARGUMENT` for an unknown option
   */
  connect(transport: Transport, options?: ConnectOptions): Promise<void>;
  /**
   * Stops serving. Calls in flight have `shutdownTimeout` to finish. Then stops what was started,
   * dependents first: by `onStop()`, else by `[Symbol.asyncDispose]()`, `[Symbol.dispose]()` or
   * `close()` if the server made it.
   */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

// A misspelled `auth` would connect the client as trusted.
const CONNECT: OptionsSpec<ConnectOptions> = { auth: acceptAny };
// All other options are for HTTP and would have no effect.
const STDIO: OptionsSpec<StdioServeOptions> = { transport: acceptAny };
const DEFAULT_SHUTDOWN_TIMEOUT_MS = 10_000;
// Services get this time even if calls took all of the timeout.
const MIN_SERVICES_TIMEOUT_MS = 500;

/**
 * Creates an MCP server from service classes. One error reports all mistakes in the options and the
 * services.
 *
 * @param wiring What constructors and factories need. The compiler adds it to the call
 * @throws MethodicError
 *
 * @example
 * ```ts
 * import { createServer, tool } from "methodic";
 *
 * class Notes {
 *   #notes: string[] = [];
 *
 *   /** Add a note. *\/ @tool() addNote(text: string): void {
 *     this.#notes.push(text);
 *   }
 * }
 *
 * export default createServer({ name: "notes-server", version: "1.0.0", services: [Notes] });
 * ```
 */
export function createServer(options: ServerOptions, wiring?: Wiring): Server {
  const errors = new StartupErrors();
  checkServerOptions(options, errors);
  const container = createContainer(Object(options) as ServerOptions, wiring, errors);
  const registry = buildRegistry(container.services, readConventions(options), errors);
  errors.throwIfAny();
  const notify = options.notifier ?? createNotifier();
  const { name, version, title } = options;
  const isProduction = readVariable("NODE_ENV") === "production";
  const dispatcher = createDispatcher({
    registry,
    strict: options.strict ?? false,
    validateOutput: options.validateOutput ?? true,
    schemaValidators: new SchemaValidators(),
    failures: { maskErrors: options.maskErrors ?? (isProduction || undefined), log: writeLog },
    context: {
      server: Object.freeze({ name, version, title }),
      notify,
      openScope: () => new RequestScope(container, writeLog),
    },
  });
  const server = new MethodicServer(options, { dispatcher, entries: container.entries, notify });
  hintIfUnused(server);
  return server;
}

interface MethodicServerDeps {
  readonly dispatcher: Dispatcher;
  readonly entries: readonly Entry[];
  readonly notify: Notifier;
}

interface OpenConnection {
  readonly transport: DrainingTransport;
  readonly close: () => Promise<void>;
}

class MethodicServer implements Server {
  readonly name: string;
  readonly version: string;
  // Read by the transports that end the process.
  readonly shutdownTimeoutMs: number;
  readonly onUncaught: "exit" | "log";
  readonly #options: ServerOptions;
  readonly #lifecycle: Lifecycle;
  readonly #dispatcher: Dispatcher;
  readonly #connections = new Set<OpenConnection>();
  readonly #bus: EventBus;
  readonly notify: Notifier;
  readonly fetch = (request: Request, connection?: unknown): Promise<Response> => this.#http.fetch(request, connection);
  readonly #http: HttpListener;
  #factories: ServerFactories | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: ServerOptions, { dispatcher, entries, notify }: MethodicServerDeps) {
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
      log: writeLog,
    });
    this.notify = notify;
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
      log: writeLog,
    });
  }

  serve(options: HttpServeOptions): Promise<HttpAddress>;
  serve(options?: ServeOptions): Promise<HttpAddress | undefined>;
  async serve(options: ServeOptions = {} as ServeOptions): Promise<HttpAddress | undefined> {
    this.#assertOpen();
    assertOptionsObject("serve", options);
    // `methodic generate` loads the module only to ask what the server publishes.
    if (DESCRIBE_SERVER in globalThis) return undefined;
    if (chooseTransport(options, writeLog) === "http") {
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
    const { close } = serveConnection(factory, transport, reportConnectionError);
    const connection = { transport, close };
    this.#connections.add(connection);
    transport.ended.then(() => this.#connections.delete(connection));
  }

  [DESCRIBE_SERVER](): ServerDescription {
    const { name, title, instructions } = this.#options;
    const { tools, resources, templateList, prompts } = this.#dispatcher.registry;
    const describe = <T>(components: Iterable<{ readonly description: T }>): T[] =>
      Array.from(components, ({ description }) => description);
    return {
      name,
      ...(title !== undefined && { title }),
      ...(instructions !== undefined && { instructions }),
      tools: describe(tools.values()),
      resources: describe(resources.values()),
      resourceTemplates: describe(templateList),
      prompts: describe(prompts.values()),
    };
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
    await this.#lifecycle.stop(Math.max(deadline - Date.now(), MIN_SERVICES_TIMEOUT_MS));
  }

  async #loadFactories(): Promise<ServerFactories> {
    noteUsed(this);
    // Loaded on demand: a program that only defines a server need not load the SDK.
    const { createServerFactories } = await import("../protocol/server-factories.ts");
    return (this.#factories ??= createServerFactories(this.#dispatcher, this.#identity(), this.#bus));
  }

  /**
   * Checks the rules of the whole server for a connected caller; over HTTP, the endpoint's guard
   * does.
   */
  async #assertAllowed(caller: AuthInfo | undefined): Promise<void> {
    const { name, auth = "none" } = this.#options;
    const { rules } = readServerAuth(auth, "createServer") ?? { rules: [] };
    const access = combineRules(rules, { kind: "server", name });
    if (await new RequestAccess({ auth: caller }, writeLog).allows({ where: `the server '${name}'`, access })) return;
    throw new MethodicError(
      "ACCESS_DENIED",
      `connect: the rules of the server '${name}' refuse this caller. Connect as another caller, or change the rules.`,
    );
  }

  #assertOpen(): void {
    noteUsed(this);
    if (this.#closing)
      throw new MethodicError(
        "SERVER_CLOSED",
        `The server '${this.name}' was closed and cannot serve again. Create another server.`,
      );
  }

  #identity(): ServerIdentity {
    const { name, version, title, websiteUrl, icons, instructions, stateKey } = this.#options;
    const optional = {
      ...(title !== undefined && { title }),
      ...(websiteUrl !== undefined && { websiteUrl }),
      ...(icons && { icons }),
    };
    return { info: { name, version, ...optional }, instructions, stateKey };
  }
}

/** Logs a connection error, such as a malformed message. */
function reportConnectionError(error: Error): void {
  writeLog(`methodic: ${error.message}`);
}

import type { AuthInfo } from "../context/auth-info.ts";
import { createDispatcher, type Dispatcher } from "../dispatch/dispatcher.ts";
import { MethodicError } from "../errors.ts";
import { SchemaValidators } from "../json-schema/validate.ts";
import { EventBus } from "../protocol/event-bus.ts";
import type { ServerFactories, ServerIdentity } from "../protocol/sdk-server.ts";
import { StartupErrors } from "../registry/startup-errors.ts";
import { buildRegistry } from "../registry/registry.ts";
import { DrainingTransport } from "../transports/draining.ts";
import type { Transport } from "../transports/transport.ts";
import { toMilliseconds } from "../util/duration.ts";
import { writeLog } from "../util/log.ts";
import { readHttpEnvironment } from "./http-environment.ts";
import {
  type HttpAddress,
  type HttpServeOptions,
  HttpListener,
  type HttpServingOptions,
  type NodeHandler,
} from "./http-listener.ts";
import { createNotifier, type Notifier } from "./notifier.ts";
import { checkServerOptions, type ServerOptions } from "./options.ts";
import { createService } from "./services.ts";

/** How {@link Server.serve} serves over stdio. */
export interface StdioServeOptions {
  /** The client starts this process and talks to it over stdin and stdout. */
  readonly transport: "stdio";
}

/**
 * How {@link Server.serve} serves: as `transport` says, else over HTTP if any option of it is given
 * or the environment has `PORT`, else over stdio.
 */
export type ServeOptions =
  | StdioServeOptions
  | (Partial<Pick<HttpServeOptions, "transport">> & Omit<HttpServeOptions, "transport">);

/** What is said of a client when it is connected by hand. */
export interface ConnectOptions {
  /**
   * Who the client is: rules of access then apply to it, as they do over HTTP. `undefined` is a
   * client of whom nothing is known. Without the option the client is trusted and may use
   * everything.
   */
  readonly auth?: AuthInfo | undefined;
}

/** An MCP server, made by {@link createServer}. It does nothing until it is told to serve. */
export interface Server {
  readonly name: string;
  readonly version: string;
  /** Tells connected clients what has changed. */
  readonly notify: Notifier;
  /**
   * Serves clients until the process ends or {@link Server.close} is called. Resolves as soon as
   * the server is ready; over HTTP with where that is. SIGINT and SIGTERM end the process with exit
   * code 0, once calls in flight are answered; over stdio so does a client that closes stdin.
   * @throws MethodicError `INVALID_HTTP_OPTIONS`, `UNSAFE_BIND`, `ADDRESS_IN_USE`, `LISTEN_FAILED`,
   * `ALREADY_SERVING`
   */
  serve(options: HttpServeOptions): Promise<HttpAddress>;
  serve(options?: ServeOptions): Promise<HttpAddress | undefined>;
  /**
   * Answers a web request: MCP's Streamable HTTP in both protocol eras, `/health`, `/ready`, and
   * whatever the option `http` adds. It is bound to its server and uses no API of Node, so that
   * `export default server` runs on Cloudflare Workers, Bun and Deno.
   * @throws MethodicError if the options `http` and `auth` do not fit together
   */
  readonly fetch: (request: Request) => Promise<Response>;
  /**
   * Makes a handler for an HTTP server of Node: `http.createServer(handler)`, `app.all("/mcp",
   * handler)` in Express, and whatever else has Node's own requests and responses. Options given
   * here win over those of the server.
   * @throws MethodicError `INVALID_HTTP_OPTIONS`, `UNSAFE_BIND`
   */
  nodeHandler(options?: HttpServingOptions): NodeHandler;
  /**
   * Serves one client over any transport of the official SDK, in both protocol eras. Resolves as
   * soon as the server is ready.
   * @throws MethodicError `ACCESS_DENIED` if it is connected as somebody (`auth`) whom the server's
   * own rules do not let in
   */
  connect(transport: Transport, options?: ConnectOptions): Promise<void>;
  /** Ends serving: calls in flight are answered first, for as long as `shutdownTimeout` allows. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const DEFAULT_SHUTDOWN_TIMEOUT_MS = 10_000;

/**
 * Makes an MCP server of service classes. All mistakes in the options and in the services are
 * reported in one error.
 *
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
export function createServer(options: ServerOptions): Server {
  const errors = new StartupErrors();
  checkServerOptions(options, errors);
  // Without valid options, errors of the services would be noise.
  errors.throwIfAny();
  const services = options.services.map((given, i) => errors.attempt(() => createService(given, i)));
  const registry = buildRegistry(
    services.filter((service) => service !== undefined),
    options.naming ?? "as-is",
    errors,
  );
  errors.throwIfAny();
  const dispatcher = createDispatcher({
    registry,
    strict: options.strict ?? false,
    validateOutput: options.validateOutput ?? true,
    checks: new SchemaValidators(),
    failures: { maskErrors: options.maskErrors ?? isProduction(), report: writeLog },
  });
  return new MethodicServer(options, dispatcher);
}

function isProduction(): boolean {
  // Not every runtime has `process`.
  return (
    (globalThis as { readonly process?: { readonly env?: { readonly NODE_ENV?: string } } }).process?.env?.NODE_ENV ===
    "production"
  );
}

interface OpenConnection {
  readonly transport: DrainingTransport;
  readonly close: () => Promise<void>;
}

class MethodicServer implements Server {
  readonly name: string;
  readonly version: string;
  readonly #options: ServerOptions;
  readonly #dispatcher: Dispatcher;
  readonly #connections = new Set<OpenConnection>();
  readonly #hub = new EventBus();
  readonly notify: Notifier = createNotifier(this.#hub);
  readonly fetch = (request: Request): Promise<Response> => this.#http.fetch(request);
  readonly #http: HttpListener;
  #factories: ServerFactories | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: ServerOptions, dispatcher: Dispatcher) {
    this.name = options.name;
    this.version = options.version;
    this.#options = options;
    this.#dispatcher = dispatcher;
    this.#http = new HttpListener({
      name: options.name,
      http: options.http ?? {},
      auth: options.auth,
      dispatcher,
      hub: this.#hub,
      loadFactories: () => this.#loadFactories(),
      report: writeLog,
    });
  }

  serve(options: HttpServeOptions): Promise<HttpAddress>;
  serve(options?: ServeOptions): Promise<HttpAddress | undefined>;
  async serve(options: ServeOptions = {} as ServeOptions): Promise<HttpAddress | undefined> {
    this.#assertOpen();
    assertOptions("serve", options);
    if (chooseTransport(options) === "http") {
      return await this.#http.listen({ ...(options as HttpServeOptions), transport: "http" }, this);
    }
    const { serveStdio } = await import("../transports/stdio.ts");
    await serveStdio(this);
    return undefined;
  }

  // Bound, so that `app.use(server.nodeHandler)`, which forgets to call it, can be told so.
  readonly nodeHandler = (options: HttpServingOptions = {}, ...others: readonly unknown[]): NodeHandler => {
    this.#assertOpen();
    if (others.length > 0) {
      throw new MethodicError(
        "INVALID_ARGUMENT",
        "nodeHandler: it makes the handler and is none itself. Call it: app.use(server.nodeHandler()).",
      );
    }
    assertOptions("nodeHandler", options);
    return this.#http.nodeHandler(options);
  };

  async connect(inner: Transport, options: ConnectOptions = {}): Promise<void> {
    this.#assertOpen();
    if ("auth" in options) {
      const { assertMayConnect } = await import("./server-rules.ts");
      await assertMayConnect(this.#options, options.auth);
    }
    const [factories, { serveConnection }] = await Promise.all([
      this.#loadFactories(),
      import("../protocol/connect.ts"),
    ]);
    this.#assertOpen();
    const factory = factories({ live: true, ...("auth" in options && { caller: { auth: options.auth } }) });
    const transport = new DrainingTransport(inner);
    const { close } = serveConnection(factory, transport, reportConnectionError);
    const connection = { transport, close };
    this.#connections.add(connection);
    transport.ended.then(() => this.#connections.delete(connection));
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#closeAll());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #closeAll(): Promise<void> {
    const timeout = toMilliseconds(this.#options.shutdownTimeout) ?? DEFAULT_SHUTDOWN_TIMEOUT_MS;
    await Promise.all([
      this.#http.close(timeout),
      ...Array.from(this.#connections, async ({ transport, close }) => {
        await transport.drained(timeout);
        await close();
      }),
    ]);
  }

  async #loadFactories(): Promise<ServerFactories> {
    // Loaded now and not with the module: what only defines a server need not load the SDK.
    const { createServerFactories } = await import("../protocol/sdk-server.ts");
    return (this.#factories ??= createServerFactories(this.#dispatcher, this.#identity(), this.#hub));
  }

  #assertOpen(): void {
    if (this.#closing)
      throw new MethodicError(
        "SERVER_CLOSED",
        `The server '${this.name}' was closed and cannot serve again. Create another one.`,
      );
  }

  #identity(): ServerIdentity {
    const { name, version, title, websiteUrl, icons, instructions, stateKey } = this.#options;
    const facts = {
      ...(title !== undefined && { title }),
      ...(websiteUrl !== undefined && { websiteUrl }),
      ...(icons && { icons }),
    };
    return { info: { name, version, ...facts }, instructions, stateKey };
  }
}

function assertOptions(method: string, options: unknown): void {
  if (typeof options === "object" && options !== null && !Array.isArray(options)) return;
  throw new MethodicError(
    "INVALID_HTTP_OPTIONS",
    `${method}: takes one options object, such as { ${method === "serve" ? 'transport: "http", port: 8000' : 'path: "/mcp"'} }.`,
  );
}

function chooseTransport({ transport, ...rest }: { readonly transport?: unknown }): "http" | "stdio" {
  if (transport === "http" || transport === "stdio") return transport;
  if (transport !== undefined) {
    throw new MethodicError(
      "INVALID_SERVER_OPTIONS",
      `serve: there is no transport ${JSON.stringify(transport)}. The transport is "stdio" or "http".`,
    );
  }
  const isGiven = Object.values(rest).some((value) => value !== undefined);
  return isGiven || readHttpEnvironment().port !== undefined ? "http" : "stdio";
}

/**
 * What goes wrong between client and server (a message of no known form, say) is for the log only.
 */
function reportConnectionError(error: Error): void {
  writeLog(`methodic: ${error.message}`);
}

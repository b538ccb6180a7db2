import type { AuthInfo } from "../context/auth-info.ts";
import type { Notifier } from "../context/notifier.ts";
import type { Transport } from "../transports/transport.ts";
import type { HttpAddress, NodeHandler } from "./http-listener.ts";
import type { ServerComponents } from "./runtime-components.ts";
import type { HttpHandlerOptions, HttpServeOptions, ServeOptions } from "./serve-options.ts";

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
   * The tools, which can change while the server runs. A server that uses this property tells all
   * clients that connect later that it has tools, even if it has none yet.
   */
  readonly tools: ServerComponents;
  /** The resources and resource templates, as {@link Server.tools}. */
  readonly resources: ServerComponents;
  /** The prompts, as {@link Server.tools}. */
  readonly prompts: ServerComponents;
  /**
   * Adds components of all kinds, and all those of instances of compiled classes, as
   * {@link ServerComponents.add} does for one kind. The server neither starts nor stops the
   * instances.
   * @throws MethodicError
   */
  add(...components: readonly object[]): void;
  /** Removes a defined component, or all components of an instance. Returns false without any. */
  remove(component: object): boolean;
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

import { readServerAuth, type ServerAuth } from "../auth/server-auth.ts";
import { MethodicError } from "../errors.ts";
import { HTTP_OPTIONS } from "../http/check-options.ts";
import { isRecord } from "../util/record.ts";
import { type HttpOptions, resolveHttpOptions, type ResolvedHttpOptions } from "../http/options.ts";
import { checkOptions, type OptionsSpec, readOptions, showValue } from "../util/check-options.ts";
import type { WriteLog } from "../util/log.ts";
import { acceptAny, checkInteger, mustBe } from "../util/option-checks.ts";
import { assertSafeBind } from "./bind-safety.ts";
import { readHttpEnvironment } from "./http-environment.ts";

/** Options of {@link Server.serve} over stdio. */
export interface StdioServeOptions {
  /** The client starts this process and talks to it over stdin and stdout. */
  readonly transport: "stdio";
}

/** Options of an HTTP handler. They take precedence over the server's. */
export interface HttpHandlerOptions extends HttpOptions {
  /** Authentication and access rules. Default: the server's option `auth`. */
  readonly auth?: ServerAuth;
}

/** Options of {@link Server.serve} over HTTP. */
export interface HttpServeOptions extends HttpHandlerOptions {
  readonly transport: "http";
  /**
   * The address to listen on. Default `HOST`, else `127.0.0.1`, which only this machine can reach;
   * `0.0.0.0` is all of its addresses.
   */
  readonly host?: string;
  /** The port to listen on; 0 takes any free one. Default `PORT`, else 8000. */
  readonly port?: number;
}

/**
 * Options of {@link Server.serve}. Without `transport`, the server uses HTTP if there is any other
 * option or the environment has `PORT`, and stdio otherwise.
 */
export type ServeOptions =
  | StdioServeOptions
  | (Partial<Pick<HttpServeOptions, "transport">> & Omit<HttpServeOptions, "transport">);

/** The server's own options, which complete those of a call. */
export interface ServerHttpDefaults {
  readonly name: string;
  readonly http: HttpOptions;
  readonly auth: ServerAuth | undefined;
}

/** {@link HttpHandlerOptions} with defaults. */
export interface ResolvedHandlerOptions {
  readonly http: ResolvedHttpOptions;
  readonly auth: ServerAuth | undefined;
}

/** {@link HttpServeOptions} with defaults. */
export interface ResolvedServeOptions extends ResolvedHandlerOptions {
  readonly host: string;
  readonly port: number;
}

const DEFAULT_HOST = "127.0.0.1";
const DEFAULT_PORT = 8000;

const HANDLER: OptionsSpec<HttpHandlerOptions> = { auth: acceptAny, ...HTTP_OPTIONS };

const SERVE: OptionsSpec<HttpServeOptions> = {
  transport: acceptAny,
  host: mustBe("a host name or an IP address", (value) => typeof value === "string" && value.trim() !== ""),
  port: checkInteger({ min: 0, max: 65_535 }),
  ...HANDLER,
};

/**
 * Refuses anything but an object in place of options.
 * @throws MethodicError `INVALID_HTTP_OPTIONS`
 */
export function assertOptionsObject(method: "serve" | "nodeHandler", options: unknown): void {
  if (isRecord(options)) return;
  const example = method === "serve" ? 'transport: "http", port: 8000' : 'path: "/mcp"';
  throw new MethodicError(
    "INVALID_HTTP_OPTIONS",
    `${method}: invalid options: ${showValue(options)}. Pass an object, such as { ${example} }.`,
  );
}

/**
 * Chooses the transport of {@link ServeOptions}.
 * @param log Called if the environment suggests HTTP, but does not choose it
 * @throws MethodicError `INVALID_SERVER_OPTIONS` for an unknown transport
 */
export function chooseTransport(options: { readonly transport?: unknown }, log: WriteLog): "http" | "stdio" {
  const { transport } = options;
  if (transport === "http" || transport === "stdio") return transport;
  if (transport !== undefined) {
    throw new MethodicError(
      "INVALID_SERVER_OPTIONS",
      `serve: invalid option 'transport': ${showValue(transport)}. It must be "stdio" or "http".`,
    );
  }
  const hasOption = Object.keys(withoutUndefined(options)).length > 0;
  const { port, host } = readHttpEnvironment();
  if (hasOption || port !== undefined) return "http";
  // Some shells export HOST, so it is not enough to choose HTTP.
  if (host !== undefined)
    log("methodic: serving stdio: HOST is set, but PORT is not. To serve HTTP, set PORT.", { level: "warn" });
  return "stdio";
}

/**
 * Checks the options of `serve` and completes them from the environment and the server's options.
 * @throws MethodicError `INVALID_HTTP_OPTIONS`, `INVALID_AUTH_OPTIONS`, `INVALID_ENVIRONMENT`,
 * `MISSING_API_KEY` or `UNSAFE_BIND`
 */
export function resolveServeOptions(options: HttpServeOptions, server: ServerHttpDefaults): ResolvedServeOptions {
  checkOptions(options, SERVE, { where: "serve", code: "INVALID_HTTP_OPTIONS" });
  const environment = readHttpEnvironment();
  const { host = environment.host ?? DEFAULT_HOST, port = environment.port ?? DEFAULT_PORT } = options;
  return { ...completeOptions(options, server, { caller: "serve", host }), host, port };
}

/**
 * Checks the options of an HTTP handler and completes them from the environment and the server's
 * options.
 * @throws MethodicError `INVALID_HTTP_OPTIONS`, `INVALID_AUTH_OPTIONS`, `INVALID_ENVIRONMENT`,
 * `MISSING_API_KEY` or `UNSAFE_BIND`
 */
export function resolveHandlerOptions(
  options: HttpHandlerOptions,
  server: ServerHttpDefaults,
  caller: "fetch" | "nodeHandler",
): ResolvedHandlerOptions {
  checkOptions(options, HANDLER, { where: caller, code: "INVALID_HTTP_OPTIONS" });
  return completeOptions(options, server, { caller });
}

function completeOptions(
  options: HttpHandlerOptions,
  server: ServerHttpDefaults,
  { caller, host }: { readonly caller: string; readonly host?: string },
): ResolvedHandlerOptions {
  const http = resolveHttpOptions(mergeOptions(server.http, options));
  if (http.routes.has(http.path)) {
    throw new MethodicError(
      "INVALID_HTTP_OPTIONS",
      `${caller}: invalid option 'routes': ${JSON.stringify(http.path)} is the path of the MCP endpoint. Change the route, or the option 'path'.`,
    );
  }
  const auth = options.auth === undefined ? server.auth : options.auth;
  if (auth !== undefined) readServerAuth(auth, caller)?.authenticator?.assertReady?.();
  assertSafeBind({ name: server.name, http, hasAuth: auth !== undefined, host });
  return { http, auth };
}

function mergeOptions(http: HttpOptions, given: HttpOptions): HttpOptions {
  const { port: _port, host: _host, ...environment } = readHttpEnvironment();
  return {
    ...environment,
    ...withoutUndefined(http),
    ...withoutUndefined(given),
    limits: { ...withoutUndefined(http.limits ?? {}), ...withoutUndefined(given.limits ?? {}) },
  };
}

/** Copies options without those that are `undefined`, so that they do not hide defaults. */
function withoutUndefined<T extends object>(options: T): Partial<T> {
  return Object.fromEntries([...readOptions(options)].filter(([, value]) => value !== undefined)) as Partial<T>;
}

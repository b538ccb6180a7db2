import { type ServerAuth, readServerAuth } from "../auth/server-auth.ts";
import { checkLogger, type ServerLogger } from "../context/server-logger.ts";
import type { ComponentFilter, VersionChoice } from "../context/request-view.ts";
import type { Notifier } from "../context/notifier.ts";
import type { Icon } from "../decorators/definition.ts";
import { checkCacheHint, checkIcons } from "../decorators/options.ts";
import type { CacheHints } from "../dispatch/cache-hints.ts";
import { MethodicError } from "../errors.ts";
import { type Extension, isExtension } from "../extensions/extension.ts";
import { HTTP_OPTIONS } from "../http/check-options.ts";
import type { HttpOptions } from "../http/options.ts";
import { NAMING_STYLES } from "../manifest/names.ts";
import { REFS_MODES, type RefsMode } from "../manifest/decorator-options.ts";
import type { Naming } from "../registry/names.ts";
import type { RegistryConventions } from "../registry/registry.ts";
import type { Provider, ResolveService, ServiceClass } from "../services/provider.ts";
import { findBus } from "./notifier.ts";
import type { Store } from "../store/store.ts";
import type { StartupErrors } from "../registry/startup-errors.ts";
import { describeProblem, findOptionProblems, type OptionsSpec } from "../util/check-options.ts";
import type { TimeSpan } from "../util/duration.ts";
import {
  acceptAny,
  checkDuration,
  checkFlag,
  checkFunction,
  checkHeartbeat,
  checkList,
  checkNested,
  checkNonEmptyString,
  checkOneOf,
  checkPositiveInteger,
  checkTimeout,
  mustBe,
} from "../util/option-checks.ts";

export type { ServerAuth } from "../auth/server-auth.ts";
export type { Naming } from "../registry/names.ts";

/** Options of {@link createServer}. */
export interface ServerOptions {
  /** The server's name, as clients show it. */
  readonly name: string;
  /** The server's version, as clients show it. */
  readonly version: string;
  /** A human-readable name. */
  readonly title?: string;
  /** Instructions for the model on how to use the server. */
  readonly instructions?: string;
  readonly websiteUrl?: string;
  readonly icons?: readonly Icon[];
  /**
   * The classes with decorated methods, or instances of them. The compiler finds the arguments of
   * their constructors by type in `providers` and `services`.
   */
  readonly services: readonly (ServiceClass | object)[];
  /**
   * The values that services need: classes, which may need others themselves, instances, and
   * objects that say what to use for a class or token: `{ provide: Clock, useValue: systemClock }`.
   * Everything is made once.
   */
  readonly providers?: readonly Provider[];
  /**
   * Returns the instance of a class from another framework's container, once for each class in
   * `services` and `providers`, before the server starts:
   * `(service) => container.resolve(service)`.
   */
  readonly resolve?: ResolveService;
  /**
   * Runs once, after everything in `services` and `providers` has started and before the first
   * request. May return a promise. An error stops the start.
   */
  readonly onStart?: () => unknown;
  /** Runs once, after the last call and before services stop. May return a promise. */
  readonly onStop?: () => unknown;
  /** The conversion of method names to public names. Default `as-is`. */
  readonly naming?: Naming;
  /**
   * The use of references (`$ref`) in the published schemas of tools that do not set the option
   * themselves: `auto` shares the parts that are used more than once in a schema over 4 KB,
   * `always` in every schema, and `inline` in none, for clients that do not resolve references.
   * Recursive types, and schemas over 2 MB, always have references. Default `auto`.
   */
  readonly refs?: RefsMode;
  /**
   * Replace the messages of unexpected errors with an ID that the log explains. Default: true over
   * HTTP; on other transports, true if `NODE_ENV` is `production`.
   */
  readonly maskErrors?: boolean;
  /**
   * Reports progress at this interval while a tool works, to clients that asked for progress, for
   * tools that do not set the option themselves: milliseconds, or a string such as `"15s"`. At
   * least 1 second. Default 0: no reports but the tool's own.
   */
  readonly heartbeat?: TimeSpan;
  /**
   * The time after which a call of a tool, resource or prompt that does not set the option itself
   * ends with an error: milliseconds, or a string such as `"30s"`. Default 0: no limit.
   */
  readonly timeout?: TimeSpan;
  /**
   * The number of entries after which a list of tools, resources, resource templates or prompts
   * continues on another page, which clients request. Default: lists have one page.
   */
  readonly pageSize?: number;
  /**
   * Cache hints for clients of MCP 2026-07-28, by method: `tools/list`, `prompts/list`,
   * `resources/list`, `resources/templates/list`, `resources/read` and `server/discover`. They
   * apply to components without the option `cacheHint`.
   */
  readonly cacheHints?: CacheHints;
  /** Never repair arguments that fail validation. Default false. */
  readonly strict?: boolean;
  /**
   * Validate the results of tools against their output schemas. Default true: an invalid result is
   * the server's mistake; it is logged, and the client gets an error without details.
   * `process.env.NODE_ENV !== "production"` saves the time in production. An `outputSchema` of a
   * library such as zod always runs, because it produces the value that is sent.
   */
  readonly validateOutput?: boolean;
  /**
   * Authentication and access rules over HTTP: an authenticator of `methodic/auth` such as
   * `jwt({ … })` or `apiKey()`; a list that adds rules for all callers,
   * `[jwt({ … }), requireScopes("notes:read")]`; or `"none"`, which lets every caller in and must
   * be explicit for a server that other machines can reach. Over stdio, the client started the
   * process and is the only caller.
   */
  readonly auth?: ServerAuth;
  /**
   * Decides for each request which components exist for it: the others are missing from lists, and
   * using them fails as if they were unknown. Asked for components that the access rules allow, on
   * all transports. Only `true` shows a component; an error hides it and is logged. Default: all.
   */
  readonly filter?: ComponentFilter;
  /**
   * Chooses the version that a request gets of a component with versions, and sees in lists, if the
   * request names none: `({ name }, ctx) => "1.0"`. A component that lacks the version is hidden.
   * Default, and for undefined: the newest version that the caller may use.
   */
  readonly versions?: VersionChoice;
  /** Options of the HTTP transport. */
  readonly http?: HttpOptions;
  /**
   * The key that encrypts the state a client carries between a question (`ctx.elicit` on
   * 2026-07-28) and its answer: a secret of at least 32 bytes. Give all processes of a server the
   * same key, so that any of them can continue a call. Default: random per process.
   */
  readonly stateKey?: string;
  /**
   * The time that a closing server waits for calls in flight: milliseconds, or a string such as
   * `"30s"`. Default 10 seconds.
   */
  readonly shutdownTimeout?: TimeSpan;
  /**
   * The effect of an error that no code catches while `serve()` runs, such as one in a timer:
   * `exit` logs it, answers calls in flight within `shutdownTimeout`, and ends the process with
   * exit code 1; `log` only logs it. A handler for `uncaughtException` takes precedence. Default
   * `exit`: the error may have left the program in an invalid state.
   */
  readonly onUncaught?: "exit" | "log";
  /**
   * The notifier of the server, from `createNotifier()`, so that services can notify clients.
   * Default: a new one, as `server.notify`.
   */
  readonly notifier?: Notifier;
  /**
   * The logger for `ctx.log` and the server's own messages: pino, winston, `console`, or an object
   * with the methods `debug`, `info`, `warn` and `error`, which take fields and a message. With a
   * method `log`, as of winston and `console`, they take the message first. Default: warnings and
   * worse, one line each on stderr.
   */
  readonly logger?: ServerLogger;
  /**
   * The store of `ctx.session` and `ctx.user`. Default: `memoryStore()`, which forgets everything
   * when the process ends.
   */
  readonly store?: Store;
  /** The extensions of MCP that the server has (SEP-2133), made with `extension({ … })`. */
  readonly extensions?: readonly Extension[];
}

const SERVER: OptionsSpec<ServerOptions> = {
  name: { check: checkNonEmptyString, required: true },
  version: { check: checkNonEmptyString, required: true },
  title: checkNonEmptyString,
  instructions: checkNonEmptyString,
  websiteUrl: checkNonEmptyString,
  icons: checkIcons,
  services: { check: checkList(acceptAny, { allowEmpty: true, of: "classes and instances" }), required: true },
  providers: checkList(acceptAny, { allowEmpty: true, of: "classes, instances and { provide: … } objects" }),
  resolve: checkFunction,
  onStart: checkFunction,
  onStop: checkFunction,
  naming: mustBe(
    `${NAMING_STYLES.map((style) => JSON.stringify(style)).join(", ")} or a function from method names to public names`,
    isNaming,
  ),
  refs: checkOneOf(...REFS_MODES),
  maskErrors: checkFlag,
  heartbeat: checkHeartbeat,
  timeout: checkTimeout,
  pageSize: checkPositiveInteger,
  cacheHints: checkNested<CacheHints>({
    "tools/list": checkCacheHint,
    "prompts/list": checkCacheHint,
    "resources/list": checkCacheHint,
    "resources/templates/list": checkCacheHint,
    "resources/read": checkCacheHint,
    "server/discover": checkCacheHint,
  }),
  strict: checkFlag,
  validateOutput: checkFlag,
  auth: acceptAny,
  filter: checkFunction,
  versions: checkFunction,
  http: acceptAny,
  stateKey: {
    check: mustBe(
      "a secret string of at least 32 bytes",
      (value) => typeof value === "string" && new TextEncoder().encode(value).length >= 32,
    ),
    secret: true,
  },
  shutdownTimeout: checkDuration,
  notifier: mustBe("a notifier from createNotifier()", (value) => findBus(value) !== undefined),
  logger: checkLogger,
  extensions: checkList(mustBe("an extension from extension({ … })", isExtension), {
    allowEmpty: true,
    of: "extensions from extension({ … })",
  }),
  store: mustBe("a store with the methods get, set and delete", isStore),
  onUncaught: mustBe('"exit" or "log"', (value) => value === "exit" || value === "log"),
};

function isStore(value: unknown): value is Store {
  const { get, set, delete: remove } = Object(value) as { readonly [name: string]: unknown };
  return [get, set, remove].every((method) => typeof method === "function");
}

function isNaming(value: unknown): value is Naming {
  return typeof value === "function" || NAMING_STYLES.some((style) => style === value);
}

/** Returns the conventions of options that may be invalid. */
export function readConventions(given: unknown): RegistryConventions {
  const { naming, refs, heartbeat, timeout } = Object(given) as Partial<ServerOptions>;
  return {
    naming: isNaming(naming) ? naming : "as-is",
    refs: REFS_MODES.find((mode) => mode === refs),
    heartbeat,
    timeout,
  };
}

/** Checks the options of `createServer` and collects an error for each problem. */
export function checkServerOptions(given: unknown, errors: StartupErrors): void {
  for (const problem of findOptionProblems(given, SERVER)) {
    errors.add(new MethodicError("INVALID_SERVER_OPTIONS", describeProblem(problem, "createServer")));
  }
  const { http, auth } = Object(given) as { readonly http?: unknown; readonly auth?: unknown };
  if (http !== undefined) {
    for (const problem of findOptionProblems(http, HTTP_OPTIONS, { path: "http" })) {
      errors.add(new MethodicError("INVALID_HTTP_OPTIONS", describeProblem(problem, "createServer")));
    }
  }
  if (auth !== undefined) errors.attempt(() => readServerAuth(auth, "createServer"));
}

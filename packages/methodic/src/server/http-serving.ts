import type { AuthInfo } from "../context/auth-info.ts";
import type { Dispatcher, RawRequest } from "../dispatch/dispatcher.ts";
import { MethodicError } from "../errors.ts";
import { type AccessGate, OPEN_GATE } from "../http/access-gate.ts";
import { checkHttpOptions } from "../http/check-http-options.ts";
import type { HttpEndpoint } from "../http/endpoint.ts";
import type { HttpOptions } from "../http/http-options.ts";
import { fromWebRequest } from "../http/request.ts";
import { type Environment, resolveHttpOptions, type ResolvedHttpOptions } from "../http/resolve-options.ts";
import type { Bind } from "../protocol/bind.ts";
import type { ChangeHub } from "../protocol/change-hub.ts";
import { assertExposureMeant } from "./exposure.ts";
import type { ServerAuth } from "./options.ts";

/** What serving over HTTP needs of a server. */
export interface HttpServingParts {
  readonly name: string;
  readonly http: HttpOptions;
  readonly auth: ServerAuth | undefined;
  readonly dispatcher: Dispatcher;
  readonly hub: ChangeHub;
  readonly loadBind: () => Promise<Bind>;
  readonly report: (text: string) => void;
}

/** Options of one way to serve, which win over those of the server. */
export interface HttpServingOptions extends HttpOptions {
  /** Who may call. Default: as `createServer` was told. */
  readonly auth?: ServerAuth;
}

/** Options that were checked and completed. */
interface HttpPlan {
  readonly options: ResolvedHttpOptions;
  readonly auth: ServerAuth | undefined;
}

/** The HTTP side of one server: makes its endpoints and closes them. */
export class HttpServing {
  readonly #parts: HttpServingParts;
  readonly #endpoints = new Set<HttpEndpoint>();
  #shared: Promise<HttpEndpoint> | undefined;

  constructor(parts: HttpServingParts) {
    this.#parts = parts;
  }

  async fetch(request: Request): Promise<Response> {
    this.#shared ??= this.open(this.plan({}, "fetch"));
    return (await this.#shared).handle(fromWebRequest(request));
  }

  /**
   * Checks and completes options.
   * @param caller What was called, for messages
   * @param host The address to listen on
   * @throws MethodicError with everything that is wrong
   */
  plan({ auth = this.#parts.auth, ...given }: HttpServingOptions, caller: string, host?: string): HttpPlan {
    const { name, http } = this.#parts;
    const problems = checkHttpOptions(given);
    if (problems.length > 0) {
      throw new MethodicError("INVALID_OPTIONS", problems.map((problem) => `${caller}: ${problem}.`).join("\n"));
    }
    const options = resolveHttpOptions(
      { ...http, ...given, limits: { ...http.limits, ...given.limits } },
      environment(),
    );
    assertExposureMeant({ name, options, hasAuth: auth !== undefined, ...(host !== undefined && { host }) });
    return { options, auth };
  }

  /** Makes an endpoint. */
  async open({ options, auth }: HttpPlan): Promise<HttpEndpoint> {
    const { hub, report } = this.#parts;
    // Loaded now and not with the module: a server on stdio needs none of it.
    const [{ createEndpoint }, { createLegacyLeg }, bind, gate] = await Promise.all([
      import("../http/endpoint.ts"),
      import("../http/legacy/legacy-leg.ts"),
      this.#parts.loadBind(),
      this.#openGate(options, auth),
    ]);
    // Should a request come without a word about its caller, it is from nobody, and not from a trusted client.
    const access = { auth: undefined };
    const stateless = bind({ live: false, access });
    const onError = (error: Error): void => report(`methodic: ${error.message}`);
    const session = bind({ live: true, access });
    const legacy = createLegacyLeg({ stateless, session, sessions: options.sessions, onError });
    const endpoint = createEndpoint({
      options,
      gate,
      findMissingScopes: async (message, caller) =>
        // Where nobody is asked who they are, nobody can come back with more scopes.
        gate === OPEN_GATE ? undefined : await findMissingScopes(this.#parts.dispatcher, message, caller),
      modern: stateless,
      bus: hub,
      legacy,
      report,
    });
    this.#endpoints.add(endpoint);
    return endpoint;
  }

  /** Lets running calls of all endpoints finish within a time. */
  async close(timeoutMs: number): Promise<void> {
    await Promise.all(Array.from(this.#endpoints, (endpoint) => endpoint.close(timeoutMs)));
  }

  async #openGate(_options: ResolvedHttpOptions, auth: ServerAuth | undefined): Promise<AccessGate> {
    if (auth === undefined || auth === "none") return OPEN_GATE;
    throw new MethodicError("INVALID_OPTIONS", "not there yet");
  }
}

/** Of the first message of a batch that needs any. */
async function findMissingScopes(
  dispatcher: Dispatcher,
  message: unknown,
  auth: AuthInfo | undefined,
): Promise<readonly string[] | undefined> {
  const messages: readonly unknown[] = Array.isArray(message) ? message : [message];
  for (const one of messages) {
    if (typeof one !== "object" || one === null || !("method" in one)) continue;
    const missing = await dispatcher.findMissingScopes(one as RawRequest, auth);
    if (missing) return missing;
  }
  return undefined;
}

/** Not every runtime has `process`. */
function environment(): Environment {
  return (globalThis as { readonly process?: { readonly env?: Environment } }).process?.env ?? {};
}

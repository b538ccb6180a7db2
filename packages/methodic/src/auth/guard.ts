import type { WriteLog } from "../util/log.ts";
import { type AuthInfo, type Caller, getCallerKey } from "../context/auth-info.ts";
import { RequestAccess } from "../dispatch/access.ts";
import { MethodicError, toError } from "../errors.ts";
import { combineRules } from "../registry/access-rules.ts";
import { digestText } from "../util/digest.ts";
import { ExpiringCache } from "../util/expiring-cache.ts";
import type { AuthResult } from "./authenticator.ts";
import { EXPIRED, isExpired } from "./caller.ts";
import { type IdentifiedCaller, identifyCaller } from "./identify.ts";
import {
  type AuthError,
  createErrorResponse,
  createMetadataResponse,
  type EndpointLocation,
  type EndpointRequest,
  findRequestedResource,
  locateMetadata,
  locateResource,
} from "./protected-resource.ts";
import { readServerAuth, type ResolvedServerAuth, type ServerAuth } from "./server-auth.ts";

/** Dependencies of {@link createAuthGuard}. */
export interface AuthGuardDeps {
  readonly auth: ServerAuth;
  /** The server's name, for access rules and metadata. */
  readonly name: string;
  /**
   * The URL of the MCP endpoint as clients know it, or only its origin. Default: the URL of each
   * request, whose host must have been checked.
   */
  readonly publicUrl?: string | URL | undefined;
  /** The path of the MCP endpoint as the server knows it. */
  readonly path: string;
  /** True if the host check accepts a wildcard, so that a caller can choose the host. */
  readonly acceptsAnyHost?: boolean;
  /** The scopes that the rules of components name. */
  readonly getScopesSupported: () => readonly string[];
  readonly log: WriteLog;
}

/** A caller that passed the guard. */
export interface AuthorizedCaller extends Caller {
  /** Headers of the request from which the authenticator may read credentials, in lower case. */
  readonly credentialHeaders: readonly string[];
}

/** Authenticates the requests to the MCP endpoint and applies the access rules of the server. */
export interface AuthGuard {
  /** Returns the caller, or the error response (400, 401, 403, 503). */
  authorize(request: EndpointRequest): Promise<AuthorizedCaller | Response>;
  /** Creates the response to a caller who needs more scopes (403 `insufficient_scope`). */
  challengeScopes(request: EndpointRequest, scopes: readonly string[]): Response;
  /** Returns the protected-resource metadata (RFC 9728), or undefined for another URL. */
  serveMetadata(request: EndpointRequest): Response | undefined;
}

/**
 * Creates the guard of a server's MCP endpoint.
 * @throws MethodicError if `auth` is invalid
 */
export function createAuthGuard(deps: AuthGuardDeps): AuthGuard {
  const access = readServerAuth(deps.auth, "createServer");
  if (!access) return OPEN;
  if (access.authenticator?.bindsToResource && deps.acceptsAnyHost && deps.publicUrl === undefined) {
    throw new MethodicError(
      "MISSING_PUBLIC_URL",
      "auth: allowedHosts accepts any host, so a caller could choose the audience of its token with a Host header. Set http: { publicUrl: \"https://…\" }, or the authenticator's option 'audience'.",
    );
  }
  return new EndpointGuard(access, deps);
}

const MISSING_SCOPES = {
  status: 403,
  error: "insufficient_scope",
  description: "This request requires scopes that the credentials do not have.",
} as const;

/** The guard of a server with `auth: "none"`. */
const OPEN: AuthGuard = {
  authorize: async (request) => ({
    auth: request.auth,
    callerKey: await findMiddlewareKey(request),
    credentialHeaders: [],
  }),
  challengeScopes: (_, scopes) =>
    createErrorResponse({
      ...MISSING_SCOPES,
      challenge: { error: MISSING_SCOPES.error, scope: scopes.join(" ") },
    }),
  serveMetadata: () => undefined,
};

// A repeated message is logged once in this time, so that callers cannot flood the log.
const LOG_INTERVAL_MS = 60_000;

class EndpointGuard implements AuthGuard {
  readonly #access: ResolvedServerAuth;
  readonly #location: EndpointLocation;
  readonly #server: Parameters<RequestAccess["allows"]>[0];
  readonly #deps: AuthGuardDeps;
  /** The scopes that every caller needs. */
  readonly #scopes: readonly string[];
  readonly #logged = new ExpiringCache<true>(100);

  constructor(access: ResolvedServerAuth, deps: AuthGuardDeps) {
    const { publicUrl, path, name } = deps;
    this.#access = access;
    this.#deps = deps;
    this.#location = { publicUrl: publicUrl === undefined ? undefined : new URL(publicUrl), path };
    this.#server = {
      where: `the server '${name}'`,
      access: combineRules(access.rules, { kind: "server", name }),
    };
    this.#scopes = [
      ...new Set([...(access.authenticator?.scopes ?? []), ...access.rules.flatMap(({ scopes }) => scopes)]),
    ];
  }

  async authorize(request: EndpointRequest): Promise<AuthorizedCaller | Response> {
    const { result, headersRead } = request.auth
      ? { result: await acceptUnexpired(request, request.auth), headersRead: [] }
      : await this.#authenticate(request);
    if (result.kind !== "accepted") return this.#reject(request, result);
    const { auth, callerKey } = result;
    const access = new RequestAccess(result, (problem) => this.#log(problem));
    if (await access.allows(this.#server)) {
      const { credentialHeaders = [] } = this.#access.authenticator ?? {};
      return { auth, callerKey, credentialHeaders: [...credentialHeaders, ...headersRead] };
    }
    if (await access.findMissingScopes(this.#server)) return this.challengeScopes(request, []);
    // No challenge, because another token would not help.
    return createErrorResponse({
      status: 403,
      error: "access_denied",
      description: "The access rules of this server deny this caller.",
    });
  }

  challengeScopes(request: EndpointRequest, scopes: readonly string[]): Response {
    // The client requests exactly these scopes, so they must include those of the server.
    return this.#challenge(request, MISSING_SCOPES, [...new Set([...this.#scopes, ...scopes])]);
  }

  serveMetadata(request: EndpointRequest): Response | undefined {
    const { authenticator } = this.#access;
    if (!authenticator || authenticator.authorizationServers.length === 0) return undefined;
    const resource = findRequestedResource(request, this.#location);
    if (resource === undefined) return undefined;
    const scopes = [...new Set([...this.#scopes, ...this.#deps.getScopesSupported()])];
    return createMetadataResponse(request.method, {
      resource,
      authorization_servers: authenticator.authorizationServers,
      ...(scopes.length > 0 && { scopes_supported: scopes }),
      bearer_methods_supported: ["header"],
      resource_name: this.#deps.name,
    });
  }

  async #authenticate(request: EndpointRequest): Promise<IdentifiedCaller> {
    const { authenticator } = this.#access;
    const headersRead = new Set<string>();
    // A server with rules only relies on middleware to authenticate callers.
    if (!authenticator) return { result: { kind: "missing" }, headersRead };
    try {
      return await identifyCaller(authenticator, request, locateResource(request, this.#location));
    } catch (error) {
      // A custom authenticator failed. Its message may quote credentials.
      const known = toError(error);
      const detail = `the authenticator threw ${known === error ? known.name : typeof error}`;
      const description = "The credentials cannot be verified now.";
      return { result: { kind: "unavailable", description, detail }, headersRead };
    }
  }

  #reject(request: EndpointRequest, result: Exclude<AuthResult, { readonly kind: "accepted" }>): Response {
    if (result.kind !== "missing" && result.detail !== undefined) this.#log(`methodic: auth: ${result.detail}`);
    if (result.kind === "unavailable") {
      return createErrorResponse({
        status: 503,
        error: "temporarily_unavailable",
        description: result.description,
      });
    }
    if (result.kind === "missing") {
      const description = "This server requires credentials: Authorization: Bearer, or the header of its API keys.";
      return this.#challenge(request, { status: 401, error: "unauthorized", description }, this.#scopes);
    }
    const { error, description } = result;
    const scopes = [...new Set([...this.#scopes, ...(result.scopes ?? [])])];
    const status = error === "insufficient_scope" ? 403 : error === "invalid_request" ? 400 : 401;
    return this.#challenge(request, { status, error, description }, scopes);
  }

  #challenge(request: EndpointRequest, authError: AuthError, scopes: readonly string[]): Response {
    const { authenticator } = this.#access;
    const hasMetadata = authenticator && authenticator.authorizationServers.length > 0;
    // RFC 6750 §3.1: a request without credentials gets no error code.
    const hasCredentials = authError.error !== "unauthorized";
    const challenge = {
      resource_metadata: hasMetadata ? locateMetadata(locateResource(request, this.#location)) : undefined,
      scope: scopes.join(" "),
      error: hasCredentials ? authError.error : undefined,
      error_description: hasCredentials ? authError.description : undefined,
    };
    return createErrorResponse({ ...authError, challenge });
  }

  #log(text: string): void {
    if (this.#logged.get(text)) return;
    this.#logged.set(text, true, Date.now() + LOG_INTERVAL_MS);
    this.#deps.log(text, { level: "warn" });
  }
}

async function acceptUnexpired(request: EndpointRequest, auth: AuthInfo): Promise<AuthResult> {
  if (auth.expiresAt === undefined || !isExpired(auth.expiresAt)) {
    return { kind: "accepted", auth, callerKey: await findMiddlewareKey(request) };
  }
  return { kind: "rejected", error: "invalid_token", description: EXPIRED };
}

/** Returns the key of a caller that a middleware authenticated. */
async function findMiddlewareKey({ auth, token }: EndpointRequest): Promise<string | undefined> {
  if (!auth) return undefined;
  const hasName = auth.subject !== undefined || token === undefined;
  return `middleware/${hasName ? getCallerKey({ auth }) : await digestText(token)}`;
}

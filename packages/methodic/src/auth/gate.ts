import type { AuthInfo } from "../context/auth-info.ts";
import { RequestAccess } from "../dispatch/access.ts";
import { MethodicError } from "../errors.ts";
import { combineRules } from "../registry/access-rules.ts";
import { ExpiringCache } from "../util/expiring-cache.ts";
import type { AuthResult } from "./authenticator.ts";
import { isExpired } from "./caller.ts";
import {
  createRefusal,
  type Refusal,
  findAskedResource,
  type LocatedRequest,
  type Location,
  locateResource,
  metadataUrl,
  serveMetadata,
} from "./protected-resource.ts";
import { readServerAuth, type ResolvedServerAuth, type ServerAuth } from "./server-auth.ts";

/** What {@link createAuthGate} takes. */
export interface AuthGateOptions {
  readonly auth: ServerAuth;
  /** The server's name, for rules and metadata. */
  readonly name: string;
  /** The URL of the MCP endpoint as clients know it, or only its origin. Without, requests tell, whose host must have been checked. */
  readonly publicUrl?: string | URL | undefined;
  /** The path of the MCP endpoint as the server knows it. */
  readonly path: string;
  /** Whether requests may name hosts that nobody has listed one by one. */
  readonly anyHost?: boolean;
  /** The scopes that rules of components name. */
  readonly scopesSupported: readonly string[];
  readonly log: (text: string) => void;
}

/** A request at the gate. */
export interface GateRequest extends LocatedRequest {
  /** Who calls, where a middleware in front has found it out. */
  readonly auth?: AuthInfo;
}

/** Lets requests to the MCP endpoint in, or tells their clients what they lack. */
export interface AuthGate {
  /** Who calls, or the refusal (400, 401, 403, 503). */
  authorize(request: GateRequest): Promise<{ readonly auth: AuthInfo | undefined } | Response>;
  /** The refusal of a caller who needs more scopes (403 `insufficient_scope`). */
  challengeScopes(request: GateRequest, scopes: readonly string[]): Response;
  /** The protected-resource metadata (RFC 9728), if it is what is asked for. */
  serveMetadata(request: GateRequest): Response | undefined;
}

/**
 * Makes the gate of a server's MCP endpoint.
 * @throws MethodicError if `auth` cannot be
 */
export function createAuthGate(options: AuthGateOptions): AuthGate {
  const access = readServerAuth(options.auth, "createServer");
  if (!access) return OPEN;
  if (access.authenticator?.bindsToResource && options.anyHost && options.publicUrl === undefined) {
    throw new MethodicError(
      "MISSING_PUBLIC_URL",
      "auth: any host is allowed, so with its Host header a caller could choose the server that a token is for. Give http: { publicUrl: \"https://…\" }, or the authenticator an 'audience'.",
    );
  }
  return new Gate(access, options);
}

const OPEN: AuthGate = {
  authorize: async ({ auth }) => ({ auth }),
  challengeScopes: (_, scopes) =>
    createRefusal({ ...LACKS_SCOPES, challenge: { error: LACKS_SCOPES.error, scope: scopes.join(" ") } }),
  serveMetadata: () => undefined,
};

const LACKS_SCOPES = {
  status: 403,
  error: "insufficient_scope",
  description: "This needs scopes that the credentials do not have.",
} as const;

// What goes wrong again and again is logged once in this time.
const LOG_INTERVAL_MS = 60_000;

class Gate implements AuthGate {
  readonly #access: ResolvedServerAuth;
  readonly #location: Location;
  readonly #guarded: Parameters<RequestAccess["allows"]>[0];
  readonly #options: AuthGateOptions;
  /** The scopes without which nobody comes in. */
  readonly #scopes: readonly string[];
  readonly #logged = new ExpiringCache<true>(100);

  constructor(access: ResolvedServerAuth, options: AuthGateOptions) {
    const { publicUrl, path, name } = options;
    this.#access = access;
    this.#options = options;
    this.#location = { publicUrl: publicUrl === undefined ? undefined : new URL(publicUrl), path };
    this.#guarded = {
      where: `the server '${name}'`,
      access: combineRules(access.rules, { kind: "server", name }),
    };
    this.#scopes = [
      ...new Set([...(access.authenticator?.scopes ?? []), ...access.rules.flatMap(({ scopes }) => scopes)]),
    ];
  }

  async authorize(request: GateRequest): Promise<{ readonly auth: AuthInfo } | Response> {
    const result = request.auth ? acceptGiven(request.auth) : await this.#authenticate(request);
    if (result.kind !== "accepted") return this.#refuse(request, result);
    const { auth } = result;
    const access = new RequestAccess({ auth }, (problem) => this.#log(problem));
    if (await access.allows(this.#guarded)) return { auth };
    if (await access.findMissingScopes(this.#guarded)) return this.challengeScopes(request, []);
    return createRefusal({ status: 403, error: "access_denied", description: "This server is not for this caller." });
  }

  challengeScopes(request: GateRequest, scopes: readonly string[]): Response {
    // A client asks for exactly these, so they have to be enough to come in as well.
    return this.#createChallenge(request, LACKS_SCOPES, [...new Set([...this.#scopes, ...scopes])]);
  }

  serveMetadata(request: GateRequest): Response | undefined {
    const { authenticator } = this.#access;
    if (!authenticator || authenticator.authorizationServers.length === 0) return undefined;
    const resource = findAskedResource(request, this.#location);
    if (resource === undefined) return undefined;
    const scopes = [...new Set([...this.#scopes, ...this.#options.scopesSupported])];
    return serveMetadata(request.method, {
      resource,
      authorization_servers: authenticator.authorizationServers,
      ...(scopes.length > 0 && { scopes_supported: scopes }),
      bearer_methods_supported: ["header"],
      resource_name: this.#options.name,
    });
  }

  async #authenticate(request: GateRequest): Promise<AuthResult> {
    const { authenticator } = this.#access;
    // Rules alone are for callers whom a middleware in front has found out about.
    if (!authenticator) return { kind: "missing" };
    try {
      return await authenticator.authenticate(request, locateResource(request, this.#location));
    } catch (error) {
      // An authenticator of another make. Its message may hold anything.
      const detail = `the authenticator failed with ${error instanceof Error ? error.name : typeof error}`;
      return { kind: "unavailable", description: "The credentials cannot be checked now.", detail };
    }
  }

  #refuse(request: GateRequest, result: Exclude<AuthResult, { readonly kind: "accepted" }>): Response {
    if (result.kind !== "missing" && result.detail !== undefined) this.#log(`methodic: auth: ${result.detail}`);
    if (result.kind === "unavailable") {
      return createRefusal({ status: 503, error: "temporarily_unavailable", description: result.description });
    }
    if (result.kind === "missing") {
      const description = "This server needs credentials: Authorization: Bearer, or the header of its API keys.";
      return this.#createChallenge(request, { status: 401, error: "unauthorized", description }, this.#scopes);
    }
    const { error, description } = result;
    const scopes = [...new Set([...this.#scopes, ...(result.scopes ?? [])])];
    const status = error === "insufficient_scope" ? 403 : error === "invalid_request" ? 400 : 401;
    return this.#createChallenge(request, { status, error, description }, scopes);
  }

  #createChallenge(request: GateRequest, refusal: Refusal, scopes: readonly string[]): Response {
    const { authenticator } = this.#access;
    const discoverable = authenticator && authenticator.authorizationServers.length > 0;
    // Without credentials there is nothing wrong with them (RFC 6750 §3.1).
    const known = refusal.error !== "unauthorized";
    const challenge = {
      resource_metadata: discoverable ? metadataUrl(locateResource(request, this.#location)) : undefined,
      scope: scopes.join(" "),
      error: known ? refusal.error : undefined,
      error_description: known ? refusal.description : undefined,
    };
    return createRefusal({ ...refusal, challenge });
  }

  #log(text: string): void {
    if (this.#logged.get(text)) return;
    this.#logged.set(text, true, Date.now() + LOG_INTERVAL_MS);
    this.#options.log(text);
  }
}

function acceptGiven(auth: AuthInfo): AuthResult {
  if (auth.expiresAt === undefined || !isExpired(auth.expiresAt)) return { kind: "accepted", auth };
  return { kind: "rejected", error: "invalid_token", description: "The credentials have expired." };
}

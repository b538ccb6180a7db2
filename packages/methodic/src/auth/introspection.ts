import { findOptionProblems, type OptionCheck, type OptionsSpec, showValue } from "../util/check-options.ts";
import { isRecord } from "../util/record.ts";
import { digestText } from "../util/digest.ts";
import { type TimeSpan, toMilliseconds } from "../util/duration.ts";
import { ExpiringCache } from "../util/expiring-cache.ts";
import { checkDuration, checkHttpUrl, checkInteger, checkOneOf, checkNonEmptyString } from "../util/option-checks.ts";
import { acceptCaller, type AuthResult, type Authenticator, rejectToken } from "./authenticator.ts";
import { fetchJson, UnavailableError } from "./authorization-server.ts";
import { readBearerToken } from "./bearer.ts";
import {
  type ClaimNames,
  type Claims,
  EXPIRED,
  freezeJson,
  INVALID,
  isExpired,
  isIssuedFor,
  NOT_YET_VALID,
  readCaller,
  WRONG_AUDIENCE,
} from "./caller.ts";
import {
  checkAuthOptions,
  explainIssuer,
  type ResolvedTokenOptions,
  resolveTokenOptions,
  TOKEN_OPTIONS,
} from "./token-options.ts";

interface CacheOptions {
  /** The maximum number of cached results. Default 10 000. */
  readonly max?: number;
  /** The time that a result is cached, at most until the token's `exp`. Default one minute. */
  readonly ttl?: TimeSpan;
}

/** Options of {@link introspection}. */
export interface IntrospectionOptions {
  /** The introspection endpoint of the authorization server. */
  readonly endpoint: string | URL;
  /** The client ID of this server at the authorization server. */
  readonly clientId: string;
  readonly clientSecret: string;
  /**
   * The place of the client ID and secret in requests: the `Authorization` header (`"basic"`, the
   * default) or the body (`"post"`).
   */
  readonly clientAuthentication?: "basic" | "post";
  /**
   * A value that `aud` must contain; of a list, one value is enough. Default: the server's URL, for
   * tokens that have an `aud`. Tokens without one are accepted, because the authorization server
   * knows which server asks.
   */
  readonly audience?: string | readonly string[];
  /** The `iss` that responses must have, if they have one. Clients get tokens there. */
  readonly issuer?: string;
  /** Scopes that every token must have. */
  readonly scopes?: readonly string[];
  /** The cache of results; `false` introspects the token of every request. */
  readonly cache?: false | CacheOptions;
  /** The members of a response that hold subject, client and scopes, if their names are unusual. */
  readonly claims?: ClaimNames;
  /** The issuers of the authorization servers where clients get tokens. Default: `issuer`. */
  readonly authorizationServers?: readonly string[];
}

const CACHE: OptionsSpec<CacheOptions> = { max: checkInteger({ min: 0 }), ttl: checkDuration };

const checkCache: OptionCheck = (value, path) => {
  if (value === false) return [];
  return isRecord(value)
    ? findOptionProblems(value, CACHE, { path })
    : [{ kind: "invalid", path, shown: showValue(value), fix: "Pass false, or an object with max, ttl." }];
};

const INTROSPECTION: OptionsSpec<IntrospectionOptions> = {
  ...TOKEN_OPTIONS,
  endpoint: { check: checkHttpUrl, required: true },
  clientId: { check: checkNonEmptyString, required: true },
  clientSecret: { check: checkNonEmptyString, required: true, secret: true },
  clientAuthentication: checkOneOf("basic", "post"),
  cache: checkCache,
};

interface ResolvedIntrospectionOptions extends ResolvedTokenOptions {
  readonly endpoint: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly clientAuthentication: "basic" | "post";
  readonly cacheMax: number;
  readonly cacheMs: number;
}

/**
 * Accepts access tokens that the authorization server reports as active (RFC 7662), for tokens that
 * only it can read. Results are cached for a while under a digest of the token, and concurrent
 * requests with one token share one introspection. While the authorization server does not respond,
 * cached results stay valid, and other tokens get a 503.
 *
 * @throws MethodicError if an option is missing or invalid
 *
 * @example
 * ```ts
 * import { introspection } from "methodic/auth";
 *
 * export const auth = introspection({
 *   endpoint: "https://login.example.com/oauth/introspect",
 *   issuer: "https://login.example.com",
 *   clientId: "notes-server",
 *   clientSecret: process.env["INTROSPECTION_SECRET"] ?? "",
 * });
 * ```
 */
export function introspection(options: IntrospectionOptions): Authenticator {
  const resolved = resolveIntrospectionOptions(options);
  const introspector = new Introspector(resolved);
  return {
    authenticate: async ({ headers }, resource) => {
      const credential = readBearerToken(headers);
      if (credential.kind !== "found") return credential;
      try {
        return checkClaims(await introspector.introspect(credential.token), resource, resolved);
      } catch (error) {
        if (!(error instanceof UnavailableError)) throw error;
        return { kind: "unavailable", description: "The access token cannot be verified now.", detail: error.message };
      }
    },
    scopes: resolved.scopes,
    authorizationServers: resolved.authorizationServers,
    bindsToResource: resolved.audience === undefined,
  };
}

function resolveIntrospectionOptions(options: IntrospectionOptions): ResolvedIntrospectionOptions {
  checkAuthOptions(options, INTROSPECTION, { where: "introspection" });
  const { endpoint, clientId, clientSecret, clientAuthentication = "basic", cache = {} } = options;
  const { max = 10_000, ttl = "1m" } = cache === false ? { max: 0, ttl: 0 } : cache;
  return {
    ...resolveTokenOptions(options),
    endpoint: new URL(endpoint).href,
    clientId,
    clientSecret,
    clientAuthentication,
    cacheMax: max,
    cacheMs: toMilliseconds(ttl) ?? 0,
  };
}

// A token may become active later, because clocks differ, so an inactive one is cached briefly.
const INACTIVE_MS = 10_000;

/** The claims of an active token; false for an inactive one. */
type IntrospectionResult = Claims | false;

class Introspector {
  readonly #options: ResolvedIntrospectionOptions;
  readonly #active: ExpiringCache<Claims>;
  // A separate cache, so that a flood of made-up tokens does not evict valid ones.
  readonly #inactive: ExpiringCache<false>;
  readonly #pending = new Map<string, Promise<IntrospectionResult>>();

  constructor(options: ResolvedIntrospectionOptions) {
    this.#options = options;
    this.#active = new ExpiringCache(options.cacheMax);
    this.#inactive = new ExpiringCache(options.cacheMax);
  }

  /** @throws UnavailableError */
  async introspect(token: string): Promise<IntrospectionResult> {
    // By token, because digests of concurrent requests may take longer than an introspection.
    const pending = this.#pending.get(token) ?? this.#find(token).finally(() => this.#pending.delete(token));
    this.#pending.set(token, pending);
    return await pending;
  }

  async #find(token: string): Promise<IntrospectionResult> {
    const key = await digestText(token);
    return this.#active.get(key) ?? this.#inactive.get(key) ?? (await this.#fetch(token, key));
  }

  async #fetch(token: string, key: string): Promise<IntrospectionResult> {
    const { endpoint, cacheMs } = this.#options;
    const response = await fetchJson(endpoint, this.#createRequest(token));
    if (typeof response["active"] !== "boolean") {
      throw new UnavailableError(`POST ${endpoint}: the response has no boolean 'active'`);
    }
    if (!response["active"]) {
      this.#inactive.set(key, false, Date.now() + Math.min(INACTIVE_MS, cacheMs));
      return false;
    }
    const claims = freezeJson(response);
    const { exp } = claims;
    const expiresAt = typeof exp === "number" ? exp * 1000 : Number.POSITIVE_INFINITY;
    this.#active.set(key, claims, Math.min(Date.now() + cacheMs, expiresAt));
    return claims;
  }

  #createRequest(token: string): RequestInit {
    const { clientId, clientSecret, clientAuthentication } = this.#options;
    const body = new URLSearchParams({ token, token_type_hint: "access_token" });
    if (clientAuthentication === "post") {
      body.set("client_id", clientId);
      body.set("client_secret", clientSecret);
      return { method: "POST", body };
    }
    const credentials = btoa(`${encodeForm(clientId)}:${encodeForm(clientSecret)}`);
    return { method: "POST", body, headers: { authorization: `Basic ${credentials}` } };
  }
}

/** Encodes a client ID or secret, as RFC 6749 §2.3.1 requires before the two are joined. */
function encodeForm(text: string): string {
  return new URLSearchParams({ "": text }).toString().slice(1);
}

function checkClaims(claims: IntrospectionResult, resource: string, options: ResolvedIntrospectionOptions): AuthResult {
  if (!claims) return rejectToken(INVALID);
  const { exp, nbf, iss, aud } = claims;
  if (exp !== undefined && isExpired(Number(exp))) return rejectToken(EXPIRED);
  // Not `>`: NaN counts as not yet valid.
  if (nbf !== undefined && !(Number(nbf) <= Date.now() / 1000)) return rejectToken(NOT_YET_VALID);
  const { issuer } = options;
  if (issuer !== undefined && iss !== undefined && iss !== issuer)
    return rejectToken(INVALID, explainIssuer(iss, issuer));
  if (!isForAudience(aud, resource, options.audience)) return rejectToken(WRONG_AUDIENCE);
  return acceptCaller(readCaller(claims, options.claims), options.scopes);
}

function isForAudience(aud: unknown, resource: string, audience: readonly string[] | undefined): boolean {
  if (!audience) return aud === undefined || isIssuedFor(aud, resource);
  const audiences: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  return audience.some((wanted) => audiences.includes(wanted));
}

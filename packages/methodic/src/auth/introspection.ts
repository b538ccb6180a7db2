import { digestText } from "../util/digest.ts";
import { type TimeSpan, toMilliseconds } from "../util/duration.ts";
import { ExpiringCache } from "../util/expiring-cache.ts";
import { acceptWithScopes, type AuthResult, type Authenticator, rejectToken } from "./authenticator.ts";
import { fetchJson, UnavailableError } from "./authorization-server.ts";
import { EXPIRED, freezeJson, isExpired, REFUSED } from "./caller.ts";
import { readBearerToken } from "./credentials.ts";
import { parseHttpUrl, type Refuse, refuseOptions } from "./options.ts";
import { type Claims, isIssuedFor, readCaller, type ClaimNames } from "./token-claims.ts";
import { checkTokenOptions, type TokenRules } from "./token-options.ts";

// A token may become active (clocks differ), so a refusal is not kept for long.
const INACTIVE_MS = 10_000;

/**
 * Lets in callers whose access token the authorization server says is active (RFC 7662): for tokens that only it can read.
 * Answers are remembered for a while, under a digest of the token, and requests with one token wait for one answer.
 * While the authorization server does not answer, those remembered go on working, and others get 503.
 *
 * @throws MethodicError if an option is missing or cannot be
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
  const rules = checkIntrospectionOptions(options);
  const introspector = new Introspector(rules);
  return {
    authenticate: async ({ headers }, resource) => {
      const credential = readBearerToken(headers);
      if (credential.kind !== "found") return credential;
      try {
        return decide(await introspector.ask(credential.token), resource, rules);
      } catch (error) {
        if (!(error instanceof UnavailableError)) throw error;
        return { kind: "unavailable", description: "The access token cannot be checked now.", detail: error.message };
      }
    },
    scopes: rules.scopes,
    authorizationServers: rules.authorizationServers,
    bindsToResource: rules.audience === undefined,
  };
}

/** Claims of an active token, or false. */
type Answer = Claims | false;

class Introspector {
  readonly #rules: IntrospectionRules;
  readonly #active: ExpiringCache<Claims>;
  // Apart from the others, so that a flood of made-up tokens does not push out the good ones.
  readonly #inactive: ExpiringCache<false>;
  readonly #pending = new Map<string, Promise<Answer>>();

  constructor(rules: IntrospectionRules) {
    this.#rules = rules;
    this.#active = new ExpiringCache(rules.cacheMax);
    this.#inactive = new ExpiringCache(rules.cacheMax);
  }

  /** @throws UnavailableError */
  async ask(token: string): Promise<Answer> {
    const key = await digestText(token);
    const known = this.#active.get(key) ?? this.#inactive.get(key);
    if (known !== undefined) return known;
    const pending = this.#pending.get(key) ?? this.#fetch(token, key).finally(() => this.#pending.delete(key));
    this.#pending.set(key, pending);
    return await pending;
  }

  async #fetch(token: string, key: string): Promise<Answer> {
    const { endpoint, cacheMs } = this.#rules;
    const answer = await fetchJson(endpoint, this.#createRequest(token));
    if (typeof answer["active"] !== "boolean")
      throw new UnavailableError(`POST ${endpoint}: the answer does not say 'active'`);
    if (!answer["active"]) {
      this.#inactive.set(key, false, Date.now() + Math.min(INACTIVE_MS, cacheMs));
      return false;
    }
    const claims = freezeJson(answer);
    const { exp } = claims;
    const end = typeof exp === "number" ? exp * 1000 : Number.POSITIVE_INFINITY;
    this.#active.set(key, claims, Math.min(Date.now() + cacheMs, end));
    return claims;
  }

  #createRequest(token: string): RequestInit {
    const { clientId, clientSecret, clientAuthentication } = this.#rules;
    const body = new URLSearchParams({ token, token_type_hint: "access_token" });
    if (clientAuthentication === "post") {
      body.set("client_id", clientId);
      body.set("client_secret", clientSecret);
      return { method: "POST", body };
    }
    return {
      method: "POST",
      body,
      headers: { authorization: `Basic ${btoa(`${encodeForm(clientId)}:${encodeForm(clientSecret)}`)}` },
    };
  }
}

/** As RFC 6749 §2.3.1 wants both before they are joined. */
function encodeForm(text: string): string {
  return new URLSearchParams({ "": text }).toString().slice(1);
}

function decide(claims: Answer, resource: string, rules: IntrospectionRules): AuthResult {
  if (!claims) return rejectToken(REFUSED);
  const { exp, nbf, iss, aud } = claims;
  if (exp !== undefined && isExpired(Number(exp))) return rejectToken(EXPIRED);
  if (nbf !== undefined && !(Number(nbf) <= Date.now() / 1000))
    return rejectToken("The access token is not valid yet.");
  if (rules.issuer !== undefined && iss !== undefined && iss !== rules.issuer) return rejectToken(REFUSED);
  if (!isForAudience(aud, resource, rules.audience))
    return rejectToken("The access token was not issued for this server.");
  return acceptWithScopes(readCaller(claims, rules.claims), rules.scopes);
}

function isForAudience(aud: unknown, resource: string, audience: readonly string[] | undefined): boolean {
  if (!audience) return aud === undefined || isIssuedFor(aud, resource);
  const audiences: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  return audience.some((wanted) => audiences.includes(wanted));
}

/** What {@link introspection} takes. */
export interface IntrospectionOptions {
  /** The introspection endpoint of the authorization server. */
  readonly endpoint: string | URL;
  /** What this server is called there. */
  readonly clientId: string;
  readonly clientSecret: string;
  /** How the two are sent: in the `Authorization` header (default) or in the form. */
  readonly clientAuthentication?: "basic" | "post";
  /**
   * Whom tokens must be issued for: their `aud` holds it, or one of several. Default: the URL of this server, for tokens that have an `aud`;
   * for others the authorization server vouches, which knows who asks.
   */
  readonly audience?: string | readonly string[];
  /** What answers must name as `iss`, if they name one. It is also where clients get tokens. */
  readonly issuer?: string;
  /** Scopes that every token must have. */
  readonly scopes?: readonly string[];
  /** How many answers are remembered (default 10 000) and for how long (default one minute, never beyond the token's `exp`). `false`: ask every time. */
  readonly cache?: false | { readonly max?: number; readonly ttl?: TimeSpan };
  /** Which members of an answer hold subject, client and scopes, where they are not the usual ones. */
  readonly claims?: ClaimNames;
  /** The issuers of the authorization servers where clients get tokens. Default: the issuer. */
  readonly authorizationServers?: readonly string[];
}

/** The options, checked. */
interface IntrospectionRules extends TokenRules {
  readonly endpoint: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly clientAuthentication: "basic" | "post";
  readonly cacheMax: number;
  readonly cacheMs: number;
}

const OPTIONS = [
  "endpoint",
  "clientId",
  "clientSecret",
  "clientAuthentication",
  "audience",
  "issuer",
  "scopes",
  "cache",
  "claims",
  "authorizationServers",
];
const DEFAULT_MAX = 10_000;
const DEFAULT_TTL_MS = 60_000;

/**
 * Checks what `introspection` was given.
 * @throws MethodicError
 */
function checkIntrospectionOptions(options: IntrospectionOptions): IntrospectionRules {
  const refuse: Refuse = refuseOptions("introspection", options, OPTIONS);
  const token = checkTokenOptions(options, "introspection", refuse);
  const { clientId, clientSecret, clientAuthentication = "basic", issuer } = options;
  const endpoint = parseHttpUrl(options.endpoint) ?? refuse("the option 'endpoint' must be a URL of HTTP");
  if (typeof clientId !== "string" || clientId === "") refuse("the option 'clientId' must be a non-empty text");
  if (typeof clientSecret !== "string" || clientSecret === "")
    refuse("the option 'clientSecret' must be a non-empty text");
  if (!["basic", "post"].includes(clientAuthentication))
    refuse('the option \'clientAuthentication\' must be "basic" or "post"');
  if (issuer !== undefined && !parseHttpUrl(issuer)) refuse("the option 'issuer' must be a URL");
  return {
    ...token,
    endpoint: endpoint.href,
    clientId,
    clientSecret,
    clientAuthentication,
    ...checkCache(options.cache, refuse),
  };
}

function checkCache(
  cache: IntrospectionOptions["cache"] = {},
  refuse: Refuse,
): Pick<IntrospectionRules, "cacheMax" | "cacheMs"> {
  if (cache === false) return { cacheMax: 0, cacheMs: 0 };
  if (typeof cache !== "object" || cache === null)
    refuse("the option 'cache' must be false, or { max: 10_000, ttl: \"1m\" }");
  const { max = DEFAULT_MAX, ttl = DEFAULT_TTL_MS } = cache;
  if (!Number.isInteger(max) || max < 0) refuse("the option 'cache.max' must be a whole number, 0 or more");
  const cacheMs = toMilliseconds(ttl) ?? refuse("the option 'cache.ttl' must be a time, such as \"1m\"");
  return { cacheMax: max, cacheMs };
}

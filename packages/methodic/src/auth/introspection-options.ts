import { type TimeSpan, toMilliseconds } from "../context/duration.ts";
import type { ClaimNames } from "./claims.ts";
import { parseHttpUrl, type Refuse, refuseOptions } from "./options.ts";
import { checkTokenOptions, type TokenRules } from "./token-options.ts";

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
export interface IntrospectionRules extends TokenRules {
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
export function checkIntrospectionOptions(options: IntrospectionOptions): IntrospectionRules {
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

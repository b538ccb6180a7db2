import type { JWTPayload, JSONWebKeySet } from "jose";
import { type TimeSpan, toMilliseconds } from "../util/duration.ts";
import { acceptWithScopes, type AuthResult, type Authenticator, rejectToken } from "./authenticator.ts";
import { UnavailableError, discoverKeys } from "./authorization-server.ts";
import { describeError, EXPIRED, REFUSED } from "./caller.ts";
import { readBearerToken } from "./credentials.ts";
import {
  loadJose,
  type FindKey,
  fromKeySet,
  fromPublicKey,
  fromSecret,
  type PublicKey,
  type KeySource,
  RemoteKeys,
} from "./jwt-keys.ts";
import { isTextList, parseHttpUrl, type Refuse, refuseOptions } from "./options.ts";
import { type Claims, isIssuedFor, readCaller, type ClaimNames } from "./token-claims.ts";
import { checkTokenOptions, type TokenRules } from "./token-options.ts";

// RFC 9068 §4 and RFC 7519 §5.1. Tokens for other ends (logout, events, DPoP …) name another type.
const TYPES = ["at+jwt", "jwt"];
// How far into the future a token may claim to have been issued, whatever the tolerance: clocks are never quite the same.
const ISSUED_AHEAD_SECONDS = 60;

/**
 * Lets in callers with a JSON Web Token as access token (RFC 9068), as Auth0, Entra ID, Keycloak, Okta … issue them. Signature, issuer,
 * audience, `exp`, `nbf` and `iat` are checked. What tokens say about keys themselves (`jwk`, `jku`, `x5u`) counts for nothing.
 * While keys that have to be fetched cannot be, the last ones known go on working; if there are none, the answer is 503.
 *
 * @throws MethodicError if an option is missing or cannot be
 *
 * @example
 * ```ts
 * import { jwt } from "methodic/auth";
 *
 * export const auth = jwt({ issuer: "https://login.example.com/", audience: "https://mcp.example.com/mcp" });
 * ```
 */
export function jwt(options: JwtOptions): Authenticator {
  const rules = checkJwtOptions(options);
  return {
    authenticate: async ({ headers }, resource) => {
      const credential = readBearerToken(headers);
      return credential.kind === "found" ? await checkToken(credential.token, resource, rules) : credential;
    },
    scopes: rules.scopes,
    authorizationServers: rules.authorizationServers,
    bindsToResource: rules.audience === undefined,
  };
}

async function checkToken(token: string, resource: string, rules: JwtRules): Promise<AuthResult> {
  try {
    if (!(await isPlausible(token, rules))) return rejectToken(REFUSED);
    const claims = await verifySignature(token, rules);
    return claims ? decide(claims, resource, rules) : rejectToken(REFUSED);
  } catch (error) {
    if (error instanceof UnavailableError) {
      return { kind: "unavailable", description: "The keys of the issuer cannot be had.", detail: error.message };
    }
    return await explain(error, token);
  }
}

/** What a token says of itself. Keys are not fetched for one that cannot be good. */
async function isPlausible(token: string, { algorithms, issuer }: JwtRules): Promise<boolean> {
  const { decodeJwt, decodeProtectedHeader } = await loadJose();
  try {
    const { alg, typ } = decodeProtectedHeader(token);
    if (alg === undefined || !algorithms.includes(alg)) return false;
    if (
      typ !== undefined &&
      !TYPES.includes(
        String(typ)
          .toLowerCase()
          .replace(/^application\//, ""),
      )
    )
      return false;
    return issuer === undefined || decodeJwt(token).iss === issuer;
  } catch {
    // Not a JWT: a key for another authenticator, say.
    return false;
  }
}

async function verifySignature(token: string, rules: JwtRules): Promise<Claims | undefined> {
  const claims = await verifyWith(await rules.keys.current(), token, rules);
  if (claims) return claims;
  // The issuer may have new keys.
  const renewed = await rules.keys.renewed();
  return renewed && (await verifyWith(renewed, token, rules));
}

/** The claims; nothing if no key fits. */
async function verifyWith(find: FindKey, token: string, rules: JwtRules): Promise<Claims | undefined> {
  const { errors, jwtVerify } = await loadJose();
  const { issuer, audience, algorithms, toleranceSeconds } = rules;
  const checks = {
    algorithms: [...algorithms],
    clockTolerance: toleranceSeconds,
    requiredClaims: ["exp"],
    ...(issuer !== undefined && { issuer }),
    ...(audience && { audience: [...audience] }),
  };
  const verify = async (key: FindKey | Awaited<ReturnType<FindKey>>): Promise<JWTPayload | undefined> => {
    try {
      return (typeof key === "function" ? await jwtVerify(token, key, checks) : await jwtVerify(token, key, checks))
        .payload;
    } catch (error) {
      if (error instanceof errors.JWSSignatureVerificationFailed || error instanceof errors.JWKSNoMatchingKey)
        return undefined;
      throw error;
    }
  };
  try {
    return await verify(find);
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    // A token that does not name its key may be signed with any.
    for await (const key of error) {
      const claims = await verify(key);
      if (claims) return claims;
    }
    return undefined;
  }
}

function decide(claims: Claims, resource: string, rules: JwtRules): AuthResult {
  if (!rules.audience && !isIssuedFor(claims["aud"], resource))
    return rejectToken(FOR_ANOTHER, explainAudience(claims["aud"], resource));
  const { iat } = claims;
  const ahead = Math.max(ISSUED_AHEAD_SECONDS, rules.toleranceSeconds);
  if (typeof iat === "number" && iat > Date.now() / 1000 + ahead) return rejectToken(TOO_EARLY);
  return acceptWithScopes(readCaller(claims, rules.claims), rules.scopes);
}

/** For the log: behind a proxy, or with an issuer that knows no `resource`, this is what a new deployment meets first. The issuer has signed what is quoted. */
function explainAudience(aud: unknown, resource: string): string {
  const audience = (JSON.stringify(aud) ?? "nobody").slice(0, 200);
  return `jwt: a token is for ${audience}, and this server is ${JSON.stringify(resource)}. If both are the same, say so: publicUrl, MCP_PUBLIC_URL, or the option 'audience' of jwt.`;
}

const FOR_ANOTHER = "The access token was not issued for this server.";
const TOO_EARLY = "The access token is not valid yet.";

async function explain(error: unknown, token: string): Promise<AuthResult> {
  const { errors } = await loadJose();
  if (error instanceof errors.JWTExpired) return rejectToken(EXPIRED);
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === "aud") return rejectToken(FOR_ANOTHER);
    return rejectToken(error.claim === "nbf" && error.reason === "check_failed" ? TOO_EARLY : REFUSED);
  }
  // Anything else is no fault of the token: a key that is not for the algorithm, say.
  return error instanceof errors.JOSEError
    ? rejectToken(REFUSED)
    : rejectToken(REFUSED, `jwt: ${describeError(error, token)}`);
}

/** What {@link jwt} takes. */
export interface JwtOptions {
  /** Who issues the tokens: their `iss`, to the letter. Without a key below, the issuer's keys are found in its metadata (RFC 8414, OpenID Connect). */
  readonly issuer?: string;
  /** Whom tokens must be issued for: their `aud` holds it, or one of several. Default: the URL of this server (its `publicUrl`), as MCP wants it. */
  readonly audience?: string | readonly string[];
  /** The URL of the issuer's public keys. They are fetched when first needed, kept, and fetched again when a token names one that is not there. */
  readonly jwksUri?: string | URL;
  /** The issuer's public keys themselves. */
  readonly jwks?: JSONWebKeySet;
  /** The issuer's one public key. */
  readonly publicKey?: PublicKey;
  /** A secret of 32 bytes or more that the issuer signs with (HS256 and its like). Who can check such tokens can make them as well. */
  readonly secret?: string | Uint8Array;
  /** The algorithms that tokens may be signed with. Default: the asymmetric ones; with `secret` HS256, HS384 and HS512. `none` never is. */
  readonly algorithms?: readonly string[];
  /** Scopes that every token must have. */
  readonly scopes?: readonly string[];
  /** By how much the clocks of issuer and server may differ. Default 0. */
  readonly clockTolerance?: TimeSpan;
  /** Which claims hold subject, client and scopes, where they are not the usual ones. */
  readonly claims?: ClaimNames;
  /** The issuers of the authorization servers where clients get tokens. Default: the issuer. */
  readonly authorizationServers?: readonly string[];
}

/** The options, checked. */
interface JwtRules extends TokenRules {
  readonly keys: KeySource;
  readonly algorithms: readonly string[];
  readonly toleranceSeconds: number;
}

const ASYMMETRIC = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
];
const SYMMETRIC = ["HS256", "HS384", "HS512"];
const KEY_OPTIONS = ["jwksUri", "jwks", "publicKey", "secret"] as const;
const OPTIONS = [
  "issuer",
  "audience",
  ...KEY_OPTIONS,
  "algorithms",
  "scopes",
  "clockTolerance",
  "claims",
  "authorizationServers",
];

/**
 * Checks what `jwt` was given.
 * @throws MethodicError
 */
function checkJwtOptions(options: JwtOptions): JwtRules {
  const refuse: Refuse = refuseOptions("jwt", options, OPTIONS);
  const token = checkTokenOptions(options, "jwt", refuse);
  const { issuer, clockTolerance = 0 } = options;
  if (issuer !== undefined && !parseHttpUrl(issuer))
    refuse("the option 'issuer' must be a URL, and what tokens have as 'iss' to the letter");
  const tolerance = toMilliseconds(clockTolerance);
  if (tolerance === undefined) return refuse("the option 'clockTolerance' must be a time, such as \"5s\"");
  const algorithms = checkAlgorithms(options, refuse);
  return {
    ...token,
    keys: createKeySource(options, algorithms, refuse),
    algorithms,
    toleranceSeconds: tolerance / 1000,
  };
}

function checkAlgorithms({ algorithms, secret }: JwtOptions, refuse: Refuse): readonly string[] {
  const known = secret === undefined ? ASYMMETRIC : SYMMETRIC;
  if (algorithms === undefined) return known;
  if (!isTextList(algorithms)) refuse("the option 'algorithms' must be a list of names, such as [\"RS256\"]");
  const wrong = algorithms.find((name) => !known.includes(name));
  if (wrong === undefined) return algorithms;
  const reason = SYMMETRIC.includes(wrong)
    ? ": it signs with a secret, so everybody who knows the public key could sign tokens"
    : "";
  const keys = secret === undefined ? "a public key" : "a secret";
  return refuse(
    `the option 'algorithms' has ${JSON.stringify(wrong)}, which cannot be used with ${keys}${reason}. With ${keys} there are ${known.join(", ")}`,
  );
}

function createKeySource(options: JwtOptions, algorithms: readonly string[], refuse: Refuse): KeySource {
  const given = KEY_OPTIONS.filter((option) => options[option] !== undefined);
  if (given.length > 1)
    refuse(`the options ${given.map((option) => `'${option}'`).join(" and ")} exclude each other; give one of them`);
  const { issuer, jwksUri, jwks, publicKey, secret } = options;
  if (publicKey !== undefined) return fromPublicKey(publicKey, algorithms, refuse);
  if (secret !== undefined) return fromSecret(secret, refuse);
  if (jwks !== undefined) return fromKeySet(jwks, refuse);
  if (jwksUri !== undefined) {
    const url = parseHttpUrl(jwksUri) ?? refuse("the option 'jwksUri' must be a URL of HTTP");
    return new RemoteKeys(async () => url.href);
  }
  if (issuer === undefined)
    return refuse(`nothing says how to check tokens. Give 'issuer', or one of ${KEY_OPTIONS.join(", ")}`);
  return new RemoteKeys(() => discoverKeys(issuer));
}

import type { JWTPayload, JWTVerifyGetKey } from "jose";
import { MethodicError } from "../errors.ts";
import { describeProblem, type OptionsSpec } from "../util/check-options.ts";
import { type TimeSpan, toMilliseconds } from "../util/duration.ts";
import { checkDuration, checkList, checkNonEmptyString } from "../util/option-checks.ts";
import { acceptCaller, type AuthResult, type Authenticator, rejectToken } from "./authenticator.ts";
import { type KeySet, loadJose, UnavailableError } from "./authorization-server.ts";
import { readBearerToken } from "./bearer.ts";
import {
  type ClaimNames,
  type Claims,
  describeError,
  EXPIRED,
  INVALID,
  isIssuedFor,
  NOT_YET_VALID,
  readCaller,
  WRONG_AUDIENCE,
} from "./caller.ts";
import { createKeySet, KEY_OPTIONS, type JwtKeyOptions } from "./jwt-keys.ts";
import {
  checkAuthOptions,
  explainIssuer,
  type ResolvedTokenOptions,
  resolveTokenOptions,
  TOKEN_OPTIONS,
} from "./token-options.ts";

/** Options of {@link jwt}. */
export interface JwtOptions extends JwtKeyOptions {
  /**
   * The tokens' `iss`, compared exactly, including a trailing slash. Unless a key option is set,
   * the issuer's keys are found through its metadata (RFC 8414, OpenID Connect Discovery).
   */
  readonly issuer?: string;
  /**
   * A value that the tokens' `aud` must contain; of a list, one value is enough. Default: the
   * server's URL (its `publicUrl`), as MCP requires.
   */
  readonly audience?: string | readonly string[];
  /**
   * The accepted signature algorithms. Default: the asymmetric ones; with `secret`, HS256, HS384
   * and HS512. Never `none`.
   */
  readonly algorithms?: readonly string[];
  /** Scopes that every token must have. */
  readonly scopes?: readonly string[];
  /** The tolerated difference between the clocks of issuer and server. Default 0. */
  readonly clockTolerance?: TimeSpan;
  /** The claims that hold subject, client and scopes, if the issuer uses unusual ones. */
  readonly claims?: ClaimNames;
  /** The issuers of the authorization servers where clients get tokens. Default: `issuer`. */
  readonly authorizationServers?: readonly string[];
}

interface ResolvedJwtOptions extends ResolvedTokenOptions {
  readonly keys: KeySet;
  readonly algorithms: readonly string[];
  readonly toleranceSeconds: number;
}

const JWT: OptionsSpec<JwtOptions> = {
  ...TOKEN_OPTIONS,
  ...KEY_OPTIONS,
  algorithms: checkList(checkNonEmptyString, { of: 'names such as "RS256"' }),
  clockTolerance: checkDuration,
};

// RFC 9068 §4, RFC 7519 §5.1. Tokens for other purposes (logout, events, DPoP) have other types.
const TYPES = ["at+jwt", "jwt"];
// The minimum tolerance for an `iat` in the future, because clocks always differ a little.
const ISSUED_AHEAD_SECONDS = 60;

/**
 * Accepts JSON Web Tokens as access tokens (RFC 9068), as Auth0, Entra ID, Keycloak and Okta issue
 * them. Verifies signature, issuer, audience, `exp`, `nbf` and `iat`. Ignores keys that a token
 * names itself (`jwk`, `jku`, `x5u`). While keys cannot be fetched, the cached ones stay valid;
 * without cached keys, the server responds with 503.
 *
 * @throws MethodicError if an option is missing or invalid
 *
 * @example
 * ```ts
 * import { jwt } from "methodic/auth";
 *
 * export const auth = jwt({ issuer: "https://login.example.com/", audience: "https://mcp.example.com/mcp" });
 * ```
 */
export function jwt(options: JwtOptions): Authenticator {
  const resolved = resolveJwtOptions(options);
  return {
    authenticate: async ({ headers }, resource) => {
      const credential = readBearerToken(headers);
      return credential.kind === "found" ? await verifyToken(credential.token, resource, resolved) : credential;
    },
    scopes: resolved.scopes,
    authorizationServers: resolved.authorizationServers,
    bindsToResource: resolved.audience === undefined,
  };
}

async function verifyToken(token: string, resource: string, options: ResolvedJwtOptions): Promise<AuthResult> {
  try {
    const implausible = await checkUnverified(token, options);
    if (implausible) return implausible;
    const claims = await verifySignature(token, options);
    return claims ? checkClaims(claims, resource, options) : rejectToken(INVALID);
  } catch (error) {
    if (error instanceof UnavailableError) {
      return { kind: "unavailable", description: "The issuer's keys are not available.", detail: error.message };
    }
    return await explainTokenError(error, token);
  }
}

/**
 * Rejects a token by its unverified type, algorithm or issuer, so that keys are not fetched for a
 * token that is invalid anyway.
 */
async function checkUnverified(
  token: string,
  { algorithms, issuer }: ResolvedJwtOptions,
): Promise<AuthResult | undefined> {
  const { decodeJwt, decodeProtectedHeader } = await loadJose();
  try {
    const { alg, typ } = decodeProtectedHeader(token);
    if (alg === undefined || !algorithms.includes(alg)) return rejectToken(INVALID);
    const type = typ === undefined ? undefined : String(typ).toLowerCase();
    if (type !== undefined && !TYPES.includes(type.replace(/^application\//, ""))) return rejectToken(INVALID);
    const { iss } = decodeJwt(token);
    return issuer === undefined || iss === issuer ? undefined : rejectToken(INVALID, explainIssuer(iss, issuer));
  } catch {
    // Not a JWT; perhaps a key for another authenticator.
    return rejectToken(INVALID);
  }
}

async function verifySignature(token: string, options: ResolvedJwtOptions): Promise<Claims | undefined> {
  const claims = await verifyWithKeys(await options.keys.current(), token, options);
  if (claims) return claims;
  // The issuer may have rotated its keys.
  const refreshed = await options.keys.refresh();
  return refreshed && (await verifyWithKeys(refreshed, token, options));
}

/** Returns the token's claims, or undefined if none of the keys verifies it. */
async function verifyWithKeys(
  keys: JWTVerifyGetKey,
  token: string,
  { issuer, audience, algorithms, toleranceSeconds }: ResolvedJwtOptions,
): Promise<Claims | undefined> {
  const { errors, jwtVerify } = await loadJose();
  const checks = {
    algorithms: [...algorithms],
    clockTolerance: toleranceSeconds,
    requiredClaims: ["exp"],
    ...(issuer !== undefined && { issuer }),
    ...(audience && { audience: [...audience] }),
  };
  const verify = async (key: Parameters<typeof jwtVerify>[1]): Promise<JWTPayload | undefined> => {
    try {
      return (await jwtVerify(token, key, checks)).payload;
    } catch (error) {
      const noKeyFits =
        error instanceof errors.JWSSignatureVerificationFailed || error instanceof errors.JWKSNoMatchingKey;
      if (noKeyFits) return undefined;
      throw error;
    }
  };
  try {
    return await verify(keys);
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    // The token does not name its key, so try each one that fits the algorithm.
    for await (const key of error) {
      const claims = await verify(key);
      if (claims) return claims;
    }
    return undefined;
  }
}

/** Checks the claims that jose does not, and accepts the caller. */
function checkClaims(claims: Claims, resource: string, options: ResolvedJwtOptions): AuthResult {
  const { aud, iat } = claims;
  if (!options.audience && !isIssuedFor(aud, resource))
    return rejectToken(WRONG_AUDIENCE, explainAudience(aud, resource));
  const ahead = Math.max(ISSUED_AHEAD_SECONDS, options.toleranceSeconds);
  if (typeof iat === "number" && iat > Date.now() / 1000 + ahead) return rejectToken(NOT_YET_VALID);
  return acceptCaller(readCaller(claims, options.claims), options.scopes);
}

/**
 * Explains a wrong audience in the log. New deployments meet it first: behind a proxy, or with an
 * issuer that ignores `resource`. The quoted audience is signed by the issuer.
 */
function explainAudience(aud: unknown, resource: string): string {
  const audience = (JSON.stringify(aud) ?? "no audience").slice(0, 200);
  return `jwt: the token's audience is ${audience}, but this server's URL is ${JSON.stringify(resource)}. If both mean this server, set publicUrl, MCP_PUBLIC_URL, or the option 'audience' of jwt.`;
}

async function explainTokenError(error: unknown, token: string): Promise<AuthResult> {
  const { errors } = await loadJose();
  if (error instanceof errors.JWTExpired) return rejectToken(EXPIRED);
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === "aud") return rejectToken(WRONG_AUDIENCE);
    return rejectToken(error.claim === "nbf" && error.reason === "check_failed" ? NOT_YET_VALID : INVALID);
  }
  // Other errors are not the token's fault, for example a key that does not fit the algorithm.
  return error instanceof errors.JOSEError
    ? rejectToken(INVALID)
    : rejectToken(INVALID, `jwt: ${describeError(error, token)}`);
}

const ASYMMETRIC: readonly string[] = "RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519".split(" ");
const SYMMETRIC: readonly string[] = ["HS256", "HS384", "HS512"];

function resolveJwtOptions(options: JwtOptions): ResolvedJwtOptions {
  checkAuthOptions(options, JWT, { where: "jwt" });
  const algorithms = resolveAlgorithms(options);
  return {
    ...resolveTokenOptions(options),
    keys: createKeySet(options, algorithms),
    algorithms,
    toleranceSeconds: (toMilliseconds(options.clockTolerance ?? 0) ?? 0) / 1000,
  };
}

function resolveAlgorithms({ algorithms, secret }: JwtOptions): readonly string[] {
  const [usable, keys] = secret === undefined ? [ASYMMETRIC, "a public key"] : [SYMMETRIC, "a secret"];
  const wrong = algorithms?.find((name) => !usable.includes(name));
  if (wrong === undefined) return algorithms ?? usable;
  const reason = SYMMETRIC.includes(wrong)
    ? " It signs with a secret, so anyone who knows the public key could sign tokens."
    : "";
  const fix = `It cannot be used with ${keys}.${reason} Use ${usable.join(", ")}.`;
  throw new MethodicError(
    "INVALID_AUTH_OPTIONS",
    describeProblem({ kind: "invalid", path: "algorithms", shown: JSON.stringify(wrong), fix }, "jwt"),
  );
}

import type { JWTPayload } from "jose";
import { acceptWithScopes, type AuthResult, type Authenticator, rejectToken } from "./authenticator.ts";
import { loadJose } from "./load-jose.ts";
import { describeError, EXPIRED, REFUSED } from "./caller.ts";
import type { Claims } from "./claims.ts";
import { readBearerToken } from "./credentials.ts";
import { checkJwtOptions, type JwtOptions, type JwtRules } from "./jwt-options.ts";
import type { FindKey } from "./key-source.ts";
import { isIssuedFor, readCaller } from "./token-claims.ts";
import { UnavailableError } from "./unavailable-error.ts";

export type { JwtOptions } from "./jwt-options.ts";

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

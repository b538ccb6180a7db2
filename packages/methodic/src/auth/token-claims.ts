import type { AuthInfo } from "../context/auth-info.ts";
import { createAuthInfo, freezeJson, splitScopes } from "./caller.ts";
import { type ClaimNames, type Claims, readClaim, readTextClaim } from "./claims.ts";

/** What methods see of a caller, from the claims of a token. */
export function readCaller(claims: Claims, names: ClaimNames): AuthInfo {
  const exp = claims["exp"];
  return createAuthInfo({
    subject: readTextClaim(claims, [names.subject ?? "sub"]),
    clientId: readTextClaim(
      claims,
      names.clientId === undefined ? ["client_id", "azp", "cid", "appid"] : [names.clientId],
    ),
    scopes: splitScopes(
      names.scopes === undefined ? (claims["scope"] ?? claims["scp"]) : readClaim(claims, names.scopes),
    ),
    claims: freezeJson(claims),
    expiresAt: typeof exp === "number" ? exp : undefined,
  });
}

/** Whether a token's `aud` names a resource; a slash at the end makes no difference (RFC 8707 §2, RFC 3986 §6.2.3). */
export function isIssuedFor(aud: unknown, resource: string): boolean {
  const audiences: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  const wanted = normalize(resource);
  return audiences.some((audience) => typeof audience === "string" && normalize(audience) === wanted);
}

function normalize(url: string): string {
  return (URL.canParse(url) ? new URL(url).href : url).replace(/\/$/, "");
}

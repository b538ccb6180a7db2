import type { AuthInfo } from "../context/auth-info.ts";
import { createAuthInfo, freezeJson, splitScopes } from "./caller.ts";

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

/** The claims of a token, as JSON has them. */
export interface Claims {
  readonly [claim: string]: unknown;
}

/** Which claims hold what methods see of a caller, where they are not the usual ones. Dots lead into objects: `realm_access.roles`. */
export interface ClaimNames {
  /** Default `sub`. */
  readonly subject?: string;
  /** Default `client_id`, else `azp`, `cid` or `appid`. */
  readonly clientId?: string;
  /** A list, or a text with spaces between. Default `scope`, else `scp`. */
  readonly scopes?: string;
}

/** The value of a claim, by its name or by its path. */
export function readClaim(claims: Claims, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path];
  let value: unknown = claims;
  for (const step of path.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Claims)[step];
  }
  return value;
}

/** The first of these claims that is a text. */
function readTextClaim(claims: Claims, paths: readonly string[]): string | undefined {
  return paths.map((path) => readClaim(claims, path)).find((value) => typeof value === "string");
}

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
export function readTextClaim(claims: Claims, paths: readonly string[]): string | undefined {
  return paths.map((path) => readClaim(claims, path)).find((value) => typeof value === "string");
}

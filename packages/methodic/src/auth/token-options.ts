import { checkScopes } from "./rules.ts";
import { checkAuthorizationServers } from "./bearer.ts";
import type { ClaimNames } from "./token-claims.ts";
import { isTextList, type Refuse } from "./options.ts";

/** The options that all who check access tokens have. */
interface TokenOptions {
  readonly issuer?: string;
  readonly audience?: string | readonly string[];
  readonly scopes?: readonly string[];
  readonly claims?: Partial<ClaimNames>;
  readonly authorizationServers?: readonly string[];
}

/** The same, checked. */
export interface TokenRules {
  readonly issuer: string | undefined;
  /** Undefined: the URL of this server. */
  readonly audience: readonly string[] | undefined;
  readonly scopes: readonly string[];
  readonly claims: ClaimNames;
  readonly authorizationServers: readonly string[];
}

/**
 * Checks them.
 * @param where Whose they are, for messages
 * @throws MethodicError
 */
export function checkTokenOptions(options: TokenOptions, where: string, refuse: Refuse): TokenRules {
  // An option that came out empty must not fall back to something more open than what was meant.
  const empty = Object.entries(options).find(([, value]) => value === undefined);
  if (empty) refuse(`the option '${empty[0]}' is undefined; give it a value or leave it out`);
  const { issuer, audience, scopes = [], claims = {}, authorizationServers } = options;
  const audiences = typeof audience === "string" ? [audience] : audience;
  if (audiences && !isTextList(audiences)) refuse("the option 'audience' must be a non-empty text, or a list of such");
  if (!Array.isArray(scopes)) refuse("the option 'scopes' must be a list of scopes");
  checkScopes(scopes, where);
  const servers = authorizationServers ?? (issuer === undefined ? [] : [issuer]);
  return {
    issuer,
    audience: audiences,
    scopes,
    claims: checkClaimNames(claims, refuse),
    authorizationServers: authorizationServers ? checkAuthorizationServers(servers, refuse) : servers,
  };
}

/**
 * Checks which claims are named.
 * @throws MethodicError
 */
function checkClaimNames(claims: ClaimNames, refuse: Refuse): ClaimNames {
  const known = ["subject", "clientId", "scopes"];
  const sound =
    typeof claims === "object" &&
    claims !== null &&
    Object.entries(claims).every(([name, claim]) => known.includes(name) && typeof claim === "string" && claim !== "");
  return sound
    ? claims
    : refuse('the option \'claims\' must name claims: { subject: "…", clientId: "…", scopes: "…" }');
}

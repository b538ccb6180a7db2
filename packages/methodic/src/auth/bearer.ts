import type { Authenticator } from "./authenticator.ts";
import { askVerifier, type Verdict } from "./caller.ts";
import { readBearerToken } from "./credentials.ts";
import { isTextList, parseHttpUrl, type Refuse, refuseOptions } from "./options.ts";

/** What {@link bearer} takes. */
export interface BearerOptions {
  /**
   * Finds out whose token it is. `undefined`, `false` and an error refuse it; `{ kind: "unavailable", description: "…" }` says that nobody can tell now (503).
   * @param resource The URL of this server as its clients know it: a token that was issued for another one must be refused (RFC 8707)
   */
  readonly verify: (token: string, resource: string) => Verdict | Promise<Verdict>;
  /** The issuers of the authorization servers where clients get tokens. */
  readonly authorizationServers?: readonly string[];
}

/**
 * Lets in callers whose bearer token (RFC 6750) your own function knows.
 *
 * @throws MethodicError if an option is missing or cannot be
 *
 * @example
 * ```ts
 * import { bearer } from "methodic/auth";
 *
 * const sessions = new Map([["a-long-random-token", { user: "ada" }]]);
 *
 * export const auth = bearer({
 *   verify: (token) => {
 *     const session = sessions.get(token);
 *     return session && { subject: session.user, scopes: ["notes:read"] };
 *   },
 * });
 * ```
 */
export function bearer(options: BearerOptions): Authenticator {
  const refuse: Refuse = refuseOptions("bearer", options, ["verify", "authorizationServers"]);
  const { verify } = options;
  if (typeof verify !== "function") refuse("the option 'verify' must be a function");
  return {
    authenticate: async ({ headers }, resource) => {
      const credential = readBearerToken(headers);
      if (credential.kind !== "found") return credential;
      return await askVerifier((token) => verify(token, resource), credential.token);
    },
    scopes: [],
    authorizationServers: checkAuthorizationServers(options.authorizationServers, refuse),
    bindsToResource: false,
  };
}

/** The option `authorizationServers` of several authenticators. */
export function checkAuthorizationServers(given: readonly string[] | undefined, refuse: Refuse): readonly string[] {
  if (given === undefined) return [];
  if (!isTextList(given)) refuse("the option 'authorizationServers' must be a list of URLs");
  const wrong = given.find((url) => !parseHttpUrl(url));
  if (wrong !== undefined)
    refuse(`the option 'authorizationServers' must be a list of URLs, and has ${JSON.stringify(wrong)}`);
  return given;
}

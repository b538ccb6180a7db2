import { type Authenticator, type AuthResult, isAuthenticator } from "./authenticator.ts";
import { MethodicError } from "../errors.ts";

// What is told of several refusals: the one that knows most about the caller.
const RANKS: readonly string[] = ["insufficient_scope", "unavailable", "invalid_request", "invalid_token", "missing"];

/**
 * Lets in callers whom one of these authenticators accepts; they are asked in this order.
 *
 * @throws MethodicError if something is no authenticator
 *
 * @example
 * ```ts
 * import { anyOf, apiKey, jwt } from "methodic/auth";
 *
 * export const auth = anyOf(apiKey({ keys: "a-long-random-key" }), jwt({ issuer: "https://login.example.com" }));
 * ```
 */
export function anyOf(...authenticators: readonly Authenticator[]): Authenticator {
  if (authenticators.length === 0 || !authenticators.every(isAuthenticator)) {
    throw new MethodicError(
      "INVALID_AUTH_OPTIONS",
      "anyOf: takes authenticators, at least one: anyOf(jwt({ … }), apiKey()).",
    );
  }
  return {
    authenticate: async (request, resource) => {
      const refusals: AuthResult[] = [];
      for (const authenticator of authenticators) {
        const result = await authenticator.authenticate(request, resource);
        if (result.kind === "accepted") return result;
        refusals.push(result);
      }
      return refusals.sort((a, b) => rankOf(a) - rankOf(b))[0] ?? { kind: "missing" };
    },
    scopes: [...new Set(authenticators.flatMap(({ scopes }) => scopes))],
    authorizationServers: [...new Set(authenticators.flatMap(({ authorizationServers }) => authorizationServers))],
    bindsToResource: authenticators.some(({ bindsToResource }) => bindsToResource),
  };
}

function rankOf(result: AuthResult): number {
  return RANKS.indexOf(result.kind === "rejected" ? result.error : result.kind);
}

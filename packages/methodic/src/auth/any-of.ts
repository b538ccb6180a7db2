import { MethodicError } from "../errors.ts";
import { type Authenticator, type AuthResult, isAuthenticator } from "./authenticator.ts";
import { identifyCaller } from "./identify.ts";

/** Failures in the order in which {@link anyOf} prefers them: closest to success first. */
const FAILURES: readonly string[] = [
  "insufficient_scope",
  "unavailable",
  "invalid_request",
  "invalid_token",
  "missing",
];

/**
 * Combines authenticators: tries them in order until one accepts the caller. The same subject from
 * two authenticators counts as two callers.
 *
 * @throws MethodicError if an argument is not an authenticator
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
      "anyOf: every argument must be an authenticator. Write anyOf(jwt({ … }), apiKey()).",
    );
  }
  return {
    authenticate: async (request, resource) => {
      const failures: AuthResult[] = [];
      for (const [i, authenticator] of authenticators.entries()) {
        const { result } = await identifyCaller(authenticator, request, resource);
        if (result.kind === "accepted") return { ...result, callerKey: `${i}/${result.callerKey}` };
        failures.push(result);
      }
      return failures.sort((a, b) => rankFailure(a) - rankFailure(b))[0] ?? { kind: "missing" };
    },
    credentialHeaders: authenticators.flatMap(({ credentialHeaders = [] }) => credentialHeaders),
    assertReady: () => {
      for (const authenticator of authenticators) authenticator.assertReady?.();
    },
    scopes: [...new Set(authenticators.flatMap(({ scopes }) => scopes))],
    authorizationServers: [...new Set(authenticators.flatMap(({ authorizationServers }) => authorizationServers))],
    bindsToResource: authenticators.some(({ bindsToResource }) => bindsToResource),
  };
}

function rankFailure(result: AuthResult): number {
  return FAILURES.indexOf(result.kind === "rejected" ? result.error : result.kind);
}

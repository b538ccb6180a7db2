import type { AuthInfo } from "./auth-info.ts";

/** What tells a caller from others: what belongs to one is not for another. */
export function identifyCaller(auth: AuthInfo | undefined): string {
  // Two issuers may well have a subject of the same name.
  return auth ? JSON.stringify([auth.claims["iss"], auth.subject, auth.clientId].map((part) => part ?? null)) : "";
}

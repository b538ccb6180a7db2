import { type AuthResult, rejectToken } from "./authenticator.ts";

/** What a request carries: a token, or why there is none to look at. */
export type Credential = { readonly kind: "found"; readonly token: string } | AuthResult;

// More than Node takes for all headers of a request; it matters where there is another limit, or none.
const MAX_TOKEN_LENGTH = 16_384;
const VISIBLE = /^[!-~]+$/;

/** The token of `Authorization: Bearer <token>` (RFC 6750, section 2.1). Another scheme counts as no credentials. */
export function readBearerToken(headers: Headers): Credential {
  const value = headers.get("authorization")?.trim() ?? "";
  const [, scheme = "", rest = ""] = /^(\S+)(?:[ \t]+(.*))?$/s.exec(value) ?? [];
  // Headers of one name arrive joined by a comma.
  if (value.includes(",") && /(?:^|,)\s*bearer\b/i.test(value)) return rejectRepetition();
  if (scheme.toLowerCase() !== "bearer" || rest === "") return { kind: "missing" };
  return checkToken(rest);
}

/** The value of a header that holds nothing but a key. */
export function readKeyHeader(headers: Headers, name: string): Credential {
  const value = headers.get(name)?.trim() ?? "";
  if (value === "") return { kind: "missing" };
  return value.includes(",") ? rejectRepetition() : checkToken(value);
}

function checkToken(token: string): Credential {
  if (token.length > MAX_TOKEN_LENGTH) return rejectToken("The credentials are too long.");
  return VISIBLE.test(token) ? { kind: "found", token } : rejectToken("The credentials are malformed.");
}

function rejectRepetition(): AuthResult {
  return {
    kind: "rejected",
    error: "invalid_request",
    description: "The request carries more than one credential.",
  };
}

import { withoutHeaders } from "../util/lazy-request.ts";

/**
 * Headers that may contain credentials, whether the server reads them or not: those of clients, and
 * those that proxies and platforms add. docs/auth.md lists them.
 */
const CREDENTIAL_HEADERS: ReadonlySet<string> = new Set([
  "authorization",
  "proxy-authorization",
  "cookie",
  "dpop",
  "x-api-key",
  "api-key",
  "apikey",
  "x-auth-token",
  "x-access-token",
  "x-refresh-token",
  "x-id-token",
  "private-token",
  "x-forwarded-authorization",
  "x-forwarded-access-token",
  "x-auth-request-access-token",
  "client-cert",
  "client-cert-chain",
  "x-forwarded-client-cert",
  "x-client-cert",
  "x-ssl-client-cert",
  "ssl-client-cert",
  "x-arr-clientcert",
  "x-amzn-mtls-clientcert",
  "x-amzn-mtls-clientcert-leaf",
  "x-amz-security-token",
  "x-amzn-oidc-accesstoken",
  "x-amzn-oidc-data",
  "x-goog-iap-jwt-assertion",
  "x-goog-api-key",
  "x-serverless-authorization",
  "x-zumo-auth",
  "ocp-apim-subscription-key",
  "x-functions-key",
  "cf-access-jwt-assertion",
  "cf-access-token",
  "cf-access-client-secret",
  "x-pomerium-jwt-assertion",
  "teleport-jwt-assertion",
  "x-vault-token",
  "x-vercel-oidc-token",
]);
// Azure's, one for each identity provider.
const CREDENTIAL_PREFIX = "x-ms-token-";

/**
 * Removes all headers that may contain credentials, because a method must not pass them on (MCP,
 * "Token Passthrough").
 * @param others The names of other such headers, in lower case
 */
export function withoutCredentials(request: Request, others: readonly string[] = []): Request {
  return withoutHeaders(
    request,
    (name) => CREDENTIAL_HEADERS.has(name) || name.startsWith(CREDENTIAL_PREFIX) || others.includes(name),
  );
}

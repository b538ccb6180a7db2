import { fetchJson } from "./fetch-json.ts";
import { parseHttpUrl } from "./options.ts";
import { UnavailableError } from "./unavailable-error.ts";

/**
 * Finds the keys of an authorization server in its metadata (RFC 8414), or in those of OpenID Connect.
 * @returns The URL of its JWKS
 * @throws UnavailableError
 */
export async function discoverKeys(issuer: string): Promise<string> {
  const problems: string[] = [];
  for (const url of metadataUrls(issuer)) {
    try {
      return readKeysUrl(await fetchJson(url), issuer);
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error;
      problems.push(error.message);
    }
  }
  throw new UnavailableError(`the metadata of the issuer ${issuer} cannot be had. ${problems.join("; ")}`);
}

/** In the order in which MCP clients look as well. */
function metadataUrls(issuer: string): readonly string[] {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, "");
  const urls = [
    `${origin}/.well-known/oauth-authorization-server${path}`,
    `${origin}/.well-known/openid-configuration${path}`,
    `${origin}${path}/.well-known/openid-configuration`,
  ];
  return [...new Set(urls)];
}

function readKeysUrl(metadata: { readonly [key: string]: unknown }, issuer: string): string {
  // RFC 8414 §3.3: or one server could speak for another.
  if (metadata["issuer"] !== issuer) {
    throw new UnavailableError(
      `the metadata name the issuer ${JSON.stringify(metadata["issuer"])}, and not ${JSON.stringify(issuer)}`,
    );
  }
  const url = parseHttpUrl(metadata["jwks_uri"]);
  if (!url || (url.protocol === "http:" && issuer.startsWith("https:"))) {
    throw new UnavailableError("the metadata have no 'jwks_uri' that can be used");
  }
  return url.href;
}

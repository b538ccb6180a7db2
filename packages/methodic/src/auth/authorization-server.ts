import { parseHttpUrl } from "./options.ts";

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

const TIMEOUT_MS = 5000;
const MAX_LENGTH = 1024 * 1024;

/**
 * Fetches a JSON object from an authorization server. Redirects are not followed: keys and answers come from where the author said.
 * @throws UnavailableError if there is none
 */
export async function fetchJson(url: string, init: RequestInit = {}): Promise<{ readonly [key: string]: unknown }> {
  const place = `${init.method ?? "GET"} ${describeUrl(url)}`;
  const value = await fetchValue(url, init).catch((error: unknown) => {
    throw new UnavailableError(`${place}: ${reasonOf(error)}`);
  });
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new UnavailableError(`${place}: the answer is no JSON object`);
  }
  return value as { readonly [key: string]: unknown };
}

async function fetchValue(url: string, init: RequestInit): Promise<unknown> {
  const headers = new Headers(init.headers);
  headers.set("accept", "application/json");
  const response = await fetch(url, { ...init, headers, redirect: "manual", signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new UnavailableError(`the answer is ${response.status}`);
  }
  const text = await readText(response);
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function readText(response: Response): Promise<string> {
  let text = "";
  if (!response.body) return text;
  const decoder = new TextDecoder();
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    text += decoder.decode(value, { stream: true });
    if (text.length > MAX_LENGTH) {
      await reader.cancel();
      throw new UnavailableError(`the answer is longer than ${MAX_LENGTH} characters`);
    }
  }
}

/** Without query and userinfo, which may hold secrets. */
function describeUrl(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}

function reasonOf(error: unknown): string {
  if (error instanceof UnavailableError) return error.message;
  const { name, cause } = error as { readonly name?: string; readonly cause?: { readonly code?: string } };
  return name === "TimeoutError"
    ? `no answer within ${TIMEOUT_MS} ms`
    : `no answer (${cause?.code ?? name ?? "unknown"})`;
}

/** Nobody can tell now whether credentials are good: an authorization server does not answer. Its message is for the log. */
export class UnavailableError extends Error {
  override readonly name: string = "UnavailableError";
}

import type * as Jose from "jose";
import type { JWK, JWTVerifyGetKey } from "jose";
import { isRecord } from "../util/record.ts";
import { parseHttpUrl } from "../util/option-checks.ts";

/** Thrown if an authorization server does not respond as expected. The message is for the log. */
export class UnavailableError extends Error {
  override readonly name: string = "UnavailableError";
}

/** The keys of an issuer. */
export interface KeySet {
  /**
   * Returns the current keys, fetched if necessary.
   * @throws UnavailableError
   */
  current(): Promise<JWTVerifyGetKey>;
  /**
   * Fetches the keys again, for a token that none of the current ones verifies. Returns undefined
   * if that fails, or if the last fetches are too recent.
   */
  refresh(): Promise<JWTVerifyGetKey | undefined>;
}

// Issuers usually let their keys be cached for this long.
const MAX_AGE_MS = 10 * 60_000;
// The pause after a failed fetch, and between refreshes once the burst is used up.
const COOLDOWN_MS = 30_000;
// Anyone can send tokens with unknown keys, and each one would cause a fetch.
const REFRESH_BURST = 5;

/**
 * The keys of a JWKS that is fetched on first use and cached. While the URL does not respond, the
 * cached keys stay valid.
 */
export class RemoteKeySet implements KeySet {
  readonly #findUrl: () => Promise<string>;
  #url: string | undefined;
  #keys: JWTVerifyGetKey | undefined;
  #freshUntil = 0;
  #pending: Promise<JWTVerifyGetKey> | undefined;
  #refreshes = REFRESH_BURST;
  #refilledAt = 0;

  /** @param findUrl Finds the URL of the JWKS */
  constructor(findUrl: () => Promise<string>) {
    this.#findUrl = findUrl;
  }

  async current(): Promise<JWTVerifyGetKey> {
    if (this.#keys && Date.now() < this.#freshUntil) return this.#keys;
    try {
      return await this.#fetch();
    } catch (error) {
      if (!this.#keys) throw error;
      this.#freshUntil = Date.now() + COOLDOWN_MS;
      return this.#keys;
    }
  }

  async refresh(): Promise<JWTVerifyGetKey | undefined> {
    // A pending fetch may have started before the issuer published the key, but joining it is free.
    if (!this.#pending && !this.#takeRefresh()) return undefined;
    return await this.#fetch().catch(() => undefined);
  }

  /** Fetches the keys; concurrent callers share one fetch. */
  #fetch(): Promise<JWTVerifyGetKey> {
    return (this.#pending ??= this.#fetchKeys()
      .then((keys) => {
        this.#freshUntil = Date.now() + MAX_AGE_MS;
        return (this.#keys = keys);
      })
      .finally(() => (this.#pending = undefined)));
  }

  async #fetchKeys(): Promise<JWTVerifyGetKey> {
    const known = this.#url;
    if (known === undefined) return await readKeySet(await fetchJson((this.#url = await this.#findUrl())));
    try {
      return await readKeySet(await fetchJson(known));
    } catch (error) {
      // The issuer may have moved its keys.
      this.#url = await this.#findUrl();
      if (this.#url === known) throw error;
      return await readKeySet(await fetchJson(this.#url));
    }
  }

  /** Takes a refresh from a token bucket, which gains one per cooldown. */
  #takeRefresh(): boolean {
    const now = Date.now();
    const refills = Math.floor((now - this.#refilledAt) / COOLDOWN_MS);
    if (refills > 0) {
      this.#refreshes = Math.min(REFRESH_BURST, this.#refreshes + refills);
      this.#refilledAt = now;
    }
    if (this.#refreshes === 0) return false;
    this.#refreshes--;
    return true;
  }
}

async function readKeySet(json: { readonly [key: string]: unknown }): Promise<JWTVerifyGetKey> {
  const { createLocalJWKSet, errors } = await loadJose();
  try {
    return createLocalJWKSet({ keys: json["keys"] as JWK[] });
  } catch (error) {
    throw error instanceof errors.JOSEError ? new UnavailableError("the response is not a JWKS") : error;
  }
}

let jose: Promise<typeof Jose> | undefined;

/**
 * Loads jose for the first token. The promise is kept, because a repeated `import()` costs more
 * than some of jose's own work.
 */
export function loadJose(): Promise<typeof Jose> {
  return (jose ??= import("jose"));
}

/**
 * Finds the URL of an issuer's JWKS in its authorization server metadata (RFC 8414) or its OpenID
 * Connect metadata.
 * @throws UnavailableError
 */
export async function discoverKeys(issuer: string): Promise<string> {
  const problems: string[] = [];
  for (const url of listMetadataUrls(issuer)) {
    try {
      return readJwksUri(await fetchJson(url), issuer);
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error;
      problems.push(error.message);
    }
  }
  throw new UnavailableError(`no usable metadata of the issuer ${issuer}. ${problems.join("; ")}`);
}

/** Lists the URLs in the order in which MCP clients try them. */
function listMetadataUrls(issuer: string): readonly string[] {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, "");
  const urls = [
    `${origin}/.well-known/oauth-authorization-server${path}`,
    `${origin}/.well-known/openid-configuration${path}`,
    `${origin}${path}/.well-known/openid-configuration`,
  ];
  return [...new Set(urls)];
}

function readJwksUri(metadata: { readonly [key: string]: unknown }, issuer: string): string {
  // RFC 8414 §3.3. Without this check, one server could speak for another.
  if (metadata["issuer"] !== issuer) {
    throw new UnavailableError(
      `the metadata is for the issuer ${JSON.stringify(metadata["issuer"])}, not ${JSON.stringify(issuer)}`,
    );
  }
  const url = parseHttpUrl(metadata["jwks_uri"]);
  if (!url || (url.protocol === "http:" && issuer.startsWith("https:"))) {
    throw new UnavailableError("the metadata has no usable 'jwks_uri'");
  }
  return url.href;
}

const TIMEOUT_MS = 5000;
const MAX_LENGTH = 1024 * 1024;

/**
 * Fetches a JSON object from an authorization server. Does not follow redirects: keys and responses
 * must come from the URL that the author configured.
 * @throws UnavailableError
 */
export async function fetchJson(url: string, init: RequestInit = {}): Promise<{ readonly [key: string]: unknown }> {
  const request = `${init.method ?? "GET"} ${describeUrl(url)}`;
  const value = await fetchValue(url, init).catch((error: unknown) => {
    throw new UnavailableError(`${request}: ${describeFailure(error)}`);
  });
  if (!isRecord(value)) throw new UnavailableError(`${request}: the response is not a JSON object`);
  return value;
}

async function fetchValue(url: string, init: RequestInit): Promise<unknown> {
  const headers = new Headers(init.headers);
  headers.set("accept", "application/json");
  const response = await fetch(url, { ...init, headers, redirect: "manual", signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new UnavailableError(`the response status is ${response.status}`);
  }
  const text = await readResponseText(response);
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function readResponseText(response: Response): Promise<string> {
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
      throw new UnavailableError(`the response is longer than ${MAX_LENGTH} characters`);
    }
  }
}

/** Describes a URL without query and userinfo, which may hold secrets. */
function describeUrl(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}

function describeFailure(error: unknown): string {
  if (error instanceof UnavailableError) return error.message;
  const { name, cause } = error as { readonly name?: string; readonly cause?: { readonly code?: string } };
  return name === "TimeoutError"
    ? `no response within ${TIMEOUT_MS} ms`
    : `no response (${cause?.code ?? name ?? "unknown"})`;
}

import type * as Jose from "jose";
import type { CryptoKey, FlattenedJWSInput, JSONWebKeySet, JWSHeaderParameters, JWK } from "jose";
import { fetchJson, UnavailableError } from "./authorization-server.ts";
import type { Refuse } from "./options.ts";

/** Finds the key that a token says it was signed with. */
export type FindKey = (header: JWSHeaderParameters, token: FlattenedJWSInput) => Promise<CryptoKey | Uint8Array>;

/** Where the keys are that tokens are checked with. */
export interface KeySource {
  /** @throws UnavailableError */
  current(): Promise<FindKey>;
  /** Looks for newer keys, for a token that none of the current ones fits; nothing if there are none, or it is too early to look again. */
  renewed(): Promise<FindKey | undefined>;
}

// As long as issuers say their keys may be cached, as a rule.
const MAX_AGE_MS = 10 * 60_000;
// After a failure, and between looks for unknown keys once the budget is spent.
const COOLDOWN_MS = 30_000;
// Anybody can send tokens with unknown keys: these many looks at once, and then one every 30 seconds.
const RENEWALS = 5;

/** The keys of a JWKS somewhere else, fetched when first needed and kept. While it does not answer, the last ones known go on working. */
export class RemoteKeys implements KeySource {
  readonly #locate: () => Promise<string>;
  #url: string | undefined;
  #find: FindKey | undefined;
  #freshUntil = 0;
  #pending: Promise<FindKey> | undefined;
  #renewals = RENEWALS;
  #refilledAt = 0;

  /** @param locate Finds the URL of the JWKS */
  constructor(locate: () => Promise<string>) {
    this.#locate = locate;
  }

  async current(): Promise<FindKey> {
    if (this.#find && Date.now() < this.#freshUntil) return this.#find;
    try {
      return await this.#load();
    } catch (error) {
      if (!this.#find) throw error;
      this.#freshUntil = Date.now() + COOLDOWN_MS;
      return this.#find;
    }
  }

  async renewed(): Promise<FindKey | undefined> {
    // A look that is under way may have begun before the key was there, but it is the next best thing to one of our own.
    if (!this.#pending && !this.#spendRenewal()) return undefined;
    return await this.#load().catch(() => undefined);
  }

  /** All who wait share one look. */
  #load(): Promise<FindKey> {
    return (this.#pending ??= this.#fetch().finally(() => (this.#pending = undefined)));
  }

  async #fetch(): Promise<FindKey> {
    this.#find = await this.#fetchKnown();
    this.#freshUntil = Date.now() + MAX_AGE_MS;
    return this.#find;
  }

  async #fetchKnown(): Promise<FindKey> {
    const known = this.#url;
    if (known === undefined) return await readKeySet(await fetchJson((this.#url = await this.#locate())));
    try {
      return await readKeySet(await fetchJson(known));
    } catch (error) {
      // It may have moved.
      this.#url = await this.#locate();
      if (this.#url === known) throw error;
      return await readKeySet(await fetchJson(this.#url));
    }
  }

  #spendRenewal(): boolean {
    const now = Date.now();
    const refills = Math.floor((now - this.#refilledAt) / COOLDOWN_MS);
    if (refills > 0) {
      this.#renewals = Math.min(RENEWALS, this.#renewals + refills);
      this.#refilledAt = now;
    }
    if (this.#renewals === 0) return false;
    this.#renewals--;
    return true;
  }
}

async function readKeySet(keys: { readonly [key: string]: unknown }): Promise<FindKey> {
  const { createLocalJWKSet, errors } = await loadJose();
  try {
    return createLocalJWKSet(keys as unknown as JSONWebKeySet);
  } catch (error) {
    throw error instanceof errors.JOSEError ? new UnavailableError("the answer is no JWKS") : error;
  }
}

/** Keys that were given, and never change. */
class FixedKeys implements KeySource {
  readonly #load: () => Promise<FindKey>;
  #find: Promise<FindKey> | undefined;

  constructor(load: () => Promise<FindKey>) {
    this.#load = load;
  }

  current(): Promise<FindKey> {
    return (this.#find ??= this.#load());
  }

  async renewed(): Promise<undefined> {
    return undefined;
  }
}

/** A public key: PEM text (`-----BEGIN PUBLIC KEY-----` or a certificate), a JWK, or a `CryptoKey`. */
export type PublicKey = string | JWK | CryptoKey;

const PEM_LABEL = /-----BEGIN ([A-Z0-9 ]+)-----/;
// HS256 wants 256 bits (RFC 7518 §3.2).
const MIN_SECRET_BYTES = 32;

/** The one key of an issuer. */
export function fromPublicKey(given: PublicKey, algorithms: readonly string[], refuse: Refuse): KeySource {
  const load = typeof given === "string" ? loadPem(given, refuse) : loadObject(given, refuse);
  return new FixedKeys(async () => {
    const keys = new Map<string, CryptoKey | Uint8Array>();
    let problem: unknown;
    // A key fits the algorithms of its own kind; for the others the import fails.
    for (const algorithm of algorithms) {
      try {
        keys.set(algorithm, await load(algorithm));
      } catch (error) {
        problem = error;
      }
    }
    if (keys.size === 0) {
      const reason = problem instanceof Error ? problem.message : "";
      throw new UnavailableError(`jwt: the option 'publicKey' is no key for ${algorithms.join(", ")}: ${reason}`);
    }
    return async ({ alg }) => {
      const { errors } = await loadJose();
      const key = keys.get(alg ?? "");
      if (!key) throw new errors.JWKSNoMatchingKey();
      return key;
    };
  });
}

/** The secret that an issuer shares with this server. */
export function fromSecret(given: string | Uint8Array, refuse: Refuse): KeySource {
  const bytes = typeof given === "string" ? new TextEncoder().encode(given) : given;
  if (!(bytes instanceof Uint8Array)) return refuse("the option 'secret' must be a text or bytes");
  if (typeof given === "string" && PEM_LABEL.test(given)) {
    // Whoever knows the public key, and everybody may, could sign tokens with it.
    refuse("the option 'secret' is a PEM key; give a public key as 'publicKey'");
  }
  if (bytes.byteLength < MIN_SECRET_BYTES) {
    refuse(`the option 'secret' has ${bytes.byteLength} bytes; a secret has ${MIN_SECRET_BYTES} or more`);
  }
  const find: FindKey = async () => bytes;
  return new FixedKeys(async () => find);
}

/** The keys of an issuer, as it publishes them. */
export function fromKeySet(given: JSONWebKeySet, refuse: Refuse): KeySource {
  if (!Array.isArray(given?.keys) || given.keys.length === 0) {
    return refuse("the option 'jwks' must be a JWKS with at least one key: { keys: [ … ] }");
  }
  for (const key of given.keys) checkPublicJwk(key, "jwks", refuse);
  return new FixedKeys(async () => (await loadJose()).createLocalJWKSet(given));
}

type Load = (algorithm: string) => Promise<CryptoKey | Uint8Array>;

function loadPem(given: string, refuse: Refuse): Load {
  // In environment variables line ends are often written as \n.
  const pem = given.replaceAll(String.raw`\n`, "\n").trim();
  const label = PEM_LABEL.exec(pem)?.[1] ?? "";
  if (label.endsWith("PRIVATE KEY"))
    return refuse("the option 'publicKey' is a private key; a server needs the public one only");
  if (label === "RSA PUBLIC KEY") {
    return refuse(
      "the option 'publicKey' is in PKCS #1 form; convert it: openssl rsa -RSAPublicKey_in -in key.pem -pubout",
    );
  }
  if (label === "CERTIFICATE") return async (algorithm) => (await loadJose()).importX509(pem, algorithm);
  if (label === "PUBLIC KEY") return async (algorithm) => (await loadJose()).importSPKI(pem, algorithm);
  return refuse(
    "the option 'publicKey' must be PEM text that begins with -----BEGIN PUBLIC KEY-----, a JWK or a CryptoKey",
  );
}

function loadObject(given: JWK | CryptoKey, refuse: Refuse): Load {
  if (typeof given !== "object" || given === null) {
    return refuse("the option 'publicKey' must be PEM text, a JWK or a CryptoKey");
  }
  if (typeof (given as JWK).kty === "string") {
    const jwk = given as JWK;
    checkPublicJwk(jwk, "publicKey", refuse);
    return async (algorithm) => {
      if (jwk.alg !== undefined && jwk.alg !== algorithm) throw new TypeError(`the key is for ${jwk.alg}`);
      return (await loadJose()).importJWK(jwk, algorithm);
    };
  }
  const key = given as CryptoKey;
  if (key.type !== "public") refuse("the option 'publicKey' must be a public key, as PEM text, a JWK or a CryptoKey");
  // Whether it is for the algorithm is checked when it verifies.
  return async () => key;
}

function checkPublicJwk(key: JWK, option: string, refuse: Refuse): void {
  if (key.kty === "oct") refuse(`the option '${option}' has a secret (kty "oct"); give it as 'secret'`);
  if (key.d !== undefined) refuse(`the option '${option}' has a private key; a server needs the public one only`);
}

let loading: Promise<typeof Jose> | undefined;

/** jose, loaded when the first token has to be checked. Asking the runtime for it again and again would cost more than some of what it does. */
export function loadJose(): Promise<typeof Jose> {
  return (loading ??= import("jose"));
}

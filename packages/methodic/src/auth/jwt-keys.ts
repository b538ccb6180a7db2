import type { CryptoKey, JSONWebKeySet, JWK, JWTVerifyGetKey } from "jose";
import { MethodicError } from "../errors.ts";
import { type OptionCheck, type OptionProblem, type OptionsSpec } from "../util/check-options.ts";
import { isRecord } from "../util/record.ts";
import { checkHttpUrl } from "../util/option-checks.ts";
import { discoverKeys, type KeySet, loadJose, RemoteKeySet, UnavailableError } from "./authorization-server.ts";

/**
 * A public key: PEM text (`-----BEGIN PUBLIC KEY-----` or a certificate), a JWK, or a `CryptoKey`.
 */
export type PublicKey = string | JWK | CryptoKey;

/** The options of `jwt` for the keys that verify tokens, of which at most one may be set. */
export interface JwtKeyOptions {
  /**
   * The URL of the issuer's public keys. They are fetched when the first token arrives, cached, and
   * fetched again for a token that names an unknown key.
   */
  readonly jwksUri?: string | URL;
  /** The issuer's public keys. */
  readonly jwks?: JSONWebKeySet;
  /** The issuer's only public key. */
  readonly publicKey?: PublicKey;
  /**
   * A secret of at least 32 bytes that the issuer signs with (HS256, HS384, HS512). Anyone who can
   * verify such tokens can also forge them.
   */
  readonly secret?: string | Uint8Array;
}

const PUBLIC_KEY =
  "It must be a public key: PEM text that begins with -----BEGIN PUBLIC KEY-----, a JWK or a CryptoKey.";

const checkPublicKey: OptionCheck = (value, path) => {
  if (typeof value === "string") {
    const label = readPemLabel(normalizePem(value));
    if (label === "PUBLIC KEY" || label === "CERTIFICATE") return [];
    if (label.endsWith("PRIVATE KEY"))
      return refuseKey(path, "It is a private key; a server needs only the public key.");
    const convert = "openssl rsa -RSAPublicKey_in -in key.pem -pubout";
    return refuseKey(path, label === "RSA PUBLIC KEY" ? `It is in PKCS #1 form; convert it: ${convert}` : PUBLIC_KEY);
  }
  if (!isRecord(value)) return refuseKey(path, PUBLIC_KEY);
  if (isJwk(value)) return checkJwk(value, path);
  return "type" in value && value.type === "public" ? [] : refuseKey(path, PUBLIC_KEY);
};

const checkJwks: OptionCheck = (value, path) => {
  const { keys } = Object(value) as { readonly keys?: unknown };
  if (!Array.isArray(keys) || keys.length === 0) {
    return refuseKey(path, "It must be a JWKS with at least one key: { keys: [ … ] }.");
  }
  return keys.flatMap((key: unknown, i) => checkJwk(Object(key) as JWK, `${path}.keys[${i}]`));
};

function checkJwk(key: JWK, path: string): readonly OptionProblem[] {
  if (key.kty === "oct") return refuseKey(path, "It is a secret (kty \"oct\"); pass it as 'secret'.");
  return key.d === undefined ? [] : refuseKey(path, "It is a private key; a server needs only the public key.");
}

// HS256 requires 256 bits (RFC 7518 §3.2).
const MIN_SECRET_BYTES = 32;

const checkSecret: OptionCheck = (value, path) => {
  if (typeof value !== "string" && !(value instanceof Uint8Array)) {
    return refuseKey(path, "It must be a string or a Uint8Array.");
  }
  // A public key is known to everyone, so anyone could sign tokens with it.
  if (typeof value === "string" && readPemLabel(value) !== "") {
    return refuseKey(path, "It is a PEM key; pass a public key as 'publicKey'.");
  }
  const { byteLength } = toBytes(value);
  return byteLength >= MIN_SECRET_BYTES
    ? []
    : refuseKey(path, `It has ${byteLength} bytes; a secret needs at least ${MIN_SECRET_BYTES}.`);
};

/** Reports a problem without the value, which may be secret. */
function refuseKey(path: string, fix: string): readonly OptionProblem[] {
  return [{ kind: "invalid", path, fix }];
}

function isJwk(value: object): value is JWK {
  return "kty" in value && typeof value.kty === "string";
}

/** Restores line breaks, which environment variables often hold as `\n`. */
function normalizePem(text: string): string {
  return text.replaceAll(String.raw`\n`, "\n").trim();
}

function readPemLabel(text: string): string {
  return /-----BEGIN ([A-Z0-9 ]+)-----/.exec(text)?.[1] ?? "";
}

function toBytes(secret: string | Uint8Array): Uint8Array {
  return typeof secret === "string" ? new TextEncoder().encode(secret) : secret;
}

export const KEY_OPTIONS: OptionsSpec<JwtKeyOptions> = {
  jwksUri: checkHttpUrl,
  jwks: { check: checkJwks, secret: true },
  publicKey: { check: checkPublicKey, secret: true },
  secret: { check: checkSecret, secret: true },
};

const NAMES = ["jwksUri", "jwks", "publicKey", "secret"] as const;

/**
 * Creates the key set that the options define.
 * @throws MethodicError if they define no key set, or several
 */
export function createKeySet(
  options: JwtKeyOptions & { readonly issuer?: string },
  algorithms: readonly string[],
): KeySet {
  const { issuer, jwksUri, jwks, publicKey, secret } = options;
  const given = NAMES.filter((option) => options[option] !== undefined).map((option) => `'${option}'`);
  if (given.length > 1) {
    const message = `jwt: the options ${given.join(" and ")} are mutually exclusive. Pass one of them.`;
    throw new MethodicError("INVALID_AUTH_OPTIONS", message);
  }
  if (publicKey !== undefined) return fromPublicKey(publicKey, algorithms);
  if (secret !== undefined) return fromSecret(secret);
  if (jwks !== undefined) return fromJwks(jwks);
  if (jwksUri !== undefined) return new RemoteKeySet(async () => new URL(jwksUri).href);
  if (issuer !== undefined) return new RemoteKeySet(() => discoverKeys(issuer));
  throw new MethodicError(
    "INVALID_AUTH_OPTIONS",
    `jwt: no key to verify tokens with. Pass 'issuer', or one of ${NAMES.join(", ")}.`,
  );
}

/** Keys from the options. They never change. */
class StaticKeySet implements KeySet {
  readonly #load: () => Promise<JWTVerifyGetKey>;
  #keys: Promise<JWTVerifyGetKey> | undefined;

  constructor(load: () => Promise<JWTVerifyGetKey>) {
    this.#load = load;
  }

  current(): Promise<JWTVerifyGetKey> {
    return (this.#keys ??= this.#load());
  }

  async refresh(): Promise<undefined> {
    return undefined;
  }
}

/** Creates the key set of an issuer with one public key. */
function fromPublicKey(publicKey: PublicKey, algorithms: readonly string[]): KeySet {
  return new StaticKeySet(async () => {
    const keys = new Map<string, CryptoKey | Uint8Array>();
    let problem: unknown;
    // The import succeeds only for the algorithms of the key's type.
    for (const algorithm of algorithms) {
      try {
        keys.set(algorithm, await importPublicKey(publicKey, algorithm));
      } catch (error) {
        problem = error;
      }
    }
    if (keys.size === 0) {
      const reason = problem instanceof Error ? problem.message : "";
      throw new UnavailableError(`jwt: the option 'publicKey' is not a key for ${algorithms.join(", ")}: ${reason}`);
    }
    return async ({ alg }) => {
      const { errors } = await loadJose();
      const key = keys.get(alg);
      if (!key) throw new errors.JWKSNoMatchingKey();
      return key;
    };
  });
}

async function importPublicKey(publicKey: PublicKey, algorithm: string): Promise<CryptoKey | Uint8Array> {
  const { importJWK, importSPKI, importX509 } = await loadJose();
  if (typeof publicKey === "string") {
    const pem = normalizePem(publicKey);
    return readPemLabel(pem) === "CERTIFICATE" ? importX509(pem, algorithm) : importSPKI(pem, algorithm);
  }
  // jose checks the algorithm of a CryptoKey when it verifies a signature.
  if (!isJwk(publicKey)) return publicKey;
  if (publicKey.alg !== undefined && publicKey.alg !== algorithm) {
    throw new TypeError(`the key is for ${publicKey.alg}`);
  }
  return importJWK(publicKey, algorithm);
}

/** Creates the key set of an issuer that shares a secret with this server. */
function fromSecret(secret: string | Uint8Array): KeySet {
  const bytes = toBytes(secret);
  return new StaticKeySet(async () => async () => bytes);
}

/** Creates the key set of an issuer whose public keys are in the options. */
function fromJwks(jwks: JSONWebKeySet): KeySet {
  return new StaticKeySet(async () => (await loadJose()).createLocalJWKSet(jwks));
}

import type { JSONWebKeySet } from "jose";
import { type TimeSpan, toMilliseconds } from "../context/duration.ts";
import type { ClaimNames } from "./claims.ts";
import { discoverKeys } from "./discovery.ts";
import { fromKeySet, fromPublicKey, fromSecret, type PublicKey } from "./given-keys.ts";
import { type KeySource, RemoteKeys } from "./key-source.ts";
import { isTextList, parseHttpUrl, type Refuse, refuseOptions } from "./options.ts";
import { checkTokenOptions, type TokenRules } from "./token-options.ts";

/** What {@link jwt} takes. */
export interface JwtOptions {
  /** Who issues the tokens: their `iss`, to the letter. Without a key below, the issuer's keys are found in its metadata (RFC 8414, OpenID Connect). */
  readonly issuer?: string;
  /** Whom tokens must be issued for: their `aud` holds it, or one of several. Default: the URL of this server (its `publicUrl`), as MCP wants it. */
  readonly audience?: string | readonly string[];
  /** The URL of the issuer's public keys. They are fetched when first needed, kept, and fetched again when a token names one that is not there. */
  readonly jwksUri?: string | URL;
  /** The issuer's public keys themselves. */
  readonly jwks?: JSONWebKeySet;
  /** The issuer's one public key. */
  readonly publicKey?: PublicKey;
  /** A secret of 32 bytes or more that the issuer signs with (HS256 and its like). Who can check such tokens can make them as well. */
  readonly secret?: string | Uint8Array;
  /** The algorithms that tokens may be signed with. Default: the asymmetric ones; with `secret` HS256, HS384 and HS512. `none` never is. */
  readonly algorithms?: readonly string[];
  /** Scopes that every token must have. */
  readonly scopes?: readonly string[];
  /** By how much the clocks of issuer and server may differ. Default 0. */
  readonly clockTolerance?: TimeSpan;
  /** Which claims hold subject, client and scopes, where they are not the usual ones. */
  readonly claims?: ClaimNames;
  /** The issuers of the authorization servers where clients get tokens. Default: the issuer. */
  readonly authorizationServers?: readonly string[];
}

/** The options, checked. */
export interface JwtRules extends TokenRules {
  readonly keys: KeySource;
  readonly algorithms: readonly string[];
  readonly toleranceSeconds: number;
}

const ASYMMETRIC = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
];
const SYMMETRIC = ["HS256", "HS384", "HS512"];
const KEY_OPTIONS = ["jwksUri", "jwks", "publicKey", "secret"] as const;
const OPTIONS = [
  "issuer",
  "audience",
  ...KEY_OPTIONS,
  "algorithms",
  "scopes",
  "clockTolerance",
  "claims",
  "authorizationServers",
];

/**
 * Checks what `jwt` was given.
 * @throws MethodicError
 */
export function checkJwtOptions(options: JwtOptions): JwtRules {
  const refuse: Refuse = refuseOptions("jwt", options, OPTIONS);
  const token = checkTokenOptions(options, "jwt", refuse);
  const { issuer, clockTolerance = 0 } = options;
  if (issuer !== undefined && !parseHttpUrl(issuer))
    refuse("the option 'issuer' must be a URL, and what tokens have as 'iss' to the letter");
  const tolerance = toMilliseconds(clockTolerance);
  if (tolerance === undefined) return refuse("the option 'clockTolerance' must be a time, such as \"5s\"");
  const algorithms = checkAlgorithms(options, refuse);
  return {
    ...token,
    keys: createKeySource(options, algorithms, refuse),
    algorithms,
    toleranceSeconds: tolerance / 1000,
  };
}

function checkAlgorithms({ algorithms, secret }: JwtOptions, refuse: Refuse): readonly string[] {
  const known = secret === undefined ? ASYMMETRIC : SYMMETRIC;
  if (algorithms === undefined) return known;
  if (!isTextList(algorithms)) refuse("the option 'algorithms' must be a list of names, such as [\"RS256\"]");
  const wrong = algorithms.find((name) => !known.includes(name));
  if (wrong === undefined) return algorithms;
  const reason = SYMMETRIC.includes(wrong)
    ? ": it signs with a secret, so everybody who knows the public key could sign tokens"
    : "";
  const keys = secret === undefined ? "a public key" : "a secret";
  return refuse(
    `the option 'algorithms' has ${JSON.stringify(wrong)}, which cannot be used with ${keys}${reason}. With ${keys} there are ${known.join(", ")}`,
  );
}

function createKeySource(options: JwtOptions, algorithms: readonly string[], refuse: Refuse): KeySource {
  const given = KEY_OPTIONS.filter((option) => options[option] !== undefined);
  if (given.length > 1)
    refuse(`the options ${given.map((option) => `'${option}'`).join(" and ")} exclude each other; give one of them`);
  const { issuer, jwksUri, jwks, publicKey, secret } = options;
  if (publicKey !== undefined) return fromPublicKey(publicKey, algorithms, refuse);
  if (secret !== undefined) return fromSecret(secret, refuse);
  if (jwks !== undefined) return fromKeySet(jwks, refuse);
  if (jwksUri !== undefined) {
    const url = parseHttpUrl(jwksUri) ?? refuse("the option 'jwksUri' must be a URL of HTTP");
    return new RemoteKeys(async () => url.href);
  }
  if (issuer === undefined)
    return refuse(`nothing says how to check tokens. Give 'issuer', or one of ${KEY_OPTIONS.join(", ")}`);
  return new RemoteKeys(() => discoverKeys(issuer));
}

import type { CryptoKey, FlattenedJWSInput, JSONWebKeySet, JWSHeaderParameters } from "jose";
import { fetchJson } from "./fetch-json.ts";
import { loadJose } from "./load-jose.ts";
import { UnavailableError } from "./unavailable-error.ts";

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
export class FixedKeys implements KeySource {
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

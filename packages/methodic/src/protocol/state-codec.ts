import { decodeBase64Url, encodeBase64Url } from "../util/base64.ts";

/** Encrypts the state that clients carry, and decrypts what comes back. */
export interface StateCodec {
  seal(state: unknown): Promise<string>;
  /** Rejects if this server did not seal the text, or has sealed it too long ago. */
  open(sealed: string): Promise<unknown>;
}

/** The text inside a sealed state. */
interface Envelope {
  /** In seconds since 1970. */
  readonly expires: number;
  readonly state: unknown;
}

// Not every environment declares the global type.
type CryptoKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

const PREFIX = "v2.";
const IV_BYTES = 12;
// Longer than a user takes to fill in a form.
const STATE_TTL_SECONDS = 3600;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });
const additionalData = encoder.encode(PREFIX);

/**
 * Creates the codec of a server. AES-GCM detects every change, and keeps the results of
 * `Context.step` from the client.
 * @param server The server's name: another one with the same key cannot open its states
 * @param secret At least 32 bytes. Default: random
 */
export function createStateCodec(
  server: string,
  secret: string | Uint8Array = crypto.getRandomValues(new Uint8Array(32)),
): StateCodec {
  const material = typeof secret === "string" ? encoder.encode(secret) : new Uint8Array(secret);
  let derived: Promise<CryptoKey> | undefined;
  const keyOf = (): Promise<CryptoKey> => (derived ??= deriveKey(material, server));
  return {
    async seal(state) {
      const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
      const envelope: Envelope = { expires: nowInSeconds() + STATE_TTL_SECONDS, state };
      const text = encoder.encode(JSON.stringify(envelope));
      const encrypted = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, await keyOf(), text);
      const bytes = new Uint8Array(IV_BYTES + encrypted.byteLength);
      bytes.set(iv);
      bytes.set(new Uint8Array(encrypted), IV_BYTES);
      return PREFIX + encodeBase64Url(bytes);
    },
    async open(sealed) {
      if (!sealed.startsWith(PREFIX)) throw new Error("not a state of this version");
      const bytes = decodeBase64Url(sealed.slice(PREFIX.length));
      const iv = bytes.subarray(0, IV_BYTES);
      const encrypted = bytes.subarray(IV_BYTES);
      const text = await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData }, await keyOf(), encrypted);
      const { expires, state } = JSON.parse(decoder.decode(text)) as Envelope;
      if (expires < nowInSeconds()) throw new Error("expired");
      return state;
    },
  };
}

async function deriveKey(material: Uint8Array<ArrayBuffer>, server: string): Promise<CryptoKey> {
  const secret = await crypto.subtle.importKey("raw", material, "HKDF", false, ["deriveKey"]);
  const info = encoder.encode(`methodic.requestState:${server}`);
  const derivation = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info };
  return crypto.subtle.deriveKey(derivation, secret, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

function nowInSeconds(): number {
  return Math.floor(Date.now() / 1000);
}

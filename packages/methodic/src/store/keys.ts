import { digestText } from "../util/digest.ts";

/** The longest part of a key of a store. Longer ones are replaced by their digests. */
const MAX_PART = 64;

/**
 * Creates the start of all keys of one session or caller. It does not reveal the owner.
 * @param server The server's name: servers may share a store
 * @param scope The kind of the owner
 */
export async function createKeyPrefix(server: string, scope: "session" | "user", owner: string): Promise<string> {
  return `${await encodePart(server)}/${scope}/${await digestText(encode(owner))}/`;
}

/**
 * Encodes a text as part of a key, within the characters and the length that a {@link Store}
 * accepts. Different texts have different results, and no result contains a slash.
 */
export async function encodePart(text: string): Promise<string> {
  const encoded = encode(text);
  // No encoded text starts with "~".
  return encoded.length <= MAX_PART ? encoded : `~${await digestText(encoded)}`;
}

/** Encodes each UTF-16 unit: a text may have half of a character, which UTF-8 cannot encode. */
function encode(text: string): string {
  return text.replaceAll(/[^\w.-]/g, (unit) => `%${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

const ALPHABET = /[^A-Za-z0-9+/]/;

/**
 * Whether text is base64 (RFC 4648, section 4) with its padding. In parts: an expression that counts in fours overflows the stack of some
 * engines at a few megabytes.
 */
export function isBase64(text: string): boolean {
  if (text.length % 4 !== 0) return false;
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  return !ALPHABET.test(text.slice(0, text.length - padding));
}

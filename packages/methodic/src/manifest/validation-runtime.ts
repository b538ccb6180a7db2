import { fullFormats } from "ajv-formats/dist/formats.js";

/**
 * What generated code imports: the three helper modules that ajv's standalone code refers to, `ajv/dist/runtime/ucs2length`, `ajv/dist/runtime/equal`
 * and `ajv-formats/dist/formats` (the last is bundled, so that a server needs no ajv), and what our own code for `uniqueItems` calls.
 */

export { findDuplicate } from "./find-duplicate.ts";

/** The checks of string formats that are functions, by format name; `base64` is what `contentEncoding: "base64"` is checked by. */
export const formats: { readonly [format: string]: unknown } = { ...fullFormats, url: isUrl, base64: isBase64 };

/** The length of a string in Unicode code points, which is what `minLength` and `maxLength` count. */
export function ucs2length(text: string): number {
  let { length } = text;
  // A loop over code units, which is several times faster than one over the string's iterator.
  for (let i = 1; i < text.length; i++) {
    const isPair = (text.charCodeAt(i) & 0xfc00) === 0xdc00 && (text.charCodeAt(i - 1) & 0xfc00) === 0xd800;
    if (isPair) length--;
  }
  return length;
}

const ALPHABET = /[^A-Za-z0-9+/]/;

/**
 * Whether text is base64 (RFC 4648, section 4) with its padding. In parts: an expression that counts in fours overflows the stack of some
 * engines at a few megabytes.
 */
function isBase64(text: string): boolean {
  if (text.length % 4 !== 0) return false;
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  return !ALPHABET.test(text.slice(0, text.length - padding));
}

/**
 * Compares two JSON values, for `const` and `enum` of objects. Values come from clients: an object's own `toString` or
 * `constructor` is data here, which is what general-purpose comparisons trip over.
 */
export function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) return Array.isArray(a) && Array.isArray(b) && equalItems(a, b);
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every(
      (key) => Object.hasOwn(b, key) && equal((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]),
    )
  );
}

function equalItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, index) => equal(item, b[index]));
}

/**
 * Whether text is a URL with a host that is reachable from anywhere (format `url`): ajv's expression, except that the part before an `@` is read in one way only.
 * The original has many, and takes the square of the length of a text such as `ftp://::::…`.
 */
export function isUrl(text: string): boolean {
  return LINEAR.test(text);
}

const { source, flags } = fullFormats.url as RegExp;
const LINEAR = new RegExp(source.replace(String.raw`(?:\S+(?::\S*)?@)?`, String.raw`(?:\S+@)?`), flags);

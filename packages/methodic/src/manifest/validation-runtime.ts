import { fullFormats } from "ajv-formats/dist/formats.js";

/** Functions that generated validators import. Formats are bundled: a server does not need ajv. */

export { findDuplicate } from "./find-duplicate.ts";

/**
 * The validators of string formats, by format name; `base64` validates `contentEncoding: "base64"`.
 */
export const formats: { readonly [format: string]: unknown } = {
  ...fullFormats,
  uri: isUri,
  url: isUrl,
  base64: isBase64,
};

/**
 * Returns the length of a string in Unicode code points, which `minLength` and `maxLength` count.
 */
export function ucs2length(text: string): number {
  let { length } = text;
  // A loop over code units is several times faster than the string's iterator.
  for (let i = 1; i < text.length; i++) {
    const isPair = (text.charCodeAt(i) & 0xfc00) === 0xdc00 && (text.charCodeAt(i - 1) & 0xfc00) === 0xd800;
    if (isPair) length--;
  }
  return length;
}

/**
 * Makes a recursive check remember its verdicts until the outermost call returns. Alternatives may
 * check the same part of a value, which would double the work at every level of nesting.
 */
export function memoize(check: (value: unknown) => boolean): (value: unknown) => boolean {
  const [valid, invalid] = [new Set<unknown>(), new Set<unknown>()];
  let depth = 0;
  return (value) => {
    if (typeof value !== "object" || value === null) return check(value);
    if (valid.has(value)) return true;
    if (invalid.has(value)) return false;
    depth++;
    try {
      const isValid = check(value);
      if (depth > 1) (isValid ? valid : invalid).add(value);
      return isValid;
    } finally {
      if (--depth === 0) {
        valid.clear();
        invalid.clear();
      }
    }
  };
}

const NOT_BASE64 = /[^A-Za-z0-9+/]/;

/**
 * Checks whether text is base64 (RFC 4648 §4) with padding. In two steps: a regular expression that
 * counts in fours overflows the stack of some engines at a few megabytes.
 */
function isBase64(text: string): boolean {
  if (text.length % 4 !== 0) return false;
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  return !NOT_BASE64.test(text.slice(0, text.length - padding));
}

/**
 * Compares two JSON values, for `const` and `enum` with objects. An object's own `toString` or
 * `constructor` is data from a client here; general-purpose comparisons trip over it.
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

const PLAIN_URI = /^https?:\/\/[a-z\d.-]+(?::\d+)?(?:\/[\w.~/-]*)?$/i;
const isAnyUri = fullFormats.uri as (text: string) => boolean;

/**
 * Checks whether text is a URI (RFC 3986). Ajv's expression takes 7 ms to compile, which a server
 * that reads an address from its environment would add to its start.
 */
export function isUri(text: string): boolean {
  return PLAIN_URI.test(text) || isAnyUri(text);
}

/**
 * Checks whether text is a URL with a public host (format `url`). Uses ajv's expression, except
 * that the part before an `@` matches in one way only: the original backtracks, and takes quadratic
 * time for a text such as `ftp://::::…`.
 */
export function isUrl(text: string): boolean {
  return URL_PATTERN.test(text);
}

const { source, flags } = fullFormats.url as RegExp;
const URL_PATTERN = new RegExp(source.replace(String.raw`(?:\S+(?::\S*)?@)?`, String.raw`(?:\S+@)?`), flags);

/**
 * What generated code imports: the three helper modules that ajv's standalone code refers to, `ajv/dist/runtime/ucs2length`, `ajv/dist/runtime/equal`
 * and `ajv-formats/dist/formats` (the last is bundled, so that a server needs no ajv), and what our own code for `uniqueItems` calls.
 */
import { fullFormats } from "ajv-formats/dist/formats.js";

import { isBase64 } from "./base64-format.ts";
import { isUrl } from "./url-format.ts";

export { findDuplicate } from "./find-duplicate.ts";
export { equal } from "./json-equal.ts";

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

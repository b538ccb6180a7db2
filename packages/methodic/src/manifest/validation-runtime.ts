/**
 * The three helper modules that ajv's standalone code refers to, as one module that generated code imports:
 * `ajv/dist/runtime/ucs2length`, `ajv/dist/runtime/equal` and `ajv-formats/dist/formats`.
 */
export { default as equal } from "fast-deep-equal";
export { fullFormats as formats } from "ajv-formats/dist/formats.js";

/** The length of a string in Unicode code points, which is what `minLength` and `maxLength` count. */
export function ucs2length(text: string): number {
  let length = 0;
  for (const _ of text) length++;
  return length;
}

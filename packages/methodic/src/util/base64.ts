import { MAX_STRING_LENGTH } from "./text.ts";

// Bytes per call of String.fromCharCode: engines limit the number of arguments.
const CHUNK = 0x8000;

/**
 * Encodes bytes as base64 on any JavaScript runtime.
 * @throws RangeError if the text would be too long for a string
 */
export function encodeBase64(bytes: Uint8Array): string {
  // Node's btoa ends the process instead.
  if (Math.ceil(bytes.length / 3) * 4 > MAX_STRING_LENGTH) throw new RangeError("Invalid string length");
  let binary = "";
  for (let i = 0; i < bytes.length; i += CHUNK) {
    binary += String.fromCharCode(...bytes.subarray(i, i + CHUNK));
  }
  return btoa(binary);
}

/** Encodes bytes as base64url without padding (RFC 4648 §5). */
export function encodeBase64Url(bytes: Uint8Array): string {
  return encodeBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/**
 * Decodes base64url, with or without padding.
 * @throws DOMException if the text is not base64url
 */
export function decodeBase64Url(text: string): Uint8Array<ArrayBuffer> {
  return decodeBase64(text.replaceAll("-", "+").replaceAll("_", "/"));
}

/** Decodes validated base64 on any JavaScript runtime. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  // oxlint-disable-next-line unicorn/prefer-code-point -- every character is one byte
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

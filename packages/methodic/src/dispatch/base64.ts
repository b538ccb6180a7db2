// Bounded, because every byte becomes an argument of one call.
const CHUNK = 0x8000;

/** Encodes bytes as base64, on any JavaScript runtime. */
export function encodeBase64(bytes: Uint8Array): string {
  let binary = "";
  for (let i = 0; i < bytes.length; i += CHUNK) {
    binary += String.fromCharCode(...bytes.subarray(i, i + CHUNK));
  }
  return btoa(binary);
}

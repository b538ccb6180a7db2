/** Hashes a text (FNV-1a, with two seeds), to distinguish it from a few others. Not for secrets. */
export function hashText(text: string): string {
  return [0x811c9dc5, 0x6b43a9b5].map((seed) => fnv1a(text, seed).toString(36)).join("");
}

function fnv1a(text: string, seed: number): number {
  let value = seed;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}

/** The first bytes of a format: texts (Latin-1) at offsets. */
type Signature = readonly [mimeType: string, ...parts: readonly (readonly [offset: number, text: string])[]];

/** Formats that clients and models read (patterns: WHATWG MIME Sniffing §6). */
const SIGNATURES: readonly Signature[] = [
  ["image/png", [0, "\x89PNG\r\n\x1a\n"]],
  ["image/jpeg", [0, "\xff\xd8\xff"]],
  ["image/gif", [0, "GIF8"]],
  ["image/webp", [0, "RIFF"], [8, "WEBP"]],
  ["image/bmp", [0, "BM"]],
  ["image/avif", [4, "ftypavif"]],
  ["image/heic", [4, "ftyphei"]],
  ["audio/wav", [0, "RIFF"], [8, "WAVE"]],
  ["audio/mpeg", [0, "ID3"]],
  ["audio/mpeg", [0, "\xff\xfb"]],
  ["audio/ogg", [0, "OggS"]],
  ["audio/flac", [0, "fLaC"]],
  ["audio/mp4", [4, "ftypM4A"]],
  ["application/pdf", [0, "%PDF-"]],
];

/** Bytes that {@link sniffType} looks at. */
const HEAD_LENGTH = 16;

/** Finds the MIME type that the first bytes tell; undefined for other formats. */
export function sniffType(bytes: Uint8Array): string | undefined {
  const head = String.fromCharCode(...bytes.subarray(0, HEAD_LENGTH));
  return SIGNATURES.find(([, ...parts]) => parts.every(([offset, text]) => head.startsWith(text, offset)))?.[0];
}

/** Finds the MIME type of a file name by its extension; undefined for unknown ones. */
export async function typeOfName(name: string): Promise<string | undefined> {
  // Loaded on demand: its table is larger than a small server.
  const { default: mime } = await import("mime");
  return mime.getType(name) ?? undefined;
}

/**
 * Decodes the text of a file; undefined if its type or its bytes are not those of UTF-8 text.
 * @param mimeType Undefined if the type is unknown
 */
export function decodeText(bytes: Uint8Array, mimeType: string | undefined): string | undefined {
  if (mimeType !== undefined && !TEXT_TYPE.test(mimeType)) return undefined;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return text.includes("\0") ? undefined : text;
  } catch {
    return undefined;
  }
}

const TEXT_TYPE = /^text\/|[/+](?:json|xml|yaml|toml|javascript|sql|x-sh|x-ndjson|graphql)(?:;|$)/i;

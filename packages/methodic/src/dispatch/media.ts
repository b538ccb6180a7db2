import type { AudioContent, EmbeddedResource, ImageContent, ResourceContents } from "../context/content.ts";
import type { Annotations } from "../decorators/definition.ts";
import { MethodicError } from "../errors.ts";
import { decodeBase64, encodeBase64 } from "../util/base64.ts";
import { mark } from "../util/mark.ts";
import { CONTENT } from "./content.ts";
import { type MediaData, type MediaPath, type MediaUrl, readMedia } from "./media-source.ts";
import { decodeText, sniffType } from "./media-types.ts";

/** Media that the program holds already, as the content of a {@link file}. */
export interface FileData extends MediaData {
  /** The file's URI, for example `file:///report.csv`. */
  readonly uri: string;
}

/** Media that {@link file} reads. */
export type FileSource = (MediaPath | MediaUrl) & {
  /** Default: `file:///` and the name of the file, or the URL without its query. */
  readonly uri?: string;
};

type Kind = "image" | "audio";

/**
 * Creates an image block.
 *
 * @example
 * ```ts
 * import { image, tool } from "methodic";
 *
 * class Reports {
 *   /** Sales of this year. *\/ @tool() chart() {
 *     return image({ path: new URL("chart.png", import.meta.url) });
 *   }
 * }
 * ```
 *
 * @param data Bytes, or base64 text
 * @param mimeType For example `image/png`
 */
export function image(data: Uint8Array | string, mimeType: string, annotations?: Annotations): ImageContent;
export function image(source: MediaData): ImageContent;
export function image(source: MediaPath | MediaUrl): Promise<ImageContent>;
export function image(
  source: MediaData["data"] | MediaData | MediaPath | MediaUrl,
  mimeType?: string,
  annotations?: Annotations,
): ImageContent | Promise<ImageContent> {
  return createMedia("image", toSource(source, mimeType, annotations));
}

/**
 * Creates an audio block.
 * @param data Bytes, or base64 text
 * @param mimeType For example `audio/wav`
 */
export function audio(data: Uint8Array | string, mimeType: string, annotations?: Annotations): AudioContent;
export function audio(source: MediaData): AudioContent;
export function audio(source: MediaPath | MediaUrl): Promise<AudioContent>;
export function audio(
  source: MediaData["data"] | MediaData | MediaPath | MediaUrl,
  mimeType?: string,
  annotations?: Annotations,
): AudioContent | Promise<AudioContent> {
  return createMedia("audio", toSource(source, mimeType, annotations));
}

/**
 * Creates a content block that holds a file, as text or bytes.
 * @param uri The file's URI, for example `file:///report.csv`
 * @param mimeType Default: `text/plain` for text, `application/octet-stream` for bytes
 */
export function file(uri: string, content: Uint8Array | string, mimeType?: string): EmbeddedResource;
export function file(source: FileData): EmbeddedResource;
export function file(source: FileSource): Promise<EmbeddedResource>;
export function file(
  source: string | FileData | FileSource,
  content: Uint8Array | string = "",
  mimeType?: string,
): EmbeddedResource | Promise<EmbeddedResource> {
  if (typeof source === "string") return embed(source, content, { mimeType });
  if ("data" in source) return embed(source.uri, source.data, source);
  return readFile(source);
}

function toSource(
  source: MediaData["data"] | MediaData | MediaPath | MediaUrl,
  mimeType: string | undefined,
  annotations: Annotations | undefined,
): MediaData | MediaPath | MediaUrl {
  if (typeof source !== "string" && !(source instanceof Uint8Array)) return source;
  return { data: source, ...(mimeType !== undefined && { mimeType }), ...(annotations && { annotations }) };
}

/** Creates a block at once if the data is there. */
function createMedia<T extends Kind>(
  type: T,
  source: MediaData | MediaPath | MediaUrl,
): (ImageContent & AudioContent) | Promise<ImageContent & AudioContent> {
  const { annotations } = source;
  const create = (data: string, mimeType: string): ImageContent & AudioContent =>
    mark({ type, data, mimeType, ...(annotations && { annotations }) }, CONTENT) as unknown as ImageContent &
      AudioContent;
  if (!("data" in source))
    return readMedia(source).then(({ bytes, toldType, label }) =>
      create(encodeBase64(bytes), source.mimeType ?? checkType(type, sniffType(bytes) ?? toldType, label)),
    );
  const { data, mimeType } = source;
  const text = typeof data === "string" ? data : encodeBase64(data);
  return create(text, mimeType ?? checkType(type, sniffType(typeof data === "string" ? readHead(data) : data), "data"));
}

/** Decodes the first bytes of base64 text, which is validated when it is sent. */
function readHead(base64: string): Uint8Array {
  try {
    return decodeBase64(base64.slice(0, 32));
  } catch {
    return new Uint8Array();
  }
}

function checkType(kind: Kind, found: string | undefined, label: string): string {
  if (found?.startsWith(`${kind}/`)) return found;
  const problem = found === undefined ? "its type is unknown" : `its type is ${found}, not ${kind}/…`;
  const other = found === undefined ? "" : `, or create the block with ${otherFunction(found)}(…)`;
  throw new MethodicError(
    "INVALID_ARGUMENT",
    `${kind}(…) got ${label}: ${problem}. Pass mimeType, such as "${kind === "image" ? "image/png" : "audio/wav"}"${other}.`,
  );
}

function otherFunction(mimeType: string): string {
  return /^(?:image|audio)(?=\/)/.exec(mimeType)?.[0] ?? "file";
}

async function readFile(source: FileSource): Promise<EmbeddedResource> {
  const { bytes, toldType, uri } = await readMedia(source);
  const known = source.mimeType ?? toldType ?? sniffType(bytes);
  const text = decodeText(bytes, known);
  const { annotations } = source;
  return embed(source.uri ?? uri, text ?? bytes, { mimeType: known, annotations });
}

function embed(
  uri: string,
  content: Uint8Array | string,
  { mimeType, annotations }: { readonly mimeType?: string | undefined; readonly annotations?: Annotations | undefined },
): EmbeddedResource {
  const resource: ResourceContents =
    typeof content === "string"
      ? { uri, mimeType: mimeType ?? "text/plain", text: content }
      : { uri, mimeType: mimeType ?? "application/octet-stream", blob: encodeBase64(content) };
  return mark({ type: "resource", resource, ...(annotations && { annotations }) }, CONTENT);
}

import type {
  AudioContent,
  ContentBlock,
  EmbeddedResource,
  ImageContent,
  ResourceContents,
  ResourceLink,
} from "../context/content.ts";
import type { Annotations } from "../decorators/definition.ts";
import { encodeBase64 } from "../util/base64.ts";
import { isMarked, mark, markKey } from "../util/mark.ts";

/** Marks the content blocks that the functions of this file create. */
export const CONTENT: symbol = markKey("content");
const TOOL_RESULT_MARK: symbol = markKey("toolResult");

/** Options of {@link toolResult}. */
export interface ToolResultOptions<T> {
  /** Content for the model: content blocks, or strings as text blocks. */
  readonly content: string | ContentBlock | readonly (string | ContentBlock)[];
  /** Content for programs. Its schema is published if the method's return type names `T`. */
  readonly structuredContent?: T;
  /** Metadata for the client, sent as `_meta`. */
  readonly meta?: { readonly [key: string]: unknown };
  /** Marks the call as failed. The model reads `content` as the reason. */
  readonly isError?: boolean;
}

declare const TOOL_RESULT: unique symbol;

/** A complete tool result, created by {@link toolResult}. */
export interface ToolResult<T = unknown> extends ToolResultOptions<T> {
  readonly [TOOL_RESULT]: true;
}

/**
 * Creates a complete tool result, for tools that set content, structured content and metadata
 * themselves.
 *
 * @example
 * ```ts
 * import { tool, type ToolResult, toolResult } from "methodic";
 *
 * interface Forecast {
 *   celsius: number;
 * }
 *
 * class Weather {
 *   /** Tomorrow's weather. *\/ @tool() forecast(city: string): ToolResult<Forecast> {
 *     const celsius = city.length;
 *     return toolResult({ content: `${celsius} °C in ${city}`, structuredContent: { celsius } });
 *   }
 * }
 * ```
 */
export function toolResult<T = unknown>(options: ToolResultOptions<T>): ToolResult<T> {
  return mark(options, TOOL_RESULT_MARK) as ToolResult<T>;
}

/** Checks whether a value was created by {@link toolResult}. */
export function isToolResult(value: unknown): value is ToolResult {
  return isMarked(value, TOOL_RESULT_MARK);
}

/**
 * Creates an image block.
 * @param data Bytes, or base64 text
 * @param mimeType For example `image/png`
 */
export function image(data: Uint8Array | string, mimeType: string, annotations?: Annotations): ImageContent {
  return mark({ type: "image", data: toBase64(data), mimeType, ...(annotations && { annotations }) }, CONTENT);
}

/**
 * Creates an audio block.
 * @param data Bytes, or base64 text
 * @param mimeType For example `audio/wav`
 */
export function audio(data: Uint8Array | string, mimeType: string, annotations?: Annotations): AudioContent {
  return mark({ type: "audio", data: toBase64(data), mimeType, ...(annotations && { annotations }) }, CONTENT);
}

/**
 * Creates a content block that holds a file, as text or bytes.
 * @param uri The file's URI, for example `file:///report.csv`
 * @param mimeType Default: `text/plain` for text, `application/octet-stream` for bytes
 */
export function file(uri: string, content: Uint8Array | string, mimeType?: string): EmbeddedResource {
  const resource: ResourceContents =
    typeof content === "string"
      ? { uri, mimeType: mimeType ?? "text/plain", text: content }
      : { uri, mimeType: mimeType ?? "application/octet-stream", blob: encodeBase64(content) };
  return mark({ type: "resource", resource }, CONTENT);
}

/** Creates a content block that links to a resource. Clients read the resource on demand. */
export function resourceLink(uri: string, fields: Omit<ResourceLink, "type" | "uri">): ResourceLink {
  return mark({ type: "resource_link", uri, ...fields }, CONTENT);
}

function toBase64(data: Uint8Array | string): string {
  return typeof data === "string" ? data : encodeBase64(data);
}

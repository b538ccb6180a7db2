import { encodeBase64 } from "./base64.ts";
import type { Annotations, Icon } from "../decorators/definition.ts";

/** What any content block may carry besides its content. */
interface BlockFacts {
  /** Who it is for and how much it matters. */
  readonly annotations?: Annotations;
  readonly _meta?: { readonly [key: string]: unknown };
}

/** A text block (MCP `TextContent`). */
export interface TextContent extends BlockFacts {
  readonly type: "text";
  readonly text: string;
}

/** An image block (MCP `ImageContent`). */
export interface ImageContent extends BlockFacts {
  readonly type: "image";
  /** Base64. */
  readonly data: string;
  readonly mimeType: string;
}

/** An audio block (MCP `AudioContent`). */
export interface AudioContent extends BlockFacts {
  readonly type: "audio";
  /** Base64. */
  readonly data: string;
  readonly mimeType: string;
}

/** The text of a resource (MCP `TextResourceContents`). */
export interface TextResourceContents {
  readonly uri: string;
  readonly mimeType?: string;
  readonly text: string;
  readonly _meta?: { readonly [key: string]: unknown };
}

/** The bytes of a resource (MCP `BlobResourceContents`). */
export interface BlobResourceContents {
  readonly uri: string;
  readonly mimeType?: string;
  /** Base64. */
  readonly blob: string;
  readonly _meta?: { readonly [key: string]: unknown };
}

/** The contents of a resource, as text or as bytes. */
export type ResourceContents = TextResourceContents | BlobResourceContents;

/** A resource's contents inside a result (MCP `EmbeddedResource`). */
export interface EmbeddedResource extends BlockFacts {
  readonly type: "resource";
  readonly resource: ResourceContents;
}

/** A pointer to a resource that the client may read (MCP `ResourceLink`). */
export interface ResourceLink extends BlockFacts {
  readonly type: "resource_link";
  readonly uri: string;
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly mimeType?: string;
  readonly size?: number;
  readonly icons?: readonly Icon[];
}

/** Any content block of a tool's result or a prompt's message. */
export type ContentBlock = TextContent | ImageContent | AudioContent | EmbeddedResource | ResourceLink;

/** A message of a prompt (MCP `PromptMessage`); a string stands for a text block. */
export interface PromptMessage {
  readonly role: "user" | "assistant";
  readonly content: ContentBlock | string;
}

/** What `toolResult` takes. */
export interface ToolResultParts<T> {
  /** Content blocks; a string stands for a text block. */
  readonly content: string | ContentBlock | readonly (string | ContentBlock)[];
  /** The same for programs. Its schema is published if the method's return type names `T`. */
  readonly structuredContent?: T;
  /** Published as `_meta`. */
  readonly meta?: { readonly [key: string]: unknown };
  /** Tells the model that the call failed. */
  readonly isError?: boolean;
}

const TOOL_RESULT: unique symbol = Symbol.for("methodic.toolResult") as never;

/** A whole tool result, made by {@link toolResult}. */
export interface ToolResult<T = unknown> extends ToolResultParts<T> {
  readonly [TOOL_RESULT]: true;
}

/**
 * Makes a whole tool result, for a tool that wants to say what its content, its structured content and its metadata are.
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
 *     const forecast = { celsius: city.length };
 *     return toolResult({ content: `${forecast.celsius} °C in ${city}`, structuredContent: forecast });
 *   }
 * }
 * ```
 */
export function toolResult<T = unknown>(parts: ToolResultParts<T>): ToolResult<T> {
  return { ...parts, [TOOL_RESULT]: true };
}

/** Whether a value was made by {@link toolResult}. */
export function isToolResult(value: unknown): value is ToolResult {
  return (
    typeof value === "object" && value !== null && (value as { readonly [TOOL_RESULT]?: unknown })[TOOL_RESULT] === true
  );
}

/**
 * Makes an image block from bytes, or from text that is base64 already.
 * @param mimeType For example `image/png`
 */
export function image(data: Uint8Array | string, mimeType: string, annotations?: Annotations): ImageContent {
  return { type: "image", data: toBase64(data), mimeType, ...(annotations && { annotations }) };
}

/**
 * Makes an audio block from bytes, or from text that is base64 already.
 * @param mimeType For example `audio/wav`
 */
export function audio(data: Uint8Array | string, mimeType: string, annotations?: Annotations): AudioContent {
  return { type: "audio", data: toBase64(data), mimeType, ...(annotations && { annotations }) };
}

/**
 * Makes a block with a file in it: text, or bytes.
 * @param uri The file's URI, for example `file:///report.csv`
 * @param mimeType Default: `text/plain` for text, `application/octet-stream` for bytes
 */
export function file(uri: string, content: Uint8Array | string, mimeType?: string): EmbeddedResource {
  const resource: ResourceContents =
    typeof content === "string"
      ? { uri, mimeType: mimeType ?? "text/plain", text: content }
      : { uri, mimeType: mimeType ?? "application/octet-stream", blob: encodeBase64(content) };
  return { type: "resource", resource };
}

/** Makes a block that points to a resource, for the client to read if it wants. */
export function resourceLink(uri: string, facts: Omit<ResourceLink, "type" | "uri">): ResourceLink {
  return { type: "resource_link", uri, ...facts };
}

function toBase64(data: Uint8Array | string): string {
  return typeof data === "string" ? data : encodeBase64(data);
}

/** Whether a value has the form of a content block. */
export function isContentBlock(value: unknown): value is ContentBlock {
  if (typeof value !== "object" || value === null) return false;
  const block = value as { readonly [key: string]: unknown };
  switch (block["type"]) {
    case "text":
      return typeof block["text"] === "string";
    case "image":
    case "audio":
      return typeof block["data"] === "string" && typeof block["mimeType"] === "string";
    case "resource":
      return isResourceContents(block["resource"]);
    case "resource_link":
      return typeof block["uri"] === "string" && typeof block["name"] === "string";
    default:
      return false;
  }
}

/** Whether a value has the form of a resource's contents. */
export function isResourceContents(value: unknown): value is ResourceContents {
  if (typeof value !== "object" || value === null) return false;
  const { uri, text, blob } = value as { readonly [key: string]: unknown };
  return typeof uri === "string" && (typeof text === "string" || typeof blob === "string");
}

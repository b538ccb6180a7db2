import type { Annotations, Icon } from "../decorators/definition.ts";
import { encodeBase64 } from "../util/base64.ts";

/** The fields that every content block may have. */
interface BlockMetadata {
  /** Audience, priority and time of last modification. */
  readonly annotations?: Annotations;
  readonly _meta?: { readonly [key: string]: unknown };
}

/** A text block (MCP `TextContent`). */
export interface TextContent extends BlockMetadata {
  readonly type: "text";
  readonly text: string;
}

/** An image block (MCP `ImageContent`). */
export interface ImageContent extends BlockMetadata {
  readonly type: "image";
  /** Base64-encoded bytes. */
  readonly data: string;
  readonly mimeType: string;
}

/** An audio block (MCP `AudioContent`). */
export interface AudioContent extends BlockMetadata {
  readonly type: "audio";
  /** Base64-encoded bytes. */
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
  /** Base64-encoded bytes. */
  readonly blob: string;
  readonly _meta?: { readonly [key: string]: unknown };
}

/** The contents of a resource: text or bytes. */
export type ResourceContents = TextResourceContents | BlobResourceContents;

/** The contents of a resource as a content block (MCP `EmbeddedResource`). */
export interface EmbeddedResource extends BlockMetadata {
  readonly type: "resource";
  readonly resource: ResourceContents;
}

/** A link to a resource that the client may read (MCP `ResourceLink`). */
export interface ResourceLink extends BlockMetadata {
  readonly type: "resource_link";
  readonly uri: string;
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly mimeType?: string;
  readonly size?: number;
  readonly icons?: readonly Icon[];
}

/** A content block of a tool's result or a prompt's message. */
export type ContentBlock = TextContent | ImageContent | AudioContent | EmbeddedResource | ResourceLink;

/** A message of a prompt (MCP `PromptMessage`). */
export interface PromptMessage {
  readonly role: "user" | "assistant";
  /** A content block, or the text of a text block. */
  readonly content: ContentBlock | string;
}

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

const TOOL_RESULT: unique symbol = Symbol.for("methodic.toolResult");

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
  return { ...options, [TOOL_RESULT]: true };
}

/** Checks whether a value was created by {@link toolResult}. */
export function isToolResult(value: unknown): value is ToolResult {
  return (
    typeof value === "object" && value !== null && (value as { readonly [TOOL_RESULT]?: unknown })[TOOL_RESULT] === true
  );
}

/**
 * Creates an image block.
 * @param data Bytes, or base64 text
 * @param mimeType For example `image/png`
 */
export function image(data: Uint8Array | string, mimeType: string, annotations?: Annotations): ImageContent {
  return { type: "image", data: toBase64(data), mimeType, ...(annotations && { annotations }) };
}

/**
 * Creates an audio block.
 * @param data Bytes, or base64 text
 * @param mimeType For example `audio/wav`
 */
export function audio(data: Uint8Array | string, mimeType: string, annotations?: Annotations): AudioContent {
  return { type: "audio", data: toBase64(data), mimeType, ...(annotations && { annotations }) };
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
  return { type: "resource", resource };
}

/** Creates a content block that links to a resource. Clients read the resource on demand. */
export function resourceLink(uri: string, fields: Omit<ResourceLink, "type" | "uri">): ResourceLink {
  return { type: "resource_link", uri, ...fields };
}

function toBase64(data: Uint8Array | string): string {
  return typeof data === "string" ? data : encodeBase64(data);
}

/** Checks whether a value has the form of a content block. */
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

/** Checks whether a value has the form of a resource's contents. */
export function isResourceContents(value: unknown): value is ResourceContents {
  if (typeof value !== "object" || value === null) return false;
  const { uri, text, blob } = value as { readonly [key: string]: unknown };
  return typeof uri === "string" && (typeof text === "string" || typeof blob === "string");
}

type Fields = { readonly [key: string]: unknown };

/**
 * Finds a field that MCP forbids in a block that has the form of its type. Left to the SDK, it
 * would be reported to the client as an error of its request.
 */
export function findBlockProblem(block: ContentBlock): string | undefined {
  const { type, annotations, _meta } = block;
  if (annotations !== undefined) {
    const problem = isObject(annotations) ? findAnnotationsProblem(annotations) : "must be an object";
    if (problem !== undefined) return `its annotations ${problem}`;
  }
  if (_meta !== undefined && !isObject(_meta)) return "its _meta must be an object";
  if (type === "image" || type === "audio") return isBase64(block.data) ? undefined : "its data is not base64";
  if (type === "resource") return findContentsProblem(block.resource);
  return type === "resource_link" ? findLinkProblem(block as unknown as Fields) : undefined;
}

/** Finds a field that MCP forbids in the contents of a resource. */
export function findContentsProblem(contents: ResourceContents): string | undefined {
  // The values come from author code, whatever their types.
  const { mimeType, text, blob, _meta }: Fields = contents as unknown as Fields;
  if (mimeType !== undefined && typeof mimeType !== "string") return "its mimeType must be a string";
  if (_meta !== undefined && !isObject(_meta)) return "its _meta must be an object";
  if (typeof text === "string") return undefined;
  return isBase64(blob) ? undefined : "its blob is not base64";
}

function findAnnotationsProblem({ audience, priority, lastModified }: Fields): string | undefined {
  const isAudience = Array.isArray(audience) && audience.every((one) => one === "user" || one === "assistant");
  if (audience !== undefined && !isAudience) return 'must have an audience of "user" and "assistant"';
  if (priority !== undefined && !(typeof priority === "number" && priority >= 0 && priority <= 1))
    return "must have a priority from 0 to 1";
  return lastModified === undefined || typeof lastModified === "string"
    ? undefined
    : "must have a lastModified that is a string";
}

function findLinkProblem(link: Fields): string | undefined {
  const wrong = ["title", "description", "mimeType"].find(
    (key) => link[key] !== undefined && typeof link[key] !== "string",
  );
  if (wrong !== undefined) return `its ${wrong} must be a string`;
  if (link["size"] !== undefined && typeof link["size"] !== "number") return "its size must be a number";
  return link["icons"] === undefined || Array.isArray(link["icons"]) ? undefined : "its icons must be an array";
}

/** Checks base64 as `atob` does, which is what clients use. */
function isBase64(data: unknown): boolean {
  try {
    atob(data as string);
    return true;
  } catch {
    return false;
  }
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

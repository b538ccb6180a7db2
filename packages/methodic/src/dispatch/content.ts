import type { Annotations, Icon } from "../decorators/definition.ts";
import { encodeBase64 } from "../util/base64.ts";

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

type Facts = { readonly [key: string]: unknown };

/**
 * Says what MCP forbids in a block that has the form of its type, or nothing. Left to the protocol layer, it would be told to the
 * client as a fault of its request.
 */
export function blockProblem(block: ContentBlock): string | undefined {
  const { type, annotations, _meta } = block;
  if (annotations !== undefined) {
    const problem = isObject(annotations) ? annotationsProblem(annotations) : "must be an object";
    if (problem !== undefined) return `its annotations ${problem}`;
  }
  if (_meta !== undefined && !isObject(_meta)) return "its _meta must be an object";
  if (type === "image" || type === "audio") return isBase64(block.data) ? undefined : "its data is not base64";
  if (type === "resource") return resourceProblem(block.resource as unknown as Facts);
  return type === "resource_link" ? linkProblem(block as unknown as Facts) : undefined;
}

/** Says what MCP forbids in the contents of a resource, or nothing. */
export function resourceProblem({ mimeType, text, blob, _meta }: Facts): string | undefined {
  if (mimeType !== undefined && typeof mimeType !== "string") return "its mimeType must be a string";
  if (_meta !== undefined && !isObject(_meta)) return "its _meta must be an object";
  if (typeof text === "string") return undefined;
  return isBase64(blob) ? undefined : "its blob is not base64";
}

function annotationsProblem({ audience, priority, lastModified }: Facts): string | undefined {
  const isAudience = Array.isArray(audience) && audience.every((one) => one === "user" || one === "assistant");
  if (audience !== undefined && !isAudience) return 'must have an audience of "user" and "assistant"';
  if (priority !== undefined && !(typeof priority === "number" && priority >= 0 && priority <= 1))
    return "must have a priority from 0 to 1";
  return lastModified === undefined || typeof lastModified === "string"
    ? undefined
    : "must have a lastModified that is a string";
}

function linkProblem(link: Facts): string | undefined {
  const odd = ["title", "description", "mimeType"].find(
    (key) => link[key] !== undefined && typeof link[key] !== "string",
  );
  if (odd !== undefined) return `its ${odd} must be a string`;
  if (link["size"] !== undefined && typeof link["size"] !== "number") return "its size must be a number";
  return link["icons"] === undefined || Array.isArray(link["icons"]) ? undefined : "its icons must be an array";
}

/** Base64 as `atob` reads it, which is what clients use. */
function isBase64(data: unknown): boolean {
  try {
    atob(data as string);
    return true;
  } catch {
    return false;
  }
}

function isObject(value: unknown): value is Facts {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

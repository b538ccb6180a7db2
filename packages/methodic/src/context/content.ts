import type { Annotations, Icon } from "../manifest/mcp-types.ts";

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
  /** A content block, or the text of a text block. Several become a message each. */
  readonly content: ContentBlock | string | readonly (ContentBlock | string)[];
}

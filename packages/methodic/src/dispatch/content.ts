import type { ContentBlock, ResourceLink } from "../context/content.ts";
import { isMarked, mark, markKey } from "../util/mark.ts";

/** Marks the content blocks that functions such as {@link resourceLink} create. */
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

/** Creates a content block that links to a resource. Clients read the resource on demand. */
export function resourceLink(uri: string, fields: Omit<ResourceLink, "type" | "uri">): ResourceLink {
  return mark({ type: "resource_link", uri, ...fields }, CONTENT);
}

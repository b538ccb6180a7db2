import type { JsonSchema, JsonValue } from "../manifest/format.ts";

/** A message of a conversation with the client's model (MCP `SamplingMessage`). */
export interface SamplingMessage {
  readonly role: "user" | "assistant";
  /** Text, or content blocks. */
  readonly content: string | SamplingContent | readonly SamplingContent[];
}

/** A content block of a {@link SamplingMessage}. */
export type SamplingContent = SampledContent | ToolResultContent;

/** A content block that a model generates. */
export type SampledContent =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "image" | "audio"; /** Base64-encoded bytes. */ readonly data: string; readonly mimeType: string }
  | ToolUseContent;

/** A model's request to use a tool of {@link SamplingOptions.tools} (MCP `ToolUseContent`). */
export interface ToolUseContent {
  readonly type: "tool_use";
  /** The ID that its {@link ToolResultContent} refers to. */
  readonly id: string;
  readonly name: string;
  readonly input: { readonly [name: string]: JsonValue };
}

/** The result of a tool that a model asked for (MCP `ToolResultContent`). */
export interface ToolResultContent {
  readonly type: "tool_result";
  readonly toolUseId: string;
  readonly content: readonly Exclude<SampledContent, ToolUseContent>[];
  readonly structuredContent?: { readonly [name: string]: JsonValue };
  readonly isError?: boolean;
}

/** A tool that the model may ask for (MCP `Tool`). The method runs it. */
export interface SamplingTool {
  readonly name: string;
  readonly description?: string;
  /** An object schema. */
  readonly inputSchema: JsonSchema;
}

/** Options of `Context.sample`, with the names of MCP's `sampling/createMessage`. */
export interface SamplingOptions {
  /** Maximum number of tokens to generate. Default 1024. */
  readonly maxTokens?: number;
  readonly systemPrompt?: string;
  readonly temperature?: number;
  readonly stopSequences?: readonly string[];
  /** Hints for the client's choice of a model. Priorities are numbers from 0 to 1. */
  readonly modelPreferences?: {
    /** Names of models or parts of them, the best first. */
    readonly hints?: readonly { readonly name?: string }[];
    readonly costPriority?: number;
    readonly speedPriority?: number;
    readonly intelligencePriority?: number;
  };
  /** Metadata for the provider of the model. */
  readonly metadata?: { readonly [name: string]: JsonValue };
  /** Tools that the model may ask for. The client must declare `sampling.tools`. */
  readonly tools?: readonly SamplingTool[];
  readonly toolChoice?: { readonly mode?: "auto" | "required" | "none" };
  /** The question's name in its call. Default: from the messages and the options. */
  readonly key?: string;
}

/** The message that the client's model generated. It can be passed to the next `Context.sample`. */
export interface SamplingResult {
  readonly role: "user" | "assistant";
  readonly content: readonly SampledContent[];
  /** The text blocks of the content, joined by line breaks. */
  readonly text: string;
  /** The name of the model. */
  readonly model: string;
  /** For example `endTurn`, `maxTokens`, `stopSequence` or `toolUse`. */
  readonly stopReason?: string;
}

/** A folder or file that the client lets servers work on. */
export interface Root {
  /** A `file:` URL. */
  readonly uri: string;
  readonly name?: string;
}

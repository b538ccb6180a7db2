/**
 * Hints for clients about a tool (MCP `ToolAnnotations`). Clients must not rely on them for safety.
 */
export interface ToolAnnotations {
  /** A human-readable name; the tool's own `title` takes precedence. */
  readonly title?: string;
  /** The tool does not modify anything. */
  readonly readOnlyHint?: boolean;
  /** The tool may delete or overwrite data. */
  readonly destructiveHint?: boolean;
  /** Calling the tool again with the same arguments has no further effect. */
  readonly idempotentHint?: boolean;
  /** The tool reaches beyond this server's own data. */
  readonly openWorldHint?: boolean;
}

/** The audience and importance of a resource or content block (MCP `Annotations`). */
export interface Annotations {
  readonly audience?: readonly ("user" | "assistant")[];
  /** From 0 (optional) to 1 (required). */
  readonly priority?: number;
  /** An ISO 8601 timestamp. */
  readonly lastModified?: string;
}

/** An icon that a client may show (MCP `Icon`). */
export interface Icon {
  /** An `https:` or `data:` URI. */
  readonly src: string;
  readonly mimeType?: string;
  /** For example `["48x48"]` or `["any"]`. */
  readonly sizes?: readonly string[];
  readonly theme?: "light" | "dark";
}

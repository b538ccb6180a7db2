import type {
  PromptDescription,
  ResourceDescription,
  ResourceTemplateDescription,
  ToolDescription,
} from "./descriptions.ts";

/**
 * The key of a server's method that returns its {@link ServerDescription}. The compiler calls it
 * for servers whose components only the running program knows.
 */
export const DESCRIBE_SERVER: unique symbol = Symbol.for("methodic.describe");

/** All that a server publishes, before access rules hide parts of it from callers. */
export interface ServerDescription {
  readonly name: string;
  readonly title?: string;
  readonly instructions?: string;
  readonly tools: readonly ToolDescription[];
  readonly resources: readonly ResourceDescription[];
  readonly resourceTemplates: readonly ResourceTemplateDescription[];
  readonly prompts: readonly PromptDescription[];
}

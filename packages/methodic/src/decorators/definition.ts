/** Hints for clients about what a tool does (MCP `ToolAnnotations`). Hints only: a client must not rely on them for safety. */
export interface ToolAnnotations {
  /** A name for people; `title` of the tool wins. */
  readonly title?: string;
  /** The tool changes nothing. */
  readonly readOnlyHint?: boolean;
  /** The tool may destroy something. */
  readonly destructiveHint?: boolean;
  /** Calling it again with the same arguments changes nothing more. */
  readonly idempotentHint?: boolean;
  /** The tool reaches beyond this server's own data. */
  readonly openWorldHint?: boolean;
}

/** Who a resource or block is for and how much it matters (MCP `Annotations`). */
export interface Annotations {
  readonly audience?: readonly ("user" | "assistant")[];
  /** From 0 (optional) to 1 (required). */
  readonly priority?: number;
  /** ISO 8601 time. */
  readonly lastModified?: string;
}

/** An icon a client may show (MCP `Icon`). */
export interface Icon {
  /** An `https:` or `data:` URI. */
  readonly src: string;
  readonly mimeType?: string;
  /** For example `["48x48"]` or `["any"]`. */
  readonly sizes?: readonly string[];
  readonly theme?: "light" | "dark";
}

/** Options that every kind of component has. */
export interface ComponentOptions {
  /** The public name. Default: the method's name, converted as the server's `naming` says. Never converted when given. */
  readonly name?: string;
  /** A name for people. Default: the JSDoc `@title`. */
  readonly title?: string;
  /** What it is for. Default: the method's JSDoc text. */
  readonly description?: string;
  readonly icons?: readonly Icon[];
  /** Published as `_meta`. */
  readonly meta?: { readonly [key: string]: unknown };
}

/** Options of {@link tool}. */
export interface ToolOptions extends ComponentOptions {
  readonly annotations?: ToolAnnotations;
}

/** Options of {@link resource}. */
export interface ResourceOptions extends ComponentOptions {
  /** Default: `text/plain` for strings, `application/json` for other JSON, `application/octet-stream` for bytes. */
  readonly mimeType?: string;
  readonly annotations?: Annotations;
  /** Size in bytes, where it is known beforehand. */
  readonly size?: number;
  /**
   * For a URI template: the name of a method of the same class that lists the concrete resources.
   * It takes nothing (or a `Context`) and returns the values of the template's variables, one object (or, for one variable, one string) a resource.
   */
  readonly list?: string;
}

/** Options of {@link prompt}. */
export type PromptOptions = ComponentOptions;

/** What a decorator leaves on a method: the mark that makes it a component. */
export type ComponentDefinition =
  | { readonly kind: "tool"; readonly options: ToolOptions }
  | { readonly kind: "resource"; readonly uri: string; readonly options: ResourceOptions }
  | { readonly kind: "prompt"; readonly options: PromptOptions };

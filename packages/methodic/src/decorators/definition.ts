import type { AccessRules } from "../context/auth-info.ts";

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
  /**
   * Who may use it, on top of what the server and the class say. Whoever may not does not find it in lists and is told that it does not
   * exist. Rules apply over HTTP; a local client (stdio) may use everything.
   */
  readonly auth?: AccessRules;
}

/** What a {@link StandardSchema} says of a value: the value it makes of it, or what is wrong. */
export type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] };

/** One thing that a {@link StandardSchema} finds wrong. */
export interface StandardIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/**
 * A schema of any library that implements Standard Schema and Standard JSON Schema (https://standardschema.dev): zod 4, ArkType,
 * Valibot through its converter, and others.
 */
export interface StandardSchema<Input = unknown, Output = unknown> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>;
    readonly jsonSchema: {
      readonly input: (options: { readonly target: "draft-2020-12" }) => Record<string, unknown>;
      readonly output: (options: { readonly target: "draft-2020-12" }) => Record<string, unknown>;
    };
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
  };
}

/** A JSON Schema (2020-12) written by hand, or made by a library such as TypeBox. */
export type JsonSchemaObject = { readonly [keyword: string]: unknown } | { readonly type: unknown };

/** Options of {@link tool}. */
export interface ToolOptions extends ComponentOptions {
  readonly annotations?: ToolAnnotations;
  /**
   * The schema of the input, instead of the one that the method's parameters say. The method then takes the whole input as its one
   * argument (and a `Context`, if it wants): as it came for a JSON Schema, as the schema's output for a {@link StandardSchema}.
   * Write it in the decorator call itself, so that the compiler sees it.
   */
  readonly inputSchema?: JsonSchemaObject | StandardSchema;
  /**
   * The schema of the structured result, instead of the one that the return type says. For a {@link StandardSchema} the method returns the
   * schema's input, and clients get its output. Write it in the decorator call itself, so that the compiler sees it.
   */
  readonly outputSchema?: JsonSchemaObject | StandardSchema;
  /** Check results against the output schema. Default: as the server's option `validateOutput` says. */
  readonly validateOutput?: boolean;
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
  /**
   * For a URI template: variables whose values reach the method as they came. Others are refused if they have a `..` segment or control
   * characters, or are an absolute path. Name a variable here only if what the method does with it is safe for any text.
   */
  readonly allowUnsafeVariables?: readonly string[];
}

/** Options of {@link prompt}. */
export type PromptOptions = ComponentOptions;

/** What a decorator leaves on a method: the mark that makes it a component. */
export type ComponentDefinition =
  | { readonly kind: "tool"; readonly options: ToolOptions }
  | { readonly kind: "resource"; readonly uri: string; readonly options: ResourceOptions }
  | { readonly kind: "prompt"; readonly options: PromptOptions };

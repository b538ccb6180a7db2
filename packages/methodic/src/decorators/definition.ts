import type { AccessRules } from "../context/auth-info.ts";
import type { Descriptions, RefsMode } from "../manifest/decorator-options.ts";
import type { TimeSpan } from "../util/duration.ts";
import type { Annotations, Icon, ToolAnnotations } from "../manifest/mcp-types.ts";

export type { Annotations, Icon, ToolAnnotations } from "../manifest/mcp-types.ts";

/**
 * Tells clients of MCP 2026-07-28 how long they may keep a result, and whether a cache may share it
 * among callers.
 */
export interface CacheHint {
  /** The time in milliseconds for which the result stays valid. Default 0. */
  readonly ttlMs?: number;
  /** `public` if the result is the same for every caller. Default `private`. */
  readonly cacheScope?: "public" | "private";
}

/** Options that tools, resources and prompts share. */
export interface ComponentOptions {
  /**
   * The public name, used as is. Default: the method's name, converted by the server's option
   * `naming`.
   */
  readonly name?: string;
  /**
   * A human-readable name. Default: the JSDoc `@title`, else derived from the public name:
   * `add_note` becomes `Add note`.
   */
  readonly title?: string;
  /** A description for the model. Default: the method's JSDoc text. */
  readonly description?: string;
  readonly icons?: readonly Icon[];
  /** Published as `_meta`. */
  readonly meta?: { readonly [key: string]: unknown };
  /**
   * The time after which a call ends with an error, even if the method goes on: milliseconds, or a
   * string such as `"30s"`; at least 100 ms, or 0 for no limit. `ctx.signal` aborts then. The time
   * that the method waits for the client's answer to a question does not count. Default: the
   * server's option `timeout`.
   */
  readonly timeout?: TimeSpan;
  /**
   * The cache hint of lists that show the component and, for a resource, of its contents. Default:
   * the server's option `cacheHints`. A list has the shortest time of what it shows, and what
   * access rules guard is never public.
   */
  readonly cacheHint?: CacheHint;
  /**
   * The version of the component: numbers, such as `"2.0"`, or a date. Several components may have
   * one name (or URI) if their versions differ: lists show the newest that the caller may use, and
   * requests for `name@version` get the others.
   */
  readonly version?: string;
  /**
   * Names by which the server enables and disables components: `server.tools.disable({ tags:
   * ["admin"] })`. Clients do not see them.
   */
  readonly tags?: readonly string[];
  /**
   * False hides the component: it is neither listed nor usable until the server enables it, with
   * `server.tools.enable(name)` for example. Default true.
   */
  readonly enabled?: boolean;
  /**
   * Rules that callers must meet, in addition to those of the server and the class. Lists leave the
   * component out for other callers, and using it fails as if it did not exist. Rules apply over
   * HTTP; a local client (stdio) may use everything.
   */
  readonly auth?: AccessRules;
}

/** Options of {@link service}. */
export interface ServiceOptions {
  /**
   * Rules that callers of any component of this class or a subclass must meet. A component's own
   * rules apply as well.
   */
  readonly auth?: AccessRules;
}

/** The outcome of a {@link StandardSchema}'s validation: its output value, or the issues. */
export type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] };

/** A validation issue that a {@link StandardSchema} reports. */
export interface StandardIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/**
 * A schema of any library that implements Standard Schema and Standard JSON Schema
 * (https://standardschema.dev), such as zod 4, ArkType, or Valibot with its converter.
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

/** A JSON Schema (2020-12), written by hand or built by a library such as TypeBox. */
export type JsonSchemaObject = { readonly [keyword: string]: unknown } | { readonly type: unknown };

/** Options of {@link tool}. */
export interface ToolOptions extends ComponentOptions {
  readonly annotations?: ToolAnnotations;
  /**
   * The input's schema, in place of the one derived from the method's parameters. The method then
   * takes the whole input as one argument (and optionally a `Context`): the input itself for a JSON
   * Schema, the schema's output for a {@link StandardSchema}. Write it inline in the decorator
   * call, where the compiler can see it.
   */
  readonly inputSchema?: JsonSchemaObject | StandardSchema;
  /**
   * The structured result's schema, in place of the one derived from the return type. With a
   * {@link StandardSchema}, the method returns the schema's input, and clients get its output.
   * Write it inline in the decorator call, where the compiler can see it.
   *
   * `false` publishes no schema: the result is sent as text only and is not validated, whatever its
   * type is. Use it for types that are too large for a model, such as those of a package.
   */
  readonly outputSchema?: JsonSchemaObject | StandardSchema | false;
  /**
   * The use of references (`$ref`) in the published schemas: `auto` shares the parts that are used
   * more than once in a schema over 4 KB, `always` in every schema, and `inline` in none, for
   * clients that do not resolve references. Recursive types always have references. Write it inline
   * in the decorator call, where the compiler can see it. Default: the server's option `refs`.
   */
  readonly refs?: RefsMode;
  /** Validate results against the output schema. Default: the server's option `validateOutput`. */
  readonly validateOutput?: boolean;
  /**
   * The JSDoc of types that the schemas quote: `"own"` quotes types of packages with their first
   * sentence, `"all"` everything, `{ max: 80 }` at most 80 characters of each description. Default:
   * the project option `descriptions`. Write it inline in the decorator call, where the compiler
   * can see it.
   */
  readonly descriptions?: Descriptions;
  /**
   * Writes the text that accompanies structured data, in place of the data as JSON: a summary that
   * a model reads more easily. Gets what the method returns. If it throws, the text is the JSON.
   */
  render?(value: unknown): string;
  /**
   * Reports progress at this interval while the method works, to clients that asked for progress: a
   * client that starts its timeout again with each report keeps waiting. Milliseconds, or a string
   * such as `"15s"`; at least 1 second, or 0 for none. Default: the server's option `heartbeat`.
   */
  readonly heartbeat?: TimeSpan;
}

/** Options of {@link resource}. */
export interface ResourceOptions extends ComponentOptions {
  /**
   * Default: `text/plain` for strings, `application/json` for other JSON,
   * `application/octet-stream` for bytes.
   */
  readonly mimeType?: string;
  readonly annotations?: Annotations;
  /** The size in bytes, if it is known in advance. */
  readonly size?: number;
  /**
   * For a URI template: the name of a method of the same class that lists the concrete resources.
   * The method takes nothing (or a `Context`) and returns the variables' values: an object for each
   * resource, or a string if there is one variable.
   */
  readonly list?: string;
  /**
   * For a URI template: variables whose values reach the method unchecked. Values of other
   * variables are refused if they have a `..` segment or control characters, or are an absolute
   * path. Name a variable here only if the method handles any text safely.
   */
  readonly allowUnsafeVariables?: readonly string[];
}

/** Options of {@link prompt}. */
export type PromptOptions = ComponentOptions;

/** The mark that a decorator leaves on a method and that makes it a component. */
export type ComponentDefinition =
  | { readonly kind: "tool"; readonly options: ToolOptions }
  | { readonly kind: "resource"; readonly uri: string; readonly options: ResourceOptions }
  | { readonly kind: "prompt"; readonly options: PromptOptions };

/** The mark of a method that offers values for an argument. */
export interface CompletionDefinition {
  readonly kind: "completion";
  /** A prompt or resource template: its public name, URI template, or method. */
  readonly of: string;
  readonly argument: string;
}

/** Any mark that a decorator leaves on a method. */
export type MethodDefinition = ComponentDefinition | CompletionDefinition;

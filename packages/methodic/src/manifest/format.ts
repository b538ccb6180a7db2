/**
 * The manifest: what the compiler knows about a service class, in the form the runtime reads it.
 * Plain data plus validator functions; neither side imports the other's code.
 */

import type { RevivalPlan } from "./revival.ts";

/**
 * Version of the manifest format. The compiler writes it into every class and the runtime refuses any other,
 * so that a server built with one version of Methodic is never read by an incompatible one.
 */
export const MANIFEST_VERSION = 2;

/** The key of the static class member that carries the manifest. */
export const MANIFEST_KEY: unique symbol = Symbol.for("methodic.manifest");

/** Any JSON value. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** A JSON Schema 2020-12 object. */
export type JsonSchema = { readonly [keyword: string]: JsonValue };

/** The schema of a component's input: always a plain object schema at its root, as MCP demands. */
export type InputSchema = JsonSchema & {
  readonly type: "object";
  readonly properties?: { readonly [name: string]: JsonSchema };
  readonly required?: readonly string[];
};

/** What a decorated method is to MCP. */
export type MemberKind = "tool" | "resource" | "prompt";

/**
 * How a method's return value becomes a result, known from its type:
 * - `text`: always a string (or nothing): one text block, no structured content
 * - `empty`: always nothing
 * - `structured`: JSON that follows `outputSchema`
 * - `content`: MCP content blocks, or a whole result made with `toolResult` (a method that returns `ToolResult<T>` has T's schema as `outputSchema`)
 * - `dynamic`: the type says nothing (`any`, `unknown`): decided from the value
 */
export type ResultKind = "text" | "empty" | "structured" | "content" | "dynamic";

/** How an input object turns into the arguments of a method call. */
export interface ParameterPlan {
  /** The names of the method's parameters in order, without the context parameter. */
  readonly names: readonly string[];
  /** The position of the context parameter in the method's full parameter list, if it has one. */
  readonly contextIndex?: number;
  /** The one named parameter is the whole input object (a destructured parameter). */
  readonly wholeInput?: true;
}

/** What the compiler knows of one decorated method. */
export interface MemberData {
  readonly kind: MemberKind;
  readonly title?: string;
  /** The method's JSDoc text. Options given to the decorator win over it. */
  readonly description?: string;
  readonly deprecated?: boolean | string;
  readonly parameters: ParameterPlan;
  /** The schemas of a tool that its decorator gives (`inputSchema`, `outputSchema`) and not its types: they are only known when the program runs. */
  readonly decoratorSchemas?: readonly ("input" | "output")[];
  /** Absent where the decorator gives it. */
  readonly inputSchema?: InputSchema;
  /** How validated arguments become the values that the method's types name; absent where JSON is what they name. */
  readonly revival?: RevivalPlan;
  /** Present for results of kind `structured`, and of kind `content` where the type is `ToolResult<T>`. */
  readonly outputSchema?: JsonSchema;
  readonly result: ResultKind;
}

/** One thing wrong with a value, as ajv reports it. */
export interface ValidationError {
  readonly keyword: string;
  /** JSON Pointer (RFC 6901) into the value. */
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly params: { readonly [name: string]: unknown };
  readonly message?: string;
}

/** A generated check: true if the value is valid, else false with all problems in `errors`. */
export interface Validator {
  (value: unknown): boolean;
  errors?: readonly ValidationError[] | null;
}

/** The generated checks of one method: of those of its schemas that its types say. */
export interface MemberValidators {
  readonly input?: Validator;
  readonly output?: Validator;
}

/** A method's data together with its checks, which are made on first use. */
export interface MemberManifest extends MemberData {
  readonly validators: MemberValidators;
}

/** A method whose types say its input, as those of all resources and prompts do. */
export interface TypedMember extends MemberManifest {
  readonly inputSchema: InputSchema;
  readonly validators: MemberValidators & { readonly input: Validator };
}

/**
 * Everything the compiler knows of one class, by method name. Inherited methods are in the base class's own manifest, but for those
 * of a generic base: what they take and return is only known in the subclass that fills in the type parameters.
 */
export interface ServiceManifest {
  readonly version: number;
  readonly members: { readonly [methodName: string]: MemberManifest };
}

/** The input object of a call. */
export type Input = { readonly [name: string]: unknown };

/**
 * The manifest: the compiler's description of a service class, in the form that the runtime reads.
 * It is plain data and validator functions, so that neither side imports the other's code.
 */

import type { RevivalPlan } from "./revival.ts";
import type { RefsMode } from "./decorator-options.ts";

/**
 * The version of the manifest format. The compiler writes it into every class, and the runtime
 * refuses any other, so that no version of Methodic reads the output of an incompatible one.
 */
export const MANIFEST_VERSION = 3;

/** The key of the static class member that carries the manifest. */
export const MANIFEST_KEY: unique symbol = Symbol.for("methodic.manifest");

/** Any JSON value. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** A JSON Schema 2020-12 object. */
export type JsonSchema = { readonly [keyword: string]: JsonValue };

/**
 * The schema of a component's input. Its root is an object schema, as MCP requires. The exact one
 * of a tool may have the members of a discriminated union in `anyOf`; the published one has not.
 */
export type InputSchema = JsonSchema & {
  readonly type: "object";
  readonly properties?: { readonly [name: string]: JsonSchema };
  readonly required?: readonly string[];
};

/** The MCP kind of a decorated method. */
export type MemberKind = "tool" | "resource" | "prompt";

/**
 * The conversion of a method's return value to a result, by its type:
 * - `text`: a string or nothing; one text block, no structured content
 * - `empty`: nothing
 * - `structured`: JSON that matches `outputSchema`
 * - `content`: MCP content blocks, or a result made with `toolResult`, whose type parameter
 *   is the source of `outputSchema`
 * - `dynamic`: `any` or `unknown`; the value decides
 */
export type ResultKind = "text" | "empty" | "structured" | "content" | "dynamic";

/**
 * The result of a generator method:
 * - `value`: the value that it returns
 * - `text`: the text that it yields, for a generator that returns nothing
 */
export type GeneratorResult = "value" | "text";

/** The conversion of an input object to the arguments of a method call. */
export interface ParameterPlan {
  /** The names of the method's parameters in order, without the context parameter. */
  readonly names: readonly string[];
  /** The position of the context parameter in the method's full parameter list, if it has one. */
  readonly contextIndex?: number;
  /**
   * The one named parameter is the whole input object: it is destructured, or a discriminated
   * union.
   */
  readonly wholeInput?: true;
}

/** The compiler's description of one decorated method. */
export interface MemberData {
  readonly kind: MemberKind;
  readonly title?: string;
  /** The method's JSDoc text. The decorator's options take precedence. */
  readonly description?: string;
  readonly deprecated?: boolean | string;
  readonly parameters: ParameterPlan;
  /**
   * The schemas that a tool's decorator defines (`inputSchema`, `outputSchema`) in place of its
   * types. They are known only at run time.
   */
  readonly decoratorSchemas?: readonly ("input" | "output")[];
  /** Absent if the decorator defines the input's schema. */
  readonly inputSchema?: InputSchema;
  /**
   * The conversion of validated arguments to the values of the method's types; absent if these are
   * JSON.
   */
  readonly revival?: RevivalPlan;
  /**
   * Present for results of kind `structured`, and of kind `content` with the type `ToolResult<T>`.
   */
  readonly outputSchema?: JsonSchema;
  /** The schemas that clients see, where they differ from the exact ones above. */
  readonly publishedSchemas?: { readonly input?: InputSchema; readonly output?: JsonSchema };
  /** The use of references in the published schemas, unless it is `auto`. */
  readonly refs?: RefsMode;
  readonly result: ResultKind;
  /** Present for tools whose method is a generator. */
  readonly generator?: GeneratorResult;
}

/** A generated validator. Returns the verdict; the runtime finds the errors of invalid values. */
export type Validator = (value: unknown) => boolean;

/** The generated validators of one method, for the schemas that its types define. */
export interface MemberValidators {
  readonly input?: Validator;
  readonly output?: Validator;
}

/** A method's data with its validators, which are created on first use. */
export interface MemberManifest extends MemberData {
  readonly validators: MemberValidators;
}

/** A method whose types define its input. All resources and prompts are such methods. */
export interface TypedMember extends MemberManifest {
  readonly inputSchema: InputSchema;
  readonly validators: MemberValidators & { readonly input: Validator };
}

/**
 * The compiler's description of one class, by method name. Inherited methods are in the base
 * class's manifest, except for a generic base: only the subclass that sets the type parameters
 * determines their parameters and results.
 */
export interface ServiceManifest {
  readonly version: number;
  readonly members: { readonly [methodName: string]: MemberManifest };
  /**
   * The positions of the context parameters of completion methods, where these take a context
   * before the typed text or the chosen arguments.
   */
  readonly contextIndexes?: { readonly [methodName: string]: number };
}

/** The input object of a call. */
export type Input = { readonly [name: string]: unknown };

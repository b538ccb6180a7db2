import { addLazy } from "../util/lazy.ts";
import type { InputSchema, JsonSchema, MemberData } from "./format.ts";
import type { Annotations, Icon, ToolAnnotations } from "./mcp-types.ts";
import { deriveTitle } from "./names.ts";

/** The decorator options that lists show. */
export interface PublishedOptions {
  readonly title?: string;
  readonly description?: string;
  readonly icons?: readonly Icon[];
  readonly meta?: { readonly [key: string]: unknown };
}

/** The options of a tool that lists show, without its schemas. */
export interface PublishedToolOptions extends PublishedOptions {
  readonly annotations?: ToolAnnotations;
}

/** The options of a resource that lists show. */
export interface PublishedResourceOptions extends PublishedOptions {
  readonly mimeType?: string;
  readonly annotations?: Annotations;
  readonly size?: number;
}

/** The fields of every list entry. */
interface Description {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly icons?: readonly Icon[];
  readonly _meta?: { readonly [key: string]: unknown };
}

/** An entry of `tools/list`. */
export interface ToolDescription extends Description {
  readonly inputSchema: InputSchema;
  readonly outputSchema?: JsonSchema;
  readonly annotations?: ToolAnnotations;
}

/** The fields that resources and templates share. */
interface ResourceFields extends Description {
  readonly mimeType?: string;
  readonly annotations?: Annotations;
  readonly size?: number;
}

/** An entry of `resources/list`. */
export interface ResourceDescription extends ResourceFields {
  readonly uri: string;
}

/** An entry of `resources/templates/list`. */
export interface ResourceTemplateDescription extends Omit<ResourceFields, "size"> {
  readonly uriTemplate: string;
}

/** An argument of a prompt, in `prompts/list`. */
export interface PromptArgument {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly required: boolean;
}

/** An entry of `prompts/list`. */
export interface PromptDescription extends Description {
  readonly arguments?: readonly PromptArgument[];
}

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

/**
 * The key of a server's method that returns its {@link ServerDescription}. The compiler calls it
 * for servers whose components only the running program knows. On `globalThis`, it marks a process
 * that loads servers for that purpose, in which `serve()` starts nothing.
 */
export const DESCRIBE_SERVER: unique symbol = Symbol.for("methodic.describe");

/** The schemas of a tool that clients see. */
export interface PublishedSchemas {
  readonly input: InputSchema;
  readonly output?: JsonSchema;
}

/**
 * Describes a component of any kind. Decorator options take precedence over the JSDoc, and a title
 * is derived from the name if neither has one.
 */
function describe(name: string, options: PublishedOptions, member: MemberData): Description {
  const title = options.title ?? member.title ?? deriveTitle(name);
  const description = options.description ?? member.description;
  return {
    name,
    title,
    ...(description !== undefined && { description }),
    ...(options.icons && { icons: options.icons }),
    ...(options.meta && { _meta: options.meta }),
  };
}

/** Describes a tool for `tools/list`. Its schemas are read when the description is. */
export function describeTool(
  { name, member }: { readonly name: string; readonly member: MemberData },
  options: PublishedToolOptions,
  published: PublishedSchemas,
): ToolDescription {
  // Clients prefer `title`: a derived one must not hide the author's.
  const title = options.title ?? member.title ?? options.annotations?.title ?? deriveTitle(name);
  const described = addLazy(describe(name, { ...options, title }, member), {
    inputSchema: () => published.input,
    ...("output" in published && { outputSchema: () => published.output }),
  });
  // Some clients and connector directories read only this title.
  return Object.assign(described, { annotations: { title, ...options.annotations } });
}

/** Describes the fields that resources and templates share. */
export function describeResource(name: string, options: PublishedResourceOptions, member: MemberData): ResourceFields {
  return {
    ...describe(name, options, member),
    ...(options.mimeType !== undefined && { mimeType: options.mimeType }),
    ...(options.annotations && { annotations: options.annotations }),
    ...(options.size !== undefined && { size: options.size }),
  };
}

/** Describes a prompt for `prompts/list`. */
export function describePrompt(name: string, options: PublishedOptions, member: MemberData): PromptDescription {
  const { properties = {}, required = [] } = member.inputSchema ?? {};
  const list = Object.entries(properties).map(([argument, schema]): PromptArgument => {
    const { title, description } = schema;
    return {
      name: argument,
      ...(typeof title === "string" && { title }),
      ...(typeof description === "string" && { description }),
      required: required.includes(argument),
    };
  });
  return { ...describe(name, options, member), ...(list.length > 0 && { arguments: list }) };
}

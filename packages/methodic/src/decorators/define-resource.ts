import type { Context } from "../context/context.ts";
import { isTemplate, parseTemplate } from "../uri-template/parse.ts";
import { acceptAny, checkFunction, checkNonEmptyString } from "../util/option-checks.ts";
import {
  attachSource,
  checkDefinition,
  functionMember,
  NO_INPUT,
  type PlainSchema,
  refuseDefinition,
} from "./defined-component.ts";
import type { ResourceOptions, StandardSchema } from "./definition.ts";
import { copyOptions, optionsOf } from "./options.ts";
import type { Parsed } from "./tool.ts";

/** The names in an expression of a template: `a` and `b` of `{a,b*}`. */
type NamesIn<Expression extends string> = Expression extends `${infer First},${infer Rest}`
  ? NamesIn<First> | NamesIn<Rest>
  : Expression extends `${infer Name}*`
    ? Name
    : Expression;

/** The expressions of a template, without braces. */
type ExpressionsIn<Template extends string> = Template extends `${string}{${infer Expression}}${infer Rest}`
  ? Expression | ExpressionsIn<Rest>
  : never;

type RequiredNames<Expression extends string> = Expression extends `?${string}` | `&${string}`
  ? never
  : NamesIn<Expression extends `+${infer Names}` ? Names : Expression>;

type OptionalNames<Expression extends string> = Expression extends `?${infer Names}` | `&${infer Names}`
  ? NamesIn<Names>
  : never;

/** The variables of a URI template, by its text: those of `{?x}` may be absent. */
export type TemplateVariables<Template extends string> = string extends Template
  ? { readonly [variable: string]: string }
  : { readonly [name in RequiredNames<ExpressionsIn<Template>>]: string } & {
      readonly [name in OptionalNames<ExpressionsIn<Template>>]?: string;
    };

/** Options of {@link defineResource}. */
export interface DefineResourceOptions<Variables> extends Omit<ResourceOptions, "list"> {
  /** The name. Default: derived from the URI. */
  readonly name?: string;
  /**
   * Returns the contents, in any form that a method with `@resource` may return; undefined if the
   * resource does not exist.
   */
  readonly read: (variables: Variables, context: Context) => unknown;
}

/** The option that makes a resource of a fixed URI. */
interface FixedUri {
  /** An absolute URI, such as `notes://all`. */
  readonly uri: string;
  readonly template?: never;
  readonly variables?: never;
  readonly list?: never;
}

/** The options that make a resource template. */
interface WithTemplate<Template extends string, Variables> {
  /** A URI template, such as `notes://{name}`. */
  readonly template: Template;
  readonly uri?: never;
  /**
   * The schema of the variables, which arrive as text and are converted as it says. Default: all
   * are strings.
   */
  readonly variables?: Variables;
  /**
   * Lists the concrete resources: the variables' values as an object for each, or a string if there
   * is one variable.
   */
  readonly list?: (context: Context) => ListedValues | Promise<ListedValues>;
}

type ListedValues = readonly (string | number | bigint | boolean | { readonly [variable: string]: unknown })[];

/** A resource or template that {@link defineResource} has made, for `server.resources.add`. */
export interface DefinedResource {
  readonly kind: "resource";
  readonly name: string;
  /** The URI, or the URI template. */
  readonly uri: string;
}

const SPEC = {
  ...optionsOf("resource"),
  uri: checkNonEmptyString,
  template: checkNonEmptyString,
  variables: acceptAny,
  list: checkFunction,
  read: { check: checkFunction, required: true },
};

type AnyOptions = DefineResourceOptions<never> & (FixedUri | WithTemplate<string, unknown>);

/**
 * Defines a resource without a class, or a resource template, for resources that are known only at
 * run time. `read` gets the variables of the template, all strings, unless `variables` is their
 * schema.
 * @throws MethodicError `INVALID_DECORATOR_OPTIONS`
 *
 * @example
 * ```ts
 * import { createServer, defineResource } from "methodic";
 *
 * const notes = new Map([["todo", "Buy milk"]]);
 * const server = createServer({ name: "notes", version: "1.0.0", services: [] });
 *
 * server.resources.add(
 *   defineResource({
 *     template: "notes://{name}",
 *     mimeType: "text/markdown",
 *     read: ({ name }) => notes.get(name),
 *     list: () => [...notes.keys()],
 *   }),
 * );
 * ```
 */
export function defineResource<V extends StandardSchema>(
  options: DefineResourceOptions<Parsed<V>> & WithTemplate<string, V> & { readonly variables: V },
): DefinedResource;
export function defineResource(
  options: DefineResourceOptions<{ readonly [variable: string]: never }> & FixedUri,
): DefinedResource;
export function defineResource<T extends string>(
  options: DefineResourceOptions<TemplateVariables<T>> & WithTemplate<T, never>,
): DefinedResource;
export function defineResource<Variables extends object>(
  options: DefineResourceOptions<Variables> & WithTemplate<string, PlainSchema> & { readonly variables: PlainSchema },
): DefinedResource;
export function defineResource(given: AnyOptions): DefinedResource {
  const where = checkDefinition("resource", given, SPEC);
  const uri = readUri(given, where);
  const { list, ...others } = copyOptions("resource", given) as { readonly [option: string]: unknown };
  const options: ResourceOptions = { name: nameOf(uri), ...others, ...(list !== undefined && { list: "list" }) };
  return attachSource(
    { kind: "resource", name: options.name as string, uri },
    {
      where: `${where}.read`,
      owner: given,
      methodName: "read",
      definition: { kind: "resource", uri, options },
      member: functionMember("resource"),
      textInput: { option: "variables", schema: given.variables ?? schemaOf(uri) },
    },
  );
}

function readUri({ uri, template, variables, list }: AnyOptions, where: string): string {
  if ((uri === undefined) === (template === undefined))
    return refuseDefinition(where, "it needs either 'uri' or 'template'. Pass one of them.");
  if (uri !== undefined && isTemplate(uri))
    return refuseDefinition(where, `invalid option 'uri': it has variables. Pass it as 'template'.`);
  if (template !== undefined && !isTemplate(template))
    return refuseDefinition(where, `invalid option 'template': it has no variables. Pass it as 'uri'.`);
  if (uri !== undefined && (variables !== undefined || list !== undefined))
    return refuseDefinition(where, "the options 'variables' and 'list' are for templates. Remove them.");
  return (template ?? uri) as string;
}

/** Derives a name from a URI: its text without the scheme, in the characters of names. */
function nameOf(uri: string): string {
  const text = uri.replace(/^[^:]*:(?:\/\/)?/, "");
  const name = text.replaceAll(/[^A-Za-z0-9_./-]+/g, "-").replaceAll(/^[-/]+|[-/]+$/g, "");
  return name.slice(0, 128) || "resource";
}

/** Creates the schema of a template's variables: strings. */
function schemaOf(uri: string): unknown {
  const parsed = isTemplate(uri) ? parseTemplate(uri) : undefined;
  // The server reports an invalid template.
  if (!parsed || "problem" in parsed) return NO_INPUT;
  const { variables } = parsed;
  return {
    type: "object",
    properties: Object.fromEntries(variables.map(({ name }) => [name, { type: "string" }])),
    required: variables.filter(({ required }) => required).map(({ name }) => name),
    additionalProperties: false,
  };
}

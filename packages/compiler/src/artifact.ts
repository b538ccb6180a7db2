import {
  describePrompt,
  type InputSchema,
  type JsonSchema,
  type MemberKind,
  type PromptArgument,
  type PromptDescription,
  publishedSchemasOf,
  type ResourceDescription,
  type ResourceTemplateDescription,
  type ServerDescription,
  type ToolDescription,
} from "methodic/manifest";
import { compareText, type Position, relativePath } from "./diagnostics/diagnostic.ts";
import type { CompiledMember, CompiledService } from "./manifest.ts";

/** Version of the artifact's format, which `docs/artifact.schema.json` describes. */
export const ARTIFACT_VERSION = 2;

/**
 * The artifact that CI stores and compares: all that clients see of a project's servers, as
 * deterministic JSON. Of a project that exports no server: what its classes publish.
 */
export interface Artifact {
  readonly formatVersion: typeof ARTIFACT_VERSION;
  /** By the server's name. */
  readonly servers: Readonly<Record<string, ServerArtifact>>;
  /** By class name; in results of `compileProject`, by `<path relative to the project>#<Class>`. */
  readonly services: Readonly<Record<string, ServiceArtifact>>;
}

/** A server as clients see it. Its parts are sorted by their keys. */
export interface ServerArtifact extends Pick<ServerDescription, "title" | "instructions"> {
  /** By public name; versions other than the newest by `name@version`, here and below. */
  readonly tools: Readonly<Record<string, Omit<ToolDescription, "name">>>;
  /** By URI. */
  readonly resources: Readonly<Record<string, Omit<ResourceDescription, "uri">>>;
  /** By URI template. */
  readonly resourceTemplates: Readonly<Record<string, Omit<ResourceTemplateDescription, "uriTemplate">>>;
  /** By public name. */
  readonly prompts: Readonly<Record<string, Omit<PromptDescription, "name" | "arguments"> & PromptArguments>>;
}

/** The arguments of a prompt by name. */
export interface PromptArguments {
  readonly arguments: Readonly<Record<string, PromptArgumentArtifact>>;
}

/** An argument of a prompt. */
export type PromptArgumentArtifact = Omit<PromptArgument, "name">;

/** A server that has to be loaded before it can be described. */
export interface ComputedServer extends Position {
  /** The part that only the running program knows, such as `its services`. */
  readonly computed: string;
}

/** A class: its members by method name. */
export interface ServiceArtifact {
  readonly tools: Readonly<Record<string, ToolArtifact>>;
  readonly resources: Readonly<Record<string, ResourceArtifact>>;
  readonly prompts: Readonly<Record<string, PromptArtifact>>;
}

/** The fields of every member. `name` is present only if the decorator gives one. */
export interface ComponentArtifact {
  readonly name?: string;
  readonly version?: string;
  readonly title?: string;
  readonly description?: string;
  readonly deprecated?: true | string;
}

/** A tool as clients see it. */
export interface ToolArtifact extends ComponentArtifact {
  /** The schemas that the decorator gives in place of the types. */
  readonly schemasFromDecorator?: readonly ("input" | "output")[];
  /** Null if only the running program knows it, such as a library's schema in the decorator. */
  readonly inputSchema: JsonSchema | null;
  /** Null if only the running program knows it. Absent for results without structure. */
  readonly outputSchema?: JsonSchema | null;
  readonly annotations?: Readonly<Record<string, unknown>>;
}

/** A resource or resource template as clients see it, and the schema of its variables. */
export interface ResourceArtifact extends ComponentArtifact {
  /** Absent if the program computes it. */
  readonly uri?: string;
  readonly mimeType?: string;
  readonly annotations?: Readonly<Record<string, unknown>>;
  readonly inputSchema?: InputSchema;
}

/** A prompt as clients see it. */
export interface PromptArtifact extends ComponentArtifact, PromptArguments {}

/** Numbers of servers and of their components. Templates count as resources. */
interface ComponentCounts {
  readonly servers: number;
  readonly tools: number;
  readonly resources: number;
  readonly prompts: number;
}

/** Converts compiled services to the artifact's form. */
export function describeServices(services: readonly CompiledService[], root: string): Artifact["services"] {
  return nameArtifacts(
    services
      .filter(({ members }) => members.size > 0)
      .map((service) => [
        `${relativePath(root, service.sourceFile.fileName)}#${service.className}`,
        serviceArtifact(service),
      ]),
  );
}

/** Converts the lists of a server to the artifact's form. */
export function serverArtifact(description: ServerDescription): ServerArtifact {
  const { title, instructions, tools, resources, resourceTemplates, prompts } = description;
  return {
    ...(title !== undefined && { title }),
    ...(instructions !== undefined && { instructions }),
    tools: sortByKey(tools.map(({ name, ...tool }) => [name, tool])),
    resources: sortByKey(resources.map(({ uri, ...resource }) => [uri, resource])),
    resourceTemplates: sortByKey(resourceTemplates.map(({ uriTemplate, ...template }) => [uriTemplate, template])),
    prompts: sortByKey(
      prompts.map(({ name, arguments: list = [], ...prompt }) => [name, { ...prompt, arguments: byName(list) }]),
    ),
  };
}

/** Keys artifacts by name. A name that an earlier entry has gets a number. */
export function nameArtifacts<T>(entries: readonly (readonly [name: string, artifact: T])[]): Record<string, T> {
  const named: Record<string, T> = {};
  for (const [name, artifact] of entries) {
    let key = name;
    for (let number = 2; Object.hasOwn(named, key); number++) key = `${name}_${number}`;
    named[key] = artifact;
  }
  return named;
}

/**
 * Writes the text of an artifact: the same bytes for the same servers, ending with a newline.
 * @param services The project's classes, which count only if it exports no server
 */
export function artifactText(services: Artifact["services"], servers: Artifact["servers"] = {}): string {
  const hasServers = Object.keys(servers).length > 0;
  // Without the paths, moving a class to another file changes nothing.
  const classes = Object.entries(services).map(([key, service]) => [key.replace(/^.*#/, ""), service] as const);
  const parts = hasServers
    ? { servers: sortByKey(Object.entries(servers)) }
    : { services: sortByKey(Object.entries(nameArtifacts(classes))) };
  return `${JSON.stringify({ formatVersion: ARTIFACT_VERSION, ...parts }, null, 2)}\n`;
}

/** Counts the components of servers by kind. */
export function countServers(servers: Artifact["servers"]): ComponentCounts {
  const counts = { servers: 0, tools: 0, resources: 0, prompts: 0 };
  for (const { tools, resources, resourceTemplates, prompts } of Object.values(servers)) {
    counts.servers++;
    counts.tools += Object.keys(tools).length;
    counts.resources += Object.keys(resources).length + Object.keys(resourceTemplates).length;
    counts.prompts += Object.keys(prompts).length;
  }
  return counts;
}

function sortByKey<T>(entries: readonly (readonly [key: string, value: T])[]): Record<string, T> {
  return Object.fromEntries([...entries].sort(([a], [b]) => compareText(a, b)));
}

function byName(list: readonly PromptArgument[]): PromptArguments["arguments"] {
  return sortByKey(list.map(({ name, ...argument }) => [name, argument]));
}

function serviceArtifact({ members }: CompiledService): ServiceArtifact {
  const all = [...members];
  const ofKind = <T>(kind: MemberKind, describe: (member: CompiledMember) => T): Record<string, T> =>
    Object.fromEntries(
      all.filter(([, member]) => member.data.kind === kind).map(([name, member]) => [name, describe(member)]),
    );
  return {
    tools: ofKind("tool", toolArtifact),
    resources: ofKind("resource", resourceArtifact),
    prompts: ofKind("prompt", promptArtifact),
  };
}

function toolArtifact(member: CompiledMember): ToolArtifact {
  const { data, options } = member;
  const { decoratorSchemas } = data;
  const { input, output } = publishedSchemasOf(data, options);
  const isUnknown = decoratorSchemas?.includes("output") === true && options.outputSchema !== false;
  const outputSchema = output ?? (isUnknown ? null : undefined);
  return {
    ...describeComponent(member),
    ...(decoratorSchemas && { schemasFromDecorator: decoratorSchemas }),
    inputSchema: input ?? null,
    ...(outputSchema !== undefined && { outputSchema }),
    ...(options.annotations && { annotations: options.annotations }),
  };
}

function resourceArtifact(member: CompiledMember): ResourceArtifact {
  const { data, options } = member;
  const hasVariables = Object.keys(data.inputSchema?.properties ?? {}).length > 0;
  return {
    ...(options.uri !== undefined && { uri: options.uri }),
    ...describeComponent(member),
    ...(options.mimeType !== undefined && { mimeType: options.mimeType }),
    ...(options.annotations && { annotations: options.annotations }),
    ...(hasVariables && data.inputSchema && { inputSchema: data.inputSchema }),
  };
}

function promptArtifact(member: CompiledMember): PromptArtifact {
  const { arguments: list = [] } = describePrompt("", member.options, member.data);
  return { ...describeComponent(member), arguments: byName(list) };
}

/** Describes a member. As in the running server, the decorator's options override JSDoc. */
function describeComponent({ data, options }: CompiledMember): ComponentArtifact {
  const title = options.title ?? data.title;
  const description = options.description ?? data.description;
  return {
    ...(options.name !== undefined && { name: options.name }),
    ...(options.version !== undefined && { version: options.version }),
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...(data.deprecated && { deprecated: data.deprecated }),
  };
}

import type { InputSchema, JsonSchema } from "methodic/manifest";
import { relativePath } from "./diagnostics/diagnostic.ts";
import type { CompiledMember, CompiledService } from "./manifest.ts";

/** Version of the artifact's format, which `docs/artifact.schema.json` describes. */
export const ARTIFACT_VERSION = 1;

/**
 * The artifact that CI stores and compares: everything that clients see of a project's services, as
 * deterministic JSON.
 */
export interface Artifact {
  readonly formatVersion: typeof ARTIFACT_VERSION;
  /** By `<path relative to the project>#<ClassName>`. */
  readonly services: Readonly<Record<string, ServiceArtifact>>;
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
export interface PromptArtifact extends ComponentArtifact {
  readonly arguments: readonly PromptArgumentArtifact[];
}

/** An argument of a prompt. */
export interface PromptArgumentArtifact {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly required: boolean;
}

/** Converts compiled services to the artifact's form. */
export function describeServices(services: readonly CompiledService[], root: string): Artifact["services"] {
  const entries: Record<string, ServiceArtifact> = {};
  for (const service of services) {
    const base = `${relativePath(root, service.sourceFile.fileName)}#${service.className}`;
    entries[freeKey(base, entries)] = describeService(service);
  }
  return entries;
}

/** Writes the text of an artifact: the same bytes for the same services, ending with a newline. */
export function artifactText(services: Artifact["services"]): string {
  const artifact: Artifact = { formatVersion: ARTIFACT_VERSION, services };
  return `${JSON.stringify(artifact, null, 2)}\n`;
}

/** Writes the part of an artifact's text for some of its services. */
export function artifactPart(services: Artifact["services"]): string {
  const text = JSON.stringify(services, null, 2);
  return text === "{}" ? "" : text.slice("{\n".length, -"\n}".length).replaceAll("\n", "\n  ").replace(/^/, "  ");
}

/** Joins the parts of all services, in order, to the text that {@link artifactText} writes. */
export function joinArtifact(parts: readonly string[]): string {
  const services = parts.filter((part) => part !== "").join(",\n");
  const empty = artifactText({});
  return services === "" ? empty : empty.replace('"services": {}', () => `"services": {\n${services}\n  }`);
}

/** Adds a number to the key of a class whose name the file has used before. */
function freeKey(base: string, taken: Readonly<Record<string, unknown>>): string {
  for (let number = 1; ; number++) {
    const key = number === 1 ? base : `${base}_${number}`;
    if (!Object.hasOwn(taken, key)) return key;
  }
}

function describeService({ members }: CompiledService): ServiceArtifact {
  const all = [...members];
  const ofKind = <T>(kind: string, describe: (member: CompiledMember) => T): Record<string, T> =>
    Object.fromEntries(
      all.filter(([, member]) => member.data.kind === kind).map(([name, member]) => [name, describe(member)]),
    );
  return {
    tools: ofKind("tool", describeTool),
    resources: ofKind("resource", describeResource),
    prompts: ofKind("prompt", describePrompt),
  };
}

function describeTool(member: CompiledMember): ToolArtifact {
  const { data, options } = member;
  const { decoratorSchemas } = data;
  const outputSchema = decoratorSchemas?.includes("output") ? (options.outputSchema ?? null) : data.outputSchema;
  return {
    ...describeComponent(member),
    ...(decoratorSchemas && { schemasFromDecorator: decoratorSchemas }),
    inputSchema: data.inputSchema ?? options.inputSchema ?? null,
    ...(outputSchema !== undefined && { outputSchema }),
    ...(options.annotations && { annotations: options.annotations }),
  };
}

function describeResource(member: CompiledMember): ResourceArtifact {
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

function describePrompt(member: CompiledMember): PromptArtifact {
  const { properties = {}, required = [] } = member.data.inputSchema ?? {};
  return {
    ...describeComponent(member),
    arguments: Object.entries(properties).map(([name, schema]) => ({
      name,
      ...(typeof schema["title"] === "string" && { title: schema["title"] }),
      ...(typeof schema["description"] === "string" && { description: schema["description"] }),
      required: required.includes(name),
    })),
  };
}

/** Describes a member. As in the running server, the decorator's options override JSDoc. */
function describeComponent({ data, options }: CompiledMember): ComponentArtifact {
  const title = options.title ?? data.title;
  const description = options.description ?? data.description;
  return {
    ...(options.name !== undefined && { name: options.name }),
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...(data.deprecated && { deprecated: data.deprecated }),
  };
}

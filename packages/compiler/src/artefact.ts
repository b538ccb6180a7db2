import type { InputSchema, JsonSchema } from "methodic/manifest";
import { relativePath } from "./diagnostics/diagnostics.ts";
import type { CompiledMember, CompiledService } from "./manifest.ts";

/** Version of the artefact's format, which `docs/artefact.schema.json` describes. */
export const ARTEFACT_VERSION = 1;

/** What CI keeps and compares: all that clients see of a project's services, as deterministic JSON. */
export interface Artefact {
  readonly formatVersion: typeof ARTEFACT_VERSION;
  /** By `<path relative to the project>#<ClassName>`. */
  readonly services: Readonly<Record<string, ServiceArtefact>>;
}

/** One class: its members by method name. */
export interface ServiceArtefact {
  readonly tools: Readonly<Record<string, ToolArtefact>>;
  readonly resources: Readonly<Record<string, ResourceArtefact>>;
  readonly prompts: Readonly<Record<string, PromptArtefact>>;
}

/** What every member may say about itself. A name is here only if the decorator gives one. */
export interface ComponentArtefact {
  readonly name?: string;
  readonly title?: string;
  readonly description?: string;
  readonly deprecated?: true | string;
}

/** A tool as clients see it. */
export interface ToolArtefact extends ComponentArtefact {
  /** Which schemas the decorator gives, and not the types. */
  readonly schemasFromDecorator?: readonly ("input" | "output")[];
  /** Null if the decorator gives it in a form that only the running program knows, such as a schema of a library. */
  readonly inputSchema: JsonSchema | null;
  /** Null as well. */
  readonly outputSchema?: JsonSchema | null;
  readonly annotations?: Readonly<Record<string, unknown>>;
}

/** A resource or resource template as clients see it, and the schema of its variables. */
export interface ResourceArtefact extends ComponentArtefact {
  /** Absent if the program computes it. */
  readonly uri?: string;
  readonly mimeType?: string;
  readonly annotations?: Readonly<Record<string, unknown>>;
  readonly inputSchema?: InputSchema;
}

/** A prompt as clients see it. */
export interface PromptArtefact extends ComponentArtefact {
  readonly arguments: readonly PromptArgumentArtefact[];
}

/** An argument of a prompt. */
export interface PromptArgumentArtefact {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly required: boolean;
}

/** Describes compiled services the way the artefact has them. */
export function describeServices(services: readonly CompiledService[], root: string): Artefact["services"] {
  const entries: Record<string, ServiceArtefact> = {};
  for (const service of services) {
    const base = `${relativePath(root, service.sourceFile.fileName)}#${service.className}`;
    entries[freeKey(base, entries)] = describeService(service);
  }
  return entries;
}

/** Writes the artefact of described services: the same bytes for the same services, with a line break at its end. */
export function artefactText(services: Artefact["services"]): string {
  const artefact: Artefact = { formatVersion: ARTEFACT_VERSION, services };
  return `${JSON.stringify(artefact, null, 2)}\n`;
}

/** The part of an artefact's text that some of its services are. */
export function artefactPart(services: Artefact["services"]): string {
  const text = JSON.stringify(services, null, 2);
  return text === "{}" ? "" : text.slice("{\n".length, -"\n}".length).replaceAll("\n", "\n  ").replace(/^/, "  ");
}

/** What {@link artefactText} writes, from the parts of all services in their order. */
export function joinArtefact(parts: readonly string[]): string {
  const services = parts.filter((part) => part !== "").join(",\n");
  const empty = artefactText({});
  return services === "" ? empty : empty.replace('"services": {}', () => `"services": {\n${services}\n  }`);
}

/** Classes of one name in one file are told apart by their order. */
function freeKey(base: string, taken: Readonly<Record<string, unknown>>): string {
  for (let number = 1; ; number++) {
    const key = number === 1 ? base : `${base}_${number}`;
    if (!Object.hasOwn(taken, key)) return key;
  }
}

function describeService({ members }: CompiledService): ServiceArtefact {
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

function describeTool(member: CompiledMember): ToolArtefact {
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

function describeResource(member: CompiledMember): ResourceArtefact {
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

function describePrompt(member: CompiledMember): PromptArtefact {
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

/** The decorator's options win over JSDoc, as they do when the server runs. */
function describeComponent({ data, options }: CompiledMember): ComponentArtefact {
  const title = options.title ?? data.title;
  const description = options.description ?? data.description;
  return {
    ...(options.name !== undefined && { name: options.name }),
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...(data.deprecated && { deprecated: data.deprecated }),
  };
}

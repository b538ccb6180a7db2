import {
  describePrompt,
  describeResource,
  describeTool,
  describeVersions,
  publishedSchemasOf,
  type InputSchema,
  isTemplate,
  type PublishedResourceOptions,
  type RefsMode,
  type ServerDescription,
  sortByVersion,
  type Versioned,
  versionOf,
} from "methodic/manifest";
import type ts from "typescript";
import { type Artifact, type ComputedServer, nameArtifacts, serverArtifact } from "../artifact.ts";
import type { Position } from "../diagnostics/diagnostic.ts";
import { placeOf } from "../diagnostics/locate.ts";
import type { CompiledService } from "../manifest.ts";
import type { Project } from "../project/project.ts";
import { MethodicSymbols } from "../scan/methodic-symbols.ts";
import { classNameOf } from "../scan/scan.ts";
import { type ExportedServer, ServerCallReader } from "../scan/server-calls.ts";
import { Composer, keyOf, publicNamesOf, type ServiceComponent } from "./compose.ts";

/** The servers of a project, as far as they can be described without running them. */
export interface DescribedServers {
  readonly servers: Artifact["servers"];
  readonly computedServers: readonly ComputedServer[];
  /** The method of each component, by the component's place in the artifact. */
  readonly places: Readonly<Record<string, Position>>;
}

/** Finds the servers that some files of a project export as default, each once. */
export function findServers({ checker, disk }: Project, files: readonly ts.SourceFile[]): ExportedServer[] {
  const reader = new ServerCallReader(checker, new MethodicSymbols(checker, disk));
  const found = new Map<ts.Node, ExportedServer>();
  for (const file of files) {
    const server = reader.findDefaultExport(file);
    if (server && (!found.has(server.node) || server.node.getSourceFile() === file)) found.set(server.node, server);
  }
  return [...found.values()];
}

/** Returns the files that declare the services of servers, and their base classes. */
export function listServiceFiles(servers: readonly ExportedServer[], { checker, files }: Project): ts.SourceFile[] {
  const composer = new Composer(checker, []);
  return servers
    .flatMap(({ call }) => call?.services ?? [])
    .flatMap(({ service }) => composer.chainOf(service).map((node) => node.getSourceFile()))
    .filter((file) => files.includes(file));
}

/** Describes what the clients of servers see. */
export function describeServers(
  servers: readonly ExportedServer[],
  services: readonly CompiledService[],
  { checker, root }: Project,
): DescribedServers {
  const composer = new Composer(checker, services);
  const computedServers: ComputedServer[] = [];
  const described: { readonly description: ServerDescription; readonly places: ReadonlyMap<string, ts.Node> }[] = [];
  for (const server of servers) {
    const computed = findComputedPart(server, composer);
    if (computed === undefined) described.push(describeServer(server, composer));
    else computedServers.push({ ...placeOf(server.node, root), file: placeOf(server.file, root).file, computed });
  }
  const named = nameArtifacts(described.map(({ description }) => [description.name, serverArtifact(description)]));
  const places = Object.keys(named).flatMap((server, i) =>
    [...(described[i]?.places ?? [])].map(([key, node]) => [`${server} ${key}`, placeOf(node, root)]),
  );
  return { servers: named, computedServers, places: Object.fromEntries(places) as DescribedServers["places"] };
}

/** Names the first published part of a server that only the running program knows. */
function findComputedPart({ call }: ExportedServer, composer: Composer): string | undefined {
  if (!call) return "its components";
  const [option] = call.computed;
  if (option !== undefined) return option;
  for (const { service } of call.services) {
    const open = composer.findOpenClass(service);
    if (open) return `all components of ${classNameOf(open)}`;
    for (const { subject, member } of composer.componentsOf(service)) {
      const [name] = member.options.computed ?? [];
      if (name !== undefined) return `${name} of ${subject}`;
    }
  }
  return undefined;
}

/** Describes a server without a computed part, as the running server describes itself. */
function describeServer(
  { call }: ExportedServer,
  composer: Composer,
): { readonly description: ServerDescription; readonly places: ReadonlyMap<string, ts.Node> } {
  const { name = "", title, instructions, naming, refs, services } = call ?? { services: [] };
  const byPlace = new Map<string, (Versioned & { readonly node: ts.Node })[]>();
  const lists: Lists = { tools: [], resources: [], resourceTemplates: [], prompts: [] };
  for (const component of services.flatMap(({ service }) => composer.componentsOf(service))) {
    const [publicName = ""] = publicNamesOf(component, naming ? [naming] : []) ?? [];
    addComponent(lists, component, { name: publicName, refs });
    const { data, options } = component.member;
    const key = data.kind === "resource" ? (options.uri ?? "") : publicName;
    const place = `${listOf(component)} ${key}`;
    const { version } = options;
    const known = byPlace.get(place) ?? [];
    byPlace.set(place, [...known, { version, node: component.node }]);
  }
  const places = new Map<string, ts.Node>();
  for (const [place, versions] of byPlace) {
    for (const [i, version] of sortByVersion(versions).entries())
      places.set(i === 0 ? place : `${place}@${versionOf(version)}`, version.node);
  }
  return {
    places,
    description: {
      name,
      ...(title !== undefined && { title }),
      ...(instructions !== undefined && { instructions }),
      tools: describeVersions(lists.tools, "name"),
      resources: describeVersions(lists.resources, "uri"),
      resourceTemplates: describeVersions(lists.resourceTemplates, "uriTemplate"),
      prompts: describeVersions(lists.prompts, "name"),
    },
  };
}

/** A component in a list, and its place among versions. */
interface ListedComponent<D> extends Versioned {
  readonly key: string;
  readonly description: D;
}

/** The lists of a server's components. */
type Lists = {
  readonly [list in "tools" | "resources" | "resourceTemplates" | "prompts"]: ListedComponent<
    ServerDescription[list][number]
  >[];
};

function listOf({ member: { data, options } }: ServiceComponent): keyof Lists {
  if (data.kind !== "resource") return `${data.kind}s`;
  return isTemplate(options.uri ?? "") ? "resourceTemplates" : "resources";
}

function addComponent(
  lists: Lists,
  component: ServiceComponent,
  { name, refs }: { readonly name: string; readonly refs: RefsMode | undefined },
): void {
  const { data, options } = component.member;
  const { uri = "" } = options;
  const list = listOf(component);
  const listed = { key: keyOf(component, [name]) ?? name, version: options.version };
  if (list === "tools") {
    const { input, output } = publishedSchemasOf(data, options, refs);
    const published = { input: input as InputSchema, ...(output && { output }) };
    lists.tools.push({ ...listed, description: describeTool({ name, member: data }, options, published) });
  } else if (list === "prompts") lists.prompts.push({ ...listed, description: describePrompt(name, options, data) });
  else {
    const { size, ...fields } = describeResource(name, options as PublishedResourceOptions, data);
    if (list === "resources") {
      lists.resources.push({ ...listed, description: { uri, ...fields, ...(size !== undefined && { size }) } });
    } else lists.resourceTemplates.push({ ...listed, description: { uriTemplate: uri, ...fields } });
  }
}

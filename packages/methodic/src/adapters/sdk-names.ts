import { MethodicError } from "../errors.ts";
import type { Registry } from "../registry/registry.ts";
import { lowerScheme } from "../uri-template/parse.ts";
import { quote } from "../util/text.ts";

type Records = { readonly [name: string]: unknown };

/** The components of an SDK's `McpServer`. Both SDKs keep them in these private records. */
interface McpServerRecords {
  readonly _registeredTools?: Records;
  readonly _registeredPrompts?: Records;
  /** By URI. */
  readonly _registeredResources?: Records;
  readonly _registeredResourceTemplates?: Records;
}

/** A component that a server has, as lists and errors name it. */
interface NamedComponent {
  readonly kind: "tool" | "prompt" | "resource" | "resource template";
  readonly name: string;
}

/** The names that an SDK's server registered. A low-level `Server` shows them in its lists only. */
export class SdkNames {
  readonly #records: McpServerRecords;

  /** @param server An `McpServer`, or a low-level `Server` */
  constructor(server: object) {
    this.#records = server as McpServerRecords;
  }

  /** Checks whether the server has a resource of exactly this URI. */
  hasResource(uri: string): boolean {
    const { _registeredResources: resources } = this.#records;
    return resources !== undefined && Object.hasOwn(resources, uri);
  }

  /** Lists the components that the server has at the moment. */
  *list(): Iterable<NamedComponent> {
    const { _registeredTools, _registeredPrompts, _registeredResources, _registeredResourceTemplates } = this.#records;
    for (const name of Object.keys(_registeredTools ?? {})) yield { kind: "tool", name };
    for (const name of Object.keys(_registeredPrompts ?? {})) yield { kind: "prompt", name };
    for (const name of Object.keys(_registeredResources ?? {})) yield { kind: "resource", name };
    for (const template of Object.values(_registeredResourceTemplates ?? {})) {
      const { resourceTemplate } = Object(template) as {
        readonly resourceTemplate?: { readonly uriTemplate?: object };
      };
      yield { kind: "resource template", name: String(resourceTemplate?.uriTemplate) };
    }
  }
}

/**
 * Checks that no component of an SDK's server has the name of a decorated one.
 * @throws MethodicError `DUPLICATE_NAME` that lists all of them
 */
export function assertUniqueNames(components: Iterable<NamedComponent>, registry: Registry): void {
  const duplicates = [...components].flatMap(({ kind, name }) => {
    const where = findDecorated(registry, { kind, name })?.where;
    return where === undefined ? [] : [`the ${kind} ${quote(name)} of the SDK's server and ${where}`];
  });
  if (duplicates.length === 0) return;
  throw new MethodicError(
    "DUPLICATE_NAME",
    `Two components have one name: ${duplicates.join("; ")}. Rename one of each two.`,
  );
}

function findDecorated(
  { tools, prompts, resources, templates }: Registry,
  { kind, name }: NamedComponent,
): { readonly where: string } | undefined {
  if (kind === "tool") return tools.get(name) ?? tools.find(name);
  if (kind === "prompt") return prompts.get(name) ?? prompts.find(name);
  if (kind === "resource") return resources.get(lowerScheme(name)) ?? resources.find(lowerScheme(name));
  return [...templates.all().values()].find(({ description }) => description.uriTemplate === name);
}

/** Lists the components of one page of a list. */
export function* listedComponents(method: string, result: object): Iterable<NamedComponent> {
  const { tools, prompts, resources, resourceTemplates } = result as {
    readonly [list: string]: readonly { readonly [key: string]: unknown }[] | undefined;
  };
  if (method === "tools/list") for (const { name } of tools ?? []) yield { kind: "tool", name: String(name) };
  if (method === "prompts/list") for (const { name } of prompts ?? []) yield { kind: "prompt", name: String(name) };
  if (method === "resources/list") for (const { uri } of resources ?? []) yield { kind: "resource", name: String(uri) };
  if (method === "resources/templates/list") {
    for (const { uriTemplate } of resourceTemplates ?? [])
      yield { kind: "resource template", name: String(uriTemplate) };
  }
}

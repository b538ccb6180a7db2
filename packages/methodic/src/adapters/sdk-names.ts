import type { ListMethod } from "../dispatch/pages.ts";
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

/** The list that each method returns: its property, and the kind and identifier of its entries. */
export const COMPONENT_LISTS: {
  readonly [method in ListMethod]: {
    readonly list: string;
    readonly kind: NamedComponent["kind"];
    readonly id: "name" | "uri" | "uriTemplate";
  };
} = {
  "tools/list": { list: "tools", kind: "tool", id: "name" },
  "prompts/list": { list: "prompts", kind: "prompt", id: "name" },
  "resources/list": { list: "resources", kind: "resource", id: "uri" },
  "resources/templates/list": { list: "resourceTemplates", kind: "resource template", id: "uriTemplate" },
};

/** Returns the entries of one page of a list. */
export function itemsOf(result: object, method: ListMethod): readonly { readonly [key: string]: unknown }[] {
  const items = (result as { readonly [list: string]: unknown })[COMPONENT_LISTS[method].list];
  return Array.isArray(items) ? items : [];
}

/** Lists the components of one page of a list. */
export function listedComponents(method: ListMethod, result: object): readonly NamedComponent[] {
  const { kind, id } = COMPONENT_LISTS[method];
  return itemsOf(result, method).map((item) => ({ kind, name: String(item[id]) }));
}

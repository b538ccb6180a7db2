import type { RefsMode } from "../manifest/decorator-options.ts";
import { lowerScheme } from "../uri-template/parse.ts";
import { compareSpecificity, type TemplateMatch } from "../uri-template/uri-template.ts";
import type { TimeSpan } from "../util/duration.ts";
import type { Component, Prompt, Resource, ResourceTemplate, Tool } from "./component.ts";
import { ComponentTable, computeFrom } from "./component-table.ts";
import { Completions } from "./completions.ts";
import type { Naming } from "./names.ts";

/** The options of a server that determine how its components are published. */
export interface RegistryConventions {
  readonly naming: Naming;
  readonly refs: RefsMode | undefined;
  readonly heartbeat: TimeSpan | undefined;
  readonly timeout: TimeSpan | undefined;
}

/** A server's components, keyed by what clients request. */
export class Registry {
  readonly conventions: RegistryConventions;
  /** By name. */
  readonly tools: ComponentTable<Tool> = new ComponentTable();
  /** By name. */
  readonly prompts: ComponentTable<Prompt> = new ComponentTable();
  /** By URI, with the scheme in lower case. */
  readonly resources: ComponentTable<Resource> = new ComponentTable();
  /** By shape, so that two templates for the same URIs collide. */
  readonly templates: ComponentTable<ResourceTemplate> = new ComponentTable();
  readonly tables: readonly ComponentTable<Component>[] = [this.tools, this.resources, this.templates, this.prompts];
  /** The methods that offer values for arguments. */
  readonly completions: Completions = new Completions();
  #lastOrder = 0;
  readonly #sortTemplates = computeFrom([this.templates], () =>
    [...this.templates.listed()].sort((a, b) => compareSpecificity(a.template, b.template)),
  );
  readonly #findContextUse = computeFrom(this.tables, () =>
    this.tables.some((table) => table.isDynamic || [...table.all().values()].some(({ usesContext }) => usesContext)),
  );
  readonly #collectScopes = computeFrom(this.tables, () => [
    ...new Set(
      this.tables
        .flatMap((table) => table.listed())
        .sort((a, b) => a.order - b.order)
        .flatMap(({ access }) => access?.scopes ?? []),
    ),
  ]);

  constructor(conventions: RegistryConventions) {
    this.conventions = conventions;
  }

  /** The enabled templates in matching order: more specific ones first. */
  get matchingTemplates(): readonly ResourceTemplate[] {
    return this.#sortTemplates();
  }

  /** True if a method takes a `Context`, and so may log, or one may be added that does. */
  get usesContext(): boolean {
    return this.completions.usesContext || this.#findContextUse();
  }

  /** All scopes that the rules of enabled components name. */
  get scopes(): readonly string[] {
    return this.#collectScopes();
  }

  /** Returns the place of the next component in the order in which components are added. */
  takeOrder(): number {
    return ++this.#lastOrder;
  }
}

/** A resource, or a template and its match, for a URI. */
export type FoundResource =
  | { readonly component: Resource; readonly match?: undefined }
  | { readonly component: ResourceTemplate; readonly match: TemplateMatch };

/**
 * Finds the component for a URI: the resource of exactly this URI, else the most specific template
 * that matches.
 */
export function findResource(
  registry: Pick<Registry, "resources" | "matchingTemplates">,
  uri: string,
): FoundResource | undefined {
  const wanted = lowerScheme(uri);
  const resource = registry.resources.find(wanted);
  if (resource) return { component: resource };
  for (const component of registry.matchingTemplates) {
    const match = component.template.match(wanted);
    if (match) return { component, match };
  }
  return undefined;
}

import type { ComponentDefinition } from "../decorators/definition.ts";
import { MethodicError } from "../errors.ts";
import { isTemplate, lowerScheme } from "../uri-template/parse.ts";
import { compareSpecificity, type TemplateMatch } from "../uri-template/uri-template.ts";
import { combineRules, readRules } from "./access-rules.ts";
import type { Prompt, Resource, ResourceTemplate, ServiceHandle, Tool } from "./component.ts";
import { type DecoratedMethod, readDecoratedMethods } from "./decorated-methods.ts";
import { describePrompt, describeResource, describeTool } from "../manifest/descriptions.ts";
import type { RefsMode } from "../manifest/decorator-options.ts";
import { type TimeSpan, toMilliseconds } from "../util/duration.ts";
import { assertPublicName, convertName, type Naming } from "./names.ts";
import { assertNoUnsafeVariables, assertStaticUri, readTemplate, selectCheckedVariables } from "./resource-uri.ts";
import type { StartupErrors } from "./startup-errors.ts";
import { assertTyped, readToolSchemas } from "./tool-schemas.ts";

/** A server's components, keyed by what clients request. Built once, before any request. */
export interface Registry {
  readonly tools: ReadonlyMap<string, Tool>;
  readonly prompts: ReadonlyMap<string, Prompt>;
  /** By URI, with the scheme in lower case. */
  readonly resources: ReadonlyMap<string, Resource>;
  /** In matching order: more specific templates first. */
  readonly templates: readonly ResourceTemplate[];
  /** In order of declaration, for lists. */
  readonly templateList: readonly ResourceTemplate[];
  /** True if a method takes a `Context`, and so may log. */
  readonly usesContext: boolean;
  /** All scopes that the rules of components name. */
  readonly scopes: readonly string[];
}

/** The options of a server that determine how its components are published. */
export interface RegistryConventions {
  readonly naming: Naming;
  readonly refs: RefsMode | undefined;
  readonly heartbeat: TimeSpan | undefined;
}

/**
 * Builds the registry of a server: services in the given order, base class methods first, then
 * source order. Errors are collected, not thrown.
 */
export function buildRegistry(
  services: readonly ServiceHandle[],
  conventions: RegistryConventions,
  errors: StartupErrors,
): Registry {
  const builder = new RegistryBuilder(conventions);
  for (const service of services) {
    for (const method of readDecoratedMethods(service, errors)) errors.attempt(() => builder.add(method));
  }
  return builder.build();
}

class RegistryBuilder {
  readonly #conventions: RegistryConventions;
  readonly #tools = new Map<string, Tool>();
  readonly #prompts = new Map<string, Prompt>();
  readonly #resources = new Map<string, Resource>();
  /** Keyed by shape, so that two templates for the same URIs collide. */
  readonly #templates = new Map<string, ResourceTemplate>();
  readonly #scopes = new Set<string>();
  #usesContext = false;

  constructor(conventions: RegistryConventions) {
    this.#conventions = conventions;
  }

  add({ definition, where, methodName, member, service, serviceRules }: DecoratedMethod): void {
    const name: unknown = definition.options.name ?? convertName(methodName, this.#conventions.naming);
    assertPublicName(name, where);
    const id = { kind: definition.kind, name: definition.kind === "resource" ? definition.uri : name };
    const rules = [...serviceRules, ...readRules(definition.options, where)];
    const access = combineRules(rules, id);
    for (const scope of access?.scopes ?? []) this.#scopes.add(scope);
    const component = { id, name, where, service, methodName, member, access };
    if (member.parameters.contextIndex !== undefined) this.#usesContext = true;
    if (definition.kind === "tool") {
      const { options } = definition;
      const schemas = readToolSchemas({ options, member, where, refs: options.refs ?? this.#conventions.refs });
      const description = describeTool(component, options, schemas.published);
      const { validateOutput } = options;
      const heartbeatMs = toMilliseconds(options.heartbeat ?? this.#conventions.heartbeat ?? 0) ?? 0;
      insert(this.#tools, name, { ...component, schemas, validateOutput, heartbeatMs, description });
      return;
    }
    const typed = { ...component, member: assertTyped(member, where) };
    if (definition.kind === "prompt") {
      insert(this.#prompts, name, {
        ...typed,
        description: describePrompt(name, definition.options, typed.member),
      });
    } else {
      this.#addResource(typed, definition);
    }
  }

  #addResource(
    component: Omit<Resource, "uri" | "mimeType" | "description">,
    definition: ComponentDefinition & { kind: "resource" },
  ): void {
    const { uri, options } = definition;
    const { mimeType, allowUnsafeVariables = [] } = options;
    const fields = describeResource(component.name, options, component.member);
    if (!isTemplate(uri)) {
      assertStaticUri(uri, component);
      assertNoUnsafeVariables(allowUnsafeVariables, uri, component.where);
      insert(this.#resources, lowerScheme(uri), { ...component, mimeType, uri, description: { uri, ...fields } });
      return;
    }
    const template = readTemplate(uri, component);
    const checkedVariables = selectCheckedVariables(template, allowUnsafeVariables, component);
    const listMethod = readListMethod(options.list, component);
    if (listMethod !== undefined && methodOf(component.service.shape, listMethod).length > 0) this.#usesContext = true;
    const { size: _, ...description } = fields;
    insert(this.#templates, template.shape, {
      ...component,
      mimeType,
      template,
      checkedVariables,
      listMethod,
      description: { uriTemplate: uri, ...description },
    });
  }

  build(): Registry {
    const templateList = [...this.#templates.values()];
    return {
      tools: this.#tools,
      prompts: this.#prompts,
      resources: this.#resources,
      templates: [...templateList].sort((a, b) => compareSpecificity(a.template, b.template)),
      templateList,
      usesContext: this.#usesContext,
      scopes: [...this.#scopes],
    };
  }
}

type DescribedComponent = Pick<Tool | Prompt | Resource | ResourceTemplate, "where" | "description">;

function insert<T extends DescribedComponent>(components: Map<string, T>, key: string, component: T): void {
  const other = components.get(key);
  if (!other) return void components.set(key, component);
  const both = `${other.where} and ${component.where}`;
  const { description } = component;
  if ("uriTemplate" in description) {
    throw new MethodicError(
      "DUPLICATE_NAME",
      `Two resource templates match the same URIs: ${both}. Change a template.`,
    );
  }
  const what = "uri" in description ? "URI" : "name";
  throw new MethodicError("DUPLICATE_NAME", `Duplicate ${what} '${key}': ${both}. Give one of them another ${what}.`);
}

function methodOf(service: object, name: string): (context: unknown) => unknown {
  return (service as { readonly [name: string]: unknown })[name] as (context: unknown) => unknown;
}

function readListMethod(
  list: string | undefined,
  { service: { shape }, where }: Pick<Resource, "service" | "where">,
): string | undefined {
  if (list === undefined || typeof methodOf(shape, list) === "function") return list;
  throw new MethodicError(
    "INVALID_DECORATOR_OPTIONS",
    `${where}: invalid option 'list': the class has no method '${list}'. Write the method, or correct the name.`,
  );
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
  { resources, templates }: Pick<Registry, "resources" | "templates">,
  uri: string,
): FoundResource | undefined {
  const wanted = lowerScheme(uri);
  const resource = resources.get(wanted);
  if (resource) return { component: resource };
  for (const component of templates) {
    const match = component.template.match(wanted);
    if (match) return { component, match };
  }
  return undefined;
}

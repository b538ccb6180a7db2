import type { ComponentDefinition } from "../decorators/definition.ts";
import { MethodicError } from "../errors.ts";
import { describePrompt, describeResource, describeTool } from "../manifest/descriptions.ts";
import { compareVersions, UNVERSIONED, versionOf } from "../manifest/versions.ts";
import { isTemplate, lowerScheme } from "../uri-template/parse.ts";
import { toMilliseconds } from "../util/duration.ts";
import { combineRules, readRules } from "./access-rules.ts";
import type { Component, Prompt, Resource, ResourceTemplate, ServiceHandle, Tool } from "./component.ts";
import type { ComponentTable } from "./component-table.ts";
import type { StagedCompletion } from "./completions.ts";
import { stageCompletions } from "./read-completions.ts";
import { type DecoratedMethod, readDecoratedMethods } from "./decorated-methods.ts";
import { assertPublicName, convertName } from "./names.ts";
import { Registry, type RegistryConventions } from "./registry.ts";
import { assertNoUnsafeVariables, assertStaticUri, readTemplate, selectCheckedVariables } from "./resource-uri.ts";
import type { StartupErrors } from "./startup-errors.ts";
import { readTextInput } from "./text-input.ts";
import { assertRenderable, readToolSchemas } from "./tool-schemas.ts";

/**
 * Builds the registry of a server: services in the given order, base class methods first, then
 * source order. Errors are collected, not thrown.
 */
export function buildRegistry(
  services: readonly ServiceHandle[],
  conventions: RegistryConventions,
  errors: StartupErrors,
): Registry {
  const registry = new Registry(conventions);
  const batch = new ComponentBatch(registry);
  const before = errors.count;
  for (const service of services) {
    for (const method of readDecoratedMethods(service, errors)) errors.attempt(() => batch.stage(method));
  }
  // What a faulty component has is unknown.
  if (errors.count === before) for (const service of services) batch.stageCompletions(service, { errors });
  batch.commit();
  return registry;
}

/** Makes components of methods, and adds them to a registry all at once, or not at all. */
export class ComponentBatch {
  readonly #registry: Registry;
  readonly #staged = new Map<ComponentTable<Component>, Map<string, Component>>();
  #hasVersions = false;
  readonly #completions: StagedCompletion[] = [];

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  /**
   * Makes the component of a method.
   * @throws MethodicError if it is invalid, or its name or URI is taken
   */
  stage(method: DecoratedMethod): void {
    const { definition, where, methodName, member, service, serviceRules } = method;
    const { conventions, tools, prompts } = this.#registry;
    const { options } = definition;
    const name: unknown = options.name ?? convertName(methodName, conventions.naming);
    assertPublicName(name, where);
    const id = { kind: definition.kind, name: definition.kind === "resource" ? definition.uri : name };
    const component = {
      id,
      name,
      key: name,
      version: options.version,
      where,
      order: this.#registry.takeOrder(),
      tags: options.tags ?? [],
      isEnabledAtFirst: options.enabled ?? true,
      service,
      methodName,
      member,
      usesContext: member.parameters.contextIndex !== undefined,
      timeoutMs: toMilliseconds(options.timeout ?? conventions.timeout ?? 0) ?? 0,
      cacheHint: options.cacheHint,
      access: combineRules([...serviceRules, ...readRules(options, where)], id),
    };
    if (definition.kind === "tool") {
      const { options: toolOptions } = definition;
      const { validateOutput, refs = conventions.refs, heartbeat = conventions.heartbeat ?? 0 } = toolOptions;
      const schemas = readToolSchemas({ options: toolOptions, member, where, refs });
      const description = describeTool(component, toolOptions, schemas.published);
      const heartbeatMs = toMilliseconds(heartbeat) ?? 0;
      const { render } = toolOptions;
      if (render) assertRenderable(schemas, where);
      this.#put(tools, name, { ...component, schemas, validateOutput, heartbeatMs, render, description });
      return;
    }
    const typed = { ...component, ...readTextInput(method) };
    if (definition.kind === "resource") this.#stageResource(typed, definition);
    else this.#put(prompts, name, { ...typed, description: describePrompt(name, options, typed.member) });
  }

  #stageResource(
    component: Omit<Resource, "uri" | "mimeType" | "description">,
    definition: ComponentDefinition & { kind: "resource" },
  ): void {
    const { resources, templates } = this.#registry;
    const { uri, options } = definition;
    const { mimeType, allowUnsafeVariables = [] } = options;
    const fields = describeResource(component.name, options, component.member);
    if (!isTemplate(uri)) {
      assertStaticUri(uri, component);
      assertNoUnsafeVariables(allowUnsafeVariables, uri, component.where);
      this.#put(resources, lowerScheme(uri), { ...component, mimeType, uri, description: { uri, ...fields } });
      return;
    }
    const template = readTemplate(uri, component);
    const checkedVariables = selectCheckedVariables(template, allowUnsafeVariables, component);
    const listMethod = readListMethod(options.list, component);
    const { size: _, ...description } = fields;
    this.#put(templates, template.shape, {
      ...component,
      usesContext: component.usesContext || takesContext(component.service.shape, listMethod),
      mimeType,
      template,
      checkedVariables,
      listMethod,
      description: { uriTemplate: uri, ...description },
    });
  }

  #put<C extends DescribedComponent>(table: ComponentTable<C>, key: string, staging: C): void {
    const component = { ...staging, key };
    const staged = this.#staged.get(table) ?? new Map<string, Component>();
    this.#staged.set(table, staged);
    const slot = slotOf(component);
    const other = table.get(slot) ?? staged.get(slot);
    if (other) refuseDuplicate(other, component);
    if (component.version !== undefined) this.#hasVersions = true;
    if (this.#hasVersions || table.isVersioned) {
      const same = [...table.allVersionsOf(key).values(), ...staged.values()].find((each) =>
        isSameVersion(each, component),
      );
      if (same) refuseDuplicate(same, component);
    }
    staged.set(slot, component);
  }

  /**
   * Reads the completion methods of a service, whose prompts and templates have been staged or
   * added. Errors are collected, not thrown.
   */
  stageCompletions(
    service: ServiceHandle,
    options: { readonly errors: StartupErrors; readonly skipsUnknown?: boolean },
  ): void {
    const { completions, prompts, templates } = this.#registry;
    const components = [...this.#allOf(prompts), ...this.#allOf(templates)];
    stageCompletions(service, { ...options, components, staged: this.#completions, known: completions });
  }

  #allOf<C extends Component>(table: ComponentTable<C>): C[] {
    return [...table.all().values(), ...((this.#staged.get(table)?.values() ?? []) as Iterable<C>)];
  }

  /** Adds the components. Returns the tables whose lists have changed. */
  commit(): readonly ComponentTable<Component>[] {
    for (const [table, staged] of this.#staged) for (const [key, component] of staged) table.add(key, component);
    this.#registry.completions.add(this.#completions);
    return Array.from(this.#staged)
      .filter(([, staged]) => [...staged.values()].some(({ isEnabledAtFirst }) => isEnabledAtFirst))
      .map(([table]) => table);
  }
}

type DescribedComponent = Tool | Prompt | Resource | ResourceTemplate;

/** Returns the key of a component in its table: each version has one. */
function slotOf({ id, key, version }: Component): string {
  if (version === undefined) return key;
  // `@` may be part of a URI.
  return id.kind === "resource" ? `${key}\n${version}` : `${key}@${version}`;
}

function isSameVersion(a: Component, b: Component): boolean {
  return a.key === b.key && compareVersions(versionOf(a), versionOf(b)) === 0;
}

function refuseDuplicate(other: Component, { key, version, where, description }: DescribedComponent): never {
  const both = `${other.where} and ${where}`;
  if ("uriTemplate" in description) {
    throw new MethodicError(
      "DUPLICATE_NAME",
      `Two resource templates match the same URIs: ${both}. Change a template.`,
    );
  }
  const what = "uri" in description ? "URI" : "name";
  const isVersioned = version !== undefined || other.version !== undefined;
  const same = isVersioned ? `'${key}' with version ${version ?? UNVERSIONED}` : `'${key}'`;
  throw new MethodicError(
    "DUPLICATE_NAME",
    `Duplicate ${what} ${same}: ${both}. Give one of them another ${isVersioned ? "version" : what}.`,
  );
}

function methodOf(service: object, name: string): (context: unknown) => unknown {
  return (service as { readonly [name: string]: unknown })[name] as (context: unknown) => unknown;
}

function takesContext(service: object, method: string | undefined): boolean {
  return method !== undefined && methodOf(service, method).length > 0;
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

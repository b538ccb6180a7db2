import type { ComponentDefinition } from "../decorators/definition.ts";
import { type CollectedMethod, collectMethods, prototypesOf } from "../decorators/collect.ts";
import { MethodicError } from "../errors.ts";
import { classNameOf, hasManifest, hasManifestEntry, readMember } from "../manifest/read.ts";
import { combineRules, readRules, readServiceRules } from "./access-rules.ts";
import type { Candidate, Prompt, Resource, ResourceTemplate, Tool } from "./component.ts";
import { describePrompt, describeResource, describeTool } from "./descriptions.ts";
import { assertPublicName, convertName, type Naming } from "./names.ts";
import type { StartupErrors } from "./startup-errors.ts";
import { assertNoUnsafeVariables, assertStaticUri, readTemplate, selectCheckedVariables } from "./resource-uri.ts";
import { assertTyped, readToolSchemas } from "./tool-schemas.ts";
import { compareSpecificity } from "../uri-template/uri-template.ts";
import { isTemplate } from "../uri-template/parse.ts";

/**
 * The components of a server by what clients ask for. Built once; nothing here depends on a
 * request.
 */
export interface Registry {
  readonly tools: ReadonlyMap<string, Tool>;
  readonly prompts: ReadonlyMap<string, Prompt>;
  /** By URI. */
  readonly resources: ReadonlyMap<string, Resource>;
  /** In the order in which a URI is tried: more specific first. */
  readonly templates: readonly ResourceTemplate[];
  /** In the order of declaration, for lists. */
  readonly templateList: readonly ResourceTemplate[];
  /** Whether any method takes a `Context`, and so may log. */
  readonly usesContext: boolean;
  /** All scopes that a rule of a component names. */
  readonly scopes: readonly string[];
}

/**
 * Builds the tables of a server from its services: services in the given order, base class methods
 * first, then source order. StartupErrors are collected, not thrown.
 */
export function buildRegistry(services: readonly object[], naming: Naming, errors: StartupErrors): Registry {
  const tables = new Tables(naming);
  for (const service of services) {
    for (const candidate of readCandidates(service, errors)) {
      errors.attempt(() => tables.add(candidate));
    }
  }
  return tables.finish();
}

function readCandidates(service: object, errors: StartupErrors): readonly Candidate[] {
  const prototypes = prototypesOf(service);
  const className = classNameOf(prototypes.at(-1) ?? {});
  const serviceRules = errors.attempt(() => readServiceRules(service)) ?? [];
  const uncompiled = new Set<object>();
  let decorated = 0;
  const read = ({ methodName, declaredIn, definitions }: CollectedMethod): Candidate | undefined => {
    const where = `${className}.${methodName}`;
    if (definitions.length > 0 || hasManifestEntry(declaredIn, methodName)) decorated++;
    const definition = singleDefinition(definitions, where);
    if (!definition) return assertMarkKept(declaredIn, methodName, where);
    // All methods of a class that was not compiled have one cause and one remedy: the first of them
    // tells it.
    if (uncompiled.has(declaredIn)) return undefined;
    if (!hasManifest(prototypes, declaredIn)) uncompiled.add(declaredIn);
    const member = readMember({ prototypes, declaredIn, methodName });
    assertSameKind(definition, member.kind, where);
    return { where, service, methodName, definition, member, serviceRules };
  };
  const candidates = collectMethods(service).map((method) => errors.attempt(() => read(method)));
  if (decorated === 0) errors.attempt(() => refuseEmptyService(className));
  return candidates.filter((candidate) => candidate !== undefined);
}

function refuseEmptyService(className: string): never {
  throw new MethodicError(
    "INVALID_SERVICE",
    `The service ${className} has no decorated method. Decorate one with @tool(), @resource("…") or @prompt(), or take it off the list.`,
  );
}

function singleDefinition(definitions: readonly ComponentDefinition[], where: string): ComponentDefinition | undefined {
  if (definitions.length > 1) {
    const kinds = definitions.map(({ kind }) => `@${kind}`).join(" and ");
    throw new MethodicError(
      "INVALID_SERVICE",
      `${where} is decorated twice (${kinds}). Keep one, and write a second method for the other.`,
    );
  }
  return definitions[0];
}

/**
 * A method that the compiler saw decorated but whose function bears no mark was replaced after it
 * was marked.
 */
function assertMarkKept(prototype: object, methodName: string, where: string): undefined {
  if (!hasManifestEntry(prototype, methodName)) return undefined;
  throw new MethodicError(
    "INVALID_SERVICE",
    `${where} lost its decorator: another decorator, written above it, replaced the method. Write the @tool, @resource or @prompt on top.`,
  );
}

function assertSameKind(definition: ComponentDefinition, compiled: string, where: string): void {
  if (definition.kind === compiled) return;
  throw new MethodicError(
    "MISSING_MANIFEST",
    `${where} is a ${definition.kind}, but its manifest was made for a ${compiled}: the build is older than the source. Build again.`,
  );
}

/** The tables while they are being filled. */
class Tables {
  readonly #naming: Naming;
  readonly #tools = new Map<string, Tool>();
  readonly #prompts = new Map<string, Prompt>();
  readonly #resources = new Map<string, Resource>();
  readonly #templates = new Map<string, ResourceTemplate>();
  readonly #scopes = new Set<string>();
  #usesContext = false;

  constructor(naming: Naming) {
    this.#naming = naming;
  }

  add(candidate: Candidate): void {
    const { definition, where, methodName, member, service } = candidate;
    const name: unknown = definition.options.name ?? convertName(methodName, this.#naming);
    assertPublicName(name, where);
    const uri = definition.kind === "resource" ? definition.uri : name;
    const rules = [...candidate.serviceRules, ...readRules(definition.options, where)];
    const access = combineRules(rules, { kind: definition.kind, name: uri });
    for (const scope of access?.scopes ?? []) this.#scopes.add(scope);
    const component = { name, where, service, methodName, member, access };
    if (member.parameters.contextIndex !== undefined) this.#usesContext = true;
    if (definition.kind === "tool") {
      const { options } = definition;
      const schemas = readToolSchemas(options, member, where);
      const description = describeTool(component, options, schemas);
      const { validateOutput } = options;
      insert(this.#tools, {
        key: name,
        what: "tools",
        component: { ...component, schemas, validateOutput, description },
      });
      return;
    }
    const typed = { ...component, member: assertTyped(member, where) };
    if (definition.kind === "prompt") {
      const description = describePrompt(name, definition.options, typed.member);
      insert(this.#prompts, { key: name, what: "prompts", component: { ...typed, description } });
    } else {
      this.#addResource(typed, definition);
    }
  }

  #addResource(
    component: Omit<Resource, "uri" | "mimeType" | "description">,
    definition: ComponentDefinition & { kind: "resource" },
  ): void {
    const { uri, options } = definition;
    const { allowUnsafeVariables = [] } = options;
    const facts = describeResource(component.name, options, component.member);
    const shared = { ...component, mimeType: options.mimeType };
    if (!isTemplate(uri)) {
      assertStaticUri(uri, component);
      assertNoUnsafeVariables(allowUnsafeVariables, uri, component.where);
      insert(this.#resources, {
        key: uri,
        what: "resources",
        component: { ...shared, uri, description: { uri, ...facts } },
      });
      return;
    }
    const template = readTemplate(uri, component);
    const checkedVariables = selectCheckedVariables(template, allowUnsafeVariables, component);
    const listMethod = readListMethod(options.list, component);
    if (listMethod !== undefined && methodOf(component.service, listMethod).length > 0) this.#usesContext = true;
    const { size: _, ...description } = facts;
    insert(this.#templates, {
      key: template.shape,
      what: "resource templates",
      component: {
        ...shared,
        template,
        checkedVariables,
        listMethod,
        description: { uriTemplate: uri, ...description },
      },
    });
  }

  finish(): Registry {
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

function insert<T extends { readonly where: string }>(
  table: Map<string, T>,
  entry: { key: string; what: string; component: T },
): void {
  const { key, what, component } = entry;
  const other = table.get(key);
  if (other) {
    throw new MethodicError(
      "DUPLICATE_NAME",
      `Two ${what} answer to '${key}': ${other.where} and ${component.where}. Give one of them another ${what === "tools" || what === "prompts" ? "name" : "URI"}.`,
    );
  }
  table.set(key, component);
}

function methodOf(service: object, name: string): (context: unknown) => unknown {
  return (service as { readonly [name: string]: (context: unknown) => unknown })[name] as never;
}

function readListMethod(
  list: string | undefined,
  { service, where }: { readonly service: object; readonly where: string },
): string | undefined {
  if (list === undefined || typeof methodOf(service, list) === "function") return list;
  throw new MethodicError(
    "INVALID_DECORATOR_OPTIONS",
    `${where}: its option list names the method '${list}', which the class does not have. Write the method, or correct the name.`,
  );
}

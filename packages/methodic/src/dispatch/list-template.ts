import { describeCall } from "../context/server-log.ts";
import type { Component, ResourceTemplate } from "../registry/component.ts";
import type { ComponentTable } from "../registry/component-table.ts";
import type { FoundResource } from "../registry/registry.ts";
import type { ResourceDescription } from "../manifest/descriptions.ts";
import type { TemplateValues, UriTemplate } from "../uri-template/uri-template.ts";
import { markAllHandled } from "../util/handled.ts";
import { isRecord } from "../util/record.ts";
import { quote } from "../util/text.ts";
import { describeThrown, InvalidResultError, logFailure } from "./failures.ts";
import type { RequestAccess } from "./access.ts";
import type { DispatchDeps, DispatchRequest } from "./invoke.ts";
import { matchVersion } from "./find-component.ts";
import { explainUnreadable } from "./resources.ts";
import { runHelper } from "./run-helper.ts";
import { showVersions } from "./versions.ts";

/** The resources that a template lists. */
export interface Listing {
  readonly resources: readonly ResourceDescription[];
  /** The variables of each. */
  readonly values: readonly TemplateValues[];
  /** The id, in the log, of the reason why some are missing. */
  readonly failure?: string;
}

/**
 * Lists the variables of the resources that a template lists and the caller can read. A failure is
 * logged, and nothing is listed.
 */
export async function listVariables(
  deps: DispatchDeps,
  component: ResourceTemplate,
  request: DispatchRequest,
): Promise<readonly TemplateValues[]> {
  const usable = await findUsable(deps, request.access);
  return (await listTemplate(deps, component, { request, usable })).values;
}

/** Components by each of their versions: the version that the caller gets. */
export type UsableComponents = ReadonlyMap<Component, FoundResource["component"]>;

export async function findUsable({ registry }: DispatchDeps, access: RequestAccess): Promise<UsableComponents> {
  const { resources, templates } = registry;
  const usable = new Map<Component, FoundResource["component"]>();
  const tables: readonly ComponentTable<FoundResource["component"]>[] = [resources, templates];
  for (const table of tables) {
    if (table.isVersioned) {
      for (const { component } of await showVersions(table.families(), access))
        for (const version of table.versionsOf(component.key)) usable.set(version, component);
    } else for (const component of await access.filter(table.listed())) usable.set(component, component);
  }
  return usable;
}

/** Returns the templates with a list method that the caller gets, and their places. */
export function findListing(
  { registry }: DispatchDeps,
  usable: UsableComponents,
): readonly { readonly order: number; readonly component: ResourceTemplate }[] {
  return registry.templates.families().flatMap(({ order, versions }) => {
    const component = versions.find((version) => usable.get(version) === version);
    return component?.listMethod === undefined ? [] : [{ order, component }];
  });
}

/** A request, and what its caller may use. */
interface ListRequest {
  readonly request: DispatchRequest;
  /** The components that the caller may use. */
  readonly usable: UsableComponents;
}

export async function listTemplate(
  deps: DispatchDeps,
  component: ResourceTemplate,
  { request, usable }: ListRequest,
): Promise<Listing> {
  const { failures, registry } = deps;
  const { template, description } = component;
  // The title names all resources of the template. Clients show the name of each in its place.
  const { uriTemplate, title: _, ...described } = description;
  const label = `Listing ${uriTemplate} (${component.where.replace(/[^.]*$/, "")}${component.listMethod})`;
  const fail = (text: string): string =>
    logFailure(`${label} ${text}`, failures, { fields: describeCall(component.id, request) });
  try {
    const items = await runListMethod(deps, component, request);
    if (!Array.isArray(items)) throw new InvalidResultError("expected an array of variable values");
    const resources: ResourceDescription[] = [];
    const listed: TemplateValues[] = [];
    const omitted: string[] = [];
    let isInvalid = false;
    for (const item of items) {
      try {
        const values = readValues(item, template);
        const resource = describeListed(values, template, described);
        const found = request.access.findResource(registry, resource.uri);
        // A template may list a URI that another component serves, whose rules then decide.
        const readable = found && usable.get(found.component);
        if (found && !readable) continue;
        const read = found && readable && matchVersion(readable, found, resource.uri);
        const problem = read ? await explainUnreadable(deps, read) : `no resource has the URI ${quote(resource.uri)}.`;
        if (problem !== undefined) omitted.push(problem);
        else {
          resources.push(resource);
          listed.push(values);
        }
      } catch (error) {
        isInvalid = true;
        omitted.push(`${describeThrown(error)}.`);
      }
    }
    if (omitted.length === 0) return { resources, values: listed };
    markAllHandled(items);
    const count = `${omitted.length} of ${items.length} entries`;
    const failure = fail(`left out ${count}. The first: ${omitted[0]}`);
    return { resources, values: listed, ...(isInvalid && { failure }) };
  } catch (error) {
    if (request.signal.aborted) throw error;
    return { resources: [], values: [], failure: fail(`failed: ${describeThrown(error)}`) };
  }
}

function runListMethod(deps: DispatchDeps, component: ResourceTemplate, request: DispatchRequest): Promise<unknown> {
  const { service, listMethod: methodName = "" } = component;
  return runHelper(deps, { service, methodName, component, request, what: "list" }, (context) => [context]);
}

function describeListed(
  values: TemplateValues,
  template: UriTemplate,
  fields: Omit<ResourceDescription, "uri">,
): ResourceDescription {
  try {
    return { ...fields, uri: template.expand(values), name: Object.values(values).flat().join("/") };
  } catch (error) {
    throw new InvalidResultError(error instanceof Error ? error.message : "a value cannot be written into the URI", {
      cause: error,
    });
  }
}

/**
 * Reads the variables of one listed resource: an object of values, or a bare value if the template
 * has one variable.
 */
function readValues(item: unknown, { source, variables }: UriTemplate): TemplateValues {
  const [only, ...others] = variables;
  if (!isRecord(item) && (!only || others.length > 0)) {
    const names = variables.map(({ name }) => name).join(", ");
    throw new InvalidResultError(`expected items with the variables of '${source}': ${names}`);
  }
  const values: { readonly [name: string]: unknown } = isRecord(item) ? item : { [only?.name ?? ""]: item };
  const present = variables.filter(({ name }) => Object.hasOwn(values, name) && values[name] !== undefined);
  return Object.fromEntries(
    present.map(({ name }) => {
      const value = values[name];
      return [
        name,
        Array.isArray(value) ? value.map((item) => readVariableText(item, name)) : readVariableText(value, name),
      ];
    }),
  );
}

/**
 * Reads a variable's value as text. `String()` alone would list a resource named "[object Object]"
 * or "null".
 */
function readVariableText(value: unknown, variable: string): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint") return String(value);
  const received = value === null ? "null" : typeof value;
  throw new InvalidResultError(`variable '${variable}': expected a string, number or boolean, received ${received}`);
}

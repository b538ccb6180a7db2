import { callStorage } from "../context/call-storage.ts";
import { createContext, type RunningContext } from "../context/create-context.ts";
import type { RequestOutlets } from "../context/request-channel.ts";
import { describeCall } from "../context/server-log.ts";
import { ToolError } from "../errors.ts";
import type { ResourceTemplate } from "../registry/component.ts";
import type { ResourceDescription } from "../manifest/descriptions.ts";
import type { TemplateValues, UriTemplate } from "../uri-template/uri-template.ts";
import { formatDuration } from "../util/duration.ts";
import { INTERNAL_ERROR } from "../util/json-rpc.ts";
import { markAllHandled } from "../util/handled.ts";
import { isRecord } from "../util/record.ts";
import { quote } from "../util/text.ts";
import { TimeLimit } from "../util/time-limit.ts";
import { describeThrown, InvalidResultError, logFailure, RequestError } from "./failures.ts";
import type { RequestAccess } from "./access.ts";
import type { DispatchDeps, DispatchRequest } from "./invoke.ts";
import { endPage, type Paged, type Place, readCursor, refuseCursors, takePage } from "./pages.ts";
import { explainUnreadable } from "./resources.ts";

/** The resources that a template lists. */
interface Listing {
  readonly resources: readonly ResourceDescription[];
  /** The variables of each. */
  readonly values: readonly TemplateValues[];
  /** The id, in the log, of the reason why some are missing. */
  readonly failure?: string;
}

/** The result of `resources/list`. */
export interface ResourceList {
  readonly resources: readonly ResourceDescription[];
}

/**
 * Answers `resources/list`: resources with a fixed URI first, then those that templates list. A
 * failure of one template is logged and does not affect the others.
 */
export async function listResources(
  deps: DispatchDeps,
  request: DispatchRequest,
  cursor: string | undefined,
): Promise<Paged<ResourceList>> {
  const { registry, pageSize } = deps;
  if (pageSize !== undefined) return listResourcePage(deps, request, { pageSize, cursor });
  refuseCursors("resources/list", cursor);
  const { access } = request;
  const fixed = registry.resources.listed();
  const usable = await findUsable(deps, access);
  const listing = registry.templates
    .listed()
    .filter((component) => component.listMethod !== undefined && usable.has(component));
  const listings = await Promise.all(listing.map((component) => listTemplate(deps, component, { request, usable })));
  const own = fixed.filter((component) => usable.has(component));
  const resources = [
    ...own.map(({ description }) => description),
    ...listings.flatMap(({ resources: listed }) => listed),
  ];
  const failure = listings.find(({ failure: id }) => id !== undefined)?.failure;
  if (resources.length === 0) refuseFailed(failure);
  return { resources };
}

function refuseFailed(failure: string | undefined): void {
  if (failure === undefined) return;
  throw new RequestError(INTERNAL_ERROR, `Listing the resources failed (error ${failure} in the server's log).`);
}

/**
 * Answers `resources/list` with a page. The resources of a template are in the order of their URIs:
 * the page after one that ends within them begins at the next URI, whatever its list method has
 * returned in the meantime. Only the list methods that the page needs run.
 */
async function listResourcePage(
  deps: DispatchDeps,
  request: DispatchRequest,
  { pageSize, cursor }: { readonly pageSize: number; readonly cursor: string | undefined },
): Promise<Paged<ResourceList>> {
  const start = readCursor("resources/list", cursor);
  const found: PlacedResource[] = [];
  if (start?.uri === undefined) {
    const fixed = deps.registry.resources.listed();
    const page = await takePage(fixed, { access: request.access, after: start?.order, pageSize });
    found.push(...page.map(({ order, description }) => ({ order, resource: description })));
  }
  const listed = await listFromTemplates(deps, request, { start, count: pageSize + 1 - found.length });
  found.push(...listed.found);
  // Later pages of a list that has begun have no error: clients would lose the pages before.
  if (found.length === 0 && !start) refuseFailed(listed.failure);
  const { entries, next } = endPage("resources/list", found, pageSize);
  return { resources: entries.map(({ resource }) => resource), ...next };
}

interface PlacedResource extends Place {
  readonly resource: ResourceDescription;
}

/** Returns at least `count` resources that templates list after a place, if there are as many. */
async function listFromTemplates(
  deps: DispatchDeps,
  request: DispatchRequest,
  { start, count }: { readonly start: Place | undefined; readonly count: number },
): Promise<{ readonly found: readonly PlacedResource[]; readonly failure?: string | undefined }> {
  const found: PlacedResource[] = [];
  if (count <= 0) return { found };
  const usable = await findUsable(deps, request.access);
  let failure: string | undefined;
  for (const component of deps.registry.templates.listed()) {
    if (found.length >= count) break;
    if (component.listMethod === undefined || !usable.has(component)) continue;
    const { order } = component;
    const isWithin = start?.uri !== undefined && order === start.order;
    if (start?.uri !== undefined && order < start.order) continue;
    const listing = await listTemplate(deps, component, { request, usable });
    failure ??= listing.failure;
    for (const resource of sortByUri(listing.resources, isWithin ? start.uri : undefined))
      found.push({ order, uri: resource.uri, resource });
  }
  return { found, failure };
}

/** Returns the resources after a URI, in the order of their URIs and each once. */
function sortByUri(
  resources: readonly ResourceDescription[],
  after: string | undefined,
): readonly ResourceDescription[] {
  const byUri = new Map(resources.map((resource) => [resource.uri, resource]));
  const uris = [...byUri.keys()].sort().filter((uri) => after === undefined || uri > after);
  return uris.flatMap((uri) => byUri.get(uri) ?? []);
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

async function findUsable({ registry }: DispatchDeps, access: RequestAccess): Promise<ReadonlySet<unknown>> {
  return new Set(await access.filter([...registry.resources.listed(), ...registry.templates.listed()]));
}

interface ListRequest {
  readonly request: DispatchRequest;
  /** The components that the caller may use. */
  readonly usable: ReadonlySet<unknown>;
}

async function listTemplate(
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
        if (found && !usable.has(found.component)) continue;
        const problem = found
          ? await explainUnreadable(deps, found)
          : `no resource has the URI ${quote(resource.uri)}.`;
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

// A list is shown when a client connects. Longer than any that a user would wait for.
const LIST_TIMEOUT_MS = 10_000;

/**
 * Refuses questions, which would take the place of the list on 2026-07-28, and calls of components,
 * which may ask.
 */
function refuseToAsk({ steps }: DispatchRequest): RequestOutlets {
  return {
    steps,
    get questions(): never {
      throw new ToolError("A list cannot ask the user.");
    },
    get components(): never {
      throw new ToolError("A list cannot call other components. Call the method that does the work.");
    },
  };
}

function runListMethod(deps: DispatchDeps, template: ResourceTemplate, request: DispatchRequest): Promise<unknown> {
  const running = createContext(request, { ...deps.context, outlets: refuseToAsk(request) }, template.id);
  const storage = callStorage.current;
  return storage ? storage.run(running.context, () => runInTime(template, running)) : runInTime(template, running);
}

async function runInTime({ service, listMethod = "" }: ResourceTemplate, running: RunningContext): Promise<unknown> {
  const reason = new InvalidResultError(`it took longer than ${formatDuration(LIST_TIMEOUT_MS)}`);
  try {
    const instance = service.value as { readonly [name: string]: (context: unknown) => unknown };
    return await new TimeLimit({ timeoutMs: LIST_TIMEOUT_MS, reason }).run(() =>
      instance[listMethod]?.(running.context),
    );
  } finally {
    await running.end();
  }
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

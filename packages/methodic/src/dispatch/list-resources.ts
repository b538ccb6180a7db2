import type { ResourceDescription } from "../manifest/descriptions.ts";
import { INTERNAL_ERROR } from "../util/json-rpc.ts";
import { describeAll } from "./component-lists.ts";
import { RequestError } from "./failures.ts";
import type { DispatchDeps, DispatchRequest } from "./invoke.ts";
import { findListing, findUsable, listTemplate } from "./list-template.ts";
import { endPage, type Paged, type Place, readCursor, refuseCursors } from "./pages.ts";

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
  const usable = await findUsable(deps, access);
  const listings = await Promise.all(
    findListing(deps, usable).map(({ component }) => listTemplate(deps, component, { request, usable })),
  );
  const own = await describeAll(registry.resources, access);
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
    const page = await describeAll(deps.registry.resources, request.access, { after: start?.order, pageSize });
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
  for (const { order, component } of findListing(deps, usable)) {
    if (found.length >= count) break;
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

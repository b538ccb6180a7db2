import { callStorage } from "../context/call-storage.ts";
import type { CacheHint } from "../decorators/definition.ts";
import type { Component } from "../registry/component.ts";
import { type ComponentTable, computeFrom } from "../registry/component-table.ts";
import type { FoundResource, Registry } from "../registry/registry.ts";
import type { RequestAccess } from "./access.ts";
import type { ListMethod } from "./pages.ts";

/** Default cache hints, by the method whose results have them. */
export type CacheHints = {
  readonly [method in ListMethod | "resources/read" | "server/discover"]?: CacheHint;
};

/** Finds the cache hints of results. */
export interface CacheHintSource {
  /** The hint of the server's description. */
  readonly discover: CacheHint | undefined;
  /** Returns the hint of a list; undefined if the server gives none. */
  forList(method: ListMethod): CacheHint | undefined;
  /** Returns the hint of a resource's contents; undefined if the server gives none. */
  forContents(uri: string, access: RequestAccess): CacheHint | undefined;
}

/** The requests that get the same results. */
interface Audience {
  /** True if options of the server decide for each request. */
  readonly variesByRequest: boolean;
  /** True if access rules guard the whole server. */
  readonly isGuarded: boolean;
}

/**
 * Creates the source of cache hints. Those of lists are computed once, and again only after a
 * change.
 */
export function createCacheHints(registry: Registry, defaults: CacheHints, audience: Audience): CacheHintSource {
  const isForAll = !audience.variesByRequest && !audience.isGuarded;
  const { tools, prompts, resources, templates } = registry;
  const prepare = (method: ListMethod, tables: readonly ComponentTable<Component>[]): (() => CacheHint | undefined) =>
    computeFrom(tables, () => {
      const components = tables.flatMap((table) => table.listed()).filter((component) => isShown(component, method));
      const hint = combine(components, defaults[method]);
      const isOpen = isForAll && components.every((component) => isSameForAll(component, method));
      return hint && withScope(hint, isOpen);
    });
  const lists = {
    "tools/list": prepare("tools/list", [tools]),
    "prompts/list": prepare("prompts/list", [prompts]),
    "resources/list": prepare("resources/list", [resources, templates]),
    "resources/templates/list": prepare("resources/templates/list", [templates]),
  };
  const discover = defaults["server/discover"];
  const versionsOf = (component: FoundResource["component"]): readonly Component[] =>
    ("template" in component ? templates : resources).versionsOf(component.key);
  return {
    // A filter does not change it.
    discover: discover && withScope(discover, !audience.isGuarded),
    forList: (method) => lists[method](),
    forContents(uri, access) {
      const component = access.findResource(registry, uri)?.component;
      // Clients keep contents by their URI, whatever version they asked for.
      if (component && versionsOf(component).length > 1) return undefined;
      const hint = component?.cacheHint ?? defaults["resources/read"];
      return hint && withScope(hint, isForAll && component?.access === undefined);
    },
  };
}

/** Combines the hints of components into that of their list. */
function combine(components: readonly Component[], byDefault: CacheHint | undefined): CacheHint | undefined {
  if (components.every(({ cacheHint }) => cacheHint === undefined)) return byDefault;
  return combineHints(components.map(({ cacheHint = byDefault }) => cacheHint ?? {}));
}

/** Combines the hints of parts: the shortest time, and public only if all are. */
export function combineHints(hints: readonly CacheHint[]): Required<CacheHint> {
  return {
    ttlMs: Math.min(...hints.map(({ ttlMs = 0 }) => ttlMs)),
    cacheScope: hints.every(({ cacheScope }) => cacheScope === "public") ? "public" : "private",
  };
}

/** Checks whether a list has entries of a component: a template without a list method has none. */
function isShown(component: Component, method: ListMethod): boolean {
  return method !== "resources/list" || !("listMethod" in component) || component.listMethod !== undefined;
}

/** Checks whether every caller sees the same entries of a component in a list. */
function isSameForAll(component: Component, method: ListMethod): boolean {
  if (component.access !== undefined) return false;
  // A list method may list other resources for other callers.
  const lists = method === "resources/list" && "listMethod" in component;
  return !lists || (!component.usesContext && callStorage.current === undefined);
}

function withScope({ ttlMs = 0, cacheScope = "private" }: CacheHint, isOpen: boolean): CacheHint {
  return { ttlMs, cacheScope: isOpen ? cacheScope : "private" };
}

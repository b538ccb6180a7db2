import { callStorage } from "../context/call-storage.ts";
import type { CacheHint } from "../decorators/definition.ts";
import type { Component } from "../registry/component.ts";
import { type ComponentTable, computeFrom } from "../registry/component-table.ts";
import type { Registry } from "../registry/registry.ts";
import type { RequestAccess } from "./access.ts";

/** The lists that have a cache hint. */
type CachedList = "tools/list" | "prompts/list" | "resources/list" | "resources/templates/list";

/** Default cache hints, by the method whose results have them. */
export type CacheHints = {
  readonly [method in CachedList | "resources/read" | "server/discover"]?: CacheHint;
};

/** Finds the cache hints of results. */
export interface CacheHintSource {
  /** The hint of the server's description. */
  readonly discover: CacheHint | undefined;
  /** Returns the hint of a list; undefined if the server gives none. */
  forList(method: CachedList): CacheHint | undefined;
  /** Returns the hint of a resource's contents; undefined if the server gives none. */
  forContents(uri: string, access: RequestAccess): CacheHint | undefined;
}

/**
 * Creates the source of cache hints. Those of lists are computed once, and again only after a
 * change.
 * @param isFiltered True if a filter decides for each request, so that no result is the same for
 *   all
 */
export function createCacheHints(registry: Registry, defaults: CacheHints, isFiltered: boolean): CacheHintSource {
  const { tools, prompts, resources, templates } = registry;
  const prepare = (method: CachedList, tables: readonly ComponentTable<Component>[]): (() => CacheHint | undefined) =>
    computeFrom(tables, () => {
      const components = tables.flatMap((table) => table.listed()).filter((component) => isShown(component, method));
      const hint = combine(components, defaults[method]);
      const isOpen = !isFiltered && components.every((component) => isSameForAll(component, method));
      return hint && withScope(hint, isOpen);
    });
  const lists = {
    "tools/list": prepare("tools/list", [tools]),
    "prompts/list": prepare("prompts/list", [prompts]),
    "resources/list": prepare("resources/list", [resources, templates]),
    "resources/templates/list": prepare("resources/templates/list", [templates]),
  };
  const listVersions = ({ key }: Component): readonly Component[] => [
    ...resources.versionsOf(key),
    ...templates.versionsOf(key),
  ];
  return {
    discover: defaults["server/discover"],
    forList: (method) => lists[method](),
    forContents(uri, access) {
      const component = access.findResource(registry, uri)?.component;
      const byDefault = defaults["resources/read"];
      // Requests for the same URI may get different versions.
      const isVersioned = resources.isVersioned || templates.isVersioned;
      const hint =
        isVersioned && component ? combine(listVersions(component), byDefault) : (component?.cacheHint ?? byDefault);
      return hint && withScope(hint, !isFiltered && !isVersioned && component?.access === undefined);
    },
  };
}

/** Combines the hints of components into that of their list. */
function combine(components: readonly Component[], byDefault: CacheHint | undefined): CacheHint | undefined {
  if (components.every(({ cacheHint }) => cacheHint === undefined)) return byDefault;
  const hints = components.map(({ cacheHint = byDefault }) => cacheHint ?? {});
  return {
    ttlMs: Math.min(...hints.map(({ ttlMs = 0 }) => ttlMs)),
    cacheScope: hints.every(({ cacheScope }) => cacheScope === "public") ? "public" : "private",
  };
}

/** Checks whether a list has entries of a component: a template without a list method has none. */
function isShown(component: Component, method: CachedList): boolean {
  return method !== "resources/list" || !("listMethod" in component) || component.listMethod !== undefined;
}

/** Checks whether every caller sees the same entries of a component in a list. */
function isSameForAll(component: Component, method: CachedList): boolean {
  if (component.access !== undefined) return false;
  // A list method may list other resources for other callers.
  const lists = method === "resources/list" && "listMethod" in component;
  return !lists || (!component.usesContext && callStorage.current === undefined);
}

function withScope({ ttlMs = 0, cacheScope = "private" }: CacheHint, isOpen: boolean): CacheHint {
  return { ttlMs, cacheScope: isOpen ? cacheScope : "private" };
}

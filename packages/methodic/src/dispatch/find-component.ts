import { splitVersion, UNVERSIONED } from "../manifest/versions.ts";
import type { Component } from "../registry/component.ts";
import type { ComponentTable } from "../registry/component-table.ts";
import type { FoundResource, Registry } from "../registry/registry.ts";
import { lowerScheme } from "../uri-template/parse.ts";
import { didYouMean } from "../util/did-you-mean.ts";
import { INVALID_PARAMS } from "../util/json-rpc.ts";
import { quote } from "../util/text.ts";
import type { RequestAccess } from "./access.ts";
import { RequestError } from "./failures.ts";
import { findVersion, type VersionHold } from "./versions.ts";

/** Components of one kind, by the names that clients use. */
export interface NamedComponents<C extends Component> {
  readonly kind: "tool" | "prompt" | "resource template";
  readonly isVersioned: boolean;
  /** All versions of a name, newest first. */
  readonly findVersions: (name: string) => readonly C[];
  /** Candidates for "Did you mean". */
  readonly candidates: () => readonly (readonly [name: string, component: C])[];
}

/** A name, and the version that the request's metadata asks for. */
interface NamedVersion {
  readonly name: string;
  readonly version?: string | undefined;
}

/** The part of a request that a search depends on. */
export type Search = { readonly access: RequestAccess } & Partial<VersionHold>;

/**
 * Finds the tool or prompt that a client names.
 * @throws RequestError as {@link findNamed}
 */
export async function findInTable<C extends Component>(
  table: ComponentTable<C>,
  { kind, name, version }: NamedVersion & { readonly kind: "tool" | "prompt" },
  search: Search,
): Promise<C> {
  if (!table.isVersioned && version === undefined) {
    const component = table.find(name);
    if (component && (await search.access.allows(component))) {
      if (table.isDynamic) search.holdVersion?.(UNVERSIONED);
      return component;
    }
  }
  const named: NamedComponents<C> = {
    kind,
    isVersioned: table.isVersioned,
    findVersions: (key) => table.versionsOf(key),
    candidates: () => table.listed().map((component) => [component.key, component]),
  };
  return findNamed(named, { name, version }, search);
}

/**
 * Finds the component that a client names.
 * @throws RequestError if it does not exist; a component that the caller may not use is reported as
 *   missing
 */
export async function findNamed<C extends Component>(
  named: NamedComponents<C>,
  { name, version }: NamedVersion,
  search: Search,
): Promise<C> {
  const { kind, isVersioned, findVersions, candidates } = named;
  const { access } = search;
  // `@` may be part of a URI.
  const asked: NamedVersion = isVersioned && kind !== "resource template" ? splitVersion(name) : { name };
  const wanted = { subject: `${kind} ${quote(asked.name)}`, version: asked.version ?? version };
  const found = await findVersion(findVersions(asked.name), wanted, search);
  if (found) return found;
  const all = candidates();
  const usable: ReadonlySet<C> = new Set(await access.filter(all.map(([, candidate]) => candidate)));
  const suggestion = didYouMean(
    name,
    all.filter(([, candidate]) => usable.has(candidate)).map(([known]) => known),
  );
  throw new RequestError(INVALID_PARAMS, `Unknown ${kind}: ${quote(name)}.${suggestion}`);
}

/** A URI, and the version that the request's metadata asks for. */
export interface VersionedUri {
  readonly uri: string;
  readonly version?: string | undefined;
}

/**
 * Finds the resource or template that serves a URI for the caller. To a caller without access it
 * does not exist. No wider template is tried: it would serve the URI that the narrower one
 * protects.
 * @throws RequestError if the caller may use other versions only
 */
export async function findReadable(
  registry: Registry,
  { uri, version }: VersionedUri,
  search: Search,
): Promise<FoundResource | undefined> {
  const { access } = search;
  const found = access.findResource(registry, uri);
  if (!found) return undefined;
  const table: ComponentTable<FoundResource["component"]> = found.match ? registry.templates : registry.resources;
  if (!table.isVersioned && version === undefined) {
    if (!(await access.allows(found.component))) return undefined;
    if (table.isDynamic) search.holdVersion?.(UNVERSIONED);
    return found;
  }
  const versions = table.versionsOf(found.component.key);
  const component = await findVersion(versions, { subject: `resource ${quote(uri)}`, version }, search);
  return component && matchVersion(component, found, uri);
}

/** Matches a URI with another version of the component that serves it. */
export function matchVersion(
  component: FoundResource["component"],
  found: FoundResource,
  uri: string,
): FoundResource | undefined {
  if (component === found.component) return found;
  if (!("template" in component)) return { component };
  const match = component.template.match(lowerScheme(uri));
  return match && { component, match };
}

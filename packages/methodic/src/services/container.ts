import { MethodicError } from "../errors.ts";
import type { Wiring } from "../manifest/site-data.ts";
import type { StartupErrors } from "../registry/startup-errors.ts";
import { type EntryDefinition, readProvider, readService } from "./definition.ts";
import { Entry } from "./entry.ts";
import type { Provider, ResolveService, ServiceClass } from "./provider.ts";
import { checkScopes, connectEntries, type EntryLists, sortEntries } from "./wiring.ts";

/** The options of a server that list its services and what they need. They may be invalid. */
export interface ContainerOptions {
  readonly services?: readonly (ServiceClass | object)[] | undefined;
  readonly providers?: readonly Provider[] | undefined;
  readonly resolve?: ResolveService | undefined;
}

/** The services of a server, and the values that are made for them. */
export interface Container {
  /** The entries of `services` that are usable, in their order. */
  readonly services: readonly Entry[];
  /** The entries that exist once, each after those that it needs. */
  readonly entries: readonly Entry[];
  /** Finds the entry that provides a class or token. */
  find(key: object): Entry | undefined;
}

/**
 * Reads the services and providers of a server, and constructs the classes whose dependencies
 * exist; the others, and what factories make, wait for the start. Errors are collected.
 */
export function createContainer(
  { services, providers, resolve }: ContainerOptions,
  wiring: Wiring | undefined,
  errors: StartupErrors,
): Container {
  const byValue = new Map<unknown, Entry>();
  const read = <T>(given: readonly T[] | undefined, readEntry: (item: T, index: number) => EntryDefinition) =>
    (Array.isArray(given) ? (given as readonly T[]) : []).map((item, index) =>
      errors.attempt(() => {
        // An instance in both lists starts and stops once.
        const entry = byValue.get(item) ?? new Entry(readEntry(item, index), isFunction(resolve) ? resolve : undefined);
        if (typeof item === "object") byValue.set(item, entry);
        return entry;
      }),
    );
  const lists: EntryLists = { providers: read(providers, readProvider), services: read(services, readService) };
  reportDuplicates(lists, errors);
  const broken = new Set<Entry | undefined>(connectEntries(lists, wiring, errors));
  const all = sortEntries(lists, errors);
  const entries = all.filter(({ definition }) => !definition.isPerRequest);
  checkScopes(entries, errors);
  for (const entry of entries) {
    const isConstructed = (): boolean | undefined => errors.attempt(() => (entry.construct(), true));
    if (entry.dependencies.some((needed) => broken.has(needed)) || !isConstructed()) broken.add(entry);
  }
  return {
    services: lists.services.filter((entry) => entry !== undefined && !broken.has(entry)) as Entry[],
    entries,
    find: (key) =>
      all.find(({ definition }) => definition.key === key) ??
      entries.find(({ value, definition }) => definition.key === undefined && Object(value).constructor === key),
  };
}

/** Reports classes and tokens that two entries provide, unless both are services. */
function reportDuplicates({ providers, services }: EntryLists, errors: StartupErrors): void {
  const known = new Map<object, EntryDefinition>();
  for (const entry of [...providers, ...services]) {
    if (!entry?.definition.key) continue;
    const { definition } = entry;
    const { key, list, name, place } = definition as EntryDefinition & { readonly key: object };
    const other = known.get(key);
    if (!other) known.set(key, definition);
    else if (list === "providers" || other.list === "providers") {
      const message = `Two entries provide ${name}: ${other.place} and ${place}. Remove one of them.`;
      errors.add(new MethodicError("INVALID_PROVIDER", message));
    }
  }
}

function isFunction(value: unknown): value is ResolveService {
  return typeof value === "function";
}

import { sortByVersion, splitVersion } from "../manifest/versions.ts";
import type { Component } from "./component.ts";

/** The enabled versions of a component. */
export interface Family<C> {
  /** The place in lists. It stays the same while the component has any version. */
  readonly order: number;
  /** Newest first. */
  readonly versions: readonly C[];
}

/**
 * The components of one kind, by what clients request. They can be added, removed, enabled and
 * disabled while the server runs; calls in flight keep the component that they found.
 */
export class ComponentTable<C extends Component> {
  /** All components, in the order in which they were added. */
  readonly #all = new Map<string, C>();
  /** The components that clients can use. */
  readonly #enabled = new Map<string, C>();
  #revision = 0;
  #isDynamic = false;
  #listed: readonly C[] | undefined;
  /** The place in lists of each key. */
  readonly #orders = new Map<string, number>();
  #versionCount = 0;
  /** The components of each name by their keys here. Made when it is needed. */
  #byName: Map<string, Map<string, C>> | undefined;
  #families: ReadonlyMap<string, Family<C>> | undefined;

  /** Grows with each change: what is computed from the table is valid until then. */
  get revision(): number {
    return this.#revision;
  }

  /** True if components may come at any time, even if the table is empty now. */
  get isDynamic(): boolean {
    return this.#isDynamic;
  }

  /** True if clients may see components of this kind, now or later. */
  get isDeclared(): boolean {
    return this.#isDynamic || this.#all.size > 0;
  }

  /** True if a component has a version, and so there may be several of a name. */
  get isVersioned(): boolean {
    return this.#versionCount > 0;
  }

  /** Finds the newest component that a client can request; undefined if all are disabled. */
  find(key: string): C | undefined {
    return this.isVersioned ? this.versionsOf(key)[0] : this.#enabled.get(key);
  }

  /** Checks for an enabled component of a name, with any version (`name@1.0`) or without. */
  has(name: string): boolean {
    return this.find(name) !== undefined || (this.isVersioned && this.find(splitVersion(name).name) !== undefined);
  }

  /** Returns the enabled versions of a component, newest first. */
  versionsOf(key: string): readonly C[] {
    return this.#group().get(key)?.versions ?? [];
  }

  /** The enabled components with all their versions, in the order of lists. */
  families(): readonly Family<C>[] {
    return [...this.#group().values()];
  }

  /** Checks whether the component with exactly this key is enabled. */
  isEnabled(key: string): boolean {
    return this.#enabled.has(key);
  }

  /** Returns all versions of a component by their keys here, the disabled ones included. */
  allVersionsOf(name: string): ReadonlyMap<string, C> {
    if (this.isVersioned) return this.#groupAll().get(name) ?? new Map<string, C>();
    const component = this.#all.get(name);
    return new Map(component && [[name, component]]);
  }

  /** Returns a component, even if it is disabled. */
  get(key: string): C | undefined {
    return this.#all.get(key);
  }

  /** The enabled components, in the order in which they were added. */
  listed(): readonly C[] {
    return (this.#listed ??= Array.from(this.#all)
      .filter(([key]) => this.#enabled.has(key))
      .map(([, component]) => component));
  }

  /** All components by key, the disabled ones included, in the order in which they were added. */
  all(): ReadonlyMap<string, C> {
    return this.#all;
  }

  /** Notes that the author changes the table at run time. */
  markDynamic(): void {
    if (this.#isDynamic) return;
    this.#isDynamic = true;
    this.#changed();
  }

  /** Adds a component under a key that is not used. Versions have different keys here. */
  add(key: string, component: C): void {
    this.#all.set(key, component);
    if (!this.#orders.has(component.key)) this.#orders.set(component.key, component.order);
    if (component.version !== undefined) this.#versionCount++;
    if (this.#byName) addTo(this.#byName, key, component);
    if (component.isEnabledAtFirst) this.#enabled.set(key, component);
    this.#changed();
  }

  /** Removes a component, and returns it; undefined if it does not exist. */
  remove(key: string): C | undefined {
    const component = this.#all.get(key);
    if (!component) return undefined;
    this.#all.delete(key);
    this.#enabled.delete(key);
    const versions = this.isVersioned ? this.#groupAll().get(component.key) : undefined;
    versions?.delete(key);
    if (!versions?.size) {
      this.#orders.delete(component.key);
      this.#byName?.delete(component.key);
    }
    if (component.version !== undefined) this.#versionCount--;
    this.#changed();
    return component;
  }

  /** Enables or disables a component. Returns false if it was so before, or does not exist. */
  setEnabled(key: string, isEnabled: boolean): boolean {
    const component = this.#all.get(key);
    if (!component || this.#enabled.has(key) === isEnabled) return false;
    if (isEnabled) this.#enabled.set(key, component);
    else this.#enabled.delete(key);
    this.#changed();
    return true;
  }

  #groupAll(): Map<string, Map<string, C>> {
    if (this.#byName) return this.#byName;
    this.#byName = new Map();
    for (const [key, component] of this.#all) addTo(this.#byName, key, component);
    return this.#byName;
  }

  #changed(): void {
    this.#revision++;
    this.#listed = undefined;
    this.#families = undefined;
  }

  #group(): ReadonlyMap<string, Family<C>> {
    if (this.#families) return this.#families;
    const byKey = new Map<string, C[]>();
    for (const component of this.listed()) {
      const known = byKey.get(component.key);
      if (known) known.push(component);
      else byKey.set(component.key, [component]);
    }
    const families = Array.from(byKey, ([key, versions]): [string, Family<C>] => [
      key,
      { order: this.#orders.get(key) ?? 0, versions: sortByVersion(versions) },
    ]);
    return (this.#families = new Map(families.sort(([, a], [, b]) => a.order - b.order)));
  }
}

function addTo<C extends Component>(byName: Map<string, Map<string, C>>, key: string, component: C): void {
  const versions = byName.get(component.key);
  if (versions) versions.set(key, component);
  else byName.set(component.key, new Map([[key, component]]));
}

/** Keeps what is computed from tables until one of them changes. */
export function computeFrom<T>(tables: readonly { readonly revision: number }[], compute: () => T): () => T {
  let known: { readonly revision: number; readonly value: T } | undefined;
  return () => {
    let revision = 0;
    // Revisions only grow, and so does their sum.
    for (const table of tables) revision += table.revision;
    if (known?.revision !== revision) known = { revision, value: compute() };
    return known.value;
  };
}

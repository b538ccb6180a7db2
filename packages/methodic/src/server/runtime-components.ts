import type { Notifier } from "../context/notifier.ts";
import { sourceOf } from "../decorators/defined-component.ts";
import { MethodicError } from "../errors.ts";
import type { MemberKind } from "../manifest/format.ts";
import { splitVersion } from "../manifest/versions.ts";
import { ComponentBatch } from "../registry/build-registry.ts";
import type { Component } from "../registry/component.ts";
import type { ComponentTable } from "../registry/component-table.ts";
import { readDecoratedMethods } from "../registry/decorated-methods.ts";
import type { Registry } from "../registry/registry.ts";
import { StartupErrors } from "../registry/startup-errors.ts";
import { hasVersion } from "../dispatch/versions.ts";
import { lowerScheme, parseTemplate, templateShape } from "../uri-template/parse.ts";
import { checkOptions, type OptionsSpec, showValue } from "../util/check-options.ts";
import { didYouMean } from "../util/did-you-mean.ts";
import { checkList, checkNonEmptyString } from "../util/option-checks.ts";
import { isRecord } from "../util/record.ts";
import { quote } from "../util/text.ts";

/** All components of one kind that have any of these tags. */
export interface TagSelector {
  readonly tags: readonly string[];
}

/**
 * The components of one kind, which can change while the server runs. Changes take effect with the
 * next request, and connected clients are notified: once, if several changes follow each other in
 * the same task. Calls in flight finish as they would have.
 */
export interface ServerComponents {
  /**
   * Adds components of this kind: what {@link defineTool}, {@link defineResource} or
   * {@link definePrompt} has made, and the decorated methods of instances of compiled classes. Adds
   * all or nothing.
   * @throws MethodicError for the same mistakes as {@link createServer}, such as a name that is
   *   taken; `INVALID_COMPONENTS` if there are several
   *
   * @example
   * ```ts
   * import { createServer, tool } from "methodic";
   *
   * class Notes {
   *   /** Count the notes. *\/ @tool() count(): number {
   *     return 0;
   *   }
   * }
   *
   * class Admin {
   *   /** Delete all notes. *\/ @tool() wipe(): void {}
   * }
   *
   * const server = createServer({ name: "notes", version: "1.0.0", services: [Notes] });
   * server.tools.add(new Admin());
   * ```
   */
  add(...components: readonly object[]): void;
  /**
   * Removes a component, with all its versions.
   * @param name The public name, or `name@version` for one version; of a resource its URI, or its
   *   URI template
   * @returns false if the server has no such component
   */
  remove(name: string): boolean;
  /**
   * Enables components: they are listed and usable.
   * @param which A name as for {@link ServerComponents.remove}, or tags: all components with any of
   *   them
   * @returns the number of components that were disabled before
   * @throws MethodicError `INVALID_ARGUMENT` if no component has the name
   */
  enable(which: string | TagSelector): number;
  /**
   * Disables components: they are not listed, and requests for them fail as if they did not exist.
   * @param which As for {@link ServerComponents.enable}
   * @returns the number of components that were enabled before
   * @throws MethodicError `INVALID_ARGUMENT` if no component has the name
   */
  disable(which: string | TagSelector): number;
}

const SELECTOR: OptionsSpec<TagSelector> = {
  tags: { check: checkList(checkNonEmptyString, { of: 'tags, such as ["admin"]' }), required: true },
};

/** The collections of {@link RuntimeComponents}, as `server.tools`. */
const COLLECTIONS = { tool: "tools", resource: "resources", prompt: "prompts" } as const;

type Table = ComponentTable<Component>;

/** A component's place. */
interface Place {
  readonly table: Table;
  readonly key: string;
}

interface PlacedComponent<C extends Component> extends Place {
  readonly component: C;
}

/** Changes the components of a server at run time, and announces the changes to clients. */
export class RuntimeComponents {
  readonly #registry: Registry;
  readonly #notify: Notifier;
  readonly #collections: { readonly [kind in MemberKind]: ServerComponents };
  /** The kinds whose change clients are about to be told. */
  readonly #changed = new Set<MemberKind>();

  constructor(registry: Registry, notify: Notifier) {
    this.#registry = registry;
    this.#notify = notify;
    const create = (kind: MemberKind): ServerComponents => ({
      add: (...components) => this.add(components, kind),
      remove: (name) => this.#remove(kind, name),
      enable: (which) => this.#setEnabled(kind, which, true),
      disable: (which) => this.#setEnabled(kind, which, false),
    });
    this.#collections = { tool: create("tool"), resource: create("resource"), prompt: create("prompt") };
  }

  /**
   * Returns the components of one kind. From now on, clients that connect are told that the server
   * has this kind of component, even if it has none yet.
   */
  collectionOf(kind: MemberKind): ServerComponents {
    for (const table of this.#tablesOf(kind)) table.markDynamic();
    return this.#collections[kind];
  }

  /**
   * Adds the components of instances, of one kind or of all.
   * @throws MethodicError
   */
  add(instances: readonly unknown[], kind?: MemberKind): void {
    const where = kind ? `server.${COLLECTIONS[kind]}.add` : "server.add";
    const errors = new StartupErrors();
    const batch = new ComponentBatch(this.#registry);
    for (const instance of instances) {
      const value = errors.attempt(() => assertInstance(instance, where));
      const methods = value ? readDecoratedMethods({ shape: value, value }, errors) : [];
      const added = methods.filter(({ definition }) => kind === undefined || definition.kind === kind);
      const [first] = methods;
      if (first && added.length === 0) {
        const fix = `Add it with server.${COLLECTIONS[first.definition.kind]}.add, or with server.add.`;
        errors.add(
          new MethodicError("INVALID_SERVICE", `${where}: ${first.where} is a ${first.definition.kind}. ${fix}`),
        );
      }
      for (const method of added) errors.attempt(() => batch.stage(method));
    }
    if (errors.count === 0 && kind !== "tool") {
      // Of one kind, only some of the prompts and templates that an instance completes are added.
      const options = { errors, skipsUnknown: kind !== undefined };
      for (const value of instances as readonly object[]) batch.stageCompletions({ shape: value, value }, options);
    }
    errors.throwIfAny({ code: "INVALID_COMPONENTS", heading: `${where} added nothing` });
    for (const table of batch.commit()) this.#announce(table);
  }

  /** Removes all components of an instance. Returns false if it has none. */
  removeInstance(instance: object): boolean {
    // Authors may work in JavaScript. As `remove` of a name, it does not throw.
    const owner = sourceOf(Object(instance))?.owner ?? instance;
    const { tables, prompts, templates, completions } = this.#registry;
    let isRemoved = completions.removeOf(owner, [...prompts.all().values(), ...templates.all().values()]);
    for (const table of tables) {
      for (const [key, { service }] of table.all()) {
        if (service.value === owner) isRemoved = this.#removeAt({ table, key }) || isRemoved;
      }
    }
    return isRemoved;
  }

  #remove(kind: MemberKind, name: string): boolean {
    const places = this.#find(kind, name);
    for (const place of places) this.#removeAt(place);
    return places.length > 0;
  }

  #removeAt({ table, key }: Place): boolean {
    // The list stays the same if the component was disabled.
    const isListed = table.isEnabled(key);
    const isRemoved = table.remove(key) !== undefined;
    if (isListed) this.#announce(table);
    return isRemoved;
  }

  #setEnabled(kind: MemberKind, which: string | TagSelector, isEnabled: boolean): number {
    const where = `server.${COLLECTIONS[kind]}.${isEnabled ? "enable" : "disable"}`;
    const changed = this.#select(kind, which, where).filter(({ table, key }) => table.setEnabled(key, isEnabled));
    for (const { table } of changed) this.#announce(table);
    return changed.length;
  }

  #select(kind: MemberKind, which: string | TagSelector, where: string): readonly Place[] {
    if (typeof which === "string") {
      const places = this.#find(kind, which);
      return places.length > 0 ? places : this.#refuseUnknown(kind, which, where);
    }
    checkOptions(which, SELECTOR, { where, code: "INVALID_ARGUMENT" });
    const hasTag = ({ tags }: Component): boolean => which.tags.some((tag) => tags.includes(tag));
    return this.#tablesOf(kind).flatMap((table) =>
      Array.from(table.all())
        .filter(([, component]) => hasTag(component))
        .map(([key]) => ({ table, key })),
    );
  }

  /** Finds all versions of a name, or the one of `name@version`. */
  #find(kind: MemberKind, name: unknown): readonly Place[] {
    if (typeof name !== "string") return [];
    const { tools, prompts, resources, templates } = this.#registry;
    if (kind !== "resource") {
      const table: Table = kind === "tool" ? tools : prompts;
      const { name: key, version } = splitVersion(name);
      const places = placesOf(table, key);
      return version === undefined ? places : places.filter(({ component }) => hasVersion(component, version));
    }
    const uri = lowerScheme(name);
    const fixed = placesOf(resources, uri);
    if (fixed.length > 0) return fixed;
    const parsed = parseTemplate(name);
    if ("problem" in parsed) return [];
    // Templates of the same shape may name their variables differently.
    return placesOf(templates, templateShape(parsed)).filter(
      ({ component }) => lowerScheme(component.template.source) === uri,
    );
  }

  #refuseUnknown(kind: MemberKind, name: string, where: string): never {
    const names = this.#tablesOf(kind).flatMap((table) => Array.from(table.all().values(), nameOf));
    throw new MethodicError(
      "INVALID_ARGUMENT",
      `${where}: unknown ${kind}: ${quote(name)}.${didYouMean(name, names)} Pass ${kind === "resource" ? "the URI or template of a resource" : `the name of a ${kind}`} of the server.`,
    );
  }

  #tablesOf(kind: MemberKind): readonly Table[] {
    const { tools, prompts, resources, templates } = this.#registry;
    if (kind === "resource") return [resources, templates];
    return kind === "tool" ? [tools] : [prompts];
  }

  /** Notifies clients once of all changes of the current task. */
  #announce(table: Table): void {
    const { tools, prompts } = this.#registry;
    if (this.#changed.size === 0) queueMicrotask(() => this.#notifyClients());
    this.#changed.add(table === tools ? "tool" : table === prompts ? "prompt" : "resource");
  }

  #notifyClients(): void {
    const changed = [...this.#changed];
    this.#changed.clear();
    for (const kind of changed) this.#notify[`${COLLECTIONS[kind]}Changed`]();
  }
}

/** Returns the places of all versions of a component. */
function placesOf<C extends Component>(table: ComponentTable<C>, name: string): PlacedComponent<C>[] {
  return Array.from(table.allVersionsOf(name), ([key, component]) => ({ table, key, component }));
}

function nameOf(component: Component): string {
  return component.id.kind === "resource" ? component.id.name : component.name;
}

function assertInstance(given: unknown, where: string): object {
  const isPlain = isRecord(given) && Object.getPrototypeOf(given) === Object.prototype && !sourceOf(given);
  if (typeof given === "object" && given !== null && !isPlain && !Array.isArray(given)) return given;
  const fix = findFix(given, isPlain);
  throw new MethodicError("INVALID_SERVICE", `${where}: invalid component: ${showValue(given)}. ${fix}`);
}

function findFix(given: unknown, isPlain: boolean): string {
  if (typeof given === "function") return `Pass an instance: new ${given.name || "Service"}(…).`;
  if (Array.isArray(given)) return "Spread it: add(...components).";
  if (isPlain) return "Pass it through defineTool({ … }), defineResource({ … }) or definePrompt({ … }).";
  return "Pass an instance of a class with decorated methods, or the result of defineTool, for example.";
}

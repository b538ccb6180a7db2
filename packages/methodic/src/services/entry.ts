import { MethodicError, reasonOf } from "../errors.ts";
import { codeFor, type EntryDefinition } from "./definition.ts";
import { findStart, findStop, type Hook } from "./hooks.ts";
import type { ResolveService } from "./provider.ts";
import { assertMarksKept, assertMethodsKept } from "./service-class.ts";

/** A step of the start that failed, such as `Database.onStart`. */
export class FailedStep extends Error {
  readonly step: string;

  constructor(step: string, cause: unknown) {
    super(step, { cause });
    this.step = step;
  }
}

/** The value of an entry, once it is made. */
interface Made {
  readonly value: unknown;
  /** True if the value did not exist before the start. */
  readonly isFromStart: boolean;
}

/** A value that starts and stops with the server: an entry of `services` or `providers`. */
export class Entry {
  readonly definition: EntryDefinition;
  /** The entries whose values are passed to the constructor or factory. */
  dependencies: readonly (Entry | undefined)[] = [];
  readonly #resolve: ResolveService | undefined;
  #made: Made | undefined;
  #isStarted = false;
  /** True if another entry has the same value, and starts and stops it. */
  #isAlias = false;

  /** @param resolve The server's option: it, and not the server, makes instances of classes */
  constructor(definition: EntryDefinition, resolve?: ResolveService) {
    this.definition = definition;
    const { source, isPerRequest } = definition;
    // The container makes one instance; those of calls are the server's.
    this.#resolve = source.kind === "class" && !isPerRequest ? resolve : undefined;
    if (source.kind === "value") this.#made = { value: source.value, isFromStart: false };
  }

  /** The value; undefined until it is made. */
  get value(): unknown {
    return this.#made?.value;
  }

  /** The value, or an object with its prototypes until it is made. */
  get shape(): object {
    const { source } = this.definition;
    return this.#made || source.kind !== "class"
      ? (this.value as object)
      : (Object.create(source.class.prototype as object) as object);
  }

  get isMade(): boolean {
    return this.#made !== undefined;
  }

  /** The function that the server calls to make the value, if any. */
  get maker(): { readonly length: number } | undefined {
    const { source } = this.definition;
    if (source.kind === "factory") return source.factory;
    return source.kind === "class" && !this.#resolve ? source.class : undefined;
  }

  /**
   * Constructs a class whose dependencies are made. Everything else waits for the start.
   * @throws MethodicError `INVALID_SERVICE` or `INVALID_PROVIDER`
   */
  construct(): void {
    const { source, list, name } = this.definition;
    if (source.kind !== "class" || this.#resolve) return;
    if (!this.dependencies.every((entry) => entry?.isMade !== false)) return;
    let value: object;
    try {
      value = new source.class(...(this.#readArguments() as never[]));
    } catch (error) {
      throw new MethodicError(codeFor(list), `${name} cannot be constructed: ${reasonOf(error)}`, { cause: error });
    }
    if (list === "services") assertMarksKept(source.class, value, name);
    this.#made = { value, isFromStart: false };
  }

  /**
   * Makes the value, unless it is made, and runs its `onStart`.
   * @param started The values that were started before
   * @throws FailedStep
   */
  async start(started: Set<unknown>): Promise<void> {
    this.#made ??= { value: await this.#make(), isFromStart: true };
    this.#isAlias = started.has(this.value);
    if (this.#isAlias) return;
    started.add(this.value);
    const hook = findStart(this.value);
    if (hook) await runStep(`${this.definition.name}.${hook.name}`, () => hook.run());
    this.#isStarted = true;
  }

  /**
   * Returns what stops the value, if it was started; a value without `onStart` starts when it is
   * made. The entry can be started again.
   * @param isUndo True if the start failed: what existed before it stays as it was
   */
  takeStop({ isUndo }: { readonly isUndo: boolean }): Hook | undefined {
    const made = this.#made;
    if (!made || this.#isAlias) return undefined;
    const wasStarted = this.#isStarted;
    const hasHook = findStart(made.value) !== undefined;
    this.#isStarted = false;
    if (isUndo && made.isFromStart) this.#made = undefined;
    const isLive = isUndo ? wasStarted && (hasHook || made.isFromStart) : wasStarted || !hasHook;
    return isLive ? findStop(made.value, this.#isOwned) : undefined;
  }

  /** True if the value is the server's to dispose: it made the value, or `services` lists it. */
  get #isOwned(): boolean {
    return this.maker !== undefined || (this.definition.list === "services" && !this.#resolve);
  }

  async #make(): Promise<unknown> {
    const { source, name, list } = this.definition;
    const resolve = this.#resolve;
    const step = resolve ? `resolve(${name})` : source.kind === "class" ? `new ${name}` : `the factory of ${name}`;
    return await runStep(step, async () => {
      const value = await (resolve && source.kind === "class"
        ? resolve(source.class as Parameters<ResolveService>[0])
        : makeValue(this.definition, this.#readArguments()));
      if (list === "services" && source.kind === "class") assertMethodsKept(source.class, value, name);
      return value;
    });
  }

  #readArguments(): readonly unknown[] {
    return this.dependencies.map((entry) => entry?.value);
  }
}

/** Makes the value of an entry, or a promise of it, from those of its dependencies. */
export function makeValue({ source }: EntryDefinition, args: readonly unknown[]): unknown {
  if (source.kind === "class") return new source.class(...(args as never[]));
  if (source.kind === "factory") return source.factory(...args);
  return source.kind === "value" ? source.value : undefined;
}

/** The dependency of a parameter that takes the Context, which each call has. */
export const CONTEXT: Entry = new Entry({
  list: "providers",
  name: "Context",
  place: "the call",
  key: undefined,
  source: { kind: "context" },
  isPerRequest: true,
});

async function runStep(step: string, run: () => unknown): Promise<unknown> {
  try {
    return await run();
  } catch (error) {
    throw new FailedStep(step, error);
  }
}

import type { Context } from "../context/context.ts";
import type { CallScope } from "../context/create-context.ts";
import { isToken, type ServiceKey } from "../context/token.ts";
import { MethodicError } from "../errors.ts";
import { showValue } from "../util/check-options.ts";
import { markHandled } from "../util/handled.ts";
import type { WriteLog } from "../util/log.ts";
import type { Container } from "./container.ts";
import { CONTEXT, type Entry, makeValue } from "./entry.ts";
import { findStart, findStop } from "./hooks.ts";

/** A value that was made for a call, and how it ends. */
interface Disposal {
  readonly name: string;
  run(): unknown;
}

/** A value that a call, or another value, needs. */
interface Needed {
  readonly key: object;
  readonly name: string;
}

/** The values of one call: made on first use, and disposed at its end, the last one first. */
export class RequestScope implements CallScope {
  readonly #container: Pick<Container, "entries" | "find">;
  readonly #context: Context;
  readonly #log: WriteLog;
  /** By key, or by entry for what other values need. */
  readonly #made = new Map<object, Promise<unknown>>();
  readonly #values = new Set<unknown>();
  readonly #disposals: Disposal[] = [];
  /** Values that are being made, and what each of them waits for. */
  readonly #waits = new Set<{ readonly user: Needed; readonly needed: Needed }>();
  #isEnded = false;

  constructor(container: Pick<Container, "entries" | "find">, context: Context, log: WriteLog) {
    this.#container = container;
    this.#context = context;
    this.#log = log;
  }

  async use<T>(key: ServiceKey<T>, make?: () => T | Promise<T>): Promise<T> {
    return (await this.#use(key, make)) as T;
  }

  async end(): Promise<void> {
    this.#isEnded = true;
    for (const disposal of this.#disposals.reverse()) await this.#dispose(disposal);
  }

  /** @param user The value that is being made and needs this one */
  async #use(key: ServiceKey<unknown>, make: (() => unknown) | undefined, user?: Needed): Promise<unknown> {
    assertKey(key);
    const needed = { key, name: key.name };
    this.#assertOpen(needed.name);
    const known = this.#made.get(key);
    if (known) return this.#wait(needed, user, () => known);
    if (make) return this.#wait(needed, user, () => this.#keep(needed, make));
    const entry = this.#container.find(key);
    if (entry) return this.#get(entry, user);
    throw new MethodicError(
      "MISSING_PROVIDER",
      `ctx.use: nothing provides ${key.name}. Add it to providers, or pass a function that makes it: ctx.use(${key.name}, () => …).`,
    );
  }

  async #get(entry: Entry, user?: Needed): Promise<unknown> {
    if (entry === CONTEXT) return user ? this.#contextFor(user) : this.#context;
    const { definition, dependencies } = entry;
    if (!definition.isPerRequest) return entry.value;
    const needed = { key: definition.key ?? entry, name: definition.name };
    const make = async (): Promise<unknown> => {
      const args: unknown[] = [];
      for (const dependency of dependencies) args.push(dependency && (await this.#get(dependency, needed)));
      return makeValue(definition, args);
    };
    return this.#wait(needed, user, () => this.#made.get(needed.key) ?? this.#keep(needed, make));
  }

  /** Creates the call's context for a value that is being made: its `use` finds cycles. */
  #contextFor(user: Needed): Context {
    const use: Context["use"] = <T>(key: ServiceKey<T>, make?: () => T | Promise<T>) =>
      markHandled(this.#use(key, make, user)) as Promise<T>;
    return Object.create(this.#context, { use: { value: use } }) as Context;
  }

  /**
   * Waits for a value.
   * @throws MethodicError `INVALID_DEPENDENCY` if the value itself waits for its user
   */
  async #wait(needed: Needed, user: Needed | undefined, getValue: () => unknown): Promise<unknown> {
    if (!user) return await getValue();
    const cycle = this.#findPath(needed, user);
    if (cycle) throw createCycleError([user, ...cycle].map(({ name }) => name));
    const wait = { user, needed };
    this.#waits.add(wait);
    try {
      return await getValue();
    } finally {
      this.#waits.delete(wait);
    }
  }

  /** Returns the values from one to another that wait for each other; undefined if none do. */
  #findPath(from: Needed, to: Needed): readonly Needed[] | undefined {
    if (from.key === to.key) return [from];
    for (const { user, needed } of this.#waits) {
      const rest = user.key === from.key ? this.#findPath(needed, to) : undefined;
      if (rest) return [from, ...rest];
    }
    return undefined;
  }

  /** Makes a value, unless it is made already; after a failure, the next use tries again. */
  #keep({ key, name }: Needed, make: () => unknown): Promise<unknown> {
    const made = this.#make(name, make);
    this.#made.set(key, made);
    made.catch(() => this.#made.delete(key));
    return made;
  }

  async #make(name: string, make: () => unknown): Promise<unknown> {
    const value = await make();
    // What others share must not be disposed with this call.
    const isShared = this.#values.has(value) || this.#container.entries.some((entry) => entry.value === value);
    if (isShared) return value;
    this.#values.add(value);
    await findStart(value)?.run();
    const stop = findStop(value, true);
    const disposal = stop && { name, run: () => stop.run() };
    if (this.#isEnded) {
      // The method did not wait for it.
      if (disposal) await this.#dispose(disposal);
      this.#assertOpen(name);
    }
    if (disposal) this.#disposals.push(disposal);
    return value;
  }

  async #dispose({ name, run }: Disposal): Promise<void> {
    try {
      await run();
    } catch (error) {
      this.#log(`methodic: ${name} failed to stop`, { error });
    }
  }

  #assertOpen(name: string): void {
    if (!this.#isEnded) return;
    throw new MethodicError(
      "INVALID_ARGUMENT",
      `ctx.use(${name}): the call has ended, and what it uses is disposed. Await ctx.use before you return.`,
    );
  }
}

function createCycleError(names: readonly string[]): MethodicError {
  return new MethodicError(
    "INVALID_DEPENDENCY",
    `ctx.use: ${names[0]} needs itself while it is made: ${names.join(" -> ")}. Remove one of these uses, or move what two of the values share to a third.`,
  );
}

function assertKey(key: unknown): void {
  if (typeof key === "function" || isToken(key)) return;
  throw new MethodicError(
    "INVALID_ARGUMENT",
    `ctx.use: invalid class or token: ${showValue(key)}. Pass a class, or a token from token().`,
  );
}

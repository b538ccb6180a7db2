import type { Context } from "../context/context.ts";
import type { CallScope } from "../context/create-context.ts";
import { isToken, type ServiceKey } from "../context/token.ts";
import { MethodicError } from "../errors.ts";
import { showValue } from "../util/check-options.ts";
import type { WriteLog } from "../util/log.ts";
import type { Container } from "./container.ts";
import { CONTEXT, type Entry, makeValue } from "./entry.ts";
import { findStart, findStop } from "./hooks.ts";

/** A value that was made for a call, and how it ends. */
interface Disposal {
  readonly name: string;
  run(): unknown;
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
  #isEnded = false;

  constructor(container: Pick<Container, "entries" | "find">, context: Context, log: WriteLog) {
    this.#container = container;
    this.#context = context;
    this.#log = log;
  }

  async use<T>(key: ServiceKey<T>, make?: () => T | Promise<T>): Promise<T> {
    assertKey(key);
    this.#assertOpen(key.name);
    const known = this.#made.get(key);
    if (known) return (await known) as T;
    if (make) return (await this.#keep(key, key.name, make)) as T;
    const entry = this.#container.find(key);
    if (!entry) {
      throw new MethodicError(
        "MISSING_PROVIDER",
        `ctx.use: nothing provides ${key.name}. Add it to providers, or pass a function that makes it: ctx.use(${key.name}, () => …).`,
      );
    }
    return (await this.#get(entry)) as T;
  }

  async end(): Promise<void> {
    this.#isEnded = true;
    for (const disposal of this.#disposals.reverse()) await this.#dispose(disposal);
  }

  async #get(entry: Entry): Promise<unknown> {
    if (entry === CONTEXT) return this.#context;
    const { definition, dependencies } = entry;
    if (!definition.isPerRequest) return entry.value;
    const key = definition.key ?? entry;
    return await (this.#made.get(key) ??
      this.#keep(key, definition.name, async () => {
        const args: unknown[] = [];
        for (const needed of dependencies) args.push(needed && (await this.#get(needed)));
        return makeValue(definition, args);
      }));
  }

  /** Makes a value, unless it is made already; after a failure, the next use tries again. */
  #keep(key: object, name: string, make: () => unknown): Promise<unknown> {
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

function assertKey(key: unknown): void {
  if (typeof key === "function" || isToken(key)) return;
  throw new MethodicError(
    "INVALID_ARGUMENT",
    `ctx.use: invalid class or token: ${showValue(key)}. Pass a class, or a token from token().`,
  );
}

import { type AccessRule, type AuthInfo, type Caller, getCallerKey } from "../context/auth-info.ts";
import type { Component } from "../registry/component.ts";
import { findResource, type FoundResource, type Registry } from "../registry/registry.ts";
import { didYouMean } from "../util/did-you-mean.ts";
import { quote } from "../util/text.ts";
import { INVALID_PARAMS } from "../util/json-rpc.ts";
import type { WriteLog } from "../util/log.ts";
import { RequestError } from "./failures.ts";

type Guarded = Pick<Component, "access" | "where">;

/**
 * The access decisions of one request. All layers that a request passes share one instance, so that
 * a component is looked up once and each of its rules is evaluated once.
 */
export class RequestAccess {
  /** Local connections (stdio, in memory) are trusted: no rule applies to them. */
  readonly isTrusted: boolean;
  readonly auth: AuthInfo | undefined;
  /** The key of the caller, used to scope per-caller state. */
  readonly callerKey: string;
  readonly #log: WriteLog;
  // Created on first use: most requests need none of them.
  #verdicts: Map<Guarded, Map<AccessRule, Promise<boolean>>> | undefined;
  #resources: Map<string, FoundResource | undefined> | undefined;
  #reported: Set<AccessRule["allows"]> | undefined;

  /**
   * @param caller Undefined for a trusted connection; `auth` is undefined for a caller who did not
   * authenticate
   */
  constructor(caller: Caller | undefined, log: WriteLog) {
    this.isTrusted = caller === undefined;
    this.auth = caller?.auth;
    this.callerKey = caller ? getCallerKey(caller) : "";
    this.#log = log;
  }

  /**
   * Checks whether every rule of a component allows the caller. No rule allows a caller who did not
   * authenticate.
   */
  async allows(component: Guarded): Promise<boolean> {
    if (!this.#isGuarded(component)) return true;
    for (const rule of component.access?.rules ?? []) {
      if (!(await this.#ask(rule, component))) return false;
    }
    return true;
  }

  /** Returns the components that the caller may use, in the same order. */
  async filter<C extends Guarded>(components: Iterable<C>): Promise<readonly C[]> {
    const all = [...components];
    if (!all.some((component) => this.#isGuarded(component))) return all;
    const allowed = await Promise.all(all.map((component) => this.allows(component)));
    return all.filter((_, i) => allowed[i]);
  }

  /**
   * Returns the scopes that a component requires, if missing scopes are the only reason why the
   * caller may not use it.
   */
  async findMissingScopes(component: Guarded): Promise<readonly string[] | undefined> {
    const { rules, scopes } = component.access ?? { rules: [], scopes: [] };
    const { auth } = this;
    if (!this.#isGuarded(component) || scopes.length === 0) return undefined;
    if (!auth) return scopes;
    let missing = false;
    for (const rule of rules) {
      // Rules about scopes come first. Once they all pass, no scope is missing.
      if (rule.scopes.length === 0 && !missing) return undefined;
      if (await this.#ask(rule, component)) continue;
      if (rule.scopes.every((scope) => auth.scopes.includes(scope))) return undefined;
      missing = true;
    }
    return missing ? scopes : undefined;
  }

  /** Finds the resource or template that serves a URI, whether or not the caller may read it. */
  findResource(registry: Registry, uri: string): FoundResource | undefined {
    const found = (this.#resources ??= new Map());
    if (!found.has(uri)) found.set(uri, findResource(registry, uri));
    return found.get(uri);
  }

  #isGuarded({ access }: Guarded): boolean {
    return !this.isTrusted && access !== undefined;
  }

  #ask(rule: AccessRule, component: Guarded): Promise<boolean> {
    const all = (this.#verdicts ??= new Map());
    const verdicts = all.get(component) ?? new Map<AccessRule, Promise<boolean>>();
    all.set(component, verdicts);
    const verdict = verdicts.get(rule) ?? this.#evaluate(rule, component);
    verdicts.set(rule, verdict);
    return verdict;
  }

  async #evaluate(rule: AccessRule, { access, where }: Guarded): Promise<boolean> {
    const { auth } = this;
    try {
      // A custom authenticator may return null. No rule sees such a caller.
      if (!auth || !access) return false;
      // Only `true` allows: a predicate may return anything.
      return (await rule.allows(auth, access.request)) === true;
    } catch (error) {
      const reported = (this.#reported ??= new Set());
      if (!reported.has(rule.allows)) {
        reported.add(rule.allows);
        this.#log(`methodic: access denied to ${where}: an access rule threw. ${describeOrigin(error)}`);
      }
      return false;
    }
  }
}

const MAX_FRAMES = 5;

/**
 * Describes where an error was thrown. Its message may quote claims of the caller, which do not
 * belong in a log.
 */
function describeOrigin(thrown: unknown): string {
  try {
    if (!(thrown instanceof Error)) return `It threw a value of type ${typeof thrown}.`;
    const frames = String(thrown.stack)
      .split("\n")
      .filter((line) => /^\s+at .*:\d+:\d+\)?$/.test(line));
    return [thrown.constructor.name, ...frames.slice(0, MAX_FRAMES)].join("\n");
  } catch {
    return "It threw a value that cannot be read.";
  }
}

/** Components of one kind, by the names that clients use. */
export interface NamedComponents<C extends Component> {
  readonly kind: "tool" | "prompt" | "resource template";
  readonly find: (name: string) => C | undefined;
  /** Candidates for "Did you mean", as `[name, component]`. */
  readonly entries: () => Iterable<readonly [name: string, component: C]>;
}

/**
 * Finds the component that a client names.
 * @throws RequestError if it does not exist; a component that the caller may not use is reported as
 *   missing
 */
export async function findNamed<C extends Component>(
  { kind, find, entries }: NamedComponents<C>,
  name: string,
  access: RequestAccess,
): Promise<C> {
  const component = find(name);
  if (component && (await access.allows(component))) return component;
  const all = [...entries()];
  const usable: ReadonlySet<C> = new Set(await access.filter(all.map(([, candidate]) => candidate)));
  const suggestion = didYouMean(
    name,
    all.filter(([, candidate]) => usable.has(candidate)).map(([known]) => known),
  );
  throw new RequestError(INVALID_PARAMS, `Unknown ${kind}: ${quote(name)}.${suggestion}`);
}

import { type AccessRule, type AuthInfo, type Caller, getCallerKey } from "../context/auth-info.ts";
import type { ComponentFilter, RequestView, VersionChoice } from "../context/request-view.ts";
import type { Component, Tool } from "../registry/component.ts";
import { findResource, type FoundResource, type Registry } from "../registry/registry.ts";
import type { WriteLog } from "../util/log.ts";
import { createRequestView, viewOf } from "./component-view.ts";

type Guarded = Pick<Component, "access" | "where">;

/** The options of a server that decide for each request. */
export interface RequestOptions {
  readonly filter?: ComponentFilter | undefined;
  readonly versions?: VersionChoice | undefined;
}

const NO_OPTIONS: RequestOptions = {};

/** Checks whether a server has options that decide for each request. */
export function variesByRequest({ filter, versions }: RequestOptions): boolean {
  return filter !== undefined || versions !== undefined;
}

/** Reads the facts about a request that its caller does not determine. */
type ReadFacts = () => Omit<RequestView, "auth">;

// For requests that no protocol layer has described.
const NO_FACTS: Omit<RequestView, "auth"> = {
  era: "legacy",
  protocolVersion: undefined,
  client: undefined,
  http: undefined,
  session: { id: undefined },
};

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
  #reported: Set<unknown> | undefined;
  readonly #options: RequestOptions;
  #pins: Map<Component, Promise<string | undefined>> | undefined;
  #shown: Map<Guarded, Promise<boolean>> | undefined;
  #readFacts: ReadFacts | undefined;
  #view: RequestView | undefined;

  /**
   * @param caller Undefined for a trusted connection; `auth` is undefined for a caller who did not
   *   authenticate
   */
  constructor(caller: Caller | undefined, log: WriteLog, options: RequestOptions = NO_OPTIONS) {
    this.#options = options;
    this.isTrusted = caller === undefined;
    this.auth = caller?.auth;
    this.callerKey = caller ? getCallerKey(caller) : "";
    this.#log = log;
  }

  /** True if options of the server decide, too. They need the facts about the request. */
  get variesByRequest(): boolean {
    return variesByRequest(this.#options);
  }

  /** Describes the request to the server's options. The facts are read when one is first asked. */
  describe(readFacts: ReadFacts): void {
    this.#readFacts = readFacts;
  }

  /** Returns access decisions of the same caller and request that are made anew. */
  renew(): RequestAccess {
    const caller = this.isTrusted ? undefined : { auth: this.auth, callerKey: this.callerKey };
    const renewed = new RequestAccess(caller, this.#log, this.#options);
    renewed.#view = this.#view;
    renewed.#readFacts = this.#readFacts;
    return renewed;
  }

  /**
   * Checks whether every rule of a component allows the caller, and the server's filter shows it.
   * No rule allows a caller who did not authenticate.
   */
  async allows(component: Guarded): Promise<boolean> {
    if (this.#isGuarded(component)) {
      for (const rule of component.access?.rules ?? []) {
        if (!(await this.#ask(rule, component))) return false;
      }
    }
    const { filter } = this.#options;
    return filter === undefined || (await this.#shows(component, filter));
  }

  /** Returns the components that the caller may use, in the same order. */
  async filter<C extends Guarded>(components: Iterable<C>): Promise<readonly C[]> {
    const all = [...components];
    if (!this.#options.filter && !all.some((component) => this.#isGuarded(component))) return all;
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
    let missing = !auth;
    for (const rule of rules) {
      // Rules about scopes come first. Once they all pass, no scope is missing.
      if (!auth) break;
      if (rule.scopes.length === 0 && !missing) return undefined;
      if (await this.#ask(rule, component)) continue;
      if (rule.scopes.every((scope) => auth.scopes.includes(scope))) return undefined;
      missing = true;
    }
    // A challenge would reveal a component that the filter hides.
    const { filter } = this.#options;
    const isShown = missing && (!filter || (await this.#shows(component, filter)));
    return isShown ? scopes : undefined;
  }

  /**
   * Returns the version of a component that the server's option `versions` names for this request.
   * @param newest The newest version that the caller may use
   */
  async findPin(newest: Component): Promise<string | undefined> {
    const { versions } = this.#options;
    if (!versions) return undefined;
    const pins = (this.#pins ??= new Map());
    const pin = pins.get(newest) ?? this.#evaluatePin(newest, versions);
    pins.set(newest, pin);
    return pin;
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
      this.#report(rule.allows, `access denied to ${where}: an access rule threw. ${describeOrigin(error)}`);
      return false;
    }
  }

  #shows(component: Guarded, filter: ComponentFilter): Promise<boolean> {
    const all = (this.#shown ??= new Map());
    const shown = all.get(component) ?? this.#evaluateFilter(component, filter);
    all.set(component, shown);
    return shown;
  }

  async #evaluateFilter(component: Guarded, filter: ComponentFilter): Promise<boolean> {
    try {
      return (await filter(viewOf(component as Tool), this.#describeRequest())) === true;
    } catch (error) {
      this.#report(filter, `${component.where} hidden: the option 'filter' threw. ${describeOrigin(error)}`);
      return false;
    }
  }

  async #evaluatePin(newest: Component, versions: VersionChoice): Promise<string | undefined> {
    try {
      const pin: unknown = await versions(viewOf(newest as Tool), this.#describeRequest());
      return pin === undefined ? undefined : String(pin);
    } catch (error) {
      this.#report(versions, `${newest.where} hidden: the option 'versions' threw. ${describeOrigin(error)}`);
      // No component has it.
      return "";
    }
  }

  #describeRequest(): RequestView {
    return (this.#view ??= createRequestView(this.auth, this.#readFacts?.() ?? NO_FACTS));
  }

  /** Logs that author code threw, once a request. */
  #report(thrower: unknown, text: string): void {
    const reported = (this.#reported ??= new Set());
    if (reported.has(thrower)) return;
    reported.add(thrower);
    this.#log(`methodic: ${text}`);
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

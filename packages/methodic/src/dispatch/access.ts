import { type AccessRule, type AuthInfo, type Caller, getCallerKey } from "../context/auth-info.ts";
import type { ComponentFilter, RequestView } from "../context/request-view.ts";
import type { Component, Tool } from "../registry/component.ts";
import { findResource, type FoundResource, type Registry } from "../registry/registry.ts";
import { didYouMean } from "../util/did-you-mean.ts";
import { quote } from "../util/text.ts";
import { INVALID_PARAMS } from "../util/json-rpc.ts";
import type { WriteLog } from "../util/log.ts";
import { createRequestView, viewOf } from "./component-view.ts";
import { RequestError } from "./failures.ts";

type Guarded = Pick<Component, "access" | "where">;

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
  readonly #filter: ComponentFilter | undefined;
  #shown: Map<Guarded, Promise<boolean>> | undefined;
  #readFacts: ReadFacts | undefined;
  #view: RequestView | undefined;

  /**
   * @param caller Undefined for a trusted connection; `auth` is undefined for a caller who did not
   *   authenticate
   * @param filter The server's option, if it has one
   */
  constructor(caller: Caller | undefined, log: WriteLog, filter?: ComponentFilter) {
    this.#filter = filter;
    this.isTrusted = caller === undefined;
    this.auth = caller?.auth;
    this.callerKey = caller ? getCallerKey(caller) : "";
    this.#log = log;
  }

  /** True if the server's filter decides, too. It needs the facts about the request. */
  get isFiltered(): boolean {
    return this.#filter !== undefined;
  }

  /** Describes the request to the server's filter. The facts are read when it is first asked. */
  describe(readFacts: ReadFacts): void {
    this.#readFacts = readFacts;
  }

  /** Returns access decisions of the same caller and request that are made anew. */
  renew(): RequestAccess {
    const caller = this.isTrusted ? undefined : { auth: this.auth, callerKey: this.callerKey };
    const renewed = new RequestAccess(caller, this.#log, this.#filter);
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
    return this.#filter === undefined || (await this.#shows(component, this.#filter));
  }

  /** Returns the components that the caller may use, in the same order. */
  async filter<C extends Guarded>(components: Iterable<C>): Promise<readonly C[]> {
    const all = [...components];
    if (!this.#filter && !all.some((component) => this.#isGuarded(component))) return all;
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
    const isShown = missing && (!this.#filter || (await this.#shows(component, this.#filter)));
    return isShown ? scopes : undefined;
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

import type { AccessRule, AuthInfo } from "../context/auth-info.ts";
import type { RequestAccess } from "../context/create-context.ts";
import type { Component } from "../registry/component.ts";
import { didYouMean, quote } from "../util/did-you-mean.ts";
import type { DispatchDeps } from "./dispatch.ts";
import { INVALID_PARAMS } from "../util/json-rpc.ts";
import { type FailurePolicy, RequestError } from "./failures.ts";

type Guarded = Pick<Component, "access" | "where">;

/** Decides what the caller of one request may use. */
export class AccessCheck {
  readonly #access: RequestAccess | undefined;
  readonly #report: FailurePolicy["report"];
  readonly #reported = new Set<AccessRule["allows"]>();

  /** @param access Undefined for a trusted local connection, to which no rule applies */
  constructor(access: RequestAccess | undefined, report: FailurePolicy["report"]) {
    this.#access = access;
    this.#report = report;
  }

  /** Whether rules have to be asked; if not, the caller may. */
  applies({ access }: Guarded): boolean {
    return this.#access !== undefined && access !== undefined;
  }

  /** Whether every rule of the component allows it. A component with rules is not for callers of whom nothing is known. */
  async allows(component: Guarded): Promise<boolean> {
    if (!this.applies(component)) return true;
    const auth = this.#access?.auth;
    if (!auth) return false;
    for (const rule of component.access?.rules ?? []) {
      if (!(await this.#ask(rule, component, auth))) return false;
    }
    return true;
  }

  /** Those that the caller may use, in the same order. */
  async filter<C extends Guarded>(components: Iterable<C>): Promise<readonly C[]> {
    const all = [...components];
    if (!all.some((component) => this.applies(component))) return all;
    const allowed = await Promise.all(all.map((component) => this.allows(component)));
    return all.filter((_, i) => allowed[i]);
  }

  /** The scopes that the component needs, if nothing but scopes that were not granted stands between it and the caller. */
  async findMissingScopes(component: Guarded): Promise<readonly string[] | undefined> {
    const { rules, scopes } = component.access ?? { rules: [], scopes: [] };
    if (!this.applies(component) || scopes.length === 0) return undefined;
    const auth = this.#access?.auth;
    if (!auth) return scopes;
    const isMissing = (scope: string): boolean => !auth.scopes.includes(scope);
    let missing = false;
    for (const rule of rules) {
      // The rules that are about scopes come first: if those allow it, the others need not be asked here.
      if (rule.scopes.length === 0 && !missing) return undefined;
      if (await this.#ask(rule, component, auth)) continue;
      if (!rule.scopes.some(isMissing)) return undefined;
      missing = true;
    }
    return missing ? scopes : undefined;
  }

  async #ask(rule: AccessRule, component: Guarded, auth: AuthInfo): Promise<boolean> {
    const request = component.access?.request;
    try {
      return request !== undefined && (await rule.allows(auth, request)) === true;
    } catch (error) {
      if (!this.#reported.has(rule.allows)) {
        this.#reported.add(rule.allows);
        this.#report(`methodic: a rule of access for ${component.where} failed, which means no: ${placeOf(error)}`);
      }
      return false;
    }
  }
}

const MAX_FRAMES = 5;

/** Where an error comes from. Not its message: a rule works on what is known of a caller, which has no place in a log. */
function placeOf(thrown: unknown): string {
  try {
    if (!(thrown instanceof Error)) return `it threw something of type ${typeof thrown}`;
    const frames = String(thrown.stack)
      .split("\n")
      .filter((line) => /^\s+at .*:\d+:\d+\)?$/.test(line));
    return [thrown.constructor.name, ...frames.slice(0, MAX_FRAMES)].join("\n");
  } catch {
    return "it threw something that cannot be read";
  }
}

/** Where a component is looked for. */
export interface NamedComponents<C extends Component> {
  /** What they are, for the message. */
  readonly what: "tool" | "prompt" | "resource template";
  readonly find: (name: string) => C | undefined;
  /** All of them, by the names that clients know. */
  readonly known: () => Iterable<readonly [name: string, component: C]>;
}

/**
 * Finds the component that a client names.
 * @throws RequestError if there is none that the caller may use: whether there is one that it may not, it is not told
 */
export async function findNamed<C extends Component>(
  { failures }: DispatchDeps,
  { what, find, known }: NamedComponents<C>,
  { name, access }: { readonly name: string; readonly access: RequestAccess | undefined },
): Promise<C> {
  const component = find(name);
  const check = new AccessCheck(access, failures.report);
  if (component && (await check.allows(component))) return component;
  const names = [...known()];
  const usable: ReadonlySet<C> = new Set(await check.filter(names.map(([, one]) => one)));
  const suggestion = didYouMean(
    name,
    names.filter(([, one]) => usable.has(one)).map(([one]) => one),
  );
  throw new RequestError(INVALID_PARAMS, `There is no ${what} ${quote(name)}.${suggestion}`);
}

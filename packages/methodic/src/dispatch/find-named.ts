import type { RequestAccess } from "../context/create-context.ts";
import type { Component } from "../registry/component.ts";
import { didYouMean, quote } from "../registry/nearest.ts";
import { AccessCheck } from "./access.ts";
import type { Dispatch } from "./dispatch.ts";
import { INVALID_PARAMS, RequestError } from "./failures.ts";

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
  { failures }: Dispatch,
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

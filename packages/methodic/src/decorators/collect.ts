import type { ComponentDefinition } from "./definition.ts";
import { definitionsOf } from "./mark.ts";

/** A public method of a service, and what decorators said about it. */
export interface CollectedMethod {
  readonly methodName: string;
  /** The class whose own method it is. */
  readonly declaredIn: object;
  /** Empty for a method that is no component; more than one if decorators were stacked. */
  readonly definitions: readonly ComponentDefinition[];
}

/** The prototypes of a service, from the most basic class to the most derived one, without `Object.prototype`. */
export function prototypesOf(service: object): readonly object[] {
  const chain: object[] = [];
  for (
    let proto = Object.getPrototypeOf(service);
    proto && proto !== Object.prototype;
    proto = Object.getPrototypeOf(proto)
  ) {
    chain.unshift(proto);
  }
  return chain;
}

/**
 * Finds the methods of a service in a stable order: base class first, then source order; an override keeps the place of what it overrides.
 *
 * The mark sits on the function, so it is the overriding function that counts: an override without a decorator is no component,
 * and one with a decorator replaces the base's definition as a whole.
 */
export function collectMethods(service: object): readonly CollectedMethod[] {
  const methods = new Map<string, CollectedMethod>();
  for (const prototype of prototypesOf(service)) {
    for (const methodName of Object.getOwnPropertyNames(prototype)) {
      if (methodName === "constructor") continue;
      const value: unknown = Object.getOwnPropertyDescriptor(prototype, methodName)?.value;
      const definitions = typeof value === "function" ? definitionsOf(value) : [];
      methods.set(methodName, { methodName, declaredIn: prototype, definitions });
    }
  }
  return [...methods.values()];
}

import type { MethodDefinition } from "./definition.ts";
import { definitionsOf } from "./mark.ts";

/** A method of a service with the marks of its decorators. */
export interface CollectedMethod {
  readonly methodName: string;
  /** The prototype that has the method as an own property. */
  readonly declaredIn: object;
  /** Empty for an undecorated method; more than one if decorators are stacked. */
  readonly definitions: readonly MethodDefinition[];
}

/** Returns the prototypes of a service without `Object.prototype`, base classes first. */
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
 * Finds the methods of a service in a stable order: base class first, then source order. An
 * override keeps the place of the method it overrides.
 *
 * Marks are on functions, so only the overriding function counts: an override without a decorator
 * is not a component, and the decorator of an override replaces the base's definition completely.
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

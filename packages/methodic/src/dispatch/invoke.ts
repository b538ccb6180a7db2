import { createContext, type RequestChannel } from "../context/create-context.ts";
import type { Input, ParameterPlan } from "../manifest/format.ts";
import type { Component } from "../registry/component.ts";

/** Runs a component's method with an input that was validated. */
export async function invoke(component: Component, input: Input, port: RequestChannel): Promise<unknown> {
  const { service, methodName, member } = component;
  const handle = member.parameters.contextIndex === undefined ? undefined : createContext(port);
  try {
    const args = toArguments(member.parameters, input, handle?.context);
    // Looked up at each call, so that a spy or a wrapper put on the instance is what runs.
    const method = (service as { readonly [name: string]: (...args: readonly unknown[]) => unknown })[methodName];
    return await method?.apply(service, args as unknown[]);
  } finally {
    handle?.end();
  }
}

/**
 * Turns an input object into the arguments of the method, in the order it declares them, with the context where it wants it.
 * A property that is absent becomes `undefined`, so that the method's own defaults apply.
 */
export function toArguments(plan: ParameterPlan, input: Input, context: unknown): readonly unknown[] {
  const values: unknown[] = plan.wholeInput
    ? [input]
    : plan.names.map((name) => (Object.hasOwn(input, name) ? input[name] : undefined));
  if (plan.contextIndex !== undefined) values.splice(plan.contextIndex, 0, context);
  return values;
}

import { createContext, type RequestPort } from "../context/create-context.ts";
import type { Component } from "../registry/component.ts";
import { type Input, toArguments } from "./arguments.ts";

/** Runs a component's method with an input that was validated. */
export async function invoke(component: Component, input: Input, port: RequestPort): Promise<unknown> {
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

import { callStorage } from "../context/call-storage.ts";
import { type ContextDeps, createContext, type RunningContext } from "../context/create-context.ts";
import { startHeartbeat } from "../context/progress.ts";
import type { RequestChannel } from "../context/request-channel.ts";
import type { Input, ParameterPlan } from "../manifest/format.ts";
import type { Component } from "../registry/component.ts";
import type { Registry } from "../registry/registry.ts";
import { isMarked, markKey } from "../util/mark.ts";
import type { TimeLimit } from "../util/time-limit.ts";
import type { RequestAccess, RequestOptions } from "./access.ts";
import type { CacheHints } from "./cache-hints.ts";
import type { FailureSubject } from "./failures.ts";
import { runGenerator } from "./generators.ts";
import type { OutputPolicy } from "./results.ts";
import { runInTime } from "./run-in-time.ts";
import type { VersionHold } from "./versions.ts";

/** Dependencies shared by all request handlers. */
export interface DispatchDeps extends OutputPolicy, RequestOptions {
  readonly registry: Registry;
  /** The length of a list's pages. Undefined: lists have one page. */
  readonly pageSize?: number | undefined;
  /** Refuses arguments that need a repair. */
  readonly strict: boolean;
  readonly cacheHints: CacheHints;
  /** True if access rules guard the whole server. Default false. */
  readonly isGuarded?: boolean;
  readonly context: ContextDeps;
}

/** A request as the dispatcher handles it. */
export interface DispatchRequest extends RequestChannel, VersionHold {
  readonly access: RequestAccess;
  /** True if the request came over HTTP. */
  readonly isRemote: boolean;
  /** The time limit of the call; undefined if it has none. */
  readonly limit: TimeLimit | undefined;
  /** Returns the same request with a time limit, after which it sends nothing to the client. */
  withLimit(limit: TimeLimit): DispatchRequest;
  /**
   * Prepares a method's request for input to be sent.
   * @throws NoSessionError if the client's answer could not arrive
   */
  ask(asked: InputRequiredResult): Promise<InputRequiredResult>;
}

/** The parameters of `tools/call` and `prompts/get`. The arguments have not been validated. */
export interface NamedCall {
  readonly name: string;
  /** The version that the request's metadata asks for. */
  readonly version?: string | undefined;
  readonly arguments: unknown;
}

/** A component to run with a validated input, for a request. */
export interface Invocation {
  readonly subject: FailureSubject;
  readonly component: Component;
  readonly input: Input;
  readonly request: DispatchRequest;
  readonly heartbeatMs?: number;
}

/** Runs a component's method, within its time limit. */
export function invoke(deps: DispatchDeps, invocation: Invocation): Promise<unknown> {
  if (invocation.component.timeoutMs <= 0) return start(deps, invocation);
  return runInTime(invocation, deps.failures, (request) => start(deps, { ...invocation, request }));
}

function start(deps: DispatchDeps, invocation: Invocation): Promise<unknown> {
  const { component, request } = invocation;
  const storage = callStorage.current;
  if (component.member.parameters.contextIndex === undefined && !storage) return run(invocation, undefined);
  const running = createContext(request, deps.context, component.id);
  return storage ? storage.run(running.context, () => run(invocation, running)) : run(invocation, running);
}

async function run(invocation: Invocation, running: RunningContext | undefined): Promise<unknown> {
  const { component, input, request, heartbeatMs = 0 } = invocation;
  const { service, methodName, member } = component;
  const stopHeartbeat = heartbeatMs > 0 ? startHeartbeat(request, heartbeatMs) : undefined;
  try {
    const args = toArguments(member.parameters, input, running?.context);
    // Looked up for each call, so that a spy or wrapper set on the instance takes effect.
    const instance = service.value as { readonly [name: string]: (...args: readonly unknown[]) => unknown };
    const returned = await instance[methodName]?.(...args);
    const { generator } = member;
    return generator === undefined ? returned : await runGenerator(returned, generator, request);
  } finally {
    stopHeartbeat?.();
    const disposal = running?.end();
    if (disposal) await disposal;
  }
}

/**
 * Turns an input object into the method's arguments in declaration order, with the context where
 * the method declares it. An absent property becomes `undefined`, so that the method's default
 * applies.
 */
export function toArguments(plan: ParameterPlan, input: Input, context: unknown): readonly unknown[] {
  const values: unknown[] = plan.wholeInput
    ? [input]
    : plan.names.map((name) => (Object.hasOwn(input, name) ? input[name] : undefined));
  if (plan.contextIndex !== undefined) values.splice(plan.contextIndex, 0, context);
  return values;
}

/** Marks the results of `inputRequired`: data of the same form must not become a question. */
export const INPUT_REQUIRED: symbol = markKey("inputRequired");

/**
 * A request for input from the user (MCP 2026-07-28, "Multi Round-Trip Requests"), as returned by a
 * method that uses the SDK's `inputRequired`. The output schema does not apply to it.
 */
export interface InputRequiredResult {
  readonly resultType: "input_required";
  readonly inputRequests?: object;
  readonly requestState?: string;
}

/** Checks whether a method asks for input instead of returning its result. */
export function isInputRequired(value: unknown): value is InputRequiredResult {
  return isMarked(value, INPUT_REQUIRED);
}

import { callStorage } from "../context/call-storage.ts";
import type { Context } from "../context/context.ts";
import { createContext } from "../context/create-context.ts";
import type { RequestOutlets } from "../context/request-channel.ts";
import { ToolError } from "../errors.ts";
import type { Component, ServiceHandle } from "../registry/component.ts";
import { formatDuration } from "../util/duration.ts";
import { TimeLimit } from "../util/time-limit.ts";
import { InvalidResultError } from "./failures.ts";
import type { DispatchDeps, DispatchRequest } from "./invoke.ts";

/** A method that a client waits for while it shows a component: a list or a completion. */
interface HelperMethod {
  readonly service: ServiceHandle;
  readonly methodName: string;
  /** The component that it helps. */
  readonly component: Component;
  readonly request: DispatchRequest;
  /** The kind of result, for messages. */
  readonly what: "list" | "completion";
}

// Longer than any list or completion that a user would wait for.
const TIMEOUT_MS = 10_000;

/** Runs a method that must not ask the user, and that has to answer in time. */
export function runHelper(
  deps: DispatchDeps,
  helper: HelperMethod,
  argumentsFor: (context: Context) => readonly unknown[],
): Promise<unknown> {
  const { component, request } = helper;
  const reason = new InvalidResultError(`it took longer than ${formatDuration(TIMEOUT_MS)}`);
  const limit = new TimeLimit({ timeoutMs: TIMEOUT_MS, reason, within: request });
  const outlets = refuseToAsk(helper);
  const running = createContext(request.withLimit(limit), { ...deps.context, outlets }, component.id);
  const run = async (): Promise<unknown> => {
    try {
      return await limit.run(() => callMethod(helper, argumentsFor(running.context)));
    } finally {
      await running.end();
    }
  };
  const storage = callStorage.current;
  return storage ? storage.run(running.context, run) : run();
}

function callMethod({ service, methodName }: HelperMethod, args: readonly unknown[]): unknown {
  const instance = service.value as { readonly [name: string]: (...args: readonly unknown[]) => unknown };
  return instance[methodName]?.(...args);
}

/**
 * Refuses questions, which would take the place of the answer on 2026-07-28, and calls of
 * components, which may ask.
 */
function refuseToAsk({ request: { steps }, what }: HelperMethod): RequestOutlets {
  return {
    steps,
    get questions(): never {
      throw new ToolError(`A ${what} cannot ask the user.`);
    },
    get components(): never {
      throw new ToolError(`A ${what} cannot call other components. Call the method that does the work.`);
    },
  };
}

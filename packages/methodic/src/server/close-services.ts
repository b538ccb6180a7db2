import { definitionsOf } from "../decorators/mark.ts";
import { stackOf } from "../util/log.ts";

type Close = () => unknown;

/** Options of {@link closeServices}. */
export interface CloseServicesOptions {
  /** Time for all services together, in ms. */
  readonly timeoutMs: number;
  readonly log: (text: string) => void;
}

/**
 * Closes services one after the other, the last one first, since it may use those before it. Never
 * rejects: failures are logged.
 */
export async function closeServices(
  services: readonly object[],
  { timeoutMs, log }: CloseServicesOptions,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (const service of new Set([...services].reverse())) {
    const close = findClose(service);
    if (!close) continue;
    const name = service.constructor.name;
    try {
      const isClosed = await settlesBefore(deadline, close);
      if (!isClosed) log(`methodic: ${name} did not close within ${timeoutMs} ms.`);
    } catch (error) {
      log(`methodic: ${name} failed to close: ${stackOf(error)}`);
    }
  }
}

/** Finds the method that closes a service, in the order of preference. */
function findClose(service: object): Close | undefined {
  const { close, ...symbols } = {
    asyncDispose: readMethod(service, Symbol.asyncDispose),
    dispose: readMethod(service, Symbol.dispose),
    close: readMethod(service, "close"),
  };
  // A tool named `close`, or one with parameters, closes something else.
  const closesItself = close && definitionsOf(close).length === 0 && close.length === 0;
  const found = symbols.asyncDispose ?? symbols.dispose ?? (closesItself ? close : undefined);
  return found && (() => Reflect.apply(found, service, []));
}

function readMethod(service: object, key: string | symbol | undefined): Close | undefined {
  // Runtimes without explicit resource management lack the symbols.
  const value: unknown = key === undefined ? undefined : Reflect.get(service, key);
  return typeof value === "function" ? (value as Close) : undefined;
}

/** Runs a step. Returns false if it has not finished by the deadline. */
async function settlesBefore(deadline: number, step: Close): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), Math.max(deadline - Date.now(), 0));
  });
  try {
    return await Promise.race([Promise.resolve(step()).then(() => true as const), late]);
  } finally {
    clearTimeout(timer);
  }
}

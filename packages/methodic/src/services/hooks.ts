import { definitionsOf } from "../decorators/mark.ts";

/** A value that has something to do before the server serves, such as opening a connection. */
export interface OnStart {
  /** Runs once, before the first request. May return a promise. An error stops the start. */
  onStart(): unknown;
}

/** A value that has something to do after the server's last call, such as closing a connection. */
export interface OnStop {
  /** Runs once, after the last call. May return a promise. An error is logged. */
  onStop(): unknown;
}

/** A method of a value, bound to it. */
export interface Hook {
  /** The method's name, for messages. */
  readonly name: string;
  run(): unknown;
}

/** Finds the method that starts a value. */
export function findStart(value: unknown): Hook | undefined {
  return findHook(value, "onStart");
}

/**
 * Finds the method that stops a value, in the order of preference.
 * @param isOwned True if the server made the value, and so disposes it
 */
export function findStop(value: unknown, isOwned: boolean): Hook | undefined {
  const onStop = findHook(value, "onStop");
  if (onStop || !isOwned) return onStop;
  return findHook(value, Symbol.asyncDispose) ?? findHook(value, Symbol.dispose) ?? findHook(value, "close");
}

// Runtimes without explicit resource management lack the symbols.
function findHook(value: unknown, key: string | symbol | undefined): Hook | undefined {
  if (key === undefined || !((typeof value === "object" && value !== null) || typeof value === "function"))
    return undefined;
  const method: unknown = Reflect.get(value, key);
  if (typeof method !== "function") return undefined;
  // A tool named `close`, or a method with parameters, does something else.
  const isForOthers = typeof key === "string" && (definitionsOf(method).length > 0 || method.length > 0);
  return isForOthers ? undefined : { name: String(key), run: (): unknown => Reflect.apply(method, value, []) };
}

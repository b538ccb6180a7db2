import type { Context } from "./context.ts";

/** Carries the context of a call to everything that runs in it: an `AsyncLocalStorage`. */
export interface CallStorage {
  run<T>(context: Context, callback: () => T): T;
  getStore(): Context | undefined;
}

/**
 * The storage that carries the contexts of all calls. `methodic/context` sets it, so that a program
 * that does not import it pays nothing.
 */
export const callStorage: { current: CallStorage | undefined } = { current: undefined };

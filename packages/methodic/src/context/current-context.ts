/**
 * The context of the running call, wherever it is needed. Importing this module makes every call
 * carry its context, for which it needs the runtime's `AsyncLocalStorage`.
 */
import { MethodicError } from "../errors.ts";
import { type CallStorage, callStorage } from "./call-storage.ts";
import type { Context } from "./context.ts";

export type { Context } from "./context.ts";

/** The places where runtimes offer `AsyncLocalStorage`. */
interface Runtime {
  readonly AsyncLocalStorage?: new () => CallStorage;
  readonly process?: {
    readonly getBuiltinModule?: (name: "node:async_hooks") => { AsyncLocalStorage?: new () => CallStorage } | undefined;
  };
}

// Not an import: it would fail, or be bundled, where the runtime has no such module.
const { AsyncLocalStorage, process } = globalThis as Runtime;
const Storage = process?.getBuiltinModule?.("node:async_hooks")?.AsyncLocalStorage ?? AsyncLocalStorage;
if (Storage) callStorage.current ??= new Storage();

/**
 * Returns the context of the running call: of the tool, resource or prompt whose method called this
 * code, also after `await` and in timers that it started. Import it from `methodic/context`.
 * @throws MethodicError `NO_CONTEXT` outside of calls, and where the runtime has no
 *   `AsyncLocalStorage`
 *
 * @example
 * ```ts
 * import { tool } from "methodic";
 * import { currentContext } from "methodic/context";
 *
 * class Database {
 *   async find(id: string): Promise<string> {
 *     currentContext().log.debug("reading", { id });
 *     return id;
 *   }
 * }
 *
 * class Notes {
 *   readonly #database = new Database();
 *
 *   /** Read a note. *\/ @tool() async read(id: string): Promise<string> {
 *     return this.#database.find(id);
 *   }
 * }
 * ```
 */
export function currentContext(): Context {
  const context = callStorage.current?.getStore();
  if (context) return context;
  throw new MethodicError(
    "NO_CONTEXT",
    callStorage.current
      ? "currentContext(): no call is running here. Call it in the method of a tool, resource or prompt, or in code " +
          "that the method calls, not while modules load or services start. If a connection pool or an event calls " +
          "this code, read the context before, and pass it on."
      : "currentContext(): this runtime has no AsyncLocalStorage. On Cloudflare Workers, set the compatibility flag " +
          '"nodejs_compat"; elsewhere, declare a parameter of type Context and pass it on.',
  );
}

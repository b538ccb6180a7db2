import { createRequire } from "node:module";
import path from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { CommandFailure, EXIT_FAILURE, explainError } from "../failure.ts";

const SHUTDOWN: unique symbol = Symbol.for("methodic.shutdown");

/** The part of a server that `methodic run` calls. */
export interface RunnableServer {
  serve(options?: object): Promise<unknown>;
}

/**
 * Imports the module, and reports one whose top-level await never settles: Node would exit
 * silently.
 */
export async function loadModule(fileName: string, file: string): Promise<unknown> {
  const explain = (): void => {
    process.stderr.write(
      `methodic: '${file}' never finished loading: a top-level await in it or in one of its imports never settles.\n`,
    );
    process.exitCode = EXIT_FAILURE;
  };
  // Unlike `exit`, this event does not fire when the module itself ends the process.
  process.on("beforeExit", explain);
  try {
    return await import(pathToFileURL(fileName).href);
  } finally {
    process.off("beforeExit", explain);
  }
}

/**
 * Returns the file to resolve packages from. Not the TypeScript file itself: on Node 20 that would
 * start a second compiler, in this thread, to find a package.
 */
export function resolveFrom(fileName: string): string {
  return path.join(path.dirname(fileName), "methodic-run.js");
}

/**
 * Checks the mark that the runtime leaves on the process while it serves; a process may have loaded
 * several copies of the runtime.
 */
export function isServing(): boolean {
  const { [SHUTDOWN]: shutdown } = process as { readonly [SHUTDOWN]?: { readonly isEmpty: boolean } };
  return shutdown !== undefined && !shutdown.isEmpty;
}

/**
 * Lets a `serve()` that the module called and did not await run first: it waits for the same
 * import.
 */
export async function finishServeCalls(fileName: string): Promise<void> {
  const requireThere = createRequire(resolveFrom(fileName));
  try {
    await import(pathToFileURL(requireThere.resolve("methodic/stdio")).href);
  } catch {
    // The module has no methodic installed, so no call is waiting.
  }
}

/**
 * Warns if the module calls `serve()` after this command, because the server is the same. Ends the
 * process on any other rejection, unless a server is running.
 */
export function onUnhandledRejection(reason: unknown): void {
  if (isSecondServe(reason)) {
    process.stderr.write("methodic: the module calls serve() itself, as `methodic run` does. Remove the call.\n");
  } else if (isServing()) {
    // As without this handler: the running server decides by its option `onUncaught`.
    throw reason;
  } else {
    process.stderr.write(`${explainError(reason)}\n`);
    process.exit(EXIT_FAILURE);
  }
}

/** Checks whether an error says that the server is being served already. */
export function isSecondServe(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ALREADY_SERVING";
}

/**
 * Returns the server that a module exports as default.
 * @throws CommandFailure if it exports none
 */
export function serverOf(module: unknown, file: string): RunnableServer {
  const exported = defaultExportOf(module);
  if (isServer(exported)) return exported;
  const fix = "Write: export default createServer({ name, version, services: [...] });";
  if (exported === undefined)
    throw new CommandFailure(`'${file}' has no default export, so there is no server to run. ${fix}`);
  throw new CommandFailure(`the default export of '${file}' is ${describeValue(exported)}, not a server. ${fix}`);
}

function defaultExportOf(module: unknown): unknown {
  const exported: unknown = (module as { readonly default?: unknown }).default;
  // In CommonJS output of TypeScript, the default export is one level down.
  const isCommonJs = typeof exported === "object" && exported !== null && "__esModule" in exported;
  return isCommonJs ? (exported as { readonly default?: unknown }).default : exported;
}

function isServer(value: unknown): value is RunnableServer {
  return typeof value === "object" && value !== null && "serve" in value && typeof value.serve === "function";
}

function describeValue(value: unknown): string {
  if (value === null) return "null";
  if (typeof value === "function") {
    const isClass = /^class\b/.test(Function.prototype.toString.call(value));
    return `the ${isClass ? "class" : "function"} '${value.name}'`;
  }
  if (typeof value !== "object") return `the ${typeof value} ${JSON.stringify(String(value))}`;
  const { constructor } = value as { readonly constructor?: { readonly name?: string } };
  const kind = constructor?.name ?? "Object";
  return kind === "Object" ? `an object with the keys ${Object.keys(value).join(", ") || "(none)"}` : `a ${kind}`;
}

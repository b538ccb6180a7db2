import { createRequire } from "node:module";
import path from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { guardStdout } from "methodic/stdio";
import { CommandFailure, EXIT_FAILURE, EXIT_USAGE, explainError } from "../command-failure.ts";
import { requireFile } from "../project-paths.ts";
import { exportFlags, isHttpMeant, type ServeFlags, toServeOptions } from "./serve-flags.ts";

const ENDINGS: unique symbol = Symbol.for("methodic.endings") as never;

/** What `methodic run` needs of a server. */
interface RunnableServer {
  serve(options?: object): Promise<unknown>;
}

/** Serves the default export of a module: over stdio until the client leaves, or over HTTP until a signal comes. */
export async function run(file: string, args: readonly string[], flags: ServeFlags): Promise<void> {
  if (file.startsWith("-"))
    throw new CommandFailure(`there is no option '${file}'. See methodic help run.`, EXIT_USAGE);
  const fileName = requireFile(file);
  const extension = path.extname(fileName);
  if (!/^\.[cm]?[jt]sx?$/.test(extension)) {
    throw new CommandFailure(
      `'${file}' is no JavaScript or TypeScript module (its extension is '${extension}').`,
      EXIT_USAGE,
    );
  }
  // The module sees itself as the program, as it would with `node server.js`.
  process.argv = [process.argv[0] ?? "node", fileName, ...args];
  exportFlags(flags);
  // What a module prints while it is loaded must not reach the client as protocol.
  if (!isHttpMeant(flags)) guardStdout();
  // A bundle then leaves the serving to us.
  Object.defineProperty(globalThis, Symbol.for("methodic.run"), { value: true });
  process.on("unhandledRejection", onUnhandledRejection);
  if (/^\.[cm]?tsx?$/.test(extension)) await import("@methodic/compiler/register");
  else process.setSourceMapsEnabled(true);
  const module = await load(fileName, file);
  await finishServeCalls(fileName);
  // A module that serves itself when it is loaded is served already.
  if (isServing()) return;
  const server = serverOf(module, file);
  try {
    await server.serve(await toServeOptions(flags, resolveFrom(fileName)));
  } catch (error) {
    // A `serve()` that the module did not await has come first.
    if (!isSecondServe(error)) throw error;
  }
}

/** Imports the module. One that waits for ever for something, with nothing left that could happen, would end the process without a word. */
async function load(fileName: string, file: string): Promise<unknown> {
  const explain = (): void => {
    process.stderr.write(
      `methodic: '${file}' was never loaded: an 'await' at the top level of it, or of a module that it imports, never ends.\n`,
    );
    process.exitCode = EXIT_FAILURE;
  };
  // Unlike `exit`, this does not come when the module itself ends the process.
  process.on("beforeExit", explain);
  try {
    return await import(pathToFileURL(fileName).href);
  } finally {
    process.off("beforeExit", explain);
  }
}

/** Not the TypeScript file itself: on Node 20 that would start a second compiler, in this thread, only to find a package. */
function resolveFrom(fileName: string): string {
  return path.join(path.dirname(fileName), "methodic-run.js");
}

/** The runtime leaves this mark while it serves anything; there may be several copies of it, and only one process. */
function isServing(): boolean {
  const { [ENDINGS]: endings } = process as { readonly [ENDINGS]?: { readonly isEmpty: boolean } };
  return endings !== undefined && !endings.isEmpty;
}

/** A `serve()` that the module called and did not await is waiting for this import; it goes on before we do. */
async function finishServeCalls(fileName: string): Promise<void> {
  const requireThere = createRequire(resolveFrom(fileName));
  try {
    await import(pathToFileURL(requireThere.resolve("methodic/stdio")).href);
  } catch {
    // The module has no methodic of its own, so there is nothing to wait for.
  }
}

/** A module may call `serve()` later than we do; there is one stdin, and its server is the same. Anything else ends the process. */
function onUnhandledRejection(reason: unknown): void {
  if (isSecondServe(reason)) {
    process.stderr.write(
      "methodic: the module calls serve() itself, which `methodic run` does too: remove the call.\n",
    );
  } else {
    process.stderr.write(`${explainError(reason)}\n`);
    process.exit(EXIT_FAILURE);
  }
}

function isSecondServe(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ALREADY_SERVING";
}

function serverOf(module: unknown, file: string): RunnableServer {
  const exported = defaultExportOf(module);
  if (isServer(exported)) return exported;
  const wanted = "write: export default createServer({ name, version, services: [...] });";
  if (exported === undefined)
    throw new CommandFailure(`'${file}' has no default export, so there is no server to run; ${wanted}`);
  throw new CommandFailure(`the default export of '${file}' is ${describe(exported)}, not a server; ${wanted}`);
}

function defaultExportOf(module: unknown): unknown {
  const exported: unknown = (module as { readonly default?: unknown }).default;
  // A CommonJS module written by TypeScript keeps its default export one level down.
  const isCommonJs = typeof exported === "object" && exported !== null && "__esModule" in exported;
  return isCommonJs ? (exported as { readonly default?: unknown }).default : exported;
}

function isServer(value: unknown): value is RunnableServer {
  return typeof value === "object" && value !== null && "serve" in value && typeof value.serve === "function";
}

function describe(value: unknown): string {
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

import { redirectStdout } from "methodic/stdio";
import { createRequire } from "node:module";
import path from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { CommandFailure, EXIT_FAILURE, EXIT_USAGE, explainError } from "../failure.ts";
import { requireFile } from "../paths.ts";

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
  if (!isHttpMeant(flags)) redirectStdout();
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

/** How `methodic run` serves; what is not given is the environment's, or the module's, to say. */
export interface ServeFlags {
  readonly stdio?: boolean;
  readonly http?: boolean;
  readonly port?: number;
  readonly host?: string;
  readonly path?: string;
  readonly publicUrl?: string;
  readonly allowHost?: readonly string[];
  readonly allowOrigin?: readonly string[];
  readonly auth?: "none" | "api-key";
}

/** Whether to serve over HTTP: said, or meant by any flag that has a sense only there, or by `PORT`. */
function isHttpMeant({ stdio, ...others }: ServeFlags): boolean {
  return stdio !== true && (Object.keys(others).length > 0 || (process.env["PORT"] ?? "").trim() !== "");
}

/**
 * Tells the environment what the flags say: a module that serves itself reads it there, in whatever way it does.
 * Where nothing says which port, `PORT` is what makes `serve()` choose HTTP.
 */
function exportFlags(flags: ServeFlags): void {
  if (!isHttpMeant(flags)) {
    delete process.env["PORT"];
    return;
  }
  const variables = {
    PORT: flags.port?.toString() ?? (process.env["PORT"] || "8000"),
    HOST: flags.host,
    MCP_PATH: flags.path,
    MCP_PUBLIC_URL: flags.publicUrl,
    MCP_ALLOWED_HOSTS: flags.allowHost?.join(),
    MCP_ALLOWED_ORIGINS: flags.allowOrigin?.join(),
  };
  for (const [name, value] of Object.entries(variables)) if (value !== undefined) process.env[name] = value;
}

/**
 * The options of `serve()` that the flags mean.
 * @param resolveFrom A file of the author's, from which its own `methodic` is found
 */
async function toServeOptions(flags: ServeFlags, resolveFrom: string): Promise<object> {
  if (!isHttpMeant(flags)) return { transport: "stdio" };
  const given = {
    port: flags.port,
    host: flags.host,
    path: flags.path,
    publicUrl: flags.publicUrl,
    allowedHosts: toList(flags.allowHost),
    allowedOrigins: toList(flags.allowOrigin),
    auth: flags.auth === "api-key" ? await loadApiKey(resolveFrom) : flags.auth,
  };
  return { transport: "http", ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) };
}

function toList(entries: readonly string[] | undefined): readonly string[] | "*" | undefined {
  return entries?.includes("*") ? "*" : entries;
}

/** Of the module's own copy: an authenticator of another would not be known to its server. */
async function loadApiKey(resolveFrom: string): Promise<unknown> {
  const { resolve } = createRequire(resolveFrom);
  let auth: { readonly apiKey: () => unknown };
  try {
    auth = (await import(pathToFileURL(resolve("methodic/auth")).href)) as typeof auth;
  } catch (cause) {
    throw new CommandFailure(
      `--auth api-key needs 'methodic' where the module is, and cannot load it: ${String(cause)}`,
    );
  }
  return auth.apiKey();
}

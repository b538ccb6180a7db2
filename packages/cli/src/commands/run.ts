import { type Command, InvalidArgumentError, Option } from "commander";
import { createRequire } from "node:module";
import path from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { CommandFailure, EXIT_FAILURE, EXIT_USAGE, explainError } from "../failure.ts";
import { resolveFile } from "../paths.ts";

/** The flags of `methodic run`. A missing one is left to the environment or the module. */
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

const HTTP_FLAGS = ["http", "port", "host", "path", "publicUrl", "allowHost", "allowOrigin", "auth"];

const HELP = `
PORT, HOST, MCP_PATH, MCP_ALLOWED_HOSTS, MCP_ALLOWED_ORIGINS and MCP_PUBLIC_URL in the environment set the same; flags win.
Any flag but --stdio implies --http, as PORT in the environment does.

Examples:
  $ methodic run src/server.ts                                over stdio
  $ methodic run src/server.ts --http --port 3000             over HTTP, reachable from this computer only
  $ MCP_API_KEY=... methodic run src/server.ts --host 0.0.0.0 --allow-host mcp.example.com --auth api-key

In a client's configuration:
  { "command": "npx", "args": ["methodic", "run", "/path/to/src/server.ts"] }
`;

/** Defines `methodic run`. */
export function defineRun(program: Command): void {
  const command = program
    .command("run")
    .summary("serve a module's default export")
    .description(
      "Serve the server that a module exports as default: over stdio, or over HTTP with --http.\nTypeScript is compiled in memory: no build, no files. Type errors do not stop it; decorated classes that cannot be compiled do.",
    )
    .argument("<file>", "the module, TypeScript or JavaScript")
    .argument("[args...]", "passed to the module in process.argv, with all options that are unknown or follow --")
    .usage("[options] <file> [args...]")
    .allowUnknownOption();
  addServeOptions(command)
    .addHelpText("after", HELP)
    .action(async (file: string, args: readonly string[], flags: ServeFlags) => {
      if (!file.startsWith("-")) await warnOfMisspelledFlags(command);
      await run(file, args, flags);
    });
}

/** Warns of options that look like misspelled flags: the module gets them and may ignore them. */
async function warnOfMisspelledFlags({ options }: Command): Promise<void> {
  const known = options.flatMap(({ long }) => long ?? []);
  const typed = process.argv.slice(2);
  const end = typed.includes("--") ? typed.indexOf("--") : typed.length;
  const names = typed.slice(0, end).map((argument) => argument.split("=", 1)[0] ?? "");
  const unknown = names.filter((name) => name.startsWith("--") && !known.includes(name));
  if (unknown.length === 0) return;
  const { didYouMean } = await import("methodic/manifest");
  for (const name of unknown) {
    const suggestion = didYouMean(name, known);
    if (suggestion === "") continue;
    process.stderr.write(
      `methodic: unknown option '${name}' is passed to the module.${suggestion} Write -- before the module's options.\n`,
    );
  }
}

function addServeOptions(command: Command): Command {
  const port = new Option("--port <number>", "port to listen on; 0 picks a free one (default: PORT, else 8000)");
  const auth = new Option(
    "--auth <kind>",
    "authentication: none, or api-key for callers with a key of MCP_API_KEY or MCP_API_KEYS",
  );
  return command
    .addOption(new Option("--stdio", "serve over stdio even if PORT is set").conflicts(HTTP_FLAGS))
    .option("--http", "serve over HTTP (MCP's Streamable HTTP)")
    .addOption(port.argParser(parsePort))
    .option("--host <address>", "address to listen on (default: HOST, else 127.0.0.1: this computer only)")
    .option("--path <path>", "path of the endpoint (default: the module's, else MCP_PATH, else /mcp)")
    .option("--public-url <url>", "the endpoint's URL as clients know it, behind a proxy")
    .option("--allow-host <host>", "a host name that clients may use, * for any; repeatable", collect)
    .option("--allow-origin <origin>", "an origin whose web pages may call, * for any; repeatable", collect)
    .addOption(auth.choices(["none", "api-key"]));
}

function parsePort(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new InvalidArgumentError("It must be a number from 0 to 65535.");
}

function collect(text: string, earlier: readonly string[] = []): readonly string[] {
  const entries = text.split(",").map((entry) => entry.trim());
  return [...earlier, ...entries.filter((entry) => entry !== "")];
}

const SHUTDOWN_TASKS: unique symbol = Symbol.for("methodic.endings");

/** The part of a server that `methodic run` calls. */
interface RunnableServer {
  serve(options?: object): Promise<unknown>;
}

/**
 * Serves the default export of a module: over stdio until the client leaves, or over HTTP until a
 * signal.
 */
async function run(file: string, args: readonly string[], flags: ServeFlags): Promise<void> {
  if (file.startsWith("-")) throw new CommandFailure(`unknown option '${file}'. See methodic help run.`, EXIT_USAGE);
  const fileName = resolveFile(file);
  const extension = path.extname(fileName);
  if (!/^\.[cm]?[jt]sx?$/.test(extension)) {
    throw new CommandFailure(
      `'${file}' is not a JavaScript or TypeScript module: its extension is '${extension}'.`,
      EXIT_USAGE,
    );
  }
  // The module sees itself as the program, as under `node server.js`.
  process.argv = [process.argv[0] ?? "node", fileName, ...args];
  exportFlags(flags);
  // Prints of a loading module must not reach the client as protocol.
  if (!usesHttp(flags)) (await import("methodic/stdio")).redirectStdout();
  // Tells a bundle not to serve itself.
  Object.defineProperty(globalThis, Symbol.for("methodic.run"), { value: true });
  process.on("unhandledRejection", onUnhandledRejection);
  if (/^\.[cm]?tsx?$/.test(extension)) await import("@methodic/compiler/register");
  else process.setSourceMapsEnabled(true);
  const module = await loadModule(fileName, file);
  await finishServeCalls(fileName);
  // The module has called `serve()` itself.
  if (isServing()) return;
  const server = serverOf(module, file);
  try {
    await server.serve(await toServeOptions(flags, resolveFrom(fileName)));
  } catch (error) {
    // A `serve()` that the module did not await came first.
    if (!isSecondServe(error)) throw error;
  }
}

/**
 * Imports the module, and reports one whose top-level await never settles: Node would exit
 * silently.
 */
async function loadModule(fileName: string, file: string): Promise<unknown> {
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
function resolveFrom(fileName: string): string {
  return path.join(path.dirname(fileName), "methodic-run.js");
}

/**
 * Checks the mark that the runtime leaves on the process while it serves; a process may have loaded
 * several copies of the runtime.
 */
function isServing(): boolean {
  const { [SHUTDOWN_TASKS]: tasks } = process as { readonly [SHUTDOWN_TASKS]?: { readonly isEmpty: boolean } };
  return tasks !== undefined && !tasks.isEmpty;
}

/**
 * Lets a `serve()` that the module called and did not await run first: it waits for the same
 * import.
 */
async function finishServeCalls(fileName: string): Promise<void> {
  const requireThere = createRequire(resolveFrom(fileName));
  try {
    await import(pathToFileURL(requireThere.resolve("methodic/stdio")).href);
  } catch {
    // The module has no methodic installed, so no call is waiting.
  }
}

/**
 * Warns if the module calls `serve()` after this command, because the server is the same. Ends the
 * process on any other rejection.
 */
function onUnhandledRejection(reason: unknown): void {
  if (isSecondServe(reason)) {
    process.stderr.write("methodic: the module calls serve() itself, as `methodic run` does. Remove the call.\n");
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

/**
 * Checks whether to serve over HTTP: by `--http`, any flag that only applies to HTTP, or `PORT`.
 */
function usesHttp({ stdio, ...others }: ServeFlags): boolean {
  return stdio !== true && (Object.keys(others).length > 0 || (process.env["PORT"] ?? "").trim() !== "");
}

/**
 * Writes the flags to the environment, where a module that serves itself reads them. `PORT` is
 * always set for HTTP: it makes `serve()` choose it.
 */
function exportFlags(flags: ServeFlags): void {
  if (!usesHttp(flags)) {
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
 * Converts the flags to options of `serve()`.
 * @param resolveFrom A file next to the module, to resolve the module's own `methodic` from
 */
async function toServeOptions(flags: ServeFlags, resolveFrom: string): Promise<object> {
  if (!usesHttp(flags)) return { transport: "stdio" };
  const options = {
    port: flags.port,
    host: flags.host,
    path: flags.path,
    publicUrl: flags.publicUrl,
    allowedHosts: toHostsOption(flags.allowHost),
    allowedOrigins: toHostsOption(flags.allowOrigin),
    auth: flags.auth === "api-key" ? await loadApiKey(resolveFrom) : flags.auth,
  };
  return {
    transport: "http",
    ...Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)),
  };
}

function toHostsOption(entries: readonly string[] | undefined): readonly string[] | "*" | undefined {
  return entries?.includes("*") ? "*" : entries;
}

/**
 * Loads `apiKey` from the module's own copy of methodic: its server rejects another copy's
 * authenticator.
 */
async function loadApiKey(resolveFrom: string): Promise<unknown> {
  const { resolve } = createRequire(resolveFrom);
  let auth: { readonly apiKey: () => unknown };
  try {
    auth = (await import(pathToFileURL(resolve("methodic/auth")).href)) as typeof auth;
  } catch (cause) {
    throw new CommandFailure(`--auth api-key needs the package 'methodic' installed for the module: ${String(cause)}`);
  }
  return auth.apiKey();
}

import { SCHEMA_FLAGS } from "@methodic/compiler/cached";
import { type Command, InvalidArgumentError, Option } from "commander";
import { createRequire } from "node:module";
import path from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { CommandFailure, EXIT_USAGE } from "../failure.ts";
import { addSchemaOptions, type SchemaFlags, toSchemaOptions } from "../flags.ts";
import { resolveFile } from "../paths.ts";
import {
  finishServeCalls,
  isSecondServe,
  isServing,
  loadModule,
  onUnhandledRejection,
  resolveFrom,
  serverOf,
} from "./run-module.ts";

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
  addSchemaOptions(addServeOptions(command))
    .addHelpText("after", HELP)
    .action(async (file: string, args: readonly string[], flags: ServeFlags & SchemaFlags) => {
      await rejectMisspelledFlags(command);
      const { descriptions: _1, strictTypes: _2, requireHints: _3, ...serveFlags } = flags;
      // The module hooks compile, and are installed without arguments.
      Object.defineProperty(globalThis, SCHEMA_FLAGS, { value: toSchemaOptions(flags).schemaOptions });
      await run(file, args, serveFlags);
    });
}

/**
 * Rejects options that look like misspelled flags: the module gets all unknown options, and would
 * be served in another way than the caller asked for.
 */
async function rejectMisspelledFlags(command: Command): Promise<void> {
  const typed = process.argv.slice(2);
  const end = typed.includes("--") ? typed.indexOf("--") : typed.length;
  const { findMisspelledFlag } = await import("../misspelled-flags.ts");
  const found = findMisspelledFlag(typed.slice(0, end), command);
  if (found === undefined) return;
  throw new CommandFailure(
    `unknown option '${found.name}'.${found.suggestion} If it is the module's own option, write -- before it.`,
    EXIT_USAGE,
  );
}

/** Adds the flags of `methodic run` to a command. */
export function addServeOptions(command: Command): Command {
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

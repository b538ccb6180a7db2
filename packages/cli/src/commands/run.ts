import path from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { CommandFailure, EXIT_USAGE } from "../command-failure.ts";
import { requireFile } from "../project-paths.ts";

/** What `methodic run` needs of a server. */
interface RunnableServer {
  serve(): Promise<void>;
}

/** Serves the default export of a module over stdio until the client leaves. */
export async function run(file: string, args: readonly string[]): Promise<void> {
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
  keepStdoutForTheProtocol();
  if (/^\.[cm]?tsx?$/.test(extension)) await import("@methodic/compiler/register");
  else process.setSourceMapsEnabled(true);
  const module: unknown = await import(pathToFileURL(fileName).href);
  await serverOf(module, file).serve();
}

/** What a module prints while it is loaded must not reach a client as protocol; from `serve()` on, the server sees to that. */
function keepStdoutForTheProtocol(): void {
  console.log = console.error;
  console.info = console.error;
  console.debug = console.error;
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

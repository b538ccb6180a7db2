/**
 * Loads a module, and writes what its default export, a server, publishes to descriptor 3:
 * `node describe-server.js <file> [schema options as JSON]`.
 */
import { writeSync } from "node:fs";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { DESCRIBE_SERVER, type ServerDescription } from "methodic/manifest";
import { SCHEMA_FLAGS } from "../project/schema-options.ts";

/** A default export that may be a server. */
interface Exported {
  readonly [DESCRIBE_SERVER]?: () => ServerDescription;
}

const [, , fileName = "", schemaOptions = "{}"] = process.argv;
process.argv = [process.argv[0] ?? "node", fileName];
// Tells a bundle not to serve itself, and `serve()` to start nothing.
for (const mark of [Symbol.for("methodic.run"), DESCRIBE_SERVER])
  Object.defineProperty(globalThis, mark, { value: true });
Object.defineProperty(globalThis, SCHEMA_FLAGS, { value: JSON.parse(schemaOptions) });
process.on("uncaughtException", (error) => finish({ failure: explain(error) }));
process.on("beforeExit", () => finish({ failure: "a top-level await of the module never settles." }));
await import("./register.ts");
finish(await describe());

async function describe(): Promise<object> {
  const module = (await import(pathToFileURL(fileName).href)) as { readonly default?: unknown };
  // In CommonJS output of TypeScript, the default export is one level down.
  const { default: inner } = Object(module.default) as { readonly default?: unknown };
  const server = [module.default, inner].find((exported) => DESCRIBE_SERVER in Object(exported)) as
    | Exported
    | undefined;
  return (
    server?.[DESCRIBE_SERVER]?.() ?? {
      failure:
        "its default export is not a server of this version of methodic. Install the same version of methodic and @methodic/cli.",
    }
  );
}

function finish(result: object): never {
  writeSync(3, JSON.stringify(result));
  // Connections that the module has opened must not keep the process alive.
  process.exit();
}

/** Formats an error of the module, with the place in its own code that threw it. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return `the module threw ${String(error)}.`;
  const { name, message, stack = "" } = error;
  if (name === "MethodicError") return message;
  const frame = stack.split("\n").find((line) => /^ +at .*\w:\d+:\d+/.test(line) && !isForeign(line));
  const place = frame === undefined ? "" : `, ${frame.trim()}`;
  return `${name}: ${message.replace(/[.!?]$/, "")}${place}.`;
}

function isForeign(frame: string): boolean {
  return /node:|[/\\]node_modules[/\\]/.test(frame) || frame.includes(import.meta.url);
}

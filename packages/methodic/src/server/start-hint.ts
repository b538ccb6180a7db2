const UNUSED: unique symbol = Symbol.for("methodic.unused");

/** The part of Node's `process` that is used here; other runtimes may lack any of it. */
interface NodeProcess {
  readonly argv: readonly string[];
  readonly execArgv: readonly string[];
  readonly exitCode?: number | string | null | undefined;
  readonly versions?: Readonly<Record<string, string>>;
  readonly stderr: { write(text: string): void };
  once?(event: "beforeExit", listener: () => void): void;
  /** The server that was created last, until it is used. */
  [UNUSED]?: object | undefined;
}

/**
 * Prints how to start a server if Node was given the module that exports it, and the program ends
 * without using it.
 */
export function hintIfUnused(server: object): void {
  const process = getNodeProcess();
  if (!process) return;
  if (!(UNUSED in process)) process.once?.("beforeExit", () => void writeHint(process));
  process[UNUSED] = server;
}

/** Notes that a server is used, so that it needs no hint. */
export function noteUsed(server: object): void {
  const process = getNodeProcess();
  if (process?.[UNUSED] === server) process[UNUSED] = undefined;
}

function getNodeProcess(): NodeProcess | undefined {
  const { process } = globalThis as unknown as { readonly process?: NodeProcess };
  const { node, bun, deno } = process?.versions ?? {};
  return node === undefined || bun !== undefined || deno !== undefined ? undefined : process;
}

async function writeHint(process: NodeProcess): Promise<void> {
  const { [UNUSED]: server, argv, execArgv, exitCode } = process;
  const [, main] = argv;
  // The program has said what is wrong, as `methodic run` does.
  if (exitCode) return;
  // With --eval, arguments are data. In a worker, the main module is not loaded, and would be run.
  if (!server || main === undefined || execArgv.some((option) => /^(?:-[ep]+|--eval|--print)\b/.test(option))) return;
  const [{ isMainThread }, { pathToFileURL }] = await Promise.all([import("node:worker_threads"), import("node:url")]);
  if (!isMainThread) return;
  const { href } = pathToFileURL(main);
  // Node has loaded it already, so this runs nothing.
  const loaded = (await import(/* @vite-ignore */ /* webpackIgnore: true */ href).catch(() => ({}))) as {
    readonly default?: { readonly default?: unknown };
  };
  const isDefault = loaded.default === server || loaded.default?.default === server;
  if (!isDefault && !Object.values(loaded).includes(server)) return;
  const fix = isDefault
    ? `Run npx methodic run ${main}, or a module that calls its serve(): import server from "./server.js"; await server.serve();`
    : "Export it as default (export default createServer({ … });), or call its serve().";
  process.stderr.write(`methodic: ${main} exports a server and does not start it. ${fix}\n`);
}

import childProcess from "node:child_process";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import process from "node:process";

const STDOUT = 1;
const STDERR = 2;

const FILE_WRITES = [
  "appendFile",
  "appendFileSync",
  "write",
  "writeFile",
  "writeFileSync",
  "writeSync",
  "writev",
  "writevSync",
] as const;
const SYNC_SPAWNS = ["execFileSync", "execSync", "spawnSync"] as const;

type AnyFunction = (...args: never[]) => unknown;

/**
 * Redirects what `node:fs` writes to file descriptor 1, as fast loggers do, and the output of child
 * processes that inherit it, to stderr. Node cannot point the descriptor itself elsewhere. Returns
 * a function that ends the redirection.
 */
export function divertDescriptor(): () => void {
  const restores = [
    ...FILE_WRITES.map((name) => wrap(fs, name, ([target, ...rest]) => [target === STDOUT ? STDERR : target, ...rest])),
    ...SYNC_SPAWNS.map((name) => wrap(childProcess, name, (args) => args.map(withoutStdout))),
    // All asynchronous functions of the module call this method.
    wrap(childProcess.ChildProcess.prototype as object as { spawn: AnyFunction }, "spawn", (args) =>
      args.map(withoutStdout),
    ),
  ];
  syncBuiltinESMExports();
  return () => {
    for (const restore of restores) restore();
    syncBuiltinESMExports();
  };
}

/** Replaces a method by one that edits its arguments. Returns a function that undoes it. */
function wrap<Name extends string>(
  owner: { [name in Name]: AnyFunction },
  name: Name,
  edit: (args: readonly unknown[]) => readonly unknown[],
): () => void {
  const original: AnyFunction = owner[name];
  let isActive = true;
  function wrapped(this: unknown, ...args: unknown[]): unknown {
    return Reflect.apply(original, this, isActive ? edit(args) : args);
  }
  // Includes the symbols that util.promisify reads.
  owner[name] = Object.defineProperties(wrapped, Object.getOwnPropertyDescriptors(original)) as never;
  return () => {
    isActive = false;
    // Another library may have wrapped the method as well.
    if ((owner[name] as unknown) === wrapped) owner[name] = original as never;
  };
}

/** Replaces stdout in the option `stdio` of an argument that has one. */
function withoutStdout(argument: unknown): unknown {
  if (typeof argument !== "object" || argument === null || !("stdio" in argument)) return argument;
  const { stdio } = argument;
  const list: readonly unknown[] = stdio === "inherit" ? [stdio, stdio, stdio] : Array.isArray(stdio) ? stdio : [];
  const isStdout = (entry: unknown, index: number): boolean =>
    entry === STDOUT || entry === process.stdout || (entry === "inherit" && index === STDOUT);
  if (!list.some(isStdout)) return argument;
  return { ...argument, stdio: list.map((entry, index) => (isStdout(entry, index) ? STDERR : entry)) };
}

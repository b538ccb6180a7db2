import { Buffer } from "node:buffer";
import { Console } from "node:console";
import process from "node:process";
import { readVariable } from "../util/env.ts";
import { divertDescriptor } from "./stdout-descriptor.ts";

type Write = NodeJS.WriteStream["write"];

/** The redirection of stdout to stderr. */
export interface StdoutRedirect {
  /** Writes to the real stdout. */
  readonly write: Write;
  /** Ends the redirection. */
  release(): void;
}

const STDOUT: unique symbol = Symbol.for("methodic.stdout");
type GuardedProcess = { [STDOUT]?: StdoutGuard } & typeof process;

const HINT =
  "methodic: redirected the output below from stdout to stderr, because stdout carries the MCP messages. " +
  "Use console.error, or ctx.log to reach the client. (Shown once.)\n";
// A program that prints more, or has not served after this time, must not look silent.
const MAX_HELD_BYTES = 64 * 1024;
const MAX_HELD_MS = 1000;

/**
 * Holds the output of a program until it chooses its transport: with stdio it goes to stderr, with
 * HTTP, or if the program ends successfully without serving, to stdout.
 */
export function holdStdout(): void {
  const owner: GuardedProcess = process;
  // A person reads a terminal, and the runner of node:test its own protocol.
  if (owner[STDOUT] || process.stdout.isTTY || process.env["NODE_TEST_CONTEXT"] !== undefined) return;
  owner[STDOUT] = new StdoutGuard("held");
}

/**
 * Reserves stdout for the protocol: redirects all other output, from `console.log`, written
 * directly or by child processes that inherit stdout, to stderr, with a hint the first time.
 * Further calls return the same redirection.
 */
export function redirectStdout(): StdoutRedirect {
  const owner: GuardedProcess = process;
  const guard = (owner[STDOUT] ??= new StdoutGuard("stderr"));
  guard.redirect();
  return guard;
}

/** The replacement of `process.stdout.write`: one for all copies of this module. */
class StdoutGuard implements StdoutRedirect {
  readonly write: Write;
  readonly #original: Write = process.stdout.write;
  readonly #restores: readonly (() => void)[];
  #held: Buffer[] | undefined;
  #heldBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #hasHinted = false;

  constructor(mode: "held" | "stderr") {
    this.write = this.#original.bind(process.stdout) as Write;
    process.stdout.write = this.#divert as Write;
    this.#restores = [routeConsole(), divertDescriptor()];
    if (mode === "stderr") return;
    this.#held = [];
    this.#timer = setTimeout(() => this.#giveUp(), MAX_HELD_MS).unref();
    process.once("exit", this.#onExit);
  }

  /** Gives stdout back to a program that serves over HTTP, unless it serves stdio as well. */
  endHold(): void {
    if (this.#held) this.release();
  }

  redirect(): void {
    for (const chunk of this.#stopHolding()) this.#divert(chunk);
  }

  release(): void {
    for (const chunk of this.#stopHolding()) this.write(chunk);
    process.stdout.write = this.#original;
    for (const restore of this.#restores) restore();
    const owner: GuardedProcess = process;
    delete owner[STDOUT];
  }

  readonly #divert = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
    if (this.#held) return this.#hold(chunk, rest);
    if (!this.#hasHinted) process.stderr.write(HINT);
    this.#hasHinted = true;
    return process.stderr.write(chunk, ...(rest as []));
  };

  #hold(chunk: string | Uint8Array, rest: readonly unknown[]): boolean {
    const encoding = rest.find((value) => typeof value === "string") as BufferEncoding | undefined;
    const data = typeof chunk === "string" ? Buffer.from(chunk, encoding) : Buffer.from(chunk);
    this.#held?.push(data);
    this.#heldBytes += data.length;
    const done = rest.find((value) => typeof value === "function") as (() => void) | undefined;
    if (done) process.nextTick(done);
    if (this.#heldBytes > MAX_HELD_BYTES) this.#giveUp();
    return true;
  }

  /** Chooses the transport that `serve()` chooses without options. */
  #giveUp(): void {
    if (readVariable("PORT") === undefined) this.redirect();
    else this.release();
  }

  readonly #onExit = (code: number): void => {
    if (code === 0) this.release();
    else this.redirect();
  };

  #stopHolding(): readonly Buffer[] {
    const held = this.#held ?? [];
    this.#held = undefined;
    clearTimeout(this.#timer);
    process.off("exit", this.#onExit);
    return held;
  }
}

const CONSOLE_METHODS = [
  "count",
  "debug",
  "dir",
  "dirxml",
  "group",
  "groupCollapsed",
  "groupEnd",
  "info",
  "log",
  "table",
  "timeEnd",
  "timeLog",
] as const;

/**
 * Makes the console of Bun and Deno write through `process.stdout`, as Node's does. Returns a
 * function that undoes it.
 */
function routeConsole(): () => void {
  if (!("bun" in process.versions || "deno" in process.versions)) return () => undefined;
  const routed = new Console(process.stdout, process.stderr);
  const originals = CONSOLE_METHODS.map((name) => [name, console[name]] as const);
  for (const name of CONSOLE_METHODS) console[name] = routed[name].bind(routed) as never;
  return () => {
    for (const [name, original] of originals) console[name] = original as never;
  };
}

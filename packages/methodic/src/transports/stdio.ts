import process from "node:process";
import { MethodicError } from "../errors.ts";
import { closeBeforeEnd, endProcess } from "./shutdown.ts";
import { StdioTransport } from "./stdio-transport.ts";
import type { Transport } from "./transport.ts";

/** What {@link serveStdio} needs of a server. */
export interface StdioServer {
  readonly name: string;
  readonly version: string;
  connect(transport: Transport): Promise<void>;
  close(): Promise<void>;
}

const SERVING: unique symbol = Symbol.for("methodic.stdio");

/**
 * Serves a client over stdin and stdout, in both protocol eras, and ends the process when the client closes stdin, or on SIGINT or
 * SIGTERM: calls in flight are answered first, then the exit code is 0. A second signal ends it at once.
 * `server.serve()` is the usual way to call it.
 *
 * @example
 * ```ts
 * import { serveStdio } from "methodic/stdio";
 * import server from "./server.js";
 *
 * await serveStdio(server);
 * ```
 */
export async function serveStdio(server: StdioServer): Promise<void> {
  claimStdin(server);
  const guard = redirectStdout();
  let ending = false;
  const close = async (): Promise<void> => {
    ending = true;
    transport.stopReading();
    await server.close();
  };
  const transport = new StdioTransport({
    stdin: process.stdin,
    write: (text, done) => void guard.write(text, done),
    report: (text) => void process.stderr.write(`methodic: ${text}\n`),
    onEnd: () => void endProcess(),
    onClose: () => {
      // A server that its author closed leaves the process as it found it; one that is ending it keeps stdout clean to the end.
      if (ending) return;
      release();
    },
  });
  // A client that disappears breaks the pipe: what is in flight has nobody to go to.
  const onBrokenPipe = (): void => {
    void endProcess();
    void transport.close();
  };
  const release = (): void => {
    stopWaitingForEnd();
    process.stdout.off("error", onBrokenPipe);
    process.stderr.off("error", ignoreBrokenLog);
    guard.release();
    releaseStdin();
  };
  process.stdout.on("error", onBrokenPipe);
  process.stderr.on("error", ignoreBrokenLog);
  const stopWaitingForEnd = closeBeforeEnd(close);
  try {
    await server.connect(transport);
  } catch (error) {
    release();
    throw error;
  }
  if (process.stdin.isTTY) process.stderr.write(helpForPeople(server));
}

/** A client that does not read the log must not stop the server. */
function ignoreBrokenLog(): void {}

function claimStdin({ name }: StdioServer): void {
  const stdin: NodeJS.ReadStream & { [SERVING]?: string } = process.stdin;
  if (stdin[SERVING] !== undefined) {
    throw new MethodicError(
      "ALREADY_SERVING",
      `The server '${stdin[SERVING]}' serves stdio already, so '${name}' cannot. Serve one server a process.`,
    );
  }
  stdin[SERVING] = name;
}

function releaseStdin(): void {
  const stdin: NodeJS.ReadStream & { [SERVING]?: string } = process.stdin;
  delete stdin[SERVING];
}

function helpForPeople({ name, version }: StdioServer): string {
  const args = [...process.execArgv, ...process.argv.slice(1)];
  const entry = { mcpServers: { [name]: { command: process.execPath, args } } };
  return [
    `${name} ${version} is an MCP server: it waits for an MCP client on stdin, and stdin is a terminal.`,
    "Let a client start it. Most clients take this in their configuration:",
    "",
    JSON.stringify(entry, null, 2),
    "",
    "Press Ctrl+C to stop.",
    "",
  ].join("\n");
}

type Write = typeof process.stdout.write;

const GUARDED: unique symbol = Symbol.for("methodic.stdout");

/** The guard, as it is found on a guarded `process.stdout.write`. */
interface GuardedWrite extends Write {
  readonly [GUARDED]: StdoutRedirect;
}

/** A stdout that is kept for the protocol. */
interface StdoutRedirect {
  /** Writes to the real stdout. */
  readonly write: Write;
  /** Gives stdout back to everybody. */
  release(): void;
}

const HINT =
  "methodic: the output below was meant for stdout, which carries the MCP messages while serving stdio; it goes to stderr instead. " +
  "Write console.error, or ctx.log to reach the client. (This is said once.)\n";

/**
 * Keeps stdout for the protocol: what anything else writes there, through `console.log` or directly, goes to stderr from now on,
 * with a hint the first time. Called again, it returns the same guard.
 */
export function redirectStdout(): StdoutRedirect {
  const current = process.stdout.write as Write | GuardedWrite;
  if (GUARDED in current) return current[GUARDED];
  const real: Write = current.bind(process.stdout) as Write;
  const guard: StdoutRedirect = { write: real, release: () => void (process.stdout.write = current) };
  let hinted = false;
  const redirected = (...args: Parameters<Write>): boolean => {
    if (!hinted) process.stderr.write(HINT);
    hinted = true;
    return process.stderr.write(...args);
  };
  // The console writes through this method of the stream as well, so one replacement catches everything but raw file descriptors.
  process.stdout.write = Object.assign(redirected as Write, { [GUARDED]: guard });
  return guard;
}

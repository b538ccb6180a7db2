import process from "node:process";
import { MethodicError } from "../errors.ts";
import { writeLog } from "../util/log.ts";
import { closeBeforeEnd, endProcess, ignoreBrokenLog, type RunningServer } from "./shutdown.ts";
import { StdioTransport } from "./stdio-transport.ts";
import { redirectStdout } from "./stdout.ts";
import type { Transport } from "./transport.ts";

export { redirectStdout } from "./stdout.ts";

/** The part of a server that {@link serveStdio} uses. */
export interface StdioServer extends Pick<RunningServer, "shutdownTimeoutMs" | "onUncaught" | "log"> {
  readonly name: string;
  readonly version: string;
  connect(transport: Transport): Promise<void>;
  close(): Promise<void>;
}

const SERVING: unique symbol = Symbol.for("methodic.stdio");

/**
 * Serves a client over stdin and stdout, in both protocol eras. Ends the process when the client
 * closes stdin, and on SIGINT and SIGTERM: answers running calls first, then exits with code 0. A
 * second signal ends the process at once. `server.serve()` is the usual way to call it.
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
  const { shutdownTimeoutMs, onUncaught, log = writeLog } = server;
  const redirect = redirectStdout();
  let ending = false;
  const close = async (): Promise<void> => {
    ending = true;
    transport.stopReading();
    await server.close();
  };
  const transport = new StdioTransport({
    stdin: process.stdin,
    write: (text, done) => void redirect.write(text, done),
    log,
    onEnd: () => void endProcess(),
    onClose: () => {
      // Unless the process is ending, the author's code gets stdout back.
      if (!ending) release();
    },
  });
  // A client that disappears breaks the pipe. Its calls need no answer.
  const onBrokenPipe = (): void => {
    void endProcess();
    void transport.close();
  };
  const release = (): void => {
    unregister();
    process.stdout.off("error", onBrokenPipe);
    releaseLog();
    redirect.release();
    releaseStdin();
  };
  process.stdout.on("error", onBrokenPipe);
  const releaseLog = ignoreBrokenLog();
  const unregister = closeBeforeEnd({ close, shutdownTimeoutMs, onUncaught, log });
  try {
    await server.connect(transport);
  } catch (error) {
    release();
    throw error;
  }
  if (process.stdin.isTTY) process.stderr.write(helpForPeople(server));
}

function claimStdin({ name }: StdioServer): void {
  const stdin: NodeJS.ReadStream & { [SERVING]?: string } = process.stdin;
  if (stdin[SERVING] !== undefined) {
    throw new MethodicError(
      "ALREADY_SERVING",
      `The server '${stdin[SERVING]}' is already serving stdio, so '${name}' cannot. Serve one server per process.`,
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
    `${name} ${version} is an MCP server. It expects an MCP client on stdin, but stdin is a terminal.`,
    "Let an MCP client start it. Most clients accept this configuration:",
    "",
    JSON.stringify(entry, null, 2),
    "",
    "Press Ctrl+C to stop.",
    "",
  ].join("\n");
}

import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** A JSON-RPC message. */
export interface Message {
  readonly jsonrpc: "2.0";
  readonly id?: string | number | null;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

/** A server process and the lines of its stdin and stdout. */
export class StdioChild {
  readonly #process: ChildProcess;

  constructor(receive: (message: Message) => void) {
    const program = fileURLToPath(new URL("stdio.js", import.meta.url));
    this.#process = spawn(process.execPath, [program], { stdio: ["pipe", "pipe", "inherit"] });
    if (!this.#process.stdout) throw new Error("The server process has no stdout.");
    createInterface(this.#process.stdout).on("line", (line) => receive(JSON.parse(line) as Message));
  }

  send(message: Message): void {
    this.#process.stdin?.write(`${JSON.stringify(message)}\n`);
  }

  close(): void {
    this.#process.stdin?.end();
  }
}

import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** The file that clients start. */
export const BUILT_SERVER: string = fileURLToPath(new URL("../dist/main.js", import.meta.url));

if (!existsSync(BUILT_SERVER)) {
  throw new Error(`${BUILT_SERVER} is missing. These tests drive the built example: run "npm run build" first.`);
}

/** Returns the environment of a server process: this process's, with a separate database. */
export function serverEnv(database: string, weatherUrl = "http://127.0.0.1:9"): Record<string, string> {
  const inherited = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return {
    ...Object.fromEntries(inherited),
    NOTES_DB: database,
    OPEN_METEO_GEOCODING_URL: weatherUrl,
    OPEN_METEO_FORECAST_URL: weatherUrl,
  };
}

/** Creates a folder that is deleted at the end of the test. */
export function temporaryFolder(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), "methodic-notes-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** A JSON-RPC message from the server. */
export interface Message {
  readonly jsonrpc: "2.0";
  readonly id?: string | number | null;
  readonly method?: string;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

/** A server process whose pipes the test reads and writes directly. */
export class RawServer {
  readonly process: ChildProcessWithoutNullStreams;
  /** Every line the server wrote to stdout. */
  readonly lines: string[] = [];
  /** Settles with the exit code and signal after the process has ended and its output is read. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  #stderr = "";
  readonly #waiting = new Map<unknown, (message: Message) => void>();
  readonly #stderrWaiting: { readonly text: string; readonly resolve: () => void }[] = [];
  /** Rejects pending waits with the process's stderr once the process has ended. */
  readonly #failure: Promise<never>;

  constructor(args: readonly string[], env: Record<string, string>) {
    this.process = spawn(process.execPath, args, { env, cwd: fileURLToPath(new URL("..", import.meta.url)) });
    this.ended = once(this.process, "close").then(([code, signal]) => ({ code, signal }));
    this.#failure = this.ended.then(({ code, signal }) => {
      throw new Error(`The server ended (code ${code}, signal ${signal}) before it answered. stderr:\n${this.#stderr}`);
    });
    this.#failure.catch(() => {}); // Without a pending wait, the rejection is expected.
    createInterface({ input: this.process.stdout }).on("line", (line) => this.#receive(line));
    this.process.stderr.setEncoding("utf8").on("data", (text: string) => this.#receiveStderr(text));
    // Some tests end the server on purpose; they check `ended`.
    this.process.stdin.on("error", () => {});
  }

  /** The server's stderr so far. */
  get stderr(): string {
    return this.#stderr;
  }

  /** Writes raw text to the server's stdin. */
  write(text: string): void {
    this.process.stdin.write(text);
  }

  /** Sends a request and waits for the response with its id. */
  request(id: string | number, method: string, params: object = {}): Promise<Message> {
    const answer = this.answerTo(id);
    this.send(id, method, params);
    return answer;
  }

  /** Sends a request without waiting for the response. */
  send(id: string | number, method: string, params: object = {}): void {
    this.write(`${JSON.stringify({ jsonrpc: "2.0", id, method, params })}\n`);
  }

  /** Settles when a message with this id arrives. */
  answerTo(id: string | number | null): Promise<Message> {
    const answer = new Promise<Message>((resolve) => this.#waiting.set(id, resolve));
    return Promise.race([answer, this.#failure]);
  }

  /** Initializes the connection like a client of 2025-11-25. */
  async initialize(): Promise<Message> {
    const clientInfo = { name: "raw", version: "1.0.0" };
    const answer = await this.request("init", "initialize", {
      protocolVersion: "2025-11-25",
      capabilities: {},
      clientInfo,
    });
    this.write(`${JSON.stringify({ jsonrpc: "2.0", method: "notifications/initialized" })}\n`);
    return answer;
  }

  /** Calls a tool. */
  callTool(id: string | number, name: string, args: object = {}): Promise<Message> {
    return this.request(id, "tools/call", { name, arguments: args });
  }

  /** Settles when the server has written this text to stderr. */
  stderrSays(text: string): Promise<void> {
    if (this.#stderr.includes(text)) return Promise.resolve();
    const said = new Promise<void>((resolve) => this.#stderrWaiting.push({ text, resolve }));
    return Promise.race([said, this.#failure]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.process.kill("SIGKILL");
    await this.ended;
  }

  #receive(line: string): void {
    this.lines.push(line);
    let message: Message;
    try {
      message = JSON.parse(line) as Message;
    } catch {
      return; // The tests check every entry of `lines`.
    }
    this.#waiting.get(message.id)?.(message);
  }

  #receiveStderr(text: string): void {
    this.#stderr += text;
    for (const waiting of this.#stderrWaiting) if (this.#stderr.includes(waiting.text)) waiting.resolve();
  }
}

/** Returns the lines that are not JSON-RPC messages. */
export function strayLines(lines: readonly string[]): string[] {
  return lines.filter((line) => {
    try {
      const message: unknown = JSON.parse(line);
      return typeof message !== "object" || message === null || !("jsonrpc" in message) || message.jsonrpc !== "2.0";
    } catch {
      return true;
    }
  });
}

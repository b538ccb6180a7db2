import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** The built example: what a client's configuration starts. */
export const BUILT_SERVER: string = fileURLToPath(new URL("../dist/main.js", import.meta.url));

if (!existsSync(BUILT_SERVER)) {
  throw new Error(`${BUILT_SERVER} is missing. These tests drive the built example: run "npm run build" first.`);
}

/** The environment of a server process: this one's, and notes of its own. */
export function serverEnv(database: string, weatherUrl = "http://127.0.0.1:9"): Record<string, string> {
  const inherited = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return {
    ...Object.fromEntries(inherited),
    NOTES_DB: database,
    OPEN_METEO_GEOCODING_URL: weatherUrl,
    OPEN_METEO_FORECAST_URL: weatherUrl,
  };
}

/** A folder that is gone when the test is over. */
export function temporaryFolder(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), "methodic-notes-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** A JSON-RPC message as it came from the server. */
export interface Message {
  readonly jsonrpc: "2.0";
  readonly id?: string | number | null;
  readonly method?: string;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

/** A server process with nothing between the test and its pipes. */
export class RawServer {
  readonly process: ChildProcessWithoutNullStreams;
  /** Every line the server wrote to stdout. */
  readonly lines: string[] = [];
  /** Settles with the exit code and the signal once the process has ended and all its output is read. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  #stderr = "";
  readonly #waiting = new Map<unknown, (message: Message) => void>();
  readonly #stderrWaiting: { readonly text: string; readonly resolve: () => void }[] = [];
  /** Fails what still waits for a process that has ended, with what it said last. */
  readonly #failure: Promise<never>;

  constructor(args: readonly string[], env: Record<string, string>) {
    this.process = spawn(process.execPath, args, { env, cwd: fileURLToPath(new URL("..", import.meta.url)) });
    this.ended = once(this.process, "close").then(([code, signal]) => ({ code, signal }));
    this.#failure = this.ended.then(({ code, signal }) => {
      throw new Error(`The server ended (code ${code}, signal ${signal}) before it answered. stderr:\n${this.#stderr}`);
    });
    this.#failure.catch(() => {}); // Of interest only to those who wait.
    createInterface({ input: this.process.stdout }).on("line", (line) => this.#receive(line));
    this.process.stderr.setEncoding("utf8").on("data", (text: string) => this.#receiveStderr(text));
    // A server that has gone is what some tests are about; they look at `ended`.
    this.process.stdin.on("error", () => {});
  }

  /** What the server wrote to stderr so far. */
  get stderr(): string {
    return this.#stderr;
  }

  /** Writes text to the server's stdin as it is. */
  write(text: string): void {
    this.process.stdin.write(text);
  }

  /** Sends a request and waits for the answer with its id. */
  request(id: string | number, method: string, params: object = {}): Promise<Message> {
    const answer = this.answerTo(id);
    this.send(id, method, params);
    return answer;
  }

  /** Sends a request whose answer nobody waits for. */
  send(id: string | number, method: string, params: object = {}): void {
    this.write(`${JSON.stringify({ jsonrpc: "2.0", id, method, params })}\n`);
  }

  /** Settles when a message with this id arrives. */
  answerTo(id: string | number | null): Promise<Message> {
    const answer = new Promise<Message>((resolve) => this.#waiting.set(id, resolve));
    return Promise.race([answer, this.#failure]);
  }

  /** Opens the connection as a client of 2025-11-25 does. */
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
      return; // Kept in `lines`, where the tests check every single one.
    }
    this.#waiting.get(message.id)?.(message);
  }

  #receiveStderr(text: string): void {
    this.#stderr += text;
    for (const waiting of this.#stderrWaiting) if (this.#stderr.includes(waiting.text)) waiting.resolve();
  }
}

/** The lines that are no JSON-RPC messages: none, if all is well. */
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

import {
  type JSONRPCMessage,
  type MessageExtraInfo,
  parseJSONRPCMessage,
  type Transport,
} from "@modelcontextprotocol/server";
import type { Readable } from "node:stream";
import { INTERNAL_ERROR, INVALID_REQUEST, type MessageId, readId, SERVER_ERROR } from "../util/json-rpc.ts";

/** What a {@link StdioTransport} stands on. */
export interface StdioStreams {
  readonly stdin: Readable;
  /** Writes to the real stdout. */
  readonly write: (text: string, done: (error?: Error | null) => void) => void;
  /** Tells what was ignored, for the log. */
  readonly report: (text: string) => void;
  /** The client has closed its end: nothing more will come, but answers can still be written. */
  readonly onEnd: () => void;
  /** The connection was closed from this side. */
  readonly onClose: () => void;
}

const NO_MESSAGE = "This is no JSON-RPC 2.0 message.";
const NO_ANSWER = "The client can answer no more: the connection is ending.";
const NO_BATCH = "Batches are not supported: send each message on a line of its own.";
// The SDK's own bound. A line beyond it costs its sender an error, not everybody the connection.
const MAX_LINE_BYTES = 10 * 1024 * 1024;

/**
 * JSON-RPC messages as lines on stdin and stdout. Unlike the SDK's transport it outlives stdin, so that requests in flight are
 * answered; and a line that is garbage or too long is told to its sender, if it has an id, and otherwise ignored.
 */
export class StdioTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage, extra?: MessageExtraInfo) => void;
  readonly #streams: StdioStreams;
  readonly #reader: LineReader;
  /** The ids of the server's own requests that the client has yet to answer. */
  readonly #asked = new Set<string | number>();
  #reading = true;
  #closed = false;

  constructor(streams: StdioStreams) {
    this.#streams = streams;
    this.#reader = new LineReader(
      { line: (text) => this.#readLine(text), tooLong: (head, tail) => this.#refuseLong(head, tail) },
      MAX_LINE_BYTES,
    );
  }

  async start(): Promise<void> {
    const { stdin, onEnd } = this.#streams;
    stdin.on("data", this.#onData);
    stdin.once("end", this.#onStdinEnd);
    stdin.once("close", onEnd);
    stdin.once("error", onEnd);
    // Listening is not enough for a stream that somebody paused.
    stdin.resume();
  }

  send(message: JSONRPCMessage): Promise<void> {
    if (this.#closed) return Promise.reject(new Error("the connection is closed"));
    if ("method" in message && "id" in message) this.#noteQuestion(message.id);
    return new Promise((resolve, reject) => {
      this.#streams.write(`${this.#toJson(message)}\n`, (error) => (error ? reject(error) : resolve()));
    });
  }

  /** An answer that cannot be written is replaced by one that says so: its request must not wait for ever. */
  #toJson(message: JSONRPCMessage): string {
    try {
      return JSON.stringify(message);
    } catch (error) {
      if ("method" in message || message.id === undefined) throw error;
      this.#streams.report(
        `an answer could not be written as JSON: ${error instanceof Error ? error.message : "unknown"}`,
      );
      const refusal = { code: INTERNAL_ERROR, message: "The server's answer has no JSON form. Its log says more." };
      return JSON.stringify({ jsonrpc: "2.0", id: message.id, error: refusal });
    }
  }

  /** Takes no further messages, but still sends. */
  stopReading(): void {
    this.#streams.stdin.off("data", this.#onData);
    // A stream that is paused keeps no process alive.
    this.#streams.stdin.pause();
    this.#reading = false;
    if (!this.#closed) for (const id of this.#asked) this.#answerForClient(id);
  }

  #noteQuestion(id: string | number): void {
    this.#asked.add(id);
    if (!this.#reading) queueMicrotask(() => this.#answerForClient(id));
  }

  /** What the client was asked (in a form, say) and cannot answer any more must not hold up the end. */
  #answerForClient(id: string | number): void {
    this.#asked.delete(id);
    this.onmessage?.({ jsonrpc: "2.0", id, error: { code: SERVER_ERROR, message: NO_ANSWER } });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.stopReading();
    const { stdin, onEnd, onClose } = this.#streams;
    stdin.off("end", this.#onStdinEnd);
    stdin.off("close", onEnd);
    stdin.off("error", onEnd);
    onClose();
    this.onclose?.();
  }

  readonly #onStdinEnd = (): void => {
    this.#reader.end();
    this.#streams.onEnd();
  };

  readonly #onData = (chunk: Uint8Array): void => this.#reader.push(chunk);

  #readLine(text: string): void {
    if (text.trim() === "") return;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return this.#streams.report(`ignored a line on stdin that is not JSON: ${excerpt(text)}`);
    }
    let message: JSONRPCMessage;
    try {
      message = parseJSONRPCMessage(value);
    } catch {
      // Batches were part of MCP in one revision only, 2025-03-26.
      return Array.isArray(value) && value.length > 0
        ? this.#refuse(value.map(readRequestId), NO_BATCH, text)
        : this.#refuse([readRequestId(value)], NO_MESSAGE, text);
    }
    if (!("method" in message) && message.id !== undefined) this.#asked.delete(message.id);
    this.onmessage?.(message);
  }

  #refuseLong(head: string, tail: string): void {
    const id = findId(head, tail);
    this.#refuse([id], `The message is too long: at most ${MAX_LINE_BYTES} bytes are read.`, head);
  }

  #refuse(ids: readonly (string | number | undefined)[], message: string, line: string): void {
    this.#streams.report(`refused a line on stdin: ${message} ${excerpt(line)}`);
    for (const id of ids) {
      if (id === undefined) continue;
      this.send({ jsonrpc: "2.0", id, error: { code: INVALID_REQUEST, message } }).catch((error: Error) =>
        this.onerror?.(error),
      );
    }
  }
}

function excerpt(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 79)}…` : text);
}

/** The id of a request; responses are not answered. */
function readRequestId(value: unknown): MessageId | undefined {
  const isResponse = typeof value === "object" && value !== null && ("result" in value || "error" in value);
  return isResponse ? undefined : readId(value);
}

/** Finds the id of a request that was too long to be parsed, where senders write it: at the front or at the very end. */
function findId(head: string, tail: string): string | number | undefined {
  const front = /^\s*\{\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?"id"\s*:\s*(\d+|"[^"\\]*")\s*,/.exec(head);
  // One closing brace only: with two, the id would belong to something inside of the message.
  const back = /[^{]\s*,\s*"id"\s*:\s*(\d+|"[^"\\]*")\s*(?:,\s*"jsonrpc"\s*:\s*"2\.0"\s*)?\}\s*$/.exec(tail);
  const found = (front ?? back)?.[1];
  return found === undefined ? undefined : (JSON.parse(found) as string | number);
}

/** What a {@link LineReader} tells. */
export interface LineSink {
  line(text: string): void;
  /** A line beyond the limit was skipped; its first and last characters are what is left of it. */
  tooLong(head: string, tail: string): void;
}

const NEWLINE = 0x0a;
// Enough to find a JSON-RPC id before or after the parameters.
const KEPT = 256;

/** Cuts a stream of bytes into lines, holding no more than `limit` bytes of a line. */
export class LineReader {
  readonly #sink: LineSink;
  readonly #limit: number;
  #chunks: Uint8Array[] = [];
  #length = 0;
  /** The first characters of the line that is being skipped. */
  #skipping: string | undefined;

  constructor(sink: LineSink, limit: number) {
    this.#sink = sink;
    this.#limit = limit;
  }

  /** Takes the next bytes. */
  push(bytes: Uint8Array): void {
    let rest = bytes;
    for (let at = rest.indexOf(NEWLINE); at !== -1; at = rest.indexOf(NEWLINE)) {
      this.#append(rest.subarray(0, at));
      this.#finishLine();
      rest = rest.subarray(at + 1);
    }
    this.#append(rest);
  }

  /** Takes the end of the stream: what is left is a line without a line end. */
  end(): void {
    if (this.#length > 0 || this.#skipping !== undefined) this.#finishLine();
  }

  #append(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#chunks.push(bytes);
    this.#length += bytes.length;
    if (this.#length <= this.#limit) return;
    const joined = this.#join();
    this.#skipping ??= decode(joined.subarray(0, KEPT));
    const tail = joined.slice(-KEPT);
    this.#chunks = [tail];
    this.#length = tail.length;
  }

  #finishLine(): void {
    const text = decode(this.#join());
    const head = this.#skipping;
    this.#chunks = [];
    this.#length = 0;
    this.#skipping = undefined;
    if (head === undefined) this.#sink.line(text.endsWith("\r") ? text.slice(0, -1) : text);
    else this.#sink.tooLong(head, text.slice(-KEPT));
  }

  #join(): Uint8Array {
    const [only, ...others] = this.#chunks;
    if (only && others.length === 0) return only;
    const joined = new Uint8Array(this.#length);
    let at = 0;
    for (const chunk of this.#chunks) {
      joined.set(chunk, at);
      at += chunk.length;
    }
    return joined;
  }
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

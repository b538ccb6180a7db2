import type { WriteLog } from "../util/log.ts";
import type { JSONRPCMessage, MessageExtraInfo, Transport } from "@modelcontextprotocol/server";
import type { Readable } from "node:stream";
import { checkMessage, type Refusal, toErrorResponse, toFailedResponse } from "../protocol/message-check.ts";
import { InFlight } from "../util/in-flight.ts";
import { INTERNAL_ERROR, INVALID_REQUEST, isResponse, type MessageId, readId, SERVER_ERROR } from "../util/json-rpc.ts";
import { PendingRequests } from "../util/pending-requests.ts";
import { quote } from "../util/text.ts";
import { LineReader } from "./line-reader.ts";

/** Dependencies of a {@link StdioTransport}. */
export interface StdioTransportDeps {
  readonly stdin: Readable;
  /** Writes to the real stdout. */
  readonly write: (text: string, done: (error?: Error | null) => void) => void;
  /** Writes to the log. */
  readonly log: WriteLog;
  /** Called when the client has closed stdin. Answers can still be written. */
  readonly onEnd: () => void;
  /** Called when this side has closed the connection. */
  readonly onClose: () => void;
}

const NO_ANSWER = "The client can no longer answer: the connection is closing.";
const NO_BATCH = {
  code: INVALID_REQUEST,
  message: "Batches are not supported. Send each message on a separate line.",
};
// The SDK's limit. Here, a longer line does not end the connection.
const MAX_LINE_BYTES = 10 * 1024 * 1024;
// Beyond this many characters that the client has not read, nothing more is read from it.
const MAX_WAITING = 16 * 1024 * 1024;

/**
 * Sends and receives JSON-RPC messages as lines on stdout and stdin. Unlike the SDK's transport, it
 * stays open after the end of stdin, so that pending requests are answered, and it survives lines
 * that are invalid or too long: it answers them with an error if they have an id.
 */
export class StdioTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage, extra?: MessageExtraInfo) => void;
  readonly #deps: StdioTransportDeps;
  readonly #reader: LineReader;
  readonly #requests = new PendingRequests(new InFlight(), this);
  #reading = true;
  /** Characters that wait for the client to read them. */
  #waiting = 0;
  #closed = false;

  constructor(deps: StdioTransportDeps) {
    this.#deps = deps;
    this.#reader = new LineReader(
      { line: (text) => this.#readLine(text), tooLong: (head, tail) => this.#refuseLong(head, tail) },
      MAX_LINE_BYTES,
    );
  }

  async start(): Promise<void> {
    const { stdin, onEnd } = this.#deps;
    stdin.on("data", this.#onData);
    stdin.once("end", this.#onStdinEnd);
    stdin.once("close", onEnd);
    stdin.once("error", onEnd);
    // A listener does not resume a stream that was paused explicitly.
    stdin.resume();
  }

  async send(message: JSONRPCMessage): Promise<void> {
    if (this.#closed) throw new Error("The connection is closed.");
    if ("method" in message && "id" in message) this.#ask(message.id);
    const line = `${this.#toJson(message)}\n`;
    this.#addWaiting(line.length);
    await new Promise<void>((resolve, reject) => {
      this.#deps.write(line, (error) => {
        this.#addWaiting(-line.length);
        if (error) reject(error);
        else resolve();
      });
    });
  }

  #addWaiting(length: number): void {
    const wasFull = this.#waiting > MAX_WAITING;
    this.#waiting += length;
    const isFull = this.#waiting > MAX_WAITING;
    if (wasFull === isFull || !this.#reading) return;
    if (isFull) this.#deps.stdin.pause();
    else this.#deps.stdin.resume();
  }

  /** Replaces a response that has no JSON form with an error, so that its request ends. */
  #toJson(message: JSONRPCMessage): string {
    try {
      return JSON.stringify(message);
    } catch (error) {
      if ("method" in message || message.id === undefined) throw error;
      this.#deps.log(
        `methodic: a response cannot be serialized to JSON: ${error instanceof Error ? error.message : "unknown error"}`,
      );
      const refusal = {
        code: INTERNAL_ERROR,
        message: "The response cannot be serialized to JSON. See the log of the server.",
      };
      return JSON.stringify({ jsonrpc: "2.0", id: message.id, error: refusal });
    }
  }

  /** Stops receiving messages. Sending still works. */
  stopReading(): void {
    this.#deps.stdin.off("data", this.#onData);
    // A paused stream does not keep the process alive.
    this.#deps.stdin.pause();
    this.#reading = false;
    if (!this.#closed) for (const id of this.#requests.asked) this.#answerForClient(id);
  }

  #ask(id: MessageId): void {
    this.#requests.ask(id);
    if (!this.#reading) queueMicrotask(() => this.#answerForClient(id));
  }

  /** Fails a request that the client can no longer answer, so that it does not delay the end. */
  #answerForClient(id: MessageId): void {
    const answer = { jsonrpc: "2.0", id, error: { code: SERVER_ERROR, message: NO_ANSWER } } as const;
    this.#requests.admit(answer);
    this.onmessage?.(answer);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.stopReading();
    const { stdin, onEnd, onClose } = this.#deps;
    stdin.off("end", this.#onStdinEnd);
    stdin.off("close", onEnd);
    stdin.off("error", onEnd);
    onClose();
    this.onclose?.();
  }

  readonly #onStdinEnd = (): void => {
    this.#reader.end();
    this.#deps.onEnd();
  };

  readonly #onData = (chunk: Uint8Array): void => this.#reader.push(chunk);

  #readLine(text: string): void {
    if (text.trim() === "") return;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return this.#deps.log(`methodic: ignored a line on stdin that is not JSON: ${quote(text)}`, { level: "warn" });
    }
    // Only one revision of MCP has batches, 2025-03-26.
    if (Array.isArray(value) && value.length > 0) return this.#refuse(value.map(readRequestId), NO_BATCH, text);
    const refusal = checkMessage(value);
    if (refusal) this.#refuse([readRequestId(value)], refusal, text);
    const message = refusal ? toFailedResponse(value) : (value as JSONRPCMessage);
    if (message && this.#requests.admit(message)) this.onmessage?.(message);
  }

  #refuseLong(head: string, tail: string): void {
    const message = `The message is too long. Send at most ${MAX_LINE_BYTES} bytes.`;
    this.#refuse([findId(head, tail)], { code: INVALID_REQUEST, message }, head);
  }

  #refuse(ids: readonly (MessageId | undefined)[], refusal: Refusal, line: string): void {
    this.#deps.log(`methodic: rejected a line on stdin: ${refusal.message} ${quote(line)}`, { level: "warn" });
    for (const id of ids) {
      if (id !== undefined) this.send(toErrorResponse(id, refusal)).catch((error: Error) => this.onerror?.(error));
    }
  }
}

/** Reads the id of an invalid request; undefined for a response, which must not be answered. */
function readRequestId(value: unknown): MessageId | undefined {
  return isResponse(value) ? undefined : readId(value);
}

/** Finds the id of a message that was too long to parse, at its start or its end. */
function findId(head: string, tail: string): MessageId | undefined {
  const front = /^\s*\{\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?"id"\s*:\s*(\d+|"[^"\\]*")\s*,/.exec(head);
  // Only one closing brace: with two, the id would belong to an object inside the message.
  const back = /[^{]\s*,\s*"id"\s*:\s*(\d+|"[^"\\]*")\s*(?:,\s*"jsonrpc"\s*:\s*"2\.0"\s*)?\}\s*$/.exec(tail);
  const found = (front ?? back)?.[1];
  return found === undefined ? undefined : (JSON.parse(found) as MessageId);
}

import { Buffer, isUtf8 } from "node:buffer";
import type { IncomingMessage } from "node:http";
import { BodyConsumedError, BodyTooLargeError } from "../../http/request.ts";

/** A message whose body a middleware may have parsed: `express.json()`, `express.text()`, `express.raw()` and the like. */
export interface BodyMessage extends IncomingMessage {
  readonly body?: unknown;
}

/** The client went away before all of its request had arrived. */
export class RequestAbortedError extends Error {
  override readonly name: string = "RequestAbortedError";

  constructor() {
    super("The client went away before its request was complete.");
  }
}

/**
 * Reads the body from the stream itself, or takes what a middleware made of it.
 * @param onWanted Called before the stream is read
 * @throws BodyTooLargeError beyond so many bytes; what follows them is not read
 * @throws BodyConsumedError if a middleware has read it and left nothing
 * @throws TypeError if it is not UTF-8
 */
export async function readBody(message: BodyMessage, maxBytes: number, onWanted: () => void): Promise<string> {
  const parsed = readParsedBody(message);
  if (parsed !== undefined) {
    if (Buffer.byteLength(parsed) > maxBytes) throw new BodyTooLargeError(maxBytes);
    return parsed;
  }
  if (Number(message.headers["content-length"] ?? 0) > maxBytes) throw new BodyTooLargeError(maxBytes);
  onWanted();
  return decode(await collect(message, maxBytes));
}

/** The body as text if something else has read it already. */
export function readParsedBody(message: BodyMessage): string | undefined {
  // Some middlewares set an empty `body` on requests that they do not read.
  if (!message.readableDidRead || (message.destroyed && !message.complete)) return undefined;
  const { body } = message;
  if (body === undefined) throw new BodyConsumedError();
  if (typeof body === "string") return body;
  return body instanceof Uint8Array ? decode(Buffer.from(body.buffer, body.byteOffset, body.length)) : toJson(body);
}

function toJson(body: unknown): string {
  return JSON.stringify(body) ?? "";
}

function collect(message: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const stop = (): void => {
      message.off("data", onData).off("end", onEnd).off("close", onGone);
    };
    const onData = (chunk: Buffer | string): void => {
      const bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
      size += bytes.length;
      if (size <= maxBytes) return void chunks.push(bytes);
      stop();
      message.pause();
      reject(new BodyTooLargeError(maxBytes));
    };
    const onEnd = (): void => {
      stop();
      const [first] = chunks;
      resolve(first && chunks.length === 1 ? first : Buffer.concat(chunks, size));
    };
    const onGone = (): void => {
      stop();
      reject(new RequestAbortedError());
    };
    if (message.destroyed) return onGone();
    message.on("data", onData).on("end", onEnd).on("close", onGone);
    // Without a listener, a connection that breaks would be an uncaught error; `close` follows.
    message.on("error", ignoreError);
  });
}

function ignoreError(): void {}

function decode(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw new TypeError("The body is not UTF-8.");
  const hasByteOrderMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return bytes.toString("utf8", hasByteOrderMark ? 3 : 0);
}

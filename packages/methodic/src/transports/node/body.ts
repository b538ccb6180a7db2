import { Buffer, isUtf8 } from "node:buffer";
import type { IncomingMessage } from "node:http";
import { type BodyArrival, BodyConsumedError, BodyCutOffError, BodyTooLargeError } from "../../http/request.ts";

/** An incoming message, with its parsed body if a middleware such as `express.json()` read it. */
export interface BodyMessage extends IncomingMessage {
  readonly body?: unknown;
}

/** Thrown if the client disconnects before its request is complete. */
export class RequestAbortedError extends Error {
  override readonly name: string = "RequestAbortedError";

  constructor() {
    super("The client disconnected before its request was complete.");
  }
}

/** Dependencies of {@link readBody}. */
interface BodyDeps {
  /** Called before the stream is read. */
  readonly onWanted: () => void;
  readonly arrival?: BodyArrival | undefined;
}

/**
 * Reads the body as text: from the stream, or from the value that a middleware parsed it into.
 * @throws BodyTooLargeError beyond `maxBytes`; the rest of the stream is left unread
 * @throws BodyCutOffError if the arrival is cut off; the rest of the stream is left unread
 * @throws BodyConsumedError if a middleware has read the stream without setting `body`
 * @throws TypeError if the body is not UTF-8
 */
export async function readBody(message: BodyMessage, maxBytes: number, deps: BodyDeps): Promise<string> {
  const parsed = readParsedBody(message);
  if (parsed !== undefined) {
    if (Buffer.byteLength(parsed) > maxBytes) throw new BodyTooLargeError(maxBytes);
    return parsed;
  }
  if (Number(message.headers["content-length"] ?? 0) > maxBytes) throw new BodyTooLargeError(maxBytes);
  deps.onWanted();
  return decodeBody(await collect(message, maxBytes, deps.arrival));
}

/** Returns the text of a body that a middleware has read; undefined if the stream is unread. */
export function readParsedBody(message: BodyMessage): string | undefined {
  // Some middlewares set an empty `body` on requests that they do not read.
  if (!message.readableDidRead || (message.destroyed && !message.complete)) return undefined;
  const { body } = message;
  if (body === undefined) throw new BodyConsumedError();
  if (typeof body === "string") return body;
  return body instanceof Uint8Array ? decodeBody(Buffer.from(body.buffer, body.byteOffset, body.length)) : toJson(body);
}

function toJson(body: unknown): string {
  return JSON.stringify(body) ?? "";
}

function collect(message: IncomingMessage, maxBytes: number, arrival?: BodyArrival): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const stop = (): void => {
      message.off("data", onData).off("end", onEnd).off("close", onClose);
      if (arrival) arrival.onCutOff = undefined;
    };
    const leave = (error: Error): void => {
      stop();
      message.pause();
      reject(error);
    };
    const onData = (chunk: Buffer | string): void => {
      const bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
      size += bytes.length;
      if (size <= maxBytes) chunks.push(bytes);
      else leave(new BodyTooLargeError(maxBytes));
    };
    const onEnd = (): void => {
      stop();
      const [first] = chunks;
      resolve(first && chunks.length === 1 ? first : Buffer.concat(chunks, size));
    };
    const onClose = (): void => {
      stop();
      reject(new RequestAbortedError());
    };
    if (message.destroyed) return onClose();
    message.on("data", onData).on("end", onEnd).on("close", onClose);
    if (arrival) arrival.onCutOff = () => leave(new BodyCutOffError());
    // Without a listener, the error of a broken connection would be uncaught; `close` follows it.
    message.on("error", ignoreError);
  });
}

function ignoreError(): void {}

function decodeBody(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw new TypeError("The body is not UTF-8.");
  const hasByteOrderMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return bytes.toString("utf8", hasByteOrderMark ? 3 : 0);
}

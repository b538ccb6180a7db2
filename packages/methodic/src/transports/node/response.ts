import { Buffer } from "node:buffer";
import type { IncomingMessage } from "node:http";
import { isJson } from "../../util/media-types.ts";
import { type ReplyContext, UnreadResponses } from "./unread.ts";

// RFC 9110 §7.6.1: they describe the connection, which Node manages; HTTP/2 forbids them.
const CONNECTION_HEADERS = new Set(["connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"]);

// A request body that is left unread is drained to keep the connection, up to this size. Beyond it,
// the connection ends.
const MAX_DRAINED = 64 * 1024;
// Content is written in pieces, whose time tells a slow client from one that reads nothing.
const PIECE = 64 * 1024;
// A client that reads the response only after it has sent everything may send this many bytes, for
// this time, before the connection ends.
const MAX_LINGERED = 64 * 1024 * 1024;
const LINGER_MS = 1000;

/**
 * Writes a web response, at the client's pace. Resolves when it is written or the client has
 * disconnected; rejects if the body fails.
 */
export async function sendResponse(
  held: HeldResponse,
  context: ReplyContext,
  unread: UnreadResponses = new UnreadResponses(),
): Promise<void> {
  const parts = await takeParts(held, context);
  if (!parts) return;
  if (!(parts.body instanceof ReadableStream)) return sendWhole(parts, { ...context, unread });
  const { message, reply } = context;
  if (!canDrain(message)) closeAfterReply(context);
  reply.writeHead(parts.status, parts.headers);
  reply.flushHeaders();
  await sendStream(parts.body as ReadableStream<Uint8Array>, { ...context, unread });
}

/** A response that is released once it was read. */
export interface HeldResponse {
  response: Response | undefined;
}

interface ResponseParts {
  readonly status: number;
  readonly headers: NodeHeaders;
  readonly body: Buffer | ReadableStream | undefined;
}

type NodeHeaders = { [name: string]: string | number | string[] };

/**
 * Reads a response and releases it: it keeps its text, which would double the memory of a response
 * that waits for its client. Returns undefined if it cannot be sent.
 */
async function takeParts(
  held: HeldResponse,
  { message, reply, signal }: ReplyContext,
): Promise<ResponseParts | undefined> {
  const { response } = held;
  held.response = undefined;
  if (!response) return undefined;
  if (signal.aborted || reply.headersSent) return void (await discardBody(response));
  const { status, body } = response;
  const type = response.headers.get("content-type") ?? "";
  const headers = toNodeHeaders(response);
  if (body === null || (message.method === "HEAD" && !isJson(type))) {
    await discardBody(response);
    return { status, headers, body: undefined };
  }
  if (isJson(type)) return { status, headers, body: Buffer.from(await response.arrayBuffer()) };
  if (/^text\/event-stream\b/i.test(type)) {
    // Keeps proxies and compressing middlewares from buffering events.
    headers["cache-control"] = "no-cache, no-transform";
    headers["x-accel-buffering"] = "no";
  }
  return { status, headers, body: body as ReadableStream };
}

async function discardBody(response: Response): Promise<void> {
  await response.body?.cancel().catch(() => undefined);
}

/** A reply, and all responses that wait for their clients. */
interface SendContext extends ReplyContext {
  readonly unread: UnreadResponses;
}

async function sendWhole({ status, headers, body }: ResponseParts, context: SendContext): Promise<void> {
  const { message, reply, signal } = context;
  if (signal.aborted) return;
  const content = body as Buffer | undefined;
  const hasContent = status >= 200 && status !== 204 && status !== 304;
  if (content) headers["content-length"] = content.length;
  else if (hasContent && message.method !== "HEAD") headers["content-length"] = 0;
  if (canDrain(message)) {
    reply.writeHead(status, headers);
    return content ? await sendContent(content, context) : void reply.end();
  }
  closeAfterReply(context);
  reply.writeHead(status, headers);
  // The client can read the whole response now. reply.end() has to wait: it would reset the
  // connection while the client still sends.
  reply.write(content ?? "");
  reply.flushHeaders();
  // A client that waits for `100 Continue`, and does not get it, sends nothing more.
  if (message.headers.expect === undefined || message.readableDidRead) await lingerOver(message);
  reply.end();
}

async function sendContent(content: Buffer, context: SendContext): Promise<void> {
  const { reply, signal, unread } = context;
  if (content.length <= PIECE) {
    reply.end(content);
    // Usually, the socket takes short content at once.
    if (!hasUnwritten(reply)) return;
  }
  unread.enter(context, content.length);
  try {
    let start = 0;
    for (; start + PIECE < content.length; start += PIECE) {
      if (!reply.write(content.subarray(start, start + PIECE))) await unread.until("drain", context);
      if (signal.aborted) return;
    }
    if (!reply.writableEnded) reply.end(content.subarray(start));
    if (hasUnwritten(reply)) await unread.until("finish", context);
  } finally {
    unread.leave(context);
  }
}

/** Undefined over HTTP/2, where no more than the last piece waits. */
function hasUnwritten({ writableLength }: { readonly writableLength?: number }): boolean {
  return writableLength !== undefined && writableLength > 0;
}

function closeAfterReply({ message, reply }: ReplyContext): void {
  if (message.httpVersionMajor < 2) reply.shouldKeepAlive = false;
}

/** Checks whether reading the rest of the request costs less than a new connection. */
function canDrain(message: IncomingMessage): boolean {
  if (message.complete || message.httpVersionMajor >= 2) return true;
  const length = message.headers["content-length"];
  return length !== undefined && Number(length) <= MAX_DRAINED && message.headers.expect === undefined;
}

/**
 * Reads the rest of a request for a while. A connection that is closed while data arrives is reset,
 * and the client may never see the response.
 */
function lingerOver(message: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    let left = MAX_LINGERED;
    const onData = (chunk: Buffer): void => {
      left -= chunk.length;
      if (left < 0) done();
    };
    const done = (): void => {
      clearTimeout(timer);
      message.off("data", onData).off("end", done).off("close", done);
      resolve();
    };
    const timer = setTimeout(done, LINGER_MS);
    message.on("error", done).on("end", done).on("close", done).on("data", onData);
    if (message.destroyed) done();
    else message.resume();
  });
}

function toNodeHeaders(response: Response): NodeHeaders {
  const headers: NodeHeaders = {};
  for (const [name, value] of response.headers) {
    if (!CONNECTION_HEADERS.has(name)) headers[name] = value;
  }
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) headers["set-cookie"] = cookies;
  return headers;
}

async function sendStream(body: ReadableStream<Uint8Array>, context: SendContext): Promise<void> {
  const { reply, signal, unread } = context;
  const reader = body.getReader();
  const onAbort = (): void => void reader.cancel(signal.reason).catch(() => undefined);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (signal.aborted) return;
      if (done) break;
      if (!reply.write(value)) await unread.until("drain", context);
    }
    reply.end();
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

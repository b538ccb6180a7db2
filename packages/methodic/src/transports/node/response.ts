import { Buffer } from "node:buffer";
import type { IncomingMessage, ServerResponse } from "node:http";

/** A request and what answers it. */
export interface NodeExchange {
  readonly message: IncomingMessage;
  readonly reply: ServerResponse;
  /** Aborts when the client goes away. */
  readonly signal: AbortSignal;
}

// RFC 9110, 7.6.1: they are about the connection, which is not the handler's; HTTP/2 does not even allow them.
const CONNECTION_HEADERS = new Set(["connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"]);

// A body that nobody will read: read to its end to keep the connection, if it is not larger than this …
const MAX_DISCARDED = 64 * 1024;
// … else the connection ends, after as much patience as a client needs that reads the answer only when it has sent everything.
const MAX_LINGERED = 64 * 1024 * 1024;
const LINGER_MS = 1000;

/** Writes a web response, at the client's pace. Resolves when it is written or the client has gone; rejects if its body fails. */
export async function sendResponse(response: Response, exchange: NodeExchange): Promise<void> {
  const { message, reply, signal } = exchange;
  if (signal.aborted || reply.headersSent) return void (await discard(response));
  const type = response.headers.get("content-type") ?? "";
  const isHead = message.method === "HEAD";
  const { body } = response;
  if (body === null || (isHead && !isJson(type))) {
    await discard(response);
    return sendWhole(undefined, response, exchange);
  }
  if (isJson(type)) return sendWhole(Buffer.from(await response.arrayBuffer()), response, exchange);
  const headers = toNodeHeaders(response);
  if (/^text\/event-stream\b/i.test(type)) {
    // Neither proxies nor compressing middlewares may hold events back.
    headers["cache-control"] = "no-cache, no-transform";
    headers["x-accel-buffering"] = "no";
  }
  if (!willBeRead(message)) closeAfter(exchange);
  reply.writeHead(response.status, headers);
  reply.flushHeaders();
  await sendStream(body as ReadableStream<Uint8Array>, exchange);
}

function isJson(type: string): boolean {
  return /^application\/json\s*(?:;|$)/i.test(type);
}

async function discard(response: Response): Promise<void> {
  await response.body?.cancel().catch(() => undefined);
}

async function sendWhole(content: Buffer | undefined, response: Response, exchange: NodeExchange): Promise<void> {
  const { message, reply, signal } = exchange;
  if (signal.aborted) return;
  const headers = toNodeHeaders(response);
  const hasContent = response.status >= 200 && response.status !== 204 && response.status !== 304;
  if (content) headers["content-length"] = content.length;
  else if (hasContent && message.method !== "HEAD") headers["content-length"] = 0;
  if (willBeRead(message)) {
    reply.writeHead(response.status, headers);
    reply.end(content);
    return;
  }
  closeAfter(exchange);
  reply.writeHead(response.status, headers);
  // The answer is complete for the client now; ending it would also cut the connection, and with it what is still under way.
  reply.write(content ?? "");
  reply.flushHeaders();
  // Who asked whether to send the body, and was not told to, sends nothing more.
  if (message.headers.expect === undefined || message.readableDidRead) await lingerOver(message);
  reply.end();
}

function closeAfter({ message, reply }: NodeExchange): void {
  if (message.httpVersionMajor < 2) reply.shouldKeepAlive = false;
}

/** Whether the rest of the request is so short that reading it costs less than a new connection. */
function willBeRead(message: IncomingMessage): boolean {
  if (message.complete || message.httpVersionMajor >= 2) return true;
  const length = message.headers["content-length"];
  return length !== undefined && Number(length) <= MAX_DISCARDED && message.headers.expect === undefined;
}

/** A connection that is closed while data come in is reset, and the client may never see the answer. */
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

function toNodeHeaders(response: Response): { [name: string]: string | number | string[] } {
  const headers: { [name: string]: string | number | string[] } = {};
  for (const [name, value] of response.headers) {
    if (!CONNECTION_HEADERS.has(name)) headers[name] = value;
  }
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) headers["set-cookie"] = cookies;
  return headers;
}

async function sendStream(body: ReadableStream<Uint8Array>, { reply, signal }: NodeExchange): Promise<void> {
  const reader = body.getReader();
  const onAbort = (): void => void reader.cancel(signal.reason).catch(() => undefined);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (signal.aborted) return;
      if (done) break;
      if (!reply.write(value)) await drained(reply, signal);
    }
    reply.end();
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

function drained(reply: ServerResponse, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      reply.off("drain", done);
      signal.removeEventListener("abort", done);
      resolve();
    };
    reply.on("drain", done);
    signal.addEventListener("abort", done);
    if (signal.aborted) done();
  });
}

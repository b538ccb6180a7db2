import { once } from "node:events";
import { createServer, type IncomingMessage, request as nodeRequest, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import { eventually } from "../../../../fixtures/eventually.ts";
import { BodyTooLargeError, type HttpRequest } from "../../src/http/request.ts";
import { createNodeHandler, type NodeHandlerDeps } from "../../src/transports/node/handler.ts";
import { RawConnection } from "../fixtures/raw-http.ts";

type Handle = (request: HttpRequest) => Promise<Response> | Response;

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** Starts a Node server that answers with a function. Returns its port. */
async function listen(
  handle: Handle,
  options: NodeHandlerDeps & {
    readonly before?: (message: IncomingMessage, reply: ServerResponse) => Promise<void> | void;
  } = {},
): Promise<number> {
  const handler = createNodeHandler({ handle: async (request) => handle(request) }, options);
  const server = createServer((message, reply) => {
    void (async () => {
      await options.before?.(message, reply);
      await handler(message, reply);
    })();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closing.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

const echo: Handle = async (request) =>
  Response.json({
    method: request.method,
    url: request.url,
    mountPath: request.mountPath,
    auth: request.auth,
    headers: Object.fromEntries(request.headers),
    body: request.method === "GET" ? undefined : await request.readText(1000),
  });

async function ask(port: number, text: string | Uint8Array): Promise<{ status: number; body: never }> {
  using connection = await RawConnection.open(port);
  connection.send(text);
  const [answer] = await connection.answers();
  return { status: answer?.status ?? 0, body: JSON.parse(answer?.body ?? "null") as never };
}

function invalidHost(host: string): string {
  return `Invalid Host header: ${JSON.stringify(host)}. Send a host name or an IP address, with or without a port.`;
}

describe("createNodeHandler, reading the request", () => {
  it.each([
    ["a path", "GET /mcp?a=1 HTTP/1.1\r\nHost: localhost:1\r\n", "http://localhost:1/mcp?a=1"],
    [
      "a path that looks like a host",
      "GET //evil.example/mcp HTTP/1.1\r\nHost: localhost\r\n",
      "http://localhost//evil.example/mcp",
    ],
    ["a path with an IPv6 host", "GET / HTTP/1.1\r\nHost: [::1]:80\r\n", "http://[::1]:80/"],
    [
      "an absolute target",
      "GET http://localhost:1/mcp?a HTTP/1.1\r\nHost: LOCALHOST:1\r\n",
      "http://localhost:1/mcp?a",
    ],
    [
      "an absolute target without a path",
      "GET http://localhost?a HTTP/1.1\r\nHost: localhost\r\n",
      "http://localhost/?a",
    ],
    ["an asterisk", "OPTIONS * HTTP/1.1\r\nHost: localhost\r\n", "http://localhost/"],
    ["a path without a host, as in HTTP/1.0", "GET /mcp HTTP/1.0\r\n", "http://host.invalid/mcp"],
  ])("reads the URL of a target that is %s", async (_what, head, url) => {
    const port = await listen((request) => Response.json({ url: request.url }));
    expect(await ask(port, `${head}\r\n`)).toEqual({ status: 200, body: { url } });
  });

  it.each([
    [
      "two hosts",
      "GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n",
      'More than one Host: "localhost", "evil.example". Send one Host header.',
    ],
    [
      "the same host twice",
      "GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n",
      'More than one Host: "localhost", "localhost". Send one Host header.',
    ],
    ["an invalid port", "GET / HTTP/1.1\r\nHost: localhost:65536\r\n", invalidHost("localhost:65536")],
    ["an invalid IP address", "GET / HTTP/1.1\r\nHost: 999.0.0.1\r\n", invalidHost("999.0.0.1")],
    ["an invalidly encoded host", "GET / HTTP/1.1\r\nHost: a%00b\r\n", invalidHost("a%00b")],
    [
      "a user as part of the host",
      "GET / HTTP/1.1\r\nHost: localhost@evil.example\r\n",
      invalidHost("localhost@evil.example"),
    ],
    ["a path as part of the host", "GET / HTTP/1.1\r\nHost: localhost/x\r\n", invalidHost("localhost/x")],
    ["an empty host", "GET / HTTP/1.1\r\nHost: \r\n", invalidHost("")],
    [
      "another host in its target",
      "GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n",
      'The request target and the Host header name different hosts: "evil.example", "localhost". Send the same host in both.',
    ],
    [
      "a user in its target",
      "GET http://a@localhost/ HTTP/1.1\r\nHost: localhost\r\n",
      'Invalid request target: "http://a@localhost/". It must be a path or an http URL.',
    ],
    [
      "a URL of another scheme",
      "GET ftp://localhost/ HTTP/1.1\r\nHost: localhost\r\n",
      'Invalid request target: "ftp://localhost/". It must be a path or an http URL.',
    ],
  ])("refuses %s with 400", async (_what, head, message) => {
    const handle = vi.fn<Handle>(echo);
    const port = await listen(handle);
    expect(await ask(port, `${head}\r\n`)).toEqual({
      status: 400,
      body: { jsonrpc: "2.0", id: null, error: { code: -32_000, message } },
    });
    expect(handle).not.toHaveBeenCalled();
  });

  it("refuses methods that Request does not support with 405", async () => {
    const port = await listen(echo);
    expect(await ask(port, "TRACE / HTTP/1.1\r\nHost: localhost\r\n\r\n")).toMatchObject({ status: 405 });
  });

  it("keeps all values of a repeated header", async () => {
    const port = await listen(echo);
    const head =
      "GET / HTTP/1.1\r\nHost: localhost\r\nAuthorization: a\r\nauthorization: b\r\nX-Forwarded-Host: evil.example\r\n\r\n";
    expect(await ask(port, head)).toMatchObject({
      body: { url: "http://localhost/", headers: { authorization: "a, b", host: "localhost" } },
    });
  });

  it.each([
    [
      "an AuthInfo",
      { scopes: ["a"], subject: "s", claims: { x: 1 } },
      { scopes: ["a"], subject: "s", claims: { x: 1 } },
    ],
    [
      "an AuthInfo of the SDK",
      { token: "t", clientId: "c", scopes: ["a"], expiresAt: 5, extra: { sub: "s" } },
      { scopes: ["a"], clientId: "c", subject: "s", expiresAt: 5, claims: { sub: "s" } },
    ],
    ["an auth property of another kind", { user: "s", scopes: "a b" }, undefined],
    ["no auth property", undefined, undefined],
  ])("takes the caller from a middleware that sets %s", async (_what, auth, expected) => {
    const port = await listen(echo, { before: (message) => void Object.assign(message, { auth }) });
    const { body } = await ask(port, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    expect((body as { auth?: unknown }).auth).toEqual(expected);
  });
});

describe("createNodeHandler, reading the body", () => {
  const post = (body: string, more = ""): string =>
    `POST / HTTP/1.1\r\nHost: localhost\r\n${more}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

  it.each([
    ["a body with a length", post('{"a":"ü"}'), '{"a":"ü"}'],
    [
      "a chunked body",
      "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
      "abcde",
    ],
    ["a body with a byte order mark", post("\u{feff}[]"), "[]"],
    ["an empty body", post(""), ""],
  ])("reads %s", async (_what, text, body) => {
    const port = await listen(async (request) => Response.json({ body: await request.readText(1000) }));
    expect(await ask(port, text)).toEqual({ status: 200, body: { body } });
  });

  it("rejects a body that is not UTF-8", async () => {
    const problems: unknown[] = [];
    const port = await listen(async (request) => {
      await request.readText(1000).catch((error: unknown) => problems.push(error));
      return Response.json({});
    });
    const head = new TextEncoder().encode("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\n");
    await ask(port, new Uint8Array([...head, 0xff]));
    expect(problems).toEqual([new TypeError("The body is not UTF-8.")]);
  });

  const tooLarge = async (request: HttpRequest): Promise<Response> => {
    try {
      return Response.json({ length: (await request.readText(10)).length });
    } catch (error) {
      return Response.json(
        { error: (error as Error).name },
        { status: error instanceof BodyTooLargeError ? 413 : 500 },
      );
    }
  };

  it.each([
    ["a length", "Content-Length: 1000000000000\r\n\r\n"],
    ["no length", "Transfer-Encoding: chunked\r\n\r\nb\r\nhello world\r\n"],
  ])("refuses a body with %s beyond the limit before it has arrived, and closes the connection", async (_how, rest) => {
    const port = await listen(tooLarge);
    using connection = await RawConnection.open(port);
    connection.send(`POST / HTTP/1.1\r\nHost: localhost\r\n${rest}`);
    const [answer] = await connection.answers();
    expect(answer).toMatchObject({
      status: 413,
      headers: { connection: "close" },
      body: '{"error":"BodyTooLargeError"}',
    });
    await connection.closed();
  });

  it("delivers the refusal of a body to a client that reads only after sending everything", async () => {
    const port = await listen(tooLarge);
    const response = await fetch(`http://127.0.0.1:${port}/`, { method: "POST", body: "x".repeat(8 * 1024 * 1024) });
    expect([response.status, await response.json()]).toEqual([413, { error: "BodyTooLargeError" }]);
  });

  it("keeps the connection after a short body was left unread", async () => {
    const port = await listen(() => Response.json({}, { status: 401 }));
    using connection = await RawConnection.open(port);
    connection.send(`POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\n`);
    await connection.answers();
    connection.send(`abc${post("")}`);
    expect((await connection.answers(2)).map(({ status }) => status)).toEqual([401, 401]);
  });

  it("rejects the body and aborts the signal when the client disconnects in the middle", async () => {
    const outcome = deferred<unknown>();
    const signals: AbortSignal[] = [];
    const port = await listen(async (request) => {
      signals.push(request.signal);
      await request.readText(1000).catch((error: unknown) => outcome.resolve(error));
      return Response.json({});
    });
    using connection = await RawConnection.open(port);
    connection.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc");
    await eventually(() => expect(signals).toHaveLength(1));
    connection.socket.destroy();
    expect(await outcome.promise).toMatchObject({ name: "RequestAbortedError" });
    await eventually(() => expect(signals[0]?.aborted).toBe(true));
  });

  it.each([
    ["an object", { a: 1 }, '{"a":1}'],
    ["text", '{"a":1}', '{"a":1}'],
    ["bytes", Buffer.from('{"a":1}'), '{"a":1}'],
    ["null", null, "null"],
  ])("takes a body that a middleware has read and kept as %s", async (_what, body, text) => {
    const port = await listen(echo, { before: (message) => consume(message, body) });
    expect(await ask(port, post('{"b":2}'))).toMatchObject({ body: { body: text } });
  });

  it("limits the size of a body that a middleware has read", async () => {
    const port = await listen(tooLarge, { before: (message) => consume(message, "x".repeat(11)) });
    expect(await ask(port, post("{}"))).toMatchObject({ status: 413 });
  });

  it("reads the stream if a middleware has set a body without reading it", async () => {
    const port = await listen(echo, { before: (message) => void Object.assign(message, { body: {} }) });
    expect(await ask(port, post("[1]"))).toMatchObject({ body: { body: "[1]" } });
  });

  it("explains that a middleware has read the body and discarded it", async () => {
    const log = vi.fn<(text: string) => void>();
    const port = await listen(echo, { before: (message) => consume(message, undefined), log });
    expect(await ask(port, post("[1]"))).toEqual({
      status: 500,
      body: {
        jsonrpc: "2.0",
        id: null,
        error: { code: -32_603, message: expect.stringContaining("was read before it reached Methodic") as string },
      },
    });
    expect(log).toHaveBeenCalledOnce();
  });

  it.each([
    ["from the stream", undefined],
    ["from the body that a middleware has kept", { a: 1 }],
  ])("gives a web Request its body %s", async (_how, parsed) => {
    const port = await listen(
      async (request) => {
        const web = request.toRequest();
        return Response.json({ url: web.url, type: web.headers.get("content-type"), body: await web.text() });
      },
      { before: (message) => (parsed ? consume(message, parsed) : undefined) },
    );
    expect(await ask(port, post('{"a":1}', "Content-Type: application/json\r\n"))).toEqual({
      status: 200,
      body: { url: "http://localhost/", type: "application/json", body: '{"a":1}' },
    });
  });
});

describe("createNodeHandler, sending the response", () => {
  const get = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

  it("sends JSON whole, with its length", async () => {
    const port = await listen(() => Response.json({ a: "ü" }, { status: 201, headers: { "X-A": "1" } }));
    using connection = await RawConnection.open(port);
    connection.send(get);
    const [answer] = await connection.answers();
    expect(answer).toMatchObject({
      status: 201,
      headers: { "content-length": "10", "content-type": "application/json", "x-a": "1" },
    });
    expect(answer?.headers).not.toHaveProperty("transfer-encoding");
  });

  it.each([
    ["an empty body with a length of 0", () => new Response(null, { status: 202 }), "content-length: 0\r\n"],
    ["a 204 without a length", () => new Response(null, { status: 204 }), undefined],
  ])("sends %s", async (_what, handle, header) => {
    const port = await listen(handle);
    using connection = await RawConnection.open(port);
    connection.send(get);
    const head = await connection.until((text) => text.includes("\r\n\r\n"));
    if (header === undefined) expect(head).not.toContain("content-length");
    else expect(head).toContain(header);
    expect(head).not.toContain("transfer-encoding");
  });

  it("keeps all cookies and drops headers of the connection", async () => {
    const port = await listen(() => {
      const headers = new Headers({ Connection: "x", "Transfer-Encoding": "chunked", "Keep-Alive": "x" });
      headers.append("Set-Cookie", "a=1");
      headers.append("Set-Cookie", "b=2");
      return Response.json({}, { headers });
    });
    using connection = await RawConnection.open(port);
    connection.send(get);
    await connection.answers();
    expect(connection.received.match(/set-cookie: .*/gi)).toEqual(["set-cookie: a=1", "set-cookie: b=2"]);
    expect(connection.received).toContain("Connection: keep-alive");
    expect(connection.received).not.toContain("chunked");
  });

  it("sends only headers in response to HEAD", async () => {
    const port = await listen(() => Response.json({ a: 1 }));
    using connection = await RawConnection.open(port);
    connection.send("HEAD / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    expect(await connection.closed()).toMatch(/content-length: 7\r\n[^]*\r\n\r\n$/);
  });

  it("streams events without delay, and tells proxies to do the same", async () => {
    let send: ReadableStreamDefaultController<Uint8Array> | undefined;
    const body = new ReadableStream<Uint8Array>({ start: (controller) => void (send = controller) });
    const port = await listen(() => new Response(body, { headers: { "Content-Type": "text/event-stream" } }));
    using connection = await RawConnection.open(port);
    connection.send(get);
    const head = await connection.until((text) => text.includes("\r\n\r\n"));
    expect(head).toMatch(/cache-control: no-cache, no-transform\r\n/);
    expect(head).toMatch(/x-accel-buffering: no\r\n/);
    send?.enqueue(Buffer.from("data: 1\n\n"));
    await connection.until((text) => text.includes("data: 1\n\n"));
    send?.enqueue(Buffer.from("data: 2\n\n"));
    send?.close();
    expect(await connection.until((text) => text.endsWith("0\r\n\r\n"))).toContain("data: 2\n\n");
  });

  it("pauses a stream while its client reads slowly", async () => {
    const chunk = new Uint8Array(64 * 1024).fill(97);
    let pulled = 0;
    const stalled = deferred<void>();
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        if (pulled === 1600) return controller.close();
        pulled += 1;
        controller.enqueue(chunk);
        // A sender that waits for its client runs no more microtasks.
        clearImmediate(idle);
        idle = setImmediate(() => setImmediate(() => stalled.resolve()));
      },
    });
    let idle: NodeJS.Immediate | undefined;
    const port = await listen(() => new Response(body, { headers: { "Content-Type": "text/event-stream" } }));
    const { promise, resolve } = deferred<IncomingMessage>();
    nodeRequest({ port, host: "127.0.0.1" }, resolve).end();
    const message = await promise;
    await stalled.promise;
    expect(pulled).toBeLessThan(1600);
    let size = 0;
    for await (const data of message) size += (data as Buffer).length;
    expect(size).toBe(1600 * chunk.length);
  });

  it("closes the connection and logs the error when a stream fails", async () => {
    const log = vi.fn<(text: string) => void>();
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(Buffer.from("data: 1\n\n")),
      pull: () => Promise.reject(new Error("broken stream")),
    });
    const port = await listen(() => new Response(body, { headers: { "Content-Type": "text/event-stream" } }), {
      log,
    });
    using connection = await RawConnection.open(port);
    connection.send(get);
    expect(await connection.closed()).not.toContain("0\r\n\r\n");
    expect(log).toHaveBeenCalledWith("methodic: the response to an HTTP request failed", {
      error: expect.objectContaining({ message: "broken stream" }),
    });
  });

  it("hides an internal error from the client and logs it", async () => {
    const log = vi.fn<(text: string) => void>();
    const port = await listen(() => Promise.reject(new Error("secret")), { log });
    expect(await ask(port, get)).toEqual({
      status: 500,
      body: { jsonrpc: "2.0", id: null, error: { code: -32_603, message: "Internal server error." } },
    });
    expect(log).toHaveBeenCalledWith("methodic: the response to an HTTP request failed", {
      error: expect.objectContaining({ message: "secret" }),
    });
  });
});

describe("createNodeHandler, when a client disconnects", () => {
  it("aborts all requests that are pipelined on the connection", async () => {
    const signals: AbortSignal[] = [];
    const port = await listen(async ({ signal }) => {
      signals.push(signal);
      await once(signal, "abort");
      return Response.json({});
    });
    using connection = await RawConnection.open(port);
    connection.request("GET", "/1");
    connection.request("GET", "/2");
    await eventually(() => expect(signals).toHaveLength(2));
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, false]);
    connection.socket.destroy();
    await eventually(() => expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]));
  });

  it("cancels the stream of the response and logs nothing", async () => {
    const log = vi.fn<(text: string) => void>();
    const cancelled = deferred<void>();
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(Buffer.from("data: 1\n\n")),
      cancel: () => cancelled.resolve(),
    });
    const port = await listen(() => new Response(body, { headers: { "Content-Type": "text/event-stream" } }), {
      log,
    });
    using connection = await RawConnection.open(port);
    connection.request("GET", "/");
    await connection.until((text) => text.includes("data: 1"));
    connection.socket.destroy();
    await cancelled.promise;
    expect(log).not.toHaveBeenCalled();
  });

  it("does not abort a request that was already answered", async () => {
    const signals: AbortSignal[] = [];
    const port = await listen(({ signal }) => {
      signals.push(signal);
      return Response.json({});
    });
    using connection = await RawConnection.open(port);
    connection.request("GET", "/");
    await connection.answers();
    connection.socket.destroy();
    using another = await RawConnection.open(port);
    another.request("GET", "/");
    await another.answers();
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, false]);
  });
});

it("createNodeHandler answers pipelined requests in order, even if a later one is ready first", async () => {
  const first = deferred<void>();
  const port = await listen(async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/0") await first.promise;
    if (pathname === "/9") first.resolve();
    return Response.json({ pathname, body: await request.readText(100) });
  });
  using connection = await RawConnection.open(port);
  for (let i = 0; i < 10; i += 1) connection.request("POST", `/${i}`, { body: `body ${i}` });
  const answers = await connection.answers(10);
  expect(answers.map(({ body }) => JSON.parse(body) as unknown)).toEqual(
    Array.from({ length: 10 }, (_, i) => ({ pathname: `/${i}`, body: `body ${i}` })),
  );
});

/** Reads the body like the middleware of a body parser, and sets `body`. */
async function consume(message: IncomingMessage, body: unknown): Promise<void> {
  message.resume();
  await once(message, "end");
  Object.assign(message, { body });
}

function deferred<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((done) => (resolve = done));
  return { promise, resolve };
}

import { once } from "node:events";
import { createServer, type IncomingMessage, request as nodeRequest, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import { eventually } from "../../../../fixtures/eventually.ts";
import { BodyTooLargeError, type HttpRequest } from "../../src/http/request.ts";
import { createNodeHandler, type NodeHandlerOptions } from "../../src/transports/node/handler.ts";
import { RawConnection } from "../fixtures/raw-http.ts";

type Handle = (request: HttpRequest) => Promise<Response> | Response;

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** A Node server in front of a function from requests to responses. */
async function listen(
  handle: Handle,
  options: NodeHandlerOptions & {
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

describe("the request", () => {
  it.each([
    ["a path", "GET /mcp?a=1 HTTP/1.1\r\nHost: localhost:1\r\n", "http://localhost:1/mcp?a=1"],
    [
      "a path that looks like a host",
      "GET //evil.example/mcp HTTP/1.1\r\nHost: localhost\r\n",
      "http://localhost//evil.example/mcp",
    ],
    ["an IPv6 host", "GET / HTTP/1.1\r\nHost: [::1]:80\r\n", "http://[::1]:80/"],
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
    ["the server as a whole", "OPTIONS * HTTP/1.1\r\nHost: localhost\r\n", "http://localhost/"],
    ["no host, as HTTP/1.0 may", "GET /mcp HTTP/1.0\r\n", "http://host.invalid/mcp"],
  ])("may name %s", async (_what, head, url) => {
    const port = await listen((request) => Response.json({ url: request.url }));
    expect(await ask(port, `${head}\r\n`)).toEqual({ status: 200, body: { url } });
  });

  it.each([
    ["two hosts", "GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n", "The request has more than one Host."],
    ["a host twice", "GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n", "The request has more than one Host."],
    ["a port that is none", "GET / HTTP/1.1\r\nHost: localhost:65536\r\n", "The Host header is no host."],
    ["numbers that are no address", "GET / HTTP/1.1\r\nHost: 999.0.0.1\r\n", "The Host header is no host."],
    ["a host that is badly encoded", "GET / HTTP/1.1\r\nHost: a%00b\r\n", "The Host header is no host."],
    ["a user as part of the host", "GET / HTTP/1.1\r\nHost: localhost@evil.example\r\n", "The Host header is no host."],
    ["a path as part of the host", "GET / HTTP/1.1\r\nHost: localhost/x\r\n", "The Host header is no host."],
    ["an empty host", "GET / HTTP/1.1\r\nHost: \r\n", "The Host header is no host."],
    [
      "another host in its target",
      "GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n",
      "The target of the request and its Host header name different hosts.",
    ],
    [
      "a user in its target",
      "GET http://a@localhost/ HTTP/1.1\r\nHost: localhost\r\n",
      "The target of the request is no path and no http URL.",
    ],
    [
      "another kind of URL",
      "GET ftp://localhost/ HTTP/1.1\r\nHost: localhost\r\n",
      "The target of the request is no path and no http URL.",
    ],
  ])("is refused with %s", async (_what, head, message) => {
    const handle = vi.fn<Handle>(echo);
    const port = await listen(handle);
    expect(await ask(port, `${head}\r\n`)).toEqual({
      status: 400,
      body: { jsonrpc: "2.0", id: null, error: { code: -32_000, message } },
    });
    expect(handle).not.toHaveBeenCalled();
  });

  it("is refused with methods that the web does not know", async () => {
    const port = await listen(echo);
    expect(await ask(port, "TRACE / HTTP/1.1\r\nHost: localhost\r\n\r\n")).toMatchObject({ status: 405 });
  });

  it("keeps every value of a header, so that none hides behind another", async () => {
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
      "the SDK's",
      { token: "t", clientId: "c", scopes: ["a"], expiresAt: 5, extra: { sub: "s" } },
      { scopes: ["a"], clientId: "c", subject: "s", expiresAt: 5, claims: { sub: "s" } },
    ],
    ["something else", { user: "s", scopes: "a b" }, undefined],
    ["nothing", undefined, undefined],
  ])("hands on who calls, if a middleware has found it out: %s", async (_what, auth, expected) => {
    const port = await listen(echo, { before: (message) => void Object.assign(message, { auth }) });
    const { body } = await ask(port, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    expect((body as { auth?: unknown }).auth).toEqual(expected);
  });
});

describe("the body", () => {
  const post = (body: string, more = ""): string =>
    `POST / HTTP/1.1\r\nHost: localhost\r\n${more}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

  it.each([
    ["with a length", post('{"a":"ü"}'), '{"a":"ü"}'],
    [
      "in chunks",
      "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
      "abcde",
    ],
    ["with a byte order mark", post("\u{feff}[]"), "[]"],
    ["without any", post(""), ""],
  ])("is read %s", async (_how, text, body) => {
    const port = await listen(async (request) => Response.json({ body: await request.readText(1000) }));
    expect(await ask(port, text)).toEqual({ status: 200, body: { body } });
  });

  it("is told apart from what is not UTF-8", async () => {
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
  ])("with %s is refused beyond the limit before it has arrived, and the connection ends", async (_how, rest) => {
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

  it("is refused in a way that reaches clients that read only when they have sent everything", async () => {
    const port = await listen(tooLarge);
    const response = await fetch(`http://127.0.0.1:${port}/`, { method: "POST", body: "x".repeat(8 * 1024 * 1024) });
    expect([response.status, await response.json()]).toEqual([413, { error: "BodyTooLargeError" }]);
  });

  it("may be left unread, and the connection goes on if it is short", async () => {
    const port = await listen(() => Response.json({}, { status: 401 }));
    using connection = await RawConnection.open(port);
    connection.send(`POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\n`);
    await connection.answers();
    connection.send(`abc${post("")}`);
    expect((await connection.answers(2)).map(({ status }) => status)).toEqual([401, 401]);
  });

  it("that stops in the middle is no call", async () => {
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
  ])("may have been read by a middleware that kept it as %s", async (_what, body, text) => {
    const port = await listen(echo, { before: (message) => consume(message, body) });
    expect(await ask(port, post('{"b":2}'))).toMatchObject({ body: { body: text } });
  });

  it("is bounded also if a middleware has read it", async () => {
    const port = await listen(tooLarge, { before: (message) => consume(message, "x".repeat(11)) });
    expect(await ask(port, post("{}"))).toMatchObject({ status: 413 });
  });

  it("is read from the stream if a middleware has only put something in its place", async () => {
    const port = await listen(echo, { before: (message) => void Object.assign(message, { body: {} }) });
    expect(await ask(port, post("[1]"))).toMatchObject({ body: { body: "[1]" } });
  });

  it("that a middleware has read and thrown away is a mistake that is explained", async () => {
    const report = vi.fn<(text: string) => void>();
    const port = await listen(echo, { before: (message) => consume(message, undefined), report });
    expect(await ask(port, post("[1]"))).toEqual({
      status: 500,
      body: {
        jsonrpc: "2.0",
        id: null,
        error: { code: -32_603, message: expect.stringContaining("was read before it came to Methodic") as string },
      },
    });
    expect(report).toHaveBeenCalledOnce();
  });

  it.each([
    ["as it comes", undefined],
    ["as a middleware has kept it", { a: 1 }],
  ])("reaches a web request %s", async (_how, parsed) => {
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

describe("the response", () => {
  const get = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

  it("is JSON in one piece with its length", async () => {
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
    ["nothing, with a length of 0", () => new Response(null, { status: 202 }), "content-length: 0\r\n"],
    ["nothing at all", () => new Response(null, { status: 204 }), undefined],
  ])("may be %s", async (_what, handle, header) => {
    const port = await listen(handle);
    using connection = await RawConnection.open(port);
    connection.send(get);
    const head = await connection.until((text) => text.includes("\r\n\r\n"));
    if (header === undefined) expect(head).not.toContain("content-length");
    else expect(head).toContain(header);
    expect(head).not.toContain("transfer-encoding");
  });

  it("keeps every cookie and drops what is the connection's own affair", async () => {
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

  it("to HEAD has the headers alone", async () => {
    const port = await listen(() => Response.json({ a: 1 }));
    using connection = await RawConnection.open(port);
    connection.send("HEAD / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    expect(await connection.closed()).toMatch(/content-length: 7\r\n[^]*\r\n\r\n$/);
  });

  it("streams events as they come, and tells proxies to do so too", async () => {
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

  it("waits for a client that reads slowly", async () => {
    const chunk = new Uint8Array(64 * 1024).fill(97);
    let pulled = 0;
    const stalled = deferred<void>();
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        if (pulled === 1600) return controller.close();
        pulled += 1;
        controller.enqueue(chunk);
        // Whoever waits for the client lets the microtasks run dry.
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

  it("that fails on its way ends the connection, and is told", async () => {
    const report = vi.fn<(text: string) => void>();
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(Buffer.from("data: 1\n\n")),
      pull: () => Promise.reject(new Error("broken stream")),
    });
    const port = await listen(() => new Response(body, { headers: { "Content-Type": "text/event-stream" } }), {
      report,
    });
    using connection = await RawConnection.open(port);
    connection.send(get);
    expect(await connection.closed()).not.toContain("0\r\n\r\n");
    expect(report).toHaveBeenCalledWith(expect.stringContaining("broken stream"));
  });

  it("hides from clients what failed inside", async () => {
    const report = vi.fn<(text: string) => void>();
    const port = await listen(() => Promise.reject(new Error("secret")), { report });
    expect(await ask(port, get)).toEqual({
      status: 500,
      body: { jsonrpc: "2.0", id: null, error: { code: -32_603, message: "Internal server error." } },
    });
    expect(report).toHaveBeenCalledWith(expect.stringContaining("Error: secret"));
  });
});

describe("a client that goes away", () => {
  it("aborts every request of its connection, also those that wait behind another", async () => {
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

  it("cancels the stream it was reading, and is no failure", async () => {
    const report = vi.fn<(text: string) => void>();
    const cancelled = deferred<void>();
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(Buffer.from("data: 1\n\n")),
      cancel: () => cancelled.resolve(),
    });
    const port = await listen(() => new Response(body, { headers: { "Content-Type": "text/event-stream" } }), {
      report,
    });
    using connection = await RawConnection.open(port);
    connection.request("GET", "/");
    await connection.until((text) => text.includes("data: 1"));
    connection.socket.destroy();
    await cancelled.promise;
    expect(report).not.toHaveBeenCalled();
  });

  it("does not abort a request that was answered", async () => {
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

it("answers pipelined requests in their order, though the later ones are ready first", async () => {
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

/** Reads the body as a parser would, and leaves something in its place. */
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

import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import process from "node:process";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { eventually } from "../../../../fixtures/eventually.ts";
import type { HttpRequest } from "../../src/http/request.ts";
import { type ConnectionLimits, type NodeHttpServer, serveHttp } from "../../src/transports/node/server.ts";
import { RawConnection } from "../fixtures/raw-http.ts";

const LIMITS: ConnectionLimits = {
  headersTimeout: 30_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 30_000,
  headersSize: 16_384,
  responseBuffer: 1_000_000,
  callerShare: 1,
  readTimeout: 30_000,
};

let log = "";
const open: NodeHttpServer[] = [];
beforeEach(() => {
  log = "";
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    log += String(text);
    return true;
  });
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((serving) => serving.close(0)));
  vi.restoreAllMocks();
});

/** An endpoint whose calls a test answers. */
class FakeEndpoint {
  readonly calls: { readonly request: HttpRequest; readonly answer: (response: Response) => void }[] = [];
  readonly #waiting = new Set<Promise<unknown>>();
  #wake: () => void = () => undefined;

  handle(request: HttpRequest): Promise<Response> {
    const promise = new Promise<Response>((answer) => {
      this.calls.push({ request, answer });
      this.#wake();
    });
    this.#waiting.add(promise.finally(() => this.#waiting.delete(promise)));
    return promise;
  }

  async called(count = 1): Promise<void> {
    while (this.calls.length < count) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async close(timeoutMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise((resolve) => (timer = setTimeout(resolve, timeoutMs)));
    await Promise.race([Promise.all(this.calls.length === 0 ? [] : this.#waiting), timeout]);
    clearTimeout(timer);
  }
}

const quick = { handle: async () => Response.json({ done: true }), close: async () => undefined };

async function serve(
  endpoint: { handle(request: HttpRequest): Promise<Response>; close(timeoutMs: number): Promise<void> } = quick,
  { limits, ...options }: { readonly limits?: Partial<ConnectionLimits>; port?: number; host?: string } = {},
): Promise<NodeHttpServer> {
  const serving = await serveHttp({
    server: { name: "notes", version: "1.2.3", close: async () => undefined },
    endpoint,
    host: "127.0.0.1",
    port: 0,
    path: "/mcp",
    notice: "auth: none",
    ...options,
    limits: { ...LIMITS, ...limits },
  });
  open.push(serving);
  return serving;
}

describe("serveHttp, listening", () => {
  it("logs its URL once on stderr", async () => {
    const { url, port } = await serve();
    expect(url).toBe(`http://127.0.0.1:${port}/mcp`);
    expect(log).toBe(`notes 1.2.3 serves MCP at ${url} (auth: none)\n`);
    expect(await (await fetch(url)).json()).toEqual({ done: true });
  });

  it.each([
    ["0.0.0.0", "localhost"],
    ["localhost", "localhost"],
  ])("on %s has a URL with the host %s", async (host, name) => {
    const { url, port } = await serve(quick, { host });
    expect(url).toBe(`http://${name}:${port}/mcp`);
  });

  it("on a port that is in use rejects with ADDRESS_IN_USE and the fix", async () => {
    const busy = createServer().listen(0, "127.0.0.1");
    await once(busy, "listening");
    const { port } = busy.address() as AddressInfo;
    await expect(serve(quick, { port })).rejects.toMatchObject({
      code: "ADDRESS_IN_USE",
      message: `The server 'notes' cannot listen on 127.0.0.1, port ${port}: the port is in use. Stop the other process, or choose another port (--port, PORT, or serve({ port }); 0 takes any free one).`,
    });
    busy.close();
  });

  it.each([
    ["192.0.2.1", "no network interface of this machine has this address. Choose 127.0.0.1 for this machine alone"],
    ["no-such-host.invalid", "the host name cannot be resolved. Choose 127.0.0.1 for this machine alone"],
  ])("on the unusable address %s rejects with LISTEN_FAILED and the fix", async (host, message) => {
    await expect(serve(quick, { host })).rejects.toMatchObject({
      code: "LISTEN_FAILED",
      message: expect.stringContaining(`cannot listen on ${host}, port 0: ${message}`) as string,
    });
  });

  it("removes its signal listeners on close", async () => {
    const listeners = (): number[] => (["SIGINT", "SIGTERM"] as const).map((signal) => process.listenerCount(signal));
    const before = listeners();
    const one = await serve();
    const two = await serve();
    expect(listeners()).toEqual(before.map((count) => count + 1));
    await one.close(0);
    await two.close(0);
    expect(listeners()).toEqual(before);
  });
});

describe("serveHttp, limits", () => {
  it.each([
    ["headers", "POST /mcp HTTP/1.1\r\nHost: loc", { headersTimeout: 50 }],
    ["the first byte of a connection", "", { headersTimeout: 50 }],
    ["a body", "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc", { requestTimeout: 50 }],
  ])("answer 408 if a client is too slow to send %s", async (_what, text, limits) => {
    const errors: unknown[] = [];
    const endpoint = {
      ...quick,
      handle: async (request: HttpRequest) => {
        await request.readText(1000).catch((error: unknown) => errors.push(error));
        return Response.json({});
      },
    };
    const { port } = await serve(endpoint, { limits: { headersTimeout: 60_000, requestTimeout: 60_000, ...limits } });
    using connection = await RawConnection.open(port);
    connection.send(text);
    expect(await connection.closed()).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\nConnection: close\r\n/);
    if ("requestTimeout" in limits) expect(errors).toMatchObject([{ name: "RequestAbortedError" }]);
    // The log has only the line with the URL.
    expect(log.split("\n")).toHaveLength(2);
  });

  it("do not end a call that runs longer than its request may take", async () => {
    const endpoint = new FakeEndpoint();
    const { port } = await serve(endpoint, { limits: { headersTimeout: 500, requestTimeout: 500 } });
    using slow = await RawConnection.open(port);
    slow.request("POST", "/mcp", { body: "{}" });
    await endpoint.called();
    // It was opened later: once it has timed out, the first one would have, too.
    using idle = await RawConnection.open(port);
    expect(await idle.closed()).toContain("408");
    endpoint.calls[0]?.answer(Response.json({ late: true }));
    expect((await slow.answers())[0]).toMatchObject({ status: 200, body: '{"late":true}' });
  });

  it("close idle connections", async () => {
    const { port } = await serve(quick, { limits: { keepAliveTimeout: 50 } });
    using connection = await RawConnection.open(port);
    connection.request("GET", "/mcp");
    expect(await connection.closed()).toContain("200 OK");
  });

  it("answer 431 to headers that are too large", async () => {
    const { port } = await serve(quick, { limits: { headersSize: 2048 } });
    using connection = await RawConnection.open(port);
    connection.request("GET", "/mcp", { headers: { "X-Large": "x".repeat(4096) } });
    expect(await connection.closed()).toMatch(/^HTTP\/1\.1 431 /);
  });

  it("close connections beyond the maximum", async () => {
    const endpoint = new FakeEndpoint();
    const { port } = await serve(endpoint, { limits: { connections: 1 } });
    using first = await RawConnection.open(port);
    first.request("GET", "/mcp");
    await endpoint.called();
    using second = await RawConnection.open(port);
    expect(await second.closed()).toBe("");
    endpoint.calls[0]?.answer(Response.json({}));
    expect(await first.answers()).toMatchObject([{ status: 200 }]);
  });

  it("answer 400 to bytes that are not HTTP", async () => {
    const { port } = await serve();
    using connection = await RawConnection.open(port);
    connection.send("\x16\x03\x01\x02\x00 hello\r\n\r\n");
    expect(await connection.closed()).toMatch(/^HTTP\/1\.1 400 /);
  });
});

describe("serveHttp, for a client that sends Expect: 100-continue", () => {
  const head = "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n";

  it("sends 100 Continue when the body is wanted", async () => {
    const endpoint = { ...quick, handle: async (request: HttpRequest) => Response.json(await request.readText(10)) };
    const { port } = await serve(endpoint);
    using connection = await RawConnection.open(port);
    connection.send(head);
    expect(await connection.answers()).toMatchObject([{ status: 100 }]);
    connection.send("hello");
    expect(await connection.answers(2)).toMatchObject([{ status: 100 }, { status: 200, body: '"hello"' }]);
  });

  it.each([
    ["unwanted", async () => Response.json({}, { status: 401 })],
    ["too large", (request: HttpRequest) => request.readText(4).catch(() => Response.json({}, { status: 401 }))],
  ])("answers at once when the body is %s", async (_why, handle) => {
    const endpoint = { ...quick, handle: handle as () => Promise<Response> };
    const { port } = await serve(endpoint);
    using connection = await RawConnection.open(port);
    connection.send(head);
    expect(await connection.closed()).toMatch(/^HTTP\/1\.1 401 [^]*Connection: close\r\n/);
  });
});

describe("serveHttp, closing", () => {
  it("lets calls in flight finish, closes idle connections and refuses new ones", async () => {
    const endpoint = new FakeEndpoint();
    const serving = await serve(endpoint);
    using busy = await RawConnection.open(serving.port);
    busy.request("GET", "/mcp");
    await endpoint.called();
    using idle = await RawConnection.open(serving.port);
    idle.request("GET", "/mcp");
    await endpoint.called(2);
    endpoint.calls[1]?.answer(Response.json({}));
    await idle.answers();
    const closing = serving.close(30_000);
    await idle.closed();
    await expect(RawConnection.open(serving.port)).rejects.toMatchObject({ code: "ECONNREFUSED" });
    expect(endpoint.calls[0]?.request.signal.aborted).toBe(false);
    endpoint.calls[0]?.answer(Response.json({ done: true }));
    expect(await busy.closed()).toMatch(/^HTTP\/1\.1 200 [^]*Connection: close\r\n[^]*\{"done":true\}$/);
    await closing;
  });

  it("answers all pipelined requests of a connection before closing it", async () => {
    const endpoint = new FakeEndpoint();
    const serving = await serve(endpoint);
    using connection = await RawConnection.open(serving.port);
    for (const path of ["/1", "/2", "/3"]) connection.request("GET", path);
    await endpoint.called(3);
    const closing = serving.close(30_000);
    for (const [i, { answer }] of endpoint.calls.entries()) answer(Response.json(i));
    expect((await connection.answers(3)).map(({ body }) => body)).toEqual(["0", "1", "2"]);
    await closing;
    await connection.closed();
  });

  it("aborts the signals of calls in flight after the timeout", async () => {
    const endpoint = new FakeEndpoint();
    const serving = await serve(endpoint);
    using connection = await RawConnection.open(serving.port);
    connection.request("GET", "/mcp");
    await endpoint.called();
    await serving.close(20);
    expect(await connection.closed()).toBe("");
    await eventually(() => expect(endpoint.calls[0]?.request.signal.aborted).toBe(true));
  });

  it("does not wait for clients that never finish their request", async () => {
    const serving = await serve();
    using connection = await RawConnection.open(serving.port);
    connection.send("POST /mcp HTTP/1.1\r\nHost: loc");
    using answered = await RawConnection.open(serving.port);
    answered.request("GET", "/mcp");
    await answered.answers();
    await serving.close(30_000);
    expect(await connection.closed()).toBe("");
  });

  it("does not wait for clients that disconnected with several requests pipelined", async () => {
    const endpoint = new FakeEndpoint();
    const serving = await serve(endpoint);
    using connection = await RawConnection.open(serving.port);
    for (let i = 0; i < 3; i++) connection.request("POST", "/mcp", { body: "{}" });
    await endpoint.called(3);
    connection.socket.destroy();
    for (const { answer, request } of endpoint.calls) {
      await eventually(() => expect(request.signal.aborted).toBe(true));
      answer(Response.json({}));
    }
    // Waiting for the timeout would exceed the test's own.
    await serving.close(600_000);
    await expect(RawConnection.open(serving.port)).rejects.toThrow("ECONNREFUSED");
  });

  it("returns the same promise for every call of close", async () => {
    const serving = await serve();
    const closing = serving.close(0);
    expect(serving.close(5)).toBe(closing);
    await closing;
  });
});

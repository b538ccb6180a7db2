import { once } from "node:events";
import process from "node:process";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { eventually } from "../../../../fixtures/eventually.ts";
import {
  type Context,
  createServer,
  type HttpAddress,
  type HttpLimits,
  type HttpOptions,
  type Server,
  tool,
} from "../../src/index.ts";
import { RawConnection } from "../fixtures/raw-http.ts";
import { defineService } from "../fixtures/service.ts";

class Service {
  readonly signals: AbortSignal[] = [];
  #release: () => void = () => undefined;
  readonly #released = new Promise<void>((resolve) => (this.#release = resolve));

  echo(text: string): string {
    return `echo ${text}`;
  }

  /** Waits until the client disconnects. */
  async wait(ctx: Context): Promise<string> {
    this.signals.push(ctx.signal);
    if (!ctx.signal.aborted) await once(ctx.signal, "abort");
    return "late";
  }

  /** Waits until the test calls release. */
  async hold(ctx: Context): Promise<string> {
    this.signals.push(ctx.signal);
    await this.#released;
    return "held";
  }

  async count(ctx: Context): Promise<string> {
    await ctx.progress(1, 2, "half");
    return await this.wait(ctx);
  }

  release(): void {
    this.#release();
  }
}
defineService(Service, {
  echo: { as: tool(), properties: { text: { type: "string" } } },
  wait: { as: tool(), contextIndex: 0 },
  hold: { as: tool(), contextIndex: 0 },
  count: { as: tool(), contextIndex: 0 },
});

let service: Service;
let server: Server;
let address: HttpAddress;

async function start(limits: HttpLimits = {}, routes: HttpOptions["routes"] = {}): Promise<void> {
  service = new Service();
  server = createServer({ name: "s", version: "1", services: [service], shutdownTimeout: 0 });
  address = await server.serve({ transport: "http", port: 0, limits, routes });
}

beforeEach(() => void vi.spyOn(process.stderr, "write").mockReturnValue(true));
afterEach(async () => {
  await server.close();
  vi.restoreAllMocks();
});

const ERAS = ["legacy", "modern"] as const;
type Era = (typeof ERAS)[number];

/** Creates the headers and the body of a call in a protocol era. */
function callOf(era: Era, id: number | string, { name, args = {} }: { name: string; args?: object }) {
  const modern = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": {},
  };
  const meta = { ...(era === "modern" && modern), ...(name === "count" && { progressToken: "p" }) };
  return {
    headers: {
      "Content-Type": "application/json",
      Accept: "application/json, text/event-stream",
      "MCP-Protocol-Version": era === "modern" ? "2026-07-28" : "2025-11-25",
      ...(era === "modern" && { "Mcp-Method": "tools/call", "Mcp-Name": name }),
    },
    body: JSON.stringify({ jsonrpc: "2.0", id, method: "tools/call", params: { name, arguments: args, _meta: meta } }),
  };
}

function resultOf(body: string): { readonly id: unknown; readonly text: unknown } {
  const { id, result } = JSON.parse(body) as { id: unknown; result?: { content?: readonly { text?: unknown }[] } };
  return { id, text: result?.content?.[0]?.text };
}

describe("server.serve, for many clients", () => {
  it("answers 200 concurrent clients of both eras, each with its own results", async () => {
    await start();
    const answers = await Promise.all(
      Array.from({ length: 200 }, async (_, i) => {
        const mode = i % 2 === 0 ? "legacy" : ({ pin: "2026-07-28" } as const);
        const client = new Client({ name: `c${i}`, version: "1" }, { versionNegotiation: { mode } });
        await client.connect(new StreamableHTTPClientTransport(new URL(address.url)));
        const calls = ["a", "b", "c"].map((letter) =>
          client.callTool({ name: "echo", arguments: { text: `${i}${letter}` } }),
        );
        const texts = (await Promise.all(calls)).map(({ content }) => (content[0] as { text: string }).text);
        await client.close();
        return texts;
      }),
    );
    expect(answers).toEqual(Array.from({ length: 200 }, (_, i) => [`echo ${i}a`, `echo ${i}b`, `echo ${i}c`]));
  });

  it("answers pipelined calls of both eras in order", async () => {
    await start();
    using connection = await RawConnection.open(address.port);
    for (let i = 0; i < 50; i += 1) {
      const era = i % 2 === 0 ? "legacy" : "modern";
      connection.request("POST", "/mcp", callOf(era, i, { name: "echo", args: { text: String(i) } }));
    }
    const answers = await connection.answers(50);
    expect(answers.map(({ body }) => resultOf(body))).toEqual(
      Array.from({ length: 50 }, (_, i) => ({ id: i, text: `echo ${i}` })),
    );
  });
});

describe.each(ERAS)("server.serve, when a %s client disconnects", (era) => {
  it.each(["wait", "count"])("aborts the signal of its call %s, and of no other call", async (name) => {
    await start();
    using leaving = await RawConnection.open(address.port);
    leaving.request("POST", "/mcp", callOf(era, 1, { name }));
    await eventually(() => expect(service.signals).toHaveLength(1));
    if (name === "count") await leaving.until((text) => text.includes("notifications/progress"));
    using staying = await RawConnection.open(address.port);
    staying.request("POST", "/mcp", callOf(era, 2, { name: "hold" }));
    await eventually(() => expect(service.signals).toHaveLength(2));
    leaving.socket.destroy();
    await eventually(() => expect(service.signals[0]?.aborted).toBe(true));
    expect(service.signals[1]?.aborted).toBe(false);
    service.release();
    expect((await staying.answers()).map(({ body }) => resultOf(body))).toEqual([{ id: 2, text: "held" }]);
  });

  it("aborts all calls that it has pipelined", async () => {
    await start();
    using leaving = await RawConnection.open(address.port);
    for (const id of [1, 2, 3]) leaving.request("POST", "/mcp", callOf(era, id, { name: "wait" }));
    await eventually(() => expect(service.signals).toHaveLength(3));
    leaving.socket.destroy();
    await eventually(() => expect(service.signals.map(({ aborted }) => aborted)).toEqual([true, true, true]));
  });
});

describe.each(ERAS)("limits of server.serve, for a %s client", (era) => {
  it("answer 503 with Retry-After beyond concurrentRequests", async () => {
    await start({ concurrentRequests: 1 });
    using first = await RawConnection.open(address.port);
    first.request("POST", "/mcp", callOf(era, 1, { name: "hold" }));
    await eventually(() => expect(service.signals).toHaveLength(1));
    using second = await RawConnection.open(address.port);
    second.request("POST", "/mcp", callOf(era, 2, { name: "echo", args: { text: "x" } }));
    expect(await second.answers()).toMatchObject([{ status: 503, headers: { "retry-after": "1" } }]);
    service.release();
    await first.answers();
    second.request("POST", "/mcp", callOf(era, 3, { name: "echo", args: { text: "x" } }));
    expect((await second.answers(2))[1]).toMatchObject({ status: 200 });
  });

  it("abort the signal of a call and answer 504 after callTimeout", async () => {
    await start({ callTimeout: 30 });
    using connection = await RawConnection.open(address.port);
    connection.request("POST", "/mcp", callOf(era, 7, { name: "wait" }));
    const [answer] = await connection.answers();
    expect(answer).toMatchObject({ status: 504, body: expect.stringContaining("longer than 30 ms") as string });
    expect(JSON.parse(answer?.body ?? "")).toMatchObject({ id: 7 });
    await eventually(() => expect(service.signals[0]?.aborted).toBe(true));
  });

  it.each([
    ["a length", (body: string) => `Content-Length: ${body.length}\r\n\r\n${body}`],
    [
      "chunks",
      (body: string) => `Transfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
    ],
  ])("answer 413 to a body with %s beyond bodySize", async (_how, send) => {
    await start({ bodySize: 1000 });
    const text = (length: number): string => {
      const { headers, body } = callOf(era, 1, { name: "echo", args: { text: "x".repeat(length) } });
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
      return `POST /mcp HTTP/1.1\r\nHost: localhost\r\n${lines.join("")}${send(body)}`;
    };
    using connection = await RawConnection.open(address.port);
    connection.send(text(10));
    expect(await connection.answers()).toMatchObject([{ status: 200 }]);
    connection.send(text(200_000));
    expect((await connection.answers(2))[1]).toMatchObject({
      status: 413,
      headers: { connection: "close" },
      body: expect.stringContaining("larger than 1000 bytes") as string,
    });
    await connection.closed();
  });

  it("answer 408 to a slow body after requestTimeout, without making the call", async () => {
    await start({ requestTimeout: 50 });
    using connection = await RawConnection.open(address.port);
    const { headers, body } = callOf(era, 1, { name: "wait" });
    connection.request("POST", "/mcp", { headers: { ...headers, "Content-Length": String(body.length) } });
    connection.send(body.slice(0, -1));
    expect(await connection.closed()).toMatch(/^HTTP\/1\.1 408 /);
    expect(service.signals).toEqual([]);
  });
});

describe("server.serve, for hostile requests", () => {
  const { headers, body } = callOf("legacy", 1, { name: "echo", args: { text: "x" } });

  it.each([
    ["another host", { Host: "evil.example" }, 403],
    ["another host with the right port", { Host: "localhost.evil.example" }, 403],
    ["another origin", { Origin: "http://evil.example" }, 403],
    ["an opaque origin", { Origin: "null" }, 403],
    ["another content type", { "Content-Type": "text/plain" }, 415],
    ["a compressed body", { "Content-Encoding": "gzip" }, 415],
    ["a spoofed proxy", { Host: "evil.example", "X-Forwarded-Host": "localhost", Forwarded: "host=localhost" }, 403],
  ])("refuses %s with the right status", async (_what, more, status) => {
    await start();
    using connection = await RawConnection.open(address.port);
    connection.request("POST", "/mcp", { headers: { ...headers, ...more }, body });
    expect(await connection.answers()).toMatchObject([{ status }]);
  });

  it.each([
    ["a target with another host", "POST http://evil.example/mcp HTTP/1.1\r\nHost: localhost\r\n", 400],
    ["two hosts", "POST /mcp HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n", 400],
    [
      "a forbidden host in both target and Host header",
      "POST http://evil.example/mcp HTTP/1.1\r\nHost: evil.example\r\n",
      403,
    ],
    ["no host", "POST /mcp HTTP/1.0\r\n", 403],
    ["two content types", "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n", 415],
  ])("refuses %s with the right status", async (_what, head, status) => {
    await start();
    using connection = await RawConnection.open(address.port);
    connection.send(
      `${head}Content-Type: application/json\r\nAccept: application/json, text/event-stream\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    expect(await connection.answers()).toMatchObject([{ status }]);
  });

  it.each([
    "/health/../mcp",
    "/%2e%2e/mcp",
    "/a/.%2E/mcp",
    "/./mcp",
    "/mcp/.",
    "/x/..\\mcp",
    "http://localhost/health/../mcp",
    "/mcp/../health",
    "/x/../.well-known/oauth-protected-resource/mcp",
    "/files/../mcp",
  ])("answers 404 to a path with dot segments, which a proxy may not resolve: %s", async (target) => {
    await start({}, { "/files/*": () => new Response("a file") });
    using connection = await RawConnection.open(address.port);
    connection.request("POST", target, { headers, body });
    connection.request("POST", "/mcp?path=/../x", { headers, body });
    expect(await connection.answers(2)).toMatchObject([{ status: 404 }, { status: 200 }]);
  });

  it("refuses a request with two lengths and does not read another one from its body", async () => {
    await start();
    using connection = await RawConnection.open(address.port);
    connection.send(
      `POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /health HTTP/1.1\r\nHost: localhost\r\n\r\n`,
    );
    const received = await connection.closed();
    expect(received).toMatch(/^HTTP\/1\.1 400 /);
    expect(received).not.toContain("200 OK");
  });
});

describe("server.serve", () => {
  it("rejects an address in use and any address after close", async () => {
    await start();
    const { port } = address;
    const second = createServer({ name: "second", version: "1", services: [new Service()] });
    await expect(second.serve({ port })).rejects.toMatchObject({ code: "ADDRESS_IN_USE" });
    // A server that could not listen can try again.
    const { url } = await second.serve({ transport: "http", port: 0 });
    const first = new URL(url).port;
    await expect(second.serve({ port: Number(first) })).rejects.toMatchObject({ code: "ADDRESS_IN_USE" });
    await second.close();
    await expect(second.serve({ port: 0 })).rejects.toMatchObject({ code: "SERVER_CLOSED" });
  });

  it("does not listen if the server is closed meanwhile", async () => {
    await start();
    const other = createServer({ name: "other", version: "1", services: [new Service()] });
    const serving = other.serve({ port: 0 });
    await other.close();
    await expect(serving).rejects.toMatchObject({ code: "SERVER_CLOSED" });
  });

  it.each<[unknown, string, string?]>([
    [{ port: 70_000 }, "serve: invalid option 'port': 70000. It must be an integer from 0 to 65535."],
    [{ port: "80" }, "serve: invalid option 'port': \"80\"."],
    [{ host: "" }, "serve: invalid option 'host': \"\". It must be a host name or an IP address."],
    [
      { paths: "/x" },
      "serve: unknown option 'paths'. Did you mean \"path\"? The options are transport, host, port, auth, path",
    ],
    ["http", 'serve: invalid options: "http". Pass an object'],
    [null, "serve: invalid options: null. Pass an object"],
    [
      { routes: { "/mcp": () => new Response() } },
      "serve: invalid option 'routes': \"/mcp\" is the path of the MCP endpoint.",
    ],
    [{ transport: "tcp" }, "serve: invalid option 'transport': \"tcp\".", "INVALID_SERVER_OPTIONS"],
    [{ limits: { bodySize: -1 } }, "'limits.bodySize'"],
  ])("refuses %j", async (options, message, code = "INVALID_HTTP_OPTIONS") => {
    await start();
    await expect(server.serve(options as object)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message) as string,
    });
  });
});

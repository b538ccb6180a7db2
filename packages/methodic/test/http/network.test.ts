import { createServer as createHttpServer, type IncomingMessage, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { tmpdir } from "node:os";
import { request } from "node:http";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createServer, type Server, tool } from "../../src/index.ts";
import type { ServerAuth } from "../../src/server/options.ts";
import { defineService } from "../fixtures/service.ts";

class Notes {
  read(): string {
    return "a note";
  }
}
defineService(Notes, { read: { as: tool() } });

let log: ReturnType<typeof vi.spyOn>;
beforeEach(() => void (log = vi.spyOn(console, "error").mockImplementation(() => undefined)));

let server: Server;
let http: HttpServer | undefined;
afterEach(async () => {
  http?.closeAllConnections();
  http?.close();
  http = undefined;
  await server.close();
  vi.restoreAllMocks();
});

function create(auth?: ServerAuth): void {
  const options = { sessions: true, legacySse: true };
  server = createServer({ name: "s", version: "1", services: [Notes], http: options, ...(auth && { auth }) });
}

const clientInfo = { name: "c", version: "1" };
const call = (meta: object): object => ({ method: "tools/call", params: { name: "read", arguments: {}, _meta: meta } });

const META = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientInfo": clientInfo,
  "io.modelcontextprotocol/clientCapabilities": {},
};
const POST = { method: "POST", headers: { "content-type": "application/json" } };
const MODERN = { "mcp-protocol-version": "2026-07-28", "mcp-method": "tools/call", "mcp-name": "read" };

/** A request to each endpoint of a server, in each era. */
const REQUESTS: readonly (readonly [string, string, RequestInit])[] = [
  ["2026-07-28", "/mcp", { ...POST, headers: { ...POST.headers, ...MODERN }, body: JSON.stringify(call(META)) }],
  [
    "2025-11-25",
    "/mcp",
    {
      ...POST,
      body: JSON.stringify({
        method: "initialize",
        params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo },
      }),
    },
  ],
  ["HTTP+SSE", "/sse", { headers: {} }],
];

function createRequest(target: string, { body, headers, ...init }: RequestInit): Request {
  return new Request(`http://localhost${target}`, {
    ...init,
    headers: { accept: "application/json, text/event-stream", ...(headers as Record<string, string>) },
    ...(typeof body === "string" && { body: JSON.stringify({ jsonrpc: "2.0", id: 1, ...JSON.parse(body) }) }),
  });
}

async function statusOf(target: string, init: RequestInit, connection: unknown): Promise<number> {
  const response = await server.fetch(createRequest(target, init), connection);
  await response.body?.cancel();
  return response.status;
}

const bun = (address: string): object => ({ requestIP: () => ({ address, port: 1, family: "IPv4" }) });
const deno = (hostname: string): object => ({ remoteAddr: { transport: "tcp", hostname, port: 1 } });
const hono = (localAddress: string, remoteAddress = localAddress): object => ({
  incoming: { socket: { localAddress, remoteAddress } },
});

const FROM_OTHERS = [
  ["Bun", bun("10.9.8.7")],
  ["Bun over IPv6", bun("2001:db8::1")],
  ["Bun, IPv4-mapped", bun("::ffff:10.9.8.7")],
  ["Deno", deno("10.9.8.7")],
  ["Hono on Node", hono("10.9.8.7")],
  ["Hono on Node, from another machine to a forwarded port", hono("127.0.0.1", "10.9.8.7")],
] as const;

const FROM_HERE = [
  ["Bun", bun("127.0.0.1")],
  ["Bun over a Unix socket", { requestIP: () => null }],
  ["Bun, IPv4-mapped", bun("::ffff:127.0.0.1")],
  ["Deno", deno("::1")],
  ["Deno over a Unix socket", { remoteAddr: { transport: "unix", path: "/tmp/x" } }],
  ["Hono on Node", hono("127.0.0.1")],
  ["a runtime that passes nothing", undefined],
  ["a Worker with bindings", { requestIP: "x", remoteAddr: "y", incoming: 1 }],
] as const;

describe.each(REQUESTS)("server.fetch over %s", (_, target, init) => {
  it.each(FROM_OTHERS)("refuses other machines if auth is not set: %s", async (__, connection) => {
    create();
    expect(await statusOf(target, init, connection)).toBe(403);
    expect(await statusOf("/health", {}, connection)).toBe(200);
  });

  it.each(FROM_HERE)("serves this machine if auth is not set: %s", async (__, connection) => {
    create();
    expect(await statusOf(target, init, connection)).toBe(200);
    expect(log).not.toHaveBeenCalled();
  });

  it.each(FROM_OTHERS)('serves other machines with auth: "none": %s', async (__, connection) => {
    create("none");
    expect(await statusOf(target, init, connection)).toBe(200);
  });
});

it("Server.fetch tells a refused client the fix, and logs it once", async () => {
  create();
  for (let i = 0; i < 3; i++) {
    const response = await server.fetch(createRequest("/mcp", { method: "POST" }), bun("10.9.8.7"));
    expect(await response.json()).toMatchObject({ error: { message: expect.stringContaining('auth: "none"') } });
  }
  expect(log.mock.calls).toEqual([
    [expect.stringMatching(/^methodic: refused a request over 10\.9\.8\.7: .*Set auth /)],
  ]);
});

describe("A handler that is mounted without auth", () => {
  async function listen(at: string | number, addresses: object = {}): Promise<string | AddressInfo> {
    const handle = server.nodeHandler();
    http = createHttpServer((message: IncomingMessage, reply) => {
      for (const [name, value] of Object.entries(addresses)) Object.defineProperty(message.socket, name, { value });
      void handle(message, reply);
    });
    await new Promise<void>((resolve) => http!.listen(at as number, resolve));
    return http.address()!;
  }

  async function statusAt(target: string, init: RequestInit, port: number): Promise<number> {
    const { url, method, headers, body } = createRequest(target, init);
    const response = await fetch(url.replace("localhost", `localhost:${port}`), {
      method,
      headers,
      ...(body && { body, duplex: "half" }),
    } as RequestInit);
    await response.body?.cancel();
    return response.status;
  }

  it.each(REQUESTS)("refuses what came to another address: %s", async (_, target, init) => {
    create();
    const { port } = (await listen(0, { localAddress: "10.9.8.7", remoteAddress: "10.9.8.6" })) as AddressInfo;
    expect([await statusAt(target, init, port), await statusAt("/health", {}, port)]).toEqual([403, 200]);
  });

  it.each(REQUESTS)("serves what came to a loopback address, IPv4-mapped too: %s", async (_, target, init) => {
    create();
    const mapped = "::ffff:127.0.0.1";
    const { port } = (await listen(0, { localAddress: mapped, remoteAddress: mapped })) as AddressInfo;
    expect(await statusAt(target, init, port)).toBe(200);
  });

  it("serves a Unix socket", async () => {
    create();
    const socketPath = path.join(tmpdir(), `methodic-${process.pid}.sock`);
    await listen(socketPath);
    const status = await new Promise<number | undefined>((resolve) => {
      request({ socketPath, path: "/mcp", method: "PUT", headers: { host: "localhost" } }, (response) =>
        resolve(response.resume().statusCode),
      ).end();
    });
    expect(status).toBe(405);
  });
});

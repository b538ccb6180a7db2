import { createServer as createHttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { eventually } from "../../../../fixtures/eventually.ts";
import { createServer, type HttpOptions, type ProtocolEra, type Server } from "../../src/index.ts";
import { MemoryEventStore } from "../../src/http/event-store.ts";
import { NotesService } from "../fixtures/notes.ts";
import { withEnvelope } from "../fixtures/wires.ts";

const ENDPOINT = "http://localhost/mcp";

let server: Server;
beforeEach(() => void (server = serve()));
afterEach(() => server.close());

function serve(http: HttpOptions = {}): Server {
  return createServer({ name: "notes", version: "1.0.0", services: [NotesService], auth: "none", http });
}

/** Connects the SDK's client to the server without a socket. */
async function connect(era: ProtocolEra, to: Server = server): Promise<Client> {
  const client = new Client(
    { name: "test", version: "1.0.0" },
    { versionNegotiation: { mode: era === "modern" ? { pin: "2026-07-28" } : "legacy" } },
  );
  await client.connect(
    new StreamableHTTPClientTransport(new URL(ENDPOINT), { fetch: (url, init) => to.fetch(new Request(url, init)) }),
  );
  return client;
}

const LIST = { jsonrpc: "2.0", id: 1, method: "tools/list" };
const ACCEPT = "application/json, text/event-stream";

interface Raw {
  readonly method?: string;
  readonly url?: string;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: string | Uint8Array<ArrayBuffer> | ReadableStream | null;
  readonly to?: Server;
  /** False to send no Accept header. Default true. */
  readonly acceptsAll?: boolean;
}

/**
 * Sends a request, by default a POST of `tools/list`. Returns the response once its body has
 * arrived.
 */
async function send({
  method = "POST",
  url = ENDPOINT,
  headers = {},
  body,
  to = server,
  acceptsAll = true,
}: Raw = {}): Promise<Response> {
  const sent = method === "POST" ? (body === undefined ? JSON.stringify(LIST) : body) : null;
  const response = await to.fetch(
    new Request(url, {
      method,
      headers: { "content-type": "application/json", ...(acceptsAll && { accept: ACCEPT }), ...headers },
      ...(sent !== null && { body: sent }),
      ...(sent instanceof ReadableStream && { duplex: "half" }),
    }),
  );
  const { status, headers: received } = response;
  return new Response(response.body && (await response.arrayBuffer()), { status, headers: received });
}

async function errorOf(
  response: Response,
): Promise<{ readonly status: number; readonly code: number; readonly message: string }> {
  const { error } = (await response.json()) as { readonly error: { readonly code: number; readonly message: string } };
  return { status: response.status, ...error };
}

describe.each(["legacy", "modern"] as const)("server.fetch, for a %s client", (era) => {
  it("lists and calls tools, reads resources and gets prompts", async () => {
    const client = await connect(era);
    expect((await client.listTools()).tools.map(({ name }) => name)).toContain("addNote");
    const added = await client.callTool({ name: "addNote", arguments: { name: "a", content: "b" } });
    expect(added.content).toEqual([{ type: "text", text: "Note 'a' added successfully." }]);
    expect((await client.readResource({ uri: "notes://a" })).contents).toMatchObject([{ text: "b" }]);
    const { messages } = await client.getPrompt({ name: "assistant", arguments: { topic: "x" } });
    expect(messages[0]?.content).toMatchObject({ text: "Organize notes about x, 1 times." });
    await client.close();
  });

  it("sends progress while a call runs", async () => {
    const client = await connect(era);
    const reports: (string | undefined)[] = [];
    await client.callTool(
      { name: "index", arguments: { paths: ["a", "b"] } },
      { onprogress: ({ message }) => reports.push(message) },
    );
    expect(reports).toEqual(["a", "b"]);
    await client.close();
  });
});

it("server.fetch works detached from its server, as a route handler of a framework", async () => {
  const { fetch: GET, fetch: POST } = server;
  const body = JSON.stringify(LIST);
  const headers = { "content-type": "application/json", accept: ACCEPT };
  expect((await POST(new Request(ENDPOINT, { method: "POST", headers, body }))).status).toBe(200);
  expect((await GET(new Request(ENDPOINT))).status).toBe(405);
});

describe("server.fetch, checking the Host header", () => {
  it.each(["localhost", "localhost:3000", "127.0.0.1:1", "[::1]", "[::1]:80", "LOCALHOST", "localhost."])(
    "allows %s by default",
    async (host) => {
      expect((await send({ headers: { host } })).status).toBe(200);
    },
  );

  it.each([
    "evil.example",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "localhost@evil.example",
    "localhost, evil.example",
    "localhost/..",
    "127.0.0.2",
    "0.0.0.0",
    "[::]",
    "localhost:notaport",
  ])("refuses %s with 403", async (host) => {
    expect(await errorOf(await send({ headers: { host } }))).toMatchObject({
      status: 403,
      message: expect.stringMatching(/^Host not allowed: ".*"\. Add it to allowedHosts or MCP_ALLOWED_HOSTS/),
    });
  });

  it("refuses a foreign URL with a local Host header", async () => {
    expect((await send({ url: "http://evil.example/mcp", headers: { host: "localhost" } })).status).toBe(403);
  });

  it("allows only the hosts of allowedHosts, with wildcards and ports", async () => {
    const named = serve({ allowedHosts: ["mcp.example.com", "*.preview.example", "ported.example:8443"] });
    const status = async (host: string): Promise<number> =>
      (await send({ url: `http://${host}/mcp`, to: named })).status;
    expect(
      await Promise.all(
        ["mcp.example.com", "mcp.example.com:444", "a.b.preview.example", "ported.example:8443"].map(status),
      ),
    ).toEqual([200, 200, 200, 200]);
    expect(
      await Promise.all(["localhost", "preview.example", "ported.example", "amcp.example.com"].map(status)),
    ).toEqual([403, 403, 403, 403]);
  });

  it('allows any host with "*", and the host of publicUrl', async () => {
    expect((await send({ url: "http://anything.example/mcp", to: serve({ allowedHosts: "*" }) })).status).toBe(200);
    const behindProxy = serve({ publicUrl: "https://mcp.example.com/mcp" });
    expect((await send({ url: "http://mcp.example.com/mcp", to: behindProxy })).status).toBe(200);
    expect((await send({ to: behindProxy })).status).toBe(200);
  });

  it("answers probes with any host", async () => {
    const health = await send({ method: "GET", url: "http://10.0.0.7/health" });
    expect([health.status, await health.json()]).toEqual([200, { status: "ok" }]);
    expect((await send({ method: "GET", url: "http://10.0.0.7/ready" })).status).toBe(200);
  });
});

describe("server.fetch, checking the Origin header", () => {
  it.each(["http://localhost:6274", "https://127.0.0.1", "http://[::1]:3000"])(
    "allows %s by default and sends CORS headers",
    async (origin) => {
      const response = await send({ headers: { origin } });
      expect(response.status).toBe(200);
      expect(response.headers.get("access-control-allow-origin")).toBe(origin);
      expect(response.headers.get("access-control-expose-headers")).toContain("Mcp-Session-Id");
      expect(response.headers.get("vary")).toContain("Origin");
    },
  );

  it.each([
    "https://evil.example",
    "null",
    "",
    "http://localhost.evil.example",
    "file://localhost",
    "http://localhost@evil.example",
  ])("refuses '%s' with 403", async (origin) => {
    const response = await send({ headers: { origin } });
    expect(response.headers.get("access-control-allow-origin")).toBeNull();
    expect(await errorOf(response)).toMatchObject({ status: 403, message: expect.stringContaining("allowedOrigins") });
  });

  it("allows only the origins of allowedOrigins, with their scheme and port", async () => {
    const to = serve({
      allowedHosts: ["mcp.example.com"],
      allowedOrigins: ["https://app.example.com", "https://*.preview.example"],
    });
    const status = async (origin: string): Promise<number> =>
      (await send({ url: "http://mcp.example.com/mcp", headers: { origin }, to })).status;
    expect(
      await Promise.all(
        ["https://app.example.com", "https://app.example.com:443", "https://a.preview.example"].map(status),
      ),
    ).toEqual([200, 200, 200]);
    const others = [
      "http://app.example.com",
      "https://app.example.com:8443",
      "http://localhost",
      "https://mcp.example.com",
    ];
    expect(await Promise.all(others.map(status))).toEqual([403, 403, 403, 403]);
  });

  it("answers a preflight with the headers of MCP", async () => {
    const response = await send({
      method: "OPTIONS",
      headers: {
        origin: "http://localhost:6274",
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization, mcp-param-region, x-evil",
      },
    });
    expect(response.status).toBe(204);
    expect(response.headers.get("access-control-allow-origin")).toBe("http://localhost:6274");
    const allowed = response.headers.get("access-control-allow-headers")?.split(", ") ?? [];
    expect(allowed).toEqual(expect.arrayContaining(["authorization", "mcp-protocol-version", "mcp-param-region"]));
    expect(allowed).not.toContain("x-evil");
  });
});

describe("server.fetch, checking the Accept header", () => {
  const modern: Raw = {
    headers: { "mcp-protocol-version": "2026-07-28", "mcp-method": "tools/list" },
    body: JSON.stringify({
      ...LIST,
      params: {
        _meta: {
          "io.modelcontextprotocol/protocolVersion": "2026-07-28",
          "io.modelcontextprotocol/clientCapabilities": {},
        },
      },
    }),
  };

  it.each([
    ["legacy", "application/json, text/event-stream", 200],
    ["legacy", "*/*;q=0.1", 200],
    ["legacy", "application/json", 200],
    ["legacy", "application/*", 200],
    ["legacy", undefined, 200],
    ["legacy", "application/json, text/event-stream;q=0", 200],
    ["legacy", "text/event-stream", 406],
    ["legacy", "*/*, application/json;q=0", 406],
    ["legacy", "*/*;q=0", 406],
    ["modern", "application/json, text/event-stream", 200],
    ["modern", "*/*;q=0.1", 200],
    ["modern", "application/json", 200],
    ["modern", "application/*", 200],
    ["modern", undefined, 200],
    ["modern", "application/json, text/event-stream;q=0", 200],
    ["modern", "application/json;q=0, text/event-stream;q=0", 406],
    ["modern", "application/json;q=0.0, text/*;q=0, */*", 406],
    ["modern", "*/*;q=0", 406],
    ["modern", "text/html", 406],
  ] as const)("answers a %s request with Accept: %s by %d", async (era, accept, status) => {
    const { headers = {}, ...raw } = era === "modern" ? modern : {};
    const given = accept === undefined ? {} : { accept };
    expect((await send({ ...raw, headers: { ...headers, ...given }, acceptsAll: accept !== undefined })).status).toBe(
      status,
    );
  });

  it.each([
    ["without sessions", {}],
    ["in a session", { sessions: true }],
    ["in a session with an event store", { sessions: { eventStore: new MemoryEventStore() } }],
    ["on 2026-07-28", undefined],
  ] as const)("answers a call that logs and reports progress in JSON if only JSON is accepted, %s", async (_, http) => {
    await using to = serve(http);
    const accept = "application/json";
    const _meta = { progressToken: 1, ...(!http && { "io.modelcontextprotocol/logLevel": "debug" }) };
    const params = { name: "index", arguments: { paths: ["a", "b"] }, _meta };
    const call = { jsonrpc: "2.0", id: 1, method: "tools/call", params };
    let response: Response;
    if (http) {
      const clientInfo = { name: "c", version: "1" };
      const hello = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo };
      const opened = await send({
        to,
        headers: { accept },
        body: JSON.stringify({ jsonrpc: "2.0", id: 0, method: "initialize", params: hello }),
      });
      const session = opened.headers.get("mcp-session-id");
      const headers = { accept, ...(session !== null && { "mcp-session-id": session }) };
      response = await send({ to, headers, body: JSON.stringify(call) });
    } else {
      const headers = { "mcp-protocol-version": "2026-07-28", "mcp-method": "tools/call", "mcp-name": "index", accept };
      response = await send({ to, headers, body: JSON.stringify(withEnvelope(call)) });
    }
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(await response.json()).toMatchObject({ id: 1, result: { content: [{ type: "text" }] } });
  });

  it("refuses a subscription if only JSON is accepted", async () => {
    const listen = { jsonrpc: "2.0", id: 1, method: "subscriptions/listen", params: { notifications: {} } };
    const headers = { "mcp-protocol-version": "2026-07-28", "mcp-method": "subscriptions/listen" };
    const refused = await send({
      headers: { ...headers, accept: "application/json" },
      body: JSON.stringify(withEnvelope(listen)),
    });
    expect([refused.status, await errorOf(refused)]).toMatchObject([406, { code: -32000 }]);
  });
});

describe("server.fetch, refusing requests", () => {
  it.each([
    ["malformed JSON", { body: '{"jsonrpc":' }, "400 -32700"],
    ["an empty body", { body: "" }, "400 -32700"],
    ["no body", { body: null }, "400 -32700"],
    ["bytes that are not UTF-8", { body: new Uint8Array([0x22, 0xff, 0x22]) }, "400 -32700"],
    ["another content type", { headers: { "content-type": "text/plain" } }, "415 -32000"],
    ["a compressed body", { headers: { "content-encoding": "gzip" } }, "415 -32000"],
    ["a body that is too large", { body: JSON.stringify("x".repeat(5_000_000)) }, "413 -32000"],
    ["a body that is nested too deeply", { body: "[".repeat(101) + "]".repeat(101) }, "400 -32600"],
    ["PUT", { method: "PUT" }, "405 -32000"],
    ["GET without sessions", { method: "GET" }, "405 -32000"],
    ["DELETE without sessions", { method: "DELETE" }, "405 -32000"],
    ["an Accept header without JSON and event streams", { headers: { accept: "text/html" } }, "406 -32000"],
  ] as const)("refuses %s", async (_, raw, answer) => {
    const { status, code } = await errorOf(await send(raw));
    expect(`${status} ${code}`).toBe(answer);
  });

  it("stops reading a streamed body at the limit and answers 413", async () => {
    let chunks = 0;
    const body = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(1_000_000).fill(0x20, 0, ++chunks)),
    });
    expect((await send({ body })).status).toBe(413);
    expect(chunks).toBeLessThan(10);
  });

  it("lists the supported HTTP methods in the Allow header of a 405", async () => {
    expect((await send({ method: "PUT" })).headers.get("allow")).toBe("POST, OPTIONS");
  });

  it.each([
    ["a batch", [LIST]],
    ["a response", { jsonrpc: "2.0", id: 1, result: {} }],
  ])("refuses %s on 2026-07-28", async (_what, message) => {
    const headers = { "mcp-protocol-version": "2026-07-28", "mcp-method": "tools/list" };
    expect(await errorOf(await send({ headers, body: JSON.stringify(message) }))).toMatchObject({
      status: 400,
      message:
        "MCP 2026-07-28 has no batches, sessions or client responses. Send one request or notification per POST.",
    });
  });

  it("ignores brackets inside strings when it measures the depth of a body", async () => {
    const body = JSON.stringify({ ...LIST, params: { _meta: { text: `\\"${"[".repeat(500)}` } } });
    expect((await send({ body })).status).toBe(200);
  });

  it("answers 503 to requests beyond the limit of concurrent requests", async () => {
    const to = serve({ limits: { concurrentRequests: 1 } });
    const body = new ReadableStream({ cancel: () => undefined });
    const waiting = send({ body, to });
    await eventually(async () => {
      const busy = await send({ to });
      expect([busy.status, busy.headers.get("retry-after")]).toEqual([503, "1"]);
    });
    void waiting;
  });
});

describe("server.fetch, routing", () => {
  it("serves the MCP endpoint at the configured path, with an optional trailing slash", async () => {
    const to = serve({ path: "/api/v1/mcp" });
    const status = async (path: string): Promise<number> => (await send({ url: `http://localhost${path}`, to })).status;
    expect(await Promise.all(["/api/v1/mcp", "/api/v1/mcp/", "/api/v1/mcp?x=1"].map(status))).toEqual([200, 200, 200]);
    expect(await Promise.all(["/mcp", "/api/v1", "/api/v1/mcp/x", "/API/v1/mcp"].map(status))).toEqual([
      404, 404, 404, 404,
    ]);
  });

  it("answers an unknown path with 404 and the path of the MCP endpoint", async () => {
    const response = await send({ method: "GET", url: "http://localhost/" });
    expect([response.status, await response.json()]).toEqual([
      404,
      { error: "not_found", message: "Not found: /. The MCP endpoint is at /mcp." },
    ]);
  });

  it("serves the routes of the author, in precedence of the probes", async () => {
    const to = serve({
      routes: {
        "/hello": async (request) => new Response(`Hello, ${await request.text()}`),
        "/health": () => new Response("custom"),
        "/files/*": (request) => new Response(new URL(request.url).pathname),
        "/moved": () => Response.redirect("http://localhost/hello", 302),
      },
    });
    const text = async (raw: Raw): Promise<string> => (await send({ ...raw, to })).text();
    expect(await text({ url: "http://localhost/hello", body: "Ada" })).toBe("Hello, Ada");
    expect(await text({ method: "GET", url: "http://localhost/health" })).toBe("custom");
    expect(await text({ method: "GET", url: "http://localhost/files/a/b" })).toBe("/files/a/b");
    const moved = await send({
      method: "GET",
      url: "http://localhost/moved",
      headers: { origin: "http://localhost:1" },
      to,
    });
    expect([moved.status, moved.headers.get("location")]).toEqual([302, "http://localhost/hello"]);
    expect((await send({ url: "http://localhost/hello", headers: { host: "evil.example" }, to })).status).toBe(403);
  });

  it("gives a /* route only paths that the server does not answer itself", async () => {
    const to = serve({ legacySse: true, routes: { "/*": () => new Response("custom") } });
    const get = (path: string): Promise<Response> => send({ method: "GET", url: `http://localhost${path}`, to });
    expect(await (await get("/anything/else")).text()).toBe("custom");
    expect(await (await get("/")).text()).toBe("custom");
    expect(await (await get("/health")).text()).toBe('{"status":"ok"}');
    expect(await (await get("/ready")).text()).toBe('{"status":"ready"}');
    expect((await get("/mcp")).status).toBe(405);
    expect((await send({ to })).status).toBe(200);
    // The session does not exist.
    expect((await send({ url: "http://localhost/messages?sessionId=x", to })).status).toBe(404);
  });
});

it("server.fetch lets the page of an allowed origin read a failure", async () => {
  const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const fail = (): never => {
    throw new Error("secret");
  };
  const to = serve({ routes: { "/broken": fail } });
  const response = await send({ url: "http://localhost/broken", headers: { origin: "http://localhost:1" }, to });
  expect([response.status, response.headers.get("access-control-allow-origin")]).toEqual([500, "http://localhost:1"]);
  expect(await response.text()).not.toContain("secret");
  expect(log).toHaveBeenCalledOnce();
  log.mockRestore();
});

describe("/ready", () => {
  it("answers with the result of the option ready, and 503 if that throws", async () => {
    let ready = false;
    const to = serve({ ready: () => ready });
    const status = async (of: Server): Promise<number> =>
      (await send({ method: "GET", url: "http://localhost/ready", to: of })).status;
    expect(await status(to)).toBe(503);
    ready = true;
    expect(await status(to)).toBe(200);
    const log = vi.spyOn(console, "error").mockReturnValue();
    expect(await status(serve({ ready: () => Promise.reject(new Error("no database")) }))).toBe(503);
    expect(log.mock.calls.flat().join("\n")).toContain("no database");
    log.mockRestore();
  });

  it("answers 503 once the server is closed, like all requests but /health", async () => {
    expect((await send()).status).toBe(200);
    await server.close();
    expect((await send({ method: "GET", url: "http://localhost/ready" })).status).toBe(503);
    expect((await send()).status).toBe(503);
    expect((await send({ method: "GET", url: "http://localhost/health" })).status).toBe(200);
  });
});

describe("server.fetch, on a closed server", () => {
  it("refuses the first request", async () => {
    await server.close();
    expect((await send()).status).toBe(503);
  });
});

describe("HTTP options", () => {
  it("of nodeHandler that are undefined do not hide those of the server", async () => {
    const closing = serve({ limits: { bodySize: 10 } });
    const http = createHttpServer(closing.nodeHandler({ limits: { bodySize: undefined } } as never));
    await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
    const { port } = http.address() as AddressInfo;
    const headers = { "content-type": "application/json", accept: ACCEPT };
    const response = await fetch(`http://127.0.0.1:${port}/mcp`, {
      method: "POST",
      headers,
      body: JSON.stringify(LIST),
    });
    expect(response.status).toBe(413);
    await closing.close();
    http.closeAllConnections();
    await new Promise((resolve) => http.close(resolve));
  });

  it("that allow other hosts require auth", async () => {
    const open = createServer({
      name: "n",
      version: "1",
      services: [NotesService],
      http: { allowedHosts: ["mcp.example.com"] },
    });
    await expect(open.fetch(new Request(ENDPOINT))).rejects.toThrow(
      /allows the hosts mcp\.example\.com.*auth: "none"/s,
    );
  });

  it.each([
    [
      { path: "mcp" },
      'createServer: invalid option \'http.path\': "mcp". It must be a path that begins with "/", such as "/mcp".',
    ],
    [true, "createServer: invalid option 'http': true. Pass an object with path, publicUrl, "],
    [
      { allowedHosts: "a.com" },
      '\'http.allowedHosts\': "a.com". It must be "*" or a list such as ["mcp.example.com"].',
    ],
    [{ sessions: 1 }, "'http.sessions': 1. It must be true, false or an object with idleTimeout, max, "],
    [
      { allowedHost: [] },
      "createServer: unknown option 'http.allowedHost'. Did you mean \"allowedHosts\"? The options are path, ",
    ],
    [
      { limits: { bodySise: 1 }, path: 1 },
      /unknown option 'http\.limits\.bodySise'\. Did you mean "bodySize"\?.*\n.*createServer: invalid option 'http\.path': 1\. /,
    ],
    [
      { allowedHosts: ["https://mcp.example.com"] },
      '\'http.allowedHosts[0]\': "https://mcp.example.com". It must be a host without scheme and path, such as "mcp.example.com".',
    ],
    [
      { allowedOrigins: ["app.example.com"] },
      '\'http.allowedOrigins[0]\': "app.example.com". It must be an origin with a scheme and without a path, such as "https://app.example.com".',
    ],
    [{ publicUrl: "https://example.com/mcp?x=1" }, "It must be an https or http URL without query"],
    [{ publicUrl: "ftp://example.com/mcp" }, "It must be an https or http URL without query"],
    [{ limits: { bodySize: -1 } }, "'http.limits.bodySize': -1. It must be an integer, 1 or more."],
    [{ sessions: { idleTimeout: "half an hour" } }, "'http.sessions.idleTimeout': \"half an hour\". It must be longer"],
    [{ sessions: { idleTimeout: 0 } }, "'http.sessions.idleTimeout': 0. It must be longer than 0"],
    [{ sessions: { eventStore: { storeEvent: () => "1" } } }, "'http.sessions.eventStore': an object. It must be an E"],
    [{ hots: "x" }, "createServer: unknown option 'http.hots'"],
    [{ routes: { hello: () => new Response() } }, "'http.routes': \"hello\". It must be a path that begins with"],
    [{ routes: { "/hello": "Hello" } }, '\'http.routes["/hello"]\': "Hello". It must be a function.'],
  ])("are checked when the server is created: %j", (http, message) => {
    expect(() => serve(http as HttpOptions)).toThrow(message);
  });
});

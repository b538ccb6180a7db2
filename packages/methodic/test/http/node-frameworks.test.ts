import { once } from "node:events";
import { createServer as createHttpServer, type RequestListener, type Server as NodeServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { type HttpBindings, serve as serveHono } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import express from "express";
import express4 from "express-4";
import fastify from "fastify";
import { Hono } from "hono";
import { afterEach, describe, expect, it } from "vitest";
import { eventually } from "../../../../fixtures/eventually.ts";
import { type Context, createServer, type Server, tool } from "../../src/index.ts";
import { RawConnection } from "../fixtures/raw-http.ts";
import { defineService } from "../fixtures/service.ts";

class Notes {
  readonly signals: AbortSignal[] = [];

  add(name: string): string {
    return `added ${name}`;
  }

  async wait(ctx: Context): Promise<string> {
    this.signals.push(ctx.signal);
    await once(ctx.signal, "abort");
    return "late";
  }
}
defineService(Notes, {
  add: { as: tool(), properties: { name: { type: "string" } } },
  wait: { as: tool(), contextIndex: 0 },
});

/** Starts an application that serves MCP. Returns its origin. */
type Start = (server: Server) => Promise<string>;

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

async function listen(listener: RequestListener | NodeServer): Promise<string> {
  const http = typeof listener === "function" ? createHttpServer(listener) : listener;
  if (!http.listening) {
    http.listen(0, "127.0.0.1");
    await once(http, "listening");
  }
  closing.push(async () => {
    http.closeAllConnections();
    await new Promise((resolve) => http.close(resolve));
  });
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
}

const viaExpress =
  (framework: typeof express, mount: (app: ReturnType<typeof express>, server: Server) => void): Start =>
  async (server) => {
    const app = framework();
    mount(app, server);
    app.get("/hello", (_, response) => void response.send("hello"));
    return await listen(app as RequestListener);
  };

const viaHono =
  (mount: (app: Hono<{ Bindings: HttpBindings }>, server: Server) => void): Start =>
  async (server) => {
    const app = new Hono<{ Bindings: HttpBindings }>();
    mount(app, server);
    app.get("/hello", (c) => c.text("hello"));
    return await listen(serveHono({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 }) as NodeServer);
  };

const expressMounts = (framework: typeof express): readonly [string, string, Start][] => [
  ["a route", "/mcp", viaExpress(framework, (app, server) => app.all("/mcp", server.nodeHandler()))],
  ["a middleware", "/mcp", viaExpress(framework, (app, server) => app.use(server.nodeHandler()))],
  [
    "after express.json()",
    "/mcp",
    viaExpress(framework, (app, server) => app.use(framework.json()).all("/mcp", server.nodeHandler())),
  ],
  ["under a prefix", "/api/mcp", viaExpress(framework, (app, server) => app.use("/api", server.nodeHandler()))],
  [
    "at a path other than /mcp",
    "/tools",
    viaExpress(framework, (app, server) => app.use("/tools", server.nodeHandler())),
  ],
  [
    "with the whole path as an option",
    "/v1/tools",
    viaExpress(framework, (app, server) => app.use(server.nodeHandler({ path: "/v1/tools" }))),
  ],
  [
    "in a router",
    "/v1/api/mcp",
    viaExpress(framework, (app, server) => {
      const router = framework.Router();
      router.use("/api", server.nodeHandler());
      app.use("/v1", router);
    }),
  ],
];

const mounts: readonly (readonly [string, string, string, Start])[] = [
  ...expressMounts(express).map(([how, path, start]) => ["Express 5", how, path, start] as const),
  ...expressMounts(express4).map(([how, path, start]) => ["Express 4", how, path, start] as const),
  [
    "Fastify",
    "with the parsed body",
    "/mcp",
    async (server) => {
      const app = fastify();
      const handle = server.nodeHandler();
      app.all("/mcp", async (request, reply) => {
        reply.hijack();
        await handle(Object.assign(request.raw, { body: request.body }), reply.raw);
      });
      app.get("/hello", () => "hello");
      await app.ready();
      closing.push(() => app.close());
      return await listen(app.server);
    },
  ],
  [
    "Fastify",
    "with the unread body",
    "/api/mcp",
    async (server) => {
      const app = fastify();
      const handle = server.nodeHandler({ path: "/api/mcp" });
      await app.register(async (scope) => {
        scope.removeAllContentTypeParsers();
        scope.addContentTypeParser("*", (_request, _body, done) => done(null));
        scope.all("/api/mcp", async (request, reply) => {
          reply.hijack();
          await handle(request.raw, reply.raw);
        });
      });
      app.get("/hello", () => "hello");
      await app.ready();
      closing.push(() => app.close());
      return await listen(app.server);
    },
  ],
  ["Hono", "as a web handler", "/mcp", viaHono((app, server) => app.all("/mcp", (c) => server.fetch(c.req.raw)))],
  [
    "Hono",
    "with Node's requests",
    "/mcp",
    viaHono((app, server) => {
      const handle = server.nodeHandler();
      app.all("/mcp", async (c) => {
        await handle(c.env.incoming, c.env.outgoing);
        return RESPONSE_ALREADY_SENT;
      });
    }),
  ],
  [
    "node:http",
    "with other paths",
    "/mcp",
    (server) => {
      const handle = server.nodeHandler();
      return listen((message, reply) => {
        if (message.url === "/hello") reply.end("hello");
        else void handle(message, reply);
      });
    },
  ],
];

const call = (name: string, args: object = {}): string =>
  JSON.stringify({
    jsonrpc: "2.0",
    id: 1,
    method: "tools/call",
    params: {
      name,
      arguments: args,
      _meta: {
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
      },
    },
  });
const HEADERS = {
  "Content-Type": "application/json",
  "MCP-Protocol-Version": "2026-07-28",
  "Mcp-Method": "tools/call",
};

describe.each(mounts.map(([framework, how, path, start]) => ({ framework, how, path, start })))(
  "$framework, $how",
  ({ path, start }) => {
    it.each(["legacy", "modern"] as const)(
      "serves %s clients and leaves other paths to the application",
      async (era) => {
        await using server = createServer({ name: "notes", version: "1.0.0", services: [Notes] });
        const origin = await start(server);
        const client = new Client(
          { name: "c", version: "1" },
          { versionNegotiation: { mode: era === "legacy" ? "legacy" : { pin: "2026-07-28" } } },
        );
        await client.connect(new StreamableHTTPClientTransport(new URL(path, origin)));
        expect(await client.callTool({ name: "add", arguments: { name: "ü" } })).toMatchObject({
          content: [{ text: "added ü" }],
        });
        await client.close();
        expect(await (await fetch(new URL("/hello", origin))).text()).toBe("hello");
      },
    );

    it("aborts the signal of a call whose client disconnects", async () => {
      const notes = new Notes();
      await using server = createServer({ name: "notes", version: "1.0.0", services: [notes] });
      const { port } = new URL(await start(server));
      using connection = await RawConnection.open(Number(port));
      connection.request("POST", path, { headers: { ...HEADERS, "Mcp-Name": "wait" }, body: call("wait") });
      await eventually(() => expect(notes.signals).toHaveLength(1));
      connection.socket.destroy();
      await eventually(() => expect(notes.signals[0]?.aborted).toBe(true));
    });
  },
);

it("server.nodeHandler, passed to app.use() without a call, explains the mistake", () => {
  const server = createServer({ name: "notes", version: "1.0.0", services: [Notes] });
  const handle = server.nodeHandler as unknown as express.RequestHandler;
  expect(() => void handle({} as never, {} as never, () => undefined)).toThrow("app.use(server.nodeHandler())");
});

import { Client, InMemoryTransport, SSEClientTransport } from "@modelcontextprotocol/client";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { type Context, createServer, memoryStore, type SessionState, type Store, tool } from "../../src/index.ts";
import { createTestClient } from "../../src/testing/test-client.ts";
import { CONTEXT_PATHS, type OpenPath } from "../fixtures/context-paths.ts";
import { defineService } from "../fixtures/service.ts";

class Cart {
  run: (ctx: Context) => unknown = () => "";

  async add(item: string, ctx: Context): Promise<string> {
    const items = await ctx.session.update<string[]>("items", (before = []) => [...before, item]);
    return items.join(" ");
  }

  async items(ctx: Context): Promise<string> {
    return ((await ctx.session.get<string[]>("items")) ?? ["nothing"]).join(" ");
  }

  async work(ctx: Context): Promise<string> {
    return String(await this.run(ctx));
  }
}
defineService(Cart, {
  add: { as: tool(), names: ["item"], properties: { item: { type: "string" } }, contextIndex: 1 },
  items: { as: tool(), contextIndex: 0 },
  work: { as: tool(), contextIndex: 0 },
});

type Caller = Pick<OpenPath["client"], "callTool">;

async function call(client: Caller, name: string, args: Record<string, unknown> = {}): Promise<string> {
  const { content } = await client.callTool({ name, arguments: args });
  return (content as readonly { readonly text: string }[])[0]?.text ?? "";
}

const log = vi.spyOn(console, "error");
afterEach(() => void log.mockReset());

/** A store that counts its values, and can wait or fail. */
class WatchedStore implements Store {
  readonly keys = new Set<string>();
  readonly #inner: Store = memoryStore();
  fail: Error | undefined;
  hold: Promise<void> | undefined;

  async get(key: string): Promise<string | undefined> {
    await this.#wait();
    return this.#inner.get(key);
  }

  async set(key: string, value: string): Promise<void> {
    await this.#wait();
    this.keys.add(key);
    await this.#inner.set(key, value);
  }

  async delete(key: string): Promise<void> {
    await this.#wait();
    this.keys.delete(key);
    await this.#inner.delete(key);
  }

  async #wait(): Promise<void> {
    await this.hold;
    if (this.fail) throw this.fail;
  }
}

const WITH_SESSION = CONTEXT_PATHS.filter(({ isLive }) => isLive);
const WITHOUT_SESSION = CONTEXT_PATHS.filter(({ isLive }) => !isLive);

describe.each(WITH_SESSION)("ctx.session over $name", (path) => {
  it("keeps values between the calls of a session, apart from those of others", async () => {
    await using opened = await path.open({ services: [Cart] });
    const other = await opened.connect();
    expect(await call(opened.client, "add", { item: "tea" })).toBe("tea");
    expect(await call(opened.client, "add", { item: "milk" })).toBe("tea milk");
    expect(await call(other, "items")).toBe("nothing");
    expect(await call(other, "add", { item: "salt" })).toBe("salt");
    expect(await call(opened.client, "items")).toBe("tea milk");
  });

  it("counts parallel changes right", async () => {
    await using opened = await path.open({ services: [Cart] });
    const items = Array.from({ length: 20 }, (_, i) => String(i));
    await Promise.all(items.map((item) => call(opened.client, "add", { item })));
    expect((await call(opened.client, "items")).split(" ").sort()).toEqual(items.sort());
  });

  it("has the id of its session", async () => {
    const cart = new Cart();
    cart.run = (ctx) => ctx.session.id;
    await using opened = await path.open({ services: [cart] });
    const other = await opened.connect();
    const id = await call(opened.client, "work");
    expect(await call(opened.client, "work")).toBe(id);
    expect(await call(other, "work")).not.toBe(id);
    const { sessionId } = opened.client.transport ?? {};
    if (path.isHttp) expect(id).toBe(sessionId);
    else expect(id).toMatch(/^[\da-f-]{36}$/);
  });

  it("deletes the values when the session ends", async () => {
    const store = new WatchedStore();
    const cart = new Cart();
    cart.run = (ctx) => ctx.session.set("note", "x");
    await using opened = await path.open({ services: [cart], store });
    const other = await opened.connect();
    await call(opened.client, "work");
    await call(other, "work");
    expect(store.keys.size).toBe(2);
    const { transport } = opened.client as unknown as { transport: { terminateSession?(): Promise<void> } };
    await transport.terminateSession?.();
    await opened.client.close();
    await vi.waitFor(() => expect(store.keys.size).toBe(1));
    await opened.server.close();
    expect(store.keys.size).toBe(0);
  });
});

describe.each(WITHOUT_SESSION)("ctx.session over $name", (path) => {
  it("rejects with the reason and the way out, which the log has too", async () => {
    const cart = new Cart();
    cart.run = (ctx) => ctx.session.id;
    log.mockImplementation(() => undefined);
    await using opened = await path.open({ services: [cart] });
    const message =
      path.era === "modern"
        ? "This call keeps state for its session, but MCP 2026-07-28 has no sessions over HTTP. Keep the state for the caller, with ctx.user."
        : "This call keeps state for its session, but the request belongs to no session. Turn on sessions on the server " +
          "(http: { sessions: true }), or keep the state for the caller, with ctx.user.";
    expect(await call(opened.client, "items")).toBe(message);
    expect(await call(opened.client, "add", { item: "tea" })).toBe(message);
    expect(log.mock.calls[0]?.[0]).toBe(`methodic: Tool items failed: ${message}`);
    expect(await call(opened.client, "work")).toBe("undefined");
  });
});

describe("ctx.session on an HTTP server with sessions", () => {
  it("rejects for clients of 2026-07-28", async () => {
    const path = CONTEXT_PATHS.find(({ name }) => name === "fetch, 2026-07-28")!;
    log.mockImplementation(() => undefined);
    await using opened = await path.open({ services: [Cart], http: { sessions: true } });
    expect(await call(opened.client, "items")).toContain("MCP 2026-07-28 has no sessions over HTTP");
  });
});

/** Runs a method in one call of a server. */
async function runOnce(run: (ctx: Context) => unknown, store?: Store): Promise<string> {
  const cart = new Cart();
  cart.run = run;
  await using client = await createTestClient(
    createServer({ name: "s", version: "1", services: [cart], ...(store && { store }) }),
  );
  return (await client.callTool("work")).text;
}

const reject = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => "resolved",
    (error: unknown) => error,
  );

describe("the end of a session", () => {
  it("comes when an HTTP session has been idle for too long", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    onTestFinished(() => void vi.useRealTimers());
    const store = new WatchedStore();
    const cart = new Cart();
    cart.run = (ctx) => ctx.session.set("note", "x");
    const http = { sessions: { idleTimeout: "10m" } } as const;
    await using server = createServer({ name: "s", version: "1", services: [cart], store, http });
    let id = "";
    const post = async (method: string, params: object): Promise<number> => {
      const headers = {
        accept: "application/json",
        "content-type": "application/json",
        ...(id && { "mcp-session-id": id }),
      };
      const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
      const response = await server.fetch(new Request("http://localhost/mcp", { method: "POST", headers, body }));
      id ||= response.headers.get("mcp-session-id") ?? "";
      await response.text();
      return response.status;
    };
    const clientInfo = { name: "c", version: "1" };
    await post("initialize", { protocolVersion: "2025-11-25", capabilities: {}, clientInfo });
    await post("tools/call", { name: "work", arguments: {} });
    expect(store.keys.size).toBe(1);
    vi.setSystemTime(Date.now() + 600_000);
    expect(await post("ping", {})).toBe(404);
    await vi.waitFor(() => expect(store.keys.size).toBe(0));
  });

  it("comes when the stream of HTTP+SSE closes", async () => {
    const store = new WatchedStore();
    const cart = new Cart();
    cart.run = async (ctx) => {
      const count = ((await ctx.session.get<number>("count")) ?? 0) + 1;
      await ctx.session.set("count", count);
      return `${count} ${ctx.session.id}`;
    };
    await using server = createServer({
      name: "s",
      version: "1",
      services: [cart],
      store,
      http: { legacySse: true },
    });
    const client = new Client({ name: "c", version: "1" });
    const fetch = (url: string | URL, init?: RequestInit): Promise<Response> => server.fetch(new Request(url, init));
    await client.connect(new SSEClientTransport(new URL("http://localhost/sse"), { fetch }));
    expect(await call(client, "work")).toMatch(/^1 [\da-f-]{36}$/);
    expect(await call(client, "work")).toMatch(/^2 /);
    await client.close();
    await vi.waitFor(() => expect(store.keys.size).toBe(0));
  });

  it("deletes what was being written, and refuses later writes", async () => {
    const store = new WatchedStore();
    const cart = new Cart();
    let session: SessionState | undefined;
    cart.run = (ctx) => (session = ctx.session).set("first", 1);
    const server = createServer({ name: "s", version: "1", services: [cart], store });
    const client = await createTestClient(server);
    await client.callTool("work");
    let release = (): void => undefined;
    store.hold = new Promise((resolve) => (release = resolve));
    const late = session?.set("second", 2);
    await new Promise(setImmediate);
    await client.close();
    await vi.waitFor(async () => expect(String(await reject(session!.get("first")))).toContain("has ended"));
    expect(await reject(session!.set("third", 3))).toMatchObject({
      name: "ToolError",
      message: "The session has ended, and its state is deleted.",
    });
    release();
    await late;
    await server.close();
    expect(store.keys.size).toBe(0);
  });

  it("is waited for when the server closes, before services stop", async () => {
    const store = new WatchedStore();
    const cart = new Cart();
    cart.run = (ctx) => ctx.session.set("note", 1);
    let left: number | undefined;
    const onStop = (): void => void (left = store.keys.size);
    const server = createServer({ name: "s", version: "1", services: [cart], store, onStop });
    const client = await createTestClient(server);
    await client.callTool("work");
    store.hold = new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    await server.close();
    expect(left).toBe(0);
  });

  it("logs if the state cannot be deleted", async () => {
    const store = new WatchedStore();
    const cart = new Cart();
    cart.run = (ctx) => ctx.session.set("note", 1);
    const server = createServer({ name: "s", version: "1", services: [cart], store });
    const client = await createTestClient(server);
    await client.callTool("work");
    store.fail = new Error("unreachable");
    log.mockImplementation(() => undefined);
    await client.close();
    await server.close();
    expect(log.mock.calls).toEqual([
      [
        expect.stringMatching(
          /^methodic: the state of a session could not be deleted, and expires in 30 days: Error: unreachable/,
        ),
      ],
    ]);
  });

  it("deletes the other values if the store throws for one", async () => {
    const store = memoryStore();
    const removed: string[] = [];
    store.delete = (key) => {
      removed.push(key.slice(key.lastIndexOf("/") + 1));
      throw new Error("unreachable");
    };
    const cart = new Cart();
    cart.run = async ({ session }) => [await session.set("a", 1), await session.set("b", 2)];
    log.mockImplementation(() => undefined);
    const server = createServer({ name: "s", version: "1", services: [cart], store });
    await (await createTestClient(server)).callTool("work");
    await server.close();
    expect(removed).toEqual(["a", "b"]);
  });

  it("deletes the state of sessions that a client only connected", async () => {
    const [, far] = InMemoryTransport.createLinkedPair();
    const store = new WatchedStore();
    const server = createServer({ name: "s", version: "1", services: [Cart], store });
    await server.connect(far);
    await server.close();
    expect(store.keys.size).toBe(0);
  });
});

describe("ctx.session", () => {
  it("limits the keys of a session, and counts only those that are kept", async () => {
    const text = await runOnce(async ({ session }) => {
      for (let i = 0; i < 1000; i++) await session.set(`key ${i}`, i);
      const refused = await reject(session.set("one more", 1));
      await session.set("key 0", "again");
      await session.delete("key 0");
      await session.set("one more", 1);
      return (refused as Error).message;
    });
    expect(text).toBe(
      "ctx.session: the session has 1000 keys, the maximum. Delete keys that are not needed, or keep several values in one key.",
    );
  });

  it("can be taken apart", async () => {
    const run = async ({ session: { set, get } }: Context): Promise<unknown> => {
      await set("key", { n: 1 });
      return JSON.stringify(await get("key"));
    };
    expect(await runOnce(run)).toBe('{"n":1}');
  });

  it("does not end the process if a method forgets to await it", async () => {
    const store = new WatchedStore();
    store.fail = new Error("down");
    expect(await runOnce((ctx) => (void ctx.session.set("key", 1), "done"), store)).toBe("done");
  });
});

describe("the option store", () => {
  it("must be a store", () => {
    expect(() => createServer({ name: "s", version: "1", services: [], store: {} as never })).toThrow(
      "createServer: invalid option 'store': an object. It must be a store with the methods get, set and delete.",
    );
  });
});

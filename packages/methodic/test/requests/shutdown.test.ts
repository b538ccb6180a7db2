import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { eventually } from "../../../../fixtures/eventually.ts";
import {
  type Context,
  createServer,
  type HttpOptions,
  type MethodicError,
  type Server,
  tool,
} from "../../src/index.ts";
import { MODERN_REVISION } from "../../src/util/json-rpc.ts";
import { defineService } from "../fixtures/service.ts";

const log = vi.spyOn(console, "error");
beforeEach(() => void log.mockReset().mockImplementation(() => undefined));
let server: Server;
afterEach(() => server.close());

class Slow {
  started = 0;

  async wait(ctx: Context): Promise<string> {
    this.started++;
    return await new Promise((_, reject) => {
      ctx.signal.addEventListener("abort", () => reject(new Error("aborted")));
    });
  }

  async report(ctx: Context): Promise<string> {
    await ctx.progress(1, 2);
    return await this.wait(ctx);
  }
}
defineService(Slow, { wait: { as: tool(), contextIndex: 0 }, report: { as: tool(), contextIndex: 0 } });

const META = {
  "io.modelcontextprotocol/protocolVersion": MODERN_REVISION,
  "io.modelcontextprotocol/clientCapabilities": {},
};
type Post = (body: object) => Promise<Response>;

function post(headers: Readonly<Record<string, string>> = {}): Post {
  return (body) =>
    server.fetch(
      new Request("http://localhost/mcp", {
        method: "POST",
        headers: { "content-type": "application/json", accept: "application/json, text/event-stream", ...headers },
        body: JSON.stringify(body),
      }),
    );
}

const toolCall = (name: string, id: number, meta?: object): object => ({
  jsonrpc: "2.0",
  id,
  method: "tools/call",
  params: { name, arguments: {}, _meta: { progressToken: "p", ...meta } },
});

/** Calls a tool in one of the ways that HTTP has. */
const WAYS: readonly (readonly [string, HttpOptions, (name: string, id: number) => Promise<Response>])[] = [
  [
    "of 2026-07-28",
    {},
    (name, id) =>
      post({ "mcp-protocol-version": MODERN_REVISION, "mcp-method": "tools/call", "mcp-name": name })(
        toolCall(name, id, META),
      ),
  ],
  ["of 2025-11-25", {}, (name, id) => post({ "mcp-protocol-version": "2025-11-25" })(toolCall(name, id))],
  [
    "of a session",
    { sessions: true },
    async (name, id) => {
      const clientInfo = { name: "c", version: "1" };
      const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo };
      const opened = await post()({ jsonrpc: "2.0", id: 0, method: "initialize", params });
      return await post({ "mcp-session-id": opened.headers.get("mcp-session-id") ?? "" })(toolCall(name, id));
    },
  ],
];

describe("a call that outlasts shutdownTimeout", () => {
  it.each(WAYS)("%s gets 503 and an error with its id", async (_, http, call) => {
    const slow = new Slow();
    server = createServer({ name: "s", version: "1", services: [slow], shutdownTimeout: 20, http });
    const answer = call("wait", 7);
    await eventually(() => expect(slow.started).toBe(1));
    await server.close();
    const response = await answer;
    expect(response.status).toBe(503);
    expect(response.headers.get("retry-after")).toBe("5");
    expect(await response.json()).toEqual({
      jsonrpc: "2.0",
      id: 7,
      error: { code: -32_000, message: "The server is shutting down." },
    });
  });

  it.each(WAYS)("%s gets the error at the end of its stream", async (_, http, call) => {
    const slow = new Slow();
    server = createServer({ name: "s", version: "1", services: [slow], shutdownTimeout: 20, http });
    const response = await call("report", 8);
    await eventually(() => expect(slow.started).toBe(1));
    const [text] = await Promise.all([response.text(), server.close()]);
    const messages = Array.from(text.matchAll(/^data: (.*)$/gm), ([, data = ""]) => JSON.parse(data) as object);
    expect(messages).toMatchObject([
      { method: "notifications/progress" },
      { id: 8, error: { code: -32_000, message: "The server is shutting down." } },
    ]);
  });

  it("of a batch gets one error for each id", async () => {
    const slow = new Slow();
    server = createServer({ name: "s", version: "1", services: [slow], shutdownTimeout: 20 });
    const answer = post({ "mcp-protocol-version": "2025-03-26" })([toolCall("wait", 1), toolCall("wait", 2)]);
    await eventually(() => expect(slow.started).toBe(2));
    await server.close();
    expect(await (await answer).json()).toMatchObject([
      { id: 1, error: { code: -32_000 } },
      { id: 2, error: { code: -32_000 } },
    ]);
  });
});

describe("the services of a server that closes", () => {
  const closed: string[] = [];
  beforeEach(() => void closed.splice(0));

  const serve = (...services: readonly object[]): Server =>
    (server = createServer({ name: "s", version: "1", services, shutdownTimeout: 20 }));

  /** A service with one tool, named for its class. */
  class Base {
    run(): string {
      return "";
    }
  }
  function define<C extends new (...args: never[]) => object>(service: C): C {
    // A function for each class: a decorator marks the function.
    Object.defineProperty(service.prototype, "run", { value: () => "", configurable: true });
    return defineService(service, { run: { as: tool(service.name) } });
  }

  class Database extends Base {
    async [Symbol.asyncDispose](): Promise<void> {
      await Promise.resolve();
      closed.push("asyncDispose");
    }
    [Symbol.dispose](): void {
      closed.push("not both");
    }
  }
  class Cache extends Base {
    [Symbol.dispose](): void {
      closed.push("dispose");
    }
    close(): void {
      closed.push("not both");
    }
  }
  class Queue extends Base {
    async close(): Promise<void> {
      closed.push("close");
    }
  }
  class Instance extends Queue {}
  for (const service of [Database, Cache, Queue, Instance]) define(service);

  it("are closed once, the last one first, classes and instances", async () => {
    serve(Database, Cache, Queue, new Instance());
    await Promise.all([server.close(), server.close()]);
    expect(closed).toEqual(["close", "close", "dispose", "asyncDispose"]);
  });

  it("are closed after the last call", async () => {
    class Tickets extends Slow {
      close(): void {
        closed.push(`after ${this.started} call`);
      }
    }
    const tickets = new Tickets();
    serve(tickets);
    const answer = WAYS[0]?.[2]("wait", 1);
    await eventually(() => expect(tickets.started).toBe(1));
    await server.close();
    expect(closed).toEqual(["after 1 call"]);
    expect((await answer)?.status).toBe(503);
  });

  it("are not closed by a tool named close, or by a method that takes parameters", async () => {
    class Tickets {
      close(): string {
        closed.push("tool");
        return "";
      }
    }
    class Doors extends Base {
      close(name: string): void {
        closed.push(name);
      }
    }
    serve(defineService(Tickets, { close: { as: tool() } }), define(Doors));
    await server.close();
    expect(closed).toEqual([]);
  });

  it("are all closed even if one fails or hangs, which is logged", async () => {
    class Broken extends Base {
      close(): never {
        throw new Error("disk full");
      }
    }
    class Hanging extends Base {
      close(): Promise<void> {
        return new Promise(() => undefined);
      }
    }
    serve(Queue, define(Broken), define(Hanging));
    await server.close();
    expect(closed).toEqual(["close"]);
    expect(log.mock.calls).toEqual([
      [expect.stringMatching(/^methodic: Hanging did not stop within \d+ ms\.$/)],
      [expect.stringMatching(/^methodic: Broken failed to stop: Error: disk full at /)],
    ]);
  });
});

describe("createServer", () => {
  it("reports mistakes in options and services together", () => {
    class Plain {
      run(): string {
        return "";
      }
    }
    defineService(Plain, { run: { as: tool("not a name") } });
    const options = { name: "", version: "1", naming: "SHOUTING", services: [Plain, 5] };
    expect(() => createServer(options as never)).toThrow(
      expect.objectContaining({
        code: "STARTUP_FAILED",
        message: expect.stringMatching(
          /: 4 problems\.\n[^]*'name'[^]*'naming'[^]*services\[1\]: 5[^]*"not a name"/,
        ) as string,
      }) as MethodicError,
    );
    server = createServer({ name: "s", version: "1", services: [] });
  });

  it("reports options that are not an object", () => {
    for (const options of [undefined, null, "notes"])
      expect(() => createServer(options as never)).toThrow("createServer");
  });
});

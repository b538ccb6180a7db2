import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createServer, type MethodicError, type Server, type ServerOptions, tool } from "../../src/index.ts";
import { createTestClient } from "../../src/testing/test-client.ts";
import { defineRunnable } from "../fixtures/injectable.ts";
import { defineService } from "../fixtures/service.ts";

const log = vi.spyOn(console, "error");
const events: string[] = [];
beforeEach(() => {
  events.splice(0);
  log.mockReset().mockImplementation(() => undefined);
});
let server: Server;
afterEach(() => server.close());

const serve = (options: Partial<ServerOptions>): Server =>
  (server = createServer({ name: "s", version: "1", services: [], shutdownTimeout: 20, ...options }));

/** A value that reports when it starts and stops. */
class Reporter {
  readonly label: string = this.constructor.name;
  async onStart(): Promise<void> {
    events.push(`${this.label} starts`);
    await Promise.resolve();
    events.push(`${this.label} started`);
  }
  async onStop(): Promise<void> {
    await Promise.resolve();
    events.push(`${this.label} stopped`);
  }
  run(): string {
    return this.label;
  }
}
class Database extends Reporter {}
class Cache extends Reporter {}
for (const service of [Database, Cache]) defineRunnable(service);

const post = (message: object): Promise<Response> =>
  server.fetch(
    new Request("http://localhost/mcp", {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        "mcp-protocol-version": "2025-11-25",
      },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, ...message }),
    }),
  );
const callOverHttp = (name: string): Promise<Response> => post({ method: "tools/call", params: { name } });

describe("onStart and onStop", () => {
  it("of services and of the server run in order, once for all connections", async () => {
    serve({
      services: [Database, new Cache()],
      onStart: () => void events.push("server started"),
      onStop: async () => void events.push("server stopped"),
    });
    expect(events).toEqual([]);
    const clients = await Promise.all([createTestClient(server), createTestClient(server, { era: "legacy" })]);
    expect((await callOverHttp("Cache")).status).toBe(200);
    expect(events.slice(0, 4).sort()).toEqual(["Cache started", "Cache starts", "Database started", "Database starts"]);
    expect(events.slice(4)).toEqual(["server started"]);
    events.splice(0);
    await Promise.all([server.close(), server.close(), ...clients.map((client) => client.close())]);
    expect(events).toEqual(["server stopped", "Cache stopped", "Database stopped"]);
  });

  it.each(["modern", "legacy"] as const)("run before and after the calls of a client of the %s era", async (era) => {
    serve({ services: [Database] });
    const client = await createTestClient(server, { era });
    events.push((await client.callTool("Database")).text);
    await server.close();
    expect(events).toEqual(["Database starts", "Database started", "Database", "Database stopped"]);
  });

  it("of instances run one after the other, in the order of the lists", async () => {
    const cache = new Cache();
    serve({ providers: [new Database(), { provide: Cache, useValue: cache }], services: [] });
    await using _ = await createTestClient(server);
    expect(events).toEqual(["Database starts", "Database started", "Cache starts", "Cache started"]);
  });

  it("of an instance in both lists run once", async () => {
    const database = new Database();
    serve({ providers: [database], services: [database] });
    await using _ = await createTestClient(server);
    await server.close();
    expect(events).toEqual(["Database starts", "Database started", "Database stopped"]);
  });

  it("do not run before the first request, nor if a server closes before it", async () => {
    serve({ services: [Database], onStart: () => void events.push("on"), onStop: () => void events.push("off") });
    await server.close();
    expect(events).toEqual([]);
  });

  it("are not tools of these names, or methods with parameters", async () => {
    class Jobs {
      onStart(): string {
        events.push("tool");
        return "job";
      }
      onStop(reason: string): void {
        events.push(reason);
      }
    }
    serve({ services: [defineService(Jobs, { onStart: { as: tool() } })] });
    await using client = await createTestClient(server);
    expect(events).toEqual([]);
    expect((await client.callTool("onStart")).text).toBe("job");
    await server.close();
    expect(events).toEqual(["tool"]);
  });

  it("run instead of disposal", async () => {
    class Both extends Reporter {
      [Symbol.asyncDispose](): void {
        events.push("not both");
      }
    }
    serve({ services: [defineRunnable(Both)] });
    await using _ = await createTestClient(server);
    await server.close();
    expect(events).toEqual(["Both starts", "Both started", "Both stopped"]);
  });
});

describe("a server that cannot start", () => {
  class Broken extends Reporter {
    static isBroken = true;
    override async onStart(): Promise<void> {
      await super.onStart();
      if (Broken.isBroken)
        throw Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:5432"), { code: "ECONNREFUSED" });
    }
  }
  defineRunnable(Broken);
  beforeEach(() => void (Broken.isBroken = true));

  const MESSAGE =
    "The server 's' cannot start: Broken.onStart failed: connect ECONNREFUSED 127.0.0.1:5432. What had started was stopped. Fix the cause, and start again.";

  it("rejects connect, names what failed, and stops what had started in reverse order", async () => {
    serve({
      providers: [new Database(), new Cache(), new Broken()],
      onStart: () => void events.push("server started"),
    });
    const failure = await createTestClient(server).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "START_FAILED", message: MESSAGE, cause: { code: "ECONNREFUSED" } });
    expect(events.slice(4)).toEqual(["Broken starts", "Broken started", "Cache stopped", "Database stopped"]);
    await server.close();
    expect(events.length).toBe(8);
    // A system error explains itself.
    expect(log).not.toHaveBeenCalled();
  });

  it("rejects serve, and listens on no port", async () => {
    serve({ services: [Broken] });
    await expect(server.serve({ transport: "http", port: 0 })).rejects.toMatchObject({ code: "START_FAILED" });
    expect(log).not.toHaveBeenCalled();
    Broken.isBroken = false;
    const { url } = await server.serve({ transport: "http", port: 0 });
    expect((await fetch(new URL("/ready", url))).status).toBe(200);
  });

  it("answers 500 through fetch, logs why once, and tries again with the next request", async () => {
    serve({ services: [Broken], providers: [new Database()] });
    const responses = await Promise.all([callOverHttp("Broken"), callOverHttp("Broken")]);
    expect(responses.map(({ status }) => status)).toEqual([500, 500]);
    expect(await responses[0]?.json()).toEqual({
      jsonrpc: "2.0",
      id: null,
      error: { code: -32_603, message: "Internal server error." },
    });
    expect(log.mock.calls).toEqual([[`methodic: ${MESSAGE}`]]);
    expect(events.filter((event) => event.startsWith("Database"))).toEqual([
      "Database starts",
      "Database started",
      "Database stopped",
    ]);
    Broken.isBroken = false;
    events.splice(0);
    expect(await (await callOverHttp("Broken")).json()).toMatchObject({ result: { content: [{ text: "Broken" }] } });
    await server.close();
    expect(events.filter((event) => event.endsWith("stopped"))).toEqual(["Broken stopped", "Database stopped"]);
  });

  it("logs the stack of an error in the program", async () => {
    serve({
      onStart: () => {
        throw new TypeError("x is undefined");
      },
    });
    await expect(createTestClient(server)).rejects.toThrow(
      "The server 's' cannot start: onStart of the server failed: x is undefined.",
    );
    expect(log.mock.calls).toEqual([
      [expect.stringMatching(/^methodic: onStart of the server failed: TypeError: x is undefined at /)],
    ]);
  });

  it("names everything that failed at once", async () => {
    class Other extends Broken {}
    serve({ services: [Broken, defineRunnable(Other)] });
    const error = (await createTestClient(server).catch((reason: unknown) => reason)) as MethodicError;
    expect(error.message).toMatch(/Broken\.onStart failed: .*\. Other\.onStart failed: .*\. What had started/);
  });

  it("keeps what existed before the start, for the next one", async () => {
    class Pool extends Reporter {
      override onStart = undefined as never;
      close(): void {
        events.push("closed");
      }
      override onStop = undefined as never;
    }
    serve({ services: [defineRunnable(Pool), Broken] });
    await expect(createTestClient(server)).rejects.toThrow("Broken.onStart");
    expect(events).not.toContain("closed");
    await server.close();
    expect(events.filter((event) => event === "closed")).toEqual(["closed"]);
  });

  it("logs what cannot be undone", async () => {
    class Stuck extends Reporter {
      override onStop(): Promise<void> {
        return new Promise(() => undefined);
      }
    }
    serve({ providers: [new Stuck(), new Broken()] });
    await expect(createTestClient(server)).rejects.toMatchObject({ code: "START_FAILED" });
    expect(log.mock.calls).toEqual([["methodic: Stuck did not stop within 20 ms."]]);
  });
});

describe("a server that closes while it starts", () => {
  class Slow extends Reporter {
    static go: () => void = () => undefined;
    override async onStart(): Promise<void> {
      events.push("Slow starts");
      await new Promise<void>((resolve) => (Slow.go = resolve));
      events.push("Slow started");
    }
  }

  it("starts nothing else, and stops what had started", async () => {
    serve({ providers: [new Database(), new Slow(), new Cache()], shutdownTimeout: 5000 });
    const refused = createTestClient(server).catch((error: unknown) => error);
    await vi.waitFor(() => expect(events).toContain("Slow starts"));
    const closing = server.close();
    Slow.go();
    await closing;
    expect(await refused).toMatchObject({
      code: "SERVER_CLOSED",
      message: "The server 's' was closed before it had started.",
    });
    expect(events.slice(2)).toEqual(["Slow starts", "Slow started", "Slow stopped", "Database stopped"]);
  });

  it("waits for a start that hangs no longer than shutdownTimeout, and answers 503", async () => {
    serve({ providers: [new Database(), new Slow()] });
    const answer = callOverHttp("x");
    await vi.waitFor(() => expect(events).toContain("Slow starts"));
    await server.close();
    expect(events.slice(2)).toEqual(["Slow starts", "Database stopped"]);
    Slow.go();
    expect((await answer).status).toBe(503);
    expect(events.slice(4)).toEqual(["Slow started", "Slow stopped"]);
  });
});

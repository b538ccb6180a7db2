import { InMemoryTransport } from "@modelcontextprotocol/client";
import { afterEach, describe, expect, it, vi } from "vitest";
import { eventually } from "../../../../fixtures/eventually.ts";
import { type Context, createServer, tool } from "../../src/index.ts";
import { createTestClient } from "../../src/testing/test-client.ts";
import { NotesService } from "../fixtures/notes.ts";
import { defineService } from "../fixtures/service.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

/** A tool that waits until the test lets it go on. */
class Gate {
  readonly entered: Promise<Context>;
  enter: (ctx: Context) => void = () => undefined;
  #release: (text: string) => void = () => undefined;
  readonly #released: Promise<string>;
  aborted = false;

  constructor() {
    this.entered = new Promise((resolve) => (this.enter = resolve));
    this.#released = new Promise((resolve) => (this.#release = resolve));
  }

  async wait(ctx: Context): Promise<string> {
    ctx.signal.addEventListener("abort", () => (this.aborted = true));
    this.enter(ctx);
    return this.#released;
  }

  quick(): string {
    return "quick";
  }

  release(text: string): void {
    this.#release(text);
  }
}
defineService(Gate, { wait: { as: tool(), contextIndex: 0 }, quick: { as: tool() } });

const serve = (gate: Gate, shutdownTimeout = 5000) =>
  createServer({ name: "s", version: "1", services: [gate], shutdownTimeout });

describe.each(["legacy", "modern"] as const)("a connection in the %s era", (era) => {
  it("answers calls while another one is running", async () => {
    const gate = new Gate();
    await using client = await createTestClient(serve(gate), { era });
    const waiting = client.callTool("wait");
    await gate.entered;
    expect((await client.callTool("quick")).text).toBe("quick");
    gate.release("done");
    expect((await waiting).text).toBe("done");
  });

  it("aborts the signal of a call when the client cancels it", async () => {
    const gate = new Gate();
    await using client = await createTestClient(serve(gate), { era });
    const controller = new AbortController();
    const waiting = client.callTool("wait", {}, { signal: controller.signal });
    const { signal } = await gate.entered;
    controller.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
    await eventually(() => expect(signal.aborted).toBe(true));
    expect(gate.aborted).toBe(true);
  });

  it("does not log the failure of a canceled call", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const gate = new Gate();
    const ended = vi.fn<() => void>();
    vi.spyOn(gate, "wait").mockImplementation(async (ctx) => {
      gate.enter(ctx);
      await new Promise<never>((_, reject) => {
        ctx.signal.addEventListener("abort", () => reject(new Error("aborted")));
      }).finally(ended);
      return "";
    });
    await using client = await createTestClient(serve(gate), { era });
    const controller = new AbortController();
    const waiting = client.callTool("wait", {}, { signal: controller.signal });
    await gate.entered;
    controller.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
    await eventually(() => expect(ended).toHaveBeenCalled());
    await client.callTool("quick");
    expect(log).not.toHaveBeenCalled();
  });

  it("aborts the signal of a call when the client disconnects", async () => {
    const gate = new Gate();
    const client = await createTestClient(serve(gate), { era });
    const waiting = client.callTool("wait");
    const { signal } = await gate.entered;
    await client.close();
    await expect(waiting).rejects.toThrow("Connection closed");
    expect(signal.aborted).toBe(true);
  });

  it("lets calls in flight finish when the server closes, and refuses new connections", async () => {
    const gate = new Gate();
    const server = serve(gate);
    const client = await createTestClient(server, { era });
    const waiting = client.callTool("wait");
    const { signal } = await gate.entered;
    const closing = server.close();
    await expect(createTestClient(server, { era })).rejects.toMatchObject({ code: "SERVER_CLOSED" });
    expect(signal.aborted).toBe(false);
    gate.release("done");
    expect((await waiting).text).toBe("done");
    await closing;
    await expect(client.callTool("quick")).rejects.toThrow("Not connected");
  });

  it("is closed after shutdownTimeout even if a call is still running", async () => {
    const gate = new Gate();
    const server = serve(gate, 20);
    const client = await createTestClient(server, { era });
    const waiting = client.callTool("wait");
    const { signal } = await gate.entered;
    await Promise.all([expect(waiting).rejects.toThrow("The server is shutting down."), server.close()]);
    expect(signal.aborted).toBe(true);
  });

  it("is closed without waiting for a canceled call", async () => {
    const gate = new Gate();
    const server = serve(gate, 60_000);
    const client = await createTestClient(server, { era });
    const controller = new AbortController();
    const waiting = client.callTool("wait", {}, { signal: controller.signal });
    const { signal } = await gate.entered;
    controller.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
    await eventually(() => expect(signal.aborted).toBe(true));
    await server.close();
  });

  it("drops log messages and progress that a method sends after its result", async () => {
    const gate = new Gate();
    await using client = await createTestClient(serve(gate), { era });
    const progress: unknown[] = [];
    const waiting = client.callTool("wait", {}, { onProgress: (report) => progress.push(report) });
    const ctx = await gate.entered;
    ctx.log.warning("before");
    await ctx.progress(1);
    await ctx.progress(1);
    await ctx.progress(0.5);
    await ctx.progress(Number.NaN);
    await ctx.progress(Number.POSITIVE_INFINITY);
    await ctx.progress(2, Number.NaN);
    gate.release("done");
    await waiting;
    ctx.log.warning("after");
    await ctx.progress(3);
    await client.callTool("quick");
    expect(client.logs).toEqual([{ level: "warning", data: "before" }]);
    expect(progress).toEqual([{ progress: 1 }, { progress: 2 }]);
  });

  it("sends log messages of the level that the client requested", async () => {
    const gate = new Gate();
    await using client = await createTestClient(serve(gate), { era, logLevel: "error" });
    const waiting = client.callTool("wait");
    const ctx = await gate.entered;
    ctx.log.warning("too low");
    const cyclic: Record<string, unknown> = {};
    cyclic["self"] = cyclic;
    ctx.log.critical("high enough", cyclic);
    ctx.log.alert("values", {
      at: new Date(0),
      url: new URL("https://example.com/"),
      size: 10n,
      tags: new Set(["a"]),
      counts: new Map([["a", 1n]]),
      data: new Uint8Array(3),
    });
    ctx.log.error(Object.create(null) as never);
    gate.release("done");
    await waiting;
    expect(client.logs).toEqual([
      { level: "critical", data: { message: "high enough", data: expect.stringMatching(/^\(not JSON: /) as string } },
      {
        level: "alert",
        data: {
          message: "values",
          data: {
            at: "1970-01-01T00:00:00.000Z",
            url: "https://example.com/",
            size: "10",
            tags: ["a"],
            counts: { a: "1" },
            data: "(3 bytes)",
          },
        },
      },
      { level: "error", data: "(not text)" },
    ]);
  });

  it("gives the method the client, revision and metadata of its request", async () => {
    const gate = new Gate();
    await using client = await createTestClient(serve(gate), { era, clientInfo: { name: "tester", version: "2.0.0" } });
    const waiting = client.callTool("wait");
    expect(await gate.entered).toMatchObject({
      era,
      protocolVersion: era === "legacy" ? "2025-11-25" : "2026-07-28",
      client: { name: "tester", version: "2.0.0" },
      http: undefined,
      meta: {},
    });
    gate.release("done");
    await waiting;
  });

  it("declares the capabilities that the server has", async () => {
    await using notes = await createTestClient(
      createServer({
        name: "n",
        version: "1.2.3",
        title: "Notes",
        instructions: "Take notes.",
        services: [NotesService],
      }),
      { era },
    );
    const announced = { listChanged: true };
    expect(notes.client.getServerCapabilities()).toEqual({
      tools: announced,
      resources: { ...announced, subscribe: true },
      prompts: announced,
      logging: {},
      // A template with a list completes its variables.
      completions: {},
    });
    expect(notes.client.getServerVersion()).toEqual({ name: "n", version: "1.2.3", title: "Notes" });
    expect(notes.client.getInstructions()).toBe("Take notes.");
    class Plain {
      run(): string {
        return "";
      }
    }
    defineService(Plain, { run: { as: tool() } });
    await using plain = await createTestClient(createServer({ name: "p", version: "1", services: [Plain] }), { era });
    expect(plain.client.getServerCapabilities()).toEqual({ tools: announced });
  });
});

describe("Server", () => {
  it("serves several clients of both eras at once", async () => {
    const server = createServer({ name: "s", version: "1", services: [NotesService] });
    await using one = await createTestClient(server, { era: "legacy" });
    await using two = await createTestClient(server, { era: "modern" });
    await one.callTool("addNote", { name: "a", content: "b" });
    expect((await two.callTool("getNote", { name: "a" })).text).toBe("b");
    await server.close();
  });

  it("closes once, whether by close or by disposal", async () => {
    const [client, side] = InMemoryTransport.createLinkedPair();
    const closed = vi.fn<() => void>();
    Object.assign(client, { onclose: closed });
    {
      await using server = createServer({ name: "s", version: "1", services: [NotesService] });
      await server.connect(side);
      expect(server.close()).toBe(server.close());
    }
    expect(closed).toHaveBeenCalledOnce();
  });

  it("refuses an unknown transport", async () => {
    const server = createServer({ name: "s", version: "1", services: [NotesService] });
    await expect(server.serve({ transport: "carrier pigeon" as "stdio" })).rejects.toMatchObject({
      code: "INVALID_SERVER_OPTIONS",
      message: 'serve: invalid option \'transport\': "carrier pigeon". It must be "stdio" or "http".',
    });
  });

  it("refuses options of HTTP over stdio, where they would have no effect", async () => {
    const server = createServer({ name: "s", version: "1", services: [NotesService] });
    await expect(server.serve({ transport: "stdio", port: 8000 } as { transport: "stdio" })).rejects.toMatchObject({
      code: "INVALID_SERVER_OPTIONS",
      message: expect.stringContaining("serve over stdio: unknown option 'port'") as string,
    });
  });
});

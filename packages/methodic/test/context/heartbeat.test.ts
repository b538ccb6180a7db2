import type { Progress } from "@modelcontextprotocol/client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { eventually } from "../../../../fixtures/eventually.ts";
import { type Context, createServer, tool, ToolError } from "../../src/index.ts";
import { createTestClient } from "../../src/testing/test-client.ts";
import { CONTEXT_PATHS } from "../fixtures/context-paths.ts";
import { Inbox } from "../fixtures/inbox.ts";
import { defineService } from "../fixtures/service.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Tools that work until the test ends them. */
class Work {
  readonly #calls = new Inbox<{ end: () => void; fail: (error: Error) => void }>();

  /** Waits until a call works. */
  async running(): Promise<{ end: () => void; fail: (error: Error) => void }> {
    await this.#calls.count(1);
    return this.#calls.items[0] as never;
  }

  async quiet(): Promise<string> {
    await new Promise<void>((resolve, reject) => this.#calls.add({ end: resolve, fail: reject }));
    return "done";
  }

  async count(ctx: Context): Promise<string> {
    await ctx.progress(0, 3, "start");
    await this.quiet();
    await ctx.progress(3, 3);
    return "done";
  }

  async off(): Promise<string> {
    return this.quiet();
  }
}
defineService(Work, {
  quiet: { as: tool({ heartbeat: "15s" }) },
  count: { as: tool({ heartbeat: 15_000 }), contextIndex: 0 },
  off: { as: tool({ heartbeat: 0 }) },
});

describe.each(CONTEXT_PATHS)("A heartbeat over $name", (path) => {
  it("reports progress that grows until the method returns", async () => {
    const work = new Work();
    await using opened = await path.open({ services: [work] });
    const reports = new Inbox<Progress>();
    const call = opened.client.callTool({ name: "quiet" }, { onprogress: (report) => reports.add(report) });
    const { end } = await work.running();
    while (reports.items.length < 3) {
      vi.advanceTimersByTime(15_000);
      await new Promise(setImmediate);
    }
    end();
    expect(await call).toMatchObject({ content: [{ text: "done" }] });
    expect(reports.items.slice(0, 3)).toEqual([{ progress: 0 }, { progress: 0.000001 }, { progress: 0.000002 }]);
  });

  it("leaves the method's own reports as they are", async () => {
    const work = new Work();
    await using opened = await path.open({ services: [work] });
    const reports = new Inbox<Progress>();
    const call = opened.client.callTool({ name: "count" }, { onprogress: (report) => reports.add(report) });
    const { end } = await work.running();
    vi.advanceTimersByTime(15_000);
    await reports.count(2);
    end();
    await call;
    expect(reports.items).toEqual([
      { progress: 0, total: 3, message: "start" },
      { progress: 0.000001, total: 3 },
      { progress: 3, total: 3 },
    ]);
  });
});

describe.each(["legacy", "modern"] as const)("A heartbeat in the %s era", (era) => {
  async function connect(work: Work, heartbeat?: "30s") {
    const server = createServer({ name: "s", version: "1", services: [work], ...(heartbeat && { heartbeat }) });
    return createTestClient(server, { era });
  }

  it("has no timer if the client did not ask for progress", async () => {
    const work = new Work();
    await using client = await connect(work);
    const idle = vi.getTimerCount();
    const call = client.callTool("quiet");
    const { end } = await work.running();
    expect(vi.getTimerCount()).toBe(idle);
    end();
    await call;
  });

  it.each(["returns", "fails"])("stops when the method %s", async (how) => {
    const work = new Work();
    await using client = await connect(work);
    const idle = vi.getTimerCount();
    const call = client.callTool("quiet", {}, { onProgress: () => undefined });
    const { end, fail } = await work.running();
    expect(vi.getTimerCount()).toBe(idle + 1);
    if (how === "returns") end();
    else fail(new ToolError("no"));
    expect((await call).text).toBe(how === "returns" ? "done" : "no");
    expect(vi.getTimerCount()).toBe(idle);
  });

  it("stops when the client cancels, although the method goes on", async () => {
    const work = new Work();
    await using client = await connect(work);
    const idle = vi.getTimerCount();
    const controller = new AbortController();
    const call = client.callTool("quiet", {}, { onProgress: () => undefined, signal: controller.signal });
    const { end } = await work.running();
    controller.abort(new Error("enough"));
    await expect(call).rejects.toThrow("enough");
    await eventually(() => {
      vi.advanceTimersByTime(15_000);
      expect(vi.getTimerCount()).toBe(idle);
    });
    end();
  });

  it("is the server's unless the tool says otherwise", async () => {
    const work = new Work();
    await using client = await connect(work, "30s");
    const idle = vi.getTimerCount();
    const call = client.callTool("off", {}, { onProgress: () => undefined });
    const { end } = await work.running();
    expect(vi.getTimerCount()).toBe(idle);
    end();
    await call;
  });
});

describe("The option heartbeat", () => {
  it.each([[15], ["15ms"], ["soon"], [-1], ["90d"], [true]])("of a tool refuses %j", (heartbeat) => {
    class Invalid {
      work(): void {}
    }
    const message = /@tool on Invalid\.work: invalid option 'heartbeat': .*It must be 0, or at least 1 second/;
    const serve = () =>
      createServer({
        name: "s",
        version: "1",
        services: [defineService(Invalid, { work: { as: tool({ heartbeat: heartbeat as never }) } })],
      });
    expect(serve).toThrow(message);
  });

  it("of a server refuses an invalid duration", () => {
    const serve = () => createServer({ name: "s", version: "1", services: [Work], heartbeat: 15 });
    expect(serve).toThrow("createServer: invalid option 'heartbeat': 15. It must be 0, or at least 1 second");
  });

  it("of a server applies to tools that do not set it", async () => {
    class Plain {
      readonly work = new Work();
      async run(): Promise<string> {
        return this.work.quiet();
      }
    }
    const plain = new (defineService(Plain, { run: { as: tool() } }))();
    const server = createServer({ name: "s", version: "1", services: [plain], heartbeat: "1m" });
    await using client = await createTestClient(server);
    const reports = new Inbox<Progress>();
    const call = client.callTool("run", {}, { onProgress: (report) => reports.add(report) });
    const { end } = await plain.work.running();
    vi.advanceTimersByTime(60_000);
    await reports.count(1);
    end();
    await call;
    expect(reports.items).toEqual([{ progress: 0 }]);
  });
});

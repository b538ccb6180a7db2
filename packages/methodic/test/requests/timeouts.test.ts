import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { eventually } from "../../../../fixtures/eventually.ts";
import { type Context, createServer, prompt, resource, type ServerOptions, tool } from "../../src/index.ts";
import { createTestClient, type TestClientOptions } from "../../src/testing/test-client.ts";
import { defer, type Deferred } from "../fixtures/features.ts";
import { defineService } from "../fixtures/service.ts";

/** Methods that work until the test ends them. */
class Slow {
  running: Deferred<Context | undefined> = defer();
  end: Deferred<unknown> = defer();

  async ignore(): Promise<unknown> {
    this.running.resolve(undefined);
    return await this.end.promise;
  }
  async heed(ctx: Context): Promise<unknown> {
    this.running.resolve(ctx);
    return await new Promise((_, reject) => {
      ctx.signal.addEventListener("abort", () => reject(ctx.signal.reason as Error));
    });
  }
  async persist(ctx: Context): Promise<unknown> {
    this.running.resolve(ctx);
    return await this.end.promise;
  }
  async *count(): AsyncGenerator<string, string> {
    yield "one";
    this.running.resolve(undefined);
    await this.end.promise;
    try {
      yield "two";
      this.end = defer();
    } finally {
      this.running = defer();
    }
    return "done";
  }
  async ask(ctx: Context): Promise<string> {
    this.running.resolve(ctx);
    const isSure = await ctx.confirm("Sure?");
    await this.end.promise;
    return String(isSure);
  }
  async outer(ctx: Context): Promise<string> {
    return (await ctx.callTool("ask")).text;
  }
  async around(ctx: Context): Promise<string> {
    return (await ctx.callTool("patient")).text;
  }
  async patient(ctx: Context): Promise<unknown> {
    return this.heed(ctx);
  }
  async page(): Promise<unknown> {
    return this.ignore();
  }
  async letter(): Promise<unknown> {
    return this.ignore();
  }
  async unlimited(): Promise<unknown> {
    return this.ignore();
  }
}
const context = { contextIndex: 0 };
defineService(Slow, {
  ignore: { as: tool({ timeout: "1s" }) },
  heed: { as: tool({ timeout: "1s" }), ...context },
  persist: { as: tool({ timeout: "1s" }), ...context },
  count: { as: tool({ timeout: "1s" }), generator: "value" },
  ask: { as: tool({ timeout: "1s" }), ...context },
  outer: { as: tool({ timeout: "2s" }), ...context },
  around: { as: tool({ timeout: "1s" }), ...context },
  patient: { as: tool({ timeout: "30s" }), ...context },
  page: { as: resource("slow://page", { timeout: 1000 }), kind: "resource" },
  letter: { as: prompt({ timeout: "1s" }), kind: "prompt" },
  unlimited: { as: tool({ timeout: 0 }) },
});

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe.each(["legacy", "modern"] as const)("A call with a timeout in the %s era", (era) => {
  async function connect(options: Partial<ServerOptions> = {}, clientOptions: Partial<TestClientOptions> = {}) {
    const error = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const slow = new Slow();
    const server = createServer({ name: "s", version: "1", services: [slow], ...options });
    const client = await createTestClient(server, { era, ...clientOptions });
    return { client, slow, log: () => error.mock.calls.flat().join("\n"), [Symbol.asyncDispose]: () => client.close() };
  }

  it("ends with an error that is logged, although the method ignores its signal", async () => {
    await using opened = await connect();
    const call = opened.client.callTool("ignore");
    await opened.slow.running.promise;
    await vi.advanceTimersByTimeAsync(1000);
    expect(await call).toMatchObject({ isError: true, text: "Tool ignore took longer than 1 second." });
    expect(opened.log()).toBe("methodic: Tool ignore took longer than 1 second.");
  });

  it("aborts ctx.signal with the reason, and the method's rejection by it is not logged", async () => {
    await using opened = await connect();
    const call = opened.client.callTool("heed");
    const ctx = await opened.slow.running.promise;
    await vi.advanceTimersByTimeAsync(1000);
    expect(await call).toMatchObject({ isError: true, text: "Tool heed took longer than 1 second." });
    expect(ctx?.signal.reason).toMatchObject({
      name: "TimeoutError",
      message: "Tool heed took longer than 1 second.",
    });
    expect(opened.log()).toBe("methodic: Tool heed took longer than 1 second.");
  });

  it("fails the request of a resource or a prompt", async () => {
    await using opened = await connect();
    const read = opened.client.readResource("slow://page").catch(String);
    const got = opened.client.getPrompt("letter").catch(String);
    await opened.slow.running.promise;
    await vi.advanceTimersByTimeAsync(1000);
    expect(await read).toContain("Resource slow://page took longer than 1 second.");
    expect(await got).toContain("Prompt letter took longer than 1 second.");
  });

  it("sends nothing that the method does later, and logs how it fails", async () => {
    const onElicit = vi.fn<() => { action: "accept"; data: object }>(() => ({ action: "accept", data: {} }));
    await using opened = await connect({}, { onElicit });
    const progress: unknown[] = [];
    const call = opened.client.callTool(
      "persist",
      {},
      {
        onProgress: (report) => progress.push(report),
      },
    );
    const ctx = (await opened.slow.running.promise)!;
    await vi.advanceTimersByTimeAsync(1000);
    await call;
    ctx.log.info("late");
    await ctx.progress(1);
    await expect(ctx.confirm("Late?")).rejects.toThrow("Tool persist took longer than 1 second.");
    await expect(ctx.callTool("ignore")).rejects.toThrow("Tool persist took longer than 1 second.");
    opened.slow.end.resolve(Promise.reject(new Error("disk full")));
    await eventually(() => expect(opened.log()).toContain("Tool persist failed after its timeout: Error: disk full"));
    expect([progress, onElicit.mock.calls]).toEqual([[], []]);
  });

  it("ends a generator at its next yield", async () => {
    await using opened = await connect();
    const { slow } = opened;
    const call = opened.client.callTool("count");
    const { running, end } = slow;
    await running.promise;
    await vi.advanceTimersByTimeAsync(1000);
    expect(await call).toMatchObject({ isError: true, text: "Tool count took longer than 1 second." });
    end.resolve("go on");
    await eventually(() => expect(slow.running).not.toBe(running));
    expect(slow.end).toBe(end);
  });

  it.each(["ask", "outer"])("does not count the time in which the user answers: %s", async (name) => {
    const onElicit = vi.fn<() => Promise<{ action: "accept"; data: object }>>(async () => {
      await vi.advanceTimersByTimeAsync(20_000);
      return { action: "accept", data: {} };
    });
    await using opened = await connect({}, { onElicit });
    const call = opened.client.callTool(name);
    await eventually(() => expect(onElicit).toHaveBeenCalledOnce());
    await eventually(() => expect(vi.getTimerCount()).toBeGreaterThan(0));
    await vi.advanceTimersByTimeAsync(900);
    opened.slow.end.resolve(undefined);
    expect((await call).text).toBe("true");
  });

  it("ends together with the call that it is a part of", async () => {
    await using opened = await connect();
    const call = opened.client.callTool("around");
    const inner = await opened.slow.running.promise;
    await vi.advanceTimersByTimeAsync(1000);
    expect((await call).text).toBe("Tool around took longer than 1 second.");
    expect(inner?.signal.reason).toMatchObject({ message: "Tool around took longer than 1 second." });
    expect(opened.log()).toBe("methodic: Tool around took longer than 1 second.");
  });

  it("has the server's timeout unless its decorator sets one", async () => {
    class Plain {
      readonly slow = new Slow();
      async run(): Promise<unknown> {
        return this.slow.ignore();
      }
    }
    const plain = new (defineService(Plain, { run: { as: tool() } }))();
    const slow = new Slow();
    await using opened = await connect({ services: [plain, slow], timeout: "2s" });
    const idle = vi.getTimerCount();
    const unlimited = opened.client.callTool("unlimited");
    await slow.running.promise;
    expect(vi.getTimerCount()).toBe(idle + 1);
    const call = opened.client.callTool("run");
    await plain.slow.running.promise;
    await vi.advanceTimersByTimeAsync(2000);
    expect((await call).text).toBe("Tool run took longer than 2 seconds.");
    slow.end.resolve("late");
    expect((await unlimited).text).toBe("late");
  });

  it("leaves no timer if it ends in time", async () => {
    await using opened = await connect();
    const idle = vi.getTimerCount();
    const call = opened.client.callTool("ignore");
    await opened.slow.running.promise;
    opened.slow.end.resolve("done");
    expect((await call).text).toBe("done");
    expect(vi.getTimerCount()).toBe(idle);
  });
});

describe("The option timeout", () => {
  it.each([[30], ["30ms"], ["soon"], [-1], [true]])("refuses %j", (timeout) => {
    const as = tool({ timeout: timeout as never });
    class Invalid {
      work(): void {}
    }
    const serve = () => createServer({ name: "s", version: "1", services: [defineService(Invalid, { work: { as } })] });
    expect(serve).toThrow(/@tool on Invalid\.work: invalid option 'timeout': .*It must be 0, or at least 100 ms/);
    const serveAll = () => createServer({ name: "s", version: "1", services: [], timeout: timeout as never });
    expect(serveAll).toThrow(/createServer: invalid option 'timeout': .*It must be 0, or at least 100 ms/);
  });
});

import type { Progress as ClientProgress } from "@modelcontextprotocol/client";
import { afterEach, describe, expect, it, vi } from "vitest";
import { eventually } from "../../../../fixtures/eventually.ts";
import { type Context, createServer, type Progress, tool, ToolError } from "../../src/index.ts";
import { createTestClient } from "../../src/testing/test-client.ts";
import { CONTEXT_PATHS } from "../fixtures/context-paths.ts";
import { Inbox } from "../fixtures/inbox.ts";
import { defineService } from "../fixtures/service.ts";

afterEach(() => void vi.restoreAllMocks());

class Reports {
  readonly events: string[] = [];
  readonly entered = new Inbox<Context>();
  #release: () => void = () => undefined;

  release(): void {
    this.#release();
  }

  async *count(to: number): AsyncGenerator<string | Progress, { total: number }> {
    yield { progress: 0, total: to, message: "start" };
    yield "first";
    for (let i = 1; i <= to; i++) yield { progress: i, total: to };
    return { total: to };
  }

  async *write(): AsyncGenerator<string | Progress, void> {
    yield "Once ";
    yield { progress: 1 };
    yield "upon ";
    yield "a time";
  }

  *writeSync(): Generator<string, void> {
    yield "a";
    yield "b";
  }

  *later(): Generator<Progress, Promise<string>> {
    yield { progress: 1 };
    return Promise.resolve("later");
  }

  async inner(): Promise<AsyncGenerator<string, void>> {
    return this.write() as AsyncGenerator<string, void>;
  }

  async *fail(): AsyncGenerator<string, void> {
    yield "before";
    throw new ToolError("broken");
  }

  async *invalid(): AsyncGenerator<unknown, string> {
    try {
      yield 5;
    } finally {
      this.events.push("closed");
    }
    return "unreached";
  }

  async *ask(ctx: Context): AsyncGenerator<string, string> {
    yield "asking";
    const sure = await ctx.confirm("Sure?");
    yield "answered";
    return String(sure);
  }

  async *wait(ctx: Context): AsyncGenerator<string, void> {
    try {
      this.entered.add(ctx);
      await new Promise<void>((resolve) => (this.#release = resolve));
      yield "never sent";
      this.events.push("went on");
    } finally {
      this.events.push("closed");
    }
  }
}
defineService(Reports, {
  count: {
    as: tool(),
    properties: { to: { type: "integer" } },
    outputSchema: { type: "object", properties: { total: { type: "integer" } } },
    generator: "value",
  },
  write: { as: tool(), generator: "text" },
  writeSync: { as: tool(), generator: "text" },
  later: { as: tool(), generator: "value" },
  inner: { as: tool(), generator: "text" },
  fail: { as: tool(), generator: "text" },
  invalid: { as: tool(), generator: "value" },
  ask: { as: tool(), contextIndex: 0, generator: "value" },
  wait: { as: tool(), contextIndex: 0, generator: "text" },
});

describe.each(CONTEXT_PATHS)("A generator over $name", (path) => {
  it("sends progress and text in order, and returns its result", async () => {
    await using opened = await path.open({ services: [Reports] });
    const received: ClientProgress[] = [];
    const call = { name: "count", arguments: { to: 2 } };
    const result = await opened.client.callTool(call, { onprogress: (report) => received.push(report) });
    expect(result).toMatchObject({ structuredContent: { total: 2 }, content: [{ text: '{"total":2}' }] });
    expect(received).toEqual([
      { progress: 0, total: 2, message: "start" },
      { progress: 0.000001, total: 2, message: "first" },
      { progress: 1, total: 2 },
      { progress: 2, total: 2 },
    ]);
  });
});

// Without a session, a client of 2025-11-25 cannot cancel a call.
const CANCELLABLE = CONTEXT_PATHS.filter(({ era, isLive }) => era === "modern" || isLive);

describe.each(CANCELLABLE)("A generator over $name", (path) => {
  it("ends when the client cancels, and runs its finally blocks", async () => {
    const reports = new Reports();
    await using opened = await path.open({ services: [reports] });
    const controller = new AbortController();
    const call = opened.client.callTool({ name: "wait" }, { signal: controller.signal, onprogress: () => undefined });
    await reports.entered.count(1);
    controller.abort(new Error("enough"));
    await expect(call).rejects.toThrow("enough");
    const [ctx] = reports.entered.items;
    await eventually(() => expect(ctx?.signal.aborted).toBe(true));
    reports.release();
    await eventually(() => expect(reports.events).toEqual(["closed"]));
  });
});

describe.each(["legacy", "modern"] as const)("A generator in the %s era", (era) => {
  const connect = (reports = new Reports()) =>
    createTestClient(createServer({ name: "s", version: "1", services: [reports] }), {
      era,
      onElicit: () => ({ action: "accept" }),
    });

  it.each([
    ["write", "Once upon a time"],
    ["writeSync", "ab"],
    ["later", "later"],
    ["inner", "Once upon a time"],
  ])("returns its result without being asked for progress: %s", async (name, text) => {
    await using client = await connect();
    expect((await client.callTool(name)).text).toBe(text);
  });

  it("sends its text as messages of progress that grows", async () => {
    await using client = await connect();
    const received: unknown[] = [];
    const { text } = await client.callTool("write", {}, { onProgress: (report) => received.push(report) });
    expect(text).toBe("Once upon a time");
    expect(received).toEqual([
      { progress: 0, message: "Once " },
      { progress: 1 },
      { progress: 1.000001, message: "upon " },
      { progress: expect.closeTo(1.000002, 9) as number, message: "a time" },
    ]);
  });

  it("fails with the error that it throws", async () => {
    await using client = await connect();
    const { text, isError } = await client.callTool("fail");
    expect([text, isError]).toEqual(["broken", true]);
  });

  it("fails, and ends, if it yields anything but text and progress", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const reports = new Reports();
    await using client = await connect(reports);
    const { text, isError } = await client.callTool("invalid");
    expect([text, isError]).toEqual([expect.stringContaining("its result is invalid"), true]);
    expect(log.mock.calls.join()).toContain(
      "its generator yielded number. Yield text or { progress, total?, message? }",
    );
    expect(reports.events).toEqual(["closed"]);
  });

  it("may ask the user", async () => {
    await using client = await connect();
    expect((await client.callTool("ask")).text).toBe("true");
  });

  it("may be replaced by a method that returns the result itself", async () => {
    const reports = new Reports();
    vi.spyOn(reports, "write").mockReturnValue("plain" as never);
    await using client = await connect(reports);
    expect((await client.callTool("write")).text).toBe("plain");
  });
});

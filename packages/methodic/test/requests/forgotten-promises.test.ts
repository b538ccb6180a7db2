import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Context, createServer, tool, ToolError } from "../../src/index.ts";
import { sdkContext } from "../../src/protocol/sdk-context.ts";
import { createTestClient } from "../../src/testing/test-client.ts";
import { defineService } from "../fixtures/service.ts";

const FORM = { type: "object", properties: {} };
const load = async (): Promise<never> => {
  throw new Error("load failed");
};

class Careless {
  static kept: Context | undefined;

  elicit(ctx: Context): string {
    void ctx.elicit("Sure?", FORM);
    void ctx.elicit("Sure?", { type: "string" });
    return "done";
  }

  questions(ctx: Context): string {
    void ctx.confirm("Sure?");
    void ctx.elicitUrl("https://example.com", "Log in");
    void ctx.elicitUrl("no url", "Log in");
    void ctx.sample("Hello");
    void ctx.sample([]);
    void ctx.listRoots();
    return "done";
  }

  async progress(ctx: Context): Promise<string> {
    void ctx.progress(1, 2, Symbol("x") as never);
    return "done";
  }

  sample(ctx: Context): string {
    const { mcpReq } = sdkContext(ctx);
    void mcpReq.requestSampling({ messages: [], maxTokens: 1 });
    void mcpReq.elicitInput({ message: "?", requestedSchema: FORM as never });
    void mcpReq.send({ method: "roots/list" });
    void mcpReq.notify({ method: "notifications/message", params: null as never });
    return "done";
  }

  late(ctx: Context): string {
    Careless.kept = ctx;
    return "done";
  }

  result(): unknown {
    return { first: load(), symbol: Symbol("x"), list: [load(), new Map([["a", load()]]), new Set([load()])] };
  }

  logs(ctx: Context): string {
    ctx.log.info("loaded", { at: load() });
    return "done";
  }

  throws(): string {
    throw load();
  }

  throwsWithData(): string {
    throw Object.assign(new ToolError("failed"), { data: [load()] });
  }

  typed(): unknown {
    return load();
  }

  async other(): Promise<string> {
    await new Promise((resolve) => setImmediate(resolve));
    return "other";
  }
}

const context = { as: tool(), contextIndex: 0 };
defineService(Careless, {
  elicit: context,
  questions: context,
  progress: context,
  sample: context,
  late: context,
  logs: context,
  throws: { as: tool() },
  throwsWithData: { as: tool() },
  result: { as: tool(), result: "dynamic" },
  typed: { as: tool() },
  other: { as: tool() },
});

describe.each(["legacy", "modern"] as const)("a promise that a method forgets in the %s era", (era) => {
  const unhandled: unknown[] = [];
  const onUnhandled = (reason: unknown): void => void unhandled.push(reason);

  beforeEach(() => {
    unhandled.length = 0;
    process.on("unhandledRejection", onUnhandled);
    vi.spyOn(console, "error").mockImplementation(() => undefined);
  });
  afterEach(() => {
    process.off("unhandledRejection", onUnhandled);
    vi.restoreAllMocks();
  });

  it.each(["elicit", "questions", "progress", "sample", "late", "logs", "throws", "throwsWithData", "result", "typed"])(
    "does not end the process, nor the calls of others: %s",
    async (name) => {
      await using client = await createTestClient(createServer({ name: "s", version: "1", services: [Careless] }), {
        era,
      });
      const other = client.callTool("other");
      const { text, isError } = await client.callTool(name);
      if (name === "result") expect(text).toContain("its result is invalid");
      else if (name === "typed") expect(text).toBe("load failed");
      else if (name.startsWith("throws")) expect(isError).toBe(true);
      else expect({ text, isError }).toEqual({ text: "done", isError: false });
      expect((await other).text).toBe("other");
      if (name === "late") {
        await expect(Careless.kept?.elicit("Sure?", FORM)).rejects.toThrow("The call has ended");
        void Careless.kept?.elicit("Sure?", FORM);
      }
      await new Promise((resolve) => setImmediate(resolve));
      expect(unhandled).toEqual([]);
    },
  );

  it("asks its question if it is that of Context.elicit", async () => {
    const onElicit = vi.fn<() => { readonly action: "decline" }>(() => ({ action: "decline" }));
    const server = createServer({ name: "s", version: "1", services: [Careless] });
    await using client = await createTestClient(server, { era, onElicit });
    expect((await client.callTool("elicit")).text).toBe("done");
    await vi.waitFor(() => expect(onElicit).toHaveBeenCalledTimes(1));
  });
});

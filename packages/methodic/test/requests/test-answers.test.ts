import { describe, expect, it, vi } from "vitest";
import { type Context, createServer, tool } from "../../src/index.ts";
import type { TestAnswers } from "../../src/testing/index.ts";
import { createTestClient } from "../../src/testing/test-client.ts";
import { defineService } from "../fixtures/service.ts";

class Desk {
  async page(ctx: Context): Promise<string> {
    return (await ctx.elicitUrl("https://example.com/login", "Log in")).action;
  }

  async sample(ctx: Context): Promise<string> {
    return JSON.stringify(await ctx.sample("Capital of France?", { systemPrompt: "Be brief." }));
  }

  async tools(ctx: Context): Promise<string> {
    const tools = [{ name: "weather", inputSchema: { type: "object" } }];
    return JSON.stringify((await ctx.sample("Weather?", { tools })).content);
  }

  async roots(ctx: Context): Promise<string> {
    return JSON.stringify(await ctx.listRoots());
  }
}
defineService(Desk, {
  page: { as: tool(), contextIndex: 0 },
  sample: { as: tool(), contextIndex: 0 },
  tools: { as: tool(), contextIndex: 0 },
  roots: { as: tool(), contextIndex: 0 },
});

describe.each(["legacy", "modern"] as const)("a test client of the %s era", (era) => {
  const connect = (answers: TestAnswers) =>
    createTestClient(createServer({ name: "desk", version: "1", services: [Desk] }), { era, ...answers });

  it("opens pages", async () => {
    const onElicitUrl = vi.fn<NonNullable<TestAnswers["onElicitUrl"]>>(() => ({ action: "decline" }));
    await using client = await connect({ onElicitUrl });
    expect((await client.callTool("page")).text).toBe("decline");
    expect(onElicitUrl.mock.calls).toEqual([[{ message: "Log in", url: "https://example.com/login" }]]);
  });

  it("has a model that answers with text", async () => {
    const onSample = vi.fn<NonNullable<TestAnswers["onSample"]>>(() => "Paris");
    await using client = await connect({ onSample });
    const content = [{ type: "text", text: "Paris" }];
    expect(JSON.parse((await client.callTool("sample")).text)).toEqual({
      role: "assistant",
      model: "test-model",
      content,
      text: "Paris",
    });
    const messages = [{ role: "user", content: [{ type: "text", text: "Capital of France?" }] }];
    expect(onSample.mock.calls).toEqual([[{ messages, maxTokens: 1024, systemPrompt: "Be brief." }]]);
  });

  it("has a model that asks for tools", async () => {
    const content = [
      { type: "text", text: "Let me see." },
      { type: "tool_use", id: "1", name: "weather", input: {} },
    ] as const;
    await using client = await connect({ onSample: async () => ({ content, stopReason: "toolUse" }) });
    expect(JSON.parse((await client.callTool("tools")).text)).toEqual(content);
  });

  it("has roots", async () => {
    const roots = [{ uri: "file:///work", name: "Work" }];
    await using client = await connect({ roots });
    expect(JSON.parse((await client.callTool("roots")).text)).toEqual(roots);
  });

  it.each(["page", "sample", "roots"])("declares only what the test answers: %s", async (name) => {
    await using client = await connect({ onElicit: () => ({ action: "accept" }) });
    const call = client.callTool(name);
    const problem = "does not declare the capability";
    if (era === "legacy") expect((await call).text).toContain(problem);
    else await expect(call).rejects.toThrow(problem);
  });
});

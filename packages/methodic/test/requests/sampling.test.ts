import type { Client, CreateMessageRequestParams } from "@modelcontextprotocol/client";
import { afterEach, beforeEach, describe, expect, expectTypeOf, it, vi } from "vitest";
import { type Context, type Root, type SamplingMessage, type SamplingResult, tool } from "../../src/index.ts";
import { type Capabilities, CONTEXT_PATHS } from "../fixtures/context-paths.ts";
import { defineService } from "../fixtures/service.ts";

beforeEach(() => void vi.spyOn(console, "error").mockImplementation(() => undefined));
afterEach(() => void vi.restoreAllMocks());

const WEATHER = { name: "weather", description: "The weather", inputSchema: { type: "object" } } as const;

class Models {
  runs = 0;

  async ask(ctx: Context): Promise<string> {
    this.runs++;
    const { text, model, stopReason } = await ctx.sample("Capital of France?");
    return JSON.stringify({ text, model, stopReason });
  }

  async converse(ctx: Context): Promise<string> {
    const messages: SamplingMessage[] = [{ role: "user", content: "Weather in Paris?" }];
    for (;;) {
      const answer = await ctx.sample(messages, { tools: [WEATHER], maxTokens: 50, systemPrompt: "Be brief." });
      const uses = answer.content.filter((block) => block.type === "tool_use");
      if (uses.length === 0) return answer.text;
      messages.push(answer, {
        role: "user",
        content: uses.map(({ id, input }) => ({
          type: "tool_result" as const,
          toolUseId: id,
          content: [{ type: "text" as const, text: `${String(input["city"])}: sunny` }],
        })),
      });
    }
  }

  async any(request: unknown, ctx: Context): Promise<string> {
    const { prompt, options } = request as { readonly prompt: string; readonly options: object };
    return JSON.stringify(await ctx.sample(prompt, options));
  }

  async large(ctx: Context): Promise<string> {
    const { text } = await ctx.sample("A long text");
    return (await ctx.confirm("Keep it?")) ? String(text.length) : "dropped";
  }

  async largeLast(ctx: Context): Promise<string> {
    const keep = await ctx.confirm("Keep it?");
    return `${keep} ${(await ctx.sample("A long text")).text.length}`;
  }

  async roots(ctx: Context): Promise<string> {
    this.runs++;
    return JSON.stringify(await ctx.listRoots());
  }

  async all(ctx: Context): Promise<string> {
    const answers = await Promise.all([ctx.sample("Hi"), ctx.listRoots({ key: "client_roots" }), ctx.confirm("Sure?")]);
    return JSON.stringify(answers);
  }
}
const context = { as: tool(), contextIndex: 0 };
defineService(Models, {
  ask: context,
  converse: context,
  any: { as: tool(), properties: { request: {} }, contextIndex: 1 },
  large: context,
  largeLast: context,
  roots: context,
  all: context,
});

interface Answers {
  readonly sample?: (params: CreateMessageRequestParams) => object;
  readonly roots?: object;
}

/** Answers the requests of a server; returns the sampling requests. */
function answer(client: Client, { sample, roots = { roots: [] } }: Answers = {}): CreateMessageRequestParams[] {
  const asked: CreateMessageRequestParams[] = [];
  client.setRequestHandler("sampling/createMessage", ({ params }) => {
    asked.push(params);
    return (sample?.(params) ?? generated("Paris")) as never;
  });
  client.setRequestHandler("roots/list", () => roots as never);
  client.setRequestHandler("elicitation/create", () => ({ action: "accept" as const, content: {} }));
  return asked;
}

const generated = (text: string): object => ({ role: "assistant", model: "m", content: { type: "text", text } });

const textOf = (result: unknown): string =>
  (result as { readonly content: readonly [{ readonly text: string }] }).content[0].text;

const WITH_TOOLS = { sampling: { tools: {} }, roots: {}, elicitation: { form: {} } };

const canAsk = CONTEXT_PATHS.filter(({ era, isLive }) => era === "modern" || isLive);

describe.each(canAsk)("Context.sample over $name", (path) => {
  it("lets the client's model answer", async () => {
    const models = new Models();
    await using opened = await path.open({ services: [models] });
    const asked = answer(opened.client, { sample: () => ({ ...generated("Paris"), stopReason: "endTurn" }) });
    expect(textOf(await opened.client.callTool({ name: "ask" }))).toBe(
      '{"text":"Paris","model":"m","stopReason":"endTurn"}',
    );
    // Not a list: clients older than 2025-11-25 know none.
    const content = { type: "text", text: "Capital of France?" };
    expect(asked).toEqual([{ messages: [{ role: "user", content }], maxTokens: 1024 }]);
    expect(models.runs).toBe(path.era === "modern" ? 2 : 1);
  });

  it("continues a conversation with tools that the method runs", async () => {
    await using opened = await path.open({ services: [Models] }, WITH_TOOLS);
    const thought = { type: "text", text: "Let me see." };
    const use = { type: "tool_use", id: "1", name: "weather", input: { city: "Paris" } };
    const asked = answer(opened.client, {
      sample: ({ messages }) =>
        messages.length === 1
          ? { role: "assistant", model: "m", content: [thought, use], stopReason: "toolUse" }
          : { role: "assistant", model: "m", content: [{ type: "text", text: "Sunny." }] },
    });
    expect(textOf(await opened.client.callTool({ name: "converse" }))).toBe("Sunny.");
    expect(asked).toHaveLength(2);
    expect(asked[1]).toMatchObject({
      maxTokens: 50,
      systemPrompt: "Be brief.",
      tools: [WEATHER],
      messages: [
        { role: "user", content: { type: "text", text: "Weather in Paris?" } },
        { role: "assistant", content: [thought, use] },
        { role: "user", content: { type: "tool_result", toolUseId: "1", content: [{ text: "Paris: sunny" }] } },
      ],
    });
  });

  it("asks the model, the client, and the user at once", async () => {
    await using opened = await path.open({ services: [Models] });
    answer(opened.client, { roots: { roots: [{ uri: "file:///a", name: "A" }] } });
    expect(JSON.parse(textOf(await opened.client.callTool({ name: "all" })))).toEqual([
      { role: "assistant", model: "m", content: [{ type: "text", text: "Paris" }], text: "Paris" },
      [{ uri: "file:///a", name: "A" }],
      true,
    ]);
  });

  it.each<readonly [string, string, string, Capabilities, object]>([
    ["ask", "sampling", "the client's model", { elicitation: {} }, { sampling: {} }],
    ["converse", "sampling.tools", "the client's model, with tools", { sampling: {} }, { sampling: { tools: {} } }],
    ["roots", "roots", "the client for its roots", { sampling: {} }, { roots: {} }],
  ])("names the capability that the client lacks: %s", async (...[name, capability, asked, declared, required]) => {
    await using opened = await path.open({ services: [Models] }, declared);
    const text = `This call has to ask ${asked}, but the client does not declare the capability '${capability}'. `;
    const call = opened.client.callTool({ name });
    if (path.era === "legacy")
      expect(await call).toMatchObject({
        isError: true,
        content: [{ text: expect.stringContaining(text) as string }],
      });
    else
      await expect(call).rejects.toMatchObject({
        code: -32021,
        message: expect.stringContaining(text) as string,
        data: { requiredCapabilities: required },
      });
  });

  it("keeps a large answer only as long as nothing else is asked", async () => {
    await using opened = await path.open({ services: [Models] });
    answer(opened.client, { sample: () => generated("x".repeat(1_100_000)) });
    expect(await opened.client.callTool({ name: "large" })).toMatchObject({
      isError: true,
      content: [
        {
          text:
            'This call cannot ask the question "Keep it?": the answers before it exceed 1024 KB of JSON. Ask for less in ' +
            "them, for example with maxTokens, or ask for the largest one last.",
        },
      ],
    });
    expect(textOf(await opened.client.callTool({ name: "largeLast" }))).toBe("true 1100000");
  });
});

describe.each([canAsk[0]!, canAsk.at(-1)!])("A large answer over $name", (path) => {
  it("keeps an answer of a megabyte for another question", async () => {
    await using opened = await path.open({ services: [Models] });
    answer(opened.client, { sample: () => generated("x".repeat(1_000_000)) });
    expect(textOf(await opened.client.callTool({ name: "large" }))).toBe("1000000");
  });
});

describe.each(canAsk)("Context.listRoots over $name", (path) => {
  it("returns the client's roots, with their known properties", async () => {
    const models = new Models();
    await using opened = await path.open({ services: [models] });
    answer(opened.client, { roots: { roots: [{ uri: "file:///a", name: "A", _meta: {} }, { uri: "file:///b" }] } });
    expect(textOf(await opened.client.callTool({ name: "roots" }))).toBe(
      '[{"uri":"file:///a","name":"A"},{"uri":"file:///b"}]',
    );
    expect(models.runs).toBe(path.era === "modern" ? 2 : 1);
  });
});

describe.each(CONTEXT_PATHS.filter((path) => !canAsk.includes(path)))("A request to the client over $name", (path) => {
  it.each(["ask", "roots", "all"])("fails, because the call belongs to no session: %s", async (name) => {
    await using opened = await path.open({ services: [Models] });
    answer(opened.client);
    expect(await opened.client.callTool({ name })).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining("the request belongs to no session") as string }],
    });
  });
});

describe.each(canAsk.slice(0, 2))("An invalid answer over $name", (path) => {
  it.each<readonly [string, string, { readonly [name: string]: unknown }, string]>([
    ["ask", "sampling request", { role: "assistant", model: "m" }, "content: missing but required"],
    ["ask", "sampling request", { ...generated("x"), model: 5 }, "model: expected string, received number 5."],
    ["ask", "sampling request", { ...generated("x"), role: "system" }, 'role: expected one of "user", "assistant"'],
    ["ask", "sampling request", { ...generated("x"), content: { type: "text" } }, "content[0].text: missing"],
    ["ask", "sampling request", { ...generated("x"), content: { type: "tool_use" } }, "content[0].type: expected"],
    ["roots", "request for its roots", {}, "roots: missing but required"],
    ["roots", "request for its roots", { roots: [{ uri: "https://a" }] }, "roots[0].uri: "],
  ])("is asked for three times at most: %s, %s, %j", async (...[name, label, response, problem]) => {
    await using opened = await path.open({ services: [Models] });
    const { client } = opened;
    let asked = 0;
    const expected = {
      isError: true,
      content: [
        {
          text: expect.stringMatching(
            /^The client's answer to the .* is not valid, although it was asked 3 times: /,
          ) as string,
        },
      ],
    };
    let last: unknown;
    if (path.era === "legacy") {
      client.fallbackRequestHandler = async () => {
        asked++;
        return response;
      };
      last = await client.callTool({ name });
    } else {
      type Round = { readonly requestState?: string; readonly inputRequests?: object };
      const send = (params: object): Promise<Round> =>
        client.callTool({ name, arguments: {}, ...params } as never, { allowInputRequired: true }) as never;
      let round = await send({});
      for (; round.inputRequests; asked++) {
        const [key = ""] = Object.keys(round.inputRequests);
        round = await send({ inputResponses: { [key]: response }, requestState: round.requestState });
      }
      last = round;
    }
    expect(last).toMatchObject(expected);
    expect(textOf(last)).toContain(label);
    expect(textOf(last)).toContain(problem);
    expect(asked).toBe(3);
  });
});

describe("An invalid request of Context.sample", () => {
  const message = { role: "user", content: "x" };

  it.each<[unknown, unknown, string]>([
    [5, {}, "messages: expected array, received number 5."],
    [[], {}, "messages: "],
    [["x"], {}, 'messages[0]: expected object, received string "x".'],
    [[{ ...message, role: "system" }], {}, 'messages[0].role: expected one of "user", "assistant", received'],
    [[{ role: "user", content: 5 }], {}, "messages[0].content: expected array"],
    [[{ role: "user", content: { type: "video" } }], {}, "messages[0].content[0].type: expected one of"],
    ["x", { maxTokens: 0 }, "maxTokens: expected"],
    ["x", { maxToken: 5 }, "maxToken: unknown"],
    ["x", { tools: [{ name: "x" }] }, "tools[0].inputSchema: missing"],
    ["x", { toolChoice: { mode: "never" } }, 'toolChoice.mode: expected one of "auto", "required", "none"'],
    ["x", { modelPreferences: { costPriority: 2 } }, "modelPreferences.costPriority: "],
    ["x", null, "options: expected an object, received null."],
  ])("is refused before the client sees it: %j, %j", async (prompt, options, problem) => {
    await using opened = await CONTEXT_PATHS[0]!.open({ services: [Models] }, WITH_TOOLS);
    const asked = answer(opened.client);
    const result = await opened.client.callTool({ name: "any", arguments: { request: { prompt, options } } });
    expect(result).toMatchObject({ isError: true });
    expect(textOf(result)).toMatch(/^Invalid sampling request: .* Pass ctx\.sample a text or messages, and options\.$/);
    expect(textOf(result)).toContain(problem);
    expect(asked).toEqual([]);
  });
});

it("The reason of a client that refuses to sample reaches the model", async () => {
  await using opened = await CONTEXT_PATHS[0]!.open({ services: [Models] });
  answer(opened.client, {
    sample: () => {
      throw new Error("User rejected sampling request");
    },
  });
  expect(textOf(await opened.client.callTool({ name: "ask" }))).toBe(
    'The client could not answer the sampling request "Capital of France?": User rejected sampling request',
  );
});

it("The answer to Context.sample is a message for the next one", () => {
  expectTypeOf<SamplingResult>().toExtend<SamplingMessage>();
  expectTypeOf<Awaited<ReturnType<Context["listRoots"]>>>().toEqualTypeOf<readonly Root[]>();
});

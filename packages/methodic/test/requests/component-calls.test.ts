import { afterEach, describe, expect, expectTypeOf, it, vi } from "vitest";
import { eventually } from "../../../../fixtures/eventually.ts";
import {
  type CallToolResult,
  type Context,
  createServer,
  prompt,
  resource,
  ResourceError,
  type ServerOptions,
  tool,
  ToolError,
  toolResult,
  type ToolResult,
} from "../../src/index.ts";
import { requireScopes } from "../../src/auth/rules.ts";
import { inputRequired } from "../../src/protocol/sdk-context.ts";
import { createTestClient, type TestClient, type TestClientOptions } from "../../src/testing/test-client.ts";
import { CONTEXT_PATHS } from "../fixtures/context-paths.ts";
import { defineService } from "../fixtures/service.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

const string = { type: "string" };
const FORM = { type: "object", properties: {} } as const;

/** Components that others call. */
class Inner {
  readonly effects: string[] = [];
  aborted = 0;

  forecast(city: string, day: string): object {
    return { city, day };
  }

  fail(): never {
    throw new Error("secret detail");
  }

  refuse(): never {
    throw new ToolError("No such city.");
  }

  admin(): string {
    return "admin";
  }

  note(name: string): string {
    if (name === "lost") throw new ResourceError("No note.");
    return `# ${name}`;
  }

  advice(topic: string): string {
    return `Advise on ${topic}.`;
  }

  async remove(name: string, ctx: Context): Promise<string> {
    await ctx.step("remove", () => this.effects.push(`remove ${name}`));
    const sure = await ctx.confirm({ message: `Remove ${name}?`, key: "sure" });
    return `${name}: ${sure}`;
  }

  askBySdk(): unknown {
    return inputRequired({
      inputRequests: { sure: inputRequired.elicit({ message: "Sure?", requestedSchema: FORM }) },
    });
  }

  async chatty(ctx: Context): Promise<string> {
    await ctx.progress(1, 2);
    ctx.log.info("working");
    return "done";
  }

  async wait(ctx: Context): Promise<string> {
    await new Promise<void>((resolve) => ctx.signal.addEventListener("abort", () => resolve()));
    this.aborted++;
    return "aborted";
  }

  async nest(depth: number, ctx: Context): Promise<string> {
    return depth === 0 ? "bottom" : (await ctx.callTool("nest", { depth: depth - 1 })).text;
  }
}
const context = { contextIndex: 0 };
defineService(Inner, {
  forecast: {
    as: tool(),
    properties: { city: string, day: { type: "string", format: "date-time" } },
    outputSchema: { type: "object" },
  },
  fail: { as: tool() },
  refuse: { as: tool() },
  admin: { as: tool({ auth: requireScopes("admin") }) },
  note: { as: resource("notes://{name}"), kind: "resource", properties: { name: string } },
  advice: { as: prompt(), kind: "prompt", properties: { topic: string } },
  remove: { as: tool(), properties: { name: string }, contextIndex: 1 },
  askBySdk: { as: tool(), result: "content" },
  chatty: { as: tool(), ...context },
  wait: { as: tool(), ...context },
  nest: { as: tool(), properties: { depth: { type: "integer" } }, contextIndex: 1 },
});

/** A tool, resource and prompt that do what the test says. */
class Outer {
  readonly #run: (ctx: Context) => unknown;

  constructor(run: (ctx: Context) => unknown) {
    this.#run = run;
  }

  async outer(ctx: Context): Promise<unknown> {
    return this.#run(ctx);
  }

  async page(ctx: Context): Promise<unknown> {
    return this.#run(ctx);
  }
}
defineService(Outer, {
  outer: { as: tool(), ...context, result: "dynamic" },
  page: { as: resource("pages://one"), kind: "resource", ...context, result: "dynamic" },
});

interface Setup extends Partial<ServerOptions> {
  readonly inner?: Inner;
  readonly client?: TestClientOptions;
}

async function connect(
  run: (ctx: Context) => unknown,
  { inner = new Inner(), client, ...options }: Setup = {},
): Promise<TestClient> {
  const services = [inner, new Outer(run)];
  return createTestClient(createServer({ name: "s", version: "1", services, ...options }), client);
}

/** Calls the tool `outer`, whose method runs in the test. */
async function run(body: (ctx: Context) => unknown, setup?: Setup): Promise<string> {
  await using client = await connect(body, setup);
  return (await client.callTool("outer")).text;
}

describe.each(CONTEXT_PATHS)("calls of other components over $name", ({ open, era, isLive }) => {
  it("return what a client would get", async () => {
    const outer = new Outer(async (ctx) => {
      const { structuredContent } = await ctx.callTool("forecast", { city: "Rome", day: new Date(0) });
      const note = await ctx.readResource("notes://a");
      const advice = await ctx.getPrompt("advice", { topic: "cats" });
      return JSON.stringify([structuredContent, note.text, advice.text]);
    });
    await using path = await open({ services: [Inner, outer] });
    const { content } = await path.client.callTool({ name: "outer" });
    const [block] = content as readonly { readonly text: string }[];
    expect(JSON.parse(block?.text ?? "")).toEqual([
      { city: "Rome", day: "1970-01-01T00:00:00.000Z" },
      "# a",
      "Advise on cats.",
    ]);
  });

  it("ask the user, with each call's questions and steps apart from those of the others", async () => {
    const inner = new Inner();
    const outer = new Outer(async (ctx) => {
      await ctx.step("remove", () => inner.effects.push("outer"));
      const sure = await ctx.confirm({ message: "All?", key: "sure" });
      const names = ["a", "b", "a"];
      const results = await Promise.all(names.map((name) => ctx.callTool("remove", { name })));
      return `${sure}; ${results.map(({ text }) => text).join("; ")}`;
    });
    await using path = await open({ services: [inner, outer] });
    const asked: string[] = [];
    path.client.setRequestHandler("elicitation/create", ({ params }) => {
      asked.push(params.message);
      return params.message === "Remove b?" ? { action: "decline" } : { action: "accept", content: {} };
    });
    const { content } = await path.client.callTool({ name: "outer" });
    const [block] = content as readonly { readonly text: string }[];
    if (era === "legacy" && !isLive) return expect(block?.text).toContain("belongs to no session");
    expect(block?.text).toBe("true; a: true; b: false; a: true");
    expect(asked).toEqual(["All?", "Remove a?", "Remove b?", "Remove a?"]);
    expect(inner.effects).toEqual(["outer", "remove a", "remove b", "remove a"]);
  });
});

describe("ctx.callTool", () => {
  it("returns the MCP result, and its text", async () => {
    const results: object[] = [];
    await run(async (ctx) => {
      results.push(await ctx.callTool("forecast", { city: "Rome", day: new Date(0) }));
    });
    const forecast = { city: "Rome", day: "1970-01-01T00:00:00.000Z" };
    const text = JSON.stringify(forecast);
    expect(results).toEqual([{ content: [{ type: "text", text }], structuredContent: forecast, text }]);
  });

  it("types the structured content as its author says", () => {
    type Call = ReturnType<typeof callForecast>;
    const callForecast = (ctx: Context) => ctx.callTool<{ readonly city: string }>("forecast");
    expectTypeOf<Awaited<Call>>().toExtend<CallToolResult<{ readonly city: string }>>();
    expectTypeOf<Awaited<Call>["structuredContent"]>().toEqualTypeOf<{ readonly city: string } | undefined>();
    const forward = async (ctx: Context): Promise<ToolResult> => toolResult(await ctx.callTool("forecast"));
    expectTypeOf(forward).returns.resolves.toEqualTypeOf<ToolResult>();
  });

  it("returns invalid arguments and failures as results that can be forwarded", async () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    const calls = [
      ["forecast", { town: "Rome" }],
      ["refuse", {}],
      ["fail", {}],
    ] as const;
    for (const [name, args] of calls) {
      const body = async (ctx: Context): Promise<ToolResult> => toolResult(await ctx.callTool(name, args));
      await using client = await connect(body, { maskErrors: true });
      const direct = await client.callTool(name, args);
      const forwarded = await client.callTool("outer");
      expect(direct.isError && forwarded.isError).toBe(true);
      const withoutId = (text: string): string => text.replace(/error \w+/, "error …");
      expect(withoutId(forwarded.text)).toBe(withoutId(direct.text));
    }
  });

  it("rejects for an unknown tool, and tells the client if the method does not catch it", async () => {
    const text = await run(async (ctx) => ctx.callTool("forcast"));
    expect(text).toBe('Unknown tool: "forcast". Did you mean "forecast"?');
    const caught = await run(async (ctx) => ctx.callTool("nope").catch((error: unknown) => (error as Error).name));
    expect(caught).toBe("ToolError");
  });

  it("finds only what the caller may use", async () => {
    const body = async (ctx: Context): Promise<unknown> => (await ctx.callTool("admin")).text;
    expect(await run(body)).toBe("admin");
    expect(await run(body, { client: { auth: { scopes: ["admin"] } } })).toBe("admin");
    expect(await run(body, { client: { auth: { scopes: [] } } })).toBe('Unknown tool: "admin".');
  });

  it.each([
    [(ctx: Context) => ctx.callTool(5 as unknown as string), "ctx.callTool: invalid name: 5. Pass a string."],
    [
      (ctx: Context) => ctx.callTool("forecast", ["Rome"] as never),
      "ctx.callTool: invalid arguments: an array. Pass an object of arguments by name.",
    ],
    [(ctx: Context) => ctx.readResource(null as never), "ctx.readResource: invalid URI: null. Pass a string."],
    [
      (ctx: Context) => ctx.getPrompt("advice", { topic: () => "x" }),
      expect.stringMatching(
        /^ctx\.getPrompt: the arguments are not JSON: \S.* at \/topic\. Pass plain data\.$/,
      ) as string,
    ],
  ])("refuses an invalid name, URI or argument object: %s", async (call, message) => {
    const error = vi.fn<(error: unknown) => void>();
    await run(async (ctx) => call(ctx).catch(error));
    expect(error.mock.lastCall).toMatchObject([{ code: "INVALID_ARGUMENT", message }]);
  });

  it("ends with the call that it is a part of", async () => {
    const inner = new Inner();
    const entered = vi.fn<() => void>();
    await using client = await connect(
      async (ctx) => {
        const waiting = ctx.callTool("wait");
        entered();
        return waiting;
      },
      { inner },
    );
    const controller = new AbortController();
    const call = client.callTool("outer", {}, { signal: controller.signal });
    await eventually(() => expect(entered).toHaveBeenCalled());
    controller.abort(new Error("enough"));
    await expect(call).rejects.toThrow("enough");
    await eventually(() => expect(inner.aborted).toBe(1));
  });

  it("is refused once the call has ended", async () => {
    let later = (): Promise<unknown> => Promise.resolve();
    await run((ctx) => (later = () => ctx.callTool("refuse")));
    await expect(later()).rejects.toThrow("The call has ended");
  });

  it("does not end the process if the method forgets to await it", async () => {
    const unhandled = vi.fn<(reason: unknown) => void>();
    process.on("unhandledRejection", unhandled);
    expect(await run((ctx) => void ctx.callTool("nope"))).toBe("");
    await new Promise((resolve) => void setImmediate(resolve));
    process.off("unhandledRejection", unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });

  it("may be nested 16 deep", async () => {
    const stderr = vi.spyOn(console, "error").mockImplementation(() => undefined);
    expect(await run(async (ctx) => (await ctx.callTool("nest", { depth: 15 })).text)).toBe("bottom");
    expect(stderr).not.toHaveBeenCalled();
    const text = await run(async (ctx) => (await ctx.callTool("nest", { depth: 16 })).text);
    expect(text).toContain('"nest" would be called 17 calls deep. Methods may call each other 16 deep.');
    expect(stderr.mock.calls.join()).toContain("Tool nest failed: MethodicError");
  });

  it("logs by the name of the called tool, and drops its progress", async () => {
    const info = vi.fn<(fields: object, message: string) => void>();
    const logger = { debug: info, info, warn: info, error: info };
    const onProgress = vi.fn<(progress: unknown) => void>();
    const body = async (ctx: Context): Promise<string> => {
      await ctx.callTool("chatty");
      await ctx.progress(10);
      return "done";
    };
    await using client = await connect(body, { logger });
    await client.callTool("outer", {}, { onProgress });
    expect(info.mock.calls).toEqual([[{ tool: "chatty", requestId: expect.any(Number) as number }, "working"]]);
    expect(client.logs).toEqual([{ level: "info", data: "working" }]);
    expect(onProgress.mock.calls).toEqual([[{ progress: 10 }]]);
  });

  it("does not use the answer for some arguments for others", async () => {
    const names = ["a", "b", "b"];
    const asked: string[] = [];
    const onElicit: TestClientOptions["onElicit"] = ({ message }) => {
      asked.push(message);
      return { action: "accept" };
    };
    // The method removes another note when it runs again.
    const text = await run(async (ctx) => (await ctx.callTool("remove", { name: names.shift() })).text, {
      client: { onElicit },
    });
    expect([text, asked]).toEqual(["b: true", ["Remove a?", "Remove b?"]]);
  });

  it.each(["legacy", "modern"] as const)("tells a call in a step from the same call after it: %s era", async (era) => {
    const inner = new Inner();
    const onElicit = vi.fn<() => { readonly action: "accept" }>(() => ({ action: "accept" }));
    const body = async (ctx: Context): Promise<string> => {
      const { text } = await ctx.step("first", () => ctx.callTool("remove", { name: "a" }));
      return `${text}, ${(await ctx.callTool("remove", { name: "a" })).text}`;
    };
    expect(await run(body, { inner, client: { era, onElicit } })).toBe("a: true, a: true");
    expect([inner.effects, onElicit.mock.calls.length]).toEqual([["remove a", "remove a"], 2]);
  });

  it("reports the capability that the client lacks as the protocol does", async () => {
    await using client = await connect(async (ctx) => (await ctx.callTool("remove", { name: "a" })).text);
    await expect(client.callTool("outer")).rejects.toMatchObject({ code: -32_021 });
  });

  it("refuses requests for input that a method returns to it", async () => {
    expect(await run(async (ctx) => (await ctx.callTool("askBySdk")).text)).toBe(
      "Another method has called this one, so it cannot ask with inputRequired(…) of methodic/sdk. Ask with ctx.elicit.",
    );
  });
});

describe("ctx.readResource and ctx.getPrompt", () => {
  it("return the MCP results, and their text", async () => {
    const results: object[] = [];
    await run(async (ctx) => {
      results.push(await ctx.readResource("notes://a"), await ctx.getPrompt("advice", { topic: "cats" }));
    });
    const text = "Advise on cats.";
    expect(results).toEqual([
      { contents: [{ uri: "notes://a", mimeType: "text/plain", text: "# a" }], text: "# a" },
      { messages: [{ role: "user", content: { type: "text", text } }], text },
    ]);
  });

  it.each([
    ["an unknown resource", (ctx: Context) => ctx.readResource("other://a"), "Resource not found: other://a"],
    ["a resource that fails", (ctx: Context) => ctx.readResource("notes://lost"), "No note."],
    ["an unknown prompt", (ctx: Context) => ctx.getPrompt("nope"), 'Unknown prompt: "nope".'],
    [
      "invalid arguments of a prompt",
      (ctx: Context) => ctx.getPrompt("advice"),
      "Invalid arguments for prompt advice: topic: missing but required (string).",
    ],
  ])("reject for %s, in tools and resources alike", async (_, call, message) => {
    expect(await run(call)).toBe(message);
    await using client = await connect(call);
    await expect(client.readResource("pages://one")).rejects.toMatchObject({
      code: -32_603,
      message: expect.stringContaining(message) as string,
    });
  });
});

describe("a method that lists resources", () => {
  it("cannot call other components, which might ask the user", async () => {
    const stderr = vi.spyOn(console, "error").mockImplementation(() => undefined);
    class Notes {
      note(name: string): string {
        return name;
      }

      async names(ctx: Context): Promise<unknown> {
        return (await ctx.callTool("remove", { name: "a" })).content;
      }
    }
    defineService(Notes, {
      note: { as: resource("list://{name}", { list: "names" }), kind: "resource", properties: { name: string } },
    });
    await using client = await createTestClient(createServer({ name: "s", version: "1", services: [Notes, Inner] }));
    await expect(client.listResources()).rejects.toThrow("Listing the resources failed");
    expect(stderr.mock.calls.join()).toContain("A list cannot call other components.");
  });
});

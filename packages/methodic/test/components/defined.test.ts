import { describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { apiKey, requireScopes } from "../../src/auth/index.ts";
import {
  type Context,
  createServer,
  definePrompt,
  defineResource,
  defineTool,
  PromptError,
  ResourceError,
  type Server,
  type ServerOptions,
  ToolError,
  toolResult,
} from "../../src/index.ts";
import { createTestClient } from "../../src/testing/test-client.ts";
import { CONTEXT_PATHS } from "../fixtures/context-paths.ts";
import { Inbox } from "../fixtures/inbox.ts";

const forecast = defineTool({
  name: "forecast",
  title: "Weather forecast",
  description: "Forecast the weather.",
  annotations: { readOnlyHint: true },
  inputSchema: z.object({ city: z.string(), days: z.number().int().min(1).default(3) }),
  outputSchema: z.object({ city: z.string(), days: z.number(), unit: z.string().default("celsius") }),
  meta: { origin: "test" },
  tags: ["weather"],
  run: ({ city, days }) => ({ city, days }),
});

const plain = defineTool<{ readonly count: number }>({
  name: "plain",
  inputSchema: {
    type: "object",
    properties: { count: { type: "integer", minimum: 1 } },
    required: ["count"],
    additionalProperties: false,
  },
  outputSchema: { type: "integer" },
  run: ({ count }) => count * 2,
});

const ping = defineTool({ name: "ping", run: () => "pong" });

const page = defineResource({
  uri: "app://pages/start",
  mimeType: "text/html",
  size: 5,
  read: (_, { era }) => `<p>${era}</p>`,
});

const entry = defineResource({
  template: "app://{folder}/{entry}{?version}",
  name: "entry",
  read: ({ folder, entry: name, version = "latest" }) => (name === "gone" ? undefined : { folder, name, version }),
  list: ({ server }) => [{ folder: "a", entry: server.name }],
});

const numbered = defineResource({
  template: "numbers://{n}",
  variables: z.object({ n: z.number().int().max(9) }),
  read: ({ n }) => n + 1,
});

const review = definePrompt({
  name: "review",
  description: "Review a text.",
  arguments: z.object({
    text: z.string().describe("The text"),
    tone: z.enum(["kind", "strict"]).default("kind"),
    lines: z.number().int().optional(),
  }),
  get: ({ text, tone, lines = 0 }, { era }) => `${era}: ${text}, ${tone}, ${lines + 1}`,
});

const ALL = [forecast, plain, ping, page, entry, numbered, review];

function serverOf(components: readonly object[], options: Partial<ServerOptions> = {}): Server {
  const server = createServer({ name: "s", version: "1", services: [], ...options });
  server.add(...components);
  return server;
}

describe("A defined tool that returns a result of the SDK", () => {
  const sdkResult = { content: [{ type: "text", text: "Full." }], isError: true };

  it("sends it as JSON, and logs the fix once", async () => {
    const logged: unknown[] = [];
    const logger = { ...console, warn: (...entry: unknown[]) => void logged.push(...entry.flat()) };
    const services = [
      defineTool({ name: "add", run: () => sdkResult }),
      defineTool({ name: "list", run: () => ({ content: ["a", { kind: "b" }] }) }),
    ];
    await using client = await createTestClient(createServer({ name: "s", version: "1", services, logger }));
    for (const name of ["add", "list", "add"]) await client.callTool(name);
    expect(logged.filter((entry) => typeof entry === "string")).toEqual([
      "methodic: Tool add returned { content: […] } without a type, which is sent as JSON. Return toolResult({ content, isError }) if it is the result.",
    ]);
    expect((await client.callTool("add")).text).toBe(JSON.stringify(sdkResult));
  });

  it("sends it as it is by toolResult", async () => {
    const services = [defineTool({ name: "add", run: () => toolResult(sdkResult as never) })];
    await using client = await createTestClient(createServer({ name: "s", version: "1", services }));
    expect(await client.callTool("add")).toMatchObject({ isError: true, text: "Full." });
  });
});

describe.each(CONTEXT_PATHS.map((path) => [path.name, path] as const))("defined components over %s", (_, path) => {
  it("are listed, validated and run as decorated ones are", async () => {
    await using opened = await path.open({ services: [...ALL] });
    const { client } = opened;
    const { tools } = await client.listTools();
    expect(tools.map(({ name, title }) => [name, title])).toEqual([
      ["forecast", "Weather forecast"],
      ["plain", "Plain"],
      ["ping", "Ping"],
    ]);
    expect(tools[0]).toMatchObject({
      description: "Forecast the weather.",
      annotations: { readOnlyHint: true },
      inputSchema: { type: "object", required: ["city"] },
      _meta: { origin: "test" },
    });
    expect(tools[2]?.inputSchema).toEqual({ type: "object", properties: {}, additionalProperties: false });
    const { structuredContent } = await client.callTool({ name: "forecast", arguments: { city: "Rome", days: "2" } });
    expect(structuredContent).toEqual({ city: "Rome", days: 2, unit: "celsius" });
    const { isError, content } = await client.callTool({ name: "plain", arguments: { count: 0, cuont: 2 } });
    expect(isError).toBe(true);
    expect(content).toMatchObject([{ text: expect.stringContaining("Invalid arguments for tool plain:\n- count: ") }]);
    expect((await client.readResource({ uri: "app://pages/start" })).contents).toEqual([
      { uri: "app://pages/start", mimeType: "text/html", text: `<p>${path.era}</p>` },
    ]);
    const { resources } = await client.listResources();
    expect(resources.map(({ uri }) => uri)).toEqual(["app://pages/start", "app://a/paths"]);
    const { messages } = await client.getPrompt({ name: "review", arguments: { text: "x", lines: "4" } });
    expect(messages).toEqual([{ role: "user", content: { type: "text", text: `${path.era}: x, kind, 5` } }]);
  });
});

describe("a defined tool", () => {
  it("gets the context, with steps, questions and calls of other components", async () => {
    const greet = defineTool({
      name: "greet",
      async run(_, ctx: Context) {
        const id = await ctx.step("id", () => 7);
        const sure = await ctx.confirm("Sure?");
        return `${id} ${sure} ${(await ctx.callTool("ping")).text}`;
      },
    });
    for (const era of ["legacy", "modern"] as const) {
      const onElicit = (): { readonly action: "accept" } => ({ action: "accept" });
      await using client = await createTestClient(serverOf([greet, ping]), { era, onElicit });
      const { text, isError } = await client.callTool("greet");
      expect([text, isError]).toEqual(["7 true pong", false]);
    }
  });

  it("fails and reports progress as a method does", async () => {
    const fail = defineTool({
      name: "fail",
      run: () => {
        throw new ToolError("no luck");
      },
    });
    const story = defineTool({
      name: "story",
      async *run() {
        yield "once ";
        yield "upon";
      },
    });
    const counted = defineTool({
      name: "counted",
      outputSchema: { type: "integer" },
      *run() {
        yield { progress: 1, total: 2 };
        return 4;
      },
    });
    await using client = await createTestClient(serverOf([fail, story, counted]));
    expect(await client.callTool("fail")).toMatchObject({ text: "no luck", isError: true });
    expect((await client.callTool("story")).text).toBe("once upon");
    expect((await client.callTool("counted")).structured).toBe(4);
  });

  it("is called on its options, so that it can use them and be replaced", async () => {
    const options = {
      name: "self",
      greeting: "hi",
      run(): unknown {
        return this.greeting;
      },
    };
    const { greeting, ...known } = options;
    expect(() => defineTool(options as never)).toThrow("defineTool(\"self\"): unknown option 'greeting'.");
    const run = vi.fn<() => string>(() => greeting);
    await using client = await createTestClient(serverOf([defineTool({ ...known, run })]));
    expect((await client.callTool("self")).text).toBe("hi");
  });

  it("obeys access rules", async () => {
    const secret = defineTool({ name: "secret", auth: requireScopes("admin"), run: () => "secret" });
    const keys = [{ name: "ada", key: "a-key-of-ada-that-is-long-enough", scopes: ["admin"] }];
    const server = serverOf([secret, ping], { auth: apiKey({ keys }) });
    await using stranger = await createTestClient(server, { auth: { scopes: [] } });
    expect((await stranger.listTools()).map(({ name }) => name)).toEqual(["ping"]);
    await expect(stranger.callTool("secret")).rejects.toThrow("Unknown tool");
    await using admin = await createTestClient(server, { auth: { scopes: ["admin"] } });
    expect((await admin.callTool("secret")).text).toBe("secret");
  });

  it("can be disabled, enabled and removed by its name, its tags and itself", async () => {
    const server = serverOf([forecast, ping]);
    expect(server.tools.disable({ tags: ["weather"] })).toBe(1);
    expect(server.tools.enable("forecast")).toBe(1);
    expect(server.remove(forecast)).toBe(true);
    expect(server.tools.remove("ping")).toBe(true);
    expect(server.remove(ping)).toBe(false);
  });
});

describe("a defined resource", () => {
  it("has the variables of its template, converted by their schema", async () => {
    await using client = await createTestClient(serverOf(ALL));
    expect(JSON.parse((await client.readResource("app://docs/a%20b?version=2")).text)).toEqual({
      folder: "docs",
      name: "a b",
      version: "2",
    });
    await expect(client.readResource("app://docs/gone")).rejects.toThrow("Resource not found");
    expect((await client.readResource("numbers://4")).text).toBe("5");
    await expect(client.readResource("numbers://40")).rejects.toThrow("Invalid resource URI numbers://40: n: ");
    await expect(client.readResource("app://docs/..%2fx")).rejects.toThrow("has a '..' segment");
  });

  it("fails as a method does", async () => {
    const broken = defineResource({
      uri: "app://broken",
      read: () => {
        throw new ResourceError("out of order", { notFound: false });
      },
    });
    await using client = await createTestClient(serverOf([broken]));
    await expect(client.readResource("app://broken")).rejects.toThrow("out of order");
  });

  it.each([
    ["notes://all", "all"],
    ["config://app/{section}{?a,b}", "app/-section-a-b"],
    ["mailto:ada@example.com", "ada-example.com"],
    ["ü://ß", "resource"],
  ])("has a name derived from %s", (uri, name) => {
    const read = (): string => "";
    const defined = uri.includes("{") ? defineResource({ template: uri, read }) : defineResource({ uri, read });
    expect(defined).toMatchObject({ kind: "resource", name, uri });
  });
});

describe("a defined prompt", () => {
  it("describes its arguments, completes them and refuses invalid ones", async () => {
    await using client = await createTestClient(serverOf([review]));
    expect((await client.listPrompts())[0]?.arguments).toEqual([
      { name: "text", description: "The text", required: true },
      { name: "tone", required: false },
      { name: "lines", required: false },
    ]);
    const ref = { type: "ref/prompt", name: "review" } as const;
    const { completion } = await client.client.complete({ ref, argument: { name: "tone", value: "" } });
    expect(completion.values).toEqual(["kind", "strict"]);
    await expect(client.getPrompt("review", { text: "x", tone: "rude" })).rejects.toThrow(
      "Invalid arguments for prompt review: tone: ",
    );
    expect((await client.getPrompt("review", { text: "x", tone: "", lines: "" })).text).toBe("modern: x, kind, 1");
  });

  it("takes a JSON Schema, or no arguments at all", async () => {
    const typed = definePrompt<{ readonly n: number }>({
      name: "typed",
      arguments: {
        type: "object",
        properties: { n: { type: "number" } },
        required: ["n"],
        additionalProperties: false,
      },
      get: ({ n }) => `n is ${n + 1}`,
    });
    const bare = definePrompt({
      name: "bare",
      get: () => {
        throw new PromptError("not today");
      },
    });
    await using client = await createTestClient(serverOf([typed, bare]));
    expect((await client.getPrompt("typed", { n: "4" })).text).toBe("n is 5");
    await expect(client.getPrompt("bare")).rejects.toThrow("not today");
    expect((await client.listPrompts())[1]).not.toHaveProperty("arguments");
  });
});

describe("the types of definitions", () => {
  it("come from the schema, the template, or a type argument", () => {
    const input = z.object({ at: z.string(), n: z.number().default(1) });
    const define = (): unknown[] => [
      // @ts-expect-error `x` is not in the schema
      defineTool({ name: "a", inputSchema: input, run: ({ x }) => x }),
      // @ts-expect-error `n` has a default
      defineTool({ name: "a", inputSchema: input, run: ({ n }: { readonly n: string }) => n }),
      // @ts-expect-error the result has no `at`
      defineTool({ name: "a", outputSchema: input, run: () => ({ n: 1 }) }),
      // @ts-expect-error the result has no `at`
      defineTool({ name: "a", inputSchema: input, outputSchema: input, run: ({ n }) => ({ n }) }),
      defineTool({ name: "a", inputSchema: input, outputSchema: input, run: ({ at, n }) => ({ at, n: n + 1 }) }),
      defineTool({ name: "a", outputSchema: input, run: async () => ({ at: "now" }) }),
      defineTool<{ readonly n: number }>({ name: "a", inputSchema: { type: "object" }, run: ({ n }) => n + 1 }),
      defineTool({ name: "a", inputSchema: { type: "object" }, run: ({ n }: { readonly n: number }) => n + 1 }),
      // @ts-expect-error a tool needs a function
      defineTool({ name: "a" }),
      // @ts-expect-error `b` is not in the template
      defineResource({ template: "a://{x}", read: ({ b }) => b }),
      // @ts-expect-error `b` may be absent
      defineResource({ template: "a://{x,y}/{z*}{?b,c}", read: ({ x, y, z: rest, b }) => x + y + rest + b.length }),
      defineResource({ template: "a://{+x}{?b}{&c}", read: ({ x, b = "", c = "" }) => x + b + c }),
      // @ts-expect-error `n` is a number
      defineResource({ template: "a://{n}", variables: z.object({ n: z.number() }), read: ({ n }) => n.trim() }),
      defineResource<{ readonly n: number }>({ template: "a://{n}", variables: {}, read: ({ n }) => n + 1 }),
      // @ts-expect-error a fixed URI has no variables
      defineResource({ uri: "a://b", read: ({ x }) => x.trim() }),
      // @ts-expect-error `y` is not in the schema
      definePrompt({ name: "a", arguments: input, get: ({ y }) => y }),
      definePrompt({ name: "a", arguments: input, get: ({ at, n }, { era }) => at + n.toFixed() + era }),
      definePrompt<{ readonly n: number }>({ name: "a", arguments: { type: "object" }, get: ({ n }) => n + 1 }),
    ];
    expect(define).toBeTypeOf("function");
  });
});

describe("definitions", () => {
  const run = (): string => "";
  it.each<[string, () => unknown, string]>([
    ["no options", () => defineTool(undefined as never), "defineTool: invalid options: undefined."],
    ["no name", () => defineTool({ run } as never), "defineTool: missing option 'name'."],
    ["no function", () => defineTool({ name: "a" } as never), "defineTool(\"a\"): missing option 'run'."],
    ["an unknown option", () => defineTool({ name: "a", run, auht: [] } as never), 'Did you mean "auth"?'],
    ["a compiler's option", () => defineTool({ name: "a", run, descriptions: "all" } as never), "unknown option"],
    ["no URI", () => defineResource({ read: run } as never), "defineResource: it needs either 'uri' or 'template'."],
    [
      "a template as URI",
      () => defineResource({ uri: "a://{b}", read: run }),
      "defineResource(\"a://{b}\"): invalid option 'uri': it has variables.",
    ],
    ["a URI as template", () => defineResource({ template: "a://b", read: run }), "'template': it has no variables."],
    [
      "a list without a template",
      () => defineResource({ uri: "a://b", list: () => [], read: run } as never),
      "the options 'variables' and 'list' are for templates.",
    ],
    ["no prompt", () => definePrompt({ name: "p" } as never), "definePrompt(\"p\"): missing option 'get'."],
  ])("with %s are refused", (_, define, message) => {
    expect(define).toThrow(message);
    expect(define).toThrow(expect.objectContaining({ code: "INVALID_DECORATOR_OPTIONS" }));
  });

  it.each<[string, object, string]>([
    [
      "schema",
      defineTool({ name: "a", inputSchema: { type: "string" }, run }),
      "INVALID_SCHEMA: defineTool(\"a\").run: the option 'inputSchema' is invalid",
    ],
    [
      "shape",
      defineTool({ name: "a", inputSchema: { n: z.string() } as never, run }),
      "INVALID_SCHEMA: defineTool(\"a\").run: the option 'inputSchema' is an object with the schema of a library at 'n'. Use the library's schema of an object, such as z.object({ … }).",
    ],
    [
      "schema of arguments",
      definePrompt({ name: "a", arguments: { type: "object", properties: 5 }, get: run }),
      "INVALID_SCHEMA: definePrompt(\"a\").get: the option 'arguments' is invalid",
    ],
    ["name", defineTool({ name: "a b", run }), 'INVALID_NAME: defineTool("a b").run: invalid public name'],
    ["rule", defineTool({ name: "a", auth: [] as never, run }), 'INVALID_DECORATOR_OPTIONS: defineTool("a").run'],
    ["template", defineResource({ template: "a://{b", read: run }), "INVALID_URI: defineResource("],
    [
      "variable",
      defineResource({ template: "a://{b}", variables: z.object({ c: z.string() }), read: run }),
      "INVALID_URI: defineResource(\"a://{b}\").read: the variable 'b'",
    ],
  ])("with an invalid %s are refused when they are added", (_, component, message) => {
    const { code, message: text } = catchError(() => serverOf([component]));
    expect(`${code}: ${text}`).toContain(message);
  });

  it("cannot have the name of another component", () => {
    expect(() => serverOf([ping, defineTool({ name: "ping", run })])).toThrow(
      'Duplicate name \'ping\': defineTool("ping").run and defineTool("ping").run. Give one of them another name.',
    );
    expect(() => serverOf([]).prompts.add(ping)).toThrow(
      'server.prompts.add: defineTool("ping").run is a tool. Add it with server.tools.add, or with server.add.',
    );
  });
});

describe("the log of a template's failing list", () => {
  it("names the function", async () => {
    const logged = new Inbox<string>();
    const log = (_: unknown, message: string): void => logged.add(message);
    const failing = defineResource({
      template: "bad://{x}",
      read: () => "",
      list: () => {
        throw new Error("offline");
      },
    });
    const logger = { debug: log, info: log, warn: log, error: log };
    await using client = await createTestClient(serverOf([failing], { logger }));
    await expect(client.listResources()).rejects.toThrow("Listing the resources failed");
    expect(logged.items.join()).toContain('Listing bad://{x} (defineResource("bad://{x}").list) failed');
  });
});

function catchError(run: () => unknown): { readonly code?: string; readonly message?: string } {
  try {
    run();
    return {};
  } catch (error) {
    return error as Error;
  }
}

import { type } from "arktype";
import { afterEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import type { ComponentDecorator } from "../../src/decorators/tool.ts";
import { createServer, MethodicError, tool, toolResult, type ToolOptions } from "../../src/index.ts";
import { createTestClient, type TestClient } from "../../src/testing/test-client.ts";
import { defineService, type MemberFixture } from "../fixtures/service.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

const PLAIN = {
  type: "object",
  properties: {
    city: { type: "string", description: "The city." },
    days: { type: "integer", minimum: 1 },
    unit: { type: "string", enum: ["celsius", "fahrenheit"] },
  },
  required: ["city"],
  additionalProperties: false,
};
const ZOD = z.object({
  city: z.string().describe("The city."),
  days: z.coerce.number().int().min(1).default(3),
  unit: z.enum(["celsius", "fahrenheit"]).optional(),
  code: z
    .string()
    .refine((code) => code.startsWith("x"), "a code begins with x")
    .optional(),
});
const ARK = type({ city: "string", "days?": "number.integer >= 1" });

type Run = (...args: never[]) => unknown;

/** A service with one tool whose decorator has these options. */
function serviceOf(options: ToolOptions, run: Run, member: Partial<MemberFixture> = {}): new () => object {
  class Service {
    run(...args: never[]): unknown {
      return run(...args);
    }
  }
  const sides = (["input", "output"] as const).filter((side) => options[`${side}Schema`] !== undefined);
  return defineService(Service, {
    run: {
      as: tool(options) as ComponentDecorator,
      decoratorSchemas: sides,
      ...(sides.includes("input") && { names: ["input"], wholeInput: true }),
      result: sides.includes("output") ? "structured" : "dynamic",
      ...member,
    },
  });
}

async function connect(
  service: new () => object,
  options: { readonly era?: "legacy" | "modern"; readonly strict?: boolean; readonly validateOutput?: boolean } = {},
): Promise<TestClient> {
  const { era = "modern", ...rest } = options;
  return createTestClient(createServer({ name: "s", version: "1", services: [service], ...rest }), { era });
}

const echo: Run = (input: never) => input;

describe.each(["legacy", "modern"] as const)("a tool with decorator schemas in the %s era", (era) => {
  it("lists its decorator's schemas unchanged", async () => {
    await using client = await connect(serviceOf({ inputSchema: PLAIN, outputSchema: PLAIN }, echo), { era });
    const [listed] = await client.listTools();
    expect(listed?.inputSchema).toEqual(PLAIN);
    expect(listed?.outputSchema).toEqual(PLAIN);
  });

  it("receives the whole input and the context", async () => {
    const run: Run = ((input: object, context: { era: string }) => ({
      input,
      era: context.era,
    })) as Run;
    await using client = await connect(serviceOf({ inputSchema: PLAIN }, run, { contextIndex: 1 }), { era });
    const { text } = await client.callTool("run", { city: "Rome", days: 2 });
    expect(JSON.parse(text)).toEqual({ input: { city: "Rome", days: 2 }, era });
  });

  it("receives the input as a Standard Schema transformed it", async () => {
    await using client = await connect(serviceOf({ inputSchema: ZOD }, echo), { era });
    expect(JSON.parse((await client.callTool("run", { city: "Rome" })).text)).toEqual({ city: "Rome", days: 3 });
    const [listed] = await client.listTools();
    expect(listed?.inputSchema).toMatchObject({ type: "object", required: ["city"] });
  });

  it("returns the result as a Standard Schema transformed it", async () => {
    const outputSchema = z.object({ at: z.string(), n: z.number().default(7) });
    await using client = await connect(
      serviceOf({ outputSchema }, () => ({ at: "now" })),
      { era },
    );
    expect(await client.callTool("run")).toMatchObject({ structured: { at: "now", n: 7 }, isError: false });
  });

  it("lists a schema that names its dialect as it is written", async () => {
    const inputSchema = {
      $schema: "https://json-schema.org/draft/2020-12/schema",
      type: "object",
      properties: { a: { $ref: "#/$defs/A" } },
      if: { required: ["a"] },
      $defs: { A: { const: "a" } },
    };
    await using client = await connect(serviceOf({ inputSchema }, echo), { era });
    expect((await client.listTools())[0]?.inputSchema).toEqual(inputSchema);
  });

  it("sends a result as text only if it publishes no schema of it", async () => {
    const member = { result: "dynamic" } as const;
    const run: Run = (() => ({ type: "text", text: "data" })) as Run;
    await using client = await connect(serviceOf({ outputSchema: false }, run, member), { era });
    expect(await client.listTools()).toMatchObject([{ name: "run" }]);
    expect((await client.listTools())[0]).not.toHaveProperty("outputSchema");
    const result = await client.callTool("run");
    expect(result).toMatchObject({ text: '{"type":"text","text":"data"}', isError: false });
    expect(result.structured).toBeUndefined();
  });

  it("publishes no output schema with outputSchema: false, though the manifest has one", async () => {
    const member = { result: "structured", outputSchema: PLAIN } as const;
    await using client = await connect(
      serviceOf({ outputSchema: false }, () => ({ city: 5 }), member),
      { era },
    );
    expect((await client.listTools())[0]).not.toHaveProperty("outputSchema");
    const result = await client.callTool("run");
    expect(result).toMatchObject({ text: '{"city":5}', isError: false });
    expect(result.structured).toBeUndefined();
  });

  it("hides why a result violates its schema", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
    await using client = await connect(
      serviceOf({ outputSchema: PLAIN }, () => ({ city: 5 })),
      { era },
    );
    const { isError, text } = await client.callTool("run");
    expect(isError).toBe(true);
    expect(text).toMatch(/^Tool run failed: its result is invalid \(error \w+ in the server's log\)\.$/);
    expect(log.mock.calls.join()).toContain(
      "Tool run returned an invalid result: it violates the output schema: city: expected string, received number 5.",
    );
  });
});

describe("invalid input of a tool with a decorator schema", () => {
  const cases: readonly [string, ToolOptions["inputSchema"], object, readonly string[]][] = [
    ["a JSON Schema: a missing property", PLAIN, {}, ["city: missing but required (string). The city."]],
    [
      "a JSON Schema: everything at once",
      PLAIN,
      { city: 5, days: 0, unit: "celcius", day: 1 },
      [
        "city: expected string, received number 5.",
        "days: expected a number >= 1, received number 0.",
        'unit: expected one of "celsius", "fahrenheit", received string "celcius". Did you mean "celsius"?',
        'day: unknown name. Did you mean "days"? Allowed: city, days, unit.',
      ],
    ],
    ["zod: a missing property", ZOD, {}, ["city: missing but required (string). The city."]],
    [
      "zod: a value of a set",
      ZOD,
      { city: "Rome", unit: "celcius" },
      ['unit: expected one of "celsius", "fahrenheit", received string "celcius". Did you mean "celsius"?'],
    ],
    ["zod: a refinement", ZOD, { city: "Rome", code: "y" }, ['code: a code begins with x; received string "y".']],
    [
      "ArkType: two problems",
      ARK,
      { days: 1.5 },
      ["city: missing but required (string).", "days: expected integer, received number 1.5."],
    ],
  ];
  it.each(cases)("is explained for %s", async (...[, inputSchema, input, lines]) => {
    await using client = await connect(serviceOf({ inputSchema } as ToolOptions, echo));
    const { isError, text } = await client.callTool("run", input as Record<string, unknown>);
    expect(isError).toBe(true);
    const [head, ...problems] = text.split("\n");
    expect(head).toBe("Invalid arguments for tool run:");
    expect(problems.sort()).toEqual(lines.map((line) => `- ${line}`).sort());
  });

  it.each([
    ["a JSON Schema", PLAIN],
    ["zod", ZOD],
    ["ArkType", ARK],
  ])("is repaired once for %s, unless the server is strict", async (...[, inputSchema]) => {
    const service = serviceOf({ inputSchema } as ToolOptions, echo);
    const input = { city: "Rome", days: "5" };
    await using client = await connect(service);
    expect(JSON.parse((await client.callTool("run", input)).text)).toEqual({ city: "Rome", days: 5 });
    await using strict = await connect(service, { strict: true });
    // zod coerces by itself.
    expect((await strict.callTool("run", input)).isError).toBe(inputSchema !== ZOD);
  });

  it("is refused without the library if it holds more values than that can check in time", async () => {
    let checked = 0;
    const counted = z.object({ ids: z.array(z.number().refine(() => ++checked > 0)) });
    await using client = await connect(serviceOf({ inputSchema: counted }, echo));
    const refused = await client.callTool("run", { ids: Array.from({ length: 100_000 }, () => 1) });
    expect(refused.text).toContain("- more than 100000 values. Send fewer items in one call.");
    expect(checked).toBe(0);
    expect((await client.callTool("run", { ids: [1, 2, 3] })).isError).toBe(false);
    expect(checked).toBe(3);
  });

  it("is explained for an asynchronous schema", async () => {
    const inputSchema = z.object({ id: z.string().refine(async (id) => id !== "taken", "is taken") });
    await using client = await connect(serviceOf({ inputSchema }, echo));
    expect((await client.callTool("run", { id: "free" })).isError).toBe(false);
    expect((await client.callTool("run", { id: "taken" })).text).toContain('- id: is taken; received string "taken".');
  });
});

describe("validation of results", () => {
  const wrong = (): object => ({ city: 5 });

  it("can be disabled for a server and enabled again for a tool", async () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    const service = serviceOf({ outputSchema: PLAIN }, wrong);
    await using client = await connect(service, { validateOutput: false });
    expect((await client.callTool("run")).structured).toEqual({ city: 5 });
    const checked = serviceOf({ outputSchema: PLAIN, validateOutput: true }, wrong);
    await using other = await connect(checked, { validateOutput: false });
    expect((await other.callTool("run")).isError).toBe(true);
  });

  it("can be disabled for a tool whose schema comes from its types", async () => {
    const service = serviceOf({ validateOutput: false }, wrong, { outputSchema: PLAIN, result: "structured" });
    await using client = await connect(service);
    expect((await client.callTool("run")).structured).toEqual({ city: 5 });
  });

  it("accepts toolResult(…) and refuses a result without structured content", async () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    const results = [
      toolResult({ content: "Rome", structuredContent: { city: "Rome" } }),
      toolResult({ content: "no", isError: true }),
      [{ type: "text", text: "Rome" }],
    ];
    const service = serviceOf({ outputSchema: PLAIN }, () => results.shift(), { result: "content" });
    await using client = await connect(service);
    expect(await client.callTool("run")).toMatchObject({ text: "Rome", structured: { city: "Rome" }, isError: false });
    expect(await client.callTool("run")).toMatchObject({ text: "no", isError: true });
    expect((await client.callTool("run")).text).toContain("its result is invalid");
  });
});

describe("createServer", () => {
  const refusal = (service: new () => object): string => {
    try {
      createServer({ name: "s", version: "1", services: [service] });
    } catch (error) {
      expect(error).toBeInstanceOf(MethodicError);
      return (error as Error).message;
    }
    return "it started";
  };

  const cases: readonly [string, unknown, string][] = [
    [
      "a root of another type",
      { type: "array" },
      'Service.run: the option \'inputSchema\' is invalid: type: must be "object" at the root, as MCP requires, not "array". Correct the schema.',
    ],
    [
      "a number in its place",
      5,
      "Service.run: the option 'inputSchema' is 5. Use a JSON Schema object or a library's schema.",
    ],
    [
      "a value that is not JSON",
      { type: "object", default: () => 1 },
      "the option 'inputSchema' contains a function. Use plain JSON.",
    ],
    [
      "a misspelled type",
      { type: "object", properties: { a: { type: "strin" } } },
      'properties/a/type: must not be "strin". Did you mean "string"? The types are array, boolean, integer, null, number, object, string',
    ],
    [
      "a header of a list",
      { type: "object", properties: { a: { type: "array", "x-mcp-header": "A" } } },
      "properties/a/x-mcp-header: the property must have the type string, integer or boolean",
    ],
    [
      "a foreign reference",
      { type: "object", properties: { a: { $ref: "https://x.org/s" } } },
      'properties/a/$ref: "https://x.org/s" leads nowhere in this schema. Use "#/$defs/…"',
    ],
    [
      "a dangling reference",
      { type: "object", properties: { a: { $ref: "#/$defs/b" } } },
      'properties/a/$ref: "#/$defs/b" leads nowhere',
    ],
    [
      "an invalid pattern",
      { type: "object", patternProperties: { "(": {} } },
      "patternProperties/(: is not a regular expression",
    ],
    [
      "a tuple of another draft",
      { type: "object", properties: { a: { items: [{}] } } },
      "properties/a/items: must be one schema. In 2020-12 the schemas of a tuple belong in prefixItems",
    ],
    ["another dialect", { $schema: "http://json-schema.org/draft-07/schema#", type: "object" }, "$schema: is"],
    [
      "several mistakes",
      { type: "object", required: "a", minProperties: -1 },
      "required: must be an array of strings; minProperties: must be an integer, 0 or more",
    ],
    [
      "a schema that JSON Schema cannot express",
      z.object({ at: z.date() }),
      "the option 'inputSchema' cannot be written as JSON Schema",
    ],
    [
      "a library that gives no JSON Schema",
      { "~standard": { version: 1, vendor: "old", validate: () => ({ value: 1 }) } },
      "the option 'inputSchema' is a schema of old without a JSON Schema.",
    ],
  ];
  it.each(cases)("refuses an input schema with %s", (...[, inputSchema, message]) => {
    expect(refusal(serviceOf({ inputSchema } as ToolOptions, echo))).toContain(message);
  });

  it("refuses a schema that contains itself", () => {
    const inputSchema: Record<string, unknown> = { type: "object" };
    inputSchema["properties"] = { a: inputSchema };
    expect(refusal(serviceOf({ inputSchema } as ToolOptions, echo))).toContain("is nested too deeply");
  });

  it("refuses a decorator schema that the compiler did not see", () => {
    expect(refusal(serviceOf({ inputSchema: PLAIN }, echo, { decoratorSchemas: [] }))).toBe(
      "Service.run: the compiler did not see the option 'inputSchema' and compiled the method from its types. " +
        "Write the option inline in the decorator call, @tool({ inputSchema: … }), and build again.",
    );
  });

  it("refuses a missing decorator schema that the compiler saw", () => {
    expect(refusal(serviceOf({}, echo, { decoratorSchemas: ["output"] }))).toContain(
      "Service.run: invalid option 'outputSchema': undefined. The method was compiled with a schema there",
    );
  });
});

import { afterEach, describe, expect, it, vi } from "vitest";
import { audio, createServer, file, image, resourceLink, tool, ToolError, toolResult } from "../../src/index.ts";
import type { JsonSchema, ResultKind } from "../../src/manifest/format.ts";
import { createTestClient, type TestToolResult } from "../../src/testing/test-client.ts";
import { defineService } from "../fixtures/service.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

/** Calls a tool with this method and these schemas. */
async function call(
  run: () => unknown,
  {
    result,
    outputSchema,
    maskErrors = false,
    era = "modern",
  }: { result: ResultKind; outputSchema?: JsonSchema; maskErrors?: boolean; era?: "legacy" | "modern" },
): Promise<TestToolResult> {
  class Service {
    run(): unknown {
      return run();
    }
  }
  defineService(Service, { run: { as: tool(), result, ...(outputSchema && { outputSchema }) } });
  const server = createServer({ name: "s", version: "1", services: [Service], maskErrors });
  await using client = await createTestClient(server, { era });
  return await client.callTool("run");
}

const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47]);
const imageBlock = { type: "image", data: "iVBORw==", mimeType: "image/png" };

describe("the result of a tool", () => {
  it.each<[string, ResultKind, () => unknown, object]>([
    ["a string, without JSON quotes", "text", () => 'say "hi"', { content: [{ type: "text", text: 'say "hi"' }] }],
    ["a promise of a string", "text", async () => "later", { content: [{ type: "text", text: "later" }] }],
    ["nothing for text", "text", () => undefined, { content: [] }],
    ["nothing", "empty", () => undefined, { content: [] }],
    ["a value whose type is void", "empty", () => 5, { content: [] }],
    ["an image", "content", () => image(png, "image/png"), { content: [imageBlock] }],
    [
      "audio",
      "content",
      () => audio("UklGRg==", "audio/wav"),
      { content: [{ type: "audio", data: "UklGRg==", mimeType: "audio/wav" }] },
    ],
    [
      "a text file",
      "content",
      () => file("file:///a", "x"),
      { content: [{ type: "resource", resource: { uri: "file:///a", mimeType: "text/plain", text: "x" } }] },
    ],
    [
      "a binary file",
      "content",
      () => file("file:///a", png, "image/png"),
      { content: [{ type: "resource", resource: { uri: "file:///a", mimeType: "image/png", blob: "iVBORw==" } }] },
    ],
    [
      "a link",
      "content",
      () => resourceLink("x://a", { name: "a" }),
      { content: [{ type: "resource_link", uri: "x://a", name: "a" }] },
    ],
    [
      "blocks and text",
      "content",
      () => ["see:", image(png, "image/png")],
      { content: [{ type: "text", text: "see:" }, imageBlock] },
    ],
    ["no blocks", "content", () => [], { content: [] }],
    ["a literal block", "content", () => ({ type: "text", text: "x" }), { content: [{ type: "text", text: "x" }] }],
    [
      "a result in the form of the official SDK",
      "content",
      () => ({ content: [{ type: "text", text: "no" }], isError: true, _meta: { "a.b/c": 1 } }),
      { content: [{ type: "text", text: "no" }], isError: true, _meta: { "a.b/c": 1 } },
    ],
    ["an image of unknown type", "dynamic", () => image(png, "image/png"), { content: [imageBlock] }],
    ["images of unknown type", "dynamic", () => [image(png, "image/png")], { content: [imageBlock] }],
    [
      "a spread copy of a block",
      "dynamic",
      () => ({ ...image(png, "image/png"), annotations: { priority: 1 } }),
      { content: [{ ...imageBlock, annotations: { priority: 1 } }] },
    ],
    ...[
      { type: "resource_link", uri: "https://evil.example", name: "a" },
      [{ type: "text", text: "a", annotations: { audience: ["user"] } }],
      { content: [{ type: "text", text: "a" }], isError: true },
      [imageBlock],
    ].map((data): [string, ResultKind, () => unknown, object] => [
      `data in the form of content (${JSON.stringify(data).slice(0, 20)})`,
      "dynamic",
      () => JSON.parse(JSON.stringify(data)),
      { content: [{ type: "text", text: JSON.stringify(data) }] },
    ]),
    ["an unknown string", "dynamic", () => "x", { content: [{ type: "text", text: "x" }] }],
    ["an unknown object", "dynamic", () => ({ a: 1 }), { content: [{ type: "text", text: '{"a":1}' }] }],
    ["unknown strings", "dynamic", () => ["a"], { content: [{ type: "text", text: '["a"]' }] }],
    ["an empty unknown array", "dynamic", () => [], { content: [{ type: "text", text: "[]" }] }],
    ["null of unknown type", "dynamic", () => null, { content: [{ type: "text", text: "null" }] }],
    [
      "a whole result",
      "dynamic",
      () => toolResult({ content: "x", meta: { "a.b/c": 1 } }),
      { content: [{ type: "text", text: "x" }], _meta: { "a.b/c": 1 } },
    ],
    [
      "a failed result",
      "content",
      () => toolResult({ content: ["no"], isError: true }),
      { content: [{ type: "text", text: "no" }], isError: true },
    ],
  ])("is created from %s", async (...[, result, run, expected]) => {
    const { raw } = await call(run, { result });
    expect(raw).toMatchObject(expected);
    expect(raw.content).toEqual((expected as { content: unknown }).content);
    expect(raw.structuredContent).toBeUndefined();
  });

  const forecast = {
    type: "object",
    properties: { at: { type: "string" }, celsius: { type: "number" } },
    required: ["celsius"],
  };

  it("has JSON text and structured content if the method returns an object", async () => {
    const { text, structured } = await call(() => ({ celsius: 5, at: new Date(0), extra: undefined }), {
      result: "structured",
      outputSchema: forecast,
    });
    expect(structured).toEqual({ celsius: 5, at: "1970-01-01T00:00:00.000Z" });
    expect(JSON.parse(text)).toEqual(structured);
  });

  it.each<[JsonSchema, unknown, string]>([
    [{ type: "array", items: { type: "integer" } }, [1, 2], "[1,2]"],
    [{ type: "number" }, 1.5, "1.5"],
    [{ type: "boolean" }, false, "false"],
    [{ type: ["object", "null"] }, null, "null"],
    [{ type: ["string", "null"] }, undefined, "null"],
    [{ type: ["string", "null"] }, "plain text", "plain text"],
  ])("has structured content of the schema %j in both eras", async (outputSchema, value, text) => {
    const if2026 = await call(() => value, { result: "structured", outputSchema });
    expect(if2026).toMatchObject({ text: typeof value === "string" ? value : text });
    if ((value ?? null) === null) expect(if2026.structured).toBeNull();
    else expect(if2026.structured).toEqual(value);
    const if2025 = await call(() => value, { result: "structured", outputSchema, era: "legacy" });
    expect(if2025.structured).toEqual({ result: value ?? null });
  });

  it("has the structured content of toolResult(…), which follows the type", async () => {
    const run = () => toolResult({ content: "5 °C", structuredContent: { celsius: 5 } });
    expect(await call(run, { result: "content", outputSchema: forecast })).toMatchObject({
      text: "5 °C",
      structured: { celsius: 5 },
    });
  });

  it.each<[string, () => unknown, JsonSchema | undefined, string]>([
    [
      "a value that violates the schema",
      () => ({ celsius: "warm" }),
      forecast,
      'celsius: expected number, received string "warm".',
    ],
    ["a missing value", () => undefined, forecast, "the result: expected object, received null."],
    ["a symbol", () => ({ celsius: Symbol("x") }), forecast, "the result has a symbol at /celsius"],
    [
      "invalid structured content",
      () => toolResult({ content: [], structuredContent: {} }),
      forecast,
      "celsius: missing",
    ],
    ["no structured content", () => toolResult({ content: [] }), forecast, "the result: expected object"],
    [
      "an incomplete block",
      () => toolResult({ content: [{ type: "image" } as never] }),
      undefined,
      "content[0] of its result",
    ],
    ["an image that is not base64", () => toolResult({ content: image("%", "image/png") }), undefined, "is not base64"],
    [
      "invalid annotations",
      () => toolResult({ content: { type: "text", text: "", annotations: { priority: 5 } } }),
      undefined,
      "annotations must have a priority from 0 to 1",
    ],
    [
      "an isError that is not a boolean",
      () => toolResult({ content: [], isError: "yes" as never }),
      undefined,
      "isError of its result",
    ],
    [
      "metadata that is not an object",
      () => toolResult({ content: [], meta: "x" as never }),
      undefined,
      "meta of its result",
    ],
  ])(
    "is logged with its path and hidden from the client if it is invalid: %s",
    async (...[, run, outputSchema, problem]) => {
      const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
      const { isError, text, structured } = await call(run, {
        result: outputSchema && !String(run).includes("toolResult") ? "structured" : "content",
        ...(outputSchema && { outputSchema }),
      });
      expect({ isError, structured }).toEqual({ isError: true, structured: undefined });
      const [, id] =
        /^Tool run failed: its result is invalid \(error ([0-9a-f]{8}) in the server's log\)\.$/.exec(text) ?? [];
      expect(log).toHaveBeenCalledExactlyOnceWith(expect.stringContaining(problem));
      expect(log.mock.calls[0]?.[0]).toContain(`[${id}]`);
    },
  );
});

describe("an error that a tool throws", () => {
  const boom = (thrown: unknown) => (): never => {
    throw thrown;
  };

  it("keeps its message if it is a ToolError, even if errors are masked, and is not logged", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const result = await call(boom(new ToolError("Note 'x' not found.")), { result: "text", maskErrors: true });
    expect(result).toMatchObject({ text: "Note 'x' not found.", isError: true });
    expect(log).not.toHaveBeenCalled();
  });

  it("is reported as a failure if it is a ToolError without a message", async () => {
    expect(await call(boom(new ToolError("")), { result: "text" })).toMatchObject({
      text: "Tool run failed.",
      isError: true,
    });
  });

  it("keeps its message if it is a ToolError of a subclass or another copy of the package", async () => {
    class NotFound extends ToolError {}
    expect(await call(boom(new NotFound("a")), { result: "text", maskErrors: true })).toMatchObject({ text: "a" });
    const foreign = Object.assign(new Error("b"), { name: "ToolError" });
    expect(await call(boom(foreign), { result: "text", maskErrors: true })).toMatchObject({ text: "b" });
  });

  it("is sent as its message and logged with its stack", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const { text, isError, raw } = await call(boom(new Error("disk full")), { result: "text" });
    expect({ text, isError }).toEqual({ text: "disk full", isError: true });
    expect(JSON.stringify(raw)).not.toMatch(/\.ts|at /);
    expect(log).toHaveBeenCalledExactlyOnceWith(
      expect.stringMatching(/Tool run failed: Error: disk full at .*tool-results\.test\.ts/),
    );
  });

  it("is logged with its causes, which the client does not see", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const refused = new AggregateError([new Error("connect ECONNREFUSED ::1:5432")], "");
    const outer = new Error("query failed", { cause: new Error("fetch failed", { cause: refused }) });
    const circular = new Error("round");
    circular.cause = circular;
    const { text } = await call(boom(outer), { result: "text" });
    expect(text).toBe("query failed");
    expect(log.mock.lastCall?.[0]).toMatch(
      /Error: query failed[^]*caused by: Error: fetch failed[^]*caused by: AggregateError[^]*caused by: Error: connect ECONNREFUSED/,
    );
    expect((await call(boom(circular), { result: "text" })).text).toBe("round");
  });

  it("is masked by an id that the log repeats", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const { text } = await call(boom(new Error("password=hunter2")), { result: "text", maskErrors: true });
    const [, id] = /^Tool run failed \(error ([0-9a-f]{8}) in the server's log\)\.$/.exec(text) ?? [];
    expect(log).toHaveBeenCalledExactlyOnceWith(
      expect.stringContaining(`[${id}] Tool run failed: Error: password=hunter2`),
    );
  });

  it("is masked by default in production", async () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    vi.stubEnv("NODE_ENV", "production");
    class Service {
      run(): never {
        throw new Error("secret");
      }
    }
    defineService(Service, { run: { as: tool() } });
    await using client = await createTestClient(createServer({ name: "s", version: "1", services: [Service] }));
    expect((await client.callTool("run")).text).toMatch(/^Tool run failed \(error /);
    vi.unstubAllEnvs();
  });

  const cyclic: Record<string, unknown> = { message: "cyclic" };
  cyclic["self"] = cyclic;
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  it.each<[string, unknown, string]>([
    ["a string", "no such file", "no such file"],
    ["a number", 42, "42"],
    ["undefined", undefined, "Tool run failed."],
    ["null", null, "Tool run failed."],
    ["a symbol", Symbol("s"), "Symbol(s)"],
    ["an object with a message", cyclic, "cyclic"],
    ["an object without one", { huge: "x".repeat(10) }, "Tool run failed."],
    ["an object without prototype", Object.create(null), "Tool run failed."],
    ["an error without message", new Error(""), "Tool run failed."],
    ["an error with a cyclic cause", new Error("outer", { cause: cyclic }), "outer"],
    [
      "an error whose message throws",
      Object.defineProperty(new Error("x"), "message", { get: boom(1) }),
      "Tool run failed.",
    ],
    [
      "an error whose name throws",
      Object.defineProperty(new Error("x"), "name", { get: boom(new Error("secret")) }),
      "x",
    ],
    [
      "a proxy that answers nothing",
      new Proxy(new Error("x"), { getPrototypeOf: boom(1), get: boom(1) }),
      "Tool run failed.",
    ],
    ["a revoked proxy", revoked.proxy, "Tool run failed."],
    ["an error with a huge message", new Error("y".repeat(1_000_000)), `${"y".repeat(4000)}… (996000 more characters)`],
  ])("may be %s", async (_, thrown, text) => {
    const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
    expect(await call(boom(thrown), { result: "text" })).toMatchObject({ text, isError: true });
    expect(String(log.mock.calls[0]?.[0]).length).toBeLessThan(5000);
  });

  it("may be a rejection", async () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    expect(await call(() => Promise.reject(new Error("later")), { result: "text" })).toMatchObject({
      text: "later",
      isError: true,
    });
  });
});

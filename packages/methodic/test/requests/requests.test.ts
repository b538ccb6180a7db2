import { InMemoryTransport } from "@modelcontextprotocol/client";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  type Context,
  createServer,
  file,
  image,
  prompt,
  PromptError,
  resource,
  ResourceError,
  type ServerOptions,
  tool,
  ToolError,
} from "../../src/index.ts";
import type { ResultKind } from "../../src/manifest/format.ts";
import { createTestClient, type TestClient } from "../../src/testing/test-client.ts";
import { NotesService } from "../fixtures/notes.ts";
import { defineService, type MemberFixture } from "../fixtures/service.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

const string = { type: "string" };
const integer = { type: "integer" };

async function connect(
  services: ServerOptions["services"],
  options: Partial<ServerOptions> & { era?: "legacy" | "modern" } = {},
): Promise<TestClient> {
  const { era = "modern", ...rest } = options;
  return createTestClient(createServer({ name: "s", version: "1", naming: "snake_case", services, ...rest }), { era });
}

/** A service with one method that returns its arguments. */
function echo(member: MemberFixture): new () => object {
  class Service {
    run(...args: readonly unknown[]): unknown {
      return args;
    }
  }
  return defineService(Service, { run: { result: "dynamic", ...member } });
}

describe.each(["legacy", "modern"] as const)("tools/call in the %s era", (era) => {
  it("reports invalid arguments to the model by field, without running the tool", async () => {
    const service = new NotesService();
    const add = vi.spyOn(service, "addNote");
    await using client = await connect([service], { era });
    const { isError, text } = await client.callTool("add_note", { name: 5, contnt: "x" });
    expect(isError).toBe(true);
    expect(text.split("\n").sort()).toEqual([
      "- content: missing but required (string).",
      '- contnt: unknown name. Did you mean "content"? Allowed: name, content.',
      "- name: expected string, received number 5.",
      "Invalid arguments for tool add_note:",
    ]);
    expect(add).not.toHaveBeenCalled();
  });

  it("runs a spy that was set on an instance", async () => {
    const service = new NotesService();
    await using client = await connect([service], { era });
    vi.spyOn(service, "addNote").mockReturnValue("mocked");
    expect((await client.callTool("add_note", { name: "a", content: "b" })).text).toBe("mocked");
  });

  it("refuses an unknown tool with a protocol error that suggests the nearest name", async () => {
    await using client = await connect([NotesService], { era });
    await expect(client.callTool("addNote", {})).rejects.toMatchObject({
      code: -32602,
      message: expect.stringContaining('Unknown tool: "addNote". Did you mean "add_note"?') as string,
    });
    await expect(client.callTool("__proto__", {})).rejects.toMatchObject({ code: -32602 });
  });

  it("repairs common mistakes of models, unless the server is strict", async () => {
    const service = echo({
      as: tool(),
      properties: { n: integer, list: { type: "array", items: string }, s: string },
      required: ["n"],
    });
    const slips = { n: "5", list: '["a"]', s: null };
    await using client = await connect([service], { era });
    expect((await client.callTool("run", slips)).text).toBe('[5,["a"],null]');
    await using strict = await connect([service], { era, strict: true });
    const { isError, text } = await strict.callTool("run", slips);
    expect(isError).toBe(true);
    expect(text).toContain('- n: expected integer, received string "5".');
  });

  it("reports problems briefly, however large the arguments are", async () => {
    const node = { type: "object", properties: { c: { $ref: "#/$defs/node" } }, additionalProperties: false };
    const service = echo({ as: tool(), properties: { tree: { $ref: "#/$defs/node" } }, $defs: { node } });
    await using client = await connect([service], { era });
    const { text } = await client.callTool("run", { tree: {}, ["k".repeat(1_000_000)]: 1 });
    expect(text).toContain('kkk…"]: unknown name. Allowed: tree.');
    expect(text.length).toBeLessThan(1000);
    const nested = (levels: number, inside: object): object => {
      let tree = inside;
      for (let i = 0; i < levels; i++) tree = { c: tree };
      return tree;
    };
    const deep = await client.callTool("run", { tree: nested(500, { x: 1 }) });
    expect(deep.text).toMatch(/^Invalid arguments for tool run:\n- …[.c]{498}\.x: unknown name\. Allowed: c\.$/);
    expect(await client.callTool("run", { tree: nested(100_000, {}) })).toMatchObject({
      isError: true,
      text: "Invalid arguments for tool run:\n- arguments: too large or nested too deeply to be checked.",
    });
  });

  it("validates valid arguments once", async () => {
    const service = echo({ as: tool(), properties: { n: integer } });
    await using client = await connect([service], { era });
    expect((await client.callTool("run", { n: 5 })).text).toBe("[5]");
    expect((await client.callTool("run", { n: "5x" })).text).toContain('n: expected integer, received string "5x".');
  });
});

describe.each(["legacy", "modern"] as const)("resources/read in the %s era", (era) => {
  it("prefers a resource of exactly this URI to a template", async () => {
    await using client = await connect([NotesService], { era });
    await client.callTool("add_note", { name: "all", content: "a note called all" });
    expect((await client.readResource("notes://all")).text).toBe("all");
  });

  it("reports an unknown URI as not found, with the URI as data", async () => {
    await using client = await connect([NotesService], { era });
    for (const uri of ["notes://a/b", "other://x", "not a uri"]) {
      await expect(client.readResource(uri)).rejects.toMatchObject({ code: -32602, data: { uri } });
    }
  });

  it("sends the message of a ResourceError unchanged", async () => {
    await using client = await connect([NotesService], { era });
    await expect(client.readResource("notes://nope")).rejects.toMatchObject({
      code: -32602,
      message: expect.stringContaining("Note 'nope' not found.") as string,
      data: { uri: "notes://nope" },
    });
  });

  it("converts variables to the types of the parameters", async () => {
    const service = echo({
      as: resource("x://{id}/{path*}{?limit,exact}"),
      kind: "resource",
      properties: {
        id: integer,
        path: { type: "array", items: string },
        limit: { type: "integer", maximum: 50 },
        exact: { type: "boolean" },
      },
      required: ["id", "path"],
    });
    await using client = await connect([service], { era });
    expect(JSON.parse((await client.readResource("x://5/a/b%20c?exact=true")).text)).toEqual([
      5,
      ["a", "b c"],
      null,
      true,
    ]);
    await expect(client.readResource("x://five/a")).rejects.toMatchObject({
      code: -32602,
      message: expect.stringContaining('id: expected integer, received string "five".') as string,
      data: { uri: "x://five/a" },
    });
    await expect(client.readResource("x://5/a?limit=500")).rejects.toThrow(
      "limit: expected a number <= 50, received number 500.",
    );
    await expect(client.readResource("x://5/a?limt=5")).rejects.toThrow(
      "the query parameter 'limt' is unknown; allowed: limit, exact",
    );
    await expect(client.readResource("x://5/%")).rejects.toThrow("not valid percent-encoded UTF-8");
  });

  it.each<[string, unknown, object, ResultKind?]>([
    ["text", "a", { text: "a", mimeType: "text/plain" }],
    ["JSON", { a: new Date(0) }, { text: '{"a":"1970-01-01T00:00:00.000Z"}', mimeType: "application/json" }],
    ["null", null, { text: "null", mimeType: "application/json" }],
    ["bytes", new Uint8Array([1, 2]), { blob: "AQI=", mimeType: "application/octet-stream" }],
    ["a part of a buffer", Buffer.from("abc").subarray(1), { blob: "YmM=", mimeType: "application/octet-stream" }],
    ["contents", { uri: "x://other", text: "a" }, { uri: "x://other", text: "a" }, "content"],
    [
      "a list of contents",
      { contents: [{ uri: "x://other", text: "a", mimeType: "text/html" }] },
      { text: "a", mimeType: "text/html" },
      "content",
    ],
    ["a file", file("x://other", "a"), { uri: "x://other", text: "a", mimeType: "text/plain" }],
    [
      "data in the form of contents",
      { contents: [{ uri: "x://other", text: "a" }] },
      { uri: "x://one", text: '{"contents":[{"uri":"x://other","text":"a"}]}', mimeType: "application/json" },
    ],
    [
      "data in the form of a file",
      JSON.parse(JSON.stringify(file("x://other", "a"))),
      { uri: "x://one", mimeType: "application/json" },
    ],
  ])("sends %s", async (...[, value, expected, result = "dynamic"]) => {
    class Service {
      read(): unknown {
        return value;
      }
    }
    defineService(Service, { read: { as: resource("x://one"), kind: "resource", result } });
    await using client = await connect([Service], { era });
    expect((await client.readResource("x://one")).contents).toMatchObject([expected]);
  });

  it("reports undefined as not found and every other error as a failure", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
    class Service {
      read(what: string): unknown {
        if (what === "nothing") return undefined;
        if (what === "nan") return Number.NaN;
        if (what === "meta") return { uri: "x://meta", text: "", _meta: { size: Number.NaN } };
        if (what === "blob") return { uri: "x://blob", blob: "%" };
        if (what === "broken") throw new ResourceError("The disk is broken.", { notFound: false });
        throw new Error("secret");
      }
    }
    defineService(Service, {
      read: { as: resource("x://{what}"), kind: "resource", properties: { what: string }, result: "content" },
    });
    await using client = await connect([Service], { era, maskErrors: true });
    await expect(client.readResource("x://nothing")).rejects.toMatchObject({ code: -32602 });
    await expect(client.readResource("x://broken")).rejects.toMatchObject({
      code: -32603,
      message: expect.stringContaining("The disk is broken.") as string,
    });
    await expect(client.readResource("x://boom")).rejects.toThrow(
      /Resource x:\/\/boom failed \(error [0-9a-f]{8} in the server's log\)\./,
    );
    await expect(client.readResource("x://nan")).rejects.toThrow(/its result is invalid/);
    await expect(client.readResource("x://meta")).rejects.toThrow(/its result is invalid/);
    await expect(client.readResource("x://blob")).rejects.toThrow(/its result is invalid/);
    expect(log.mock.calls.map(([text]) => /returned an invalid result: (.*)/.exec(String(text))?.[1])).toEqual([
      undefined,
      "the result has NaN at its root, which has no JSON form. Return null, or a string, instead.",
      "the result has NaN at /_meta/size, which has no JSON form. Return null, or a string, instead.",
      "the contents of 'x://blob' are invalid: its blob is not base64",
    ]);
    const failure = await client.readResource(`y://${"y".repeat(100_000)}`).catch((error: unknown) => error as Error);
    expect(failure).toMatchObject({ message: expect.stringMatching(/Resource not found: y:.{490,510}$/) as string });
  });
});

describe("the error for a missing resource", () => {
  it("has the code -32002 up to 2025-11-25", async () => {
    // The official client turns this code into the modern one, so this looks at the message itself.
    const [client, side] = InMemoryTransport.createLinkedPair();
    await createServer({ name: "s", version: "1", services: [NotesService] }).connect(side);
    const received = new Promise<unknown>((resolve) => {
      const onmessage = (message: { readonly id?: unknown }): void => void (message.id === 2 && resolve(message));
      Object.assign(client, { onmessage });
    });
    await client.start();
    const clientInfo = { name: "raw", version: "1" };
    await client.send({
      jsonrpc: "2.0",
      id: 1,
      method: "initialize",
      params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo },
    });
    await client.send({ jsonrpc: "2.0", method: "notifications/initialized" });
    await client.send({ jsonrpc: "2.0", id: 2, method: "resources/read", params: { uri: "x://nope" } });
    expect(await received).toEqual({
      jsonrpc: "2.0",
      id: 2,
      error: { code: -32002, message: "Resource not found: x://nope", data: { uri: "x://nope" } },
    });
    await client.close();
  });
});

describe("resources/list", () => {
  it("lists resources of templates last, with the description of their template but not its title", async () => {
    class Files {
      readme(): string {
        return "";
      }
      file(dir: string, path: string): string {
        return dir + path;
      }
      list(): object[] {
        return [
          { dir: "a b", path: "c/d" },
          { dir: "e", path: "f" },
        ];
      }
    }
    defineService(Files, {
      file: {
        as: resource("file:///{dir}/{+path}", { list: "list", mimeType: "text/markdown", title: "A file" }),
        kind: "resource",
        properties: { dir: string, path: string },
      },
      readme: { as: resource("file:///readme", { size: 10 }), kind: "resource", description: "Read me." },
    });
    await using client = await connect([Files]);
    expect(await client.listResources()).toEqual([
      { uri: "file:///readme", name: "readme", title: "Readme", description: "Read me.", size: 10 },
      { uri: "file:///a%20b/c/d", name: "a b/c/d", mimeType: "text/markdown" },
      { uri: "file:///e/f", name: "e/f", mimeType: "text/markdown" },
    ]);
    expect((await client.readResource("file:///a%20b/c/d")).text).toBe("a bc/d");
  });

  it("lets a list method log even if no other method has a context", async () => {
    class Files {
      file(path: number): string {
        return String(path);
      }
      list(ctx: Context): number[] {
        ctx.log.info("listing");
        return [1, 2];
      }
    }
    defineService(Files, {
      file: { as: resource("file:///{path}", { list: "list" }), kind: "resource", properties: { path: integer } },
    });
    await using client = await connect([Files], { era: "legacy" });
    expect((await client.listResources()).map(({ uri }) => uri)).toEqual(["file:///1", "file:///2"]);
    expect(client.logs).toEqual([{ level: "info", data: "listing" }]);
  });
});

describe.each(["legacy", "modern"] as const)("Empty arguments of prompts/get in the %s era", (era) => {
  const properties = {
    text: string,
    count: integer,
    on: { type: "boolean" },
    tone: { enum: ["kind", "strict"] },
    email: { type: "string", format: "email" },
    tags: { type: "array", items: string },
    size: { anyOf: [integer, { type: "null" }] },
    either: { anyOf: [integer, string] },
  };
  class Prompts {
    all(...values: readonly unknown[]): string {
      return JSON.stringify(values.map((value) => (value === undefined ? "absent" : value)));
    }
    one(count: number): string {
      return String(count);
    }
  }
  defineService(Prompts, {
    all: { as: prompt(), kind: "prompt", properties, required: [] },
    one: { as: prompt(), kind: "prompt", properties: { count: integer } },
  });

  it.each<[string, unknown, readonly unknown[]]>([
    ["empty", "", ["", "absent", "absent", "absent", "absent", "absent", "absent", ""]],
    ["blank", " \t", [" \t", "absent", "absent", "absent", "absent", "absent", "absent", " \t"]],
    ["null", null, ["absent", "absent", "absent", "absent", "absent", "absent", null, "absent"]],
  ])("are absent if they are optional, %s and not of their type", async (_, value, expected) => {
    await using client = await connect([Prompts], { era });
    const args = Object.fromEntries(Object.keys(properties).map((name) => [name, value as string]));
    expect(JSON.parse((await client.getPrompt("all", args)).text)).toEqual(expected);
  });

  it("are refused if they are required", async () => {
    await using client = await connect([Prompts], { era });
    for (const value of ["", " ", null]) {
      const error = await client.getPrompt("one", { count: value as string }).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: -32602 });
      expect(String(error)).toContain("Invalid arguments for prompt one: count: expected integer, received ");
    }
  });

  it("do not hide other invalid arguments", async () => {
    await using client = await connect([Prompts], { era });
    await expect(client.getPrompt("all", { count: "", tone: "rude" })).rejects.toThrow(/tone: expected one of/);
    await expect(client.getPrompt("all", { unknown: "" })).rejects.toThrow(/unknown: unknown name/);
  });
});

describe.each(["legacy", "modern"] as const)("prompts/get in the %s era", (era) => {
  it("converts arguments to the types of the parameters and reports invalid ones", async () => {
    await using client = await connect([NotesService], { era });
    expect((await client.getPrompt("assistant", { topic: "5", times: "3" })).text).toBe(
      "Organize notes about 5, 3 times.",
    );
    await expect(client.getPrompt("assistant", { times: "many", tpic: "x" })).rejects.toMatchObject({ code: -32602 });
    await expect(client.getPrompt("assistant", { times: "many" })).rejects.toThrow(
      /times: expected integer, received string "many"\..*|topic: missing/,
    );
    await expect(client.getPrompt("asistant", {})).rejects.toThrow(
      'Unknown prompt: "asistant". Did you mean "assistant"?',
    );
  });

  const block = { type: "image", data: "AQI=", mimeType: "image/png" };
  it.each<[string, unknown, object]>([
    ["a string", "a", [{ role: "user", content: { type: "text", text: "a" } }]],
    ["a block", block, [{ role: "user", content: block }]],
    ["a message", { role: "assistant", content: "a" }, [{ role: "assistant", content: { type: "text", text: "a" } }]],
    [
      "messages",
      ["a", { role: "assistant", content: block }],
      [
        { role: "user", content: { type: "text", text: "a" } },
        { role: "assistant", content: block },
      ],
    ],
    ["a whole result", { description: "d", messages: ["a"] }, [{ role: "user", content: { type: "text", text: "a" } }]],
  ])("creates messages from %s", async (_, value, messages) => {
    class Service {
      get(): unknown {
        return value;
      }
    }
    defineService(Service, { get: { as: prompt(), kind: "prompt", result: "content", description: "The prompt." } });
    await using client = await connect([Service], { era });
    const result = await client.getPrompt("get");
    expect(result.messages).toEqual(messages);
    expect(result.description).toBe(_ === "a whole result" ? "d" : "The prompt.");
  });

  it.each<[unknown, boolean]>([
    [image("AQI=", "image/png"), true],
    [{ role: "user", content: { type: "text", text: "a" } }, true],
    [{ type: "resource_link", uri: "https://evil.example", name: "a" }, false],
    [{ messages: [{ role: "user", content: { type: "resource_link", uri: "x://a", name: "a" } }] }, false],
  ])("takes only text and blocks of image(…) etc. from a value of unknown type: %j", async (value, isTaken) => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    class Service {
      get(): unknown {
        return value;
      }
    }
    defineService(Service, { get: { as: prompt(), kind: "prompt", result: "dynamic" } });
    await using client = await connect([Service], { era });
    if (isTaken) expect((await client.getPrompt("get")).messages).toHaveLength(1);
    else await expect(client.getPrompt("get")).rejects.toThrow("its result is invalid");
  });

  it("sends the message of a PromptError unchanged and masks other errors", async () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    class Service {
      get(how: string): unknown {
        if (how === "refused") throw new PromptError("Not today.");
        if (how === "tool error") throw new ToolError("No tool.");
        if (how === "wrong") return { role: "system", content: "a" };
        throw new Error("secret");
      }
    }
    defineService(Service, { get: { as: prompt(), kind: "prompt", properties: { how: string }, result: "dynamic" } });
    await using client = await connect([Service], { era, maskErrors: true });
    await expect(client.getPrompt("get", { how: "refused" })).rejects.toMatchObject({
      code: -32603,
      message: expect.stringContaining("Not today.") as string,
    });
    await expect(client.getPrompt("get", { how: "tool error" })).rejects.toThrow("No tool.");
    await expect(client.getPrompt("get", { how: "wrong" })).rejects.toThrow(/Prompt get failed: its result is invalid/);
    await expect(client.getPrompt("get", { how: "boom" })).rejects.toThrow(/Prompt get failed \(error [0-9a-f]{8}/);
  });
});

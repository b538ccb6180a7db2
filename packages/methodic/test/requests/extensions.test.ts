import type { Client } from "@modelcontextprotocol/client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { apiKey } from "../../src/auth/index.ts";
import { createServer, extension, type ExtensionOptions, type JsonValue, tool } from "../../src/index.ts";
import { createTestClient } from "../../src/testing/test-client.ts";
import { type Capabilities, CONTEXT_PATHS, type PathOptions } from "../fixtures/context-paths.ts";
import { defineService } from "../fixtures/service.ts";

const ECHO = "com.example/echo";
const TASKS = "com.example/tasks";

const echo = extension({
  id: ECHO,
  settings: { maxLength: 10 },
  methods: {
    "echo/say": {
      params: { type: "object", properties: { text: { type: "string", maxLength: 10 } }, required: ["text"] },
      handle: async ({ text }: { text: string }, ctx) => {
        await ctx.notify("notifications/echo", { text });
        return {
          text,
          era: ctx.era,
          subject: ctx.auth?.subject ?? null,
          client: ctx.client?.name ?? null,
          ...ctx.clientExtensions[ECHO],
        };
      },
    },
    "echo/fail": {
      handle: ({ code }: { code?: number }) => {
        throw Object.assign(new Error("the secret reason"), { code });
      },
    },
    "echo/none": { handle: () => "text" as never },
    "echo/values": { handle: () => ({ count: 1n, at: new Date(0) }) as never },
    "echo/lost": { handle: () => ({ run: () => 1 }) as never },
  },
});

/** Answers slow tools with a handle, as the official extension does. */
const tasks = () => {
  const results = new Map<string, Promise<object>>();
  return extension({
    id: TASKS,
    methods: {
      "tasks/get": {
        params: z.object({ taskId: z.string() }),
        handle: async ({ taskId }: { taskId: string }) => ({
          taskId,
          status: "completed",
          result: await results.get(taskId),
        }),
      },
    },
    onToolCall(call, next) {
      if (call.name !== "slow" || !call.clientExtensions[TASKS]) return next();
      results.set("1", next());
      return { resultType: "task", taskId: "1", status: "working" };
    },
  });
};

class Tools {
  slow(text: string): string {
    return `slow ${text}`;
  }
  quick(): string {
    return "quick";
  }
}
defineService(Tools, { slow: { as: tool(), properties: { text: { type: "string" } } }, quick: { as: tool() } });

const request = (client: Client, method: string, params: Record<string, JsonValue> = {}) =>
  client.request({ method, params }, z.looseObject({}));

const DECLARED: Capabilities = { extensions: { [ECHO]: { loud: true }, [TASKS]: {} } };

const withExtensions = (): PathOptions => ({ services: [Tools], extensions: [echo, tasks()] });

let logged: string[];
beforeEach(() => {
  logged = [];
  vi.spyOn(console, "error").mockImplementation((line: unknown) => void logged.push(String(line)));
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe.each(CONTEXT_PATHS.map((path) => [path.name, path] as const))("extensions over %s", (_, path) => {
  it("are declared, and answer their methods with the context of the request", async () => {
    const keys = [{ name: "ada", key: "a-key-of-ada-that-is-long-enough" }];
    const options = { ...withExtensions(), auth: apiKey({ keys }) };
    await using opened = await path.open(options, DECLARED, { "x-api-key": keys[0]?.key ?? "" });
    const { client } = opened;
    expect(client.getServerCapabilities()?.extensions).toEqual({ [ECHO]: { maxLength: 10 }, [TASKS]: {} });
    const knowsClient = path.era === "modern" || path.isLive;
    expect(await request(client, "echo/say", { text: "hi" })).toMatchObject({
      text: "hi",
      era: path.era,
      subject: path.isHttp ? "ada" : null,
      client: knowsClient ? "path-client" : null,
      ...(knowsClient && { loud: true }),
    });
  });

  it("refuse invalid parameters, and hide the errors of their code", async () => {
    await using opened = await path.open(withExtensions(), DECLARED);
    const { client } = opened;
    await expect(request(client, "echo/say", { text: "much too long" })).rejects.toMatchObject({
      code: -32602,
      message: expect.stringContaining("echo/say: text: ") as string,
    });
    await expect(request(client, "echo/fail", { code: -32050 })).rejects.toMatchObject({
      code: -32050,
      message: "the secret reason",
    });
    await expect(request(client, "echo/fail")).rejects.toMatchObject({
      code: -32603,
      message: expect.stringMatching(/^echo\/fail failed \(error \w+ in the server's log\)\.$/) as string,
    });
    await expect(request(client, "echo/none")).rejects.toMatchObject({ code: -32603 });
    expect(logged.join("\n")).toMatch(/echo\/fail of an extension failed.*the secret reason/s);
    await expect(request(client, "echo/unknown")).rejects.toThrow("Method not found");
  });

  it("send results as JSON, and answer with an error if that is impossible", async () => {
    await using opened = await path.open(withExtensions(), DECLARED);
    expect(await request(opened.client, "echo/values")).toMatchObject({ count: "1", at: "1970-01-01T00:00:00.000Z" });
    await expect(request(opened.client, "echo/lost")).rejects.toMatchObject({ code: -32603 });
    expect(logged.join("\n")).toContain("echo/lost of an extension failed");
  });

  it("run around calls of tools, and may answer with another result", async () => {
    await using opened = await path.open(withExtensions(), DECLARED);
    const { client } = opened;
    expect(await client.callTool({ name: "quick" })).toMatchObject({ content: [{ text: "quick" }] });
    // The server does not remember what the client declares.
    if (path.era === "legacy" && !path.isLive) return;
    const calling = request(client, "tools/call", { name: "slow", arguments: { text: "tea" } });
    // The official client refuses results of other types, unless it has the extension.
    if (path.era === "modern") await expect(calling).rejects.toThrow("Unsupported result type 'task' for tools/call");
    else expect(await calling).toMatchObject({ taskId: "1", status: "working" });
    expect(await request(client, "tasks/get", { taskId: "1" })).toMatchObject({
      status: "completed",
      result: { content: [{ text: "slow tea" }] },
    });
  });
});

describe("An extension", () => {
  it("is not served to a client of 2026-07-28 that does not declare it, as MCP demands", async () => {
    await using client = await createTestClient(createServer({ name: "s", version: "1", ...withExtensions() }));
    await expect(request(client.client, "echo/say", { text: "hi" })).rejects.toMatchObject({
      code: -32021,
      data: { requiredCapabilities: { extensions: { [ECHO]: {} } } },
    });
  });

  it("sends notifications that belong to its request", async () => {
    await using opened = await CONTEXT_PATHS[1]!.open(withExtensions(), DECLARED);
    const received: unknown[] = [];
    opened.client.fallbackNotificationHandler = async ({ method, params }) => void received.push([method, params]);
    await request(opened.client, "echo/say", { text: "hi" });
    expect(received).toEqual([["notifications/echo", { text: "hi" }]]);
  });

  it("answers over HTTP by the rules of the headers", async () => {
    const server = createServer({ name: "s", version: "1", ...withExtensions() });
    const send = async (method: string, header: string, extensions: object) => {
      const _meta = {
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": { extensions },
      };
      const response = await server.fetch(
        new Request("http://localhost/mcp", {
          method: "POST",
          headers: {
            "content-type": "application/json",
            accept: "application/json, text/event-stream",
            "mcp-protocol-version": "2026-07-28",
            "mcp-method": header,
          },
          body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params: { _meta, code: -32050 } }),
        }),
      );
      const { error } = (await response.json()) as { readonly error?: { readonly code: number } };
      return [response.status, error?.code];
    };
    expect(await send("echo/fail", "echo/fail", { [ECHO]: {} })).toEqual([200, -32050]);
    expect(await send("echo/fail", "tools/list", { [ECHO]: {} })).toEqual([400, -32020]);
    expect(await send("echo/fail", "echo/fail", {})).toEqual([400, -32021]);
    expect(await send("echo/unknown", "echo/unknown", { [ECHO]: {} })).toEqual([404, -32601]);
    await server.close();
  });

  it("changes results in the order of the list, outermost first", async () => {
    const label = (id: string) =>
      extension({
        id: `com.example/${id}`,
        onToolCall: async ({ name, arguments: args }, next) => {
          const { content } = (await next()) as { readonly content: readonly { readonly text: string }[] };
          return { content: [{ type: "text", text: `${id}(${name} ${JSON.stringify(args)} ${content[0]?.text})` }] };
        },
      });
    const server = createServer({ name: "s", version: "1", services: [Tools], extensions: [label("a"), label("b")] });
    await using client = await createTestClient(server);
    expect((await client.callTool("quick")).text).toBe("a(quick {} b(quick {} quick))");
    await expect(client.callTool("none")).rejects.toMatchObject({ code: -32602 });
  });
});

describe("extension", () => {
  it.each([
    [{ id: "tasks" }, 'extension "tasks": invalid option \'id\': "tasks". It must be a reversed domain name'],
    [{ id: "com.example/-x" }, "invalid option 'id'"],
    [{ id: "com..example/x" }, "invalid option 'id'"],
    [{ id: ECHO, method: {} }, 'extension "com.example/echo": unknown option \'method\'. Did you mean "methods"?'],
    [{ id: ECHO, methods: { "tools/call": { handle: () => ({}) } } }, 'the method "tools/call" belongs to MCP itself'],
    [
      { id: ECHO, methods: { "echo/say": {} } },
      'extension "com.example/echo", method "echo/say": missing option \'handle\'',
    ],
    [undefined, "extension: invalid options: undefined"],
  ])("refuses the options %j", (options, message) => {
    expect(() => extension(options as ExtensionOptions)).toThrow(message);
  });

  it.each(["io.modelcontextprotocol/ui", "com.example/my-extension.v2", "x/y"])("accepts the id %s", (id) => {
    expect(extension({ id })).toEqual({ id, settings: {}, methods: {} });
  });

  it("with settings that are not JSON is refused", () => {
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    for (const settings of [cycle, { run: () => 1 }])
      expect(() => extension({ id: ECHO, settings: settings as never })).toThrow(
        `extension "${ECHO}": invalid option 'settings': they are not JSON.`,
      );
  });

  it("is refused by createServer if it collides with another, or has an invalid schema", () => {
    const start =
      (...extensions: readonly unknown[]) =>
      () =>
        createServer({ name: "s", version: "1", services: [Tools], extensions: extensions as [] });
    expect(start(echo, echo)).toThrow("createServer: Two extensions have the id 'com.example/echo'. Remove one.");
    expect(start(echo, extension({ ...echo, id: "com.example/other" }))).toThrow(
      "The extensions 'com.example/echo' and 'com.example/other' both have the method 'echo/say'. Remove one.",
    );
    const handle = () => ({});
    expect(start(extension({ id: ECHO, methods: { "echo/say": { params: { type: "objekt" }, handle } } }))).toThrow(
      'extension "com.example/echo", method "echo/say": the option \'params\'',
    );
    expect(start({ id: 1 })).toThrow("It must be an extension from extension({ … }).");
  });
});

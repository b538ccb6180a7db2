import { describe, expect, it, vi } from "vitest";
import { requireScopes } from "../../src/auth/index.ts";
import {
  type Context,
  createNotifier,
  createServer,
  defineTool,
  MethodicError,
  prompt,
  resource,
  tool,
  type VersionChoice,
} from "../../src/index.ts";
import { createTestClient } from "../../src/testing/test-client.ts";
import { CONTEXT_PATHS, type PathOptions } from "../fixtures/context-paths.ts";
import { defineService } from "../fixtures/service.ts";

const KEY = "dev.methodic/version";
const number = { type: "number" };
const string = { type: "string" };

class Calculator {
  add1(a: number, b: number): string {
    return `v1: ${a + b}`;
  }
  async add2(numbers: number[]): Promise<{ sum: number }> {
    return { sum: numbers.reduce((sum, n) => sum + n, 0) };
  }
  addBeta(): string {
    return "beta";
  }
  sub(a: number): string {
    return `sub ${a}`;
  }
  async callAdd(name: string, ctx: Context): Promise<string> {
    return (await ctx.callTool(name, { a: 1, b: 2 })).text;
  }
  rates1(): string {
    return "rates 1";
  }
  rates2(): string {
    return "rates 2";
  }
  rate1(id: string): string {
    return `rate 1 of ${id}`;
  }
  rate2(currency: string): string {
    return `rate 2 of ${currency}`;
  }
  currencies(): readonly string[] {
    return ["eur"];
  }
  explain1(topic: string): string {
    return `explain 1 ${topic}`;
  }
  explain2(tone: string): string {
    return `explain 2 ${tone}`;
  }
}
const sum = { type: "object", properties: { sum: number }, required: ["sum"] };
const at = (uri: string, version?: string, list?: string) => ({
  as: resource(uri, { ...(version !== undefined && { version }), ...(list !== undefined && { list }) }),
  kind: "resource" as const,
});
defineService(Calculator, {
  add1: { as: tool({ name: "add", version: "1.0" }), properties: { a: number, b: number } },
  add2: {
    as: tool({ name: "add", version: "2.0" }),
    properties: { numbers: { type: "array", items: number } },
    outputSchema: sum,
  },
  addBeta: { as: tool({ name: "add", version: "2.0-beta" }) },
  sub: { as: tool(), properties: { a: number } },
  callAdd: { as: tool(), properties: { name: string }, contextIndex: 1 },
  rates1: at("calc://rates"),
  rates2: at("calc://rates", "2"),
  rate1: { ...at("calc://rates/{id}", "1"), properties: { id: string } },
  rate2: { ...at("calc://rates/{currency}", "2", "currencies"), properties: { currency: string } },
  explain1: { as: prompt({ name: "explain", version: "2024-11-05" }), kind: "prompt", properties: { topic: string } },
  explain2: {
    as: prompt({ name: "explain", version: "2025-06-18" }),
    kind: "prompt",
    properties: { tone: { enum: ["kind", "strict"] } },
  },
});
const calculator: PathOptions = { services: [Calculator] };
const asking = (version: string) => ({ _meta: { [KEY]: { version } } });

type Content = readonly { readonly type: string; readonly text?: string }[];
const textOf = ({ content }: { readonly content: unknown }): unknown => (content as Content)[0]?.text;

describe.each(CONTEXT_PATHS.map((path) => [path.name, path] as const))("Versions over %s", (_, path) => {
  it("are listed as one entry, the newest, which names the others", async () => {
    for (const pageSize of [undefined, 1]) {
      await using opened = await path.open({ ...calculator, ...(pageSize !== undefined && { pageSize }) });
      const { client } = opened;
      const { tools } = await client.listTools();
      expect(tools.map(({ name }) => name)).toEqual(["add", "sub", "callAdd"]);
      expect(tools[0]).toMatchObject({
        inputSchema: { properties: { numbers: {} } },
        outputSchema: sum,
        _meta: { [KEY]: { version: "2.0", others: ["2.0-beta", "1.0"] } },
      });
      expect(tools[1]?._meta).toBeUndefined();
      const { resources } = await client.listResources();
      expect(resources.map(({ uri }) => uri)).toEqual(["calc://rates", "calc://rates/eur"]);
      expect(resources[0]?._meta).toEqual({ [KEY]: { version: "2", others: ["0"] } });
      const { resourceTemplates } = await client.listResourceTemplates();
      expect(resourceTemplates).toMatchObject([
        { uriTemplate: "calc://rates/{currency}", _meta: { [KEY]: { version: "2", others: ["1"] } } },
      ]);
      expect((await client.listPrompts()).prompts).toMatchObject([
        { name: "explain", arguments: [{ name: "tone" }], _meta: { [KEY]: { version: "2025-06-18" } } },
      ]);
    }
  });

  it("are reached by name@version, and by metadata", async () => {
    await using opened = await path.open(calculator);
    const { client } = opened;
    const call = async (name: string, args: object, rest = {}) =>
      client.callTool({ name, arguments: args as Record<string, unknown>, ...rest });
    expect(await call("add", { numbers: [1, 2] })).toMatchObject({ structuredContent: { sum: 3 } });
    expect(textOf(await call("add@1.0", { a: 1, b: 2 }))).toBe("v1: 3");
    expect(textOf(await call("add", { a: 1, b: 2 }, asking("1")))).toBe("v1: 3");
    expect(textOf(await call("add@2.0-beta", {}))).toBe("beta");
    expect(textOf(await call("callAdd", { name: "add@1.0" }))).toBe("v1: 3");
    const read = async (uri: string, rest = {}) =>
      (await client.readResource({ uri, ...rest })).contents.map((part) => ("text" in part ? part.text : ""))[0];
    expect(await read("calc://rates")).toBe("rates 2");
    expect(await read("calc://rates", asking("0"))).toBe("rates 1");
    expect(await read("calc://rates/usd")).toBe("rate 2 of usd");
    expect(await read("calc://rates/usd", asking("1"))).toBe("rate 1 of usd");
    const get = async (name: string, args: Record<string, string>, rest = {}) =>
      (await client.getPrompt({ name, arguments: args, ...rest })).messages[0]?.content;
    expect(await get("explain", { tone: "kind" })).toMatchObject({ text: "explain 2 kind" });
    expect(await get("explain@2024-11-05", { topic: "x" })).toMatchObject({ text: "explain 1 x" });
    expect(await get("explain", { topic: "x" }, asking("2024-11-05"))).toMatchObject({ text: "explain 1 x" });
    const ref = { type: "ref/prompt", name: "explain" } as const;
    const argument = { name: "tone", value: "s" };
    expect((await client.complete({ ref, argument })).completion.values).toEqual(["strict"]);
    expect((await client.complete({ ref, argument, ...asking("2024-11-05") })).completion.values).toEqual([]);
  });

  it("that do not exist are refused, with those that do", async () => {
    await using opened = await path.open(calculator);
    const { client } = opened;
    for (const request of [{ name: "add@3" }, { name: "add", ...asking("3") }]) {
      await expect(client.callTool({ ...request, arguments: {} })).rejects.toMatchObject({
        code: -32602,
        message: expect.stringContaining(
          'Unknown version of tool "add": "3". Ask for one of 2.0, 2.0-beta, 1.0.',
        ) as unknown,
      });
    }
    await expect(client.callTool({ name: "sub", arguments: {}, ...asking("2") })).rejects.toThrow(
      'Unknown version of tool "sub": "2". It has no versions: leave the version out.',
    );
    await expect(client.callTool({ name: "ad", arguments: {} })).rejects.toThrow(
      'Unknown tool: "ad". Did you mean "add"?',
    );
    await expect(client.readResource({ uri: "calc://rates", ...asking("3") })).rejects.toThrow(
      'Unknown version of resource "calc://rates": "3". Ask for one of 2, 0.',
    );
    await expect(client.readResource({ uri: "calc://rates@0" })).rejects.toThrow("not found");
    const malformed = { _meta: { [KEY]: "3" } };
    await expect(client.callTool({ name: "add", arguments: {}, ...malformed })).rejects.toThrow("dev.methodic/version");
  });

  it("are pinned for a caller by the server", async () => {
    const versions: VersionChoice = ({ name }, ctx) =>
      name === "add" && ctx.era === path.era ? "1.0" : name === "explain" ? "2020-01-01" : undefined;
    await using opened = await path.open({ ...calculator, versions });
    const { client } = opened;
    const { tools } = await client.listTools();
    expect(tools.find(({ name }) => name === "add")).toMatchObject({
      inputSchema: { properties: { a: {} } },
      _meta: { [KEY]: { version: "1.0", others: ["2.0", "2.0-beta"] } },
    });
    expect(textOf(await client.callTool({ name: "add", arguments: { a: 1, b: 1 } }))).toBe("v1: 2");
    const named = await client.callTool({ name: "add@2.0", arguments: { numbers: [5] } });
    expect(named).toMatchObject({ structuredContent: { sum: 5 } });
    expect((await client.listPrompts()).prompts).toEqual([]);
    await expect(client.getPrompt({ name: "explain", arguments: {} })).rejects.toThrow(
      'No version of prompt "explain" is meant for this caller. Ask for one of 2025-06-18, 2024-11-05.',
    );
  });
});

describe("The option versions", () => {
  it("pins resources and templates as well, for each caller on its own", async () => {
    const versions: VersionChoice = ({ kind, uri }, { auth }) =>
      kind === "resource" && auth?.subject === "old" ? (uri === "calc://rates" ? "0" : "1") : undefined;
    const server = createServer({ name: "calculator", version: "1", services: [Calculator], versions });
    const seenBy = async (subject: string): Promise<unknown> => {
      await using client = await createTestClient(server, { auth: { subject, scopes: [], claims: {} } });
      const { resources } = await client.client.listResources();
      return {
        listed: resources.map(({ uri, _meta }) => [uri, (_meta?.[KEY] as { version?: string } | undefined)?.version]),
        templates: (await client.listResourceTemplates()).map(({ uriTemplate }) => uriTemplate),
        texts: [(await client.readResource("calc://rates")).text, (await client.readResource("calc://rates/usd")).text],
      };
    };
    // The server must not keep the choice for one caller and serve it to the next.
    for (const round of [1, 2]) {
      expect(await seenBy("old"), `round ${round}`).toEqual({
        listed: [["calc://rates", "0"]],
        templates: ["calc://rates/{id}"],
        texts: ["rates 1", "rate 1 of usd"],
      });
      expect(await seenBy("new"), `round ${round}`).toMatchObject({
        templates: ["calc://rates/{currency}"],
        texts: ["rates 2", "rate 2 of usd"],
      });
    }
  });
});

describe("A question", () => {
  const form = { type: "object", properties: { ok: { type: "boolean" } }, required: ["ok"] } as const;
  class Asking {
    async one(ctx: Context): Promise<string> {
      return `one: ${(await ctx.elicit("Sure?", form)).action}`;
    }
    async outer(ctx: Context): Promise<string> {
      return `outer of ${(await ctx.callTool("ask")).text}`;
    }
  }
  defineService(Asking, {
    one: { as: tool({ name: "ask", version: "1" }), contextIndex: 0 },
    outer: { as: tool(), contextIndex: 0 },
  });
  class Newer {
    two(): string {
      return "two";
    }
  }
  defineService(Newer, { two: { as: tool({ name: "ask", version: "2" }) } });

  it.each(["ask", "outer"])("of a version continues in it if the caller's version changes (%s)", async (name) => {
    let pin = "1";
    const server = createServer({ name: "asking", version: "1", services: [Asking, Newer], versions: () => pin });
    await using client = await createTestClient(server, {
      onElicit: () => {
        pin = "2";
        return { action: "accept", data: { ok: true } };
      },
    });
    expect((await client.callTool(name, {})).text).toBe(name === "ask" ? "one: accept" : "outer of one: accept");
    expect((await client.callTool("ask", {})).text).toBe("two");
  });
});

describe("A question of a component without a version", () => {
  const form = { type: "object", properties: { ok: { type: "boolean" } }, required: ["ok"] } as const;
  class Only {
    async only(ctx: Context): Promise<string> {
      return `only: ${(await ctx.elicit("Sure?", form)).action}`;
    }
  }
  defineService(Only, { only: { as: tool({ name: "ask" }), contextIndex: 0 } });

  it("is answered in it if a newer version comes before the answer", async () => {
    const server = createServer({ name: "asking", version: "1", services: [] });
    server.tools.add(new Only());
    await using client = await createTestClient(server, {
      onElicit: () => {
        server.tools.add(defineTool({ name: "ask", version: "2", description: "Asks.", run: () => "newer" }));
        return { action: "accept", data: { ok: true } };
      },
    });
    expect((await client.callTool("ask", {})).text).toBe("only: accept");
    expect((await client.callTool("ask", {})).text).toBe("newer");
    expect(server.tools.remove("ask@2")).toBe(true);
    expect((await client.listTools()).map(({ _meta }) => _meta)).toEqual([undefined]);
  });
});

describe("A version", () => {
  it("is hidden by access rules and filters, so that the next older one is listed and called", async () => {
    class Ruled {
      one(): string {
        return "one";
      }
      two(): string {
        return "two";
      }
      three(): string {
        return "three";
      }
    }
    defineService(Ruled, {
      one: { as: tool({ name: "get", version: "1" }) },
      two: { as: tool({ name: "get", version: "2", tags: ["hidden"] }) },
      three: { as: tool({ name: "get", version: "3", auth: requireScopes("new") }) },
    });
    const server = createServer({
      name: "ruled",
      version: "1",
      services: [Ruled],
      filter: ({ tags, version }) => !tags.includes("hidden") && version !== undefined,
    });
    await using client = await createTestClient(server, { auth: { scopes: [], claims: {} } });
    expect((await client.listTools()).map(({ _meta }) => _meta)).toEqual([{ [KEY]: { version: "1", others: [] } }]);
    expect((await client.callTool("get", {})).text).toBe("one");
    await expect(client.callTool("get@3", {})).rejects.toThrow('"3". Ask for one of 1.');
  });

  it("of the same name may not come twice", () => {
    const build = (...versions: readonly (string | undefined)[]) => {
      class Twice {
        a(): string {
          return "a";
        }
        b(): string {
          return "b";
        }
      }
      const [a, b] = versions.map((version) => ({
        as: tool({ name: "twice", ...(version !== undefined && { version }) }),
      }));
      defineService(Twice, { a: a!, b: b! });
      return createServer({ name: "twice", version: "1", services: [Twice] });
    };
    for (const [a, b] of [
      ["1", "1"],
      ["1.0", "1"],
      [undefined, "0"],
      ["0", undefined],
    ] as const) {
      expect(() => build(a, b)).toThrow(/Duplicate name 'twice' with version .*Give one of them another version\./);
    }
    expect(() => build(undefined, undefined)).toThrow("Give one of them another name.");
    expect(() => build(undefined, "1")).not.toThrow();
  });

  it("is changed at run time by name@version, and all versions by the name", async () => {
    const server = createServer({ name: "changing", version: "1", services: [Calculator] });
    await using client = await createTestClient(server);
    const meta = async (): Promise<unknown> =>
      (await client.listTools()).filter(({ name }) => name === "add").map(({ _meta }) => _meta);
    expect(server.tools.disable("add@2")).toBe(1);
    expect(await meta()).toEqual([{ [KEY]: { version: "2.0-beta", others: ["1.0"] } }]);
    expect(server.tools.disable("add")).toBe(2);
    expect(await meta()).toEqual([]);
    expect(server.tools.enable("add")).toBe(3);
    expect(() => server.tools.disable("add@3")).toThrow('server.tools.disable: unknown tool: "add@3".');
    expect(server.tools.remove("add@1")).toBe(true);
    expect(await meta()).toEqual([{ [KEY]: { version: "2.0", others: ["2.0-beta"] } }]);
    expect([server.tools.remove("add"), server.tools.remove("add")]).toEqual([true, false]);
    expect(server.resources.disable("calc://rates")).toBe(2);
    expect(server.resources.disable("calc://rates/{currency}")).toBe(1);
    expect((await client.listResourceTemplates()).map(({ uriTemplate }) => uriTemplate)).toEqual(["calc://rates/{id}"]);
  });

  it("is announced when it is removed", async () => {
    const notifier = createNotifier();
    const announce = vi.spyOn(notifier, "toolsChanged");
    const server = createServer({ name: "changing", version: "1", services: [Calculator], notifier });
    server.tools.disable("add@1.0");
    await Promise.resolve();
    expect(announce).toHaveBeenCalledTimes(1);
    server.tools.remove("add@1.0");
    await Promise.resolve();
    expect(announce).toHaveBeenCalledTimes(1);
    server.tools.remove("add@2.0");
    await Promise.resolve();
    expect(announce).toHaveBeenCalledTimes(2);
  });

  it("must be a number or a date", () => {
    for (const version of ["latest", "", "1@2", 2]) {
      expect(() => tool({ version: version as string })(Object, "x", { value: () => 1 })).toThrow(MethodicError);
    }
  });
});

import { describe, expect, it, vi } from "vitest";
import { requireScopes } from "../../src/auth/index.ts";
import { createServer, prompt, resource } from "../../src/index.ts";
import { createTestClient, type TestClient } from "../../src/testing/test-client.ts";
import { defineService } from "../fixtures/service.ts";

const MANY = Array.from({ length: 250 }, (_, i) => `item-${i}`);

class Completing {
  review(): string {
    return "";
  }

  log(): string {
    return "";
  }

  all(): string {
    return "";
  }
}

defineService(Completing, {
  review: {
    as: prompt(),
    kind: "prompt",
    properties: {
      language: { type: "string", enum: ["TypeScript", "typst", "Python", "C"] },
      strict: { type: "boolean" },
      level: { anyOf: [{ const: 1 }, { type: "string", const: "max" }, { type: "null" }] },
      maybe: { type: ["boolean", "null"] },
      picked: { oneOf: [{ const: "a", title: "First" }, { const: "b" }, { $ref: "#/$defs/More" }] },
      many: { enum: MANY },
      node: { $ref: "#/$defs/Node" },
      free: { type: "string" },
    },
    required: [],
    $defs: { More: { enum: ["b", "c"] }, Node: { anyOf: [{ $ref: "#/$defs/Node" }, { const: "leaf" }] } },
  },
  log: {
    as: resource("logs://{service}/{+path}"),
    kind: "resource",
    properties: { service: { enum: ["web", "worker"] }, path: { type: "string" } },
  },
  all: { as: resource("logs://all"), kind: "resource" },
});

const newServer = () => createServer({ name: "s", version: "1", services: [Completing] });

const ask = async ({ client }: TestClient, name: string, value = "") =>
  (await client.complete({ ref: { type: "ref/prompt", name: "review" }, argument: { name, value } })).completion;

describe.each(["legacy", "modern"] as const)("completion in the %s era", (era) => {
  it("is declared as a capability if a parameter has values to offer", async () => {
    await using some = await createTestClient(newServer(), { era });
    expect(some.client.getServerCapabilities()?.completions).toEqual({});
    class Free {
      ask(): string {
        return "";
      }
    }
    defineService(Free, { ask: { as: prompt(), kind: "prompt", properties: { topic: { type: "string" } } } });
    await using none = await createTestClient(createServer({ name: "n", version: "1", services: [Free] }), { era });
    expect(none.client.getServerCapabilities()?.completions).toBeUndefined();
  });

  it.each([
    ["language", "", ["TypeScript", "typst", "Python", "C"]],
    ["language", "TY", ["TypeScript", "typst"]],
    ["language", "rust", []],
    ["strict", "", ["true", "false"]],
    ["strict", "F", ["false"]],
    ["level", "", ["1", "max"]],
    ["maybe", "", ["true", "false"]],
    ["picked", "", ["a", "b", "c"]],
    ["node", "", ["leaf"]],
    ["free", "x", []],
    ["unknown", "", []],
    ["toString", "", []],
  ])("offers for the argument %s, started as %j, the values %j", async (name, value, values) => {
    await using client = await createTestClient(newServer(), { era });
    expect(await ask(client, name, value)).toEqual({ values, total: values.length, hasMore: false });
  });

  it("offers at most 100 values and reports their total", async () => {
    await using client = await createTestClient(newServer(), { era });
    expect(await ask(client, "many")).toEqual({ values: MANY.slice(0, 100), total: 250, hasMore: true });
    expect(await ask(client, "many", "item-24")).toMatchObject({ total: 11, hasMore: false });
  });

  it("offers values for variables of templates and none for resources", async () => {
    await using test = await createTestClient(newServer(), { era });
    const { client } = test;
    const complete = async (uri: string, name: string) =>
      (await client.complete({ ref: { type: "ref/resource", uri }, argument: { name, value: "wo" } })).completion
        .values;
    expect(await complete("logs://{service}/{+path}", "service")).toEqual(["worker"]);
    expect(await complete("logs://{service}/{+path}", "path")).toEqual([]);
    expect(await complete("logs://all", "service")).toEqual([]);
  });

  it("reports a prompt as unknown to a caller who may not use it", async () => {
    class Guarded {
      secret(): string {
        return "";
      }
    }
    defineService(Guarded, {
      secret: {
        as: prompt({ auth: requireScopes("all") }),
        kind: "prompt",
        properties: { word: { enum: ["hidden"] } },
      },
    });
    const server = createServer({ name: "s", version: "1", services: [Guarded] });
    const params = { ref: { type: "ref/prompt", name: "secret" }, argument: { name: "word", value: "" } } as const;
    await using member = await createTestClient(server, { era, auth: { scopes: ["all"], claims: {} } });
    expect((await member.client.complete(params)).completion.values).toEqual(["hidden"]);
    await using guest = await createTestClient(server, { era, auth: { scopes: [], claims: {} } });
    await expect(guest.client.complete(params)).rejects.toMatchObject({
      code: -32602,
      message: 'Unknown prompt: "secret".',
    });
  });

  it("refuses unknown prompts and templates", async () => {
    await using test = await createTestClient(newServer(), { era });
    const { client } = test;
    const argument = { name: "x", value: "" };
    await expect(client.complete({ ref: { type: "ref/prompt", name: "rewiev" }, argument })).rejects.toMatchObject({
      code: -32602,
      message: 'Unknown prompt: "rewiev". Did you mean "review"?',
    });
    await expect(
      client.complete({ ref: { type: "ref/resource", uri: "logs://{service}" }, argument }),
    ).rejects.toMatchObject({
      code: -32602,
      message: expect.stringContaining('Unknown resource template: "logs://{service}".') as string,
    });
  });

  it("offers for the variables of a template what its list method returns, by the values chosen before", async () => {
    class Files {
      page(): string {
        return "";
      }
      async pages(): Promise<object[]> {
        return [
          { project: "alpha", page: "intro", part: ["a", "b"] },
          { project: "alpha", page: "index", part: ["c"] },
          { project: "beta", page: "intro", part: ["d"] },
          { project: "..", page: "etc", part: ["e"] },
        ];
      }
      broken(): string {
        return "";
      }
      fail(): never {
        throw new Error("down");
      }
    }
    const string = { type: "string" };
    defineService(Files, {
      page: {
        as: resource("pages://{project}/{page}/{+part}", { list: "pages" }),
        kind: "resource",
        properties: { project: string, page: string, part: string },
      },
      broken: { as: resource("broken://{id}", { list: "fail" }), kind: "resource", properties: { id: string } },
    });
    const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const server = createServer({ name: "s", version: "1", services: [Files] });
    await using test = await createTestClient(server, { era });
    const { client } = test;
    expect(client.getServerCapabilities()?.completions).toEqual({});
    const complete = async (name: string, value: string, chosen?: Record<string, string>) => {
      const ref = { type: "ref/resource", uri: "pages://{project}/{page}/{+part}" } as const;
      const context = chosen && { context: { arguments: chosen } };
      return (await client.complete({ ref, argument: { name, value }, ...context })).completion;
    };
    expect(await complete("project", "")).toEqual({ values: ["alpha", "beta"], total: 2, hasMore: false });
    expect((await complete("project", "B")).values).toEqual(["beta"]);
    expect((await complete("page", "in")).values).toEqual(["intro", "index"]);
    expect((await complete("page", "", { project: "beta", page: "x", other: "y" })).values).toEqual(["intro"]);
    expect((await complete("page", "", { project: "" })).values).toEqual(["intro", "index"]);
    expect((await complete("nothing", "")).values).toEqual([]);
    const ref = { type: "ref/resource", uri: "broken://{id}" } as const;
    expect((await client.complete({ ref, argument: { name: "id", value: "" } })).completion.values).toEqual([]);
    expect(log.mock.lastCall?.[0]).toContain("(Files.fail) failed: Error: down");
    log.mockRestore();
  });
});

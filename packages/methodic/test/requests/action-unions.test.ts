import { describe, expect, it } from "vitest";
import { z } from "zod";
import { createServer, definePrompt, defineTool } from "../../src/index.ts";
import { findViolations } from "../../src/manifest/client-rules/publish.ts";
import type { JsonSchema } from "../../src/manifest/format.ts";
import { createTestClient } from "../../src/testing/test-client.ts";
import { CONTEXT_PATHS } from "../fixtures/context-paths.ts";

const NAME = { type: "string", description: "The name" };

const plain = defineTool({
  name: "plain",
  inputSchema: {
    oneOf: [
      {
        type: "object",
        description: "Add a note.",
        properties: { action: { const: "add" }, name: NAME, count: { type: "integer" } },
        required: ["action", "name"],
        additionalProperties: false,
      },
      {
        type: "object",
        properties: { action: { const: "remove" }, name: NAME, force: { type: "boolean" } },
        required: ["action", "name"],
        additionalProperties: false,
      },
    ],
  },
  run: (input, { era }) => JSON.stringify([era, input]),
});

const Zod = z.discriminatedUnion("action", [
  z.object({ action: z.literal("add"), name: z.string(), at: z.coerce.number().default(1) }),
  z.strictObject({ action: z.enum(["remove", "purge"]), force: z.boolean().optional() }),
]);
const zod = defineTool({ name: "zod", inputSchema: Zod, run: (input) => JSON.stringify(input) });

describe.each(CONTEXT_PATHS.map((path) => [path.name, path] as const))(
  "a union as the whole input over %s",
  (_, path) => {
    it("is one object to clients, and one of its members to the tool", async () => {
      await using opened = await path.open({ services: [plain, zod] });
      const { client } = opened;
      const call = async (name: string, input: Record<string, unknown>): Promise<unknown> => {
        const { content } = await client.callTool({ name, arguments: input });
        return (content as readonly { readonly text: string }[])[0]?.text;
      };
      const { tools } = await client.listTools();
      expect(tools[0]?.inputSchema).toEqual({
        type: "object",
        properties: {
          action: { description: "`add`: Add a note.", type: "string", enum: ["add", "remove"] },
          name: NAME,
          count: { description: "Only for `add`.", type: "integer" },
          force: { description: "Only for `remove`.", type: "boolean" },
        },
        required: ["action", "name"],
        additionalProperties: false,
      });
      expect(tools.flatMap(({ inputSchema }) => findViolations(inputSchema as JsonSchema, "input"))).toEqual([]);
      expect(await call("plain", { action: "remove", name: "a", force: "true", count: null })).toBe(
        JSON.stringify([path.era, { action: "remove", name: "a", force: true }]),
      );
      expect(await call("plain", { action: "add", force: true })).toBe(
        "Invalid arguments for tool plain:\n" +
          '- name (action "add"): missing but required (string). The name\n' +
          '- force (action "add"): unknown name. Allowed: action, name, count.',
      );
      expect(await call("zod", { action: "add", name: "a", at: "5" })).toBe('{"action":"add","name":"a","at":5}');
    });
  },
);

describe("a union of a validation library as the whole input", () => {
  it("explains the library's issues with the member that they are about", async () => {
    await using client = await createTestClient(createServer({ name: "s", version: "1", services: [zod] }));
    const [tool] = await client.listTools();
    expect(tool?.inputSchema).toMatchObject({
      properties: {
        action: { type: "string", enum: ["add", "remove", "purge"] },
        name: { description: "Only for `add`; required." },
        force: { description: "Only for `remove`, `purge`." },
      },
      required: ["action"],
    });
    const { text } = await client.callTool("zod", { action: "purge", force: 5 });
    expect(text).toMatch(/^- force \(action "purge"\): .*expected boolean, received number/m);
    expect((await client.callTool("zod", { action: "purge", force: "true" })).text).toBe(
      '{"action":"purge","force":true}',
    );
    expect((await client.callTool("zod", { action: "prge" })).text).toMatch(/^- action: /m);
  });
});

describe("a union that is not discriminated", () => {
  it("is refused as an inputSchema, with the way to write it", () => {
    const inputSchema = {
      anyOf: [
        { type: "object", properties: { a: {} } },
        { type: "object", properties: { b: {} } },
      ],
    };
    const server = createServer({ name: "s", version: "1", services: [] });
    expect(() => server.tools.add(defineTool({ name: "t", inputSchema, run: () => "" }))).toThrow(
      /type: must be "object" at the root, as MCP requires, not undefined\. Give the alternatives a required property with a different constant in each/,
    );
  });

  it("is refused for the arguments of a prompt, even if it is discriminated", () => {
    const server = createServer({ name: "s", version: "1", services: [] });
    expect(() => server.prompts.add(definePrompt({ name: "p", arguments: Zod as never, get: () => "" }))).toThrow(
      /the option 'arguments' is a union, whose members a client cannot list\. Write one object\./,
    );
  });
});

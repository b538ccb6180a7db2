import { findViolations, type JsonSchema } from "methodic/manifest";
import { describe, expect, it } from "vitest";
import { serveBuilt } from "../fixtures/built-server.ts";

/** Each tool returns its input as Node prints it. */
const SERVICE = `import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { type Context, createServer, tool } from "methodic";
import { inspect } from "node:util";
import { type } from "arktype";
import * as v from "valibot";
import { z } from "zod";

interface Add { action: "add"; name: string; count?: number; pinned?: boolean }
interface Remove { action: "remove" | "purge"; name: string; force?: boolean }
interface Plan { action: "plan"; at: Date; links: Set<string>; id?: bigint; home?: URL }
type Change = Add | Remove | Plan;
type Node = { kind: "leaf"; at: Date } | { kind: "group"; nodes: Node[] };
type Switch = { on: true; level: number } | { on: false };
type Version = { version: 1; text: string } | { version: 2; lines: string[] };
type Setting = { type: "limit"; mode: "fixed"; value: number } | { type: "limit"; mode: "none" } | { type: "name"; text: string };

const Zod = z.discriminatedUnion("action", [
  z.object({ action: z.literal("add"), name: z.string(), count: z.int().default(1) }),
  z.object({ action: z.literal("remove"), name: z.string() }),
]);
const Ark = type({ action: "'add'", name: "string" }).or({ action: "'remove'", name: "string", "force?": "boolean" });
const Valibot = toStandardJsonSchema(v.variant("action", [
  v.object({ action: v.literal("add"), name: v.string() }),
  v.object({ action: v.literal("remove"), name: v.string(), force: v.optional(v.boolean()) }),
]));
const inputSchema = {
  oneOf: [
    { type: "object", properties: { action: { const: "add" }, name: { type: "string" } }, required: ["action", "name"], additionalProperties: false },
    { $ref: "#/$defs/Remove" },
  ],
  $defs: {
    Remove: { type: "object", properties: { action: { const: "remove" }, force: { type: "boolean" } }, required: ["action"], additionalProperties: false },
  },
};
const show = (...values: unknown[]): string => values.map((value) => inspect(value, { depth: 9, breakLength: Infinity })).join(" ");

class Unions {
  @tool() named(change: Change): string {
    if (change.action === "plan") change.at.getTime();
    return show(change);
  }
  @tool() before(ctx: Context, change: Change): string { return show(ctx.era, change); }
  @tool() spread({ action, ...rest }: Change, ctx: Context): string { return show(ctx.era, action, rest); }
  @tool() preset({ name = "all", ...rest }: Add | Remove): string { return show(name, rest); }
  @tool() recursive(node: Node): string { return show(node); }
  @tool() boolean(change: Switch): string { return show(change); }
  @tool() number(change: Version): string { return show(change); }
  @tool() nested(setting: Setting): string { return show(setting); }
  @tool() property({ change }: { change: Add | Remove }): string { return show(change); }
  @tool({ inputSchema: Zod }) zod(change: z.infer<typeof Zod>): string { return show(change); }
  @tool({ inputSchema: Ark }) ark({ action, ...rest }: typeof Ark.infer): string { return show(action, rest); }
  @tool({ inputSchema: Valibot }) valibot(change: { action: "add" | "remove"; name: string }): string { return show(change); }
  @tool({ inputSchema }) plain(change: { action: "add" | "remove" }): string { return show(change); }
}
export default createServer({ name: "unions", version: "1.0.0", services: [Unions] });
`;

describe.each([
  ["legacy", "modern"],
  ["standard", "legacy"],
] as const)("a discriminated union as the whole input, in the %s dialect and the %s era,", (dialect, era) => {
  const { getClient, call } = serveBuilt(SERVICE, dialect, era);
  const at = "2026-01-31T09:30:00Z";

  it("is listed as one object that clients accept", async () => {
    const tools = await getClient().listTools();
    expect(tools.map(({ name }) => name)).toHaveLength(13);
    for (const { name, inputSchema } of tools) {
      expect(
        findViolations(inputSchema as JsonSchema, "input").map(({ rule, problem }) => `${name} ${rule.id} ${problem}`),
      ).toEqual([]);
      expect([inputSchema.type, inputSchema["anyOf"], inputSchema["oneOf"]]).toEqual(["object", undefined, undefined]);
    }
  });

  it.each([
    ["named", { action: "add", name: "a", count: 2 }, "{ action: 'add', name: 'a', count: 2 }"],
    ["named", { action: "purge", name: "a", force: true }, "{ action: 'purge', name: 'a', force: true }"],
    ["before", { action: "add", name: "a" }, `'${era}' { action: 'add', name: 'a' }`],
    ["spread", { action: "add", name: "a" }, `'${era}' 'add' { name: 'a' }`],
    ["preset", { action: "remove" }, "'all' { action: 'remove' }"],
    ["boolean", { on: true, level: 1 }, "{ on: true, level: 1 }"],
    ["boolean", { on: false }, "{ on: false }"],
    ["number", { version: 2, lines: ["a"] }, "{ version: 2, lines: [ 'a' ] }"],
    ["nested", { type: "limit", mode: "fixed", value: 1 }, "{ type: 'limit', mode: 'fixed', value: 1 }"],
    ["nested", { type: "limit", mode: "none" }, "{ type: 'limit', mode: 'none' }"],
    ["property", { change: { action: "add", name: "a" } }, "{ action: 'add', name: 'a' }"],
    ["zod", { action: "add", name: "a" }, "{ action: 'add', name: 'a', count: 1 }"],
    ["ark", { action: "remove", name: "a", force: true }, "'remove' { name: 'a', force: true }"],
    ["valibot", { action: "add", name: "a" }, "{ action: 'add', name: 'a' }"],
    ["plain", { action: "remove", force: true }, "{ action: 'remove', force: true }"],
  ])("reaches the method %s as its member", async (name, input, shown) => {
    expect(await call(name, input)).toBe(shown);
  });

  it.each([
    [
      "named",
      { action: "plan", at, links: ["a", "b"], id: "5", home: "https://a.b/" },
      /^\{ action: 'plan', at: 2026-01-31T09:30:00\.000Z, links: Set\(2\) \{ 'a', 'b' \}, id: 5n, home: URL \{/,
    ],
    [
      "recursive",
      {
        kind: "group",
        nodes: [
          { kind: "leaf", at },
          { kind: "group", nodes: [] },
        ],
      },
      /^\{ kind: 'group', nodes: \[ \{ kind: 'leaf', at: 2026-01-31T09:30:00\.000Z \}, \{ kind: 'group', nodes: \[\] \} \] \}$/,
    ],
  ])("revives the values of its member in %s", async (name, input, shown) => {
    expect(await call(name, input)).toMatch(shown);
  });

  it.each([
    [
      "named",
      { action: "add", name: "a", count: "2", pinned: "true" },
      "{ action: 'add', name: 'a', count: 2, pinned: true }",
    ],
    ["named", { action: "add", name: "a", count: null }, "{ action: 'add', name: 'a' }"],
    // A client that fills in every property of the published object.
    [
      "named",
      { action: "remove", name: "a", count: null, at: null, force: "true" },
      "{ action: 'remove', name: 'a', force: true }",
    ],
    [
      "named",
      { action: "plan", at, links: '["a"]', id: 5 },
      "{ action: 'plan', at: 2026-01-31T09:30:00.000Z, links: Set(1) { 'a' }, id: 5n }",
    ],
    ["boolean", { on: "true", level: "3" }, "{ on: true, level: 3 }"],
    ["number", { version: "1", text: "a", lines: null }, "{ version: 1, text: 'a' }"],
    ["nested", { type: "limit", mode: "fixed", value: "1", text: null }, "{ type: 'limit', mode: 'fixed', value: 1 }"],
    ["plain", { action: "remove", force: "true", name: null }, "{ action: 'remove', force: true }"],
  ])("is repaired within its member in %s", async (name, input, shown) => {
    expect(await call(name, input)).toBe(shown);
  });

  it.each([
    ["named", { action: "add" }, ['name (action "add"): missing but required (string).']],
    [
      "named",
      { action: "add", name: "a", force: true },
      ['force (action "add"): unknown name. Allowed: action, name, count, pinned.'],
    ],
    ["named", { action: "purge", name: 5 }, ['name (action "purge"): expected string, received number 5.']],
    [
      "named",
      { action: "ad", name: 5 },
      ['action: expected one of "add", "remove", "purge", "plan", received string "ad". Did you mean "add"?'],
    ],
    ["named", { name: "a" }, ['action: missing but required (one of "add", "remove", "purge", "plan").']],
    ["boolean", { on: true }, ["level (on true): missing but required (number)."]],
    [
      "nested",
      { type: "limit", mode: "fixed" },
      ['value (type "limit" and mode "fixed"): missing but required (number).'],
    ],
    [
      "nested",
      { type: "limit", mode: "x" },
      ['mode (type "limit"): expected one of "fixed", "none", received string "x".'],
    ],
    [
      "recursive",
      { kind: "group", nodes: [{ kind: "leaf" }] },
      ['nodes[0].at (kind "group"): missing but required (string).'],
    ],
    [
      "preset",
      { action: "add", force: true },
      ['force (action "add"): unknown name. Allowed: action, name, count, pinned.'],
    ],
    ["plain", { action: "add" }, ['name (action "add"): missing but required (string).']],
  ])("explains what is wrong in its member in %s", async (name, input, problems) => {
    const { text, isError } = await getClient().callTool(name, input);
    expect(isError).toBe(true);
    expect(text.split("\n").slice(1)).toEqual(problems.map((problem) => `- ${problem}`));
  });
});

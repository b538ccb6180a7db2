import { findViolations, type JsonSchema } from "methodic/manifest";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TemporaryProject } from "../../../../fixtures/project.ts";
import { compileProject, type Diagnostic, type ToolArtifact } from "../../src/index.ts";
import { createStubProject } from "../fixtures/stub-project.ts";

const SERVICE = `import { prompt, tool, type Context } from "methodic";

interface A { kind: "a"; b?: B; c?: C; u?: U }
interface B { kind: "b"; a?: A; c?: C; u?: U }
interface C { kind: "c"; a?: A; b?: B; u?: U }
type U = A | B | C;
interface P { q: Q | R }
interface Q { p: P | R }
interface R { q: Q | P }
enum Bit { Off, On = 4 }
interface Big { a: string; b: () => void }
enum Color { Red = "red", None = "" }

export class Service {
  /** List everything. */
  @tool() list_all(): string[] { return []; }
  /** Empty the shelf. */
  @tool() purge(ctx: Context): void {}
  /** Click a place. @param at x and y @param path All places to pass */
  @tool() click(at: [x: number, y: number], path: [number, number][] = [], mixed: [string, number?] = [""]): string { return ""; }
  /** Find. */
  @tool("docs.find/all") find(): string { return ""; }
  /** Synchronize. */
  @tool() synchronizeAllCustomerRecordsAcrossEveryConnectedWarehouse(): string { return ""; }
  /** Ask. */
  @prompt("ask.it") ask(): string { return ""; }
  /** Set a value. */
  @tool() put(value: unknown, other: any, text: string | null, id: \`user-\${string}\`, map: Record<number, string>): unknown { return value; }
  /** Walk a tree. */
  @tool() walk(tree: U): A { throw new Error(); }
  /** Trace. */
  @tool() trace(p: P): void {}
  /** Paint. */
  @tool() paint(color: Color): void {}
  /** Switch. @param bit Its state */
  @tool() flip(bit: Bit, other?: Bit | null): Bit { return bit; }
  /** Export. */
  @tool({ outputSchema: false }) dump(): Big { throw new Error(); }
  /** Translate. */
  @tool() translate({ größe, ...rest }: { größe: string; text: string }): void {}
  /** Use a schema of the decorator. */
  @tool({ inputSchema: { type: "object", properties: { code: { type: "string", pattern: "^(?!x)" }, pair: { type: "array", items: false, prefixItems: [{ type: "string" }] } }, anyOf: [{ required: ["code"] }] }, outputSchema: { const: 1 } })
  raw(input: { code: string }): number { return 1; }
}
`;

let project: TemporaryProject;
let tools: Readonly<Record<string, ToolArtifact>>;
let diagnostics: readonly Diagnostic[];

beforeAll(() => {
  project = createStubProject({ "s.ts": SERVICE });
  const compiled = compileProject({ root: project.root, keepGoing: true });
  diagnostics = compiled.diagnostics;
  tools = compiled.services["s.ts#Service"]!.tools;
});

afterAll(() => project[Symbol.dispose]());

describe("the published schema of a tool", () => {
  it.each(["list_all", "purge"])("has properties without parameters: %s", (name) => {
    const { inputSchema } = tools[name]!;
    expect(JSON.stringify(inputSchema)).toBe('{"type":"object","properties":{},"additionalProperties":false}');
  });

  it("has items for every closed tuple", () => {
    const { properties } = tools["click"]!.inputSchema as { properties: Record<string, JsonSchema> };
    const point = { type: "array", items: { type: "number" }, minItems: 2, maxItems: 2 };
    expect(properties["at"]).toEqual({
      ...point,
      items: properties["at"]!["items"],
      description: "x and y",
      prefixItems: expect.anything(),
    });
    expect(properties["at"]!["items"]).toEqual({ type: "number" });
    expect(properties["path"]).toMatchObject({ type: "array", items: point });
    expect(properties["mixed"]).toMatchObject({
      items: { anyOf: [{ type: "string" }, { type: "number" }] },
      minItems: 1,
      maxItems: 2,
    });
  });

  it("has a type for every parameter", () => {
    const { properties } = tools["put"]!.inputSchema as { properties: Record<string, JsonSchema> };
    for (const name of ["value", "other"])
      expect((properties[name]!["anyOf"] as JsonSchema[]).map(({ type }) => type)).toEqual([
        "string",
        "number",
        "boolean",
        "object",
        "array",
        "null",
      ]);
    expect(properties["text"]).toEqual({ anyOf: [{ type: "string" }, { type: "null" }] });
  });

  it("has no pattern that a provider refuses, and says it in words", () => {
    const { properties } = tools["put"]!.inputSchema as { properties: Record<string, JsonSchema> };
    expect(properties["id"]).toEqual({ type: "string", description: String.raw`Pattern: ^user-[\s\S]*$` });
    expect(properties["map"]).toEqual({
      type: "object",
      properties: {},
      additionalProperties: { type: "string" },
      description: "Names: numbers",
    });
  });

  it("has each recursive type once", () => {
    const { inputSchema, outputSchema } = tools["walk"]!;
    expect(Object.keys(inputSchema!["$defs"] as object).sort()).toEqual(["A", "B", "C", "U"]);
    expect(Object.keys(outputSchema!["$defs"] as object).sort()).toEqual(["A", "B", "C", "U"]);
    expect(Object.keys(tools["trace"]!.inputSchema!["$defs"] as object)).toEqual(["Q", "P"]);
  });

  it("describes the numbers of an enum by their names", () => {
    const { properties } = tools["flip"]!.inputSchema as { properties: Record<string, JsonSchema> };
    expect(properties["bit"]).toEqual({ type: "number", enum: [0, 4], description: "Its state\n0 = Off, 4 = On" });
    expect(properties["other"]).toMatchObject({
      anyOf: [{ enum: [0, 4], description: "0 = Off, 4 = On" }, { type: "null" }],
    });
    expect(tools["flip"]!.outputSchema).toEqual({ type: "number", enum: [0, 4], description: "0 = Off, 4 = On" });
  });

  it("has no output schema if the decorator sets outputSchema: false", () => {
    expect(tools["dump"]).toEqual({
      description: "Export.",
      schemasFromDecorator: ["output"],
      inputSchema: tools["purge"]!.inputSchema,
    });
  });

  it("follows every rule, except those that the build warns about", () => {
    const broken = Object.entries(tools).flatMap(([name, { inputSchema, outputSchema }]) => [
      ...findViolations(inputSchema!, "input").map(({ rule }) => `${name} ${rule.id}`),
      ...(outputSchema ? findViolations(outputSchema, "output").map(({ rule }) => `${name} ${rule.id}`) : []),
    ]);
    expect(broken).toEqual(["paint empty-enum-values", "translate property-names", "raw plain-root"]);
  });

  it("is that of the decorator, rewritten, if the decorator has one", () => {
    const { inputSchema, outputSchema } = tools["raw"]!;
    expect(inputSchema).toMatchObject({
      properties: {
        code: { type: "string", description: "Pattern: ^(?!x)" },
        pair: { type: "array", items: { type: "string" }, maxItems: 1 },
      },
    });
    expect(outputSchema).toEqual({ type: "number", enum: [1] });
  });
});

describe("the build", () => {
  it("warns of what some clients refuse, with the rule and the clients", () => {
    expect(diagnostics.map(({ code, severity, message }) => `${severity} ${code} ${message}`)).toEqual([
      'warning MTD201 Service.find: the tool has the name "docs.find/all", with characters other than A-Z a-z 0-9 _ -; some clients refuse it (OpenAI, Anthropic, Bedrock, Cursor, Copilot CLI, Codex; rule name-characters).',
      'warning MTD201 Service.synchronizeAllCustomerRecordsAcrossEveryConnectedWarehouse: the tool has the name "synchronizeAllCustomerRecordsAcrossEveryConnectedWarehouse" of 58 characters; some clients refuse it (Cursor (60 with the server\'s name), OpenAI, Anthropic, Bedrock, VS Code; rule name-length).',
      'warning MTD201 Service.ask: the prompt has the name "ask.it", with characters other than A-Z a-z 0-9 _ -; some clients refuse it (OpenAI, Anthropic, Bedrock, Cursor, Copilot CLI, Codex; rule name-characters).',
      "warning MTD200 Service.paint: at color: the input schema has an empty string in its enum; some clients refuse it (Gemini; rule empty-enum-values).",
      'warning MTD200 Service.translate: the input schema has a parameter named "größe"; some clients refuse it (Anthropic; rule property-names).',
      "warning MTD200 Service.raw: the input schema has anyOf at the root; some clients refuse it (Anthropic, OpenAI, Bedrock, Gemini; rule plain-root).",
    ]);
  });

  it("warns of names that the server's naming makes too long", () => {
    using server = createStubProject({
      "s.ts": `import { createServer, tool } from "methodic";
class Records {
  /** Finds. */
  @tool() findAllOpenRecordsOfEveryCustomerWithANoteXY(): void {}
}
export default createServer({ name: "s", version: "1.0.0", naming: "snake_case", services: [Records] });
`,
    });
    const found = compileProject({ root: server.root }).diagnostics;
    expect(found.map(({ code, message }) => `${code} ${message.split(";")[0]}`)).toEqual([
      'MTD201 Records.findAllOpenRecordsOfEveryCustomerWithANoteXY: the tool has the name "find_all_open_records_of_every_customer_with_a_note_xy" of 54 characters',
    ]);
  });

  it("suggests a part of a type whose schema is too large", () => {
    const properties = Array.from({ length: 300 }, (_, i) => `field_number_${i}: string[];`).join(" ");
    using large = createStubProject({
      "s.ts": `import { tool } from "methodic";
declare namespace Stripe { interface Customer { ${properties} id: string; email: string | null; name: string } }
type Four<T> = { a: T; b: T; c: T; d: T; id: string; name: string };
type Cube = Four<Four<Four<Four<Four<Four<Four<Four<Four<string>>>>>>>>>;
export class S {
  /** Reads. */ @tool() async read(customer: Stripe.Customer): Promise<Stripe.Customer[]> { return [customer]; }
  /** Turns. */ @tool({ refs: "inline" }) turn(): Cube { throw new Error(); }
}
`,
    });
    const { diagnostics: found } = compileProject({ root: large.root, keepGoing: true });
    expect(found.map(({ code, hint }) => `${code} ${hint}`)).toEqual([
      'MTD200 Take the properties that the method needs: Pick<Stripe.Customer, "id" | "name">.',
      'MTD200 Return the properties that a model needs: Pick<Stripe.Customer, "id" | "name">. Or publish no schema: @tool({ outputSchema: false }).',
      'MTD109 Return the properties that a model needs: Pick<Cube, "id" | "name">. Or publish no schema: @tool({ outputSchema: false }). Or share its parts: remove refs: "inline".',
    ]);
  });

  it("warns once of a large schema, and names its largest parts", () => {
    const fields = (length: number): string =>
      Array.from({ length }, (_, i) => `the_field_number_${i}_of_${length}?: string | string[];`).join(" ");
    using large = createStubProject({
      "s.ts": `import { tool } from "methodic";
interface Block { ${fields(120)} inner?: Block[] }
interface Message { text: string; blocks: Block[]; author: { ${fields(60)} }; meta: { ${fields(30)} }; link: { ${fields(10)} } }
type Deep<T> = { a: { b: { c: { d: { e: { f: T } } } } } };
export class S {
  /** Posts. */ @tool() post(message: Message): void {}
  /** Posts. */ @tool({ refs: "inline" }) deep(message: Deep<Deep<Message>>): void {}
  /** Reads. */ @tool() read(): { ${fields(100)} } { throw new Error(); }
}
`,
    });
    const { diagnostics: found } = compileProject({ root: large.root });
    expect(found.map(({ code, message, hint }) => `${code} ${message} ${hint}`)).toEqual([
      'MTD200 S.post: the input schema has 16 KB, which every request of a model carries. Largest parts: message.blocks[] 8.7 KB, message.author 4.3 KB, message.meta 2.2 KB. Take the properties that the method needs: Pick<Message, "text" | "blocks">.',
      'MTD200 S.deep: the input schema has 23 KB, which every request of a model carries. Largest parts: message.a.b.c.d.e.f.a.b.c.d.e.f.blocks[] 12 KB, message.a.b.c.d.e.f.a.b.c.d.e.f.author 6 KB, message.a.b.c.d.e.f.a.b.c.d.e.f.meta 3 KB. Split the tool, or pick the properties that callers need. Or share its parts: remove refs: "inline".',
    ]);
  });
});

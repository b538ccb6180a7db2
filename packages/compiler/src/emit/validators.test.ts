import { equal, findDuplicate, formats, memoize, ucs2length, type TypedMember } from "methodic/manifest";
import { describe, expect, it } from "vitest";
import type { JsonSchema } from "methodic/manifest";
import { generateValidators } from "./validators.ts";

const helpers = {
  equal: "equal",
  findDuplicate: "findDuplicate",
  formats: "formats",
  memoize: "memoize",
  ucs2length: "ucs2length",
} as const;

function compile(properties: Record<string, JsonSchema>): {
  readonly code: string;
  readonly validate: TypedMember["validators"]["input"];
} {
  const inputSchema = {
    type: "object",
    properties,
    required: Object.keys(properties),
    additionalProperties: false,
  } as const;
  const code = generateValidators([new Map([["method", { inputSchema }]])], helpers).body;
  const make = new Function(...Object.keys(helpers), code);
  return { code, validate: make(equal, findDuplicate, formats, memoize, ucs2length)[0].method.input };
}

describe("generateValidators", () => {
  it("writes no code for errors", () => {
    const { code } = compile({
      name: { type: "string", minLength: 2 },
      kind: { enum: ["a", "b"] },
      shape: { anyOf: [{ type: "object", required: ["a"] }, { not: { type: "string" } }] },
      list: { type: "array", items: { type: "object", propertyNames: { maxLength: 2 } }, contains: { const: 1 } },
      tree: { anyOf: [{ $ref: "#" }, { type: "null" }] },
    });
    expect(code).not.toMatch(/vErrors|instancePath|schemaPath|\.errors|\berr\d/);
  });

  it("stops at the first error", () => {
    const { validate } = compile({ list: { type: "array", items: { type: "string" }, maxItems: 1e6 } });
    let reads = 0;
    const item = { get: () => (reads++, 1) };
    const list = Object.defineProperties(Array(1000).fill(""), { 5: item, 6: item, 7: item });
    expect(validate({ list })).toBe(false);
    expect(reads).toBe(1);
    expect(validate({ list: Object.defineProperty(Array(1_000_001), 0, item) })).toBe(false);
    expect(reads).toBe(1);
  });

  it("checks each part of a recursive value once, whatever the alternatives", () => {
    const schema = (kind: string): JsonSchema => ({
      type: "object",
      properties: { next: { $ref: "#/$defs/Node" }, kind: { const: kind } },
      required: ["kind"],
    });
    const inputSchema = {
      type: "object",
      properties: { node: { $ref: "#/$defs/Node" } },
      $defs: { Node: { anyOf: [schema("a"), schema("b")] } },
    } as const;
    const { body } = generateValidators([new Map([["method", { inputSchema }]])], helpers);
    const validate = new Function(...Object.keys(helpers), body)(equal, findDuplicate, formats, memoize, ucs2length)[0]
      .method.input;
    let reads = 0;
    const chain = (depth: number): object => ({
      get kind() {
        reads++;
        return "b";
      },
      ...(depth > 0 && { next: chain(depth - 1) }),
    });
    expect(validate({ node: chain(50) })).toBe(true);
    expect(reads).toBeLessThan(500);
  });

  it.each([
    ',schemaPath:"x",keyword:"type",params:{}};',
    "};\nif(vErrors === null){\nvErrors = [err0];\n}",
    "unevaluated",
    "${report}`\\",
    "\u2028'\"",
  ])("validates a property called %j", (name) => {
    const { validate } = compile({ [name]: { type: "number", minimum: 1 } });
    expect(validate({ [name]: 1 })).toBe(true);
    expect(validate({ [name]: 0 })).toBe(false);
    expect(validate({})).toBe(false);
  });

  it("validates property names", () => {
    const inputSchema = { type: "object", propertyNames: { pattern: "^[a-z]+$" } } as const;
    const { body } = generateValidators([new Map([["method", { inputSchema }]])], helpers);
    const validate = new Function(...Object.keys(helpers), body)(equal, findDuplicate, formats, memoize, ucs2length)[0]
      .method.input;
    expect(validate({ ok: 1 })).toBe(true);
    expect(validate({ NOT: 1 })).toBe(false);
  });

  it("removes annotations, but not the properties and data that have their names", () => {
    const { code, validate } = compile({
      title: { type: "string", title: "REMOVED" },
      default: { type: "integer", default: 1, description: "REMOVED" },
      enum: { const: { title: "kept", examples: [1] } },
    });
    expect(code).not.toContain("REMOVED");
    const valid = { title: "a", default: 2, enum: { title: "kept", examples: [1] } };
    expect(validate(valid)).toBe(true);
    expect(validate({ ...valid, title: 1 })).toBe(false);
    expect(validate({ ...valid, default: "2" })).toBe(false);
    expect(validate({ ...valid, enum: { title: "other", examples: [1] } })).toBe(false);
  });

  const object = { type: "object", properties: { name: { type: "string" } }, required: ["name"] };

  it.each<[string, JsonSchema]>([
    ["anyOf", { anyOf: [object, { type: "null" }] }],
    ["oneOf", { oneOf: [object, { type: "null" }] }],
    ["if", { if: { type: "object" }, then: object, else: { type: "null" } }],
    [
      "$ref",
      { $ref: "#/$defs/Node", $defs: { Node: { anyOf: [object, { $ref: "#/$defs/No" }] }, No: { type: "null" } } },
    ],
    ["prefixItems", { anyOf: [object, { type: "null" }, { type: "array", prefixItems: [object] }] }],
  ])("validates a schema that consists of %s", (_keyword, outputSchema) => {
    const members = new Map([["method", { inputSchema: { type: "object" } as const, outputSchema }]]);
    const { body } = generateValidators([members], helpers);
    const validate = new Function(...Object.keys(helpers), body)(equal, findDuplicate, formats, memoize, ucs2length)[0]
      .method.output;
    expect([{ name: "a" }, null, { name: 1 }, {}, 1].map((value) => validate(value))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  it("share one function for equal definitions of different methods and classes", () => {
    const note = (description: string): JsonSchema => ({
      type: "object",
      properties: { title: { type: "string", description, pattern: "^[A-Z]" }, parent: { $ref: "#/$defs/Note" } },
      required: ["title"],
    });
    const list = { type: "object", properties: { notes: { type: "array", items: { $ref: "#/$defs/Note" } } } } as const;
    const inputSchema = { type: "object", properties: { note: { $ref: "#/$defs/Note" } } } as const;
    const classes = ["a", "b", "c"].map(
      (text) =>
        new Map([
          [
            "m",
            {
              inputSchema: { ...inputSchema, $defs: { Note: note(text) } },
              outputSchema: { ...list, $defs: { Note: note(text) } },
            },
          ],
        ]),
    );
    const { body } = generateValidators(classes, helpers);
    expect(body.match(/\.title/g)).toHaveLength(1);
    expect(body.match(/memoize\(/g)).toHaveLength(1);
  });

  it("distinguish definitions that have the same name and differ deep inside", () => {
    const methods = ["string", "number"].map((type) => {
      const $defs = {
        A: { type: "object", properties: { b: { $ref: "#/$defs/B" } } },
        B: { properties: { c: { type }, a: { $ref: "#/$defs/A" } } },
      };
      return [
        type,
        { inputSchema: { type: "object", properties: { a: { $ref: "#/$defs/A" } }, $defs } as const },
      ] as const;
    });
    const { body } = generateValidators([new Map(methods)], helpers);
    const [all] = new Function(...Object.keys(helpers), body)(equal, findDuplicate, formats, memoize, ucs2length);
    const value = { a: { b: { a: { b: { c: "text" } } } } };
    expect(all.string.input(value)).toBe(true);
    expect(all.number.input(value)).toBe(false);
  });

  it("validates references that are one object in memory", () => {
    const next = { $ref: "#/$defs/Node" };
    const inputSchema = {
      type: "object",
      properties: { node: next },
      $defs: { Node: { type: "object", properties: { next: { anyOf: [next, { type: "null" }] } } } },
    } as const;
    const { body } = generateValidators([new Map([["method", { inputSchema }]])], helpers);
    const [{ method }] = new Function(...Object.keys(helpers), body)(
      equal,
      findDuplicate,
      formats,
      memoize,
      ucs2length,
    );
    expect(method.input({ node: { next: { next: null } } })).toBe(true);
    expect(method.input({ node: { next: { next: "x" } } })).toBe(false);
  });

  it("accepts anything where references lead in a circle", () => {
    const inputSchema = {
      type: "object",
      properties: { a: { $ref: "#/$defs/A" } },
      $defs: { A: { $ref: "#/$defs/B" }, B: { $ref: "#/$defs/A" } },
    } as const;
    const { body } = generateValidators([new Map([["method", { inputSchema }]])], helpers);
    const [{ method }] = new Function(...Object.keys(helpers), body)(
      equal,
      findDuplicate,
      formats,
      memoize,
      ucs2length,
    );
    expect(method.input({ a: 1 })).toBe(true);
  });
});

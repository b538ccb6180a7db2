import { equal, findDuplicate, formats, ucs2length, type TypedMember } from "methodic/manifest";
import { describe, expect, it } from "vitest";
import type { JsonSchema } from "methodic/manifest";
import { generateValidators } from "./validators.ts";

const helpers = {
  equal: "equal",
  findDuplicate: "findDuplicate",
  formats: "formats",
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
  const code = generateValidators(new Map([["method", { inputSchema }]]), helpers).body;
  const make = new Function(...Object.keys(helpers), code);
  return { code, validate: make(equal, findDuplicate, formats, ucs2length).method.input };
}

describe("generateValidators", () => {
  it("removes the statements that are the same for every error", () => {
    const { code } = compile({ name: { type: "string" }, kind: { enum: ["a", "b"] } });
    expect(code).not.toMatch(/vErrors\.push|\.evaluated|dynamicProps/);
    expect(code.match(/report\(/g)?.length).toBeGreaterThan(4);
  });

  it("reports all errors", () => {
    const { validate } = compile({ name: { type: "string", minLength: 2 }, kind: { enum: ["a", "b"] } });
    expect(validate({ name: "", kind: "c", other: 1 })).toBe(false);
    expect(validate.errors?.map(({ instancePath, keyword, params }) => [instancePath, keyword, params])).toEqual([
      ["", "additionalProperties", { additionalProperty: "other" }],
      ["/name", "minLength", { limit: 2 }],
      ["/kind", "enum", { allowedValues: ["a", "b"] }],
    ]);
    expect(validate({ name: "ab", kind: "a" })).toBe(true);
    expect(validate.errors).toBeNull();
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
    expect(validate.errors?.map(({ keyword }) => keyword)).toEqual(["minimum"]);
    expect(validate({})).toBe(false);
    expect(validate.errors?.[0]?.params).toEqual({ missingProperty: name });
  });

  it("validates property names", () => {
    const inputSchema = { type: "object", propertyNames: { pattern: "^[a-z]+$" } } as const;
    const { body } = generateValidators(new Map([["method", { inputSchema }]]), helpers);
    const validate = new Function(...Object.keys(helpers), body)(equal, findDuplicate, formats, ucs2length).method
      .input;
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
    const { body } = generateValidators(members, helpers);
    const validate = new Function(...Object.keys(helpers), body)(equal, findDuplicate, formats, ucs2length).method
      .output;
    expect([{ name: "a" }, null, { name: 1 }, {}, 1].map((value) => validate(value))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});

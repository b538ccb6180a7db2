import { describe, expect, it } from "vitest";
import { compiler } from "../../test/fixtures/service.ts";
import type { Input, JsonSchema, TypedMember, Validator } from "../manifest/format.ts";
import { SchemaValidators } from "../json-schema/validate.ts";
import { readInput, readSchemaInput } from "./read-input.ts";

const compile = compiler();
const deps = { schemaValidators: new SchemaValidators(), strict: false };

/**
 * Returns the problems that a model reads, or the repaired value, for a tool with an argument `v`.
 */
function explain(schema: JsonSchema, input: Input, $defs?: JsonSchema): unknown {
  const inputSchema = {
    type: "object",
    properties: { v: schema },
    additionalProperties: false,
    ...($defs && { $defs }),
  };
  const validate: Validator = compile(inputSchema);
  const member = { inputSchema, validators: { input: validate } } as unknown as TypedMember;
  const before = structuredClone(input);
  const read = readInput(member, input, deps);
  expect(input).toEqual(before);
  return "problems" in read ? read.problems : { repaired: read.input["v"] };
}

async function explainByDecorator(schema: JsonSchema, input: Input, $defs?: JsonSchema): Promise<unknown> {
  const inputSchema = {
    type: "object",
    properties: { v: schema },
    additionalProperties: false,
    ...($defs && { $defs }),
  };
  const read = await readSchemaInput({ schema: inputSchema }, input, deps);
  return "problems" in read ? read.problems : { repaired: read.input["v"] };
}

const string = { type: "string" };
const integer = { type: "integer" };
const ref = (name: string): JsonSchema => ({ $ref: `#/$defs/${name}` });
const tagged = (tag: string, properties: JsonSchema): JsonSchema => ({
  type: "object",
  properties: { kind: { const: tag }, ...properties },
  required: ["kind", ...Object.keys(properties)],
  additionalProperties: false,
});
const shape = {
  anyOf: [tagged("circle", { radius: { type: "number" } }), tagged("square", { side: { type: "number" } })],
};
const EXPRESSIONS: JsonSchema = {
  expression: { anyOf: [tagged("number", { value: { type: "number" } }), ref("add"), ref("negate")] },
  add: tagged("add", { left: ref("expression"), right: ref("expression") }),
  negate: tagged("negate", { of: ref("expression") }),
};
const NODE: JsonSchema = {
  node: {
    type: "object",
    properties: { value: integer, next: { anyOf: [ref("node"), { type: "null" }] } },
    required: ["value", "next"],
  },
};
const big = { type: "string", pattern: "^-?\\d+$" };

type Row = readonly [name: string, schema: JsonSchema, value: unknown, expected: unknown, $defs?: JsonSchema];

// What a model reads, to be judged as one: does it say what to send next time? Or, where a repair
// was enough, what the method gets.
const ROWS: readonly Row[] = [
  ["integer text", integer, "5", { repaired: 5 }],
  ["integer text with blanks", integer, " 5 ", { repaired: 5 }],
  ["number text", { type: "number" }, "1.5", { repaired: 1.5 }],
  ["fraction for integer", integer, "1.5", ['v: expected integer, received string "1.5".']],
  [
    "big integer text",
    integer,
    "12345678901234567890",
    ['v: expected integer, received string "12345678901234567890".'],
  ],
  ["NaN text", { type: "number" }, "NaN", ['v: expected number, received string "NaN".']],
  ["words", integer, "five", ['v: expected integer, received string "five".']],
  ["boolean text", { type: "boolean" }, "TRUE", { repaired: true }],
  ["yes", { type: "boolean" }, "yes", ['v: expected boolean, received string "yes".']],
  ["one", { type: "boolean" }, 1, ["v: expected boolean, received number 1."]],
  ["array text", { type: "array", items: integer }, "[1,2]", { repaired: [1, 2] }],
  [
    "array text with a wrong item",
    { type: "array", items: integer },
    '[1,"x"]',
    ['v: expected array, received string "[1,\\"x\\"]".'],
  ],
  ["broken array text", { type: "array", items: integer }, "[1,", ['v: expected array, received string "[1,".']],
  ["object text", { type: "object" }, '{"a":1}', { repaired: { a: 1 } }],
  ["array text for object", { type: "object" }, "[1]", ['v: expected object, received string "[1]".']],
  ["null text", { type: ["integer", "null"] }, "null", { repaired: null }],
  ["null for optional", string, null, { repaired: undefined }],
  [
    "JSON for string with minLength",
    { type: "string", maxLength: 3 },
    '{"a":1}',
    ['v: expected at most 3 characters, received string "{\\"a\\":1}".'],
  ],
  ["number for string", string, 5, ["v: expected string, received number 5."]],
  [
    "string | number",
    { type: ["string", "number"], minLength: 3 },
    "5",
    ['v: expected at least 3 characters, received string "5".'],
  ],
  [
    "string | object",
    { anyOf: [{ type: "string", pattern: "^x" }, { type: "object" }] },
    '{"a":1}',
    ['v: expected text that matches the pattern ^x, received string "{\\"a\\":1}".'],
  ],
  [
    "nullable string",
    { type: ["string", "null"], maxLength: 2 },
    "[1]",
    ['v: expected at most 2 characters, received string "[1]".'],
  ],
  [
    "record of numbers",
    { type: "object", additionalProperties: { type: "number" } },
    { a: "1", b: "x" },
    ['v.a: expected number, received string "1".', 'v.b: expected number, received string "x".'],
  ],
  ["record repaired", { type: "object", additionalProperties: { type: "number" } }, { a: "1" }, { repaired: { a: 1 } }],
  [
    "pattern properties",
    { type: "object", patternProperties: { "^n": integer }, additionalProperties: false },
    { n1: "1" },
    { repaired: { n1: 1 } },
  ],
  [
    "pattern properties unknown",
    { type: "object", patternProperties: { "^n": integer }, additionalProperties: false },
    { x: "1" },
    ["v.x: unknown name. Allowed: names that match the pattern ^n."],
  ],
  ["allOf", { allOf: [integer, { minimum: 3 }] }, "5", { repaired: 5 }],
  ["allOf wrong", { allOf: [integer, { minimum: 3 }] }, "1", ['v: expected integer, received string "1".']],
  ["ref", ref("n"), "5", { repaired: 5 }, { n: integer }],
  ["const number", { const: 1 }, "1", { repaired: 1 }],
  ["const boolean", { const: true }, "true", { repaired: true }],
  ["const number wrong", { const: 1 }, "2", ['v: expected 1, received string "2".']],
  ["enum of numbers", { enum: [1, 2] }, "2", { repaired: 2 }],
  ["enum with strings", { enum: [1, "a"] }, "1", ['v: expected one of 1, "a", received string "1".']],
  ["number for big integer", big, 42, { repaired: "42" }],
  ["unsafe number for big integer", big, 2 ** 60, ["v: expected string, received number 1152921504606847000."]],
  ["fraction for big integer", big, 1.5, ["v: expected string, received number 1.5."]],
  [
    "text for big integer",
    big,
    "4x",
    ['v: expected an integer written as text, for example "12345", received string "4x".'],
  ],
  ["number for a code", { type: "string", pattern: "^[a-z0-9]+$" }, 42, ["v: expected string, received number 42."]],
  [
    "enum near",
    { enum: ["celsius", "fahrenheit"] },
    "Celcius",
    ['v: expected one of "celsius", "fahrenheit", received string "Celcius". Did you mean "celsius"?'],
  ],
  [
    "enum far",
    { enum: ["celsius", "fahrenheit"] },
    "kelvin",
    ['v: expected one of "celsius", "fahrenheit", received string "kelvin".'],
  ],
  ["enum of another type", { enum: ["a", "b"] }, 5, ['v: expected one of "a", "b", received number 5.']],
  [
    "tag unknown",
    shape,
    { kind: "cirle", radius: 1 },
    ['v.kind: expected one of "circle", "square", received string "cirle". Did you mean "circle"?'],
  ],
  ["tag missing", shape, { radius: 1 }, ['v.kind: missing but required (one of "circle", "square").']],
  ["tagged part missing", shape, { kind: "square" }, ["v.side: missing but required (number)."]],
  ["tagged part wrong", shape, { kind: "circle", radius: "1m" }, ['v.radius: expected number, received string "1m".']],
  [
    "tagged unknown name",
    shape,
    { kind: "circle", radius: 1, sid: 2 },
    ["v.sid: unknown name. Allowed: kind, radius."],
  ],
  ["tagged repaired", shape, { kind: "circle", radius: "1" }, { repaired: { kind: "circle", radius: 1 } }],
  ["no object", shape, "circle", ['v: expected object, received string "circle".']],
  ["object as text", shape, '{"kind":"circle","radius":1}', { repaired: { kind: "circle", radius: 1 } }],
  [
    "recursive leaf",
    ref("expression"),
    { kind: "add", left: { kind: "number", value: "x" }, right: { kind: "number", value: 1 } },
    ['v.left.value: expected number, received string "x".'],
    EXPRESSIONS,
  ],
  [
    "recursive both",
    ref("expression"),
    { kind: "add", left: { kind: "negate", of: { kind: "numbr", value: 1 } }, right: 5 },
    [
      'v.left.of.kind: expected one of "number", "add", "negate", received string "numbr". Did you mean "number"?',
      "v.right: expected object, received number 5.",
    ],
    EXPRESSIONS,
  ],
  ["recursive missing", ref("expression"), { kind: "negate" }, ["v.of: missing but required (object)."], EXPRESSIONS],
  [
    "recursive tag",
    ref("expression"),
    { kind: "sub" },
    ['v.kind: expected one of "number", "add", "negate", received string "sub".'],
    EXPRESSIONS,
  ],
  [
    "list node",
    ref("node"),
    { value: 1, next: { value: 2, next: { value: "x", next: null } } },
    ['v.next.next.value: expected integer, received string "x".'],
    NODE,
  ],
  [
    "list node missing",
    ref("node"),
    { value: 1, next: { value: 2 } },
    ["v.next.next: missing but required (object or null)."],
    NODE,
  ],
  [
    "list node wrong",
    ref("node"),
    { value: 1, next: 5 },
    ["v.next: expected object or null, received number 5."],
    NODE,
  ],
  [
    "property name",
    { type: "object", propertyNames: { pattern: "^[a-z]+$" } },
    { aB: 1, ok: 1 },
    ["v.aB: not allowed as a name; expected text that matches the pattern ^[a-z]+$."],
  ],
  [
    "property name enum",
    { type: "object", propertyNames: { enum: ["red", "blue"] } },
    { bleu: 1 },
    ['v.bleu: not allowed as a name; expected one of "red", "blue". Did you mean "blue"?'],
  ],
  [
    "dependent",
    {
      type: "object",
      properties: { a: integer, b: { type: "integer", description: "The b." } },
      dependentRequired: { a: ["b"] },
    },
    { a: 1 },
    ["v.b: missing but required with a (integer). The b."],
  ],
  [
    "contains",
    { type: "array", contains: integer, minContains: 2 },
    [1, "x"],
    ['v: expected at least 2 items of the required kind, received array [1,"x"].'],
  ],
  [
    "too many tuple items",
    { type: "array", prefixItems: [integer, integer], items: false, minItems: 2 },
    [1, 2, 3],
    ["v: expected at most 2 items, received array [1,2,3]."],
  ],
  [
    "tuple too short",
    { type: "array", prefixItems: [integer, integer], items: false, minItems: 2 },
    [1],
    ["v: expected at least 2 items, received array [1]."],
  ],
  ["not", { not: { type: "null" } }, null, { repaired: undefined }],
  ["never", false as never, 1, ["v: not allowed."]],
  [
    "if then",
    { type: "object", if: { properties: { a: { const: 1 } } }, then: { required: ["b"] } },
    { a: 1 },
    ["v.b: missing but required."],
  ],
  [
    "date",
    { type: "string", format: "date" },
    "31.1.2026",
    ['v: expected a date such as 2026-01-31, received string "31.1.2026".'],
  ],
  [
    "email",
    { type: "string", format: "email" },
    "ada",
    ['v: expected an email address such as ada@example.com, received string "ada".'],
  ],
  [
    "uuid",
    { type: "string", format: "uuid" },
    "1",
    ['v: expected a UUID such as 123e4567-e89b-42d3-a456-426614174000, received string "1".'],
  ],
  [
    "unknown names",
    { type: "object", properties: { limit: integer, query: string }, additionalProperties: false },
    { Limit: 1, qurey: "x", zzz: 1 },
    [
      'v.Limit: unknown name. Did you mean "limit"? Allowed: limit, query.',
      'v.qurey: unknown name. Did you mean "query"? Allowed: limit, query.',
      "v.zzz: unknown name. Allowed: limit, query.",
    ],
  ],
  [
    "unicode path",
    { type: "object", properties: { "größe/cm": integer } },
    { "größe/cm": "x" },
    ['v["größe/cm"]: expected integer, received string "x".'],
  ],
  [
    "long value",
    integer,
    { a: "x".repeat(300), b: [1, 2, 3] },
    [
      'v: expected integer, received object {"a":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx….',
    ],
  ],
  [
    "unique",
    { type: "array", uniqueItems: true },
    [{ a: 1 }, { a: 1 }],
    ['v: expected items that differ (items 0 and 1 are equal), received array [{"a":1},{"a":1}].'],
  ],
  [
    "two of oneOf",
    { oneOf: [integer, { type: "number", minimum: 0 }] },
    5,
    ["v: expected a value that fits only one of the alternatives, received number 5."],
  ],
  [
    "text for one of nested arrays",
    { type: "array", items: { type: "array", items: integer } },
    [["1"], "[2]"],
    { repaired: [[1], [2]] },
  ],
  [
    "half a repair",
    { type: "object", properties: { a: integer, b: integer } },
    { a: "1", b: "x" },
    ['v.a: expected integer, received string "1".', 'v.b: expected integer, received string "x".'],
  ],
  [
    "null in required",
    { type: "object", properties: { a: integer }, required: ["a"] },
    { a: null },
    ["v.a: expected integer, received null."],
  ],
  [
    "missing with values",
    { type: "object", properties: { unit: { enum: ["c", "f"] } }, required: ["unit"] },
    {},
    ['v.unit: missing but required (one of "c", "f").'],
  ],
];

function sorted(problems: unknown): unknown {
  return Array.isArray(problems) ? problems.slice().sort() : problems;
}

describe("the problems of arguments", () => {
  it.each(ROWS)("are explained: %s", async (...row) => {
    const [, schema, value, expected, $defs] = row as unknown as Row;
    expect(explain(schema, { v: value }, $defs)).toEqual(expected);
    // The validator of decorator schemas reports the same in another order.
    expect(sorted(await explainByDecorator(schema, { v: value }, $defs))).toEqual(sorted(expected));
  });

  it("are explained briefly for hostile values of any size", async () => {
    const many = Array.from({ length: 20_000 }, (_, i) => ({ [`name ${i}`]: "x".repeat(20) }));
    const schema: JsonSchema = {
      type: "array",
      items: { type: "object", properties: { a: integer }, required: ["a"], additionalProperties: false },
    };
    for (const problems of [explain(schema, { v: many }), await explainByDecorator(schema, { v: many })]) {
      expect(problems).toHaveLength(21);
      expect(JSON.stringify(problems).length).toBeLessThan(3000);
    }
  });
});

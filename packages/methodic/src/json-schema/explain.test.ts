import { describe, expect, it } from "vitest";
import type { InputSchema, JsonSchema } from "../manifest/format.ts";
import { explainErrors } from "./explain.ts";
import { createSchemaValidator } from "./interpret.ts";

const string = { type: "string" };

function explain(
  properties: { readonly [name: string]: JsonSchema },
  input: unknown,
  extra: JsonSchema = {},
): readonly string[] {
  const schema: InputSchema = { type: "object", properties, additionalProperties: false, ...extra };
  const found = createSchemaValidator(schema).findErrors(input);
  expect(found.errors).not.toEqual([]);
  return explainErrors(found, { value: input, schema });
}

describe("explainErrors", () => {
  it.each<[string, JsonSchema, unknown, string]>([
    ["type", { type: "integer" }, "abc", 'v: expected integer, received string "abc".'],
    ["types", { type: ["integer", "null"] }, true, "v: expected integer or null, received boolean true."],
    ["null", string, null, "v: expected string, received null."],
    [
      "enum",
      { enum: ["celsius", "fahrenheit"] },
      "celcius",
      'v: expected one of "celsius", "fahrenheit", received string "celcius". Did you mean "celsius"?',
    ],
    [
      "a long enum",
      { enum: Array.from({ length: 3000 }, (_, i) => `value ${i}`) },
      "valeu 2999",
      `v: expected one of ${Array.from({ length: 100 }, (_, i) => `"value ${i}"`).join(", ")}, … and 2900 more, received string "valeu 2999". Did you mean "value 2999"?`,
    ],
    ["const", { const: "on" }, "off", 'v: expected "on", received string "off".'],
    ["minimum", { type: "number", minimum: 1 }, 0, "v: expected a number >= 1, received number 0."],
    ["exclusiveMaximum", { type: "number", exclusiveMaximum: 5 }, 5, "v: expected a number < 5, received number 5."],
    ["multipleOf", { multipleOf: 5 }, 7, "v: expected a multiple of 5, received number 7."],
    ["minLength", { type: "string", minLength: 1 }, "", 'v: expected at least 1 character, received string "".'],
    ["pattern", { pattern: "^a" }, "b", 'v: expected text that matches the pattern ^a, received string "b".'],
    [
      "format",
      { format: "date-time" },
      "today",
      'v: expected a date and time with its zone such as 2026-01-31T09:30:00Z, received string "today".',
    ],
    ["format", { format: "uri-template" }, "{", 'v: expected text in the format uri-template, received string "{".'],
    ["maxItems", { maxItems: 1 }, [1, 2], "v: expected at most 1 item, received array [1,2]."],
    [
      "uniqueItems",
      { uniqueItems: true },
      [1, 1],
      "v: expected items that differ (items 0 and 1 are equal), received array [1,1].",
    ],
    ["item", { items: { type: "integer" } }, [1, "x"], 'v[1]: expected integer, received string "x".'],
    [
      "nested",
      { properties: { a: { properties: { "b c": string } } } },
      { a: { "b c": 1 } },
      'v.a["b c"]: expected string, received number 1.',
    ],
    ["a rarer keyword", { not: {} }, 1, "v: expected a value that this schema does not exclude, received number 1."],
    ["a long value", { type: "integer" }, "x".repeat(500), `v: expected integer, received string "${"x".repeat(76)}….`],
  ])("explains %s", (...[, schema, value, line]) => {
    expect(explain({ v: schema }, { v: value })).toEqual([line]);
  });

  it("names a missing property with its type and description", () => {
    const properties = {
      city: { ...string, description: "The city\nto look up." },
      when: { anyOf: [string, { type: "null" }] },
    };
    expect(explain(properties, {}, { required: ["city", "when"] })).toEqual([
      "city: missing but required (string). The city to look up.",
      "when: missing but required (string or null).",
    ]);
  });

  it("names a missing property of a nested object", () => {
    const address = { type: "object", properties: { street: string }, required: ["street"] };
    expect(explain({ address }, { address: {} })).toEqual(["address.street: missing but required (string)."]);
  });

  it("lists the allowed names for an unknown one", () => {
    expect(explain({ limit: { type: "integer" }, query: string }, { limt: 5 })).toEqual([
      'limt: unknown name. Did you mean "limit"? Allowed: limit, query.',
    ]);
    expect(explain({}, { a: 1 })).toEqual(["a: unknown name. Nothing is allowed here."]);
  });

  it("reports all errors at once", () => {
    const lines = explain({ a: { type: "integer" }, b: string }, { a: "x", c: 1 }, { required: ["a", "b"] });
    expect(lines.map((line) => line.split(":")[0]).sort()).toEqual(["a", "b", "c"]);
  });

  it("stops after twenty lines", () => {
    const lines = explain({ v: { items: { type: "integer" } } }, { v: Array(50).fill("x") });
    expect(lines).toHaveLength(21);
    expect(lines.at(-1)).toBe("… and 30 more");
  });

  it("does not reveal the validator", () => {
    const lines = explain(
      { v: { $ref: "#/$defs/node" } },
      { v: { n: "x" } },
      {
        $defs: { node: { type: "object", properties: { n: { type: "integer" } } } },
      },
    );
    expect(lines.join()).not.toMatch(/\$defs|#\/|schema/);
  });
});

describe("explainErrors, with alternatives,", () => {
  const circle = {
    type: "object",
    properties: { kind: { const: "circle" }, radius: { type: "number" } },
    required: ["kind", "radius"],
  };
  const square = {
    type: "object",
    properties: { kind: { const: "square" }, side: { type: "number" } },
    required: ["kind", "side"],
  };
  const shape = { anyOf: [circle, square] };

  it.each<[string, JsonSchema, unknown, readonly string[]]>([
    [
      "types",
      { anyOf: [{ type: "integer" }, { type: "null" }] },
      "x",
      ['v: expected integer or null, received string "x".'],
    ],
    [
      "values and types",
      { anyOf: [{ const: "all", type: "string" }, { type: "integer" }] },
      true,
      ['v: expected "all" or integer, received boolean true.'],
    ],
    [
      "a value of a set",
      { anyOf: [{ const: "red" }, { const: "green" }] },
      "gren",
      ['v: expected one of "red", "green", received string "gren". Did you mean "green"?'],
    ],
    ["the tagged one", shape, { kind: "circle", radius: "big" }, ['v.radius: expected number, received string "big".']],
    ["a missing part of the tagged one", shape, { kind: "square" }, ["v.side: missing but required (number)."]],
    [
      "an unknown tag",
      shape,
      { kind: "cirle" },
      ['v.kind: expected one of "circle", "square", received string "cirle". Did you mean "circle"?'],
    ],
    ["no object at all", shape, 5, ["v: expected object, received number 5."]],
    [
      "an item",
      { anyOf: [string, { type: "array", items: string }] },
      [1],
      ["v[0]: expected string, received number 1."],
    ],
    [
      "the one with the fewest faults",
      {
        anyOf: [
          { type: "object", required: ["a", "b"] },
          { type: "object", required: ["c"] },
        ],
      },
      {},
      ["v.c: missing but required."],
    ],
    [
      "nested ones",
      { anyOf: [{ type: "null" }, { anyOf: [string, { type: "integer" }] }] },
      true,
      ["v: expected null or string or integer, received boolean true."],
    ],
    [
      "more than one that fits",
      { oneOf: [string, { minLength: 1 }] },
      "x",
      ['v: expected a value that fits only one of the alternatives, received string "x".'],
    ],
  ])("explains %s", (...[, schema, value, lines]) => {
    expect(explain({ v: schema }, { v: value })).toEqual(lines);
  });

  it("chooses between recursive alternatives", () => {
    const node = {
      type: "object",
      properties: { value: { type: "integer" }, next: { $ref: "#/$defs/node" } },
      required: ["value"],
    };
    const lines = explain(
      { v: { anyOf: [{ $ref: "#/$defs/node" }, { type: "null" }] } },
      { v: { value: 1, next: { value: "x" } } },
      { $defs: { node } },
    );
    expect(lines).toEqual(['v.next.value: expected integer, received string "x".']);
  });
});

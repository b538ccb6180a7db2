import { describe, expect, it } from "vitest";
import type { InputSchema, JsonSchema, JsonValue } from "../manifest/format.ts";
import { createSchemaValidator } from "./interpret.ts";
import { coerceText, repairInput, repairOutput } from "./repair.ts";

function repair(
  properties: { readonly [name: string]: JsonSchema },
  input: { readonly [name: string]: unknown },
  extra: JsonSchema = {},
): unknown {
  const schema: InputSchema = { type: "object", properties, additionalProperties: false, ...extra };
  const found = createSchemaValidator(schema).findErrors(input);
  expect(found.errors).not.toEqual([]);
  return repairInput(input, found, schema);
}

const integer = { type: "integer" };
const string = { type: "string" };

describe("repairInput", () => {
  it.each<[string, JsonSchema, unknown, unknown]>([
    ["an integer as text", integer, "5", 5],
    ["a negative number as text", { type: "number" }, " -1.5e2 ", -150],
    ["a boolean as text", { type: "boolean" }, "True", true],
    ["a nullable integer as text", { type: ["integer", "null"] }, "5", 5],
    ["one of several numbers as text", { type: "number", enum: [1, 2] }, "2", 2],
    ["an array as JSON text", { type: "array", items: string }, '["a","b"]', ["a", "b"]],
    ["an object as JSON text", { type: "object" }, '{"a":1}', { a: 1 }],
    ["an alternative", { anyOf: [integer, { type: "array", items: integer }] }, "[1,2]", [1, 2]],
    ["an item", { type: "array", items: integer }, [1, "2", "3"], [1, 2, 3]],
    ["a nested value", { type: "object", properties: { n: integer } }, { n: "1", other: "2" }, { n: 1, other: "2" }],
    ["a map's value", { type: "object", additionalProperties: integer }, { a: "1" }, { a: 1 }],
    ["a tuple's item", { type: "array", prefixItems: [string, integer] }, ["1", "1"], ["1", 1]],
  ])("repairs %s", (...[, schema, given, expected]) => {
    const input = { v: given };
    const before = structuredClone(input);
    expect(repair({ v: schema }, input)).toEqual({ v: expected });
    expect(input).toEqual(before);
  });

  it("removes null from optional properties, including nested ones", () => {
    expect(
      repair({ a: string, b: { type: "object", properties: { c: string } } }, { a: null, b: { c: null } }),
    ).toEqual({ b: {} });
  });

  it.each<[string, JsonSchema, unknown]>([
    ["text that is not a number", integer, "five"],
    ["a fraction for an integer", integer, "1.5"],
    ["an empty string for a number", { type: "number" }, ""],
    ["hexadecimal", { type: "number" }, "0x10"],
    ["a number beyond all numbers", { type: "number" }, "1e999"],
    ["a number for a boolean", { type: "boolean" }, 1],
    ["a number for a string", string, 5],
    ["a wrong string", { type: "string", enum: ["a"] }, "5"],
    ["text that is not JSON", { type: "array" }, "[1,"],
    ["JSON text of another type", { type: "array" }, '{"a":1}'],
    ["a text list", { type: "array" }, "a,b"],
  ])("does not touch %s", (_, schema, given) => {
    expect(repair({ v: schema }, { v: given })).toBeUndefined();
  });

  it("does not touch null for a required property", () => {
    expect(repair({ v: integer }, { v: null }, { required: ["v"] })).toBeUndefined();
  });

  it("never converts a string where a string is allowed", () => {
    expect(repair({ v: { anyOf: [{ type: "string", minLength: 5 }, integer] } }, { v: "12" })).toBeUndefined();
  });

  it("follows recursive schemas", () => {
    const node = { type: "object", properties: { n: integer, next: { $ref: "#/$defs/node" } } };
    expect(repair({ v: { $ref: "#/$defs/node" } }, { v: { next: { next: { n: "1" } } } }, { $defs: { node } })).toEqual(
      {
        v: { next: { next: { n: 1 } } },
      },
    );
  });

  it("takes linear time for the depth of recursive alternatives", () => {
    const next = { anyOf: [{ $ref: "#/$defs/a" }, { $ref: "#/$defs/b" }] };
    const $defs = {
      a: { type: "object", properties: { n: integer, next } },
      b: { type: "object", properties: { n: integer, next } },
    };
    let value: object = { n: "1" };
    for (let depth = 0; depth < 12; depth++) value = { next: value };
    const repaired = repair({ v: next }, { v: value }, { $defs });
    expect(JSON.stringify(repaired)).toContain('{"n":1}');
  });

  it("takes linear time for a long array", () => {
    const list = Array.from({ length: 20_000 }, (_, i) => String(i));
    const repaired = repair({ v: { type: "array", items: integer } }, { v: list }) as { v: number[] };
    expect(repaired.v).toHaveLength(20_000);
    expect(repaired.v.at(-1)).toBe(19_999);
  });

  it("does not touch an input with more errors than an honest one has", () => {
    const list = Array.from({ length: 20_001 }, (_, i) => String(i));
    expect(repair({ v: { type: "array", items: integer } }, { v: list })).toBeUndefined();
  });
});

describe("repairOutput", () => {
  const bytes = { type: "string", contentEncoding: "base64" };
  const written = { type: "Buffer", data: [104, 105] };
  const repaired = (schema: JsonSchema, value: JsonValue): unknown =>
    repairOutput(value, createSchemaValidator(schema).findErrors(value));

  it("encodes bytes that Buffer.toJSON has written", () => {
    const list = { type: "array", items: { anyOf: [bytes, { type: "null" }] } };
    expect(
      repaired({ type: "object", properties: { list, one: bytes } }, { list: [written, null], one: written }),
    ).toEqual({ list: ["aGk=", null], one: "aGk=" });
    expect(repaired(list, [written])).toEqual(["aGk="]);
  });

  it.each([
    ["numbers that are not bytes", bytes, { type: "Buffer", data: [256] }],
    ["an object with more properties", bytes, { ...written, size: 2 }],
    ["bytes where text of another form is expected", { type: "string" }, written],
    ["other data", bytes, 5],
  ])("does not touch %s", (_, schema, value) => {
    expect(repaired({ type: "array", items: schema }, [value])).toBeUndefined();
  });
});

describe("coerceText", () => {
  it.each<[string, JsonSchema, unknown]>([
    ["5", { type: "integer" }, 5],
    ["5", { type: "string" }, "5"],
    ["5", { type: ["string", "integer"] }, "5"],
    ["5", {}, "5"],
    ["5.5", { type: "integer" }, "5.5"],
    ["9007199254740991", { type: "integer" }, 9007199254740991],
    // Its nearest number is another one.
    ["9007199254740993", { type: "integer" }, "9007199254740993"],
    ["-9007199254740993", { type: "number" }, "-9007199254740993"],
    ["true", { type: "boolean" }, true],
    ["9".repeat(400), { type: "integer" }, "9".repeat(400)],
    ["9".repeat(400), { type: "number" }, "9".repeat(400)],
    ["yes", { type: "boolean" }, "yes"],
    ["null", { type: ["integer", "null"] }, null],
    ["2", { enum: [1, 2] }, 2],
    ["2", { const: 2 }, 2],
    ["2", { anyOf: [{ type: "integer" }, { type: "boolean" }] }, 2],
    ["a,b", { type: "array", items: { type: "string" } }, ["a", "b"]],
    ["1,2", { type: "array", items: { type: "integer" } }, [1, 2]],
    ["[1,2]", { type: "array", items: { type: "integer" } }, [1, 2]],
    ['{"a":1}', { type: "object" }, { a: 1 }],
    ["7", { $ref: "#/$defs/n" }, 7],
  ])("converts %s for %j", (text, schema, expected) => {
    expect(coerceText(text, schema, { $defs: { n: { type: "integer" } } })).toEqual(expected);
  });

  it("leaves JSON text that is nested too deeply", () => {
    const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);
    expect(coerceText(nested(100), { type: "array", items: {} }, {})).toBeInstanceOf(Array);
    expect(coerceText(nested(101), { type: "object" }, {})).toBe(nested(101));
    expect(repair({ v: { type: "object" } }, { v: `{"a":${nested(20_000)}}` })).toBeUndefined();
  });

  it("splits a list only for an array", () => {
    const given = { text: "1/2", items: ["1", "2"] };
    expect(coerceText(given, { type: "array", items: { type: "integer" } }, {})).toEqual([1, 2]);
    expect(coerceText(given, { type: "string" }, {})).toBe("1/2");
  });
});

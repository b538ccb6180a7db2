import { describe, expect, it } from "vitest";
import type { JsonSchema, JsonValue } from "./format.ts";
import { findHeaderProblems, findSchemaProblems } from "./check-schema.ts";

const INVALID: JsonSchema = { minLength: -1 };

describe("findSchemaProblems", () => {
  it.each<[place: string, schema: JsonSchema]>([
    ["properties/default", { properties: { default: INVALID } }],
    ["properties/enum", { properties: { enum: INVALID } }],
    ["properties/properties", { properties: { properties: INVALID } }],
    ["$defs/items", { $defs: { items: INVALID } }],
    ["patternProperties/^const$", { patternProperties: { "^const$": INVALID } }],
    ["dependentSchemas/required", { dependentSchemas: { required: INVALID } }],
    ["prefixItems/0", { prefixItems: [INVALID] }],
    ["propertyNames", { propertyNames: INVALID }],
    ["unevaluatedItems", { unevaluatedItems: INVALID }],
    ["not/if", { not: { if: INVALID } }],
    ["then", { then: INVALID }],
    ["else", { else: INVALID }],
    ["x-shared/name", { properties: { a: { $ref: "#/x-shared/name" } }, "x-shared": { name: INVALID } }],
  ])("finds a problem at %s", (place, schema) => {
    expect(findSchemaProblems(schema)).toEqual([`${place}/minLength: must be an integer, 0 or more`]);
  });

  it.each<[JsonSchema, string]>([
    [{ anyOf: [] }, "anyOf: must be an array of schemas"],
    [{ anyOf: { type: "string" } }, "anyOf: must be an array of schemas"],
    [{ allOf: [true, "string"] }, 'allOf/1: must be a schema, not "string"'],
    [{ properties: [{}] }, "properties: must be an object of schemas"],
    [{ properties: { a: null } }, "properties/a: must be a schema, not null"],
    [{ not: [] }, "not: must be one schema. In 2020-12 the schemas of a tuple belong in prefixItems"],
    [{ items: "string" }, 'items: must be a schema, not "string"'],
  ])("rejects %j", (schema, problem) => {
    expect(findSchemaProblems(schema)).toEqual([problem]);
  });

  it.each<JsonSchema>([
    { default: INVALID },
    { const: INVALID },
    { enum: [INVALID] },
    { examples: [INVALID] },
    { "x-unused": INVALID },
  ])("does not check the data in %j", (schema) => {
    expect(findSchemaProblems(schema)).toEqual([]);
  });
});

describe("findHeaderProblems", () => {
  const header = (name: JsonValue, type: JsonValue = "string"): JsonSchema => ({ type, "x-mcp-header": name });

  it("accepts headers of properties at any depth", () => {
    const nested = { type: "object", properties: { deep: header("X-Deep", "integer") } };
    expect(findHeaderProblems({ properties: { region: header("Region"), nested } })).toEqual([]);
  });

  it.each<[problem: string, schema: JsonSchema]>([
    ['properties/a/x-mcp-header: must be the name of an HTTP header, not "a b"', { properties: { a: header("a b") } }],
    ['properties/a/x-mcp-header: must be the name of an HTTP header, not ""', { properties: { a: header("") } }],
    ["properties/a/x-mcp-header: must be the name of an HTTP header, not 1", { properties: { a: header(1) } }],
    [
      "properties/a/x-mcp-header: the property must have the type string, integer or boolean",
      { properties: { a: header("A", "number") } },
    ],
    [
      "properties/a/x-mcp-header: the property must have the type string, integer or boolean",
      { properties: { a: header("A", ["string", "null"]) } },
    ],
    [
      "properties/b/x-mcp-header: 'REGION' is the header of two parameters",
      { properties: { a: header("Region"), b: header("REGION") } },
    ],
    [
      "properties/a/items/x-mcp-header: must be on a property of the input, not inside another keyword",
      { properties: { a: { type: "array", items: header("A") } } },
    ],
    ["x-mcp-header: must be on a property of the input, not inside another keyword", header("A", "object")],
  ])("finds %s", (problem, schema) => {
    expect(findHeaderProblems(schema)).toEqual([problem]);
  });
});

import { describe, expect, it } from "vitest";
import type { JsonSchema } from "./format.ts";
import { findSchemaProblems } from "./check-schema.ts";

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

import { describe, expect, it } from "vitest";
import type { JsonSchema, JsonValue } from "./format.ts";
import { findHeaderProblems } from "./header-parameters.ts";

describe("findHeaderProblems", () => {
  const header = (name: JsonValue, type: JsonValue = "string"): JsonSchema => ({ type, "x-mcp-header": name });

  it("accepts headers of properties at any depth", () => {
    const nested = { type: "object", properties: { deep: header("X-Deep", "integer") } };
    expect(findHeaderProblems({ properties: { region: header("Region"), nested } })).toEqual([]);
  });

  it.each<[problem: string, schema: JsonSchema]>([
    ['properties/a: must be the name of an HTTP header, not "a b"', { properties: { a: header("a b") } }],
    ['properties/a: must be the name of an HTTP header, not ""', { properties: { a: header("") } }],
    ["properties/a: must be the name of an HTTP header, not 1", { properties: { a: header(1) } }],
    [
      "properties/a: the property must have the type string, integer or boolean",
      { properties: { a: header("A", "number") } },
    ],
    [
      "properties/a: the property must have the type string, integer or boolean",
      { properties: { a: header("A", ["string", "null"]) } },
    ],
    [
      "properties/b: 'REGION' is the header of two parameters",
      { properties: { a: header("Region"), b: header("REGION") } },
    ],
    [
      "properties/a/items: must be on a property of the input, not inside another keyword",
      { properties: { a: { type: "array", items: header("A") } } },
    ],
    [": must be on a property of the input, not inside another keyword", header("A", "object")],
  ])("finds %s", (problem, schema) => {
    const found = findHeaderProblems(schema).map((each) => `${each.path.join("/")}: ${each.problem}`);
    expect(found).toEqual([problem]);
  });
});

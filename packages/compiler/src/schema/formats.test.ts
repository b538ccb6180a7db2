import type { JsonSchema } from "methodic/manifest";
import { describe, expect, it } from "vitest";
import { findUnknownFormats } from "./formats.ts";

const UNKNOWN: JsonSchema = { type: "string", format: "colour" };

describe("findUnknownFormats", () => {
  it.each([
    ...["default", "enum", "const", "examples", "properties", "items", "format", "$ref", "__proto__"].map(
      (name) => ({ properties: Object.fromEntries([[name, UNKNOWN]]) }) as JsonSchema,
    ),
    { $ref: "#/$defs/default", $defs: { default: UNKNOWN } },
    { patternProperties: { const: UNKNOWN } },
    { dependentSchemas: { enum: UNKNOWN } },
    { propertyNames: UNKNOWN },
    { prefixItems: [{ type: "string", format: "date" }, UNKNOWN] },
    { items: { not: UNKNOWN } },
    { if: { properties: { default: UNKNOWN } } },
    { then: UNKNOWN },
    { else: UNKNOWN },
    { allOf: [{ additionalProperties: UNKNOWN }] },
  ])("finds a format in %j", (schema) => {
    expect(findUnknownFormats(schema)).toEqual(["colour"]);
  });

  it.each([
    { default: UNKNOWN },
    { const: UNKNOWN },
    { enum: [UNKNOWN] },
    { examples: [UNKNOWN] },
    { properties: { format: { const: "colour" } } },
    { type: "string", format: "date" },
  ] as readonly JsonSchema[])("finds none in %j", (schema) => {
    expect(findUnknownFormats(schema)).toEqual([]);
  });
});

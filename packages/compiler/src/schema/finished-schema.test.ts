import type { JsonSchema } from "methodic/manifest";
import { describe, expect, it, vi } from "vitest";
import { dropInvalidDefaults, findUnknownFormats, type DroppedDefault } from "./finished-schema.ts";

const VALID: JsonSchema = { type: "string", default: "a" };
const INVALID: JsonSchema = { type: "string", default: 1 };

describe("dropInvalidDefaults", () => {
  it.each<[JsonSchema, path: readonly string[]]>([
    [{ properties: { default: INVALID } }, ["default"]],
    [{ properties: { properties: INVALID } }, ["properties"]],
    [{ patternProperties: { items: { items: INVALID } } }, ["items", "[]"]],
    [{ properties: { a: { additionalProperties: INVALID } } }, ["a", "[]"]],
    [{ properties: { a: { prefixItems: [VALID, INVALID] } } }, ["a", "[]"]],
    [{ properties: { a: { anyOf: [INVALID, { type: "null" }] } } }, ["a"]],
    [{ $defs: { Node: { properties: { next: INVALID } } } }, ["Node", "next"]],
    [{ allOf: [INVALID] }, []],
    [{ not: INVALID }, []],
    [{ dependentSchemas: { a: INVALID } }, ["a"]],
  ])("removes the default from %j", (schema, path) => {
    const onDropped = vi.fn<DroppedDefault>();
    const cleaned = JSON.stringify(dropInvalidDefaults(schema, onDropped));
    expect(cleaned).toBe(JSON.stringify(schema).replace(',"default":1', ""));
    expect(onDropped.mock.calls).toEqual([[path, 1]]);
  });

  it.each<JsonSchema>([
    { properties: { a: VALID } },
    { const: INVALID },
    { examples: [INVALID] },
    { properties: { a: { $ref: "#/$defs/a", default: "a" } }, $defs: { a: { type: "string" } } },
    { readOnly: true, title: "Anything", default: 1 },
    { type: "integer", default: 2 },
    { type: ["null", "boolean"], default: false },
    { type: "string", enum: ["a", "b"], default: "b" },
    { enum: ["a", 1], default: 1 },
    { enum: [["a"]], default: ["a"] },
    { type: "string", pattern: "^a", default: "ab" },
  ])("leaves %j as it is", (schema) => {
    expect(dropInvalidDefaults(schema)).toEqual(schema);
  });
});

const UNKNOWN: JsonSchema = { type: "string", format: "color-name" };

describe("dropInvalidDefaults, with a plain schema", () => {
  it.each<JsonSchema>([
    { type: "integer", default: 1.5 },
    { type: ["null", "string"], default: 1 },
    { type: "string", enum: ["a"], default: "b" },
    { enum: ["1"], default: 1 },
    { type: "string", pattern: "^a", default: "b" },
    { type: "null", default: "a" },
  ])("removes the default from %j", (schema) => {
    expect(dropInvalidDefaults(schema)).not.toHaveProperty("default");
  });
});

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
    expect(findUnknownFormats(schema)).toEqual(["color-name"]);
  });

  it.each([
    { default: UNKNOWN },
    { const: UNKNOWN },
    { enum: [UNKNOWN] },
    { examples: [UNKNOWN] },
    { properties: { format: { const: "color-name" } } },
    { type: "string", format: "date" },
  ] as readonly JsonSchema[])("finds none in %j", (schema) => {
    expect(findUnknownFormats(schema)).toEqual([]);
  });
});

import type { JsonSchema } from "methodic/manifest";
import { describe, expect, it, vi } from "vitest";
import { dropInvalidDefaults, type DroppedDefault } from "./defaults.ts";

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
  ])("leaves %j as it is", (schema) => {
    expect(dropInvalidDefaults(schema)).toEqual(schema);
  });
});

import { describe, expect, it } from "vitest";
import { KEYWORDS } from "../../../../fixtures/json-schema-keywords.ts";
import type { JsonSchema } from "./format.ts";
import { readSchemaPool, SchemaPoolWriter } from "./schema-pool.ts";

function copyThroughPool(schemas: readonly JsonSchema[]): { readonly json: string; readonly copies: JsonSchema[] } {
  const writer = new SchemaPoolWriter();
  for (const schema of schemas) writer.add(schema);
  const indexes = schemas.map((schema) => writer.indexOf(schema));
  const json = writer.toJson();
  const at = readSchemaPool(json);
  return { json, copies: indexes.map(at) };
}

describe("SchemaPoolWriter", () => {
  const note = {
    type: "object",
    properties: { title: { type: "string", description: "The title of the note" } },
  };

  it("keeps every schema as it is", () => {
    const schemas = [...Object.values(KEYWORDS), { $defs: KEYWORDS }, { anyOf: Object.values(KEYWORDS) }];
    const { copies } = copyThroughPool(schemas);
    expect(copies).toEqual(schemas);
    expect(copies.map((copy) => JSON.stringify(copy))).toEqual(schemas.map((schema) => JSON.stringify(schema)));
  });

  it("writes equal parts once", () => {
    const list = { type: "array", items: note };
    const { json, copies } = copyThroughPool([list, { type: "object", properties: { list, note } }, note]);
    expect(json.match(/The title of the note/g)).toHaveLength(1);
    expect(copies[0]?.["items"]).toBe(copies[2]);
  });

  it("keeps numbers that are data, and names that are keywords", () => {
    const schemas: readonly JsonSchema[] = [
      { properties: { items: { const: 1 }, default: { default: { items: 0, properties: { a: 0 } }, enum: [0, 1] } } },
      { const: { items: 0, anyOf: [0] }, examples: [{ properties: { a: 1 } }] },
      JSON.parse('{"properties":{"__proto__":{"type":"string","description":"Not a prototype"}},"required":["a"]}'),
      JSON.parse('{"items":{"type":"string","description":"Not a prototype"}}'),
    ];
    const { copies } = copyThroughPool(schemas);
    expect(copies.map((copy) => JSON.stringify(copy))).toEqual(schemas.map((schema) => JSON.stringify(schema)));
  });
});

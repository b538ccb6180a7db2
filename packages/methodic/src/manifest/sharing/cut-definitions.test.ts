import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { findViolations, publishSchema } from "../client-rules/publish.ts";
import type { JsonSchema } from "../format.ts";
import { isCut } from "./cut-definitions.ts";
import { writtenSize } from "./schema-size.ts";

const KB = 1024;

/** A binary tree of types, each used twice. The last ones are the most distant from the root. */
function treeOf(count: number, place: (reference: JsonSchema) => JsonSchema): JsonSchema {
  const typeAt = (i: number): JsonSchema => {
    const inner = (n: number): JsonSchema => (n < count ? place({ $ref: `#/$defs/T${n}` }) : { type: "string" });
    const [left, right] = [inner(2 * i + 1), inner(2 * i + 2)];
    const note = { type: "string", description: `${i} `.repeat(200) };
    const properties = { note, left, right, first: left, last: right };
    return { type: "object", properties, additionalProperties: false };
  };
  const $defs = Object.fromEntries(Array.from({ length: count }, (_, i) => [`T${i}`, typeAt(i)]));
  return { type: "object", properties: { a: { $ref: "#/$defs/T0" } }, required: ["a"], $defs };
}

describe("a published schema", () => {
  it("keeps all definitions up to 128 KB", () => {
    const published = publishSchema(treeOf(100, (reference) => reference));
    expect(isCut(published)).toBe(false);
    expect(Object.keys(published["$defs"] as object)).toHaveLength(99);
  });

  it.each<[string, (reference: JsonSchema) => JsonSchema, JsonSchema]>([
    ["objects", (reference) => reference, { type: "object", properties: {} }],
    [
      "alternatives",
      (reference) => ({ anyOf: [{ type: "string" }, reference] }),
      { anyOf: [{ type: "string" }, { type: "object", properties: {} }] },
    ],
    ["arrays", (reference) => ({ type: "array", items: reference }), { type: "array", items: {} }],
  ])("describes only the JSON types of its most distant parts beyond that: %s", (_kind, next, outlined) => {
    const schema = treeOf(400, next);
    const published = publishSchema(schema);
    expect(isCut(published)).toBe(true);
    expect(writtenSize(published)).toBeLessThanOrEqual(128 * KB);
    expect(writtenSize(published)).toBeGreaterThan(100 * KB);
    expect(JSON.stringify(published)).toContain(`"right":${JSON.stringify(outlined)}`);
    const found = findViolations(published, "input");
    expect(found.map(({ rule }) => rule.id)).toEqual(["size"]);
    expect(found[0]?.problem).toMatch(/, without the properties of its most distant parts$/);
    expect(JSON.stringify(publishSchema(published))).toBe(JSON.stringify(published));
  });

  it("accepts what the whole schema accepts", () => {
    const schema = treeOf(400, (reference) => reference);
    const isValid = new Ajv2020({ strict: false }).compile(schema);
    const isPublished = new Ajv2020({ strict: false }).compile(publishSchema(schema));
    let value: object = { note: "" };
    for (let level = 0; level < 8; level++) value = { note: "a", left: value };
    for (const [sample, verdict] of [
      [{ a: value }, true],
      [{ a: { note: 1 } }, false],
      [{ a: { left: { left: { other: 1 } } } }, false],
    ] as const) {
      expect(isValid(sample)).toBe(verdict);
      expect(isPublished(sample)).toBe(verdict);
    }
  });
});

import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { findViolations, publishSchema } from "../client-rules/publish.ts";
import type { JsonSchema } from "../format.ts";
import { cutPlacesOf } from "./cut-parts.ts";
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

/** An object whose properties have long descriptions. */
function detailed(name: string, count: number, properties: Readonly<Record<string, JsonSchema>> = {}): JsonSchema {
  const details = Array.from({ length: count }, (_, i) => [
    `${name}_${i}`,
    { type: "string", description: `${name}, ${i}. `.repeat(20) },
  ]);
  return { type: "object", properties: { ...properties, ...Object.fromEntries(details) } };
}

/** Events of many kinds, each with different data. */
function eventsOf(kinds: number, others: JsonSchema = {}): JsonSchema {
  const anyOf = Array.from({ length: kinds }, (_, i) => {
    const literal = { type: "string", const: `kind ${i}` };
    const inner = {
      ...detailed(`inner_${i}`, 4, { object: { type: "string", const: `object ${i}` } }),
      required: ["object"],
    };
    const properties = { id: { type: "string", description: "The id." }, type: literal, data: inner };
    return { ...detailed("common", 5, properties), required: ["id", "type", "data"], ...others };
  });
  return { type: "object", properties: { event: { anyOf } }, required: ["event"] };
}

function compile(schema: JsonSchema): (value: unknown) => boolean {
  const validate = new Ajv2020({ strict: false }).compile(schema);
  return (value) => validate(value);
}

describe("a published schema", () => {
  it("keeps all parts up to 128 KB", () => {
    const published = publishSchema(treeOf(100, (reference) => reference));
    expect(cutPlacesOf(published)).toEqual([]);
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
    expect(writtenSize(published)).toBeLessThanOrEqual(128 * KB);
    expect(writtenSize(published)).toBeGreaterThan(100 * KB);
    expect(JSON.stringify(published)).toContain(`"right":${JSON.stringify(outlined)}`);
    const found = findViolations(published, "input");
    expect(found.map(({ rule }) => rule.id)).toEqual(["size"]);
    expect(found[0]?.problem).toMatch(/\. \d+ parts are described by their JSON type alone, such as a[.a-z[\]]+, /);
    expect(JSON.stringify(publishSchema(published))).toBe(JSON.stringify(published));
  });

  it("cuts parts that are used once, and keeps the nearer ones", () => {
    const near = { name: detailed("name", 100), address: detailed("address", 100) };
    const far = Object.fromEntries(["b", "c", "d"].map((name) => [name, detailed(name, 300)]));
    const published = publishSchema({ ...detailed("root", 10, { ...near, a: detailed("a", 10, far) }) });
    expect(cutPlacesOf(published)).toEqual(["a.c", "a.d"]);
    expect(published).toMatchObject({
      properties: { a: { properties: { b: { properties: { b_299: {} } }, c: { type: "object", properties: {} } } } },
    });
    expect(findViolations(published, "input")[0]?.problem).toMatch(
      /\. Described by the JSON type alone: a\.c, a\.d\. Largest parts: /,
    );
  });

  it("keeps the literals that tell alternatives apart, and the names of what they have in common", () => {
    const schema = eventsOf(275);
    const published = publishSchema(schema);
    expect(writtenSize(published)).toBeLessThanOrEqual(128 * KB);
    const text = JSON.stringify(published);
    for (const i of [0, 100, 274]) expect(text).toContain(`"enum":["kind ${i}"]`);
    expect(text).toContain("The first object describes the properties that all have: id, common_0, common_1");
    expect(text.match(/"common_0":/g)).toHaveLength(1);
    const [isValid, isPublished] = [compile(schema), compile(published)];
    const event = (i: number, more: object): object => ({
      event: { id: "1", type: `kind ${i}`, data: { object: `object ${i}` }, ...more },
    });
    for (const i of [0, 100, 274]) {
      expect([isValid(event(i, {})), isPublished(event(i, {}))]).toEqual([true, true]);
      expect([isValid(event(i, { type: 1 })), isPublished(event(i, { type: 1 }))]).toEqual([false, false]);
    }
  });

  it("accepts what the whole schema accepts", () => {
    const schema = treeOf(400, (reference) => reference);
    const [isValid, isPublished] = [compile(schema), compile(publishSchema(schema))];
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

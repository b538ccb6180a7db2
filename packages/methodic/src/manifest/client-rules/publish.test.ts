import addFormats from "ajv-formats";
import { Ajv2020 } from "ajv/dist/2020.js";
import { type } from "arktype";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { JsonSchema, JsonValue } from "../format.ts";
import {
  findDescriptionViolations,
  findNameViolations,
  findViolations,
  publishedSchemasOf,
  publishSchema,
} from "./publish.ts";
import { COMPONENT_RULES, SCHEMA_RULES } from "./rules.ts";

/** The published form of one parameter. */
function publishParameter(schema: JsonSchema): JsonSchema {
  const input = { type: "object", properties: { x: schema } };
  const { properties, ...rest } = publishSchema(input);
  const { type: _, ...definitions } = rest;
  return { ...(properties as { readonly x: JsonSchema }).x, ...definitions };
}

const ANY = [
  { type: "string" },
  { type: "number" },
  { type: "boolean" },
  { type: "object", properties: {} },
  { type: "array", items: {} },
  { type: "null" },
];

describe("publishSchema", () => {
  it.each<[string, JsonSchema, JsonSchema]>([
    [
      "no parameters",
      { type: "object", additionalProperties: false },
      { type: "object", properties: {}, additionalProperties: false },
    ],
    [
      "the dialect",
      { $schema: "https://json-schema.org/draft/2020-12/schema", $id: "x", type: "object", properties: {} },
      { type: "object", properties: {} },
    ],
  ])("writes %s for every client", (_name, schema, expected) => {
    expect(JSON.stringify(publishSchema(schema))).toBe(JSON.stringify(expected));
  });

  it.each<[string, JsonSchema, JsonSchema]>([
    ["a value of any type", {}, { anyOf: ANY }],
    ["a described value of any type", { description: "Any." }, { description: "Any.", anyOf: ANY }],
    [
      "an alternative of any type",
      { anyOf: [{}, { const: "a" }] },
      { anyOf: [...ANY, { type: "string", enum: ["a"] }] },
    ],
    ["keywords without a type", { minLength: 2 }, { anyOf: [{ type: "string", minLength: 2 }, ...ANY.slice(1)] }],
    [
      "a nullable text",
      { type: ["string", "null"], maxLength: 5 },
      { anyOf: [{ type: "string", maxLength: 5 }, { type: "null" }] },
    ],
    [
      "a nullable enum",
      { type: ["string", "null"], enum: ["a", null] },
      { anyOf: [{ type: "string", enum: ["a"] }, { type: "null" }] },
    ],
    ["an enum without a type", { enum: [1, 2] }, { type: "number", enum: [1, 2] }],
    [
      "a mixed enum",
      { enum: [1, "a"] },
      {
        anyOf: [
          { type: "number", enum: [1] },
          { type: "string", enum: ["a"] },
        ],
      },
    ],
    ["a const", { const: "a" }, { type: "string", enum: ["a"] }],
    ["null", { const: null }, { type: "null" }],
    ["a list of one type", { type: ["string"] }, { type: "string" }],
    [
      "a type next to typed alternatives",
      { type: "string", anyOf: [{ type: "string", maxLength: 1 }, { const: "ab" }] },
      {
        anyOf: [
          { type: "string", maxLength: 1 },
          { type: "string", enum: ["ab"] },
        ],
      },
    ],
    ["an open array", { type: "array" }, { type: "array", items: {} }],
    ["items: true", { type: "array", items: true }, { type: "array", items: {} }],
    ["an empty tuple", { type: "array", items: false }, { type: "array", items: {}, maxItems: 0 }],
    [
      "a pair of equal elements",
      { type: "array", prefixItems: [{ type: "number" }, { type: "number" }], items: false, minItems: 2 },
      { type: "array", items: { type: "number" }, minItems: 2, maxItems: 2 },
    ],
    [
      "a tuple",
      { type: "array", prefixItems: [{ type: "number" }, { type: "string" }], maxItems: 2 },
      {
        type: "array",
        prefixItems: [{ type: "number" }, { type: "string" }],
        maxItems: 2,
        items: { anyOf: [{ type: "number" }, { type: "string" }] },
      },
    ],
    [
      "an open tuple",
      { type: "array", prefixItems: [{ type: "number" }] },
      { type: "array", prefixItems: [{ type: "number" }], items: {} },
    ],
    ["oneOf", { oneOf: [{ type: "string" }, { type: "number" }] }, { anyOf: [{ type: "string" }, { type: "number" }] }],
    [
      "alternatives inside alternatives",
      { anyOf: [{ anyOf: [{ type: "string" }, { type: "number" }] }, { type: "string" }] },
      { anyOf: [{ type: "string" }, { type: "number" }] },
    ],
    ["not", { type: "string", not: { const: "a" } }, { type: "string" }],
    ["conditions", { type: "string", if: { minLength: 2 }, then: { pattern: "^a$" } }, { type: "string" }],
    [
      "a property that cannot be there",
      { type: "object", properties: { a: false, b: { type: "string" } } },
      { type: "object", properties: { b: { type: "string" } } },
    ],
    [
      "requirements",
      { type: "object", properties: { a: { type: "string" } }, allOf: [{ anyOf: [{ required: ["a"] }] }] },
      { type: "object", properties: { a: { type: "string" } } },
    ],
    ["lookaround", { type: "string", pattern: "^(?!a)" }, { type: "string", description: "Pattern: ^(?!a)" }],
    [
      "a described pattern",
      { type: "string", description: "A code.", pattern: "^(?!a)" },
      { type: "string", description: "A code.\nPattern: ^(?!a)" },
    ],
    ["a portable pattern", { type: "string", pattern: String.raw`^(?:\d)$` }, { type: "string", pattern: "^([0-9])$" }],
    [
      "names with a pattern",
      { type: "object", patternProperties: { "^x-": { type: "string" } }, additionalProperties: false },
      { type: "object", properties: {}, additionalProperties: { type: "string" }, description: "Names: ^x-" },
    ],
    [
      "open names with a pattern",
      { type: "object", patternProperties: { "^x-": { type: "string" } } },
      { type: "object", properties: {} },
    ],
    [
      "a pattern for all names",
      { type: "object", propertyNames: { pattern: "^(?!_)", maxLength: 9 }, additionalProperties: { type: "string" } },
      {
        type: "object",
        properties: {},
        propertyNames: { maxLength: 9 },
        additionalProperties: { type: "string" },
        description: "Names: ^(?!_)",
      },
    ],
    ["a large bound", { type: "string", maxLength: 10_000 }, { type: "string", description: "maxLength: 10000" }],
    ["a bound", { type: "string", maxLength: 1999 }, { type: "string", maxLength: 1999 }],
    [
      "a property named like a keyword",
      { type: "object", properties: { properties: { type: "string" }, const: { type: "string" } } },
      { type: "object", properties: { properties: { type: "string" }, const: { type: "string" } } },
    ],
    [
      "data that looks like a schema",
      { type: "object", properties: {}, default: { const: 1, type: ["a"] } },
      { type: "object", properties: {}, default: { const: 1, type: ["a"] } },
    ],
  ])("writes %s for every client", (_name, schema, expected) => {
    expect(publishParameter(schema)).toEqual(expected);
  });

  it("writes out definitions that are not recursive", () => {
    const schema = {
      type: "object",
      properties: { a: { $ref: "#/$defs/A", description: "First." }, b: { $ref: "#/$defs/A" } },
      $defs: {
        A: { type: "object", description: "An A.", properties: { b: { $ref: "#/$defs/B" } } },
        B: { type: "string" },
        C: {},
      },
    };
    const a = { type: "object", properties: { b: { type: "string" } } };
    expect(publishSchema(schema)).toEqual({
      type: "object",
      properties: { a: { ...a, description: "First." }, b: { ...a, description: "An A." } },
    });
  });

  it("keeps recursive definitions, each once, without aliases", () => {
    const node = (name: string): JsonSchema => ({
      type: "object",
      properties: { next: { $ref: `#/$defs/${name}` } },
    });
    const schema = {
      type: "object",
      properties: { a: { $ref: "#/$defs/Alias" }, b: { $ref: "#/$defs/Second", default: {} } },
      $defs: { Alias: { $ref: "#/$defs/First" }, First: node("Second"), Second: node("First") },
    };
    expect(publishSchema(schema)).toEqual({
      type: "object",
      properties: { a: { $ref: "#/$defs/First" }, b: { default: {}, anyOf: [{ $ref: "#/$defs/First" }] } },
      $defs: { First: node("First") },
    });
  });

  it("leaves references as they are if writing them out would be too large", () => {
    const levels = Object.fromEntries(
      Array.from({ length: 20 }, (_, i) => [
        `L${i}`,
        { type: "object", properties: { a: { $ref: `#/$defs/L${i + 1}` }, b: { $ref: `#/$defs/L${i + 1}` } } },
      ]),
    );
    const schema = {
      type: "object",
      properties: { x: { $ref: "#/$defs/L0" } },
      $defs: { ...levels, L20: { type: "string" } },
    };
    expect(JSON.stringify(publishSchema(schema)).length).toBeLessThan(10_000);
  });

  it("changes nothing when it is applied again", () => {
    for (const schema of Object.values(SCHEMAS)) {
      const once = publishSchema(schema);
      expect(publishSchema(once)).toEqual(once);
    }
  });
});

/** Schemas as authors and libraries write them. */
const SCHEMAS: Readonly<Record<string, JsonSchema>> = {
  "zod: formats, tuples and unions": toJsonSchema(
    z.object({
      email: z.email(),
      at: z.tuple([z.number(), z.number()]),
      mixed: z.tuple([z.string(), z.number()]),
      shape: z.discriminatedUnion("kind", [
        z.object({ kind: z.literal("circle"), r: z.number() }),
        z.object({ kind: z.literal("square"), side: z.number() }),
      ]),
      any: z.any(),
      record: z.record(z.string().regex(/^(?!_)/), z.number()),
      nullable: z.string().nullable(),
      text: z.string().max(50_000),
    }),
  ),
  "ArkType: formats, tuples, unions and index signatures": type({
    email: "string.email",
    pair: ["string", "number"],
    at: ["number", "number"],
    shape: [{ kind: "'circle'", r: "number" }, "|", { kind: "'square'", side: "number" }],
    any: "unknown",
    nullable: "string | null",
    level: "1 | 2 | 'a'",
    text: "string <= 50000",
    "code?": /^(?!_)\p{L}/u,
    record: { "[string]": "number" },
  }).toJsonSchema() as JsonSchema,
  "a JSON Schema with rare keywords": {
    type: "object",
    properties: {
      a: { type: ["string", "integer"], not: { const: "x" } },
      b: { if: { type: "string" }, then: { minLength: 2 }, else: { minimum: 2 } },
      c: { type: "array", contains: { type: "number" }, minContains: 2 },
      d: { patternProperties: { "^a": { type: "number" } }, additionalProperties: { type: "string" } },
      e: true,
      f: {
        oneOf: [
          { type: "number", multipleOf: 2 },
          { type: "number", multipleOf: 3 },
        ],
      },
    },
    required: ["a"],
    unevaluatedProperties: false,
  },
  "a recursive schema": {
    type: "object",
    properties: { root: { $ref: "#/$defs/Node", description: "The root." } },
    $defs: {
      Node: {
        type: "object",
        properties: { value: {}, children: { type: "array", items: { $ref: "#/$defs/Node" } } },
        required: ["value"],
        additionalProperties: false,
      },
    },
  },
};

function toJsonSchema(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { target: "draft-2020-12", io: "input" }) as JsonSchema;
}

const WARNED = new Set(SCHEMA_RULES.filter(({ rewrite }) => !rewrite).map(({ id }) => id));

describe.each(Object.entries(SCHEMAS))("the published form of %s", (_name, schema) => {
  it("follows every rule that a rewrite can meet", () => {
    const broken = findViolations(publishSchema(schema), "input").filter(({ rule }) => !WARNED.has(rule.id));
    expect(broken.map(({ rule, place, problem }) => `${rule.id} ${place} ${problem}`)).toEqual([]);
  });

  it("accepts what the schema accepts", () => {
    const ajv = new Ajv2020({ strict: false });
    addFormats.default(ajv);
    const [exact, published] = [ajv.compile(schema), ajv.compile(publishSchema(schema))];
    const samples = sampleValues(schema);
    const accepted = samples.filter((value) => exact(value));
    expect(accepted.length).toBeGreaterThan(1);
    expect(accepted.filter((value) => !published(value))).toEqual([]);
  });
});

const VALUES: readonly JsonValue[] = [
  "",
  "a",
  "x",
  "ab",
  "a@b.cd",
  "_x",
  0,
  1,
  2,
  3,
  4,
  6,
  1.5,
  true,
  null,
  [],
  [1],
  [1, 2],
  ["a", 1],
  [1, 2, 3],
  ["a"],
  {},
  { a: 1 },
  { b: "x" },
  { kind: "circle", r: 1 },
  { kind: "square", side: 1 },
  { value: 1 },
  { value: {}, children: [{ value: [] }] },
];

/** Objects that have each property with each value, and an accepted value for all others. */
function sampleValues(schema: JsonSchema): JsonValue[] {
  const ajv = new Ajv2020({ strict: false });
  addFormats.default(ajv);
  const { $defs = {}, properties } = schema;
  const accepted = Object.entries(properties as { readonly [name: string]: JsonSchema | boolean }).map(
    ([name, property]): [string, JsonValue[]] => {
      const accepts = ajv.compile(typeof property === "boolean" ? property : { ...property, $defs });
      return [name, VALUES.filter((value) => accepts(value))];
    },
  );
  const base = Object.fromEntries(accepted.map(([name, [first = null]]) => [name, first]));
  return accepted.flatMap(([name, values]) => values.map((value) => ({ ...base, [name]: value })));
}

describe("publishedSchemasOf", () => {
  const objectOf = (properties: JsonSchema): JsonSchema => ({
    type: "object",
    properties,
    additionalProperties: false,
  });
  const output = { type: "object", properties: { a: { type: "string" } } };
  const member = { kind: "tool", parameters: { names: [] }, result: "structured", outputSchema: output } as const;

  it.each<[JsonSchema | false | undefined, JsonSchema | undefined]>([
    [undefined, output],
    [{ type: "array" }, { type: "array", items: {} }],
    [false, undefined],
  ])("publishes the output schema of the decorator option %j", (outputSchema, expected) => {
    expect(publishedSchemasOf(member, { outputSchema }).output).toEqual(expected);
    const published = { ...member, publishedSchemas: { output } };
    expect(publishedSchemasOf(published, { outputSchema }).output).toEqual(expected);
  });

  it("writes a shared schema as a tool with the server's mode does", () => {
    const part = objectOf({ a: { type: "string" }, b: { type: "array", items: { type: "string" } } });
    const uses = Array.from({ length: 60 }, (_, i) => [`p${i}`, { description: `Part ${i}.`, ...part }] as const);
    const schema = objectOf(Object.fromEntries(uses));
    const published = { output: publishSchema(schema) };
    expect(published.output["$defs"]).toBeDefined();
    const shared = { ...member, outputSchema: schema, publishedSchemas: published };
    expect(publishedSchemasOf(shared, {}, "inline").output).toEqual(publishSchema(schema, "inline"));
    expect(publishedSchemasOf(shared, {}, "auto").output).toBe(published.output);
  });

  it("keeps the references of a schema that would not fit in memory without them", () => {
    const nest = (depth: number): JsonSchema => {
      const inner = depth === 0 ? { type: "string" } : nest(depth - 1);
      return objectOf({ a: inner, b: inner, c: inner, d: inner });
    };
    const published = publishSchema(nest(40));
    const large = { ...member, outputSchema: published };
    expect(publishedSchemasOf(large, {}, "inline").output).toBe(published);
  });
});

describe("findViolations", () => {
  it.each<[string, JsonSchema, string]>([
    ["property-names", { type: "object", properties: { größe: { type: "string" } } }, 'has a parameter named "größe"'],
    [
      "required",
      { type: "object", properties: {}, required: ["a"] },
      'requires "a", which is not among its properties',
    ],
    [
      "empty-enum-values",
      { type: "object", properties: { a: { type: "string", enum: ["", "b"] } } },
      "has an empty string in its enum",
    ],
    ["plain-root", { type: "object", properties: {}, anyOf: [{ required: ["a"] }] }, "has anyOf at the root"],
    ["no-all-of", { type: "object", properties: { a: { allOf: [{ type: "object", properties: {} }] } } }, "has allOf"],
    [
      "size",
      { type: "object", properties: {}, description: "x".repeat(17_000) },
      "has 17 KB, which every request of a model carries",
    ],
    [
      "limits",
      { type: "object", properties: { a: { type: "number", enum: Array.from({ length: 1001 }, (_, i) => i) } } },
      "lists 1001 values",
    ],
  ])("reports what no rewrite can meet: %s", (id, schema, problem) => {
    const found = findViolations(publishSchema(schema), "input");
    expect(found.map((violation) => [violation.rule.id, violation.problem])).toEqual([[id, problem]]);
  });

  it("reports each rule once, with its first place", () => {
    const properties = { a: { type: "string", enum: [""] }, b: { type: "string", enum: [""] } };
    const found = findViolations(publishSchema({ type: "object", properties }), "input");
    expect(found.map(({ rule, place }) => [rule.id, place])).toEqual([["empty-enum-values", "a"]]);
  });

  it("names the place by its properties", () => {
    const item = { type: "object", properties: { mode: { enum: [""] } } };
    const schema = { type: "object", properties: { list: { type: "array", items: item } } };
    expect(findViolations(publishSchema(schema), "input").map(({ place }) => place)).toEqual(["list[].mode"]);
  });
});

describe("findNameViolations", () => {
  it.each([
    ["docs.find/all", ["name-characters"]],
    ["synchronizeAllCustomerRecordsAcrossEveryConnectedWarehouse", ["name-length"]],
    ["a".repeat(50), []],
    ["refused by MCP", []],
  ])("checks the tool %s", (name, expected) => {
    expect(findNameViolations({ kind: "tool", name }).map(({ rule }) => rule.id)).toEqual(expected);
  });

  it("checks the names of prompts, and not those of resources", () => {
    expect(findNameViolations({ kind: "prompt", name: "a.b" })).toHaveLength(1);
    expect(findNameViolations({ kind: "resource", name: "a.b" })).toEqual([]);
  });
});

describe("findDescriptionViolations", () => {
  it.each([undefined, " ", "x".repeat(1025)])("reports a tool with the description %j", (description) => {
    expect(findDescriptionViolations(description, "tool")).toHaveLength(1);
  });

  it("accepts a description, and prompts without one", () => {
    expect(findDescriptionViolations("Finds.", "tool")).toEqual([]);
    expect(findDescriptionViolations(undefined, "prompt")).toEqual([]);
  });
});

describe("the table of rules", () => {
  it("names each rule once, with a client and a source that can be followed", () => {
    const rules = [...SCHEMA_RULES, ...COMPONENT_RULES];
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
    for (const { clients, sources, fix } of rules) {
      expect(clients).not.toBe("");
      expect(fix).toMatch(/\.$/);
      expect(sources.length).toBeGreaterThan(0);
      for (const source of sources) expect(source).toMatch(/^(?:https:\/\/\S+|[\w.-]+\/[\w.-]+#\d+)$/);
    }
  });
});

import { createRequire } from "node:module";
import { Ajv2020 } from "ajv/dist/2020.js";
import * as fc from "fast-check";
import * as runtimeHelpers from "methodic/manifest";
import type { InputSchema, JsonSchema, TypedMember, ValidationError } from "methodic/manifest";
import { describe, expect, it } from "vitest";
import { generatedNames } from "../../src/emit/manifest-code.ts";
import {
  generateValidators,
  SchemaCompileError,
  type ValidatedMember,
  type ValidationHelper,
} from "../../src/emit/validators.ts";

const require = createRequire(import.meta.url);
const addFormats = (require("ajv-formats") as typeof import("ajv-formats")).default;
const { fullFormats } = require("ajv-formats/dist/formats.js") as { fullFormats: Record<string, unknown> };

/** The names in a module where all of them are free, as in nearly every module. */
const LOCAL_NAMES: Readonly<Record<ValidationHelper, string>> = generatedNames("").helpers;

/** Samples that, together, satisfy and violate every keyword below. */
const SAMPLES: readonly unknown[] = [
  null,
  true,
  false,
  0,
  1,
  -1,
  1.5,
  7,
  42,
  2 ** 31,
  1e300,
  "",
  "a",
  "abc",
  "héllo",
  "👍👍",
  "2026-01-31",
  "x-y",
  [],
  [1],
  [1, 1],
  [1, 2, 3],
  ["a", 1, true],
  ["a", "a"],
  [{ a: 1 }, { a: 1 }],
  [[1], [1]],
  {},
  { a: 1 },
  { a: "x" },
  { b: 2 },
  { a: 1, b: 2 },
  { a: 1, c: 3 },
  { x_1: "s" },
  { x_1: 5 },
  { a: { a: { a: 1 } } },
  { kids: [{ kids: [] }] },
  { kids: [{ kids: [3] }] },
  { toString: "x" },
  { constructor: 3 },
  { e: { deep: [1, { k: "v" }] } },
];
/**
 * ajv's own `equal` calls `value.toString()` and throws for these; the runtime's tests cover ours.
 */
const COMPARABLE_SAMPLES: readonly unknown[] = SAMPLES.filter((sample) => !Object.hasOwn(Object(sample), "toString"));

/** Every keyword of JSON Schema 2020-12 that validates, each at least once. */
const KEYWORDS: Readonly<Record<string, JsonSchema>> = {
  type: { type: "string" },
  "type list": { type: ["integer", "null"] },
  integer: { type: "integer" },
  const: { const: { a: 1 } },
  "const scalar": { const: "abc" },
  enum: { enum: ["a", 1, null] },
  "enum of objects": { enum: [{ a: 1 }, [1, 2, 3], "a"] },
  multipleOf: { type: "number", multipleOf: 0.5 },
  maximum: { maximum: 1 },
  exclusiveMaximum: { exclusiveMaximum: 1 },
  minimum: { minimum: 1 },
  exclusiveMinimum: { exclusiveMinimum: 1 },
  maxLength: { maxLength: 2 },
  minLength: { minLength: 2 },
  pattern: { pattern: "^a\"|'\\/`\\$\\{x\\}|b$" },
  "unicode pattern": { pattern: "^\\p{L}+$" },
  maxItems: { maxItems: 1 },
  minItems: { minItems: 2 },
  uniqueItems: { uniqueItems: true },
  items: { items: { type: "number" } },
  prefixItems: { prefixItems: [{ type: "string" }, { type: "number" }], items: false },
  contains: { contains: { type: "string" } },
  "minContains, maxContains": { contains: { const: 1 }, minContains: 2, maxContains: 2 },
  maxProperties: { maxProperties: 1 },
  minProperties: { minProperties: 1 },
  required: { required: ["a"] },
  dependentRequired: { dependentRequired: { a: ["b"] } },
  dependentSchemas: { dependentSchemas: { a: { required: ["b"] } } },
  properties: { properties: { a: { type: "number" }, b: false } },
  patternProperties: { patternProperties: { "^x_": { type: "string" } }, additionalProperties: false },
  "additionalProperties: false": { type: "object", properties: { a: {} }, additionalProperties: false },
  "additionalProperties: schema": { type: "object", additionalProperties: { type: "number" } },
  "many closed properties": {
    type: "object",
    properties: Object.fromEntries("abcdefghijklmnop".split("").map((name) => [name, { type: "number" }])),
    additionalProperties: false,
  },
  propertyNames: { propertyNames: { maxLength: 1 } },
  unevaluatedProperties: { allOf: [{ properties: { a: {} } }], unevaluatedProperties: false },
  unevaluatedItems: { prefixItems: [{}], unevaluatedItems: false },
  allOf: { allOf: [{ type: "number" }, { minimum: 1 }] },
  anyOf: { anyOf: [{ type: "string" }, { minimum: 1, type: "number" }] },
  oneOf: { oneOf: [{ type: "number" }, { type: "integer" }] },
  not: { not: { type: "string" } },
  "if, then, else": { if: { type: "string" }, then: { minLength: 2 }, else: { type: "array" } },
  "boolean schemas": { properties: { a: true, b: false } },
  "$ref, recursive": {
    type: "object",
    properties: { kids: { type: "array", items: { $ref: "#/$defs/Tree" } } },
    $defs: {
      Tree: {
        type: "object",
        properties: { kids: { type: "array", items: { $ref: "#/$defs/Tree" } } },
        additionalProperties: false,
      },
    },
  },
  "$ref, mutually recursive": {
    $ref: "#/$defs/A",
    $defs: {
      A: { type: "object", properties: { a: { $ref: "#/$defs/B" } } },
      B: { anyOf: [{ $ref: "#/$defs/A" }, { const: 1 }] },
    },
  },
  $dynamicRef: { $dynamicAnchor: "node", type: ["object", "number"], additionalProperties: { $dynamicRef: "#node" } },
  "names of Object.prototype": {
    type: "object",
    properties: { toString: { type: "string" }, constructor: { type: "number" } },
    required: ["toString"],
  },
  "unknown format": { type: "string", format: "no-such-format" },
  annotations: {
    type: "object",
    title: "T",
    description: 'const func0 = require("ajv/dist/runtime/equal").default;\n`${x}` */ require("fs")',
    examples: [{ a: "require(" }],
    default: { a: 1 },
    deprecated: true,
    properties: {
      description: { type: "number", description: "of a property" },
      a: { enum: [1, 2], default: 1, readOnly: true },
    },
  },
  "data that looks like annotations": { enum: [{ a: 1 }, { description: "x" }] },
  $comment: { $comment: "c", type: "string" },
};

/** Runs generated code as in a module: with the runtime's helpers and nothing else in scope. */
function runGenerated(members: ReadonlyMap<string, ValidatedMember>): Record<string, TypedMember["validators"]> {
  const { body, helpers } = generateValidators(members, LOCAL_NAMES);
  expect(body).not.toContain('require("');
  expect(body).not.toMatch(/^export /m);
  const run = new Function(...helpers.map((helper) => LOCAL_NAMES[helper]), `"use strict";\n${body}`);
  return run(...helpers.map((helper) => runtimeHelpers[helper])) as Record<string, TypedMember["validators"]>;
}

function asInput(schema: JsonSchema): ValidatedMember {
  return { inputSchema: schema as InputSchema };
}

function summary(errors: readonly ValidationError[] | null | undefined): unknown {
  return errors?.map(({ keyword, instancePath, schemaPath, params }) => ({
    keyword,
    instancePath,
    // Our schema paths name the function of a recursive type that they begin in.
    schemaPath: schemaPath.replace(/^#\d+/, "#"),
    params,
  }));
}

describe("generated validators", () => {
  const validators = runGenerated(new Map(Object.entries(KEYWORDS).map(([name, schema]) => [name, asInput(schema)])));

  it.each(Object.keys(KEYWORDS))("agree with ajv on %s", (keyword) => {
    const ajv = addFormats(new Ajv2020({ allErrors: true, strict: false, logger: false, ownProperties: true }));
    const expected = ajv.compile(KEYWORDS[keyword] as object);
    const actual = validators[keyword]?.input;
    if (!actual) throw new Error(`no check was generated for ${keyword}`);
    const samples = keyword === "names of Object.prototype" ? SAMPLES : COMPARABLE_SAMPLES;
    const verdicts = samples.map((sample) => {
      const verdict = actual(sample);
      expect({ sample, verdict, errors: summary(actual.errors) }).toEqual({
        sample,
        verdict: expected(sample),
        errors: summary(expected.errors as ValidationError[] | null),
      });
      return verdict;
    });
    expect(verdicts).toContain(true);
    const judgesNothing = ["unknown format"].includes(keyword);
    expect(verdicts.includes(false) || judgesNothing).toBe(true);
  });

  it.each(Object.keys(fullFormats))("agree with ajv on the format %s", (format) => {
    const schema = { format };
    const samples = [...FORMAT_SAMPLES, ...SAMPLES];
    const { check } = runGenerated(new Map([["check", asInput(schema)]]));
    const expected = addFormats(new Ajv2020({ strict: false, logger: false })).compile(schema);
    const verdicts = samples.map((sample) => check?.input(sample));
    expect(verdicts).toEqual(samples.map((sample) => expected(sample)));
    expect(verdicts).toContain(true);
  });

  it.each(["$ref, recursive", "many closed properties", "anyOf", "unevaluatedProperties", "prefixItems"])(
    "judge any JSON value as ajv does: %s",
    (keyword) => {
      const schema = KEYWORDS[keyword] as JsonSchema;
      const { check } = runGenerated(new Map([["check", asInput(schema)]]));
      const expected = addFormats(new Ajv2020({ allErrors: true, strict: false, logger: false })).compile(schema);
      const names = fc.constantFrom("a", "b", "kids", "x_1", "other");
      const values = fc.letrec((tie) => ({
        value: fc.oneof(fc.jsonValue(), fc.array(tie("value"), { maxLength: 3 }), fc.dictionary(names, tie("value"))),
      })).value;
      const property = fc.property(values, (value) => {
        expect(check?.input(value)).toBe(expected(value));
        expect(summary(check?.input.errors)).toEqual(summary(expected.errors as ValidationError[] | null));
      });
      fc.assert(property, { seed: 20_261_122, numRuns: 300 });
    },
  );

  it("find the same equal items as a comparison of all pairs", () => {
    const { check } = runGenerated(new Map([["check", asInput({ uniqueItems: true })]]));
    const few = fc.array(fc.jsonValue({ maxDepth: 2 }), { maxLength: 6 });
    const arrays = few.chain((items) => fc.constantFrom(items, [...items, ...items.slice(0, 1)]));
    const property = fc.property(arrays, (items) => {
      const isRepeated = items.some((a, i) => items.slice(0, i).some((b) => runtimeHelpers.equal(a, b)));
      expect(check?.input(items)).toBe(!isRepeated);
    });
    fc.assert(property, { seed: 20_261_122, numRuns: 500 });
  });

  it("count code points and compare values with the runtime's helpers", () => {
    const { check } = runGenerated(
      new Map([
        ["check", asInput({ properties: { a: { maxLength: 2 }, b: { uniqueItems: true }, c: { format: "date" } } })],
      ]),
    );
    expect(check?.input({ a: "👍👍", b: [{ k: 1 }, { k: 2 }], c: "2026-02-28" })).toBe(true);
    expect(check?.input({ a: "abc", b: [{ k: 1 }, { k: 1 }], c: "2026-02-30" })).toBe(false);
    expect(check?.input.errors?.map((error) => error.instancePath)).toEqual(["/a", "/b", "/c"]);
  });

  it("name only the helpers that are used", () => {
    const helpersFor = (schema: JsonSchema): readonly string[] =>
      generateValidators(new Map([["m", asInput(schema)]]), LOCAL_NAMES).helpers;
    expect(helpersFor({ type: "object" })).toEqual([]);
    expect(helpersFor({ minLength: 1 })).toEqual(["ucs2length"]);
    expect(helpersFor({ uniqueItems: true })).toEqual(["findDuplicate"]);
    expect(helpersFor({ const: { a: 1 } })).toEqual(["equal"]);
    expect(helpersFor({ format: "date-time" })).toEqual(["formats"]);
  });

  it("are shared by equal schemas, whatever their descriptions", () => {
    const { a, b } = runGenerated(
      new Map([
        ["a", { inputSchema: { type: "object", description: "one" }, outputSchema: { type: "string" } }],
        ["b", { inputSchema: { type: "object", description: "two" } }],
      ]),
    );
    expect(a?.input).toBe(b?.input);
    expect(a?.output?.("x")).toBe(true);
    expect(b && "output" in b).toBe(false);
  });

  it("distinguish methods whose names are not identifiers", () => {
    const names = ["__proto__", "constructor", "a-b", '"', "0", "v0"];
    const all = runGenerated(
      new Map(names.map((name) => [name, asInput({ type: "object", properties: { [name]: { const: name } } })])),
    );
    expect(Object.keys(all).sort()).toEqual([...names].sort());
    for (const name of names) {
      const check = Object.getOwnPropertyDescriptor(all, name)?.value as TypedMember["validators"];
      expect(check.input(JSON.parse(`{${JSON.stringify(name)}: ${JSON.stringify(name)}}`))).toBe(true);
      // ajv does not validate a property of this name, because reading it from an object yields the
      // prototype.
      if (name !== "__proto__") expect(check.input(JSON.parse(`{${JSON.stringify(name)}: 1}`))).toBe(false);
    }
  });

  it("are deterministic", () => {
    const members = new Map(Object.entries(KEYWORDS).map(([name, schema]) => [name, asInput(schema)]));
    expect(generateValidators(members, LOCAL_NAMES)).toEqual(generateValidators(members, LOCAL_NAMES));
  });

  it("name the method in the error for a malformed pattern", () => {
    const members = new Map([["find", asInput({ type: "object", properties: { q: { pattern: "[" } } })]]);
    expect(() => generateValidators(members, LOCAL_NAMES)).toThrow(SchemaCompileError);
    expect(() => generateValidators(members, LOCAL_NAMES)).toThrow(
      /The input schema of 'find' cannot be compiled: .*Invalid regular expression/,
    );
  });
});

const FORMAT_SAMPLES: readonly string[] = [
  "2026-01-31",
  "2026-02-30",
  "12:30:00Z",
  "12:30:00",
  "25:00:00Z",
  "2026-01-31T12:30:00Z",
  "2026-01-31T12:30:00",
  "2026-01-31 12:30:00+01:00",
  "P1DT2H",
  "P",
  "https://example.com/a?b#c",
  "/relative",
  "https://example.com/{id}",
  "urn:isbn:1",
  "https://user:secret@example.com:8080/path",
  "https://a@b@example.com",
  "https://:@example.com",
  "https://@example.com",
  "https://192.168.0.1/",
  "a@b.example",
  "a@",
  "example.com",
  "-bad-.com",
  "127.0.0.1",
  "256.1.1.1",
  "::1",
  ":::",
  "^a+$",
  "[",
  "123e4567-e89b-12d3-a456-426614174000",
  "not-a-uuid",
  "/a/b~0",
  "a/b~2",
  "#/a/b",
  "0/a",
  "aGVsbG8=",
  "*",
];

import addFormats from "ajv-formats";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FORMAT_SAMPLES, KEYWORDS, SAMPLES } from "../../../../fixtures/json-schema-keywords.ts";
import type { JsonSchema } from "../manifest/format.ts";
import { formats } from "../manifest/validation-runtime.ts";
import { createSchemaValidator } from "./interpret.ts";
import { MAX_ERRORS } from "./validation-run.ts";

const ajv = new Ajv2020({
  strict: false,
  logger: false,
  validateSchema: false,
  ownProperties: true,
  multipleOfPrecision: 8,
});
addFormats.default(ajv);

function compile(schema: JsonSchema): ValidateFunction {
  return ajv.compile(schema);
}

/** Expects the verdict, and errors for an invalid value only. */
function expectVerdict(schema: JsonSchema, value: unknown, verdict: boolean): void {
  const validator = createSchemaValidator(schema);
  const { errors } = validator.findErrors(value);
  expect({ value, isValid: !validator.validate(value), hasNoErrors: errors.length === 0 }).toEqual({
    value,
    isValid: verdict,
    hasNoErrors: verdict,
  });
}

describe("createSchemaValidator", () => {
  it.each(Object.keys(KEYWORDS))("agrees with ajv on %s", (keyword) => {
    const schema = KEYWORDS[keyword] as JsonSchema;
    const expected = compile(schema);
    // ajv compares objects with their own `toString`.
    for (const sample of SAMPLES.filter((value) => !Object.hasOwn(Object(value), "toString")))
      expectVerdict(schema, sample, expected(sample));
  });

  it.each(Object.keys(formats).filter((name) => name !== "base64"))("agrees with ajv on the format %s", (format) => {
    const expected = compile({ format });
    for (const sample of [...FORMAT_SAMPLES, ...SAMPLES]) expectVerdict({ format }, sample, expected(sample));
  });

  it.each(["$ref, recursive", "$ref, mutually recursive", "many closed properties", "unevaluatedProperties", "oneOf"])(
    "judges any JSON value as ajv does: %s",
    (keyword) => {
      const schema = KEYWORDS[keyword] as JsonSchema;
      const expected = compile(schema);
      const names = fc.constantFrom("a", "b", "kids", "x_1", "other");
      const values = fc.letrec((tie) => ({
        value: fc.oneof(fc.jsonValue(), fc.array(tie("value"), { maxLength: 3 }), fc.dictionary(names, tie("value"))),
      })).value;
      const property = fc.property(values, (value) => expectVerdict(schema, value, expected(value)));
      fc.assert(property, { seed: 20_261_127, numRuns: 300 });
    },
  );

  it.each<[string, JsonSchema, unknown]>([
    ["nested ones", { allOf: [{ unevaluatedProperties: true }], unevaluatedProperties: false }, { a: 1 }],
    [
      "an alternative that fits",
      { anyOf: [{ properties: { a: { const: 1 } } }], unevaluatedProperties: false },
      { a: 1 },
    ],
    ["one that does not", { anyOf: [true, { properties: { a: false } }], unevaluatedProperties: false }, { a: 1 }],
    [
      "a reference",
      { $ref: "#/$defs/a", unevaluatedProperties: false, $defs: { a: { properties: { a: {} } } } },
      { a: 1 },
    ],
    ["a schema for the rest", { properties: { a: {} }, unevaluatedProperties: { type: "string" } }, { a: 1, b: 2 }],
    ["a schema for other items", { prefixItems: [{}], unevaluatedItems: { type: "string" } }, [1, "a"]],
    [
      "dependent schemas",
      { dependentSchemas: { a: { properties: { a: {} } } }, unevaluatedProperties: false },
      { a: 1 },
    ],
  ])("agrees with ajv on what is evaluated: %s", (_what, schema, value) => {
    expectVerdict(schema, value, compile(schema)(value));
  });

  it.each<[string, JsonSchema, unknown]>([
    [
      "equal items",
      { uniqueItems: true },
      [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ],
    ],
    ["items that differ", { uniqueItems: true }, [1, "1", [1]]],
    ["an exclusion", { not: { uniqueItems: true } }, [1, 1]],
    [
      "items to be contained",
      { contains: { uniqueItems: true } },
      [
        [1, 1],
        [2, 2],
      ],
    ],
  ])("agrees with ajv on uniqueItems: %s", (_what, schema, value) => {
    expectVerdict(schema, value, compile(schema)(value));
  });

  it("accepts property names that are not well-formed Unicode", () => {
    const schema = { type: "object", additionalProperties: { type: "number" } };
    expectVerdict(schema, { "\ud800": 1 }, true);
    expectVerdict(schema, { "\ud800": "1" }, false);
  });

  it.each<[string, JsonSchema, unknown, boolean]>([
    // ajv differs from JSON Schema 2020-12 (11.2 and 11.3) in these two.
    ["a condition as evaluating", { if: { properties: { a: {} } }, unevaluatedProperties: false }, { a: 1 }, true],
    ["an item next to one that is contained", { contains: { const: 1 }, unevaluatedItems: false }, [1, 2], false],
    ["0.07 as a multiple of 0.01", { multipleOf: 0.01 }, 0.07, true],
    ["1e400", { type: "number" }, Number.POSITIVE_INFINITY, false],
  ])("judges %s", (...[, schema, value, verdict]) => {
    expectVerdict(schema, value, verdict);
  });
});

const chain = (kinds: readonly string[]): JsonSchema => ({
  $ref: "#/$defs/Node",
  $defs: {
    Node: {
      anyOf: kinds.map((kind) => ({
        type: "object",
        properties: { next: { $ref: "#/$defs/Node" }, kind: { const: kind }, list: { type: "array" } },
        required: ["kind"],
      })),
    },
  },
});

/** Counts how often values are read. */
class ReadCounter {
  reads = 0;

  read<T>(value: T): T {
    this.reads++;
    return value;
  }
}

function nested(depth: number, kind: string, counter: ReadCounter): object {
  return {
    get kind() {
      return counter.read(depth > 0 ? "b" : kind);
    },
    ...(depth > 0 && { next: nested(depth - 1, kind, counter) }),
  };
}

describe("the work of a validation", () => {
  it.each([
    ["valid", "b"],
    ["invalid", "z"],
  ])("is linear in the depth of recursive alternatives for a %s value", (_what, kind) => {
    const counter = new ReadCounter();
    const validator = createSchemaValidator(chain(["a", "b", "c"]));
    const value = nested(60, kind, counter);
    expect(validator.validate(value)?.errors.length ?? 0).toBe(kind === "b" ? 0 : 1);
    expect(counter.reads).toBeLessThan(60 * 30);
  });

  it.each<[string, JsonSchema]>([
    ["of items", { type: "array", items: { type: "string" } }],
    ["of alternatives", { type: "array", items: { anyOf: [{ type: "string" }, { const: true }, { type: "null" }] } }],
    ["behind references", { type: "array", items: { $ref: "#/$defs/a" }, $defs: { a: { type: "string" } } }],
  ])("ends after a number of errors %s", (_what, schema) => {
    const counter = new ReadCounter();
    const items = new Proxy(Array<number>(1_000_000).fill(1), {
      get: (target, key) => counter.read(Reflect.get(target, key)),
    });
    const { errors, isComplete } = createSchemaValidator(schema).findErrors(items);
    expect(errors.length).toBeLessThanOrEqual(MAX_ERRORS + 1);
    expect(isComplete).toBe(false);
    expect(counter.reads).toBeLessThan(2 * MAX_ERRORS + 10);
  });

  it("does not look into a value that is too large", () => {
    const counter = new ReadCounter();
    const items = [1, 2, 3].map((n) => ({
      get n() {
        return counter.read(n);
      },
    }));
    const schema = { maxItems: 2, uniqueItems: true, items: { properties: { n: { type: "string" } } } };
    const { errors } = createSchemaValidator(schema).findErrors(items);
    expect(errors.map(({ keyword }) => keyword)).toEqual(["maxItems"]);
    expect(counter.reads).toBe(0);
  });

  it.each([[false], [true]])("compares the items of a long array once (with equal items: %s)", (isRepeated) => {
    const counter = new ReadCounter();
    const items = Array.from({ length: 3000 }, (_, i) => ({
      get id() {
        return counter.read(isRepeated ? i % 2999 : i);
      },
    }));
    expect(createSchemaValidator({ type: "array", uniqueItems: true }).validate(items) === undefined).toBe(!isRepeated);
    expect(counter.reads).toBeLessThan(3 * items.length);
  });
});

import { Ajv2020 } from "ajv/dist/2020.js";
import * as fc from "fast-check";
import * as runtimeHelpers from "methodic/manifest";
import type { InputSchema, JsonSchema, JsonValue } from "methodic/manifest";
import { expect, test } from "vitest";
import { generatedNames } from "../../src/emit/manifest-code.ts";
import { generateValidators } from "../../src/emit/validators.ts";
import { SEED, TYPES } from "./random-types.ts";

const AJV = {
  strict: false,
  logger: false,
  ownProperties: true,
  multipleOfPrecision: 8,
  validateSchema: false,
} as const;

/** Names of properties, one of them inherited by all objects. */
const NAMES = fc.constantFrom("a", "b", "x-1", "constructor");
const SCALARS = fc.constantFrom<JsonValue[]>(null, true, false, 0, 1, -1, 1.5, "", "a", "ab", "2026-01-31");
const TYPE_NAMES = fc.constantFrom("string", "number", "integer", "boolean", "null", "array", "object");
const SIZES = fc.nat({ max: 3 });

const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    SCALARS,
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(NAMES, tie("value"), { maxKeys: 3, noNullPrototype: true }) as fc.Arbitrary<JsonValue>,
  ),
}));

const { schema } = fc.letrec<{ schema: JsonValue }>((tie) => {
  const inner = tie("schema");
  const list = fc.array(inner, { minLength: 1, maxLength: 3 });
  const map = fc.dictionary(NAMES, inner, { maxKeys: 3, noNullPrototype: true });
  const names = fc.uniqueArray(NAMES, { maxLength: 2 });
  // No `contains`: ajv accepts an empty array where `items` is false.
  const keywords: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
    type: fc.oneof(TYPE_NAMES, fc.uniqueArray(TYPE_NAMES, { minLength: 1, maxLength: 2 })),
    const: SCALARS,
    enum: fc.uniqueArray(SCALARS, { minLength: 1 }),
    format: fc.constant("none"),
    anyOf: list,
    oneOf: list,
    allOf: list,
    not: inner,
    if: inner,
    then: inner,
    else: inner,
    properties: map,
    additionalProperties: inner,
    patternProperties: inner.map((one) => ({ "^[ab]": one })),
    required: names,
    dependentRequired: fc.dictionary(NAMES, names, { maxKeys: 1, noNullPrototype: true }),
    dependentSchemas: map,
    propertyNames: fc.constantFrom({ maxLength: 1 }, { enum: ["a", "b"] }),
    items: inner,
    prefixItems: list,
    uniqueItems: fc.boolean(),
    minItems: SIZES,
    maxItems: SIZES,
    minLength: SIZES,
    maxLength: SIZES,
    pattern: fc.constant("^a"),
    minProperties: SIZES,
    maxProperties: SIZES,
    minimum: SIZES,
    exclusiveMaximum: SIZES,
    multipleOf: fc.constantFrom(0.5, 2),
    $ref: fc.constant("#/$defs/Node"),
    description: fc.constantFrom("one", "two"),
  };
  const entries = Object.entries(keywords).map(([name, written]) => fc.tuple(fc.constant(name), written));
  const object = fc.uniqueArray(fc.oneof(...entries), { selector: ([name]) => name, minLength: 1, maxLength: 4 });
  return {
    schema: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom<JsonValue[]>(true, false, {}, { $ref: "#/$defs/Node" }, { type: "string", pattern: "^a" }),
      object.map((list) => Object.fromEntries(list) as JsonSchema),
    ),
  };
});

/** A document whose definition refers to itself below a property. */
const document = fc.tuple(schema, schema).map(([root, next]) => ({
  allOf: [root],
  $defs: {
    Node: { type: ["object", "null"], properties: { a: { anyOf: [next, { $ref: "#/$defs/Node" }] } }, required: ["a"] },
  },
}));

test("generated validators judge values of random schemas as ajv does", () => {
  const names = generatedNames("").helpers;
  const check = fc.property(fc.array(document, { minLength: 1, maxLength: 3 }), fc.array(value), (schemas, values) => {
    const members = new Map(schemas.map((one, i) => [`m${i}`, { inputSchema: one as unknown as InputSchema }]));
    const { body, helpers } = generateValidators([members], names);
    const run = new Function(...helpers.map((helper) => names[helper]), `"use strict";\n${body}`);
    const [validators] = run(...helpers.map((helper) => runtimeHelpers[helper]));
    for (const [i, one] of schemas.entries()) {
      const ajv = new Ajv2020(AJV);
      const expected = ajv.compile(one);
      expect(values.map((item) => validators[`m${i}`].input(item))).toEqual(values.map((item) => expected(item)));
    }
  });
  fc.assert(check, { numRuns: TYPES, seed: SEED });
});

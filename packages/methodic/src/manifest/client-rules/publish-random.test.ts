import { Ajv2020 } from "ajv/dist/2020.js";
import {
  array,
  assert,
  boolean,
  constant,
  constantFrom,
  dictionary,
  letrec,
  oneof,
  property,
  record,
  uniqueArray,
  type Arbitrary,
} from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonSchema, JsonValue } from "../format.ts";
import { resolvePointer, subschemasOf } from "../schema-walk.ts";
import { cutDistantParts } from "../sharing/cut-parts.ts";
import { describeOnce } from "../sharing/describe-once.ts";
import { SchemaTable } from "../sharing/schema-table.ts";
import { shareSchema } from "../sharing/share-schema.ts";
import { findViolations, publishSchema } from "./publish.ts";
import { SCHEMA_RULES } from "./rules.ts";

/** Names of properties and definitions: of all scripts, and with what JSON Pointers escape. */
const NAMES = ["Node", "Node_1", "Größe", "日本", "a b", "a/b", "a~c", "50%", 'say "x"', "constructor"];
const PATTERNS = ["^a$", "^(?!a)", String.raw`^\d+"\n'$`, String.raw`\p{L}`, "a|b", "^(a|b)$", '^[^"\\n]*$', "^ü$"];

const TEXTS_AND_NUMBERS: readonly JsonValue[] = ["", "a", 'a"\n', "ü", 0, 1, 2.5, true, null];
const VALUES: readonly JsonValue[] = [
  ...TEXTS_AND_NUMBERS,
  [],
  ["a"],
  [1, "a"],
  {},
  { a: 1 },
  { Node: "a" },
  { Größe: { Größe: {} } },
];

function referenceTo(name: string): JsonSchema {
  return { $ref: `#/$defs/${encodeURIComponent(name.replaceAll("~", "~0").replaceAll("/", "~1"))}` };
}

/** Objects with some of the keywords. */
function some(keywords: { readonly [keyword: string]: Arbitrary<unknown> }): Arbitrary<JsonSchema> {
  return record(keywords, { requiredKeys: [] }) as Arbitrary<JsonSchema>;
}

const { schema: anySchema } = letrec<{ schema: JsonSchema }>((tie) => {
  const inner = tie("schema");
  const innerOrBoolean = oneof({ weight: 3, arbitrary: inner }, { weight: 1, arbitrary: boolean() });
  const schema = oneof(
    { maxDepth: 2 },
    constantFrom<JsonSchema>({}, { type: "string" }, { type: ["string", "null"] }, { enum: ["a", 1, null] }),
    constantFrom<JsonSchema>({ const: "a" }, { const: null }, { type: "array" }, { type: "object" }),
    constantFrom(...NAMES.map(referenceTo)).chain((reference) =>
      constantFrom(reference, { ...reference, description: "One." }),
    ),
    some({
      type: constantFrom("string", ["string", "number"]),
      minLength: constantFrom(0, 1),
      maxLength: constantFrom(1, 5000),
      pattern: constantFrom(...PATTERNS),
      description: constantFrom('A "text".\nTwo.', ""),
      not: inner,
    }),
    some({
      type: constantFrom("array", ["array", "null"]),
      items: innerOrBoolean,
      prefixItems: array(inner, { minLength: 1, maxLength: 2 }),
      maxItems: constantFrom(1, 2),
      contains: inner,
    }),
    some({
      type: constantFrom("object", ["object", "string"]),
      properties: dictionary(constantFrom(...NAMES, "a"), innerOrBoolean, { maxKeys: 3 }),
      additionalProperties: innerOrBoolean,
      patternProperties: dictionary(constantFrom(...PATTERNS), inner, { maxKeys: 2 }),
      propertyNames: constantFrom({ pattern: "^[a-z]+$" }, { maxLength: 3 }, { enum: ["a"] }, { pattern: "^(?!_)" }),
      required: constantFrom(["a"], ["Node"]),
      unevaluatedProperties: boolean(),
    }),
    some({
      anyOf: array(inner, { minLength: 1, maxLength: 3 }),
      oneOf: array(inner, { minLength: 1, maxLength: 2 }),
      type: constantFrom("string", "object"),
      if: inner,
      then: inner,
      default: constantFrom(...VALUES),
      title: constant("T"),
    }),
  );
  return { schema };
});

/** A definition that leads to itself without a property in between describes nothing. */
function asDefinition(schema: JsonSchema): JsonSchema {
  const isOpen = ["$ref", "anyOf", "oneOf", "if", "then", "not"].some((keyword) => keyword in schema);
  return isOpen ? { type: "object", properties: { a: schema } } : schema;
}

const inputs: Arbitrary<JsonSchema> = record({
  type: constant("object"),
  properties: dictionary(constantFrom("x", "größe", "y"), anySchema, { minKeys: 1, maxKeys: 2 }),
  $defs: record(Object.fromEntries(NAMES.map((name) => [name, anySchema.map(asDefinition)]))),
}).map((schema) => structuredClone(schema) as JsonSchema);

const WARNED = new Set(SCHEMA_RULES.filter(({ rewrite }) => !rewrite).map(({ id }) => id));

/** Returns the references of a schema that lead nowhere. */
function danglingIn(root: JsonSchema): string[] {
  const found: string[] = [];
  const visit = (schema: JsonSchema): void => {
    const { $ref } = schema;
    if (typeof $ref === "string" && resolvePointer(root, $ref) === undefined) found.push($ref);
    for (const inner of subschemasOf(schema)) visit(inner.schema);
  };
  visit(root);
  return found;
}

/** Leaves only the root of a schema and what is next to it. */
function cut(published: JsonSchema): JsonSchema {
  return cutDistantParts(published, (changed) => shareSchema(changed, "auto"), 1);
}

describe("publishSchema, of any schema,", () => {
  it("changes nothing when it is applied again", () => {
    assert(
      property(inputs, (schema) => {
        const once = publishSchema(schema);
        expect(publishSchema(once)).toEqual(once);
      }),
      { numRuns: 1000, seed: 20_261_127 },
    );
  });

  it("follows the rules that a rewrite can meet, and keeps what references lead to", () => {
    assert(
      property(inputs, (schema) => {
        const published = publishSchema(schema);
        const broken = findViolations(published, "input").filter(
          ({ rule }) => rule.id === "definitions" || !WARNED.has(rule.id),
        );
        expect(broken.map(({ rule, place, problem }) => `${rule.id} ${place} ${problem}`)).toEqual([]);
        expect(danglingIn(published)).toEqual([]);
      }),
      { numRuns: 1000, seed: 20_261_127 },
    );
  });

  it.each([
    ["accepts what the schema accepts", (published: JsonSchema) => published],
    ["accepts that without its most distant parts, too", (published: JsonSchema) => cut(published)],
    [
      "accepts that with the properties of one alternative, too",
      (published: JsonSchema) => describeOnce(published, new SchemaTable(), 1),
    ],
  ])("%s", (_, change) => {
    let accepted = 0;
    assert(
      property(inputs, uniqueArray(constantFrom(...VALUES), { minLength: 6, maxLength: 6 }), (schema, values) => {
        const [exact, published] = [schema, change(publishSchema(schema))].map((one) =>
          new Ajv2020({ strict: false, ownProperties: true }).compile(one),
        );
        for (const value of values.map((one) => ({ x: one, größe: one, y: one }))) {
          if (!exact?.(value)) continue;
          accepted++;
          expect(published?.(value), JSON.stringify(value)).toBe(true);
        }
      }),
      { numRuns: 150, seed: 20_261_127 },
    );
    expect(accepted).toBeGreaterThan(100);
  });
});

import { createRequire } from "node:module";
import { Ajv2020 } from "ajv/dist/2020.js";
import * as fc from "fast-check";
import * as runtimeHelpers from "methodic/manifest";
import type { InputSchema, JsonSchema, TypedMember } from "methodic/manifest";
import { describe, expect, it } from "vitest";
import { generatedNames } from "../../src/emit/manifest-code.ts";
import type { ValidationHelper } from "../../src/emit/code-scope.ts";
import { generateValidators, SchemaCompileError, type ValidatedMember } from "../../src/emit/validators.ts";
import { FORMAT_SAMPLES, KEYWORDS, SAMPLES } from "../../../../fixtures/json-schema-keywords.ts";

const require = createRequire(import.meta.url);
const addFormats = (require("ajv-formats") as typeof import("ajv-formats")).default;
const { fullFormats } = require("ajv-formats/dist/formats.js") as { fullFormats: Record<string, unknown> };

/** The names in a module where all of them are free, as in nearly every module. */
const LOCAL_NAMES: Readonly<Record<ValidationHelper, string>> = generatedNames("").helpers;

/**
 * ajv's own `equal` calls `value.toString()` and throws for these; the runtime's tests cover ours.
 */
const COMPARABLE_SAMPLES: readonly unknown[] = SAMPLES.filter((sample) => !Object.hasOwn(Object(sample), "toString"));

/** Runs generated code as in a module: with the runtime's helpers and nothing else in scope. */
function runGenerated(members: ReadonlyMap<string, ValidatedMember>): Record<string, TypedMember["validators"]> {
  const { body, helpers } = generateValidators([members], LOCAL_NAMES);
  expect(body).not.toContain('require("');
  expect(body).not.toMatch(/^export /m);
  const run = new Function(...helpers.map((helper) => LOCAL_NAMES[helper]), `"use strict";\n${body}`);
  const [validators] = run(...helpers.map((helper) => runtimeHelpers[helper]));
  return validators as Record<string, TypedMember["validators"]>;
}

function asInput(schema: JsonSchema): ValidatedMember {
  return { inputSchema: schema as InputSchema };
}

/** The keywords that types are written with: no type needs `unevaluatedProperties`. */
const WRITTEN = Object.entries(KEYWORDS).filter(([name]) => !name.startsWith("unevaluated"));

describe("generated validators", () => {
  const validators = runGenerated(new Map(WRITTEN.map(([name, schema]) => [name, asInput(schema)])));

  it.each(WRITTEN.map(([name]) => name))("agree with ajv on %s", (keyword) => {
    const ajv = addFormats(new Ajv2020({ strict: false, logger: false, ownProperties: true, multipleOfPrecision: 8 }));
    const expected = ajv.compile(KEYWORDS[keyword] as object);
    const actual = validators[keyword]?.input;
    if (!actual) throw new Error(`no check was generated for ${keyword}`);
    const samples = keyword === "names of Object.prototype" ? SAMPLES : COMPARABLE_SAMPLES;
    const verdicts = samples.map((sample) => {
      const verdict = actual(sample);
      expect({ sample, verdict }).toEqual({ sample, verdict: expected(sample) });
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

  it.each(["$ref, recursive", "many closed properties", "anyOf", "prefixItems"])(
    "judge any JSON value as ajv does: %s",
    (keyword) => {
      const schema = KEYWORDS[keyword] as JsonSchema;
      const { check } = runGenerated(new Map([["check", asInput(schema)]]));
      const expected = addFormats(new Ajv2020({ strict: false, logger: false })).compile(schema);
      const names = fc.constantFrom("a", "b", "kids", "x_1", "other");
      const values = fc.letrec((tie) => ({
        value: fc.oneof(fc.jsonValue(), fc.array(tie("value"), { maxLength: 3 }), fc.dictionary(names, tie("value"))),
      })).value;
      const property = fc.property(values, (value) => {
        expect(check?.input(value)).toBe(expected(value));
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
    expect(check?.input({ a: "abc" })).toBe(false);
    expect(check?.input({ b: [{ k: 1 }, { k: 1 }] })).toBe(false);
    expect(check?.input({ c: "2026-02-30" })).toBe(false);
  });

  it("name only the helpers that are used", () => {
    const helpersFor = (schema: JsonSchema): readonly string[] =>
      generateValidators([new Map([["m", asInput(schema)]])], LOCAL_NAMES).helpers;
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
    const members = new Map(WRITTEN.map(([name, schema]) => [name, asInput(schema)]));
    expect(generateValidators([members], LOCAL_NAMES)).toEqual(generateValidators([members], LOCAL_NAMES));
  });

  it.each(["unevaluatedProperties", "unevaluatedItems"])("are refused for %s, which types do not need", (keyword) => {
    const members = new Map([["find", asInput(KEYWORDS[keyword] as JsonSchema)]]);
    expect(() => generateValidators([members], LOCAL_NAMES)).toThrow(`${keyword} is not supported`);
  });

  it("name the method in the error for a malformed pattern", () => {
    const members = new Map([["find", asInput({ type: "object", properties: { q: { pattern: "[" } } })]]);
    expect(() => generateValidators([members], LOCAL_NAMES)).toThrow(SchemaCompileError);
    expect(() => generateValidators([members], LOCAL_NAMES)).toThrow(
      /The input schema of 'find' cannot be compiled: .*Invalid regular expression/,
    );
  });
});

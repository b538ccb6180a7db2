import { Ajv2020 } from "ajv/dist/2020.js";
import {
  array,
  assert,
  constant,
  constantFrom,
  dictionary,
  jsonValue,
  letrec,
  oneof,
  property,
  record,
  uniqueArray,
} from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonSchema, JsonValue } from "../format.ts";
import { mergeAlternatives } from "./merge-alternatives.ts";
import { SchemaTable } from "./schema-table.ts";
import { shareSchema } from "./share-schema.ts";
import { withTypeName } from "./type-names.ts";
import { writtenSize } from "./schema-size.ts";

const ADDRESS: JsonSchema = {
  type: "object",
  properties: { street: { type: "string" }, city: { type: "string" } },
  required: ["street", "city"],
  additionalProperties: false,
};

function objectOf(properties: { readonly [name: string]: JsonSchema }): JsonSchema {
  return { type: "object", properties };
}

/** An object that uses a part four times at each of many levels: 4^levels copies. */
function nest(levels: number): JsonSchema {
  let part: JsonSchema = { type: "string", description: "A text." };
  for (let level = 0; level < levels; level++)
    part = withTypeName(objectOf({ a: part, b: part, c: part, d: part }), `L${level}`);
  return objectOf({ x: part });
}

describe("shareSchema", () => {
  it("writes a part that is used twice as a definition with the name of its type", () => {
    const address = withTypeName(ADDRESS, "Address");
    expect(shareSchema(objectOf({ home: address, work: address }), "always")).toEqual({
      ...objectOf({ home: { $ref: "#/$defs/Address" }, work: { $ref: "#/$defs/Address" } }),
      $defs: { Address: ADDRESS },
    });
  });

  it.each(["always", "auto"] as const)("writes out a header parameter whose type others have (%s)", (mode) => {
    const regions = Array.from({ length: 200 }, (_, i) => `region-${i}-of-the-world`);
    const region = withTypeName({ type: "string", enum: regions }, "Region");
    const header = withTypeName({ ...region, "x-mcp-header": "Region" }, "Region");
    const shared = shareSchema(objectOf({ near: region, region: header, far: region }), mode);
    expect(shared).toEqual({
      ...objectOf({
        near: { $ref: "#/$defs/Region" },
        region: { type: "string", enum: regions, "x-mcp-header": "Region" },
        far: { $ref: "#/$defs/Region" },
      }),
      $defs: { Region: { type: "string", enum: regions } },
    });
  });

  it("names a type without a name after the first property that has it", () => {
    const shared = shareSchema(objectOf({ home: { ...ADDRESS }, work: { ...ADDRESS } }), "always");
    expect(shared["$defs"]).toEqual({ home: ADDRESS });
  });

  it("numbers the second of two types with one name", () => {
    const [one, two] = [ADDRESS, { ...ADDRESS, required: ["city"] }].map((type) => withTypeName(type, "Address"));
    const shared = shareSchema(objectOf({ a: one ?? {}, b: one ?? {}, c: two ?? {}, d: two ?? {} }), "always");
    expect(Object.keys(shared["$defs"] as object)).toEqual(["Address", "Address_2"]);
  });

  it("leaves annotations and defaults at the place of use", () => {
    const address = { ...ADDRESS, description: "An address." };
    const shared = shareSchema(
      objectOf({ a: address, b: address, c: { ...ADDRESS, description: "Other." }, d: { ...address, default: {} } }),
      "always",
    );
    expect(shared["properties"]).toEqual({
      a: { $ref: "#/$defs/a" },
      b: { $ref: "#/$defs/a" },
      c: { $ref: "#/$defs/a", description: "Other." },
      d: { $ref: "#/$defs/a", description: "An address.", default: {} },
    });
    expect(shared["$defs"]).toEqual({ a: address });
  });

  it("shares nothing that would be longer, or that every reader knows", () => {
    const schema = objectOf({ a: { type: "string" }, b: { type: "string" }, c: ADDRESS });
    expect(shareSchema(schema, "always")).toEqual(schema);
  });

  it("keeps everything in place with inline, but for recursion", () => {
    const address = withTypeName(ADDRESS, "Address");
    const Tree = objectOf({ children: { type: "array", items: { $ref: "#/$defs/Tree" } } });
    const withAddress = (type: JsonSchema): JsonSchema => ({
      ...objectOf({ home: type, work: type, tree: { $ref: "#/$defs/Tree" } }),
      $defs: { Tree },
    });
    expect(shareSchema(withAddress(address), "inline")).toEqual(withAddress(ADDRESS));
  });

  it("shares with auto only above 4 KB", () => {
    const parts = (count: number): JsonSchema =>
      objectOf(Object.fromEntries(Array.from({ length: count }, (_, i) => [`p${i}`, ADDRESS])));
    expect(shareSchema(parts(20), "auto")).toEqual(parts(20));
    expect(shareSchema(parts(40), "auto")["$defs"]).toEqual({ p0: ADDRESS });
  });

  it("merges equal recursive definitions", () => {
    const listOf = (name: string): JsonSchema => objectOf({ next: { $ref: `#/$defs/${name}` } });
    const schema = { ...objectOf({ a: listOf("A"), b: listOf("B") }), $defs: { A: listOf("A"), B: listOf("B") } };
    expect(shareSchema(schema, "always")["$defs"]).toEqual({ A: listOf("A") });
  });

  it("writes out a schema that has references into others", () => {
    const schema = {
      ...objectOf({ a: ADDRESS, b: ADDRESS, c: { $ref: "#/$defs/T/properties/t" } }),
      $defs: { T: objectOf({ t: objectOf({ inner: { $ref: "#/$defs/T/properties/t" } }) }) },
    };
    expect(shareSchema(schema, "always")).toEqual(schema);
  });

  it.each([
    ["alike", {}, {}],
    ["with a description of the root", { description: "A tree." }, {}],
    ["with a description of the definition", {}, { description: "A tree." }],
    ["with two descriptions", { description: "The result." }, { description: "A tree." }],
  ])("writes a recursive root and its definition without one more reference: %s", (_, ofRoot, ofDefinition) => {
    const tree = objectOf({
      value: { type: "string", description: "The value of a node." },
      children: { type: "array", items: { $ref: "#/$defs/Tree" } },
    });
    const root = { ...ofRoot, ...tree, $defs: { Tree: { ...ofDefinition, ...tree } } };
    expect(shareSchema(root, "always")).toEqual(root);
  });

  it.each([
    ["alike", {}],
    ["with a description of the root", { description: "A person." }],
  ])("shares the parts of a recursive root with its definition: %s", (_, ofRoot) => {
    const children = { type: "array", items: { $ref: "#/$defs/Person" } };
    const person = objectOf({ home: ADDRESS, children });
    const shared = objectOf({ home: { $ref: "#/$defs/home" }, children });
    expect(shareSchema({ ...ofRoot, ...person, $defs: { Person: person } }, "always")).toEqual({
      ...ofRoot,
      ...shared,
      $defs: { Person: shared, home: ADDRESS },
    });
  });

  it("never makes the root a reference", () => {
    const root = { ...ADDRESS, properties: { a: ADDRESS, b: ADDRESS } };
    expect(shareSchema(root, "always")).toMatchObject({ type: "object", properties: { a: { $ref: "#/$defs/a" } } });
  });

  it("takes no more time for copies than for the part itself", () => {
    const deep = nest(200);
    expect(writtenSize(deep)).toBeGreaterThan(1e100);
    const shared = shareSchema(deep, "auto");
    expect(Object.keys(shared["$defs"] as object)).toHaveLength(199);
    expect(writtenSize(shared)).toBe(JSON.stringify(shared).length);
  });

  it("is undone by inline, and the same when it is applied again", () => {
    const whole = nest(4);
    const shared = shareSchema(whole, "always");
    expect(shareSchema(shared, "always")).toEqual(shared);
    expect(JSON.stringify(shareSchema(shared, "inline"))).toBe(JSON.stringify(whole));
  });
});

const NAMES = ["a", "b", "c"];

/** Schemas of few words, so that many parts are equal. */
const { schema: schemas } = letrec<{ schema: JsonSchema }>((tie) => ({
  schema: oneof(
    { maxDepth: 4, withCrossShrink: true },
    constantFrom<JsonSchema>({ type: "string" }, { type: "number", description: "A number." }, { enum: ["a", "b"] }),
    record(
      {
        type: constant("object"),
        description: constantFrom("One.", "Two."),
        properties: dictionary(constantFrom(...NAMES), tie("schema"), { minKeys: 1 }),
        required: uniqueArray(constantFrom(...NAMES), { maxLength: 2 }),
        additionalProperties: constant(false),
      },
      { requiredKeys: ["type", "properties", "additionalProperties"] },
    ).map((schema) => withTypeName(schema as JsonSchema, schema.required?.join("") || undefined)),
    record({ type: constant("array"), items: tie("schema") }),
    record({ anyOf: array(tie("schema"), { minLength: 2, maxLength: 4 }) }),
  ) as never,
}));

const { value: values } = letrec<{ value: JsonValue }>((tie) => ({
  value: oneof(
    { maxDepth: 4, withCrossShrink: true },
    constantFrom<JsonValue>("a", "x", 1, null),
    dictionary(constantFrom(...NAMES), tie("value"), { maxKeys: 3 }),
    array(tie("value"), { maxLength: 2 }),
    jsonValue({ maxDepth: 1 }),
  ) as never,
}));

/** Compares the verdicts of a schema with those of its other form. */
function compareVerdicts(
  change: (schema: JsonSchema) => JsonSchema,
  check: (before: boolean, after: boolean) => void,
): void {
  assert(
    property(schemas, array(values, { minLength: 10, maxLength: 10 }), (part, samples) => {
      const root = { type: "object", properties: { a: part, b: part, c: { type: "array", items: part } } };
      const [before, after] = [root, change(root)].map((schema) => new Ajv2020({ strict: false }).compile(schema));
      for (const sample of samples) {
        for (const value of [{ a: sample }, { b: sample, c: [sample] }])
          check(before?.(value) ?? false, after?.(value) ?? false);
      }
    }),
    { numRuns: 60, seed: 20_261_127 },
  );
}

describe("schemas with many equal parts", () => {
  it("accept the same values when they are shared", () => {
    let accepted = 0;
    compareVerdicts(
      (schema) => shareSchema(schema, "always"),
      (before, after) => {
        accepted += Number(before);
        expect(after).toBe(before);
      },
    );
    expect(accepted).toBeGreaterThan(100);
  });

  it("accept no fewer values when alternatives are merged", () => {
    let accepted = 0;
    compareVerdicts(
      (schema) => {
        const table = new SchemaTable();
        return mergeAlternatives(table.unify(schema), table);
      },
      (before, after) => {
        accepted += Number(before);
        expect(after || !before).toBe(true);
      },
    );
    expect(accepted).toBeGreaterThan(100);
  });
});

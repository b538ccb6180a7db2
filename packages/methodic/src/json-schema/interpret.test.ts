import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import type { JsonSchema } from "../manifest/format.ts";
import { createSchemaValidator } from "./interpret.ts";

const UNIQUE: JsonSchema = { type: "array", uniqueItems: true };
const LONG: readonly object[] = Array.from({ length: 1500 }, (_, id) => ({ id }));

describe("createSchemaValidator, with uniqueItems,", () => {
  it.each<[string, JsonSchema, unknown]>([
    [
      "equal items",
      UNIQUE,
      [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ],
    ],
    ["items that differ", UNIQUE, [1, "1", [1]]],
    ["a long array", UNIQUE, LONG],
    ["a long array with equal items", UNIQUE, [...LONG, { id: 7 }]],
    ["a long array in a property", { properties: { a: UNIQUE } }, { a: [...LONG, { id: 7 }] }],
    ["another array with equal items", { properties: { a: UNIQUE } }, { a: LONG, b: [1, 1] }],
    ["a property called uniqueItems", { properties: { uniqueItems: { const: true }, a: UNIQUE } }, { uniqueItems: 1 }],
    ["data with uniqueItems", { const: { uniqueItems: true }, $defs: { a: UNIQUE } }, { uniqueItems: true }],
    ["an exclusion", { not: UNIQUE }, [1, 1]],
    ["an exclusion that fails", { not: UNIQUE }, [1, 2]],
    [
      "items to be contained",
      { contains: UNIQUE },
      [
        [1, 1],
        [2, 2],
      ],
    ],
    ["alternatives", { anyOf: [UNIQUE, { type: "array", maxItems: 2 }] }, [1, 1]],
    ["a property called not", { properties: { not: UNIQUE } }, { not: [1, 1] }],
    ["a shared schema", { items: { $ref: "#/x-shared" }, "x-shared": UNIQUE }, [LONG, [...LONG, { id: 7 }]]],
    ["a reference", { $ref: "#/$defs/a", $defs: { a: { ...UNIQUE, items: { $ref: "#/$defs/a" } } } }, [[], [[1], [1]]]],
  ])("agrees with ajv on %s", (_what, schema, value) => {
    const expected = new Ajv2020({ strict: false }).compile(schema);
    expect(createSchemaValidator(schema)(value)).toBe(expected(value));
  });

  it("reports equal items of a long array together with other errors", () => {
    const schema = { properties: { a: UNIQUE, b: { type: "string" } } };
    const validate = createSchemaValidator(schema);
    expect(validate({ a: [...LONG, { id: 7 }], b: 1 })).toBe(false);
    expect(validate.errors).toEqual([
      { keyword: "uniqueItems", instancePath: "/a", schemaPath: "#/uniqueItems", params: { j: 7, i: 1500 } },
      expect.objectContaining({ keyword: "type", instancePath: "/b" }),
    ]);
  });

  it.each([[false], [true]])(
    "reads every item of a long array only a few times (with equal items: %s)",
    (isRepeated) => {
      let reads = 0;
      const items = Array.from({ length: 3000 }, (_, i) => ({
        get id() {
          reads++;
          return isRepeated ? i % 2999 : i;
        },
      }));
      expect(createSchemaValidator(UNIQUE)(items)).toBe(!isRepeated);
      expect(reads).toBeLessThan(5 * items.length);
    },
  );
});

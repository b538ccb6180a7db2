import { describe, expect, it } from "vitest";
import type { JsonSchema } from "./format.ts";
import { mapSchema, resolvePointer, resolveRef, subschemasOf, walkSchema } from "./schema-walk.ts";

const MARK: JsonSchema = { format: "mark" };

/** The places of all schemas with the mark. */
function placesOfMarks(schema: JsonSchema): readonly string[] {
  const places: string[] = [];
  walkSchema(schema, ({ format }, path) => {
    if (format === "mark") places.push(path.join("/"));
  });
  return places;
}

const HOLDING: readonly (readonly [place: string, schema: JsonSchema])[] = [
  ...["default", "enum", "const", "examples", "properties", "items", "$ref", "format", "__proto__"].map(
    (name) => [`properties/${name}`, { properties: Object.fromEntries([[name, MARK]]) }] as const,
  ),
  ["$defs/items", { $defs: { items: MARK } }],
  ["definitions/default", { definitions: { default: MARK } }],
  ["patternProperties/^a", { patternProperties: { "^a": MARK } }],
  ["dependentSchemas/properties", { dependentSchemas: { properties: MARK } }],
  ["additionalProperties", { additionalProperties: MARK }],
  ["unevaluatedProperties", { unevaluatedProperties: MARK }],
  ["propertyNames", { propertyNames: MARK }],
  ["items", { items: MARK }],
  ["items/0", { items: [MARK] }],
  ["additionalItems", { items: [], additionalItems: MARK }],
  ["unevaluatedItems", { unevaluatedItems: MARK }],
  ["prefixItems/1", { prefixItems: [true, MARK] }],
  ["contains", { contains: MARK }],
  ["allOf/0", { allOf: [MARK] }],
  ["anyOf/0", { anyOf: [MARK] }],
  ["oneOf/0", { oneOf: [MARK] }],
  ["not", { not: MARK }],
  ["if", { if: MARK }],
  ["then", { then: MARK }],
  ["else", { else: MARK }],
  ["x-shared/a", { "x-shared": { a: MARK }, $ref: "#/x-shared/a" }],
  ["x-shared/a/items", { "x-shared": { a: { items: MARK } }, items: { $ref: "#/x-shared/a" } }],
  ["$defs/a/not", { $defs: { a: { $ref: "#/$defs/a", not: MARK } }, $ref: "#/$defs/a" }],
];

const NOT_HOLDING: readonly (readonly [keyword: string, schema: JsonSchema])[] = [
  ...["default", "const", "x-unknown"].map((keyword) => [keyword, { [keyword]: MARK }] as const),
  ...["enum", "examples", "required"].map((keyword) => [keyword, { [keyword]: [MARK] }] as const),
  ["dependentRequired", { dependentRequired: { a: [MARK] } } as JsonSchema],
  ["an array in place of a map", { properties: [MARK] }],
  ["an object in place of a list", { anyOf: { a: MARK } }],
];

describe("walkSchema", () => {
  it.each(HOLDING)("visits the schema at %s, once", (place, schema) => {
    expect(placesOfMarks(schema)).toEqual([place]);
  });

  it.each(NOT_HOLDING)("does not take data for schemas: %s", (_keyword, schema) => {
    expect(placesOfMarks(schema)).toEqual([]);
  });

  it("visits outer schemas before inner ones", () => {
    const paths: string[] = [];
    const schema = { $defs: { a: {} }, properties: { b: { anyOf: [{}, { items: {} }] } } };
    walkSchema(schema, (_schema, path) => paths.push(path.join("/")));
    expect(paths).toEqual([
      "",
      "$defs/a",
      "properties/b",
      "properties/b/anyOf/0",
      "properties/b/anyOf/1",
      "properties/b/anyOf/1/items",
    ]);
  });
});

describe("mapSchema", () => {
  const unmark = (schema: JsonSchema): JsonSchema =>
    mapSchema(schema, ({ format, ...others }) =>
      format === "mark" ? others : { ...others, ...(format && { format }) },
    );

  it.each(HOLDING)("changes the schema at %s", (place, schema) => {
    const changed = unmark(schema);
    expect(resolvePointer(changed, `#/${place}`)).not.toHaveProperty("format");
    expect(JSON.stringify(changed)).toBe(JSON.stringify(schema).replace(/"format":"mark",?/, ""));
  });

  it.each(NOT_HOLDING)("leaves data as it is: %s", (_keyword, schema) => {
    expect(unmark(schema)).toEqual(schema);
  });

  it("changes inner schemas first and passes their paths", () => {
    const paths: string[] = [];
    mapSchema({ properties: { a: { items: {} } }, not: {} }, (copy, path) => {
      paths.push(path.join("/"));
      return copy;
    });
    expect(paths).toEqual(["properties/a/items", "properties/a", "not", ""]);
  });
});

describe("subschemasOf", () => {
  it("lists only the schemas directly inside", () => {
    expect(subschemasOf({ properties: { a: { items: MARK } }, anyOf: [true, MARK], items: false })).toEqual([
      { keyword: "properties", path: ["properties", "a"], schema: { items: MARK } },
      { keyword: "anyOf", path: ["anyOf", "1"], schema: MARK },
    ]);
  });
});

describe("resolveRef", () => {
  const root: JsonSchema = {
    $defs: {
      "a/b": { title: "slash" },
      "~": { title: "tilde" },
      "50%": { title: "percent" },
      next: { $ref: "#/$defs/~0" },
      loop: { $ref: "#/$defs/loop" },
      all: true,
    },
    prefixItems: [{ title: "item" }],
  };

  it.each<[string, unknown]>([
    ["#", root],
    ["#/$defs/a~1b", { title: "slash" }],
    ["#/$defs/~0", { title: "tilde" }],
    ["#/$defs/50%25", { title: "percent" }],
    ["#/$defs/next", { title: "tilde" }],
    ["#/prefixItems/0", { title: "item" }],
  ])("follows %s", (reference, expected) => {
    expect(resolveRef({ $ref: reference }, root)).toEqual(expected);
  });

  it.each(["#/$defs/none", "#/$defs/all", "#/$defs/50%", "#/toString", "#name", "other.json", ""])(
    "returns the schema itself where %j leads to no schema object",
    (reference) => {
      const schema = { $ref: reference };
      expect(resolveRef(schema, root)).toBe(schema);
    },
  );

  it("ends in a cycle of references", () => {
    expect(resolveRef({ $ref: "#/$defs/loop" }, root)).toEqual({ $ref: "#/$defs/loop" });
  });
});

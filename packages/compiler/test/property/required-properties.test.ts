import { expect, test } from "vitest";
import { compareVerdicts } from "./compiled-types.ts";
import { describeType, SEED } from "./random-types.ts";

const DECLARATIONS = [
  "type MaybeText = string | undefined;",
  "interface Open { a: string | undefined }",
  "interface Optional { a?: string }",
];

/** Intersections of which one member requires a property that another one has as optional. */
const INTERSECTIONS: readonly string[] = [
  "{ a: string | undefined } & { a?: string }",
  "{ a?: string } & { a: string | undefined } & { b: number }",
  "{ a: MaybeText } & { a?: string }",
  "{ a: MaybeText } & { a?: MaybeText }",
  "{ a: string | null | undefined } & { a?: string | null }",
  "{ a: string | undefined } & Partial<{ a: string; b: number }>",
  '{ a: "x" | "y" | undefined } & { a?: "y" | "z" }',
  "{ a: { x: number } | undefined } & { a?: { y?: string } }",
  "{ a: string[] | undefined } & { a?: string[] }",
  "{ a: unknown } & { a?: string }",
  "{ in: { a: string | undefined } & { a?: string } }",
  "({ a: string | undefined } & { a?: string })[]",
  "({ a: string | undefined } & { a?: string }) | { b: number }",
  'Pick<{ a: string | undefined } & { a?: string }, "a">',
  "Readonly<{ a: string | undefined } & { a?: string }>",
  "Required<{ a: string | undefined } & { a?: string }>",
  "Partial<{ a: string | undefined } & { a?: string }>",
  "Open & Optional",
  "{ a?: string } & { a?: string | undefined }",
  "{ a: undefined } & { a?: undefined }",
  "{ b: number } | ({ a: undefined } & { a?: string })",
];

test.each([false, true])(
  "a property that a member of an intersection requires is required (exactOptionalPropertyTypes: %s)",
  (exactOptionalPropertyTypes) => {
    const types = INTERSECTIONS.map((text) => ({ declarations: DECLARATIONS, text }));
    const options = { seed: SEED, valuesPerType: 12, exactOptionalPropertyTypes };
    const { disagreements, narrowed, refused, invalid, compared } = compareVerdicts(types, options);
    expect(
      disagreements.map(
        ({ type, direction, value, typescript }) =>
          `${type.text}: TypeScript says ${typescript} of ${direction} ${JSON.stringify(value)}`,
      ),
    ).toEqual([]);
    expect(narrowed).toEqual([]);
    expect(invalid.map((type) => describeType(type))).toEqual([]);
    expect(refused.map(({ type, message }) => `${type.text}: ${message}`)).toEqual([]);
    expect(compared).toBeGreaterThan(types.length * 12);
  },
);

test("a required property that can only be absent leaves the type without values", () => {
  const types = [{ declarations: [], text: "{ a: undefined } & { a?: string }" }];
  const options = { seed: SEED, valuesPerType: 4, exactOptionalPropertyTypes: true };
  expect(compareVerdicts(types, options).refused.map(({ code }) => code)).toEqual(["MTD105"]);
});

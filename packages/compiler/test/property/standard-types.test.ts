import { expect, test } from "vitest";
import { compileProject } from "../../src/index.ts";
import { createStubProject } from "../fixtures/stub-project.ts";
import { Choices } from "./choices.ts";
import { sourceOf } from "./compiled-types.ts";
import { SEED, TYPES } from "./random-types.ts";
import { TypeWriter } from "./type-writer.ts";

const DEEP = "type Deep<T> = T extends string | number | boolean ? T : { readonly [K in keyof T]: Deep<T[K]> };";

/** The standard types, and types that must be read as the same. */
const STANDARD = `type Instant = Date; type Bytes = Uint8Array;
type Dictionary<T> = Map<string, T>; type Distinct<T> = Set<T>;`;
const OTHERS: readonly (readonly [how: string, declarations: string])[] = [
  [
    "extended",
    `interface Instant extends Date {} class Bytes extends Uint8Array {}
class Dictionary<T> extends Map<string, T> {} interface Distinct<T> extends Set<T> {}`,
  ],
  [
    "mapped",
    `${DEEP} type Instant = Deep<Date>; type Bytes = Readonly<Uint8Array>;
type Dictionary<T> = Readonly<Map<string, T>>; type Distinct<T> = Required<Set<T>>;`,
  ],
  [
    "mapped with their own names",
    `type Same<T> = { [K in keyof T as K extends string ? \`\${K}\` : K]: T[K] }; type Instant = Same<Date>;
type Bytes = Same<Uint8Array>; type Dictionary<T> = Same<Map<string, T>>; type Distinct<T> = Same<Set<T>>;`,
  ],
  [
    "branded",
    `interface Brand { readonly __brand: "own" } type Instant = Date & Brand; type Bytes = Uint8Array & Brand;
type Dictionary<T> = Map<string, T> & Brand; type Distinct<T> = Set<T> & Brand;`,
  ],
];

const TYPES_WITH_VALUES = Array.from({ length: Math.ceil(TYPES / 3) }, (_, index) =>
  new TypeWriter(new Choices(SEED + 3 + index * 7919), true).write(),
);

/** Returns the schemas and problems of each type, with the branches of unions in one order. */
function compile(declarations: string): string[] {
  using project = createStubProject(
    Object.fromEntries(
      TYPES_WITH_VALUES.map((type, index) => [
        `src/case-${index}.ts`,
        sourceOf({ ...type, declarations: [declarations, ...type.declarations] }),
      ]),
    ),
  );
  const { services, diagnostics } = compileProject({ root: project.root, keepGoing: true });
  return TYPES_WITH_VALUES.map((_, index) => {
    const { tools } = services[`src/case-${index}.ts#Service`] ?? {};
    const codes = diagnostics.filter(({ file }) => file === `src/case-${index}.ts`).map(({ code }) => code);
    return JSON.stringify({ tools, codes }, (_key, value: unknown) => (isSchemaList(value) ? sorted(value) : value));
  });
}

function isSchemaList(value: unknown): value is unknown[] {
  return Array.isArray(value) && value.every((item) => typeof item === "object");
}

function sorted(list: readonly unknown[]): unknown[] {
  return [...list].sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
}

const expected = compile(STANDARD);

test("most types with standard types compile", () => {
  expect(expected.filter((text) => text.includes('"codes":[]')).length).toBeGreaterThan(expected.length * 0.6);
});

test.each(OTHERS)("standard types that are %s have the schemas of the standard types", (_how, declarations) => {
  expect(compile(declarations)).toEqual(expected);
});

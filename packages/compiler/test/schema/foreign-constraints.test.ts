import addFormats from "ajv-formats";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { beforeAll, describe, expect, it } from "vitest";
import { compileFiles, inputSchemaOf } from "./compile-files.ts";

/** A stand-in for the tags of typia. */
const TYPIA = `
interface Props { target: string; kind: string; value: unknown; schema?: object }
export declare namespace tags {
  type TagBase<P extends Props> = { "typia.tag"?: P };
  type Text<K extends string, V> = TagBase<{ target: "string"; kind: K; value: V; schema: { [_ in K]: V } }>;
  type Bound<K extends string, V> = TagBase<{ target: V extends bigint ? "bigint" : "number"; kind: K; value: V }>;
  type List<K extends string, V> = TagBase<{ target: "array"; kind: K; value: V }>;
  type Format<V extends string> = Text<"format", V>;
  type Pattern<V extends string> = Text<"pattern", V>;
  type MinLength<V extends number> = Text<"minLength", V>;
  type MaxLength<V extends number> = Text<"maxLength", V>;
  type Minimum<V extends number | bigint> = Bound<"minimum", V>;
  type Maximum<V extends number | bigint> = Bound<"maximum", V>;
  type ExclusiveMinimum<V extends number | bigint> = Bound<"exclusiveMinimum", V>;
  type MultipleOf<V extends number | bigint> = Bound<"multipleOf", V>;
  type Type<V extends string> = TagBase<{ target: V extends "uint64" ? "bigint" | "number" : "number"; kind: "type"; value: V }>;
  type MinItems<V extends number> = List<"minItems", V>;
  type MaxItems<V extends number> = List<"maxItems", V>;
  type UniqueItems<V extends boolean = true> = List<"uniqueItems", V>;
  type Sequence<V extends number> = TagBase<{ target: "string" | "number"; kind: "sequence"; value: V }>;
}`;

/** A parameter's type, with values it accepts and rejects. */
const READ: readonly (readonly [type: string, accepts: readonly unknown[], rejects: readonly unknown[]])[] = [
  ['string & tags.Format<"email"> & tags.MaxLength<8>', ["a@b.cd"], ["ab", "aaaaaa@b.cd"]],
  ['(string & tags.Pattern<"^[a-z]+$"> & tags.MinLength<2>) | null', ["ab", null], ["a", "A1", 1]],
  ["number & tags.Minimum<-5> & tags.Maximum<5>", [-5, 0.5, 5], [-6, 6]],
  ["number & tags.ExclusiveMinimum<0> & tags.MultipleOf<5>", [5, 10], [0, 3]],
  ['number & tags.Type<"uint32"> & tags.Maximum<100>', [0, 100], [-1, 0.5, 101]],
  ['number & tags.Type<"int8">', [-128, 127], [-129, 128, 0.5]],
  ['number & (tags.Type<"uint64"> | tags.Minimum<0.5>)', [0, 7, 0.5], [-1, 0.25]],
  ['string & (tags.Format<"ipv4"> | tags.Format<"ipv6">)', ["1.2.3.4", "::1"], ["1.2.3"]],
  [
    "(string & tags.MinLength<1>)[] & tags.MinItems<1> & tags.MaxItems<2> & tags.UniqueItems",
    [["a"], ["a", "b"]],
    [[], [""], ["a", "a"], ["a", "b", "c"]],
  ],
  ["(1 | 2 | 3) & tags.Minimum<2>", [2, 3], [1, 4]],
  ["Partial<{ age: number & tags.Minimum<1> }>", [{}, { age: 1 }], [{ age: 0 }]],
];

/** A parameter's type, with the constraints that the warning names. */
const UNREAD: readonly (readonly [type: string, names: string])[] = [
  ["string & tags.Sequence<1> & tags.MinLength<2>", "sequence"],
  ["{ a: string } & { b: number } & tags.Sequence<2>", "sequence"],
  ['bigint & tags.Type<"uint64">', "integer, minimum"],
  ["bigint & tags.Minimum<5n>", "minimum"],
  ['string & tags.Pattern<"(">', "pattern"],
  ["string & { readonly __minLength: 3 }", "__minLength"],
  ['number & { readonly __brand: "Port"; readonly __range?: { min: 1; max: 65535 } }', "min, max"],
];

/** Brands that are names only. */
const NAMES = [
  'string & { __brand: "Id" }',
  "string & { readonly [key]: { format: true } }",
  "number & { __min?: number }",
];

const PACKAGE = {
  "node_modules/typia/package.json": { name: "typia", version: "0.0.0", types: "index.d.ts" },
  "node_modules/typia/index.d.ts": TYPIA,
};

const source = (types: readonly string[]): string => `
import { tool } from "methodic";
import type { tags } from "typia";
declare const key: unique symbol;
export class S {
${types.map((type, index) => `  @tool() t${index}(x: ${type}, y?: ${type}): void {}`).join("\n")}
}`;

describe("the tags of typia", () => {
  let validators: readonly ValidateFunction[];
  let problems: readonly string[];

  beforeAll(() => {
    const { members, diagnostics } = compileFiles({
      "s.ts": source(READ.map(([type]) => type)),
      ...PACKAGE,
    });
    problems = diagnostics.map(({ message }) => message);
    const ajv = new Ajv2020({ strict: false });
    addFormats.default(ajv);
    validators = READ.map((_, index) => ajv.compile(inputSchemaOf(members.get(`S.t${index}`)?.data)));
  });

  it("are read without a warning", () => {
    expect(problems).toEqual([]);
  });

  it.each(READ.map(([type, accepts, rejects], index) => ({ type, accepts, rejects, index })))(
    "constrain the type they are intersected with: $type",
    ({ accepts, rejects, index }) => {
      const accepted = (values: readonly unknown[]): unknown[] => values.filter((x) => validators[index]?.({ x }));
      expect([accepted(accepts), accepted(rejects)]).toEqual([accepts, []]);
    },
  );
});

describe("constraints of other libraries that are not read", () => {
  it("are named in one warning for each type", () => {
    const { diagnostics, members } = compileFiles({
      "s.ts": source(UNREAD.map(([type]) => type)),
      ...PACKAGE,
    });
    expect(diagnostics.map(({ code, message }) => `${code}: ${/not read: (.*)\.$/.exec(message)?.[1]}`)).toEqual(
      UNREAD.map(([, names]) => `MTD230: ${names}`),
    );
    expect(inputSchemaOf(members.get("S.t0")?.data).properties?.["x"]).toEqual({ type: "string", minLength: 2 });
    expect(inputSchemaOf(members.get("S.t1")?.data).properties?.["x"]).toMatchObject({ required: ["a", "b"] });
    expect(Object.keys(inputSchemaOf(members.get("S.t1")?.data).properties?.["x"]?.["properties"] ?? {})).toEqual([
      "a",
      "b",
    ]);
  });

  it("do not include brands that only name a type", () => {
    expect(compileFiles({ "s.ts": source(NAMES), ...PACKAGE }).diagnostics).toEqual([]);
  });

  it("include those of the key of an index signature", () => {
    const { diagnostics } = compileFiles({
      "s.ts": source(['Record<string & tags.Format<"uuid">, number>', "Record<string & { __brand: 1 }, number>"]),
      ...PACKAGE,
    });
    expect(diagnostics.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      `MTD230: key type 'string & Format<"uuid">' has constraints that are not read: format.`,
    ]);
  });
});

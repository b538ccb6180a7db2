import { type, type Construct } from "./construct.ts";

/** Intersections of arrays and tuples. */
export const ARRAYS: readonly Construct[] = [
  type("intersection of arrays of objects", "{ a: string }[] & { b?: number }[]", {
    accepts: [[], [{ a: "a" }], [{ a: "a", b: 1 }]],
    rejects: [[{ b: 1 }], [{ a: "a", b: "b" }], [{ a: 1 }], { a: "a" }],
  }),
  type("intersection of a tuple and an array", "[string, string] & string[]", {
    accepts: [["a", "b"]],
    rejects: [["a"], ["a", "b", "c"], ["a", 1]],
  }),
  type("intersection of tuples of different lengths", "[a: string | number, b?: string] & [string, string | number]", {
    accepts: [["a", "b"]],
    rejects: [["a"], [1, "b"], ["a", 1], ["a", "b", "c"]],
  }),
  type("intersection of a tuple with a rest and an array", "[string, ...number[]] & (string | number)[]", {
    accepts: [["a"], ["a", 1, 2]],
    rejects: [[], [1], ["a", "b"]],
  }),
  type("array of a certain length", "readonly string[] & { length: 2 }", {
    accepts: [["a", "b"]],
    rejects: [["a"], ["a", "b", "c"], [1, 2]],
  }),
  type("array of one of several lengths", "Date[] & { length: 1 | 3 }", {
    accepts: [["2026-01-31T09:30:00Z"]],
    rejects: [[], ["2026-01-31T09:30:00Z", "2026-01-31T09:30:00Z"], [1]],
  }),
  type("array with narrower number keys", 'string[] & { [key: number]: "a" | "b" }', {
    accepts: [[], ["a", "b"]],
    rejects: [["c"]],
  }),
  type("array of which a property is required", "{ a: number }[] & { 0: unknown }", {
    accepts: [[{ a: 1 }], [{ a: 1 }, { a: 2 }]],
    rejects: [[], [{}], [{ a: 1 }, 1]],
  }),
  type("interface that extends an array with properties and a length", "Pair", {
    before: "interface Pair extends Array<string | number> { 0: string; 1: number; length: 2 }",
    accepts: [["a", 1]],
    rejects: [["a"], [1, "a"], ["a", 1, "b"]],
  }),
  type("interface that extends an array with one property", "NonEmpty", {
    before: "interface NonEmpty extends ReadonlyArray<string> { readonly 0: string }",
    accepts: [["a"], ["a", "b"]],
    rejects: [[], [1]],
  }),
  type("array without the methods that change its length, written with an index", "Fixed<string, 3>", {
    before: `type Kept<T> = Pick<T, Exclude<keyof T, "push" | "pop" | "shift" | "unshift" | "splice">>;
type Fixed<T, N extends number> = Kept<[T, ...T[]]> &
  { [index: number]: T; [Symbol.iterator]: () => IterableIterator<T>; readonly length: N };`,
    accepts: [["a", "b", "c"]],
    rejects: [
      ["a", "b"],
      ["a", "b", "c", "d"],
      ["a", "b", 1],
    ],
  }),
  type("array without the methods that change its length, copied from a tuple", "Fixed<[string, string]>", {
    before: `type Change = "push" | "pop" | "shift" | "unshift" | "splice" | "length";
type Fixed<T extends readonly unknown[]> = { [K in keyof T as K extends Change | number ? never : K]: T[K] } &
  { readonly length: T["length"] };`,
    accepts: [["a", "b"]],
    rejects: [["a"], ["a", "b", "c"], ["a", 1]],
  }),
  type("tuple that is mapped as an object", "{ [K in keyof Pair]: Pair[K] }", {
    before: "type Pair = [string, number];",
    accepts: [["a", 1]],
    rejects: [["a"], [1, "a"], ["a", 1, 1], { 0: "a", 1: 1 }],
  }),
  type("intersection of a tuple with an enum and an array of numbers", "[number, Level.High] & readonly number[]", {
    before: "enum Level { Low, High }",
    accepts: [[5, 1]],
    rejects: [[5, 0], [5], [5, 1, 1]],
  }),
  type("intersections of any with other types", "Loose & Strict", {
    before: `interface Loose { a: any; list: any[]; pair: [any, 1]; all: Record<string, any> }
interface Strict { a: string; list: string[]; pair: [string, number]; all: Record<string, boolean> }`,
    accepts: [{ a: "a", list: ["a"], pair: ["a", 1], all: { a: true } }],
    rejects: [
      { a: 1, list: ["a"], pair: ["a", 1], all: { a: true } },
      { a: "a", list: [1], pair: ["a", 1], all: { a: true } },
      { a: "a", list: ["a"], pair: [1, 1], all: { a: true } },
      { a: "a", list: ["a"], pair: ["a", 1], all: { a: 1 } },
    ],
  }),
  type("array that adds nothing", "string[] & Iterable<string> & object & { readonly length: number }", {
    accepts: [[], ["a"]],
    rejects: [[1], {}],
  }),
  type("contradictory array in a union", "(number & string[]) | (Record<string, number> & string[]) | boolean", {
    accepts: [true],
    rejects: [[], 1, ["a"], {}],
  }),
];

import { property, type, type Construct } from "./construct.ts";

/** Types that their syntax determines. */
export const BASIC: readonly Construct[] = [
  type("string", "string", { accepts: ["a", ""], rejects: [1, null, {}] }),
  type("number", "number", { accepts: [1, -1.5], rejects: ["1", null] }),
  type("boolean", "boolean", { accepts: [true, false], rejects: ["true", 0] }),
  type("null", "null", { accepts: [null], rejects: [0, ""] }),
  type("any", "any", { accepts: [1, "a", null, {}, []], rejects: [] }),
  type("unknown", "unknown", { accepts: [1, "a", null, {}, []], rejects: [] }),
  type("object keyword", "object", { accepts: [{}, { a: 1 }, [1]], rejects: [1, "a", null] }),
  type("empty type literal", "{}", { accepts: [{}, { a: 1 }, [], 1, "a", true], rejects: [null] }),
  type("string literal", '"a"', { accepts: ["a"], rejects: ["b", 1] }),
  type("number literal", "-1", { accepts: [-1], rejects: [1] }),
  type("boolean literal", "true", { accepts: [true], rejects: [false] }),
  type("template without substitution", "`a`", { accepts: ["a"], rejects: ["b"] }),
  type("union of primitives", "string | number", { accepts: ["a", 1], rejects: [true, null] }),
  type("union with null", "string | null", { accepts: ["a", null], rejects: [1] }),
  type("union of literals in source order", '"z" | "a" | "m"', { accepts: ["z", "a", "m"], rejects: ["b"] }),
  type("union of literals of several kinds", '"a" | 1 | true | null', {
    accepts: ["a", 1, true, null],
    rejects: ["b", 2, false],
  }),
  type("literal and its primitive", '"a" | string', { accepts: ["a", "b"], rejects: [1] }),
  type("suggestions", '"a" | "b" | (string & {})', { accepts: ["a", "c"], rejects: [1] }),
  type("literals and a primitive", '"auto" | number', { accepts: ["auto", 3], rejects: ["b"] }),
  type("parentheses", "(string)", { accepts: ["a"], rejects: [1] }),
  type("array", "string[]", { accepts: [[], ["a"]], rejects: [[1], "a"] }),
  type("array of arrays", "number[][]", { accepts: [[[1]]], rejects: [[1]] }),
  type("Array<T>", "Array<string>", { accepts: [["a"]], rejects: [[1]] }),
  type("ReadonlyArray<T>", "ReadonlyArray<string>", { accepts: [["a"]], rejects: [[1]] }),
  type("readonly array", "readonly string[]", { accepts: [["a"]], rejects: [[1]] }),
  type("array of unions", "(string | null)[]", { accepts: [["a", null]], rejects: [[1]] }),
  type("array with undefined", "(string | undefined)[]", { accepts: [["a"]], rejects: [[null]] }),
  type("tuple", "[string, number]", { accepts: [["a", 1]], rejects: [["a"], ["a", 1, 2], [1, "a"]] }),
  type("empty tuple", "[]", { accepts: [[]], rejects: [[1]] }),
  type("uniform tuple", "[number, number]", { accepts: [[1, 2]], rejects: [[1], [1, 2, 3]] }),
  type("tuple with an optional element", "[string, number?]", {
    accepts: [["a"], ["a", 1]],
    rejects: [[], ["a", "b"], ["a", 1, 2]],
  }),
  type("tuple with a rest", "[string, ...number[]]", { accepts: [["a"], ["a", 1, 2]], rejects: [[], ["a", "b"]] }),
  type("tuple of a rest alone", "[...number[]]", { accepts: [[], [1, 2]], rejects: [["a"]] }),
  type("named tuple", "[name: string, age?: number]", { accepts: [["a"], ["a", 1]], rejects: [[], ["a", "b"]] }),
  type("named tuple with a rest", "[name: string, ...ages: number[]]", {
    accepts: [["a"], ["a", 1]],
    rejects: [["a", "b"]],
  }),
  type("readonly tuple", "readonly [string, number]", { accepts: [["a", 1]], rejects: [["a"]] }),
  type("type literal", "{ a: string; b?: number }", {
    accepts: [{ a: "x" }, { a: "x", b: 1 }],
    rejects: [{}, { a: "x", c: 1 }, { a: 1 }],
  }),
  type("quoted property names", '{ "a-b": string; "c d"?: number }', {
    accepts: [{ "a-b": "x", "c d": 1 }],
    rejects: [{}],
  }),
  type("number property names", "{ 1: string; 2?: number }", { accepts: [{ 1: "a" }], rejects: [{}] }),
  type("property called like a keyword", "{ default: K; properties: K; $ref: K; enum?: K }", {
    accepts: [{ default: {}, properties: {}, $ref: { next: {} } }],
    rejects: [{ default: {} }],
    before: "interface K { next?: K }",
  }),
  type("optional property with undefined", "{ a?: string | undefined }", {
    accepts: [{}, { a: "x" }],
    rejects: [{ a: null }],
  }),
  type("required property that may be undefined", "{ a: string | undefined }", {
    accepts: [{}, { a: "x" }],
    rejects: [{ a: 1 }],
  }),
  type("property that is never there", "{ a: string; b?: never }", {
    accepts: [{ a: "x" }],
    rejects: [{ a: "x", b: 1 }],
  }),
  type("string index signature", "{ [key: string]: number }", { accepts: [{}, { a: 1 }], rejects: [{ a: "x" }] }),
  type("index signature next to properties", "{ a: string; [key: string]: string | number }", {
    accepts: [{ a: "x", b: 1 }],
    rejects: [{ a: 1 }, { a: "x", b: true }],
  }),
  type("number index signature", "{ [key: number]: string }", {
    accepts: [{}, { 1: "a" }],
    rejects: [{ a: "x" }, { 1: 1 }],
  }),
  type("template index signature", "{ [key: `x-${string}`]: string }", {
    accepts: [{ "x-a": "b" }],
    rejects: [{ a: "b" }],
  }),
  type("interface", "Note", {
    accepts: [{ name: "a" }],
    rejects: [{}, { name: "a", more: 1 }],
    before: "interface Note { name: string; tags?: string[] }",
  }),
  type("interface without properties", "Empty", {
    accepts: [{}, { a: 1 }, [], 1, "a", false],
    rejects: [null],
    before: "interface Empty {}",
  }),
  type("alias", "Name", { accepts: ["a"], rejects: [1], before: "type Name = string;" }),
  type("alias of an alias", "B", {
    accepts: ["a", 1],
    rejects: [true],
    before: "type A = string | number; type B = A;",
  }),
  type("union of aliases", "A | B | null", {
    accepts: ["a", "b", "c", null],
    rejects: ["d"],
    before: 'type A = "a" | "b"; type B = "c";',
  }),
  type("exported types", "Note", {
    accepts: [{ id: 1 }],
    rejects: [{}],
    before: "export interface Note { id: Id }\nexport type Id = number;",
  }),
  type("string enum", "Color", {
    accepts: ["red", "blue"],
    rejects: ["Red", "green"],
    before: 'enum Color { Red = "red", Blue = "blue" }',
  }),
  type("number enum", "Level", {
    accepts: [0, 5, 6],
    rejects: [1, "Low"],
    before: "enum Level { Low, Mid = 5, High }",
  }),
  type("mixed enum", "Mixed", { accepts: ["a", 1], rejects: ["A"], before: 'enum Mixed { A = "a", B = 1 }' }),
  type("const enum", "Level", { accepts: [1, 2], rejects: [3], before: "const enum Level { A = 1, B = A * 2 }" }),
  type("enum with computed constants", "Flag", {
    accepts: [1, 2, 4],
    rejects: [3],
    before: "enum Flag { A = 1 << 0, B = 1 << 1, C = 1 << 2 }",
  }),
  type("enum member", "Color.Red", {
    accepts: ["red"],
    rejects: ["blue"],
    before: 'enum Color { Red = "red", Blue = "blue" }',
  }),
  type("enum of one member", "Only", { accepts: ["a"], rejects: ["b"], before: 'enum Only { A = "a" }' }),
  type("enum or null", "Color | null", {
    accepts: ["red", null],
    rejects: ["x"],
    before: 'enum Color { Red = "red", Blue = "blue" }',
  }),
  property("discriminated union", "Shape", {
    accepts: [
      { kind: "circle", r: 1 },
      { kind: "square", a: 1 },
    ],
    rejects: [{ kind: "circle", a: 1 }, { kind: "x" }],
    before: 'type Shape = { kind: "circle"; r: number } | { kind: "square"; a: number };',
  }),
  type("exclusive union", "{ a: string; b?: never } | { a?: never; b: string }", {
    accepts: [{ a: "x" }, { b: "x" }],
    rejects: [{ a: "x", b: "x" }, {}],
  }),
  type("recursive interface", "Tree", {
    accepts: [{ name: "a", children: [{ name: "b" }] }],
    rejects: [{ name: "a", children: [{}] }],
    before: "interface Tree { name: string; children?: Tree[] }",
  }),
  type("recursive alias", "Json", {
    accepts: [1, [1, ["a", { b: null }]]],
    rejects: [],
    before: "type Json = string | number | boolean | null | Json[] | { [key: string]: Json };",
  }),
  type("mutual recursion", "A", {
    accepts: [{ b: { a: { b: {} } } }],
    rejects: [{ b: { a: {} } }],
    before: "interface A { b: B }\ninterface B { a?: A }",
  }),
  type("recursive tuple", "Pair", {
    accepts: [
      [1, null],
      [1, [2, null]],
    ],
    rejects: [[1]],
    before: "type Pair = [number, Pair | null];",
  }),
];

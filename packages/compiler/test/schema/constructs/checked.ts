import { property, type, type Construct } from "./construct.ts";

const USER = "interface User { id: number; name: string; email?: string | null }";

/** Types that only the type checker can resolve. */
export const CHECKED: readonly Construct[] = [
  type("Partial", "Partial<User>", { accepts: [{}, { id: 1 }], rejects: [{ id: "a" }, { more: 1 }], before: USER }),
  type("Required", "Required<User>", {
    accepts: [{ id: 1, name: "a", email: null }],
    rejects: [{ id: 1, name: "a" }],
    before: USER,
  }),
  type("Required without undefined", "Required<Draft>", {
    accepts: [{ id: 1, name: "a", tags: null }],
    rejects: [{ id: 1, name: "a" }, { tags: null }, { id: 1, tags: null }],
    before:
      "type Text = string | undefined; interface Draft { id: number; name?: Text; tags?: (null | number) | undefined }",
  }),
  type("Readonly", "Readonly<User>", { accepts: [{ id: 1, name: "a" }], rejects: [{ id: 1 }], before: USER }),
  type("Pick in source order", 'Pick<User, "name" | "id">', {
    accepts: [{ id: 1, name: "a" }],
    rejects: [{ id: 1 }, { id: 1, name: "a", email: null }],
    before: USER,
  }),
  type("Omit", 'Omit<User, "id">', { accepts: [{ name: "a" }], rejects: [{ id: 1, name: "a" }], before: USER }),
  type("Record of strings", "Record<string, number>", { accepts: [{}, { a: 1 }], rejects: [{ a: "x" }] }),
  type("Record of literals in source order", 'Record<"z" | "a", number>', {
    accepts: [{ z: 1, a: 2 }],
    rejects: [{ z: 1 }, { z: 1, a: 1, b: 1 }],
  }),
  type("Record of an enum", "Record<Color, string>", {
    accepts: [{ red: "a", blue: "b" }],
    rejects: [{ red: "a" }],
    before: 'enum Color { Red = "red", Blue = "blue" }',
  }),
  type("Record without values", "Record<string, never>", { accepts: [{}], rejects: [{ a: 1 }] }),
  type("Partial Record", 'Partial<Record<"a" | "b", string>>', { accepts: [{}, { a: "x" }], rejects: [{ c: "x" }] }),
  type("NonNullable", "NonNullable<string | null | undefined>", { accepts: ["a"], rejects: [null] }),
  type("Exclude in source order", 'Exclude<"z" | "b" | "a", "b">', { accepts: ["z", "a"], rejects: ["b"] }),
  type("Extract", 'Extract<"a" | "b" | 1, string>', { accepts: ["a", "b"], rejects: [1] }),
  type("ReturnType", "ReturnType<typeof make>", {
    accepts: [{ id: 1, tags: ["a"] }],
    rejects: [{ id: 1 }],
    before: "declare function make(): { id: number; tags: string[] };",
  }),
  type("Parameters", "Parameters<typeof make>[0]", {
    accepts: [{ a: 1 }],
    rejects: [{}],
    before: "declare function make(options: { a: number }): void;",
  }),
  type("Parameters as a tuple", "Parameters<typeof make>", {
    accepts: [["a", 1], ["a"]],
    rejects: [[]],
    before: "declare function make(name: string, age?: number): void;",
  }),
  type("Awaited", "Awaited<Promise<{ a: string }>>", { accepts: [{ a: "x" }], rejects: [{}] }),
  type("Uppercase of literals", 'Uppercase<"a" | "b">', { accepts: ["A", "B"], rejects: ["a"] }),
  type("template of literals", '`${"a" | "b"}-${1 | 2}`', { accepts: ["a-1", "b-2"], rejects: ["a-3", "a"] }),
  type("template with string", "`user-${string}`", { accepts: ["user-", "user-a\nb"], rejects: ["x", "user"] }),
  type("template with number", "`v${number}.${number}`", {
    accepts: ["v1.2", "v-1.5"],
    rejects: ["v1", "va.b", "v1x2"],
  }),
  type("template with special characters", "`(${string})`", { accepts: ["(a)"], rejects: ["a"] }),
  type("template that ends a placeholder at the first separator", "`${string}-${number}`", {
    accepts: ["a-1", "-1", "a--1", "a-.5", "a-1e3"],
    rejects: ["a-b-1", "2020-01-02", "a-"],
  }),
  type("template with adjacent placeholders", "`${string}${number}`", {
    accepts: ["a1", "11", "a-1.5"],
    rejects: ["1", "ab1", ""],
  }),
  type("template with digits between numbers", "`${number}1${number}`", { accepts: ["212"], rejects: ["112", "11"] }),
  type("template with bigint", "`${bigint}n`", { accepts: ["1n", "-10n", "0n"], rejects: ["01n", "1.5n", "n"] }),
  type("object without any property that can be there", "Options", {
    accepts: [{}],
    rejects: [{ a: 1 }, { b: 1 }],
    before: "type Options = { [K in 'a']?: Extract<string, number> };",
  }),
  type("property name written with an escape", "{ a\\u0062: number }", {
    accepts: [{ ab: 1 }],
    rejects: [{}, { ab: "a" }],
  }),
  type("intersection with a fitting index signature", "{ a?: number } & Record<string, number>", {
    accepts: [{}, { a: 1, b: 2 }],
    rejects: [{ a: "x" }, { b: "x" }],
  }),
  type("index signatures that agree", "{ [key: string]: number; [key: number]: number }", {
    accepts: [{}, { a: 1, 1: 1 }],
    rejects: [{ 1: "a" }],
  }),
  type("constraints on some members of a union", "Bound", {
    accepts: [1, "one", null, []],
    rejects: [0, true],
    before: "/** @minimum 1 @minLength 2 */\ntype Bound = number | string | null | unknown[];",
  }),
  type("recursive tuple with an optional element", "Chain", {
    accepts: [null, [], [[]], [[null]]],
    rejects: [1, [1], [[], []], [[[1]]]],
    before: "type Chain = [Chain?] | null;",
  }),
  type("index signature without values", "{ [key: string]: never }", {
    accepts: [{}],
    rejects: [{ a: 1 }, { a: null }],
  }),
  type("generic interface", "Page<string>", {
    accepts: [{ items: ["a"] }],
    rejects: [{ items: [1] }],
    before: "interface Page<T> { items: T[]; next?: string }",
  }),
  type("generic alias", "Maybe<{ a: number }>", {
    accepts: [null, { a: 1 }],
    rejects: [{ a: "x" }],
    before: "type Maybe<T> = T | null;",
  }),
  type("generic with a default", "Page", {
    accepts: [{ items: ["a"] }],
    rejects: [{ items: [1] }],
    before: "interface Page<T = string> { items: T[] }",
  }),
  type("generic in a generic", "Page<Box<number>>", {
    accepts: [{ items: [{ value: 1 }] }],
    rejects: [{ items: [{ value: "a" }] }],
    before: "interface Page<T> { items: T[] }\ntype Box<T> = { value: T };",
  }),
  type("recursive generic", "List<string>", {
    accepts: [{ value: "a", next: { value: "b" } }],
    rejects: [{ value: "a", next: { value: 1 } }],
    before: "interface List<T> { value: T; next?: List<T> }",
  }),
  type("two instances of a generic", "{ a: Box<string>; b: Box<number> }", {
    accepts: [{ a: { v: "x", in: [] }, b: { v: 1, in: [{ v: 2, in: [] }] } }],
    rejects: [{ a: { v: 1, in: [] }, b: { v: 1, in: [] } }],
    before: "interface Box<T> { v: T; in: Box<T>[] }",
  }),
  property("union of instances in source order", 'Box<"z"> | Box<"a">', {
    accepts: [{ v: "z" }, { v: "a" }],
    rejects: [{ v: "b" }],
    before: "interface Box<T> { v: T }",
  }),
  type("inheritance", "Admin", {
    accepts: [{ id: 1, name: "a", rights: [] }],
    rejects: [{ rights: [] }],
    before: `${USER}\ninterface Admin extends User { rights: string[] }`,
  }),
  type("inheritance of a generic", "Users", {
    accepts: [{ items: [{ id: 1, name: "a" }], total: 1 }],
    rejects: [{ items: [1], total: 1 }],
    before: `${USER}\ninterface Page<T> { items: T[] }\ninterface Users extends Page<User> { total: number }`,
  }),
  type("inheritance from several", "C", {
    accepts: [{ a: 1, b: 2, c: 3 }],
    rejects: [{ a: 1, c: 3 }],
    before: "interface A { a: number }\ninterface B { b: number }\ninterface C extends A, B { c: number }",
  }),
  type("interface that extends an array", "Names", {
    accepts: [["a"]],
    rejects: [[1]],
    before: "interface Names extends Array<string> {}",
  }),
  type("merged interface", "Merged", {
    accepts: [{ a: 1, b: 2 }],
    rejects: [{ a: 1 }],
    before: "interface Merged { a: number }\ninterface Merged { b: number }",
  }),
  type("intersection", "{ a: string } & { b: number }", {
    accepts: [{ a: "x", b: 1 }],
    rejects: [{ a: "x" }, { a: "x", b: 1, c: 1 }],
  }),
  type("intersection with a union", "{ id: number } & (A | B)", {
    accepts: [
      { id: 1, a: "x" },
      { id: 1, b: 1 },
    ],
    rejects: [{ a: "x" }, { id: 1 }],
    before: "interface A { a: string }\ninterface B { b: number }",
  }),
  type("intersection with object", "object & { a: string }", { accepts: [{ a: "x" }], rejects: [{}, { a: 1 }] }),
  type("branded primitive", "Id", {
    accepts: ["a"],
    rejects: [1],
    before: 'type Id = string & { readonly __brand: "Id" };',
  }),
  type("mapped type", "Flags", {
    accepts: [{ id: true, name: false, email: true }],
    rejects: [{ id: 1 }],
    before: `${USER}\ntype Flags = { [K in keyof User]-?: boolean };`,
  }),
  type("mapped type with renamed keys", "Getters", {
    accepts: [{ getId: 1, getName: "a" }],
    rejects: [{ id: 1 }],
    before:
      "interface S { id: number; name: string }\ntype Getters = { [K in keyof S as `get${Capitalize<K>}`]: S[K] };",
  }),
  type("mapped type with filtered keys", "Texts", {
    accepts: [{ name: "a" }],
    rejects: [{ id: 1, name: "a" }],
    before:
      "interface S { id: number; name: string }\ntype Texts = { [K in keyof S as S[K] extends string ? K : never]: S[K] };",
  }),
  type("conditional type", "Flat<string[]>", {
    accepts: ["a"],
    rejects: [["a"]],
    before: "type Flat<T> = T extends (infer U)[] ? U : T;",
  }),
  property("distributed conditional type", 'Wrap<"z" | 1>', {
    accepts: [{ v: "z" }, { v: 1 }],
    rejects: [{ v: "a" }],
    before: "type Wrap<T> = T extends unknown ? { v: T } : never;",
  }),
  type("keyof in source order", "keyof User", { accepts: ["id", "name", "email"], rejects: ["a"], before: USER }),
  type("keyof typeof", "keyof typeof SIZES", {
    accepts: ["small", "large"],
    rejects: ["medium"],
    before: "const SIZES = { small: 1, large: 2 };",
  }),
  type("indexed access", 'User["name"]', { accepts: ["a"], rejects: [1], before: USER }),
  type("element of a constant", "(typeof SIZES)[number]", {
    accepts: ["s", "m", "l"],
    rejects: ["xl"],
    before: 'const SIZES = ["s", "m", "l"] as const;',
  }),
  type("value of a constant", "(typeof CODES)[keyof typeof CODES]", {
    accepts: [404, 200],
    rejects: [500],
    before: "const CODES = { missing: 404, ok: 200 } as const;",
  }),
  type("typeof", "typeof DEFAULTS", {
    accepts: [{ limit: 1, tags: ["a"] }],
    rejects: [{ limit: "a", tags: [] }],
    before: 'const DEFAULTS = { limit: 10, tags: ["a"] };',
  }),
  type("satisfies", "typeof CONFIG", {
    accepts: [{ a: 5 }],
    rejects: [{ a: "x" }],
    before: "const CONFIG = { a: 1 } satisfies Record<string, number>;",
  }),
  type("class with public fields", "Point", {
    accepts: [{ x: 1, y: 2 }],
    rejects: [{ x: 1 }],
    before: "class Point { x = 0; constructor(public y: number) {} static origin = 1 }",
  }),
  type("class with methods that every object has", "Note", {
    accepts: [{ text: "a" }],
    rejects: [{}, { text: "a", toString: "b" }],
    before:
      "class Note { constructor(public text: string) {} toString() { return this.text; } valueOf(): object { return this; } toLocaleString(locale?: string): string { return this.text; } hasOwnProperty(): boolean { return true; } }",
  }),
  type("class that extends a generic one", "Named", {
    accepts: [{ id: 1, name: "a" }],
    rejects: [{ id: "a", name: "a" }],
    before: "class Entity<T> { id!: T }\nclass Named extends Entity<number> { name = '' }",
  }),
  type("interface with accessors", "Point", {
    accepts: [{ x: 1 }],
    rejects: [{}],
    before: "interface Point { get x(): number; set x(value: number) }",
  }),
  type("computed property name", "{ [KEY]: string }", {
    accepts: [{ id: "a" }],
    rejects: [{}],
    before: 'const KEY = "id";',
  }),
  type("variadic tuple", "Prefixed<[number, boolean]>", {
    accepts: [["a", 1, true]],
    rejects: [["a", 1]],
    before: "type Prefixed<T extends unknown[]> = [string, ...T];",
  }),
  type("hidden property", "Note", {
    accepts: [{ a: "x" }],
    rejects: [{ a: "x", b: "y" }],
    before: "interface Note {\n  a: string;\n  /** @hidden */\n  b?: () => void;\n}",
  }),
  type("inferred like a schema library does", "Infer<typeof schema>", {
    accepts: [{ a: "x", b: 1 }, { a: "x" }],
    rejects: [{ b: 1 }],
    before:
      "interface Schema<T> { readonly _output: T }\ndeclare function object<T>(shape: { [K in keyof T]: Schema<T[K]> }): Schema<{ [K in keyof T]: T[K] }>;\ndeclare const text: Schema<string>;\ndeclare const maybe: Schema<number | undefined>;\nconst schema = object({ a: text, b: maybe });\ntype Infer<S extends Schema<unknown>> = S['_output'];",
  }),
  {
    name: "type of another file",
    before: 'import type { Note as Memo } from "../shared/note.js";\nimport * as shapes from "../shared/note.js";',
    parameters: "x: Memo | shapes.Other",
    files: { "shared/note.ts": "export interface Note { id: number }\nexport interface Other { other: string }" },
    accepts: [{ id: 1 }, { other: "a" }],
    rejects: [{ id: "a" }],
  },
  {
    name: "import type",
    parameters: 'x: import("../shared/inline.js").Note',
    files: { "shared/inline.ts": "export interface Note { id: number }" },
    accepts: [{ id: 1 }],
    rejects: [{}],
  },
  {
    name: "one name in two files",
    before: 'import type { Point as P } from "../shared/one.js";\nimport type { Point as Q } from "../shared/two.js";',
    parameters: "x: P | Q",
    files: {
      "shared/one.ts": "export interface Point { v: number; p?: Point }",
      "shared/two.ts": "export interface Point { v: string; p?: Point }",
    },
    accepts: [{ v: 1 }, { v: "a" }, { v: "a", p: { v: "b" } }],
    rejects: [{ v: true }, { v: "a", p: { v: 1 } }],
  },
  {
    name: "re-exported type of a package",
    before: 'import type { Shape } from "../shared/barrel.js";',
    parameters: "x: Shape",
    files: {
      "shared/barrel.ts": 'export * from "shapes";',
      "node_modules/shapes/package.json": '{ "name": "shapes", "type": "module", "types": "index.d.ts" }',
      "node_modules/shapes/index.d.ts": "export interface Shape {\n  /** How many corners. */\n  corners: number;\n}",
    },
    accepts: [{ corners: 3 }],
    rejects: [{}],
  },
  type("mapped type that gives properties other types than their tags are for", "Swapped<Limits>", {
    accepts: [{ name: 12_345, size: "a" }],
    rejects: [{ name: "a", size: 1 }],
    before: `interface Limits {
  /**
   * The name.
   * @maxLength 3
   */
  name: string;
  /**
   * @minimum 1
   * @asType integer
   */
  size: number;
}
type Swapped<T> = { [K in keyof T]: T[K] extends string ? number : string };`,
  }),
  type("properties that a mapped type renames, in source order", "Getters<{ name: string; age: number }>", {
    accepts: [{ getName: "a", getAge: 1 }],
    rejects: [{ getName: "a" }, { name: "a", age: 1 }],
    before: "type Getters<T> = { [K in keyof T as `get${Capitalize<K & string>}`]: T[K] };",
  }),
  type("either of two intersections, in source order", "Either<{ z: string }, { a: number }>", {
    accepts: [{ z: "x" }, { a: 1 }],
    rejects: [{}, { z: "x", a: 1 }],
    before: "type Either<A, B> = (A & { [K in keyof B]?: never }) | (B & { [K in keyof A]?: never });",
  }),
  {
    name: "utility type of a package",
    before: 'import type { Softer } from "utilities";',
    parameters: "x: Softer<{ a: string }>",
    files: {
      "node_modules/utilities/package.json": '{ "name": "utilities", "type": "module", "types": "index.d.ts" }',
      "node_modules/utilities/index.d.ts":
        "/** Makes the properties of a type optional. */\nexport type Softer<T> = { [K in keyof T]?: T[K] };",
    },
    accepts: [{}, { a: "x" }],
    rejects: [{ a: 1 }],
  },
  type("rest of an enum in two parts, in source order", "Exclude<Parts, Parts.A>", {
    accepts: ["b", "c", "d"],
    rejects: ["a", "e"],
    before: 'enum Parts { A = "a", B = "b" }\nenum Parts { D = "d", C = "c" }',
  }),
];

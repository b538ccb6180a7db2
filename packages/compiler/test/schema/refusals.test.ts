import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compileProject, type Diagnostic } from "../../src/index.ts";
import { createStubProject } from "../fixtures/stub-project.ts";
import type { TemporaryProject } from "../../../../fixtures/project.ts";

/** A rejected member. The class begins on line 3, its only member on line 4. */
interface Refusal {
  readonly name: string;
  readonly before?: string;
  readonly member: string;
  /** `line:column code: message`, without the file. */
  readonly expected: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
}

const input = (text: string, expected: string, before?: string): Refusal => ({
  name: `input ${text}`,
  member: `@tool() run(x: ${text}): void {}`,
  expected: [/^\d+:\d+ /.test(expected) ? expected : `4:18 ${expected}`],
  ...(before !== undefined && { before }),
});

const output = (text: string, expected: string, before?: string): Refusal => ({
  name: `output ${text}`,
  member: `@tool() run(): ${text} { return null as never; }`,
  expected: [/^\d+:\d+ /.test(expected) ? expected : `4:18 ${expected}`],
  ...(before !== undefined && { before }),
});

const noForm = (type: string, path = "x"): string =>
  `MTD102: Service.run: at ${path}: type '${type}' has no JSON form.`;

const TYPES: readonly Refusal[] = [
  input("Map<number, string>", noForm("Map<number, string>")),
  input("ReadonlyMap<string | number, string>", noForm("ReadonlyMap<string | number, string>")),
  input("Map<string, WeakSet<object>>", noForm("WeakSet<object>", "x[key]")),
  input("Set<symbol>", noForm("symbol", "x[]")),
  input("WeakMap<object, string>", noForm("WeakMap<object, string>")),
  input("number & { row: number }", "MTD105: Service.run: at x: type 'number & { row: number; }' has no values."),
  input(
    "`a${string}` & `${string}b`",
    "MTD101: Service.run: at x: type '`a${string}` & `${string}b`' cannot be written as JSON Schema.",
  ),
  input("RegExp", noForm("RegExp")),
  input("Error", noForm("Error")),
  input("TypeError", noForm("TypeError")),
  input("AppError", noForm("AppError"), "class AppError extends TypeError { code = 1 }"),
  input("Readonly<Failure>", noForm("Readonly<Failure>"), "interface Failure extends Error { code: string }"),
  input("Error & { code: string }", noForm("Error & { code: string; }")),
  input("Instant", noForm("Instant"), "interface Instant extends Date { format(): string }"),
  input("Table", noForm("Table"), "class Table extends Map<string, number> { #sum = 0; }"),
  input("Float64Array", noForm("Float64Array<ArrayBufferLike>")),
  input("Uint8ClampedArray", noForm("Uint8ClampedArray<ArrayBufferLike>")),
  input("DataView", noForm("DataView<ArrayBufferLike>")),
  input("ArrayBuffer", noForm("ArrayBuffer")),
  input("symbol", noForm("symbol")),
  input("String", noForm("String")),
  input("Function", noForm("Function")),
  input("Object", noForm("Object")),
  input("Iterable<string>", noForm("Iterable<string>")),
  input("AsyncGenerator<string>", noForm("AsyncGenerator<string, any, any>")),
  input("typeof KEY", noForm("unique symbol"), 'const KEY: unique symbol = Symbol("x");'),
  input("RegExp[]", noForm("RegExp", "x[]")),
  input("() => void", "MTD103: Service.run: at x: '() => void' is a function, which JSON cannot carry."),
  input("new () => object", "MTD103: Service.run: at x: 'new () => object' is a function, which JSON cannot carry."),
  input("Promise<string>", "MTD104: Service.run: at x: type 'Promise<string>' is a promise inside a value."),
  input("never", "MTD105: Service.run: at x: type 'never' has no values."),
  input("string & number", "MTD105: Service.run: at x: type 'string & number' has no values."),
  input("void", "MTD101: Service.run: at x: type 'void' cannot be written as JSON Schema."),
  input(
    "[...string[], number]",
    "MTD106: Service.run: at x: tuple '[...string[], number]' has a rest element before its end.",
  ),
  input("Uppercase<string>", "MTD101: Service.run: at x: type 'Uppercase<string>' cannot be written as JSON Schema."),
  input(
    "`a${Uppercase<string>}`",
    "MTD101: Service.run: at x: type '`a${Uppercase<string>}`' cannot be written as JSON Schema.",
  ),
  input("Missing", "MTD110: Service.run: at x: type 'Missing' cannot be resolved."),
  input("Gone", "MTD110: Service.run: at x: type 'Gone' cannot be resolved:", 'import type { Gone } from "./gone.js";'),
  input("Partial<Missing>", "MTD110: Service.run: at x: type 'Partial<Missing>' cannot be resolved."),
  input("Nested<string>", "MTD108", "interface Nested<T> { value: T; inner?: Nested<T[]> }"),
  input(
    "Counter",
    "MTD111: Service.run: at x: class 'Counter' has private or protected members, which JSON cannot carry.",
    "class Counter { #count = 0; get count() { return this.#count; } }",
  ),
  input(
    "Guarded",
    "MTD111: Service.run: at x: class 'Guarded' has private or protected members, which JSON cannot carry.",
    "class Guarded { protected secret = 1; }",
  ),
  input(
    "Doer",
    "MTD103: Service.run: at x.act: '() => void' is a function, which JSON cannot carry.",
    "class Doer { name = ''; act(): void {} }",
  ),
  input(
    "Size",
    "2:13 MTD112: Service.run: at x: enum 'Size' has members with computed values.",
    'enum Size { Small = "small".length }',
  ),
  input(
    "{ a: string; [KEY]: string }",
    "MTD107: Service.run: at x: the property name [KEY] cannot be a JSON property.",
    'const KEY: unique symbol = Symbol("x");',
  ),
  input(
    "string[] & { total: number }",
    "MTD101: Service.run: at x: type 'string[] & { total: number; }' cannot be written as JSON Schema.",
  ),
  input(
    "{ [key: Uppercase<string>]: string }",
    "MTD101: Service.run: at x: type '{ [key: Uppercase<string>]: string; }' cannot be written as JSON Schema.",
  ),
  input(
    "{ at: { x: 1 }; a: 1 } | { at: { y: 1 }; b: 1 } | { at: null }",
    "4:11 MTD101: Service.run: a union of object types cannot be written as JSON Schema: too many properties decide which member a value matches.",
  ),
  input("{ a: string } & { a: string[] }", "MTD105: Service.run: at x.a: type 'string & string[]' has no values."),
  input("A & B", "MTD105: Service.run: at x: type 'A & B' has no values.", "interface A { a: 1 } interface B { a: 2 }"),
  input(
    "A & B",
    "MTD105: Service.run: at x: type 'A & B' has no values: its property 'a' has none.",
    "interface A { a: number; b: string } interface B { a: string }",
  ),
  input("number & string[]", "MTD105: Service.run: at x: type 'number & string[]' has no values."),
  input(
    "Record<string, number> & string[]",
    "MTD105: Service.run: at x: type 'Record<string, number> & string[]' has no values.",
  ),
  input(
    "string & Record<string, number>",
    "MTD105: Service.run: at x: type 'string & Record<string, number>' has no values.",
  ),
  input("number[] & string[]", "MTD105: Service.run: at x[]: type 'never' has no values."),
  input("[string, ...(number | boolean)[]] & (string | number)[]", "MTD101: Service.run: at x: type '[string, ..."),
  input("string & { count: number }", "MTD105: Service.run: at x: type 'string & { count: number; }' has no values."),
  input(
    "{ id: string } & Record<string, number>",
    "MTD101: Service.run: at x: type '{ id: string; } & Record<string, number>' cannot be written as JSON Schema.",
  ),
  input(
    "Rows",
    "MTD101: Service.run: at x: type 'Rows' cannot be written as JSON Schema.",
    "interface Rows extends Array<string> { total: number }",
  ),
  input("Size", "2:13 MTD102: Service.run: at x: type 'Size.Any' has no JSON form.", "enum Size { Any = 1 / 0 }"),
  input("1e999", "MTD102: Service.run: at x: type 'Infinity' has no JSON form."),
  input(
    "Loop",
    "2:6 MTD110: Service.run: at x: type 'Loop' cannot be resolved: it refers to itself circularly.",
    "type Loop = Loop | string;",
  ),
  ...[
    ["@minimum 1", "string"],
    ["@minimum 1", "number[]"],
    ["@maxLength 9", "number"],
    ["@minItems 1", "string | null"],
    ["@minProperties 1", "string[]"],
    ["@pattern ^a", "boolean"],
    ["@multipleOf 2", '"a" | "b"'],
  ].map(([tag = "", text = ""]): Refusal => ({
    name: `${tag} on ${text}`,
    member: `@tool() run(/** ${tag} */ x: ${text}): void {}`,
    expected: [
      `4:19 MTD141: Service.run: at x: the JSDoc tag ${tag.split(" ")[0]} does not apply to the type '${text}'.`,
    ],
  })),
  output("Map<number, string>", "MTD102: Service.run: in the result: type 'Map<number, string>' has no JSON form."),
  output(
    "{ error?: AppError }",
    "4:28 MTD102: Service.run: in the result: at error: type 'AppError' has no JSON form.",
    "class AppError extends Error { code = 1 }",
  ),
  output("BigInt", "MTD102: Service.run: in the result: type 'BigInt' has no JSON form."),
  output("{ at: RegExp }", "4:24 MTD102: Service.run: in the result: at at: type 'RegExp' has no JSON form."),
  output(
    "AsyncGenerator<string>",
    "MTD159: Service.run: in the result: the type 'AsyncGenerator<string, any, any>' does not say what the generator returns.",
  ),
  output("Iterable<string>", "MTD160"),
  output("Rows", "MTD159", "interface Rows extends AsyncGenerator<string> {}"),
  output(
    "{ id: Promise<number> }",
    "4:24 MTD104: Service.run: in the result: at id: type 'Promise<number>' is a promise inside a value.",
  ),
  output(
    "Counter",
    "MTD111: Service.run: in the result: class 'Counter' has the private or protected property 'count', which would be sent: JSON.stringify does not know modifiers.",
    "class Counter { #name = ''; private count = 0; total = 0; }",
  ),
  output(
    "Counter",
    "MTD111: Service.run: in the result: class 'Counter' has the private or protected property 'count', which would be sent: JSON.stringify does not know modifiers.",
    "class Base { constructor(protected readonly count: number) {} }\nclass Counter extends Base { total = 0; }",
  ),
  output(
    "{ counter: Counter }",
    "4:29 MTD111: Service.run: in the result: at counter: instances of class 'Counter' are empty in JSON: JSON.stringify sees no getters and no # fields.",
    "class Counter { #count = 0; get count(): number { return this.#count; } increase(): void {} }",
  ),
  output(
    "{ query: Query }",
    "4:27 MTD104: Service.run: in the result: at query: type 'Query' is a promise inside a value.",
    "class Query { sql = ''; then(run: (rows: string[]) => void): void { run([]); } }",
  ),
  output("() => string", "MTD103: Service.run: in the result: '() => string' is a function, which JSON cannot carry."),
  output("Missing", "MTD110: Service.run: in the result: type 'Missing' cannot be resolved."),
  output("Promise<Missing>", "MTD110: Service.run: in the result: type 'Promise<Missing>' cannot be resolved."),
];

/** Unions whose members look the same in JSON. */
const AMBIGUOUS: readonly Refusal[] = [
  ["Date | `at ${string}`", "at x: JSON cannot distinguish a Date from a string."],
  ["Date | bigint", "at x: JSON cannot distinguish a Date from a bigint."],
  ["bigint | `a${string}`", "at x: JSON cannot distinguish a bigint from a string."],
  ['bigint | "12"', "at x: JSON cannot distinguish a bigint from a string."],
  ["Set<string> | number[]", "at x: JSON cannot distinguish a Set from an array."],
  ["Map<string, number> | { a: number }", "at x: JSON cannot distinguish a Map from an object."],
  ["Date[] | string[]", "at x[]: JSON cannot distinguish a Date from a string."],
  ["[Date] | [string, number]", "at x[0]: JSON cannot distinguish a Date from a string."],
  ["Record<string, Date> | { a: string }", "at x.a: JSON cannot distinguish a Date from a string."],
  ["{ a?: Date } | { a: string }", "at x.a: JSON cannot distinguish a Date from a string."],
  ["{ b: { a: Date | number } | { a: unknown } }", "at x.b.a: JSON cannot distinguish a Date from a string."],
].map(([text = "", message = ""]) => input(text, `MTD116: Service.run: ${message}`));

const HELPERS = 'import type * as m from "methodic";';

/** Constraint types without effect, or that contradict each other. */
const CONSTRAINTS: readonly Refusal[] = [
  input("m.Min<number>", "MTD117: Service.run: at x: invalid value of the constraint minimum: 'number'.", HELPERS),
  input("m.Int<1 | 2>", "MTD117: Service.run: at x: invalid value of the constraint minimum: '", HELPERS),
  input("m.MinLength<-1>", "MTD117: Service.run: at x: invalid value of the constraint minLength: '-1'.", HELPERS),
  input("m.MaxLength<1.5>", "MTD117: Service.run: at x: invalid value of the constraint maxLength: '1.5'.", HELPERS),
  input('m.Pattern<"(">', "MTD117: Service.run: at x: invalid value of the constraint pattern: '\"(\"'.", HELPERS),
  input("m.MultipleOf<0>", "MTD117: Service.run: at x: invalid value of the constraint multipleOf: '0'.", HELPERS),
  input(
    "number & m.Constraint<{ minLength: 1 }>",
    "MTD117: Service.run: at x: the constraint minLength does not apply to the type 'number'.",
    HELPERS,
  ),
  input(
    "{ a: number } & m.MinItems<1>",
    "MTD117: Service.run: at x: the constraint minItems does not apply to",
    HELPERS,
  ),
  input(
    "m.MinItems<1>",
    "MTD117: Service.run: at x: the constraint 'm.MinItems<1>' is not intersected with a type.",
    HELPERS,
  ),
  input("m.MinItems<1> & m.MaxItems<2>", "MTD117: Service.run: at x: the constraint", HELPERS),
  input(
    "m.Int<5, 1>",
    "MTD118: Service.run: at x: the constraints minimum 5 and maximum 1 contradict each other.",
    HELPERS,
  ),
  input(
    "m.Min<5> & m.Max<1>",
    "MTD118: Service.run: at x: the constraints minimum 5 and maximum 1 contradict each other.",
    HELPERS,
  ),
  input(
    "m.GreaterThan<1> & m.Max<1>",
    "MTD118: Service.run: at x: the constraints exclusiveMinimum 1 and maximum 1",
    HELPERS,
  ),
  input(
    "m.Email & m.Uuid",
    "MTD118: Service.run: at x: the constraints format email and format uuid contradict each other.",
    HELPERS,
  ),
  {
    name: "a format on a date",
    member: "@tool() run(/** @format time */ x: Date): void {}",
    expected: ["4:11 MTD118: Service.run: the constraints format date-time and format time contradict each other."],
  },
  input(
    "m.Length<5, 1>[]",
    "MTD118: Service.run: at x[]: the constraints minLength 5 and maxLength 1 contradict each other.",
    HELPERS,
  ),
];

const PLACES: readonly Refusal[] = [
  {
    name: "property of a type literal",
    member: "@tool() run(x: { a: { when: RegExp }[] }): void {}",
    expected: ["4:31 MTD102: Service.run: at x.a[].when: type 'RegExp' has no JSON form."],
  },
  {
    name: "property of an interface in the same file",
    before: "interface Note { when: RegExp }",
    member: "@tool() run(x: Note): void {}",
    expected: ["2:24 MTD102: Service.run: at x.when: type 'RegExp' has no JSON form."],
  },
  {
    name: "property of an interface in another file",
    before: 'import type { Note } from "./note.js";',
    files: { "note.ts": "export interface Note {\n  when: RegExp;\n}\n" },
    member: "@tool() run(x: string, y: Note[]): void {}",
    expected: ["4:29 MTD102: Service.run: at y[].when: type 'RegExp' has no JSON form. (declared at note.ts:2:9)"],
  },
  {
    name: "value of an index signature",
    member: "@tool() run(x: { [key: string]: RegExp }): void {}",
    expected: ["4:35 MTD102: Service.run: at x[key]: type 'RegExp' has no JSON form."],
  },
  {
    name: "type argument",
    before: "interface Box<T> { value: T }",
    member: "@tool() run(x: Box<RegExp>): void {}",
    expected: ["4:18 MTD102: Service.run: at x.value: type 'RegExp' has no JSON form."],
  },
  {
    name: "every bad parameter at once, and the result",
    member: "@tool() run(x: RegExp, y: string, z: symbol): { m: Map<number, string> } { return null as never; }",
    expected: [
      "4:18 MTD102: Service.run: at x: type 'RegExp' has no JSON form.",
      "4:40 MTD102: Service.run: at z: type 'symbol' has no JSON form.",
      "4:54 MTD102: Service.run: in the result: at m: type 'Map<number, string>' has no JSON form.",
    ],
  },
  {
    name: "inferred result",
    member: "@tool() run() { return { m: new Map<number, string>() }; }",
    expected: ["4:11 MTD102: Service.run: in the result: at m: type 'Map<number, string>' has no JSON form."],
  },
  {
    name: "a type that failed before fails again",
    before: "interface A { b: B; when: RegExp }\ninterface B { a: A }",
    member: "@tool() run(x: A, y: B): void {}",
    expected: [
      "2:27 MTD102: Service.run: at x.when: type 'RegExp' has no JSON form.",
      "2:27 MTD102: Service.run: at y.a.when: type 'RegExp' has no JSON form.",
    ],
  },
];

const SHAPES: readonly Refusal[] = [
  {
    name: "rest parameter",
    member: "@tool() run(...names: string[]): void {}",
    expected: ["4:15 MTD120: Service.run: rest parameter '...names' cannot be passed by name."],
  },
  {
    name: "untyped parameter",
    member: "@tool() run(name): void {}",
    expected: ["4:15 MTD121: Service.run: parameter 'name' has no type."],
  },
  {
    name: "parameter with the default null",
    member: "@tool() run(name = null): void {}",
    expected: ["4:15 MTD121: Service.run: parameter 'name' has no type."],
  },
  {
    name: "parameter with an empty array",
    member: "@tool() run(a: string, tags = []): void {}",
    expected: ["4:26 MTD121: Service.run: the element type of 'tags' cannot be read from '[]'."],
  },
  {
    name: "destructuring among others",
    member: "@tool() run(a: string, { b }: { b: string }): void {}",
    expected: ["4:26 MTD122: Service.run: a destructured parameter cannot be combined with other parameters."],
  },
  {
    name: "array destructuring",
    member: "@tool() run([a]: string[]): void {}",
    expected: ["4:15 MTD122: Service.run: a destructured parameter cannot be combined with other parameters."],
  },
  {
    name: "destructured union without a discriminator",
    member: "@tool() run({ a }: { a: string } | { a: number }): void {}",
    expected: [
      "4:22 MTD123: Service.run: an MCP input has to be a plain object, but the destructured parameter has the type '{ a: string } | { a: number }'.",
    ],
  },
  {
    name: "destructured any",
    member: "@tool() run({ a }: any): void {}",
    expected: [
      "4:22 MTD123: Service.run: an MCP input has to be a plain object, but the destructured parameter has the type 'any'.",
    ],
  },
  {
    name: "private method",
    member: "@tool() private run(): void {}",
    expected: ["4:19 MTD130: Service.run: a private method cannot be called by a client."],
  },
  {
    name: "protected method",
    member: "@tool() protected run(): void {}",
    expected: ["4:21 MTD130: Service.run: a protected method cannot be called by a client."],
  },
  {
    name: "#private method",
    member: "@tool() #run(): void {}",
    expected: ["4:11 MTD130: Service.#run: a #private method cannot be called by a client."],
  },
  {
    name: "type parameters",
    member: "@tool() run<T>(x: T): void {}",
    expected: ["4:15 MTD131: Service.run: type parameter 'T' is not known at build time."],
  },
  {
    name: "overloads",
    member: "run(x: string): void; run(x: number): void; @tool() run(x: unknown): void {}",
    expected: ["4:55 MTD132: Service.run: the method has 2 overloads, but a tool has one input."],
  },
  {
    name: "arrow property",
    member: "@tool() run = (x: string): void => {};",
    expected: ["4:11 MTD134: Service.run: @tool cannot decorate a property."],
  },
  {
    name: "getter",
    member: "@tool() get run(): string { return ''; }",
    expected: ["4:15 MTD135: Service.run: @tool cannot decorate an accessor."],
  },
  {
    name: "setter",
    member: "@tool() set run(x: string) {}",
    expected: ["4:15 MTD135: Service.run: @tool cannot decorate an accessor."],
  },
  {
    name: "auto-accessor",
    member: "@tool() accessor run = '';",
    expected: ["4:20 MTD134: Service.run: @tool cannot decorate a property."],
  },
  {
    name: "computed name",
    member: "@tool() [Symbol.iterator](): void {}",
    expected: [
      "4:11 MTD136: Service.[Symbol.iterator]: the method name '[Symbol.iterator]' is not known at build time.",
    ],
  },
  {
    name: "static method",
    member: "@tool() static run(): void {}",
    expected: ["4:18 MTD137: Service.run: @tool cannot decorate a static method."],
  },
];

/** Several problems of one run. */
const SEVERAL: readonly Refusal[] = [
  {
    name: "an alias of something that is not resolved",
    before: "type Gone = Missing<string>;",
    member: "@tool() run(x: Gone): void {}",
    expected: ["2:13 MTD110: Service.run: at x: type 'Missing<string>' cannot be resolved."],
  },
  {
    name: "several problems of one parameter",
    before: "interface Options { a: symbol; list: (() => void)[]; rest: { deep: symbol } }",
    member: "@tool() run(x: Options): void {}",
    expected: [
      "2:24 MTD102: Service.run: at x.a: type 'symbol' has no JSON form.",
      "2:39 MTD103: Service.run: at x.list[]: ",
      "2:68 MTD102: Service.run: at x.rest.deep: type 'symbol' has no JSON form.",
    ],
  },
  {
    name: "several problems through a utility type",
    member: "@tool() run(x: Readonly<{ a: symbol; b: () => void }>): void {}",
    expected: ["4:32 MTD102: Service.run: at x.a: ", "4:43 MTD103: Service.run: at x.b: "],
  },
  {
    name: "several problems of parameters and result",
    member: "@tool() run(x: symbol, y: { a: symbol; b: symbol }): { c: symbol; d: symbol } { throw 0; }",
    expected: [
      "4:18 MTD102: Service.run: at x: ",
      "4:34 MTD102: Service.run: at y.a: ",
      "4:45 MTD102: Service.run: at y.b: ",
      "4:61 MTD102: Service.run: in the result: at c: ",
      "4:72 MTD102: Service.run: in the result: at d: ",
    ],
  },
  {
    name: "one problem met twice",
    before: "interface Bad { a: symbol }",
    member: "@tool() run(x: { one: Bad; two: Bad }): void {}",
    expected: ["2:20 MTD102: Service.run: at x.one.a: type 'symbol' has no JSON form."],
  },
];

const ALL = [...TYPES, ...AMBIGUOUS, ...CONSTRAINTS, ...PLACES, ...SHAPES, ...SEVERAL].map((refusal, index) => ({
  ...refusal,
  file: `case-${index}.ts`,
}));

let project: TemporaryProject;
let diagnostics: readonly Diagnostic[];
let services: readonly string[];

beforeAll(() => {
  const files = ALL.flatMap(({ before = "", member, file, files = {} }) => {
    // Two declarations may share line 2: the member is always on line 4.
    const source = `import { tool } from "methodic";\n${before.replaceAll("\n", " ")}\nclass Service {\n  ${member}\n}\nexport { Service };\n`;
    return [[file, source], ...Object.entries(files)];
  });
  project = createStubProject(Object.fromEntries(files));
  const result = compileProject({ root: project.root, keepGoing: true });
  diagnostics = result.diagnostics;
  services = Object.keys(result.services);
});

afterAll(() => project[Symbol.dispose]());

describe("diagnostics of methods", () => {
  it.each(ALL)("have the right place and text for $name", ({ file, expected }) => {
    const found = diagnostics.filter((diagnostic) => diagnostic.file === file);
    const lines = found.map(({ line, column, code, message }) => `${line}:${column} ${code}: ${message}`);
    expect(lines, lines.join("\n")).toHaveLength(expected.length);
    // A rejected method must not leave anything behind: half a schema is a wrong one.
    expect(services).not.toContain(`${file}#Service`);
    for (const [index, line] of lines.entries())
      expect(line.startsWith(expected[index] ?? "?"), `${line}\n  is not\n${expected[index]}`).toBe(true);
    for (const { hint, severity } of found)
      expect([hint, severity]).toEqual([expect.stringMatching(/\S.*\.$/), "error"]);
  });
});

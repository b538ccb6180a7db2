import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compileServices, loadProject, type CompiledMember } from "../../src/index.ts";
import { createStubProject } from "../fixtures/stub-project.ts";
import { DOCUMENT, NODE_TYPES, WITH_NODE } from "../fixtures/class-types.ts";
import type { TemporaryProject } from "../../../../fixtures/project.ts";

/** A method's return type and the expected form of its result. */
interface Output {
  readonly name: string;
  readonly before?: string;
  /** The method's source after its name. */
  readonly method: string;
  readonly decorator?: string;
  readonly kind: string;
  /** The output schema, if any. */
  readonly schema?: object;
  readonly accepts?: readonly unknown[];
  readonly rejects?: readonly unknown[];
}

const returns = (text: string, rest: Omit<Output, "name" | "method">): Output => ({
  name: text,
  method: `(): ${text} { return null as never; }`,
  ...rest,
});

const NOTE = { type: "object", properties: { id: { type: "number" } }, required: ["id"] };
const WITH_NOTE = "interface Note { id: number }";

const ALL: readonly Output[] = [
  returns("string", { kind: "text" }),
  returns("Promise<string>", { kind: "text" }),
  returns("string | undefined", { kind: "text" }),
  returns('"a" | "b"', { kind: "text" }),
  returns("`a-${string}`", { kind: "text" }),
  returns("Id", { kind: "text", before: "type Id = string & { __brand: 1 };" }),
  returns("Color", { kind: "text", before: 'enum Color { Red = "red", Blue = "blue" }' }),
  returns("void", { kind: "empty" }),
  returns("undefined", { kind: "empty" }),
  returns("Promise<void>", { kind: "empty" }),
  returns("never", { kind: "empty" }),
  returns("any", { kind: "dynamic" }),
  returns("unknown", { kind: "dynamic" }),
  returns("Promise<any>", { kind: "dynamic" }),
  returns("number", { kind: "structured", schema: { type: "number" } }),
  returns("boolean", { kind: "structured", schema: { type: "boolean" } }),
  returns("null", { kind: "structured", schema: { type: "null" } }),
  returns("string | null", { kind: "structured", schema: { type: ["string", "null"] } }),
  returns("string[]", { kind: "structured", schema: { type: "array", items: { type: "string" } } }),
  returns("Note", {
    kind: "structured",
    before: WITH_NOTE,
    schema: NOTE,
    accepts: [{ id: 1, more: 2 }],
    rejects: [{}],
  }),
  returns("Note | undefined", {
    kind: "structured",
    before: WITH_NOTE,
    schema: { anyOf: [NOTE, { type: "null" }] },
    accepts: [null, { id: 1 }],
  }),
  returns("Promise<Note | void>", {
    kind: "structured",
    before: WITH_NOTE,
    schema: { anyOf: [NOTE, { type: "null" }] },
  }),
  returns("Note | Promise<Note>", { kind: "structured", before: WITH_NOTE, schema: NOTE }),
  returns("Promise<Promise<Note>>", { kind: "structured", before: WITH_NOTE, schema: NOTE }),
  returns("Lazy", {
    kind: "structured",
    before: `${WITH_NOTE}\ntype Lazy = Promise<Note[]>;`,
    schema: { type: "array", items: NOTE },
  }),
  returns("PromiseLike<Note>", { kind: "structured", before: WITH_NOTE, schema: NOTE }),
  returns("Record<string, number>", {
    kind: "structured",
    schema: { type: "object", additionalProperties: { type: "number" } },
  }),
  returns("object", { kind: "structured", schema: { type: ["object", "array"] } }),
  returns("Date", { kind: "structured", schema: { type: "string", format: "date-time" } }),
  returns("{ at: Date; link: URL }", {
    kind: "structured",
    before: "declare global { class URL { toJSON(): string; constructor(text: string) } }",
    schema: {
      type: "object",
      properties: { at: { type: "string", format: "date-time" }, link: { type: "string" } },
      required: ["at", "link"],
    },
  }),
  returns("(string | undefined)[]", {
    kind: "structured",
    schema: { type: "array", items: { type: ["string", "null"] } },
  }),
  returns("Maybe[]", {
    kind: "structured",
    before: "type Maybe = string | undefined;",
    schema: { type: "array", items: { type: ["string", "null"] } },
  }),
  returns("[text: string, nothing?: undefined]", {
    kind: "structured",
    schema: expect.objectContaining({ type: "array", maxItems: 2 }) as object,
    accepts: [["a"], ["a", null]],
    rejects: [[], ["a", "b"]],
  }),
  returns("undefined[]", { kind: "structured", schema: { type: "array", items: { type: "null" } } }),
  returns("Money", {
    kind: "structured",
    before:
      "class Money { constructor(readonly cents: number) {} toJSON(): { euros: number } { return { euros: this.cents / 100 }; } }",
    schema: { type: "object", properties: { euros: { type: "number" } }, required: ["euros"] },
  }),
  returns("Table", {
    kind: "structured",
    before: "class Table extends Map<string, Date> { first(): Date | undefined { return undefined; } }",
    schema: { type: "object", additionalProperties: { type: "string", format: "date-time" } },
  }),
  returns("Stamp[]", {
    kind: "structured",
    before: 'class Stamp extends Date { override toJSON(): string { return "today"; } }',
    schema: { type: "array", items: { type: "string" } },
  }),
  returns("Entries", {
    kind: "structured",
    before: "class Entries extends Map<number, string> { toJSON(): string[] { return [...this.values()]; } }",
    schema: { type: "array", items: { type: "string" } },
  }),
  returns("Price", {
    kind: "structured",
    before: "interface Price { cents: number; toJSON: () => { euros: number } }",
    schema: { type: "object", properties: { euros: { type: "number" } }, required: ["euros"] },
  }),
  returns("{ at?: Jsonable }", {
    kind: "structured",
    before: "type Jsonable = string | { toJSON: () => Jsonable } | Jsonable[];",
    schema: expect.objectContaining({ properties: { at: { $ref: "#/$defs/Jsonable" } } }) as object,
    accepts: [{}, { at: "a" }, { at: [["a"]] }],
    rejects: [{ at: 1 }, { at: [[{}]] }],
  }),
  returns("Point", {
    kind: "structured",
    before: "class Point { x = 0; get length(): number { return this.x; } move(): void {} }",
    // A getter is on the prototype, where JSON.stringify does not see it, so the property is
    // optional.
    schema: { type: "object", properties: { x: { type: "number" }, length: { type: "number" } }, required: ["x"] },
    accepts: [{ x: 1 }],
  }),
  returns("User", {
    kind: "structured",
    before: `class User {
      readonly #hash = "";
      constructor(readonly name: string) {}
      get hash(): string { return this.#hash; }
      accessor seen = false;
      set alias(alias: string) {}
      #check(): void {}
      private check(): void { this.#check(); }
      protected get size(): number { return 1; }
      static create(): User { return new User(""); }
      toString(): string { return this.name; }
      valueOf(): number { return 1; }
      *[Symbol.iterator](): Generator<string> { this.check(); }
    }`,
    schema: {
      type: "object",
      properties: {
        hash: { type: "string" },
        name: { type: "string" },
        seen: { type: "boolean" },
        alias: { type: "string" },
      },
      required: ["name"],
    },
    accepts: [{ name: "a" }],
  }),
  returns("Named", {
    kind: "structured",
    before: "interface Named { name: string; toString(): string; valueOf(): object; toLocaleString(): string }",
    schema: { type: "object", properties: { name: { type: "string" } }, required: ["name"] },
  }),
  returns("Entry", {
    kind: "structured",
    before: "interface Entry { name: string; open(): void }\ndeclare var Entry: { new (): Entry };",
    schema: { type: "object", properties: { name: { type: "string" } }, required: ["name"] },
  }),
  returns("Copy", {
    kind: "structured",
    before: "class Copy { #id = 1; name = ''; toJSON(): this { return this; } }",
    schema: { type: "object", properties: { name: { type: "string" } }, required: ["name"] },
  }),
  returns("Keyed", {
    kind: "structured",
    before:
      "class Keyed { toJSON(options: { deep: boolean }): number; toJSON(a: string, b: string): null; toJSON(key: string): string[]; toJSON(): never { throw 1; } }",
    schema: { type: "array", items: { type: "string" } },
  }),
  // A model of Sequelize: the type parameter of `toJSON` stands for its constraint.
  returns("Row", {
    kind: "structured",
    before:
      "declare class Model<A> { toJSON<T extends A>(): T; toJSON(): object; save(): void }\nclass Row extends Model<{ id: number; at: Date }> { declare id: number; declare at: Date; }",
    schema: {
      type: "object",
      properties: { id: { type: "number" }, at: { type: "string", format: "date-time" } },
      required: ["id", "at"],
    },
  }),
  // Documents of mongoose 8 and 9: the type parameter of `toJSON` stands for its default, or for a
  // type that the populated document has.
  returns("Hydrated<Note>", {
    kind: "structured",
    before: `${WITH_NOTE}\n${DOCUMENT}`,
    schema: { type: "object", properties: { id: { type: "string" } }, required: ["id"] },
  }),
  returns("Populated", {
    kind: "structured",
    before: `${WITH_NOTE}\n${DOCUMENT}\ntype Populated = Hydrated<Note> & Marker<{ id: boolean }, Note>;`,
    schema: {
      type: "object",
      properties: { id: { type: "string" }, populated: { type: "boolean", const: true } },
      required: ["id", "populated"],
    },
  }),
  returns("Chain", {
    kind: "structured",
    before:
      "interface Linked<T> { value: T; next?: Linked<T> }\nclass Chain { value = 1; next?: Chain; toJSON<T>(this: Linked<T>): T { return this.value; } }",
    schema: { type: "number" },
  }),
  returns("Rows<Note>", {
    kind: "structured",
    before: `${WITH_NOTE}\ninterface Rows<T> extends Array<T> { count: number; reload(): void }`,
    schema: { type: "array", items: NOTE },
  }),
  returns("Note[] & { count: number }", {
    kind: "structured",
    before: WITH_NOTE,
    schema: { type: "array", items: NOTE },
  }),
  {
    name: "getters of an object literal",
    method: "() { return { get id() { return 1; }, inner: { get at() { return new Date(); } } }; }",
    kind: "structured",
    schema: {
      type: "object",
      properties: {
        id: { type: "number" },
        inner: { type: "object", properties: { at: { type: "string", format: "date-time" } }, required: ["at"] },
      },
      required: ["id", "inner"],
    },
  },
  returns("Node.Stats & { path: string }", {
    kind: "structured",
    before: WITH_NODE,
    schema: {
      type: "object",
      properties: {
        size: { type: "number" },
        mtime: { type: "string", format: "date-time" },
        path: { type: "string" },
      },
      required: ["size", "path"],
    },
  }),
  returns("Node.Dirent[]", {
    kind: "structured",
    before: WITH_NODE,
    schema: {
      type: "array",
      items: {
        type: "object",
        properties: { name: { type: "string" }, path: { type: "string" } },
        required: ["name"],
      },
    },
  }),
  returns("Node.Timing", {
    kind: "structured",
    before: WITH_NODE,
    schema: { type: "object", properties: { duration: { type: "number" } } },
  }),
  returns("Tree", {
    kind: "structured",
    before: "interface Tree { children: Tree[] }",
    schema: {
      type: "object",
      properties: { children: { type: "array", items: { $ref: "#/$defs/Tree" } } },
      required: ["children"],
      $defs: {
        Tree: {
          type: "object",
          properties: { children: { type: "array", items: { $ref: "#/$defs/Tree" } } },
          required: ["children"],
        },
      },
    },
    accepts: [{ children: [{ children: [] }] }],
    rejects: [{ children: [{}] }],
  }),
  returns("ImageContent", { kind: "content" }),
  returns("TextContent[]", { kind: "content" }),
  returns("ContentBlock", { kind: "content" }),
  returns("Promise<readonly ContentBlock[]>", { kind: "content" }),
  returns("string | ImageContent", { kind: "content" }),
  returns("(string | ImageContent)[]", { kind: "content" }),
  returns("ImageContent | undefined", { kind: "content" }),
  returns("ToolResult", { kind: "content" }),
  returns("ToolResult<Note>", { kind: "content", before: WITH_NOTE, schema: NOTE }),
  returns("Promise<ToolResult<Note>>", { kind: "content", before: WITH_NOTE, schema: NOTE }),
  returns("ToolResult<Note> | ToolResult<string>", {
    kind: "content",
    before: WITH_NOTE,
    schema: { anyOf: [NOTE, { type: "string" }] },
  }),
  returns("Note | ImageContent", { kind: "dynamic", before: WITH_NOTE }),
  // A type of the same name from another package is data like any other.
  returns("Mine", {
    kind: "structured",
    before: 'import type { TextContent as Mine } from "./own.js";',
    schema: { type: "object", properties: { mine: { type: "boolean" } }, required: ["mine"] },
  }),
  // Types in the form of MCP content, as methods written for the official SDK return them.
  returns("{ content: TextContent[]; isError?: boolean }", { kind: "content" }),
  returns("Promise<string | SdkResult>", {
    kind: "content",
    before:
      'interface SdkResult { [key: string]: unknown; content: ({ type: "text"; text: string } | { type: "image"; data: string; mimeType: string })[]; isError?: boolean; structuredContent?: object; _meta?: object }',
  }),
  returns('{ type: "resource_link"; uri: string; name: string; size?: number }', { kind: "content" }),
  returns('{ type: "text"; text: string }[]', { kind: "content" }),
  { name: "inferred SDK result", method: '() { return { content: [{ type: "text", text: "a" }] }; }', kind: "content" },
  {
    name: "inferred SDK error",
    method:
      '(ok: boolean) { const content = [{ type: "text", text: "a" }]; return ok ? { content } : { content, isError: true }; }',
    kind: "content",
  },
  { name: "inferred SDK result without content", method: "() { return { content: [] }; }", kind: "content" },
  {
    name: "SDK result of a resource",
    decorator: '@resource("a://b")',
    method: '() { return { contents: [{ uri: "a://b", text: "a" }] }; }',
    kind: "content",
  },
  {
    name: "bytes or contents of a resource",
    decorator: '@resource("a://b")',
    method: "(): Uint8Array | { uri: string; blob: string; mimeType?: string } { return null as never; }",
    kind: "content",
  },
  {
    name: "page of a resource",
    decorator: '@resource("a://b")',
    method: "(): { uri: string; text: string; title: string } { return null as never; }",
    kind: "structured",
  },
  // Types that only resemble content.
  returns('{ type: "text"; text: string } | { type: "rule"; width: number }', {
    kind: "structured",
    schema: {
      anyOf: [
        {
          type: "object",
          properties: { type: { type: "string", const: "text" }, text: { type: "string" } },
          required: ["type", "text"],
        },
        {
          type: "object",
          properties: { type: { type: "string", const: "rule" }, width: { type: "number" } },
          required: ["type", "width"],
        },
      ],
    },
  }),
  returns("{ content: Note[]; isError: boolean }", {
    kind: "structured",
    before: WITH_NOTE,
    schema: {
      type: "object",
      properties: { content: { type: "array", items: NOTE }, isError: { type: "boolean" } },
      required: ["content", "isError"],
    },
  }),
  returns("{ content: unknown[] }", {
    kind: "structured",
    schema: { type: "object", properties: { content: { type: "array", items: {} } }, required: ["content"] },
  }),
  returns("{ content: string[] }", {
    kind: "structured",
    schema: {
      type: "object",
      properties: { content: { type: "array", items: { type: "string" } } },
      required: ["content"],
    },
  }),
  returns('{ id: number; content: { type: "text"; text: string }[] }', {
    kind: "structured",
    schema: {
      type: "object",
      properties: {
        id: { type: "number" },
        content: {
          type: "array",
          items: {
            type: "object",
            properties: { type: { type: "string", const: "text" }, text: { type: "string" } },
            required: ["type", "text"],
          },
        },
      },
      required: ["id", "content"],
    },
  }),
  { name: "inferred text", method: "() { return `a`; }", kind: "text" },
  { name: "inferred nothing", method: "() {}", kind: "empty" },
  {
    name: "inferred object",
    method: "() { return { a: 1, b: 'x' }; }",
    kind: "structured",
    schema: { type: "object", properties: { a: { type: "number" }, b: { type: "string" } }, required: ["a", "b"] },
  },
  {
    name: "inferred union in source order",
    method: "(x: boolean) { if (x) return { ok: true as const, z: 1 }; return { ok: false as const, error: '' }; }",
    kind: "structured",
    schema: {
      anyOf: [
        {
          type: "object",
          properties: { ok: { type: "boolean", const: true }, z: { type: "number" } },
          required: ["ok", "z"],
        },
        {
          type: "object",
          properties: { ok: { type: "boolean", const: false }, error: { type: "string" } },
          required: ["ok", "error"],
        },
      ],
    },
  },
  {
    name: "inferred promise",
    before: WITH_NOTE,
    method: "() { return Promise.resolve([] as Note[]); }",
    kind: "structured",
    schema: { type: "array", items: NOTE },
  },
  {
    name: "async and inferred",
    method: "(x: boolean) { return x ? 1 : undefined; }",
    kind: "structured",
    schema: { type: ["number", "null"], enum: [1, null] },
  },
  {
    name: "resource of an object",
    decorator: '@resource("a://b")',
    method: "(): { a: Map<string, string> } { return null as never; }",
    kind: "structured",
  },
  {
    name: "resource of bytes",
    decorator: '@resource("a://b")',
    method: "(): Uint8Array { return null as never; }",
    kind: "dynamic",
  },
  { name: "prompt of messages", decorator: "@prompt()", method: "(): PromptMessage[] { return []; }", kind: "content" },
  { name: "prompt of text", decorator: "@prompt()", method: "(): string { return ''; }", kind: "text" },
];

const CASES = ALL.map((output, index) => ({ ...output, file: `case-${index}.ts` }));

let project: TemporaryProject;
let members: ReadonlyMap<string, CompiledMember>;
let problems: readonly string[];

beforeAll(() => {
  const files = CASES.map(({ file, before = "", decorator = "@tool()", method }) => [
    file,
    `import { prompt, resource, tool, type ContentBlock, type ImageContent, type PromptMessage, type TextContent, type ToolResult } from "methodic";\n${before}\nexport class Service {\n  ${decorator} run${method}\n}\n`,
  ]);
  project = createStubProject({
    ...Object.fromEntries(files),
    "node_modules/@types/node/fs.d.ts": NODE_TYPES,
    "own.ts": "export interface TextContent { mine: boolean }",
  });
  const loaded = loadProject({ root: project.root });
  const { services, diagnostics } = compileServices(loaded);
  problems = diagnostics.map(({ file, code, message }) => `${file} ${code} ${message}`);
  members = new Map(
    services.map(({ sourceFile, members: found }) => [sourceFile.fileName.split("/").at(-1)!, found.get("run")!]),
  );
});

afterAll(() => project[Symbol.dispose]());

test("every output type compiles", () => {
  expect(problems).toEqual([]);
});

test.each(CASES)("$name is $kind", ({ file, kind, schema }) => {
  const { data } = members.get(file)!;
  expect(data.result).toBe(kind);
  expect(data.outputSchema).toEqual(schema);
});

describe("output schemas", () => {
  test.each(CASES.filter(({ schema }) => schema))(
    "of $name accept and reject what the type does",
    ({ file, accepts = [], rejects = [] }) => {
      const schema = members.get(file)!.data.outputSchema;
      const ajv = new Ajv2020({ strict: false, formats: { "date-time": true, uri: true } });
      expect(ajv.validateSchema(schema!), ajv.errorsText()).toBe(true);
      const validate = ajv.compile(schema!);
      expect(accepts.filter((value) => !validate(value))).toEqual([]);
      expect(rejects.filter((value) => validate(value))).toEqual([]);
    },
  );
});

import { afterAll, describe, expect, it } from "vitest";
import { compileServices, loadProject } from "../../src/index.ts";
import { createStubProject } from "../fixtures/stub-project.ts";

/** A generator method: its source after the name, and its result, schema and generator kind. */
type Case = readonly [method: string, result: string, generator: string, schema?: object];

const NOTE = { type: "object", properties: { id: { type: "number" } }, required: ["id"] };

const VALID: readonly Case[] = [
  ['async *run() { yield "a"; yield "b"; }', "text", "text"],
  ['*run() { yield "a"; }', "text", "text"],
  ["async *run() { yield { progress: 1, total: 2 }; }", "empty", "value"],
  ["async *run() {}", "empty", "value"],
  ['async *run() { yield "a"; yield { progress: 1 }; yield { progress: 2, message: "b" }; }', "text", "text"],
  ['async *run() { yield "a"; return "b"; }', "text", "value"],
  ["async *run() { yield { progress: 1 }; return { id: 1 }; }", "structured", "value", NOTE],
  ["async *run() { yield { progress: 1 }; return makeNote(); }", "structured", "value", NOTE],
  ["*run() { yield { progress: 1 }; return makeNote(); }", "structured", "value", NOTE],
  ["async *run() { yield* parts(); return 5; }", "structured", "value", { type: "number" }],
  ["run(): AsyncGenerator<string, Note> { return null as never; }", "structured", "value", NOTE],
  [
    "run(): Generator<Progress, Note[], unknown> { return null as never; }",
    "structured",
    "value",
    {
      type: "array",
      items: NOTE,
    },
  ],
  ["run(): AsyncIterableIterator<string, void> { return null as never; }", "text", "text"],
  ["run(): IterableIterator<string, undefined> { return null as never; }", "text", "text"],
  ["run(): AsyncIterator<string | Progress, Note> { return null as never; }", "structured", "value", NOTE],
  ["async run(): Promise<Generator<string, Note>> { return null as never; }", "structured", "value", NOTE],
  ["run(): Steps<Note> { return null as never; }", "structured", "value", NOTE],
  ["run(): Run { return null as never; }", "structured", "value", NOTE],
  [
    "run(): AsyncGenerator<never, Note | undefined> { return null as never; }",
    "structured",
    "value",
    {
      anyOf: [NOTE, { type: "null" }],
    },
  ],
  ["async *run() { yield 'a' as `a${string}`; return null as unknown; }", "dynamic", "value"],
  ["run(): AsyncGenerator<string, ContentBlock[]> { return null as never; }", "content", "value"],
  ["run(): AsyncGenerator<string, ToolResult<Note>> { return null as never; }", "content", "value", NOTE],
];

/** A member that is refused, and the place and text of the diagnostic. */
const INVALID: readonly (readonly [member: string, problem: string])[] = [
  [
    "@tool() async *run() { yield 1; }",
    "3:32 MTD159: S.run: the generator yields 'number', which is neither text nor progress.",
  ],
  [
    "@tool() async *run() { yield 'a'; yield { step: 1 }; }",
    "3:43 MTD159: S.run: the generator yields '{ step: number; }'",
  ],
  [
    "@tool() async *run() { yield { progress: '1' }; }",
    "3:32 MTD159: S.run: the generator yields '{ progress: string; }'",
  ],
  ["@tool() async *run() { yield { total: 1 }; }", "3:32 MTD159"],
  ["@tool() async *run() { yield { progress: 1, total: null }; }", "3:32 MTD159"],
  ["@tool() async *run() { yield; }", "3:26 MTD159: S.run: the generator yields 'undefined'"],
  ["@tool() async *run() { yield {} as any; }", "3:32 MTD159: S.run: the generator yields 'any'"],
  [
    "@tool() run(): AsyncGenerator<number, string> { return null as never; }",
    "3:18 MTD159: S.run: in the result: the generator yields 'number'",
  ],
  [
    "@tool() async *run() { yield* numbers(); return 1; }",
    "3:18 MTD159: S.run: in the result: the generator yields 'number'",
  ],
  [
    "@tool() async *run(): AsyncGenerator<string> { yield 'a'; }",
    "3:25 MTD159: S.run: in the result: the type 'AsyncGenerator<string, any, any>' does not say what the generator returns.",
  ],
  ["@tool() run(): IterableIterator<string> { return null as never; }", "3:18 MTD159"],
  ["@tool() run(): Iterable<string> { return []; }", "3:18 MTD160"],
  ["@tool() run(): AsyncIterable<string> { return null as never; }", "3:18 MTD160"],
  [
    "@tool() run() { return new Map<string, string>().keys(); }",
    "3:11 MTD160: S.run: in the result: a result of type 'MapIterator<string>' cannot be sent",
  ],
  ["@tool() run(): string | AsyncGenerator<string, void> { return null as never; }", "3:18 MTD160"],
  ["@tool() run(): AsyncGenerator<string, Generator<string, void>> { return null as never; }", "3:18 MTD160"],
  [
    "@tool() run(): AsyncGenerator<string, RegExp> { return null as never; }",
    "3:41 MTD102: S.run: in the result: type 'RegExp'",
  ],
  [
    "@prompt() async *run() { yield 'a'; }",
    "3:20 MTD160: S.run: in the result: a result of type 'AsyncGenerator<string, void, unknown>' cannot be sent",
  ],
  ["@resource('a://b') async *run() { yield 'a'; }", "3:29 MTD160"],
  ["@tool({ outputSchema: { type: 'number' } }) async *run() { yield 1; return 1; }", "3:68 MTD159"],
];

const BEFORE = `import { prompt, resource, tool, type ContentBlock, type ToolResult } from "methodic"; import { parts, numbers, makeNote, type Note, type Progress, type Steps, type Run } from "./types.js";`;

const project = createStubProject({
  "types.ts": `
    export interface Note { id: number }
    export interface Progress { readonly progress: number; readonly total?: number; readonly message?: string }
    export interface Steps<T> extends AsyncGenerator<string | Progress, T, undefined> {}
    export type Run = AsyncGenerator<Progress, Note>;
    export async function* parts() { yield "a"; }
    export async function* numbers() { yield 1; }
    export async function makeNote(): Promise<Note> { return { id: 1 }; }`,
  "tsconfig.json": {
    compilerOptions: { target: "ES2022", lib: ["ES2023"], module: "NodeNext", strict: true, types: [] },
    include: ["**/*.ts"],
  },
  ...Object.fromEntries(
    VALID.map(([method], i) => [`valid-${i}.ts`, `${BEFORE}\nexport class S {\n  @tool() ${method}\n}\n`]),
  ),
  ...Object.fromEntries(
    INVALID.map(([member], i) => [`invalid-${i}.ts`, `${BEFORE}\nexport class S {\n  ${member}\n}\n`]),
  ),
  "decorator.ts": `${BEFORE}
export class S {
  @tool({ outputSchema: false }) async *off() { yield "a"; return { id: 1 }; }
  @tool({ outputSchema: { type: "object" } }) async *own() { yield "a"; return { id: 1 }; }
}`,
  "described.ts": `${BEFORE}
/** A page. */
interface Page {
  /** Number of the page. */
  no: number;
}
export class S {
  /** @returns The last page */
  @tool() async *run(): AsyncGenerator<string, Page> { yield "a"; return { no: 1 }; }
}`,
});
afterAll(() => project[Symbol.dispose]());
const { services, diagnostics } = compileServices(loadProject({ root: project.root }));

const membersOf = (file: string) =>
  services.find(({ sourceFile }) => sourceFile.fileName.endsWith(`/${file}`))?.members;

describe("generator methods", () => {
  it.each(VALID.map(([method, ...expected], i) => ({ method, expected, file: `valid-${i}.ts` })))(
    "are tools: $method",
    ({ file, expected: [result, generator, schema] }) => {
      expect(diagnostics.filter((diagnostic) => diagnostic.file === file)).toEqual([]);
      const { data } = membersOf(file)?.get("run") ?? {};
      expect([data?.result, data?.generator]).toEqual([result, generator]);
      expect(data?.outputSchema).toEqual(schema);
    },
  );

  it.each(INVALID.map(([member, problem], i) => ({ member, problem, file: `invalid-${i}.ts` })))(
    "are refused: $member",
    ({ file, problem }) => {
      const found = diagnostics.filter((diagnostic) => diagnostic.file === file);
      const [first] = found.map(({ line, column, code, message }) => `${line}:${column} ${code}: ${message}`);
      expect(found).toHaveLength(1);
      expect(first?.slice(0, problem.length)).toBe(problem);
    },
  );

  it("may have the schema of their decorator, or none", () => {
    const [off, own] = [...(membersOf("decorator.ts")?.values() ?? [])].map(({ data }) => data);
    expect([off?.result, off?.generator]).toEqual(["dynamic", "value"]);
    expect([own?.result, own?.generator]).toEqual(["structured", "value"]);
  });

  it("publish the comments of their result", () => {
    expect(membersOf("described.ts")?.get("run")?.data.outputSchema).toEqual({
      type: "object",
      description: "The last page",
      properties: { no: { type: "number", description: "Number of the page." } },
      required: ["no"],
    });
  });
});

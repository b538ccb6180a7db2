import { describe, expect, it } from "vitest";
import { type ModuleProblems, testModules } from "../fixtures/module-problems.ts";

const SERVICE = `class Notes {
@prompt() planWeek(topic: string, days?: number): string { return topic; }
@resource("notes://{folder}/{name}", "note") read(folder: string, name: string): string { return name; }
@prompt("note-prompt") other(name: string): string { return name; }
`;
const server = (methods: string, options = "", more = "") =>
  `${SERVICE}${methods} }\n${more}\nexport default createServer({ name: "s", version: "1", services: [Notes], ${options} });`;

/** Modules by the problems of their completions. */
const MODULES: Readonly<Record<string, ModuleProblems>> = {
  "names of prompts and templates": {
    source: server(
      `@completion("plan_week", "topic") a(): string[] { return []; }
@completion("planWeek", "days") b(): string[] { return []; }
@completion("NOTES://{folder}/{name}", "name") c(): string[] { return []; }
@completion("note", "folder") d(): string[] { return []; }
@completion("note-prompt", "name") e(): string[] { return []; }`,
      `naming: "snake_case"`,
    ),
    problems: [],
  },
  "unknown names and arguments": {
    source: server(
      `@completion("planWek", "topic") a(): string[] { return []; }
@completion("planWeek", "topics") b(): string[] { return []; }
@completion("notes://{folder}/{name}", "title") c(): string[] { return []; }
@completion("notes://{folder}", "folder") d(): string[] { return []; }`,
    ),
    problems: ["MTD291 Notes.a", "MTD291 Notes.b", "MTD291 Notes.c", "MTD291 Notes.d"],
  },
  "two completions of an argument": {
    source: server(
      `@completion("planWeek", "topic") a(): string[] { return []; }
@completion("planWeek", "topic") @completion("planWeek", "days") b(): string[] { return []; }`,
    ),
    problems: ["MTD292 Notes.b"],
  },
  "completions of another service's prompt, in a class without components": {
    source: `${SERVICE}}
class Values { @completion("planWeek", "topic") topics(): string[] { return []; } }
export default createServer({ name: "s", version: "1", services: [Notes, Values] });`,
    problems: [],
  },
  "an overridden completion": {
    source: `class Base { @completion("planWeek", "topc") topics(): string[] { return []; } }
class Values extends Base { @completion("planWeek", "topic") override topics(): string[] { return []; } }
${SERVICE}}
export default createServer({ name: "s", version: "1", services: [Notes, Values] });`,
    problems: [],
  },
  "names that only the running program knows": {
    source: server(
      `@completion("plan", "topic") a(): string[] { return []; }
@completion(String(1), "topic") b(): string[] { return []; }`,
      `naming: (name: string) => name.slice(0, 4)`,
    ),
    problems: [],
  },
  "a prompt with a problem": {
    source: `class Notes { @prompt() plan(topic: symbol): string { return ""; }
@completion("plan", "topic") a(): string[] { return []; } }
export default createServer({ name: "s", version: "1", services: [Notes] });`,
    problems: ["MTD102 Notes.plan"],
  },
  "a class that no server lists": {
    source: `export class Values { @completion("elsewhere", "topic") topics(): string[] { return []; } }`,
    problems: [],
  },
  "methods of every form": {
    source: `export class Values {
@completion("a", "a") a(typed: string): string[] { return [typed]; }
@completion("a", "b") async b(typed: string, ctx: Context): Promise<readonly string[]> { return [typed]; }
@completion("a", "c") c(ctx: Context, typed: string, chosen: { folder?: string; "the year"?: string }): { values: string[] } { return { values: [] }; }
@completion("a", "d") d(typed: string, chosen: Record<string, string | undefined>, ctx?: Context): string[] | { values: string[]; total: number } { return []; }
@completion("a", "e") e(typed: unknown, chosen = {}): any { return []; }
@completion("a", "f") f(this: Values): number[] { return [1]; } }`,
    problems: [],
  },
  "methods that do not fit": {
    source: `export class Values {
@completion("a", "a") a(typed: number): string[] { return []; }
@completion("a", "b") b(typed: string, chosen: string): string[] { return []; }
@completion("a", "c") c(typed: string, chosen: { folder: string }): string[] { return []; }
@completion("a", "d") d(typed: string, chosen: { year?: number }): string[] { return []; }
@completion("a", "e") e(typed: string, chosen: {}, more: string): string[] { return []; }
@completion("a", "f") f(typed: string, ...rest: string[]): string[] { return []; }
@completion("a", "g") g(): string { return ""; }
@completion("a", "h") h(): object[] { return []; }
@completion("a", "i") async *i(): AsyncGenerator<string> {}
@completion("a", "j") j(): { items: string[] } { return { items: [] }; } }`,
    problems: "abcdefghij".split("").map((name) => `MTD290 Values.${name}`),
  },
  "places where no method can be": {
    source: `export class Values {
@completion("a", "a") static a(): string[] { return []; }
@completion("a", "b") private b(): string[] { return []; }
@completion("a", "c") get c(): string[] { return []; }
@completion("a", "d") @tool() d(): string { return ""; } }`,
    problems: ["MTD137 Values.a", "MTD130 Values.b", "MTD135 Values.c", "MTD138 Values.d"],
  },
};

describe("compileProject", () => {
  const listDiagnostics = testModules(MODULES, {
    imports: "completion, type Context, createServer, prompt, resource, tool",
  });

  it("suggests the nearest name, and lists all", () => {
    expect(
      listDiagnostics()
        .filter(({ file }) => file === "m1.ts")
        .slice(0, 2),
    ).toMatchObject([
      {
        line: 6,
        message: `Notes.a: unknown prompt or resource template: 'planWek'. Did you mean "planWeek"?`,
        hint: "The server has planWeek, notes://{folder}/{name}, note, note-prompt.",
      },
      {
        message: `Notes.b: the prompt 'planWeek' has no argument 'topics'. Did you mean "topic"?`,
        hint: "It has topic, days.",
      },
    ]);
  });
});

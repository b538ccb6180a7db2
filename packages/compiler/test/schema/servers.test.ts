import { describe, expect, it } from "vitest";
import { type ModuleProblems, testModules } from "../fixtures/module-problems.ts";

/** Modules by the problems that `createServer` would find in them when they start. */
const MODULES: Readonly<Record<string, ModuleProblems>> = {
  "names from decorators": {
    source: `export class S { @tool("add note") a(): void {} @prompt({ name: "größe" }) b(): string { return ""; } @resource("x://a", "") c(): string { return ""; } }`,
    problems: ["MTD190 S.a", "MTD190 S.b", "MTD190 S.c"],
  },
  "names from methods": {
    source: `class S { @tool() größe(): void {} @tool() $(): void {} @tool() ok(): void {} }
export default createServer({ name: "s", version: "1", naming: "snake_case", services: [S] });`,
    problems: ["MTD190 S.größe", "MTD190 S.$"],
  },
  "a name that a naming function may make valid": {
    source: `class S { @tool() größe(): void {} }
export default createServer({ name: "s", version: "1", naming: (name: string) => name.replace("ö", "oe"), services: [S] });`,
    problems: [],
  },
  "a name that is too long": {
    source: `export class S { @tool("${"a".repeat(129)}") a(): void {} @tool("${"b".repeat(128)}") b(): void {} }`,
    problems: ["MTD190 S.a", "MTD201 S.b"],
  },
  "duplicate names in a class": {
    source: `export class S { @tool("x") a(): void {} @tool({ name: "x" }) b(): void {} @prompt("x") c(): string { return ""; } @tool("d") e(): void {} @tool() d(): void {} }`,
    problems: ["MTD191 S.b", "MTD191 S.d"],
  },
  "duplicate names after naming": {
    source: `class S { @tool() addNote(): void {} @tool() add_note(): void {} }
export default createServer({ name: "s", version: "1", naming: "snake_case", services: [S] });`,
    problems: ["MTD191 S.add_note"],
  },
  "names that only another naming would make equal": {
    source: `class S { @tool() addNote(): void {} @tool() add_note(): void {} }
export default createServer({ name: "s", version: "1", services: [S] });`,
    problems: [],
  },
  "duplicate names of a class that no server lists": {
    source: `export class S { @tool() addNote(): void {} @tool() add_note(): void {} @tool("drop") a(): void {} @tool() drop(): void {} }`,
    problems: ["MTD191 S.drop"],
  },
  "inherited names": {
    source: `class Base { @tool() add(): void {} @tool() drop(): void {} @tool() kept(): void {} }
class S extends Base { @tool("add") plus(): void {} override drop(): void {} @tool("drop") remove(): void {} @tool() override kept(): void {} }
export default createServer({ name: "s", version: "1", services: [S] });`,
    problems: ["MTD157 S.drop", "MTD191 S.plus"],
  },
  "inherited names of generic classes": {
    source: `abstract class Base<T> { @tool() add(item: T): void {} }
class S extends Base<string> { @tool("add") plus(): void {} }
export default createServer({ name: "s", version: "1", services: [new S()] });`,
    problems: ["MTD191 S.plus"],
  },
  "duplicate names of two services": {
    source: `class A { @tool() add(): void {} }
class B { @tool() add(): void {} }
const shared = [new A()];
const options = { name: "s", version: "1", services: [...shared, B] } as const;
export default createServer(options);`,
    problems: ["MTD191 B.add"],
  },
  "duplicate URIs": {
    source: `export class S {
@resource("x://a") a(): string { return ""; }
@resource("x://a") b(): string { return ""; }
@resource("x://{id}/y") c(id: string): string { return id; }
@resource("x://{name}/y") d(name: string): string { return name; }
@resource("x://{name*}/y") e(name: string[]): string { return name.join(); }
@resource("X://a") f(): string { return ""; } }`,
    problems: ["MTD192 S.b", "MTD192 S.d", "MTD192 S.f"],
  },
  "services that cannot be constructed or publish nothing": {
    source: `class Empty { add(): void {} }
class Needs { constructor(readonly a: string, readonly b = 1) {} @tool() one(): void {} }
class Defaults { constructor(readonly b = 1, readonly a?: string) {} @tool() two(): void {} }
class Derived extends Needs {}
export default createServer({ name: "s", version: "1", services: [Empty, Needs, Defaults, new Needs("a")] });
createServer({ name: "t", version: "1", services: [Derived] });`,
    problems: ["MTD193", "MTD167", "MTD167", "MTD191"],
  },
  "services that a container makes": {
    source: `class Needs { constructor(readonly a: string) {} @tool() one(): void {} }
const resolve = (): object => new Needs("a");
export default createServer({ name: "s", version: "1", services: [Needs], resolve });`,
    problems: [],
  },
  "services with decorators from elsewhere": {
    source: `declare function log(): (method: unknown, context: unknown) => void;
namespace own { export function tool() { return (method: unknown, context: unknown): void => {}; } }
const renamed = () => tool();
class Foreign { @own.tool() add(): void {} }
class Derived extends Foreign { @log() override add(): void {} }
class Wrapped { @renamed() @log() wrapped(): void {} }
class Faulty { @tool() bad(value: symbol): void {} }
class Mixed { @own.tool() other(): void {} @tool() mixed(): void {} }
export default createServer({ name: "s", version: "1", services: [Foreign, Derived, Wrapped, Faulty, Mixed] });`,
    problems: ["MTD102 Faulty.bad", "MTD193", "MTD193"],
  },
  "services that hide the only tool of their base": {
    source: `class Base { @tool() add(): void {} }
class Silent extends Base { override add(): void {} }
class Faulty { @tool() bad(value: symbol): void {} }
class Quiet extends Faulty { other(): void {} }
export default createServer({ name: "s", version: "1", services: [Silent, Quiet] });`,
    problems: ["MTD102 Faulty.bad", "MTD157 Silent.add", "MTD193"],
  },
  "services with bases that hide their methods, or have none": {
    source: `declare function mix(): new () => { readonly a: string };
class Hidden extends mix() {}
class Shown extends Error { @tool() shown(): void {} }
class Plain extends Map<string, string> {}
export default createServer({ name: "s", version: "1", services: [Hidden, Shown, Plain] });`,
    problems: ["MTD193"],
  },
  "unsafe variables": {
    source: `export class S {
@resource("x://{path}", { allowUnsafeVariables: ["path"] }) a(path: string): string { return path; }
@resource("y://{path}", { allowUnsafeVariables: ["paht"] }) b(path: string): string { return path; }
@resource("y://all", { allowUnsafeVariables: ["path"], auth: () => true }) c(): string { return ""; } }`,
    problems: ["MTD195 S.b", "MTD195 S.c"],
  },
  "list methods of base classes": {
    source: `class Base { names(): string[] { return []; } readonly text = ""; }
export class S extends Base {
@resource("x://{name}", { list: "names" }) a(name: string): string { return name; }
@resource("y://{name}", { list: "nams" }) b(name: string): string { return name; }
@resource("z://{name}", { list: "text" }) c(name: string): string { return name; } }`,
    problems: ["MTD154 S.b", "MTD154 S.c"],
  },
  "schemas in decorators": {
    source: `const header = { type: "object", properties: { a: { type: "number", "x-mcp-header": "A" } } } as const;
export class S {
@tool({ inputSchema: { type: "array" } }) a(input: unknown): void {}
@tool({ inputSchema: header }) b(input: unknown): void {}
@tool({ outputSchema: { type: "objekt" }, title: String(1) }) c(): object { return {}; }
@tool({ inputSchema: { type: "strin" } }) d(input: unknown): void {} }`,
    problems: ["MTD196 S.a", "MTD196 S.b", "MTD196 S.c", "MTD196 S.d"],
  },
};

describe("compileProject", () => {
  // The tools of these modules have no descriptions.
  const listDiagnostics = testModules(MODULES, {
    imports: "createServer, prompt, resource, tool",
    ignored: ["MTD202"],
  });

  it("names a class that services list twice", () => {
    expect(listDiagnostics().find(({ message }) => message.startsWith("services lists"))).toMatchObject({
      code: "MTD191",
      message: "services lists the class Needs twice, so each of its names and URIs is a duplicate.",
      hint: "Remove one of the entries.",
    });
  });

  it("locates a duplicate and names the other method", () => {
    expect(listDiagnostics().find(({ file }) => file === "m4.ts")).toMatchObject({
      code: "MTD191",
      line: 2,
      message: "S.b: duplicate tool name 'x': S.a has it as well.",
      hint: 'Give one of them another name in its decorator: { name: "…" }.',
    });
  });
});

import { describe, expect, it } from "vitest";
import { compileProject } from "../../src/index.ts";
import { compileFiles, compileMember, inputSchemaOf } from "./compile-files.ts";
import { createStubProject } from "../fixtures/stub-project.ts";

describe("parameters", () => {
  it("become a closed empty object if the method has none", () => {
    const { data } = compileMember("@tool() run(): void {}");
    expect(data.inputSchema).toEqual({ type: "object", additionalProperties: false });
    expect(data.parameters).toEqual({ names: [] });
  });

  it("are optional by ?, by a default, and by undefined", () => {
    const { data } = compileMember(
      "@tool() run(a: string, b?: string, c: string = 'x', d: string | undefined): void {}",
    );
    expect(inputSchemaOf(data).required).toEqual(["a"]);
    expect(data.parameters.names).toEqual(["a", "b", "c", "d"]);
  });

  it.each([
    ["'a'", "a"],
    ["5", 5],
    ["-1.5", -1.5],
    ["true", true],
    ["['a', 'b']", ["a", "b"]],
    ["{ a: 1, b: [null] }", { a: 1, b: [null] }],
    ["LIMIT", 20],
    ["LIMITS.high", 99],
    ["Color.Blue", "blue"],
    ["`${LIMIT}px`", "20px"],
    ["LIMIT * 2", 40],
    ["'a' as const", "a"],
  ])("publish the default %s", (text, value) => {
    const before =
      "const LIMIT = 20;\nconst LIMITS = { high: 99 } as const;\nenum Color { Red = 'red', Blue = 'blue' }";
    const { data } = compileMember(`@tool() run(x = ${text}): void {}`, before);
    expect(inputSchemaOf(data).properties?.["x"]).toMatchObject({ default: value });
    expect(inputSchemaOf(data).required).toBeUndefined();
  });

  it("with a computed default are only optional", () => {
    const { data } = compileMember("@tool() run(x = Math.random(), y = new Date().getTime()): void {}");
    expect(data.inputSchema).toEqual({
      type: "object",
      properties: { x: { type: "number" }, y: { type: "number" } },
      additionalProperties: false,
    });
  });

  it.each([
    ["x = 5", { type: "number", default: 5 }],
    ["x = ['a']", { type: "array", items: { type: "string" }, default: ["a"] }],
    ["x = [] as string[]", { type: "array", items: { type: "string" }, default: [] }],
    [
      "x = { a: 1 }",
      {
        type: "object",
        properties: { a: { type: "number" } },
        required: ["a"],
        additionalProperties: false,
        default: { a: 1 },
      },
    ],
    ["x: 'z' | 'a' = 'a'", { type: "string", enum: ["z", "a"], default: "a" }],
  ])("read the type of %s", (text, schema) => {
    expect(inputSchemaOf(compileMember(`@tool() run(${text}): void {}`).data).properties?.["x"]).toEqual(schema);
  });

  it.each([
    ["x = 1e999", { type: "number" }],
    ["x = [1e308 * 10]", { type: "array", items: { type: "number" } }],
    ["x: number = 'a' as never", { type: "number" }],
    ["/** @minimum 5 */ x = 1", { type: "number", minimum: 5 }],
    ["/** @format email */ x = 'no address'", { type: "string", format: "email" }],
    ["/** @format email */ x = 'a@b.org'", { type: "string", format: "email", default: "a@b.org" }],
  ])("do not publish a default that violates its schema: %s", (text, schema) => {
    expect(inputSchemaOf(compileMember(`@tool() run(${text}): void {}`).data).properties?.["x"]).toEqual(schema);
  });

  it("do not publish nested or recursive defaults that violate their schema", () => {
    const { data } = compileMember(
      "@tool() run(x: Tree): void {}",
      'interface Tree {\n  /** @default null */\n  left?: Tree;\n  /** @default { "left": {} } */\n  right?: Tree;\n}',
    );
    expect(inputSchemaOf(data)["$defs"]).toEqual({
      Tree: {
        type: "object",
        properties: { left: { $ref: "#/$defs/Tree" }, right: { $ref: "#/$defs/Tree", default: { left: {} } } },
        additionalProperties: false,
      },
    });
  });

  it("have the names that escapes in the source stand for", () => {
    const { data } = compileMember("@tool() run(\\u0061b: string): void {}");
    expect([data.parameters.names, Object.keys(inputSchemaOf(data).properties ?? {})]).toEqual([["ab"], ["ab"]]);
  });

  it("publish the defaults of quoted, computed and numeric names in a pattern", () => {
    const { data } = compileMember(
      "@tool() run({ 'a-b': a = 1, ['c']: c = 'x', 2: d = true }: { 'a-b': number; c: string; 2: boolean }): void {}",
    );
    expect(data.inputSchema).toEqual({
      type: "object",
      properties: {
        "a-b": { type: "number", default: 1 },
        c: { type: "string", default: "x" },
        2: { type: "boolean", default: true },
      },
      additionalProperties: false,
    });
  });

  it.each([
    ["ctx: Context, a: string", 0, ["a"]],
    ["a: string, ctx: Context, b: string", 1, ["a", "b"]],
    ["a: string, ctx?: Context", 1, ["a"]],
    ["a: string, ctx: Context | undefined", 1, ["a"]],
    ["this: S, a: string, ctx: Context", 1, ["a"]],
    ["a: string, c: Ctx", 1, ["a"]],
    ["a: string, c: import('methodic').Context", 1, ["a"]],
  ])("omit the Context of (%s)", (parameters, contextIndex, names) => {
    const { data } = compileMember(`@tool() run(${parameters}): void {}`, "type Ctx = Context;");
    expect(data.parameters).toEqual({ names, contextIndex });
    expect(Object.keys(inputSchemaOf(data).properties ?? {})).toEqual(names);
  });

  it("include a parameter of another type named Context", () => {
    const { members } = compileFiles({
      "s.ts":
        'import { tool } from "methodic";\ninterface Context { a: string }\nexport class S { @tool() run(c: Context): void {} }',
    });
    expect(members.get("S.run")?.data.parameters).toEqual({ names: ["c"] });
  });

  it("become the whole input with its defaults if the only one is destructured", () => {
    const before = "interface Options { a: string; b?: number; c: boolean }";
    const { data } = compileMember(
      "@tool() run({ a, b: renamed = 2, c = true }: Options, ctx: Context): void {}",
      before,
    );
    expect(data.parameters).toEqual({ names: ["input"], wholeInput: true, contextIndex: 1 });
    expect(data.inputSchema).toEqual({
      type: "object",
      properties: { a: { type: "string" }, b: { type: "number", default: 2 }, c: { type: "boolean", default: true } },
      required: ["a"],
      additionalProperties: false,
    });
  });

  it("have the types of their defaults if a destructured one has no type", () => {
    const { data } = compileMember("@tool() run({ a = 1, b = 'x' } = {}): void {}");
    expect(data.inputSchema).toEqual({
      type: "object",
      properties: { a: { type: "number", default: 1 }, b: { type: "string", default: "x" } },
      additionalProperties: false,
    });
  });

  it("publish the defaults of nested patterns, with any name of the rest element", () => {
    const { data } = compileMember(
      "@tool() run({ name: who = 'bob', at: { x, y = 2, deep: { z } = { z: 3 } }, ...name2 }: O): void {}",
      "interface O { name: string; at: { x: number; y: number; deep: { z: number } }; name2: boolean }",
    );
    expect(data.inputSchema).toEqual({
      type: "object",
      properties: {
        name: { type: "string", default: "bob" },
        at: {
          type: "object",
          properties: {
            x: { type: "number" },
            y: { type: "number", default: 2 },
            deep: {
              type: "object",
              properties: { z: { type: "number" } },
              required: ["z"],
              additionalProperties: false,
              default: { z: 3 },
            },
          },
          required: ["x"],
          additionalProperties: false,
        },
        name2: { type: "boolean" },
      },
      required: ["at", "name2"],
      additionalProperties: false,
    });
  });
});

describe("a recursive type", () => {
  it.each([
    ["interface Node { name: string; parent?: Node }", "Node"],
    ["interface Node { name: string; parent?: Node }\ntype Alias = Node;", "Alias"],
    ["type Node = { name: string } & { parent?: Node };", "Node"],
    ["type Node = { name: string } & { parent?: Node };\ntype Alias = Node;", "Alias"],
  ])("is written out once as an input and as a result: %s", (before, type) => {
    const { data } = compileMember(`@tool() run({ name, parent }: ${type}): ${type} { throw 1; }`, before);
    const root = { type: "object", properties: { parent: { $ref: "#/$defs/Node" } }, required: ["name"] };
    expect(data.inputSchema).toMatchObject(root);
    expect(data.outputSchema).toMatchObject(root);
  });
});

describe("decorators", () => {
  it("are recognized through aliases, namespaces, re-exports and constants, in every form", () => {
    const { members, diagnostics } = compileFiles({
      "own.ts": 'export { tool as mcpTool } from "methodic";',
      "s.ts": `
import { tool as t, tool, resource, prompt } from "methodic";
import * as m from "methodic";
import { mcpTool } from "./own.js";
const search = tool({ title: "Search" });
const NAME = "named";
export class S {
  @t() a(): void {}
  @m.tool() b(): void {}
  @mcpTool() c(): void {}
  @tool d(): void {}
  @tool("other") e(): void {}
  @tool({ name: NAME, title: \`T \${NAME}\`, description: "D" + "E", annotations: { readOnlyHint: true }, meta: { at: Date.now() } }) f(): void {}
  @search g(): void {}
  @resource("a://" + "b", { mimeType: "text/html" }) h(): string { return ""; }
  @prompt("p") i(): string { return ""; }
  @other() j(): void {}
}
function other() { return (...args: unknown[]): void => {}; }
`,
    });
    expect(diagnostics).toEqual([]);
    expect(Object.fromEntries([...members].map(([name, { data, options }]) => [name, [data.kind, options]]))).toEqual({
      "S.a": ["tool", {}],
      "S.b": ["tool", {}],
      "S.c": ["tool", {}],
      "S.d": ["tool", {}],
      "S.e": ["tool", { name: "other" }],
      "S.f": [
        "tool",
        {
          name: "named",
          title: "T named",
          description: "DE",
          annotations: { readOnlyHint: true },
          computed: ["meta"],
        },
      ],
      "S.g": ["tool", { title: "Search" }],
      "S.h": ["resource", { uri: "a://b", mimeType: "text/html" }],
      "S.i": ["prompt", { name: "p" }],
    });
  });

  it("are ignored if another package declares them", () => {
    const { members } = compileFiles({
      "s.ts":
        "function tool() { return (...args: unknown[]): void => {}; }\nexport class S { @tool() run(x: Map<string, string>): void {} }",
    });
    expect(members.size).toBe(0);
  });

  it("work in classes of every kind", () => {
    const { classes } = compileFiles({
      "a.ts":
        'import { tool } from "methodic";\nclass Hidden { @tool() run(): void {} }\nexport default class { @tool() run(): void {} }\nnew Hidden();',
      "b.ts":
        'import { tool } from "methodic";\nexport const Named = class { @tool() run(): void {} };\nexport function make() { class Local { @tool() run(): void {} } return Local; }\nexport const list = [class { @tool() run(): void {} }];\nexport abstract class Base { @tool() run(): void {} }',
    });
    expect(classes).toEqual(["Hidden", "default", "Named", "Local", "(anonymous)", "Base"]);
  });

  it("work on methods with quoted and constant names", () => {
    const { members } = compileFiles({
      "s.ts":
        'import { tool } from "methodic";\nconst NAME = "computed";\nexport class S { @tool() "with-dash"(): void {} @tool() [NAME](): void {} }',
    });
    expect([...members.keys()]).toEqual(["S.with-dash", "S.computed"]);
  });
});

describe("generic base classes", () => {
  const BASE =
    'import { tool } from "methodic";\nexport class Base<T> {\n  @tool() put(item: T): T { return item; }\n  @tool() count(): number { return 0; }\n}\n';
  const USERS =
    'import { Base } from "./base.js";\nexport interface User { id: number }\nexport class Users extends Base<User> {}\n';

  it("leave methods that use their type parameters to the classes that fill these in", () => {
    const { members, diagnostics } = compileFiles({ "base.ts": BASE, "users.ts": USERS });
    expect(diagnostics).toEqual([]);
    expect([...members.keys()]).toEqual(["Base.count", "Users.put"]);
    const user = { type: "object", properties: { id: { type: "number" } }, required: ["id"] };
    expect(members.get("Users.put")?.data).toMatchObject({
      inputSchema: { properties: { item: { ...user, additionalProperties: false } }, required: ["item"] },
      outputSchema: user,
    });
  });

  it("have the same result whichever of their files is compiled", () => {
    using project = createStubProject({ "base.ts": BASE, "users.ts": USERS });
    const { root } = project;
    const whole = compileProject({ root });
    for (const file of ["base.ts", "users.ts"]) {
      const { services, diagnostics } = compileProject({ root, files: [file] });
      expect(diagnostics).toEqual([]);
      expect(services).toEqual(
        Object.fromEntries(Object.entries(whole.services).filter(([key]) => key.startsWith(file))),
      );
    }
  });

  it("are rejected if no class fills the type parameter in", () => {
    const { diagnostics } = compileFiles({ "base.ts": BASE });
    expect(diagnostics.map(({ code, line, column }) => `${code} ${line}:${column}`)).toEqual([
      "MTD133 3:21",
      "MTD133 3:25",
    ]);
  });

  it("do not apply past a class that overrides their methods, decorated or not", () => {
    const { members, diagnostics } = compileFiles({
      "base.ts": `${BASE}export class Near extends Base<number> {\n  @tool("near") override put(n: number, times = 2): number { return n * times; }\n}\nexport class Far extends Near {}\nexport class Plain extends Base<number> { override put(item: number): number { return item; } }\nexport class BelowPlain extends Plain {}\n`,
    });
    expect(diagnostics.map(({ code }) => code)).toEqual(["MTD157"]);
    expect([...members.keys()]).toEqual(["Base.count", "Near.put"]);
  });

  it("apply to the classes that extend the result of a mixin", () => {
    const { members, diagnostics } = compileFiles({
      "mixins.ts": `import { tool } from "methodic";
export type Constructor = new (...args: any[]) => object;
export class Base { @tool() ping(text: string): void {} }
export function Logged<B extends Constructor>(Parent: B) {
  return class Logging extends Parent { @tool() log(message: string): void {} };
}
export function storing<T>() {
  class Storing { @tool() put(item: T): void {} }
  return Storing;
}`,
      "users.ts": `import { tool } from "methodic";
import { Base, Logged, storing } from "./mixins.js";
export class Both extends Logged(Base) { @tool() own(x: number): void {} }
export class Texts extends storing<string>() {}
export class LoggedTexts extends Logged(storing<string[]>()) { @tool() override log(message: string, level = 1): void {} }`,
    });
    expect(diagnostics).toEqual([]);
    expect([...members.keys()].sort()).toEqual([
      "Base.ping",
      "Both.own",
      "LoggedTexts.log",
      "LoggedTexts.put",
      "Logging.log",
      "Texts.put",
    ]);
    expect(inputSchemaOf(members.get("Texts.put")?.data).properties).toEqual({ item: { type: "string" } });
    expect(inputSchemaOf(members.get("LoggedTexts.put")?.data).properties).toEqual({
      item: { type: "array", items: { type: "string" } },
    });
  });

  it("apply through several levels, up to an overriding method", () => {
    const { members, diagnostics } = compileFiles({
      "base.ts": `${BASE}abstract class Middle<U> extends Base<U[]> {}\nexport class Leaf extends Middle<string> {}\nexport class Own extends Base<number> { @tool() override put(item: number): number { return item; } }\n`,
    });
    expect(diagnostics).toEqual([]);
    expect(inputSchemaOf(members.get("Leaf.put")?.data).properties).toEqual({
      item: { type: "array", items: { type: "string" } },
    });
    expect(inputSchemaOf(members.get("Own.put")?.data).properties).toEqual({ item: { type: "number" } });
  });
});

describe("schemas in the decorator", () => {
  const before =
    'const SCHEMA = { type: "object", properties: { a: { type: "string" } } } as const;\n' +
    "declare function make(): { inputSchema: object };\ndeclare function maybe(): { inputSchema?: object };\n" +
    "declare const library: { readonly vendor: string };\nconst inputSchema = SCHEMA;\n" +
    "const OPTIONS = { title: 'T', inputSchema: library };\n" +
    "const NAMED = { known: { inputSchema: SCHEMA } };\nconst OTHERS = { library: { inputSchema: library } };\n";

  it.each([
    ["{ inputSchema: SCHEMA }", { type: "object", properties: { a: { type: "string" } } }],
    ["{ inputSchema }", { type: "object", properties: { a: { type: "string" } } }],
    ["{ inputSchema, meta: make() }", { type: "object", properties: { a: { type: "string" } } }],
    ["NAMED.known", { type: "object", properties: { a: { type: "string" } } }],
    ["OTHERS.library", null],
    ["{ inputSchema: library }", null],
    ["{ ['inputSchema']: library }", null],
    ["OPTIONS", null],
    ["{ meta: make(), ...OPTIONS }", null],
    ["{ ...make() }", null],
    ["make()", null],
  ])("replace the parameter's type: @tool(%s)", (options, published) => {
    const member = `@tool(${options} as never) run(ctx: Context, input: Map<string, () => void>): void {}`;
    using project = createStubProject({
      "s.ts": `import { tool, type Context } from "methodic";\n${before}\nexport class S {\n${member}\n}\n`,
    });
    const { services, diagnostics } = compileProject({ root: project.root });
    expect(diagnostics).toEqual([]);
    const [service] = Object.values(services);
    expect(service?.tools["run"]).toEqual({
      ...(options.includes("OPTIONS") && { title: "T" }),
      schemasFromDecorator: ["input"],
      inputSchema: published,
    });
    const { data } = compileMember(member, before);
    expect(data).toEqual({
      kind: "tool",
      decoratorSchemas: ["input"],
      parameters: { names: ["input"], contextIndex: 0, wholeInput: true },
      result: "empty",
    });
  });

  it.each(["{ ...maybe() }", "maybe()", "{ inputSchema: undefined }", "'name'", ""])(
    "are ignored if only the running program knows whether they exist: @tool(%s)",
    (options) => {
      const { data } = compileMember(`@tool(${options}) run(a: string): void {}`, before);
      expect(data.decoratorSchemas).toBeUndefined();
      expect(inputSchemaOf(data)?.required).toEqual(["a"]);
    },
  );

  it("work together with shorthand options", () => {
    const text = `const title = "T";\n${before}\nexport class S { @tool({ title, inputSchema: library } as never) run(a: object): void {} }\n`;
    using project = createStubProject({ "s.ts": `import { tool } from "methodic";\n${text}` });
    const [service] = Object.values(compileProject({ root: project.root }).services);
    expect(service?.tools["run"]).toMatchObject({ title: "T", inputSchema: null });
  });

  it("replace the result's type", () => {
    const run = "@tool({ outputSchema: library } as never) run(a: string)";
    expect(compileMember(`${run}: Map<string, () => void> { return null as never; }`, before).data).toMatchObject({
      decoratorSchemas: ["output"],
      inputSchema: { required: ["a"] },
      result: "structured",
    });
    const imports = 'import type { ToolResult } from "methodic";\n';
    const { data } = compileMember(`${run}: ToolResult<{ n: number }> { return null as never; }`, imports + before);
    expect(data.result).toBe("content");
    expect(data.outputSchema).toBeUndefined();
  });

  it("are accepted by a method without parameters", () => {
    const { data } = compileMember("@tool({ inputSchema: SCHEMA }) run(ctx: Context): void {}", before);
    expect(data.parameters).toEqual({ names: [], contextIndex: 0 });
  });

  it("describe a single parameter", () => {
    const source = `import { tool } from "methodic";\n${before}export class S {\n@tool({ inputSchema: SCHEMA }) run(a: string, ...b: string[]): void {}\n}\n`;
    expect(compileFiles({ "s.ts": source }).diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([
      "MTD125 S.run: 'b' is a second parameter, but the decorator's inputSchema describes the whole input.",
    ]);
  });
});

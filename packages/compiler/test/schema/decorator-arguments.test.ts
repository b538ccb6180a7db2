import { DECORATOR_OPTIONS } from "methodic/manifest";
import { describe, expect, it } from "vitest";
import { compileFiles } from "./compile-files.ts";

const READ_VALUES: Partial<Record<string, string>> = {
  inputSchema: '{ type: "object" }',
  outputSchema: '{ type: "object" }',
  descriptions: '"all"',
};
const TOOL_OPTIONS = DECORATOR_OPTIONS.tool.map((name) => `${name}: ${READ_VALUES[name] ?? "{}"}`).join(", ");

describe("unknown decorator options", () => {
  const HEAD = 'import * as m from "methodic";\nimport { shared, type Wide } from "./shared.ts";\n';
  const SHARED =
    'export const shared = { title: "T", atuh: 1 };\nexport interface Wide { title: string; [key: string]: unknown }';
  const problemsOf = (member: string, before = ""): readonly string[] => {
    const source = `${HEAD}${before}\nexport class S {\n${member}\n}\nexport type { Wide };\nexport { shared };`;
    const { diagnostics, members } = compileFiles({ "s.ts": source, "shared.ts": SHARED });
    expect(members.size).toBe(diagnostics.length === 0 ? 1 : 0);
    return diagnostics.map(({ line, column, code, message }) => `${line}:${column} ${code} ${message}`);
  };

  it.each([
    ["an object literal", "@m.tool({ atuh: 1 })", "", "5:11"],
    ["a literal that is cast", '@m.tool({ "atuh": 1 } as never)', "", "5:11"],
    ["a literal with satisfies", "@m.tool({ atuh: 1 } satisfies object as object)", "", "5:11"],
    ["a shorthand property", "@m.tool({ atuh })", "const atuh = 1;", "5:11"],
    ["a computed name", "@m.tool({ [KEY]: 1 })", 'const KEY = "atuh";', "5:11"],
    ["a constant", "@m.tool(admin)", 'const admin = { title: "T", atuh: 1 };', "3:29"],
    ["a frozen constant", "@m.tool(admin)", "const admin = Object.freeze({ atuh: 1 });", "3:31"],
    ["a constant of another file", "@m.tool(shared)", "", "5:9"],
    ["a spread constant", '@m.tool({ title: "T", ...admin })', "const admin = { atuh: 1 };", "3:17"],
    ["a conditional spread", "@m.tool({ ...(admin && { atuh: 1 }) })", "const admin = true;", "5:26"],
    ["either branch of a condition", "@m.tool(admin ? {} : { atuh: 1 })", "const admin = true;", "5:24"],
    ["the result of a function", "@m.tool(make())", "function make() { return { atuh: 1 }; }", "3:28"],
    ["a member of a constant", "@m.tool(presets.admin)", "const presets = { admin: { atuh: 1 } };", "3:28"],
    ["a value of a wider type", "@m.tool(make())", "declare function make(): { atuh: number };", "5:9"],
    ["a field of a class", "@m.tool(new Admin())", "class Admin { atuh = 1; }", "5:9"],
    ["an accessor of a class", "@m.tool(new Admin())", "class Admin { get atuh(): number { return 1; } }", "5:9"],
    ["a decorator kept in a constant", "@admin", "const admin = m.tool({ atuh: 1 });", "3:24"],
    ["a decorator under another name", "@expose({ atuh: 1 })", "const expose = m.tool;", "5:11"],
  ])("are rejected in %s", (...[, decorator, before, at]) => {
    expect(problemsOf(`${decorator} run(): void {}`, before)).toEqual([
      `${at} MTD156 S.run: unknown option of @tool: 'atuh'.`,
    ]);
  });

  it.each([
    ["an object literal", "@m.tool({ annotations: { raedOnlyHint: true } })", "", "5:26"],
    ["a constant", "@m.tool({ annotations })", "const annotations = { raedOnlyHint: true };", "3:23"],
    ["a spread constant", "@m.tool({ ...shown })", "const shown = { annotations: { raedOnlyHint: true } };", "3:32"],
    [
      "constant options",
      "@m.tool(shown)",
      "const A = { raedOnlyHint: true }; const shown = { annotations: A };",
      "3:13",
    ],
  ])("are rejected below the first level in %s", (...[, decorator, before, at]) => {
    expect(problemsOf(`${decorator} run(): void {}`, before)).toEqual([
      `${at} MTD156 S.run: unknown option of @tool: 'annotations.raedOnlyHint'.`,
    ]);
  });

  it("are rejected in a list, for every decorator", () => {
    const ICONS = 'const icons = [{ src: "https://a.b/c.png", mimetype: "image/png" }];';
    const at = "3:44 MTD156 S.run: unknown option of";
    expect(problemsOf("@m.tool({ icons }) run(): void {}", ICONS)).toEqual([`${at} @tool: 'icons.mimetype'.`]);
    expect(problemsOf('@m.prompt({ icons }) run(): string { return ""; }', ICONS)).toEqual([
      `${at} @prompt: 'icons.mimetype'.`,
    ]);
    expect(problemsOf('@m.resource("a://b", { annotations: { prio: 1 } }) run(): string { return ""; }')).toEqual([
      "5:39 MTD156 S.run: unknown option of @resource: 'annotations.prio'.",
    ]);
    const { diagnostics } = compileFiles({
      "s.ts":
        'import { tool } from "methodic";\nexport class S { @tool({ annotations: { readOnlyHnt: true } as {} }) run(): void {} }',
    });
    expect(diagnostics[0]?.hint).toBe(
      'Did you mean "readOnlyHint"? The options are title, readOnlyHint, destructiveHint, idempotentHint, openWorldHint.',
    );
  });

  it("name the closest option and list all", () => {
    const { diagnostics } = compileFiles({
      "s.ts":
        'import { prompt } from "methodic";\nexport class S { @prompt({ atuh: 1 }) run(): string { return ""; } }',
    });
    expect(diagnostics[0]?.hint).toBe(
      'Did you mean "auth"? The options are name, title, description, icons, meta, timeout, cacheHint, version, tags, enabled, auth.',
    );
  });

  it("are rejected for every decorator", () => {
    expect(problemsOf('@m.resource("a://b", { inputSchema: {} }) run(): string { return ""; }')).toEqual([
      "5:24 MTD156 S.run: unknown option of @resource: 'inputSchema'.",
    ]);
    expect(problemsOf('@m.prompt({ size: 1 }) run(): string { return ""; }')).toEqual([
      "5:13 MTD156 S.run: unknown option of @prompt: 'size'.",
    ]);
  });

  it("are rejected for @service, which marks the class", () => {
    const source = (options: string): string =>
      `import { service, tool } from "methodic";\n@service(${options})\nexport class S { @tool() run(): void {} }`;
    expect(compileFiles({ "s.ts": source("{ auth: 1 }") }).diagnostics).toEqual([]);
    expect(compileFiles({ "s.ts": source("{ title: 1 }") }).diagnostics).toMatchObject([
      { code: "MTD156", line: 2, column: 12, message: "S: unknown option of @service: 'title'." },
    ]);
  });

  it("are related to their declaration where that is in another file", () => {
    const { diagnostics } = compileFiles({
      "s.ts":
        'import { tool } from "methodic";\nimport { shared } from "./shared.ts";\nexport class S { @tool(shared) run(): void {} }',
      "shared.ts": SHARED,
    });
    expect(diagnostics).toMatchObject([{ file: "s.ts", related: [{ file: "shared.ts", line: 1, column: 37 }] }]);
  });

  it.each([
    ["a name", '@m.tool("atuh")', ""],
    ["all options of a tool", `@m.tool({ ${TOOL_OPTIONS} })`, ""],
    [
      "a Standard Schema as inputSchema",
      "@m.tool({ inputSchema: schema })",
      'declare const schema: { "~standard": object };',
    ],
    ["an option of any type", "@m.tool(options)", "declare const options: any;"],
    ["a type with an index signature", "@m.tool(options)", "declare const options: Wide & { owner: string };"],
    ["optional properties of a wider type", "@m.tool(make())", "function make(): { owner?: string } { return {}; }"],
    [
      "symbols and #private members",
      "@m.tool(make())",
      "declare const brand: unique symbol;\ndeclare class Hidden { #atuh: number; }\ndeclare function make(): Hidden & { title: string; [brand]: true };",
    ],
    [
      "methods that every object has",
      "@m.tool(make())",
      "declare function make(): { title: string; toString(): string };",
    ],
    ["a class in place of its instance", "@m.tool(Options as object)", "class Options { static atuh = 1; }"],
    ["a spread of any", "@m.tool({ ...options })", "declare const options: any;"],
    ["a name that is computed", "@m.tool({ [key]: 1 })", "declare const key: string;"],
  ])("are not seen in %s", (_what, decorator, before) => {
    const input = decorator.includes("inputSchema") ? "input: unknown" : "";
    expect(problemsOf(`${decorator} run(${input}): object { return {}; }`, before)).toEqual([]);
  });
});

describe("URI templates", () => {
  const codesOf = (uri: string): readonly string[] =>
    compileFiles({
      "s.ts": `import { resource } from "methodic";\nexport class S { @resource("${uri}") m(a = "", b = "", c = "", d = ""): string { return a + b + c + d; } }`,
    }).diagnostics.map(({ code, message }) => `${code} ${message}`);

  it.each([
    ["x://a?b={+c}", "'{+x}' is not allowed in the query"],
    ["x://a?b={c,d}", "a variable in the query must be the whole value of a parameter"],
    ["x://a?b=x{c}", "a variable in the query must be the whole value of a parameter"],
    ["x://a?{b}", "a variable in the query must be the whole value of a parameter"],
    ["x://{a}{b}", "two adjacent variables have no text between them to tell where one ends"],
    ["x://{a", "unmatched brace"],
  ])("are rejected when the server would not start: %s", (uri, problem) => {
    expect(codesOf(uri)).toEqual([`MTD150 S.m: invalid URI template '${uri}': ${problem}.`]);
  });

  it.each(["", "notes", "{a}", "notes/{a}", "x:", "x://a b"])("are rejected when they are not absolute: %j", (uri) => {
    expect(codesOf(uri)).toEqual([`MTD150 S.m: '${uri}' is not an absolute URI.`]);
  });

  it.each(["x://{a}/{b*}{?c,d}", "x://{+a}", "x://a?b={b}{&c}", "x://{a,b}", "{a}://x"])("are accepted: %s", (uri) => {
    expect(codesOf(uri)).toEqual([]);
  });
});

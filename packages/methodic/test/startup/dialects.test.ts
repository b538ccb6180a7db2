import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { collectMethods } from "../../src/decorators/collect.ts";
import { createServer, MethodicError } from "../../src/index.ts";
import { createTestClient } from "../../src/testing/test-client.ts";
import { DIALECTS, runSource, typeErrors } from "../fixtures/compile.ts";
import { attachManifest } from "../fixtures/service.ts";

const file = fileURLToPath(new URL("../fixtures/typed/author.ts", import.meta.url));
const schemas = fileURLToPath(new URL("../fixtures/typed/decorator-schemas.ts", import.meta.url));
const author = readFileSync(file, "utf8");

/** Runs the body of a class with this decorated member and returns what that throws. */
function refusal(member: string, dialect: (typeof DIALECTS)[number]): string {
  try {
    runSource(`import { tool, resource, prompt, service } from "methodic"; ${member}`, dialect);
  } catch (error) {
    expect(error).toBeInstanceOf(MethodicError);
    return (error as Error).message;
  }
  return "nothing was thrown";
}

describe.each(DIALECTS)("decorators in the %s dialect", (dialect) => {
  it("type-checks against the built declarations", () => {
    expect(typeErrors(file, dialect)).toEqual([]);
  });

  it("type-checks methods against the schemas of their options", () => {
    expect(typeErrors(schemas, dialect)).toEqual([]);
  });

  it("keeps the schemas of the options", async () => {
    const { Right } = runSource(readFileSync(schemas, "utf8"), dialect) as unknown as { Right: new () => object };
    const given = { decoratorSchemas: ["input"], names: ["input"], wholeInput: true } as const;
    const both = { ...given, decoratorSchemas: ["input", "output"], result: "structured" } as const;
    const output = { decoratorSchemas: ["output"], result: "structured" } as const;
    attachManifest(Right, {
      whole: given,
      before: { ...given, contextIndex: 0, result: "dynamic" },
      after: { ...given, contextIndex: 1, result: "dynamic" },
      less: given,
      none: { decoratorSchemas: ["input"], names: [] },
      both,
      ark: given,
      output: { ...output, names: ["a", "b", "c", "d"] },
      steps: { ...output, generator: "value", properties: { sum: { type: "number" } } },
      result: { ...output, result: "content", properties: { sum: { type: "number" } } },
      plain: both,
    });
    await using client = await createTestClient(createServer({ name: "s", version: "1", services: [Right] }));
    expect((await client.callTool("before", { a: "x", n: "5" })).text).toBe("5");
    expect((await client.callTool("after", { a: "x" })).text).toBe("3");
    expect((await client.callTool("both", { a: "x", n: 4 })).structured).toEqual({ sum: 4 });
    expect((await client.callTool("result", { sum: 1 })).structured).toEqual({ sum: 1 });
    expect((await client.callTool("steps", { sum: 2 })).structured).toEqual({ sum: 2 });
    expect((await client.callTool("plain", { a: "x" })).structured).toEqual({ a: "x" });
    expect((await client.callTool("ark", { a: 1 })).text).toContain("- a: expected string, received number 1.");
  });

  it("marks methods in every form, in source order, base class first", () => {
    const { Author } = runSource(author, dialect) as unknown as { Author: new () => object };
    const marked = collectMethods(new Author()).filter(({ definitions }) => definitions.length > 0);
    expect(marked.map(({ methodName, definitions }) => [methodName, ...definitions])).toEqual([
      ["inherited", { kind: "tool", options: {} }],
      ["overridden", { kind: "tool", options: {} }],
      ["bare", { kind: "tool", options: {} }],
      ["called", { kind: "tool", options: {} }],
      ["named", { kind: "tool", options: { name: "public_name" } }],
      ["optioned", { kind: "tool", options: { name: "optioned", title: "T", annotations: { readOnlyHint: true } } }],
      ["all", { kind: "resource", uri: "x://all", options: {} }],
      ["one", { kind: "resource", uri: "x://{name}", options: { name: "one" } }],
      ["two", { kind: "resource", uri: "y://{name}", options: { mimeType: "text/plain", list: "list" } }],
      ["ask", { kind: "prompt", options: {} }],
      ["asked", { kind: "prompt", options: {} }],
      ["described", { kind: "prompt", options: { description: "D" } }],
      ["picture", { kind: "tool", options: {} }],
      ["whole", { kind: "tool", options: {} }],
    ]);
  });

  it("does not change the base class", () => {
    const { Base } = runSource(author, dialect) as unknown as { Base: new () => object };
    const marked = collectMethods(new Base()).filter(({ definitions }) => definitions.length > 0);
    expect(marked.map(({ methodName }) => methodName)).toEqual(["inherited", "overridden", "hidden"]);
  });

  it("runs an override instead of the overridden method", async () => {
    const { Author, Base } = runSource(author, dialect) as unknown as {
      Author: new () => object;
      Base: new () => object;
    };
    const members = { inherited: { properties: { text: { type: "string" } } }, overridden: {}, hidden: {} };
    attachManifest(Base, members);
    const names = ["bare", "called", "named", "optioned", "picture", "whole"];
    attachManifest(Author, {
      ...Object.fromEntries(names.map((name) => [name, {}])),
      overridden: {},
      all: { kind: "resource" },
      one: { kind: "resource", properties: { name: {} } },
      two: { kind: "resource", properties: { name: {} } },
      ask: { kind: "prompt" },
      asked: { kind: "prompt" },
      described: { kind: "prompt" },
    });
    await using client = await createTestClient(createServer({ name: "s", version: "1", services: [Author] }));
    expect((await client.callTool("overridden")).text).toBe("derived");
    expect((await client.callTool("inherited", { text: "x" })).text).toBe("x");
    expect((await client.listTools()).map(({ name }) => name)).toEqual([
      "inherited",
      "overridden",
      "bare",
      "called",
      "public_name",
      "optioned",
      "picture",
      "whole",
    ]);
  });

  const where = dialect === "legacy" ? "S." : "";
  it.each([
    [
      "class S { @tool() static m() {} }",
      `@tool on ${where}m: a static method has no instance to run on. Remove 'static'.`,
    ],
    [
      "class S { @prompt m = () => 1 }",
      `@prompt on ${where}m: cannot decorate a field. Write it as a method: name(…) { … }.`,
    ],
    [
      "class S { @tool get m() { return 1 } }",
      `@tool on ${where}m: cannot decorate a${dialect === "legacy" ? "n accessor" : " getter"}.`,
    ],
    [
      'class S { @tool() [Symbol.for("m")]() {} }',
      `@tool on ${where}Symbol(m): a method named by a symbol has no name to publish.`,
    ],
    [
      "class S { @tool(5 as never) m() {} }",
      '@tool: invalid options: 5. Write @tool(), @tool("public_name") or @tool({ … }).',
    ],
    [
      "class S { @resource(undefined as never) m() {} }",
      '@resource: the URI is missing: the first argument is undefined. Write @resource("scheme://path").',
    ],
    ["class S { @(resource as any) m() {} }", "the URI is missing"],
    [
      "const options = { atuh: () => false }; class S { @tool(options) m() {} }",
      `@tool on ${where}m: unknown option 'atuh'. Did you mean "auth"? The options are name, title, description, icons, meta, timeout, cacheHint,`,
    ],
    ["class S { @resource('x://a', { mime: 'a/b' }) m() {} }", `@resource on ${where}m: unknown option 'mime'.`],
    ["class S { @prompt({ annotations: {} }) m() {} }", `@prompt on ${where}m: unknown option 'annotations'.`],
    [
      "class S { @tool({ annotations: { readOnly: true } }) m() {} }",
      `@tool on ${where}m: unknown option 'annotations.readOnly'.`,
    ],
    [
      "class S { @tool({ validateOutput: 'no', icons: [{}] }) m() {} }",
      `@tool on ${where}m: invalid option 'validateOutput': "no". It must be true or false.\n@tool on ${where}m: missing option 'icons[0].src'.`,
    ],
    ["class S { @tool({ name: 5n }) m() {} }", `@tool on ${where}m: invalid option 'name': 5. It must be a string.`],
    ["class S { @tool({ '~standard': {} }) m() {} }", "@tool: got a schema instead of options."],
    ["@service({ auht: 1 }) class S {}", "@service on S: unknown option 'auht'. Did you mean"],
  ])("refuses %s", (source, message) => {
    expect(refusal(source, dialect)).toContain(message);
  });

  it("refuses classes", () => {
    expect(refusal("@(tool as any) class S {}", dialect)).toMatch(
      /^@tool(: invalid options: a function\.| on S: cannot decorate a class)/,
    );
  });
});

it("decorators refuse #private methods, which only the standard dialect can decorate", () => {
  expect(refusal("class S { @tool() #m() {} }", "standard")).toBe(
    "@tool on #m: a #private method cannot be called by the server. Remove the '#'.",
  );
});

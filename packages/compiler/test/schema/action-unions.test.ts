import type { JsonSchema } from "methodic/manifest";
import { describe, expect, it } from "vitest";
import { compileProject } from "../../src/index.ts";
import { createStubProject } from "../fixtures/stub-project.ts";
import { compileFiles } from "./compile-files.ts";

const TYPES = `
/** Add a note. */
interface Add {
  action: "add";
  /** The title */
  name: string;
  content: string;
  /** @minimum 1 @asType integer */
  limit?: number;
}
/** Remove a note. */
interface Remove {
  action: "remove";
  /** The note to remove */
  name: string;
  limit?: "all";
  force?: boolean;
}
`;

/** Compiles a method `run`; returns its data and schema, and its problems as texts. */
function compile(method: string, before = TYPES) {
  const { members, diagnostics } = compileFiles({
    "s.ts": `import { type Context, prompt, resource, tool } from "methodic";\n${before}\nexport class Service {\n  ${method}\n}\n`,
  });
  const data = members.get("Service.run")?.data;
  const input = data?.publishedSchemas?.input ?? data?.inputSchema;
  const problems = diagnostics.map(({ code, message, hint }) => `${code} ${message} ${hint}`);
  return { data, problems, properties: (input?.properties ?? {}) as Record<string, JsonSchema>, input };
}

describe("a discriminated union as the only parameter", () => {
  it("is published as one object that says which member a property belongs to", () => {
    expect(compile("@tool() run(change: Add | Remove): void {}").input).toEqual({
      type: "object",
      properties: {
        action: {
          description: "`add`: Add a note.\n`remove`: Remove a note.",
          type: "string",
          enum: ["add", "remove"],
        },
        name: { description: "`add`: The title\n`remove`: The note to remove", type: "string" },
        content: { description: "Only for `add`; required.", type: "string" },
        limit: {
          anyOf: [
            { type: "integer", minimum: 1 },
            { type: "string", enum: ["all"] },
          ],
        },
        force: { description: "Only for `remove`.", type: "boolean" },
      },
      required: ["action", "name"],
      additionalProperties: false,
    });
  });

  it("is validated as the union, and passed as one argument", () => {
    const { data } = compile("@tool() run(ctx: Context, change: Add | Remove): void {}");
    expect(data?.parameters).toEqual({ names: ["input"], contextIndex: 0, wholeInput: true });
    expect(data?.inputSchema).toMatchObject({
      type: "object",
      anyOf: [
        { required: ["action", "name", "content"], additionalProperties: false },
        { required: ["action", "name"], additionalProperties: false },
      ],
    });
  });

  it("may be destructured, with defaults in every member that has the property", () => {
    const { data, input } = compile('@tool() run({ action, name = "all", ...rest }: Add | Remove): void {}');
    expect(data?.inputSchema).toMatchObject({
      anyOf: [
        { properties: { name: { default: "all" } }, required: ["action", "content"] },
        { properties: { name: { default: "all" } }, required: ["action"] },
      ],
    });
    expect(input).toMatchObject({ properties: { name: { default: "all" } }, required: ["action"] });
  });

  it.each([
    ["an alias", "type Change = Add | Remove;", "Change"],
    ["an intersection", "type Change = { name: string } & (Add | Remove);", "Change"],
    ["a generic type", "type Or<A, B> = A | B;", "Or<Add, Remove>"],
    ["a union of unions", "interface Undo { action: 'undo' }\ntype Change = Add | (Remove | Undo);", "Change"],
    [
      "interfaces that extend one",
      "interface Base { action: string }\ninterface A extends Base { action: 'a' }\ninterface B extends Base { action: 'b'; n: number }",
      "A | B",
    ],
    ["members of an enum", "enum Kind { A = 'a', B = 'b' }", "{ action: Kind.A } | { action: Kind.B; n: number }"],
    ["numbers", "", "{ action: 1 } | { action: 2; n: number }"],
    ["booleans", "", "{ action: true } | { action: false; n: number }"],
    ["several literals in a member", "", '{ action: "a" | "b" } | { action: "c"; n: number }'],
    ["a recursive type", "type Tree = { action: 'leaf' } | { action: 'node'; trees: Tree[] };", "Tree"],
    [
      "a mapped type",
      "type Of<T> = { [K in keyof T]: { action: K } & T[K] }[keyof T];",
      "Of<{ a: { n: number }; b: { t: string } }>",
    ],
  ])("may be %s", (_, before, type) => {
    const { data, properties, problems } = compile(`@tool() run(change: ${type}): void {}`, TYPES + before);
    expect(problems).toEqual([]);
    expect(data?.parameters.wholeInput).toBe(true);
    expect(Object.keys(properties)[0]).toBe("action");
  });

  it("names the property that distinguishes members if it is not a text, or one of several", () => {
    const { properties } = compile(
      '@tool() run(x: { of: "a"; mode: 1; p: string } | { of: "a"; mode: 2; q: string } | { of: "b" }): void {}',
    );
    expect(properties).toEqual({
      of: { type: "string", enum: ["a", "b"] },
      mode: { description: "Only for `a`; required.", type: "number", enum: [1, 2] },
      p: { description: "Only for `mode: 1`; required.\nOnly for `a`.", type: "string" },
      q: { description: "Only for `mode: 2`; required.\nOnly for `a`.", type: "string" },
    });
  });

  it("takes the texts of @param tags", () => {
    const ofMember = compile(
      "/** @param change The change\n   * @param change.name Its name */\n  @tool() run(change: Add | Remove): void {}",
    );
    expect(ofMember.input?.["description"]).toBe("The change");
    expect(ofMember.properties["name"]?.["description"]).toBe("Its name");
    const ofTag = compile("/** @param action The change */\n  @tool() run(action: Add | Remove): void {}");
    expect(ofTag.properties["action"]?.["description"]).toBe(
      "The change\n`add`: Add a note.\n`remove`: Remove a note.",
    );
  });

  it("accepts what an index signature of another member accepts", () => {
    const { input } = compile("@tool() run(x: { of: 'a'; n: number } | { of: 'b'; [key: string]: string }): void {}");
    expect(input).toMatchObject({
      properties: { n: { anyOf: [{ type: "number" }, { type: "string" }] } },
      additionalProperties: { type: "string" },
    });
  });

  it("may be the type argument of a base class", () => {
    const { members, diagnostics } = compileFiles({
      "s.ts": `import { tool } from "methodic";\n${TYPES}\nclass Base<T> { @tool() run(x: T): void {} }\nexport class Service extends Base<Add | Remove> {}\n`,
    });
    expect(diagnostics).toEqual([]);
    expect(members.get("Service.run")?.data.parameters).toEqual({ names: ["input"], wholeInput: true });
  });

  it("is what the artifact shows", () => {
    using project = createStubProject({
      "src/service.ts": `import { tool } from "methodic";\n${TYPES}\nexport class Service { @tool() run(x: Add | Remove): void {} }\n`,
    });
    const { services } = compileProject({ root: project.root });
    const [tools] = Object.values(services).map((service) => service.tools);
    expect(tools?.["run"]?.inputSchema).toMatchObject({ type: "object", required: ["action", "name"] });
  });
});

describe("a union that is not the whole input", () => {
  it.each([
    ["among other parameters", "@tool() run(x: Add | Remove, more: boolean): void {}"],
    ["if it is optional", "@tool() run(x?: Add | Remove): void {}"],
    ["if it has a default", '@tool() run(x: Add | Remove = { action: "remove", name: "a" }): void {}'],
    ["if it may be null", "@tool() run(x: Add | Remove | null): void {}"],
    ["without a discriminator", "@tool() run(x: { a: string } | { b: string }): void {}"],
    ["if its members share a literal", '@tool() run(x: { of: "a" | "b" } | { of: "b"; n: number }): void {}'],
    ["if the discriminator is optional", '@tool() run(x: { of: "a" } | { of?: "b"; n: number }): void {}'],
    ["as a property", "@tool() run({ x }: { x: Add | Remove }): void {}"],
    ["of a prompt", "@prompt() run(x: Add | Remove): string { return x.name; }"],
  ])("is a property %s", (_, method) => {
    const { properties, problems } = compile(method);
    expect(problems).toEqual([]);
    expect(Object.keys(properties)).toContain("x");
  });

  it.each([
    [
      "without a discriminator",
      "@tool() run({ ...x }: { a: string } | { b: string }): void {}",
      /^MTD123 .* give the members of a union a required property with different literals/,
    ],
    [
      "with a default of the discriminator",
      '@tool() run({ action = "add", ...x }: Add | Remove): void {}',
      /^MTD123 .* 'action' decides which member/,
    ],
    [
      "in a prompt",
      '@prompt() run({ ...x }: Add | Remove): string { return ""; }',
      /^MTD123 .* Use one object type, or give the parameter a name\.$/,
    ],
  ])("is refused in a destructured parameter %s", (_, method, problem) => {
    expect(compile(method).problems).toEqual([expect.stringMatching(problem)]);
  });
});

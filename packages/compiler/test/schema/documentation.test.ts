import { describe, expect, it } from "vitest";
import { compileFiles, compileMember, inputSchemaOf } from "./compile-files.ts";

describe("JSDoc", () => {
  it("becomes descriptions, with Markdown and line breaks kept", () => {
    const { data, diagnostics } = compileMember(`
  /**
   * Finds notes.
   *
   * - by **name**
   * - see {@link https://example.org/help the help} or {@link S.run} or {@linkcode tool}
   *
   * @title Find notes
   * @deprecated use search
   * @param a The first
   *   on two lines
   * @param {string} b - The second
   * @param options.limit How many
   * @param rows[].name Its name
   * @returns The number found
   * @example
   * find("a")
   */
  @tool() run(a: string, b: string, options: { limit: number }, rows: { name: string }[]): number { return 1; }`);
    expect(diagnostics).toEqual([]);
    expect(data.description).toBe(
      'Finds notes.\n\n- by **name**\n- see the help (https://example.org/help) or S.run or `tool`\n\nDeprecated: use search\n\nExample:\nfind("a")',
    );
    expect(data).toMatchObject({
      title: "Find notes",
      deprecated: "use search",
      outputSchema: { description: "The number found", type: "number" },
    });
    const properties = inputSchemaOf(data).properties ?? {};
    expect(properties["a"]?.["description"]).toMatch(/^The first\n\s*on two lines$/);
    expect(properties["b"]?.["description"]).toBe("The second");
    expect(properties["options"]).toMatchObject({ properties: { limit: { description: "How many" } } });
    expect(properties["rows"]).toMatchObject({ items: { properties: { name: { description: "Its name" } } } });
  });

  it("describes a parameter by its own comment, else by its property's or type's", () => {
    const before = `
/** A limit. @minimum 1 @maximum 9 @asType integer */
type Limit = number;
/** An address. */
interface Address {
  /** The city. @minLength 1 */
  city: string;
  street?: Limit | null;
}`;
    const { data } = compileMember(
      "/** @param b Where else */\n@tool() run(a: Address, b: Address, /** @maximum 5 */ c: Limit): void {}",
      before,
    );
    expect(inputSchemaOf(data).properties).toEqual({
      a: expect.objectContaining({
        description: "An address.",
        properties: {
          city: { description: "The city.", type: "string", minLength: 1 },
          street: { anyOf: [{ description: "A limit.", type: "integer", minimum: 1, maximum: 9 }, { type: "null" }] },
        },
      }),
      b: expect.objectContaining({ description: "Where else" }),
      c: { description: "A limit.", type: "integer", minimum: 1, maximum: 5 },
    });
  });

  it("becomes keywords for every constraint tag", () => {
    const tags: Readonly<Record<string, unknown>> = {
      minimum: 1,
      maximum: 9,
      exclusiveMinimum: 0,
      exclusiveMaximum: 10,
      multipleOf: 2,
      minLength: 1,
      maxLength: 9,
      pattern: "^a+$",
      format: "email",
      minItems: 1,
      maxItems: 9,
      uniqueItems: true,
      default: 4,
      examples: [1, 2],
      deprecated: true,
      title: "X",
    };
    const lines = Object.entries(tags).map(
      ([tag, value]) => `   * @${tag} ${typeof value === "string" ? value : JSON.stringify(value)}`,
    );
    const { data } = compileMember(
      `@tool() run(o: O): void {}`,
      `interface O {\n  /**\n${lines.join("\n")}\n   */\n  x: number | string | unknown[];\n}`,
    );
    expect(inputSchemaOf(data).properties?.["o"]?.["properties"]).toEqual({
      x: { anyOf: [{ type: ["number", "string"] }, { type: "array", items: {} }], ...tags },
    });
  });

  it("widens one use of a type with @nullable", () => {
    const before = 'type Mode = "a" | "b";\ninterface O {\n  /** @nullable */\n  x: Mode;\n  y: Mode;\n}';
    expect(
      inputSchemaOf(compileMember("@tool() run(o: O): void {}", before).data).properties?.["o"]?.["properties"],
    ).toEqual({
      x: { type: ["string", "null"], enum: ["a", "b", null] },
      y: { type: "string", enum: ["a", "b"] },
    });
  });

  it("is inherited by a method without a comment", () => {
    const before = "interface Runner {\n  /** Runs it. @param name The name */\n  run(name: string): void;\n}";
    const { members } = compileFiles({
      "s.ts": `import { tool } from "methodic";\n${before}\nexport class S implements Runner { @tool() run(name: string): void {} }`,
    });
    expect(members.get("S.run")?.data).toMatchObject({
      description: "Runs it.",
      inputSchema: { properties: { name: { description: "The name" } } },
    });
  });

  it("is inherited through several levels by methods and properties", () => {
    const before = `
interface Named {
  /** What it is called.
   * @minLength 2 */
  name: string;
  /** How many. @maximum 9 */
  count: number;
}
interface Part extends Named { name: string; count: 5 }
class Impl implements Part { name!: string; count!: 5 }
abstract class Base {
  /** Runs it. */
  run(o: Impl): void {}
}
class Middle extends Base { override run(o: Impl): void {} }`;
    const { members, diagnostics } = compileFiles({
      "s.ts": `import { tool } from "methodic";${before}\nexport class S extends Middle { @tool() override run(o: Impl): void {} }`,
    });
    expect(diagnostics).toEqual([]);
    expect(members.get("S.run")?.data).toMatchObject({
      description: "Runs it.",
      inputSchema: {
        properties: {
          o: {
            properties: {
              name: { description: "What it is called.", type: "string", minLength: 2 },
              count: { description: "How many.", type: "number", const: 5 },
            },
          },
        },
      },
    });
  });

  it("describes parameter properties in the constructor's comment", () => {
    const before =
      "class Point {\n  /**\n   * @param x The first\n   * @param y - The second\n   */\n  constructor(readonly x: number, public y: number) {}\n}";
    expect(inputSchemaOf(compileMember("@tool() run(p: Point): void {}", before).data).properties?.["p"]).toMatchObject(
      {
        properties: { x: { description: "The first" }, y: { description: "The second" } },
      },
    );
  });

  it("applies the tags of a generic alias to its instantiation", () => {
    const before =
      "/** Not empty. @minLength 1 */\ntype NonEmpty<T> = T extends string ? T : never;\n/** An id. @minLength 3 */\ntype Id<T> = T;";
    const { data } = compileMember("@tool() run(a: NonEmpty<string>, b: Id<number>[]): void {}", before);
    expect(inputSchemaOf(data).properties).toEqual({
      a: { description: "Not empty.", type: "string", minLength: 1 },
      b: { type: "array", items: { description: "An id.", type: "number" } },
    });
  });

  it("continues after sample code and mentions with an at sign", () => {
    const { data, diagnostics } = compileMember(
      `
  /**
   * Tells @alice and {@link S.run}; mail a@b.org.
   *
   * \`\`\`ts
   * class X {
   *   @tool() run() {}
   *
   *   @minimum 9
   * }
   * \`\`\`
   * See {@link S.run the method}. @title Tell
   *
   * @param a Such as @bob
   *   ~~~
   *   @example none
   *   ~~~
   * @param b Another
   * @example
   * \`\`\`ts
   * class Y { @tool() run() {} }
   * \`\`\`
   */
  @tool() run(a: string, b: O): void {}`,
      `
interface O {
  /**
   * A number.
   * @minimum 2
   *
   * \`\`\`ts
   * @maximum 1
   * \`\`\`
   */
  n: number;
  /**
   * Begins a block that never ends:
   * \`\`\`
   * @maximum 5
   */
  m: number;
}`,
    );
    expect(diagnostics).toEqual([]);
    expect(data.title).toBe("Tell");
    expect(data.description).toBe(
      [
        "Tells @alice and S.run; mail a@b.org.",
        "",
        "```ts",
        "class X {",
        "  @tool() run() {}",
        "",
        "  @minimum 9",
        "}",
        "```",
        "See the method.",
        "",
        "Example:",
        "```ts",
        "class Y { @tool() run() {} }",
        "```",
      ].join("\n"),
    );
    expect(inputSchemaOf(data).properties).toMatchObject({
      a: { description: expect.stringMatching(/^Such as @bob\n\s*~~~\n\s*@example none\n\s*~~~$/) },
      b: {
        description: "Another",
        properties: { n: { description: "A number.", type: "number", minimum: 2 }, m: { maximum: 5 } },
      },
    });
    expect(inputSchemaOf(data).properties?.["b"]).not.toHaveProperty("properties.n.maximum");
  });

  it.each([
    ["@minimum 1 the least", "number", { minimum: 1 }],
    ["@maximum -1.5 - not more", "number", { maximum: -1.5 }],
    ["@multipleOf 0.5 (halves)", "number", { multipleOf: 0.5 }],
    ["@minLength 3\n * at least", "string", { minLength: 3 }],
    ["@format email of the owner", "string", { format: "email" }],
    ["@asType integer as people count", "number", { type: "integer" }],
    ["@uniqueItems", "string[]", { uniqueItems: true }],
    ["@uniqueItems false or so", "string[]", { uniqueItems: false }],
    ['@default "a b" as ever', "string", { default: "a b" }],
    ["@default a b", "string", { default: "a b" }],
  ])("accepts words after the value of %s", (tag, type, schema) => {
    const { data } = compileMember(`@tool() run(\n/**\n * ${tag}\n */\nx: ${type}): void {}`);
    expect(inputSchemaOf(data).properties?.["x"]).toMatchObject(schema);
  });

  it.each([
    "@minimum 5 * 60",
    "@minimum 1 000",
    "@minimum 1,5",
    "@minimum",
    "@multipleOf 0 or none",
    "@uniqueItems maybe",
  ])("rejects a value that is valid only in part: %s", (tag) => {
    const source = `import { tool } from "methodic";\nexport class S { @tool() run(/** ${tag} */ x: number[] | number): void {} }`;
    expect(compileFiles({ "s.ts": source }).diagnostics).toMatchObject([{ code: "MTD140" }]);
  });

  it("is reported with its place if TypeScript attaches it to nothing", () => {
    const { diagnostics } = compileMember(
      "@tool() /** Lost. */ run(o: { /** Lost too. */ a: string; /** And so on. */ b: string }): void {}\n/** Kept. */ x = 1; /** No component's. */ y = 2;",
      "interface O { /** And this. */ a: string }",
    );
    expect(diagnostics.map(({ code, line, column }) => `${code} ${line}:${column}`)).toEqual([
      "MTD142 2:15",
      "MTD142 4:9",
      "MTD142 4:31",
      "MTD142 4:59",
    ]);
  });
});

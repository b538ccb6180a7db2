import { describe, expect, it } from "vitest";
import { compileFiles, compileMember, inputSchemaOf } from "./compile-files.ts";

/**
 * Compiles a method with one parameter, an object with the members, and returns their schemas.
 */
function propertiesOf(members: string, before = ""): Record<string, unknown> {
  const { data } = compileMember("@tool() run(o: O): void {}", `${before}\ninterface O {\n${members}\n}`);
  return inputSchemaOf(data).properties?.["o"]?.["properties"] as Record<string, unknown>;
}

/** Returns the warnings of a compilation as `code line:column text`. */
function warningsOf(member: string, before = ""): string[] {
  return compileMember(member, before).diagnostics.map(
    ({ code, line, column, message, hint }) => `${code} ${line}:${column} ${message} ${hint}`,
  );
}

describe("the tags that follow a @param", () => {
  it("constrain the parameter, on its line and on later ones, until another tag", () => {
    const { data, diagnostics } = compileMember(`
  /**
   * Lends. @param days How many @minimum 1 @maximum 16
   * @param to Where to
   * @format email
   * @maxLength 80
   * @param ids Which
   * @uniqueItems
   * @default [1]
   * @returns The number
   */
  @tool() run(days: number, to: string, ids: number[]): number { return days; }`);
    expect(diagnostics).toEqual([]);
    expect(data.description).toBe("Lends.");
    expect(inputSchemaOf(data).properties).toEqual({
      days: { description: "How many", type: "number", minimum: 1, maximum: 16 },
      to: { description: "Where to", type: "string", format: "email", maxLength: 80 },
      ids: { description: "Which", type: "array", items: { type: "number" }, uniqueItems: true, default: [1] },
    });
  });

  it("combine with the parameter's own comment and type: the stricter bound holds", () => {
    const { data } = compileMember(
      "/** @param a A @maximum 9 @asType integer */\n@tool() run(/** @minimum 2 @maximum 20 */ a: Limit): void {}",
      "/** @minimum 1 */\ntype Limit = number;",
    );
    expect(inputSchemaOf(data).properties?.["a"]).toEqual({
      description: "A",
      type: "integer",
      minimum: 2,
      maximum: 9,
    });
  });

  it("constrain parts of parameters by dotted names, also written as in JavaScript", () => {
    const { data, diagnostics } = compileMember(`
  /**
   * @param {object} options The options
   * @param {number} options.limit How many @maximum 50 @asType integer
   * @param {string} [options.by] The order @pattern ^[a-z]+$
   * @param rows[].name Its name @minLength 2
   */
  @tool() run(options: { limit: number | null; by?: string }, rows: ({ name: string } | { id: number })[]): void {}`);
    expect(diagnostics).toEqual([]);
    expect(inputSchemaOf(data).properties).toMatchObject({
      options: {
        description: "The options",
        properties: {
          limit: { description: "How many", type: ["integer", "null"], maximum: 50 },
          by: { description: "The order", pattern: "^[a-z]+$" },
        },
      },
      rows: { items: { anyOf: [{ properties: { name: { description: "Its name", minLength: 2 } } }, {}] } },
    });
  });

  it("constrain the properties of a destructured parameter", () => {
    const { data, diagnostics } = compileMember(
      "/** @param input The input @param input.a A @maximum 5 @param b B @minLength 2 */\n@tool() run({ a, b }: { a: number; b: string }): void {}",
    );
    expect(diagnostics).toEqual([]);
    expect(inputSchemaOf(data).properties).toEqual({
      a: { description: "A", type: "number", maximum: 5 },
      b: { description: "B", type: "string", minLength: 2 },
    });
  });

  it.each([
    ["@prompt()", "string"],
    ['@resource("x://{a}")', "string"],
  ])("constrain the arguments of %s", (decorator, type) => {
    const { data } = compileMember(
      `/** @param a The name @minLength 3 */\n${decorator} run(a: ${type}): string { return a; }`,
    );
    expect(inputSchemaOf(data).properties?.["a"]).toEqual({ description: "The name", type: "string", minLength: 3 });
  });

  it("describe parameter properties in the constructor's comment", () => {
    const before = "class P {\n  /** @param x The first @minimum 1 */\n  constructor(readonly x: number) {}\n}";
    expect(inputSchemaOf(compileMember("@tool() run(p: P): void {}", before).data).properties?.["p"]).toMatchObject({
      properties: { x: { description: "The first", type: "number", minimum: 1 } },
    });
  });

  it.each([
    ["@minLength 2", "number", "MTD141"],
    ["@minimum much", "number", "MTD140"],
    ["@minimum 5 @maximum 1", "number", "MTD118"],
  ])("are refused if they do not fit: %s", (tags, type, code) => {
    const members = `/** @param a A ${tags} */\n@tool() one(a: ${type}): void {}\n/** @param o.a A ${tags} */\n@tool() two(o: { a: ${type} }): void {}`;
    const { diagnostics } = compileFiles({
      "s.ts": `import { tool } from "methodic";\nexport class S {\n${members}\n}\n`,
    });
    expect(diagnostics.map((diagnostic) => diagnostic.code)).toEqual([code, code]);
  });

  it("are reported if they follow no @param, or name no property", () => {
    expect(
      warningsOf(
        "/** Runs. @minimum 1\n * @param o.b None\n * @returns A number @maximum 3 */\n@tool() run(o: { a: number }): number { return 1; }",
      ),
    ).toEqual([
      "MTD241 4:11 S.run: the JSDoc tag @minimum has no effect on a method. Move it to the type of the result, or behind the @param that it is about.",
      "MTD143 5:4 S.run: @param o.b does not name a property of the input. Correct the name, or describe the property where its type is declared.",
      "MTD241 6:22 S.run: the JSDoc tag @maximum has no effect on a method. Move it to the type of the result, or behind the @param that it is about.",
    ]);
  });
});

describe("the text of a comment", () => {
  it("includes @summary, @description, @remarks, and the reason of @deprecated", () => {
    expect(
      propertiesOf(
        `
  /** Sum. @remarks More.
   * @deprecated use b */
  a: string;
  /** @summary Short. @description Long. @deprecated */
  b: Limit;
  /** @deprecated use a */
  c: Limit;`,
        "/** A limit. */\ntype Limit = number;",
      ),
    ).toEqual({
      a: { description: "Sum.\n\nMore.\n\nDeprecated: use b", deprecated: true, type: "string" },
      b: { description: "Short.\n\nLong.", deprecated: true, type: "number" },
      c: { description: "A limit.\n\nDeprecated: use a", deprecated: true, type: "number" },
    });
  });

  it("describes a component with its deprecation, examples and result", () => {
    const { data } = compileMember(
      "/** Says. @deprecated use say2 @returns The text */\n@tool() run(): string { return ''; }",
    );
    expect(data.description).toBe("Says.\n\nDeprecated: use say2\n\nReturns: The text");
    const bare = compileMember("/** Says. @deprecated */\n@prompt() run(): string { return ''; }");
    expect(bare.data.description).toBe("Says.\n\nDeprecated.");
  });

  it("is inherited by {@inheritDoc}, with the tags of the other declaration", () => {
    const before =
      "interface Base {\n  /** A name. @minLength 2 */\n  name: string;\n  /** {@inheritDoc O.loop} */\n  loop: string;\n}";
    expect(
      propertiesOf(
        `
  /** Own. {@inheritDoc Base.name} Also this. */
  a: string;
  /** {@inheritDoc Base#name} @maxLength 9 */
  b: string;
  /** @inheritdoc Base.name */
  c: string;
  /** {@inheritDoc Base.loop} */
  loop: string;`,
        before,
      ),
    ).toEqual({
      a: { description: "Own. A name. Also this.", type: "string", minLength: 2 },
      b: { description: "A name.", type: "string", minLength: 2, maxLength: 9 },
      c: { description: "A name.", type: "string", minLength: 2 },
      loop: { type: "string" },
    });
  });

  it("is inherited by overriding members with {@inheritDoc}", () => {
    const before = `
interface Base {
  /** A name. @minLength 2 */
  name: string;
}
interface O extends Base {
  /** {@inheritDoc} */
  name: string;
}
abstract class Runner {
  /** Runs. @param o The options */
  run(o: O): void {}
}
class Middle extends Runner {
  /** {@inheritDoc} Fast. */
  override run(o: O): void {}
}`;
    const { data } = compileMember("/** {@inheritDoc Middle.run} */\n@tool() run(o: O): void {}", before);
    expect(data.description).toBe("Runs. Fast.");
    expect(inputSchemaOf(data).properties?.["o"]).toMatchObject({
      description: "The options",
      properties: { name: { description: "A name.", minLength: 2 } },
    });
  });

  it("is reported if {@inheritDoc} finds nothing, and leaves it out", () => {
    const before = "interface O {\n  /** {@inheritDoc Nope.a} */\n  a: string;\n}";
    expect(warningsOf("/** {@inheritDoc} */\n@tool() run(o: O): void {}", before)).toEqual([
      "MTD242 3:7 {@inheritDoc Nope.a} names nothing that is in scope. Correct the name, or write the text.",
      "MTD242 7:5 S.run: {@inheritDoc} finds nothing that the declaration overrides or implements. Correct the name, or write the text.",
    ]);
    expect(propertiesOf("  /** {@inheritDoc Nope.a} */\n  a: string;")).toEqual({ a: { type: "string" } });
  });

  it("contains no escapes, but for code", () => {
    expect(propertiesOf("  /** A \\@b *\\/ \\{c\\} &lt;d&gt; &#64; {@link O} `&lt; \\@` */\n  a: string;")).toEqual({
      a: { description: "A @b */ {c} <d> @ O `&lt; \\@`", type: "string" },
    });
    expect(propertiesOf("  /** A \\{@link O\\} \\{@inheritDoc O\\} {@linkcode O} */\n  a: string;")).toEqual({
      a: { description: "A {@link O} {@inheritDoc O} `O`", type: "string" },
    });
  });

  it("leaves out the properties that a tag hides", () => {
    const hidden = ["hidden", "internal", "ignore", "private"].map(
      (tag) => `  /** Hidden. @${tag} */\n  ${tag}: () => void;`,
    );
    expect(propertiesOf(`  a: string;\n${hidden.join("\n")}`)).toEqual({ a: { type: "string" } });
    const data = compileMember(`@tool() run(o: { a: string;\n${hidden.join("\n")} }): void {}`).data;
    expect(inputSchemaOf(data).properties?.["o"]).toMatchObject({ properties: { a: {} }, required: ["a"] });
  });
});

const VALUES: readonly (readonly [tag: string, type: string, schema: Record<string, unknown>])[] = [
  ["@default `10`", "number", { default: 10 }],
  ["@default `10` (ten)", "number", { default: 10 }],
  ['@default ```json\n * { "a": 1 }\n * ```', "{ a: number }", { default: { a: 1 } }],
  ["@default { a: 1 }", "{ a: number }", { default: { a: 1 } }],
  ["@defaultValue 10", "number", { default: 10 }],
  ['@defaultValue `"x"`', "string", { default: "x" }],
  ["@defaultValue asc", '"asc" | "desc"', { default: "asc" }],
  ["@defaultValue the current day", "string", { description: "Default: the current day" }],
  ["@minimum `1` @maximum `2`", "number", { minimum: 1, maximum: 2 }],
  ["@pattern `^a+$`", "string", { pattern: "^a+$" }],
  ["@example `a`", "string", { examples: ["a"] }],
  ["@example 007", "string", { examples: ["007"] }],
  ['@example\n * ```json\n * { "a": 1 }\n * ```', "{ a: number }", { examples: [{ a: 1 }] }],
  ["@example\n * ```ts\n * run();\n * ```", "string", { description: "Example:\n```ts\nrun();\n```" }],
  ["@example\n * one\n * two", "string", { description: "Example:\none\ntwo" }],
  ["@examples [1, 2] @example 3", "number", { examples: [1, 2, 3] }],
];

describe("the comments of an enum's members", () => {
  const before = `
/** The level. */
enum Level {
  /** Nearly nothing. */
  Low = "low",
  /**
   * Half.
   * @deprecated use Low
   */
  Mid = "mid",
  High = "high",
}
enum Bit {
  Off,
  /** Lit. @minimum 3 @internal @example x */
  On,
}
enum Plain {
  A,
  B,
}`;

  it("become part of its description", () => {
    expect(
      propertiesOf(
        "a: Level; b?: Level; c: Level.Low; d: Exclude<Level, Level.High>; e: Level[]; f: Bit; g: Plain; h: Level | 1",
        before,
      ),
    ).toMatchObject({
      a: {
        description: 'The level.\n"low": Nearly nothing.\n"mid": Half. Deprecated: use Low',
        enum: ["low", "mid", "high"],
      },
      b: { description: 'The level.\n"low": Nearly nothing.\n"mid": Half. Deprecated: use Low' },
      c: { description: '"low": Nearly nothing.', const: "low" },
      d: { description: '"low": Nearly nothing.\n"mid": Half. Deprecated: use Low', enum: ["low", "mid"] },
      e: { items: { enum: ["low", "mid", "high"] } },
      f: { description: "0 = Off\n1 = On: Lit. Example: x", enum: [0, 1] },
      g: { description: "0 = A, 1 = B", enum: [0, 1] },
      h: { anyOf: [{ enum: ["low", "mid", "high"] }, { const: 1 }] },
    });
  });

  it("describe the properties that they are keys of, and are reported in templates", () => {
    const keys = {
      properties: { low: { description: "Nearly nothing." }, mid: { description: "Half.\n\nDeprecated: use Low" } },
    };
    expect(propertiesOf("a: Record<Level, 1>; b: Map<Level, 1>; c: { [K in Level]?: 1 }", before)).toMatchObject({
      a: keys,
      b: keys,
      c: keys,
    });
    expect(warningsOf("@tool() run(x: `x-${Level}`): void {}", before)).toEqual([
      expect.stringContaining("MTD243 24:21 the JSDoc of 'Level' is lost in '`x-${Level}`'."),
    ]);
  });

  it("cannot have tags about values", () => {
    expect(warningsOf("@tool() run(x: Bit): void {}", before)).toEqual([
      "MTD241 16:12 the JSDoc tag @minimum has no effect on a member of an enum. Remove it.",
      "MTD241 16:23 the JSDoc tag @internal has no effect on a member of an enum. Remove it.",
    ]);
  });
});

describe("the comments of a union's members", () => {
  const before = `
/** The level. */
type Level =
  /** Nearly nothing. */
  | "low"
  /**
   * Half.
   * @deprecated use low
   */
  | "mid" // not more
  | "high";
enum Bit {
  Off,
  /** Lit. */
  On,
}
interface A { a: 1 }`;
  const levels = '"low": Nearly nothing.\n"mid": Half. Deprecated: use low';

  it("become part of its description for literals, and describe other types", () => {
    expect(
      propertiesOf(
        'a: Level; b?: Level | null; c: /** One. */ 1 | /** Two. */ 2; d: "x" /** X. */ | "y"; e: Level[]; f: Bit.On | Bit.Off; g: /** A number. @minimum 1 */ number | /** All. */ "all"; h: /** Is A. */ A | string',
        before,
      ),
    ).toMatchObject({
      a: { description: `The level.\n${levels}`, enum: ["low", "mid", "high"] },
      b: { anyOf: [{ description: `The level.\n${levels}` }, { type: "null" }] },
      c: { description: "1: One.\n2: Two.", enum: [1, 2] },
      d: { description: '"x": X.', enum: ["x", "y"] },
      e: { items: { description: `The level.\n${levels}` } },
      f: { description: "1 = On: Lit.", enum: [1, 0] },
      g: { description: '"all": All.', anyOf: [{ description: "A number.", minimum: 1 }, { const: "all" }] },
      h: { anyOf: [{ description: "Is A.", properties: { a: {} } }, { type: "string" }] },
    });
  });

  it("are kept in a part of the union, and reported for tags about values", () => {
    expect(propertiesOf('a: Exclude<Level, "high">; b: Extract<Level, "mid" | "high">', before)).toMatchObject({
      a: { description: `The level.\n${levels}`, enum: ["low", "mid"] },
      b: { description: 'The level.\n"mid": Half. Deprecated: use low', enum: ["mid", "high"] },
    });
    expect(warningsOf("@tool() run(y: /** @minimum 1 */ 1 | 2): void {}")).toEqual([
      expect.stringMatching(/^MTD241 .* the JSDoc tag @minimum has no effect on a literal. Remove it.$/),
    ]);
  });

  it("may end the line of a type, after the last one as well", () => {
    const orders = "type Order =\n  | 'new' /** Newest first. */\n  | 'old' /** Oldest first. */;";
    expect(propertiesOf("a: Order; b: [\n1, /** One. */\n2 /** Two. */\n]", orders)).toMatchObject({
      a: { description: '"new": Newest first.\n"old": Oldest first.' },
      b: { prefixItems: [{ description: "One." }, { description: "Two." }] },
    });
  });

  it("are reported after members, aliases, and parameters", () => {
    const source =
      "enum E {\n  A = 'a', /** A. */\n  B = 'b',\n}\ntype T = 1; /** One. */\ninterface I {\n  a: E /** Is E. */;\n}";
    const codes = warningsOf("@tool() run(\n  x: I, /** X. */\n  y: T,\n): void {}", source);
    expect(codes.map((text) => text.slice(0, 12).trim())).toEqual([
      "MTD142 3:12",
      "MTD142 6:13",
      "MTD142 8:8 t",
      "MTD142 12:9",
    ]);
  });
});

it("reports tags that hide what cannot be hidden", () => {
  expect(
    warningsOf(
      "/**\n * @internal\n */\n@tool() run(\n/** @hidden */ o: O): void {}",
      "/** @hidden */\ninterface O { a: string }",
    ),
  ).toEqual([
    "MTD241 2:5 the JSDoc tag @hidden has no effect on a type. Put it on the properties.",
    "MTD241 6:4 S.run: the JSDoc tag @internal has no effect on a method. Remove its decorator.",
    "MTD241 9:5 S.run: the JSDoc tag @hidden has no effect on a parameter. Remove the parameter, or make it a property of an object and hide that.",
  ]);
});

describe("the values of tags", () => {
  const properties = propertiesOf(VALUES.map(([tag, type], i) => `/**\n * ${tag}\n */\nx${i}: ${type};`).join("\n"));
  it.each(VALUES.map(([tag, , schema], i) => [tag, `x${i}`, schema] as const))(
    "are read from %s",
    (_, name, schema) => {
      expect(properties[name]).toMatchObject(schema);
    },
  );
});

const ADVICE: Readonly<Record<string, string>> = {
  "minlength 3": "Did you mean @minLength?",
  "MINIMUM 3": "Did you mean @minimum?",
  "mimimum 3": "Did you mean @minimum?",
  "defualt 3": "Did you mean @default?",
  "remark Text": "Did you mean @remarks?",
  "min 3": "Write @minimum.",
  "max 3": "Write @maximum.",
  "maxlen 3": "Write @maxLength.",
  "regex ^a$": "Write @pattern.",
  "TJS-pattern ^a$": "Write @pattern.",
  isInt: "Write @asType integer.",
  require: "The type decides: ? makes a property or parameter optional.",
  required: "The type decides: ? makes a property or parameter optional.",
};
const FOR_OTHER_TOOLS = [
  "see b",
  "author A",
  "since 1",
  "customTag",
  "type string",
  "readonly",
  "throws Error",
  "alpha",
];

describe("unknown tags", () => {
  const tags = [...Object.keys(ADVICE), ...FOR_OTHER_TOOLS];
  const reported = Object.entries(ADVICE).map(([tag, advice]) => {
    const [name] = tag.split(" ", 1);
    return `MTD240 the JSDoc tag @${name} is unknown, so it is ignored. ${advice}`;
  });
  const withoutPlace = (warning: string): string => warning.replace(/ \d+:\d+ (?:S\.run: )?/, " ");
  const commented = tags.map((tag) => ` * @${tag}`).join("\n");

  it("that look like one that is read are reported once a type, at their place", () => {
    const members = tags.map((tag, i) => `  /**\n   * @${tag}\n   */\n  a${i}: string;`).join("\n");
    const found = warningsOf(
      "@tool() run(o: O): void {}\n@tool() other(o: O[]): void {}",
      `interface O {\n${members}\n}`,
    );
    expect(found.map(withoutPlace)).toEqual(reported);
    expect(found.map((warning) => warning.split(" ")[1])).toEqual(reported.map((_, i) => `${4 + 4 * i}:6`));
  });

  it("are reported in the comments of parameters and methods", () => {
    const found = warningsOf(`/**\n${commented}\n */\n@tool() run(\n/**\n${commented}\n */\na: string): void {}`);
    expect(found.map(withoutPlace)).toEqual([...reported, ...reported]);
  });

  it("are reported within a line if a value follows", () => {
    expect(warningsOf("/** @param a How many @max 3 */\n@tool() run(a: number): void {}")).toEqual([
      "MTD240 4:23 S.run: the JSDoc tag @max is unknown, so it is ignored. Write @maximum.",
    ]);
    expect(warningsOf("/** Ask @max or @mini. @param a How many */\n@tool() run(a: number): void {}")).toEqual([]);
  });
});

it("reports a comment before another one, which TypeScript attaches alone", () => {
  const member =
    "/** Lost. */\n/** Kept. */\n@tool() run(o: {\n  /** Lost. */\n  /** Kept. */\n  a: string;\n}): void {}";
  expect(warningsOf(member).map((text) => text.slice(0, 40))).toEqual([
    "MTD142 4:1 S.run: this JSDoc comment is ",
    "MTD142 7:3 S.run: this JSDoc comment is ",
  ]);
});

it("reports where a generic type loses the comment of its type argument, though it keeps it elsewhere", () => {
  const before =
    "/** @format email */\ntype Email = string;\ninterface Box<T> { a: T; b: T extends 1 ? never : T; c: T[] }";
  expect(warningsOf("@tool() run(box: Box<Email>): void {}", before)).toEqual([
    "MTD243 6:22 the JSDoc of 'Email' is lost in 'T extends 1 ? never : T'. Put its tags on the property or parameter, or use a constraint type such as Email or Int<1, 50>.",
  ]);
});

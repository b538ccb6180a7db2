import { describe, expect, it } from "vitest";
import { checkFile } from "./check-file.mjs";

const rulesOf = (source, name = "a.ts") => checkFile(name, source).violations.map(({ rule }) => rule);

describe("the language check", () => {
  it.each([
    ["/** Whether it is open. */", ["doc opens with a question"]],
    ["/**\n * What a caller may do.\n */", ["doc opens with a question"]],
    ["// The text is no JSON.", ["is no X"]],
    ["// The text is\n// no JSON.", ["is no X"]],
    ["/**\n * Reads a text that is\n * none.\n */", ["is none"]],
    ['it("lets nobody in", f);', ["nobody"]],
    ["const text = `Told of ${name} by somebody`;", ["tell of", "somebody"]],
    ["expect(text).toMatch(/is no server/);", ["is no X"]],
    ["// Mends values.", ["mend"]],
    ["const generateArtefact = 1;", ["British: artefact"]],
    ["// Behaviour, serialised.", ["British: behaviour", "British: -ise"]],
    [`// ${"long ".repeat(20)}`, ["comment over 100 columns"]],
    [`const a = 1; // ${"long ".repeat(20)}`, ["comment over 100 columns"]],
  ])("refuses %j", (source, rules) => {
    expect(rulesOf(source)).toEqual(rules);
  });

  it.each([
    ["/** Returns the caller. */"],
    ["/** `Where` clauses of a query. */"],
    ["// There is no server, and it is no longer needed."],
    ['// The option `nobody` and the value "whoever".'],
    ['const subject = "nobody";'],
    ['import { a } from "./beside.ts";'],
    ["const text = 'see constraint-beside-literals.json';"],
    ['const notComment = "// Whether it is a comment";'],
    [`const text = "${"long ".repeat(30)}";`],
    [`// See https://example.com/${"long".repeat(30)}`],
    [`// oxlint-disable-next-line some-rule -- ${"long ".repeat(20)}`],
    ["// The server MUST; the client SHALL."],
  ])("takes %j", (source) => {
    expect(rulesOf(source)).toEqual([]);
  });

  it("finds words in Markdown, in YAML comments and in doc comments of examples", () => {
    expect(rulesOf("Nobody may `shall`.", "a.md")).toEqual(["nobody"]);
    expect(rulesOf("```ts\n/** How many. */\n```", "a.md")).toEqual(["doc opens with a question"]);
    expect(rulesOf("# Nobody asks.\nkey: nobody\n", "a.yaml")).toEqual(["nobody"]);
  });

  it("gives the line, the text and the fix", () => {
    expect(checkFile("a.ts", "const a = 1;\n// The caller's behaviour.\n").violations).toEqual([
      {
        line: 2,
        rule: "British: behaviour",
        text: "// The caller's behaviour.",
        fix: 'Write "behavior".',
      },
    ]);
  });
});

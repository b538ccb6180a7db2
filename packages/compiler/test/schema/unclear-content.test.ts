import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compileProject, type Diagnostic } from "../../src/index.ts";
import { createStubProject } from "../fixtures/stub-project.ts";
import type { TemporaryProject } from "../../../../fixtures/project.ts";

const SDK_FORM = "the form that the official SDK wants";
const unclear = (type: string): string => `in the result: type '${type}' may be content in ${SDK_FORM}, or data.`;
const hidden = (type: string): string => `this content has ${SDK_FORM}, but the method's type '${type}' makes it data.`;

/** The rest of a method after its name, and the message of the diagnostic. */
const CASES: readonly (readonly [method: string, message: string])[] = [
  [
    "(): { content: { type: string; text: string }[] } { return { content: [] }; }",
    unclear("{ content: { type: string; text: string; }[]; }"),
  ],
  ["(): { content: any[] } { return { content: [] }; }", unclear("{ content: any[]; }")],
  [
    "(): { content: unknown[]; isError: boolean } { return { content: [], isError: true }; }",
    unclear("{ content: unknown[]; isError: boolean; }"),
  ],
  [
    '(): { content: { type: "text"; text: string }[]; isError: boolean; id: number } { return null as never; }',
    unclear('{ content: { type: "text"; text: string; }[]; isError: boolean; id: number; }'),
  ],
  ["(): Promise<Note | Reply> { return null as never; }", unclear("Note | Reply")],
  ["(): Reply | null { return null; }", unclear("Reply | null")],
  ['(): unknown { return { content: [{ type: "text", text: "a" }] }; }', hidden("unknown")],
  [
    'async run(x: boolean): Promise<any> { if (x) return { content: [{ type: "text", text: "a" }] }; return 1; }',
    hidden("any"),
  ],
];

let project: TemporaryProject;
let diagnostics: readonly Diagnostic[];

beforeAll(() => {
  const types =
    'interface Note { id: number }\ninterface Reply { content: { type: "text"; text: string }[] }\nexport type { Note, Reply };';
  const files = CASES.map(([method], index) => {
    const member = method.startsWith("async") ? method : `run${method}`;
    return [
      `case-${index}.ts`,
      `import { tool } from "methodic";\n${types}\nexport class Service { @tool() ${member} }\n`,
    ];
  });
  project = createStubProject(Object.fromEntries(files) as Record<string, string>);
  ({ diagnostics } = compileProject({ root: project.root, keepGoing: true }));
});
afterAll(() => project[Symbol.dispose]());

describe("MTD119", () => {
  it.each(CASES.map(([method, message], index) => ({ method, message, file: `case-${index}.ts` })))(
    "is reported for a result that may be content or data: $method",
    ({ file, message }) => {
      const found = diagnostics.filter((diagnostic) => diagnostic.file === file);
      expect(found).toMatchObject([{ code: "MTD119", severity: "error", message: `Service.run: ${message}` }]);
      expect(found[0]?.hint).toContain("Return the text itself, content blocks, or toolResult(");
    },
  );
});

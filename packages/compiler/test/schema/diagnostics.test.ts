import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { compileProject, DIAGNOSTICS, formatDiagnostic, formatDiagnostics, type Diagnostic } from "../../src/index.ts";
import { problems } from "../../src/diagnostics/catalog.ts";
import { CLIENT_DIAGNOSTICS } from "../../src/diagnostics/client-diagnostics.ts";
import { COMPLETION_DIAGNOSTICS } from "../../src/diagnostics/completion-diagnostics.ts";
import { COMPONENT_DIAGNOSTICS } from "../../src/diagnostics/component-diagnostics.ts";
import { DOCUMENTATION_DIAGNOSTICS } from "../../src/diagnostics/documentation-diagnostics.ts";
import { HINT_DIAGNOSTICS } from "../../src/diagnostics/hint-diagnostics.ts";
import { METHOD_DIAGNOSTICS } from "../../src/diagnostics/method-diagnostics.ts";
import { PARAMETER_DIAGNOSTICS } from "../../src/diagnostics/parameter-diagnostics.ts";
import { PARTIAL_TYPE_DIAGNOSTICS } from "../../src/diagnostics/partial-type-diagnostics.ts";
import { PROJECT_DIAGNOSTICS } from "../../src/diagnostics/project-diagnostics.ts";
import { QUESTION_DIAGNOSTICS } from "../../src/diagnostics/question-diagnostics.ts";
import { SERVER_DIAGNOSTICS } from "../../src/diagnostics/server-diagnostics.ts";
import { SITE_DIAGNOSTICS } from "../../src/diagnostics/site-diagnostics.ts";
import { TYPE_DIAGNOSTICS } from "../../src/diagnostics/type-diagnostics.ts";
import { renderPage } from "./diagnostics-page.ts";
import { createStubProject } from "../fixtures/stub-project.ts";

const page = new URL("../../../../docs/diagnostics.md", import.meta.url);

const entries = Object.entries(DIAGNOSTICS).map(([code, description]) => ({ code, ...description }));

describe("the catalog of diagnostics", () => {
  it("equals docs/diagnostics.md", () => {
    if (process.env["UPDATE_DOCS"]) writeFileSync(page, renderPage());
    expect(readFileSync(page, "utf8")).toBe(renderPage());
  });

  it("has an example for every problem of TypeScript sources", () => {
    const without = entries.filter(({ example }) => !example).map(({ code }) => code);
    expect(without).toEqual(["MTD180", "MTD181", "MTD182", "MTD183", "MTD199", "MTD197"]);
  });

  it("is the only source of diagnostics", () => {
    const src = new URL("../../src/", import.meta.url);
    const files = readdirSync(src, { recursive: true, encoding: "utf8" })
      .map((file) => file.replaceAll("\\", "/"))
      .filter((file) => file.endsWith(".ts") && !file.startsWith("diagnostics/"));
    const others = files.filter((file) =>
      /severity: "(?:error|warning)"/.test(readFileSync(new URL(file, src), "utf8")),
    );
    expect(others).toEqual([]);
  });

  it("names every message once", () => {
    const names = [
      TYPE_DIAGNOSTICS,
      PARTIAL_TYPE_DIAGNOSTICS,
      PARAMETER_DIAGNOSTICS,
      METHOD_DIAGNOSTICS,
      DOCUMENTATION_DIAGNOSTICS,
      COMPONENT_DIAGNOSTICS,
      SITE_DIAGNOSTICS,
      QUESTION_DIAGNOSTICS,
      HINT_DIAGNOSTICS,
      PROJECT_DIAGNOSTICS,
      SERVER_DIAGNOSTICS,
      CLIENT_DIAGNOSTICS,
      COMPLETION_DIAGNOSTICS,
    ].flatMap((table) => Object.values(table).flatMap(({ messages }) => Object.keys(messages)));
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(names)).toEqual(new Set(Object.keys(problems)));
  });

  it.each(entries.filter(({ example }) => example))(
    "has an example that reports $code ($title) only",
    ({ code, severity, example }) => {
      const { source, file = "notes.ts", options = {}, withoutPackage = false } = example!;
      const tsconfig = {
        compilerOptions: { strict: true, module: "NodeNext", lib: ["ES2022"], types: [] },
        include: ["*.ts"],
      };
      using project = createStubProject(
        { ...(withoutPackage && { "tsconfig.json": tsconfig }), [file]: source },
        { bare: withoutPackage },
      );
      const { diagnostics } = compileProject({ root: project.root, ...options });
      const found = diagnostics.map((diagnostic) => [diagnostic.code, diagnostic.severity]);
      expect(new Set(found.map((pair) => pair.join(" "))), JSON.stringify(diagnostics, null, 1)).toEqual(
        new Set([`${code} ${severity}`]),
      );
    },
  );
});

describe("formatDiagnostic", () => {
  const diagnostic: Diagnostic = {
    code: "MTD121",
    severity: "error",
    file: "src/notes.ts",
    line: 2,
    column: 4,
    message: "S.m: the element type of 'tags' cannot be read from '[]'.",
    hint: "Write it: tags: string[] = [].",
  };

  it("formats a diagnostic as tsc does", () => {
    expect(formatDiagnostic(diagnostic)).toBe(
      "src/notes.ts:2:4 - error MTD121: S.m: the element type of 'tags' cannot be read from '[]'. Write it: tags: string[] = [].",
    );
  });

  it("shows the source, with the mark below its column at any tab width", () => {
    const text = formatDiagnostic(diagnostic, { readSource: () => "one\n\tm(tags = [])\n" });
    expect(text.split("\n").slice(1)).toEqual(["", "2 | \tm(tags = [])", "  | \t  ^"]);
    expect(formatDiagnostic(diagnostic, { readSource: () => undefined })).not.toContain("\n");
  });

  it("marks a span to the end of its first line and shows related places", () => {
    const sources: Record<string, string> = {
      "src/notes.ts": "\nm(tags = [])\n",
      "src/tags.ts": "export type Tags = {\n",
    };
    const related = [{ file: "src/tags.ts", line: 1, column: 8, endLine: 3, endColumn: 2, message: "Here." }];
    const spanned = { ...diagnostic, column: 3, endLine: 2, endColumn: 12, related };
    const text = formatDiagnostic(spanned, { readSource: (file) => sources[file] });
    expect(text.split("\n").slice(1)).toEqual([
      "",
      "2 | m(tags = [])",
      "  |   ^^^^^^^^^",
      "",
      "  src/tags.ts:1:8 - Here.",
      "",
      "1 | export type Tags = {",
      "  |        ^^^^^^^^^^^^^",
    ]);
  });

  it("colors the text without changing it", () => {
    const text = formatDiagnostic(diagnostic, { color: true });
    expect(text).not.toBe(formatDiagnostic(diagnostic));
    expect(stripVTControlCharacters(text)).toBe(formatDiagnostic(diagnostic));
  });

  it("omits the place of a problem outside files", () => {
    const { hint: _, ...rest } = diagnostic;
    expect(
      formatDiagnostics([
        { ...rest, file: "" },
        { ...rest, severity: "warning", file: "" },
      ]),
    ).toBe(`error MTD121: ${diagnostic.message}\nwarning MTD121: ${diagnostic.message}`);
  });
});

describe("diagnostics of a project", () => {
  it("are sorted plain data that hold no part of the program", () => {
    using project = createStubProject({
      "b.ts":
        'import { tool } from "methodic";\nexport class S { @tool() m(x: symbol, y: WeakMap<WeakKey, 1>): void {} }',
      "a.ts": 'import { tool } from "methodic";\nexport class S { @tool() m(x: symbol): void {} }',
    });
    const { diagnostics } = compileProject({ root: project.root });
    expect(JSON.parse(JSON.stringify(diagnostics))).toEqual(diagnostics);
    expect(diagnostics.map(({ file, column, endColumn }) => `${file} ${column}-${endColumn}`)).toEqual([
      "a.ts 31-37",
      "b.ts 31-37",
      "b.ts 42-61",
    ]);
    expect(JSON.stringify(diagnostics)).not.toContain(project.root);
  });

  it("name the tool and the declaration for a problem of a type in another file", () => {
    using project = createStubProject({
      "notes.ts":
        'import { tool } from "methodic";\nimport type { Note } from "./note.ts";\nexport class S { @tool() m(x: Note): void {} }',
      "note.ts": "export interface Note {\n  readonly id: symbol;\n}",
    });
    const { diagnostics } = compileProject({ root: project.root });
    expect(diagnostics).toMatchObject([
      {
        file: "notes.ts",
        message: "S.m: at x.id: type 'symbol' has no JSON form. (declared at note.ts:2:16)",
        related: [{ file: "note.ts", line: 2, column: 16, endLine: 2, endColumn: 22, message: "It is declared here." }],
      },
    ]);
  });
});

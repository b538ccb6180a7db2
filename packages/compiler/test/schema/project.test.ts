import ts from "typescript";
import { describe, expect, it } from "vitest";
import { buildProject, compileProject, compileServices, loadProject } from "../../src/index.ts";
import { findProjectRoot } from "../../src/project/project-root.ts";
import { inputSchemaOf } from "./compile-files.ts";
import { createStubProject } from "../fixtures/stub-project.ts";

const SERVICE =
  'import { tool } from "methodic";\nexport class S { @tool() run(x: string): Promise<number[]> { return Promise.resolve([x.length]); } }\n';

describe("the tsconfig of a project", () => {
  it("may extend another", () => {
    using project = createStubProject({
      "base.json": { compilerOptions: { strict: true, target: "ES2022", types: [], experimentalDecorators: true } },
      "tsconfig.json": { extends: "./base.json", compilerOptions: { module: "NodeNext" }, include: ["src"] },
      "src/a.ts": SERVICE,
      "other/b.ts": SERVICE,
    });
    const loaded = loadProject({ root: project.root });
    expect(loaded.options).toMatchObject({ experimentalDecorators: true, target: ts.ScriptTarget.ES2022 });
    expect(loaded.files.map(({ fileName }) => fileName.slice(project.root.length + 1))).toEqual(["src/a.ts"]);
  });

  it.each([
    ["ES2025", ["ES2025", "DOM"]],
    ["es2031", ["es2031.iterator"]],
    ["ESNext", undefined],
  ])("has a standard library and lowers decorators with target %s and lib %o of a newer TypeScript", (target, lib) => {
    using project = createStubProject({
      "tsconfig.json": { compilerOptions: { target, ...(lib && { lib }), module: "node22", strict: true, types: [] } },
      "a.ts": SERVICE,
    });
    const loaded = loadProject({ root: project.root });
    expect(loaded.diagnostics).toEqual([]);
    expect(loaded.options.target).toBe(ts.ScriptTarget.ES2024);
    const { services, diagnostics } = compileServices(loaded);
    expect(diagnostics).toEqual([]);
    expect(services[0]?.members.get("run")?.data.outputSchema).toEqual({ type: "array", items: { type: "number" } });
  });

  it("may silence the deprecations of a newer TypeScript", () => {
    using project = createStubProject({
      "tsconfig.json": {
        compilerOptions: {
          ignoreDeprecations: "6.0",
          module: "commonjs",
          moduleResolution: "node10",
          target: "ES2022",
          skipLibCheck: true,
          types: [],
        },
      },
      "a.ts": SERVICE,
    });
    expect(loadProject({ root: project.root }).options.ignoreDeprecations).toBeUndefined();
    expect(buildProject({ root: project.root, outDir: "dist" }).diagnostics).toEqual([]);
  });

  it("keeps null in schemas without strict", () => {
    using project = createStubProject({
      "tsconfig.json": { compilerOptions: { target: "ES2022", module: "NodeNext", types: [] } },
      "a.ts":
        'import { tool } from "methodic";\ninterface I { a?: string | null }\nexport class S { @tool() run(x: Required<I>): void {} }',
    });
    const { services } = compileProject({ root: project.root });
    expect(inputSchemaOf(services["a.ts#S"]?.tools["run"]).properties?.["x"]).toMatchObject({
      properties: { a: { anyOf: [{ type: "string" }, { type: "null" }] } },
    });
  });

  it("may be a solution, whose projects are read from their sources", () => {
    using project = createStubProject({
      "tsconfig.json": { files: [], references: [{ path: "./model" }, { path: "./server" }] },
      "model/tsconfig.json": {
        compilerOptions: {
          composite: true,
          outDir: "../out/model",
          target: "ES2022",
          module: "NodeNext",
          strict: true,
          types: [],
        },
      },
      "model/note.ts": "export interface Note {\n  /** The name. */\n  name: string;\n}\n",
      "server/tsconfig.json": {
        compilerOptions: {
          composite: true,
          outDir: "../out/server",
          target: "ES2022",
          module: "NodeNext",
          strict: true,
          types: [],
        },
        references: [{ path: "../model" }],
      },
      "server/s.ts":
        'import { tool } from "methodic";\nimport type { Note } from "../model/note.js";\nexport class S { @tool() run(x: Note): void {} }',
    });
    for (const root of [project.root, `${project.root}/server`]) {
      const { services, diagnostics } = compileProject({ root });
      expect(diagnostics).toEqual([]);
      expect(inputSchemaOf(Object.values(services)[0]?.tools["run"]).properties?.["x"]).toMatchObject({
        properties: { name: { description: "The name." } },
      });
    }
  });

  it("is reported with its place if it is broken", () => {
    using project = createStubProject({
      "tsconfig.json": '{\n  "compilerOptions": { "module": "nonsense", "newOption": true },\n}',
      "a.ts": SERVICE,
    });
    const { diagnostics } = loadProject({ root: project.root });
    expect(diagnostics.map(({ code, severity, file, line }) => `${code} ${severity} ${file}:${line}`)).toEqual([
      "TS6046 error tsconfig.json:2",
      "TS5023 warning tsconfig.json:2",
    ]);
  });

  it("is reported with its place if its JSON is broken, also in the tsconfig that it extends", () => {
    using project = createStubProject({
      "tsconfig.json":
        '{\n  "extends": "./base.json",\n  "compilerOptions": { "module": "nodenext" "strict": true }\n}',
      "base.json":
        '{\n  // TypeScript allows comments, and commas at the end.\n  "compilerOptions": { "target": "es2022", },\n',
      "a.ts": SERVICE,
    });
    const { diagnostics } = loadProject({ root: project.root });
    expect(diagnostics.map(({ code, severity, file, line }) => `${code} ${severity} ${file}:${line}`)).toEqual([
      "TS1005 error tsconfig.json:3",
      "TS1005 error base.json:4",
    ]);
  });
});

describe("loadProject", () => {
  it("reads all TypeScript of a folder without a tsconfig, except output, tests, packages and hidden files", () => {
    using project = createStubProject(
      {
        "a.ts": SERVICE,
        "b.mts": SERVICE,
        "c.cts": SERVICE,
        "d.tsx": SERVICE,
        "deep/e.ts": SERVICE,
        "dist/f.ts": SERVICE,
        "dist-less/h.test.ts": SERVICE,
        "i.spec.mts": SERVICE,
        "vitest.config.ts": SERVICE,
        ".hidden/g.ts": SERVICE,
        "node_modules/h/h.ts": SERVICE,
        "node_modules/methodic/package.json": { name: "methodic", types: "index.d.ts" },
        "node_modules/methodic/index.d.ts": "export declare function tool(): (...args: unknown[]) => void;",
      },
      { bare: true },
    );
    const { services, stats } = compileProject({ root: project.root });
    expect(Object.keys(services)).toEqual(["a.ts#S", "b.mts#S", "c.cts#S", "d.tsx#S", "deep/e.ts#S"]);
    expect(stats).toMatchObject({ files: 5, services: 5, tools: 5 });
    expect([stats.loadTime, stats.compileTime].every((time) => time > 0)).toBe(true);
  });

  it("adds files with absolute or relative paths to the tsconfig's", () => {
    using project = createStubProject({
      "tsconfig.json": { compilerOptions: { types: [], module: "NodeNext" }, include: ["src"] },
      "src/a.ts": SERVICE,
      "extra/b.ts": SERVICE,
    });
    const loaded = loadProject({ root: project.root, files: ["extra/b.ts"] });
    expect(loaded.files).toHaveLength(2);
    expect(Object.keys(compileProject({ root: project.root, files: [`${project.root}/extra/b.ts`] }).services)).toEqual(
      ["extra/b.ts#S"],
    );
  });

  it("reads the JSDoc of packages, but not of the standard library", () => {
    using project = createStubProject({
      "node_modules/notes/package.json": { name: "notes", types: "index.d.ts" },
      "node_modules/notes/index.d.ts": "export interface Note {\n  /** The name. @minLength 1 */\n  name: string;\n}",
      "a.ts":
        'import { tool } from "methodic";\nimport type { Note } from "notes";\nexport class S { @tool() run(x: Note): void {} }',
    });
    const loaded = loadProject({ root: project.root });
    const library = loaded.program.getSourceFiles().find((file) => file.fileName.endsWith("lib.es5.d.ts"))!;
    expect(library.text).toContain("/**");
    expect(ts.getJSDocCommentsAndTags(library.statements.find((node) => ts.isFunctionDeclaration(node))!)).toEqual([]);
    const { services } = compileServices(loaded);
    expect(inputSchemaOf(services[0]?.members.get("run")?.data).properties?.["x"]).toMatchObject({
      properties: { name: { description: "The name.", minLength: 1 } },
    });
  });

  it("reuses unchanged files of an earlier project, and prefers given texts to the disk", () => {
    using project = createStubProject({ "a.ts": SERVICE, "b.ts": SERVICE });
    const first = loadProject({ root: project.root });
    const changed = `${project.root}/b.ts`;
    const second = loadProject({
      root: project.root,
      previous: first,
      texts: new Map([[changed, SERVICE.replace("x: string", "y: string")]]),
    });
    expect(second.findFile("a.ts")).toBe(first.findFile("a.ts"));
    expect(second.findFile("b.ts")).not.toBe(first.findFile("b.ts"));
    const names = compileServices(second).services.map(({ members }) => members.get("run")?.data.parameters.names);
    expect(names).toEqual([["x"], ["y"]]);
  });
});

describe("findProjectRoot", () => {
  it("finds the nearest folder with a tsconfig, else with a package.json", () => {
    using project = createStubProject({
      "packages/a/tsconfig.json": {},
      "packages/a/src/x.ts": "",
      "packages/b/package.json": {},
      "packages/b/src/y.ts": "",
    });
    expect(findProjectRoot(`${project.root}/packages/a/src/x.ts`)).toBe(`${project.root}/packages/a`);
    expect(findProjectRoot(`${project.root}/packages/b/src/y.ts`)).toBe(project.root);
    using bare = createStubProject({ "packages/b/package.json": {}, "packages/b/src/y.ts": "" }, { bare: true });
    expect(findProjectRoot(`${bare.root}/packages/b/src/y.ts`)).toBe(`${bare.root}/packages/b`);
  });
});

describe("compileProject", () => {
  it("reports only the syntax errors of a broken file, and compiles the others", () => {
    using project = createStubProject({
      "broken.ts": 'import { tool } from "methodic";\nexport class B { @tool() run(x: string, y: ): void {} }\n',
      "sound.ts": SERVICE,
    });
    const { services, diagnostics } = compileProject({ root: project.root, keepGoing: true });
    expect(diagnostics).toMatchObject([{ code: "TS1110", severity: "error", file: "broken.ts", line: 2, column: 44 }]);
    expect(Object.keys(services)).toEqual(["sound.ts#S"]);
  });

  it("reports a method's comment on the line of its class's brace", () => {
    using project = createStubProject({
      "a.ts": 'import { tool } from "methodic";\nexport class A { /** Lost: {@link A}. */ @tool() run(): void {} }\n',
      "b.ts":
        'import { tool } from "methodic";\nexport class B { /** Internal state. */ #x = 1;\n  /** Kept. */\n  @tool() run(): number { return this.#x; } }\n',
    });
    const { services, diagnostics } = compileProject({ root: project.root });
    expect(diagnostics).toMatchObject([{ code: "MTD142", severity: "warning", file: "a.ts", line: 2, column: 18 }]);
    expect(services["a.ts#A"]?.tools["run"]?.description).toBeUndefined();
    expect(services["b.ts#B"]?.tools["run"]?.description).toBe("Kept.");
  });
});

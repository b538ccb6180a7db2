import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { array, assert, constant, constantFrom, oneof, property, record } from "fast-check";
import { describe, expect, it } from "vitest";
import { artifactText, compileProject } from "../../src/index.ts";
import { IncrementalCompiler } from "../../src/watch/incremental-compiler.ts";
import { createStubProject } from "../fixtures/stub-project.ts";
import type { TemporaryProject } from "../../../../fixtures/project.ts";

const CONFIG = { target: "ES2022", lib: ["ES2022"], module: "NodeNext", strict: true, types: [] };

/** The possible texts of each file, starting with the first; undefined for a missing file. */
const STATES: Readonly<Record<string, readonly (string | undefined)[]>> = {
  "src/shapes.ts": [
    "export interface Shape { kind: 'circle' }\n",
    "export interface Shape { kind: 'square'; size?: number }\n",
    "export type Shape = { either: string } | { or: number };\n",
    "export interface Shape { kind: \n",
    undefined,
  ],
  "src/alias.ts": ['export * from "./shapes.js";\n', "export interface Shape { own: true }\n", undefined],
  "src/service.ts": [
    `import { tool } from "methodic";
import type { Shape } from "./alias.js";
export class Service {
  /** Draws. */
  @tool() draw(shape: Shape): string { return ""; }
  @tool() stray(value: Stray): void {}
}
`,
    `import { tool } from "methodic";
export class Service { @tool() draw(shape: import("./shapes.js").Shape, plain: import("./plain.js").Plain): number { return 1; } }
export class Other { @tool() other(): void {} }
`,
    undefined,
  ],
  "src/base.ts": [
    `import { tool } from "methodic";
export class Base<T> { @tool() get(value: T): T { return value; } }
`,
    `import { tool } from "methodic";
import type { Shape } from "./shapes.js";
export class Base<T> { @tool() get(value: Shape): void {} @tool() other(value: T): void {} }
`,
    undefined,
  ],
  "src/derived.ts": [
    'import { Base } from "./base.js";\nexport class Derived extends Base<number> {}\n',
    'import { Base } from "./base.js";\nimport type { Shape } from "./shapes.js";\nexport class Derived extends Base<Shape> {}\n',
    undefined,
  ],
  "src/settings.ts": [
    'import { config } from "methodic";\nimport type { Shape } from "./alias.js";\nexport const shape = config<Shape>();\n',
    'import { config } from "methodic";\nexport const stray = config<Stray>();\n',
    undefined,
  ],
  "src/globals.d.ts": ["interface Stray { at: number }\n", "interface Stray { at: string; also?: Stray }\n", undefined],
  "src/augment.ts": [
    undefined,
    'import "./shapes.js";\ndeclare module "./shapes.js" { interface Shape { extra: string } }\n',
    "declare global { interface Stray { more: boolean } }\nexport {};\n",
  ],
  "src/plain.d.ts": ["export interface Plain { declared: string }\n", undefined],
  "src/plain.ts": [undefined, "export interface Plain { written: string }\n"],
  "tsconfig.json": [
    JSON.stringify({ compilerOptions: CONFIG, include: ["src"] }),
    JSON.stringify({ compilerOptions: CONFIG, include: ["src"], exclude: ["src/derived.ts"] }),
    JSON.stringify({ compilerOptions: { ...CONFIG, exactOptionalPropertyTypes: true }, include: ["src/*.ts"] }),
  ],
};

const edits = oneof(
  ...Object.entries(STATES).map(([file, states]) => record({ file: constant(file), content: constantFrom(...states) })),
);

/** Writes or removes files and returns the paths that a watcher would report. */
function apply(project: TemporaryProject, changes: readonly { file: string; content: string | undefined }[]): string[] {
  return changes.map(({ file, content }) => {
    const fileName = path.posix.join(project.root, file);
    if (content === undefined) rmSync(fileName, { force: true });
    else writeFileSync(fileName, content);
    return fileName;
  });
}

function begin(): TemporaryProject {
  return createStubProject(
    Object.fromEntries(
      Object.entries(STATES).flatMap(([file, [first]]) => (first === undefined ? [] : [[file, first]])),
    ),
  );
}

function expectAsFromScratch(compiler: IncrementalCompiler, { root }: TemporaryProject): void {
  const { services, diagnostics, text, stats } = compiler.result();
  const fresh = compileProject({ root, keepGoing: true });
  expect(diagnostics).toEqual(fresh.diagnostics);
  expect(services).toEqual(fresh.services);
  expect(text).toBe(artifactText(fresh.services, fresh.servers));
  expect({ ...stats, loadTime: 0, compileTime: 0 }).toEqual({ ...fresh.stats, loadTime: 0, compileTime: 0 });
}

describe("IncrementalCompiler", () => {
  it("has the results of a compilation from scratch after any edit, addition or removal", () => {
    assert(
      property(array(array(edits, { minLength: 1, maxLength: 2 }), { minLength: 2, maxLength: 6 }), (steps) => {
        using project = begin();
        const compiler = new IncrementalCompiler({ root: project.root, keepGoing: true });
        for (const step of steps) {
          compiler.update(apply(project, step));
          expectAsFromScratch(compiler, project);
        }
      }),
      { numRuns: 15 },
    );
  });

  it("reports what a server publishes as a compilation from scratch does", () => {
    const server = (text: string): string =>
      `import { createServer, tool } from "methodic";
class Notes {
${text}
@tool() add(): void {} }
export default createServer({ name: "notes", version: "1.0.0", services: [Notes] });\n`;
    using project = createStubProject({ "src/server.ts": server("") });
    const compiler = new IncrementalCompiler({ root: project.root, keepGoing: true });
    const codes = (): string[] => compiler.result().diagnostics.map(({ code }) => code);
    expect(codes()).toEqual(["MTD202"]);
    expectAsFromScratch(compiler, project);
    compiler.update(apply(project, [{ file: "src/server.ts", content: server("/** Adds a note. */") }]));
    expect(codes()).toEqual([]);
    expectAsFromScratch(compiler, project);
  });

  it("compiles only the files that depend on a change", () => {
    using project = begin();
    const compiler = new IncrementalCompiler({ root: project.root, keepGoing: true });
    const write = (file: string, content: string | undefined): readonly string[] | undefined =>
      compiler.update(apply(project, [{ file, content }]));
    expect(write("src/plain.d.ts", "export interface Plain { other: string }\n")).toEqual(["src/base.ts"]);
    expect(write("src/shapes.ts", "export interface Shape { kind: 'oval' }\n")).toEqual([
      "src/alias.ts",
      "src/base.ts",
      "src/service.ts",
      "src/settings.ts",
      "src/shapes.ts",
    ]);
    expect(write("src/globals.d.ts", "interface Stray { at: boolean }\n")?.length).toBe(6);
    expect(write("src/shapes.ts", "export interface Shape { kind: 'oval' }\n")).toBeUndefined();
    expect(write("README.md", "# Read me\n")).toBeUndefined();
    expectAsFromScratch(compiler, project);
  });

  it("notices a folder that is moved away and back, and newly installed packages", () => {
    using project = begin();
    const compiler = new IncrementalCompiler({ root: project.root, keepGoing: true });
    const [here, there] = [path.posix.join(project.root, "src"), path.posix.join(project.root, "elsewhere")];
    for (const [from, to] of [
      [here, there],
      [there, here],
    ] as const) {
      renameSync(from, to);
      compiler.update([from, to]);
      expectAsFromScratch(compiler, project);
    }
    const before = compiler.result();
    const installed = path.posix.join(project.root, "node_modules/@types/stray");
    mkdirSync(installed, { recursive: true });
    writeFileSync(`${installed}/package.json`, '{"name":"@types/stray","types":"index.d.ts"}');
    writeFileSync(`${installed}/index.d.ts`, "interface Stray { installed: boolean }\n");
    compiler.update(
      apply(project, [
        { file: "tsconfig.json", content: JSON.stringify({ compilerOptions: { ...CONFIG, types: ["stray"] } }) },
      ]),
    );
    expectAsFromScratch(compiler, project);
    expect(compiler.result().text).not.toBe(before.text);
    writeFileSync(`${installed}/index.d.ts`, "interface Stray { updated: boolean }\n");
    compiler.update([`${installed}/index.d.ts`]);
    expectAsFromScratch(compiler, project);
    rmSync(installed, { recursive: true });
    compiler.update([installed]);
    expectAsFromScratch(compiler, project);
  });
});

describe("a changed project option", () => {
  it("compiles again, also in a tsconfig that is extended", () => {
    using project = createStubProject({
      "tsconfig.json": { extends: "./base.json", compilerOptions: CONFIG, include: ["src"] },
      "base.json": { methodic: { descriptions: "all" } },
      "src/service.ts":
        'import { tool } from "methodic";\nexport class S {\n  /** @param x The name of it */\n  @tool() run(x: string): void {}\n}\n',
    });
    const compiler = new IncrementalCompiler({ root: project.root });
    expect(compiler.result().text).toContain('"The name of it"');
    project.write("base.json", JSON.stringify({ methodic: { descriptions: { max: 9 } } }));
    expect(compiler.update([project.path("base.json")])).toEqual(["src/service.ts"]);
    expect(compiler.result().text).toContain('"The name…"');
  });
});

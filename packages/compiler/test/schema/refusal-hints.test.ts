import { describe, expect, it } from "vitest";
import { compileProject } from "../../src/index.ts";
import { createStubProject } from "../fixtures/stub-project.ts";

const PACKAGE = `
import type { Signal } from "signals";
import type { Chart } from "charts/types";
import * as lines from "lines";
export type { Axis } from "axes";
export interface Spec { width: number | Signal; title?: string }
export interface Plot { title: string; chart: Chart }
export interface Line { title: string; line: lines.Style }
export interface Data { title: string; scale: import("scales").Scale }
export interface Options {
  host: string;
  port: number;
  agent: Agent;
  on: { error: (error: Error) => void };
}
export interface Busy { a: () => void; b: () => void; c: () => void; d: () => void; e: () => void; f: 1; g: 2 }
declare class Agent { private sockets: number; count: number }
export interface Doc { id: string; save<T>(options: T): T }
`;

/** Compiles a method and returns its errors as `code message hint`. */
function errorsOf(member: string, before = ""): string[] {
  using project = createStubProject({
    "node_modules/plots/package.json": '{ "name": "plots", "version": "1.0.0", "types": "index.d.ts" }',
    "node_modules/plots/index.d.ts": PACKAGE,
    "a.ts": `import { tool } from "methodic";\nimport type * as p from "plots";\nimport type { Options } from "plots";\n${before}\nexport class S {\n${member}\n}\n`,
  });
  return compileProject({ root: project.root })
    .diagnostics.filter(({ severity }) => severity === "error")
    .map(({ code, message, hint }) => `${code} ${message} ${hint}`);
}

const run = (type: string): string => `@tool() run(x: ${type}): void {}`;

describe("a type that cannot be resolved", () => {
  it.each([
    ["p.Spec", "x.width: type 'Signal'", "signals"],
    ["p.Plot", "x.chart: type 'Chart'", "charts/types"],
    ["p.Line", "x.line: type 'lines.Style'", "lines"],
    ["p.Data", "x.scale: type 'import(\"scales\").Scale'", "scales"],
    ["p.Axis", "x: type 'p.Axis'", "axes"],
  ])("names the module that is not found: %s", (type, place, module) => {
    const [error] = errorsOf(run(type));
    expect(error).toContain(`${place} cannot be resolved: the module '${module}' is not found.`);
    expect(error).toContain("Correct the import, or install the package, which may be a peer dependency.");
  });

  it("names the module of a result", () => {
    expect(
      errorsOf("@tool() run(): Promise<Gone> { return null!; }", 'import type { Gone } from "./gone.js";'),
    ).toEqual([
      "MTD110 S.run: in the result: type 'Promise<Gone>' cannot be resolved: the module './gone.js' is not found. Correct the import, or install the package, which may be a peer dependency.",
    ]);
  });
});

describe("a refusal inside a type", () => {
  it.each(["Options", "Options[]", "readonly Options[]", "Array<Options>"])(
    "proposes to leave out the property that leads to it: %s",
    (type) => {
      for (const error of errorsOf(run(type))) expect(error).toContain('Leave it out: Omit<Options, "agent" | "on">.');
    },
  );

  it("proposes to pick others if many properties lead to one", () => {
    const errors = errorsOf(run("p.Busy"));
    expect(errors).toHaveLength(5);
    for (const error of errors) expect(error).toContain('Name the properties that you need: Pick<p.Busy, "f" | "g">.');
  });

  it("has a proposal that compiles", () => {
    expect(errorsOf(run('Omit<Options, "agent" | "on">'))).toEqual([]);
    expect(errorsOf(run('Pick<p.Busy, "f" | "g">'))).toEqual([]);
  });

  it("proposes the same for results", () => {
    expect(errorsOf("@tool() run(): Promise<p.Doc> { return null!; }")).toEqual([
      "MTD103 S.run: in the result: at save: '<T>(options: T) => T' is a function, which JSON cannot carry. Leave it out: Omit<p.Doc, \"save\">.",
    ]);
  });

  it("keeps other advice that an author can follow", () => {
    expect(
      errorsOf(
        run("Own"),
        "interface Own { id: string; agent: Socket; run: () => void }\nclass Socket { private id = 1 }",
      ),
    ).toEqual([
      "MTD111 S.run: at x.agent: class 'Socket' has private or protected members, which JSON cannot carry. Use an interface with the public properties. Or leave it out: Omit<Own, \"agent\">.",
      "MTD103 S.run: at x.run: '() => void' is a function, which JSON cannot carry. Omit it, or use data in its place. A property of an object may be marked @hidden instead.",
    ]);
    expect(errorsOf(run("p.Plot"))[0]).toContain('may be a peer dependency. Or leave it out: Omit<p.Plot, "chart">.');
  });
});

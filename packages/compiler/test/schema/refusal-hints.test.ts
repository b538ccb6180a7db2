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
export type Shape = Round | Square;
export interface Round { kind: "round"; at: RegExp }
export interface Square { kind: "square"; side: number }
export type Sum = { kind: "a"; at: RegExp } | { kind: "b" };
export class Client { private fetch: string; id: string }
export class Id { [Symbol.toStringTag]: string; hex(): string }
export interface Row { id: Id; name: string }
export type Renamed<T> = { [K in keyof T as K extends "size" ? "count" : K]: T[K] };
export interface Store { at: Renamed<Map<string, 1>> }
export interface Model { id: string; _state: string; a(): void; b(): void; c(): void; d(): void; e(): void }
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

  it.each([
    "{ options: Options }",
    "{ list: Options[] }[]",
    "[first: Options, second?: string]",
    "Options & { id: string }",
    "Map<string, Options>",
  ])("proposes it for a named type inside another one: %s", (type) => {
    for (const error of errorsOf(run(type))) expect(error).toContain('Leave it out: Omit<Options, "agent" | "on">.');
  });

  it.each([
    ["Promise<Record<string, Options> | null>", 'Omit<Options, "agent" | "on">.'],
    ["Options | null", 'Omit<Options, "agent" | "on">.'],
    ['import("plots").Row & { z: import("plots").Options }', 'Omit<import("plots").Options, "agent" | "on">.'],
    ["p.Shape", "Leave it out: Exclude<p.Shape, Round>."],
    ["p.Sum", "Use an interface with the properties that you need."],
  ])("proposes it for a named type inside a result: %s", (type, proposal) => {
    const errors = errorsOf(`@tool() run(): ${type} { return null!; }`);
    expect(errors).not.toEqual([]);
    for (const error of errors) expect(error).toContain(proposal);
  });

  it("counts the methods of a type from which properties are picked", () => {
    expect(errorsOf(run("p.Model"))).toEqual([
      expect.stringContaining('Name the properties that you need: Pick<p.Model, "id">.'),
    ]);
  });

  it("picks the author's properties of a type of a package", () => {
    expect(errorsOf(run("p.Model & Own"), "interface Own { name: string }")).toEqual([
      expect.stringContaining('Pick<p.Model, "id">.'),
    ]);
    expect(errorsOf(run("Document"), "interface Document extends p.Model { name: string }")).toEqual([
      expect.stringContaining('Pick<Document, "name">.'),
    ]);
  });

  it("does not advise to change a class of a package", () => {
    expect(errorsOf("@tool() run(): p.Client { return null!; }")).toEqual([
      "MTD111 S.run: in the result: class 'Client' has the private or protected property 'fetch', which would be sent: JSON.stringify does not know modifiers. Return an object with the properties that a model needs.",
    ]);
  });

  it("explains properties that symbols name", () => {
    expect(errorsOf(run("p.Id"))).toEqual([
      "MTD102 S.run: at x: type 'Id' has no JSON form. Use an interface with the properties you need.",
    ]);
    expect(errorsOf(run("p.Row"))).toEqual([
      expect.stringMatching(/^MTD102 S.run: at x.id: type 'Id' has no JSON form. .* Leave it out: Omit<p.Row, "id">.$/),
    ]);
    expect(errorsOf(run("p.Renamed<Map<string, 1>>"))).toEqual([
      "MTD102 S.run: at x: type 'Renamed<Map<string, 1>>' has no JSON form. It copies the members of Map, which JSON cannot carry. Apply it to plain objects only.",
    ]);
  });

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
      'MTD111 S.run: at x.agent: class \'Socket\' has private or protected members, which JSON cannot carry. Use an interface with the public properties. Or leave it out: Omit<Own, "agent" | "run">.',
      "MTD103 S.run: at x.run: '() => void' is a function, which JSON cannot carry. Omit it, or use data in its place. A property of an object may be marked @hidden instead.",
    ]);
    expect(errorsOf(run("p.Plot"))[0]).toContain('may be a peer dependency. Or leave it out: Omit<p.Plot, "chart">.');
  });
});

import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import { transformSync, type Options } from "@swc/core";
import { minify } from "terser";
import { describe, expect, it } from "vitest";
import { buildProject } from "../../src/build/build.ts";
import { patchProject } from "../../src/build/patch.ts";
import { createServicesProject, DIALECTS, WHERE_AM_I, type Dialect } from "../fixtures/services-project.ts";
import { connect } from "../../../../fixtures/stdio-client.ts";
import { expectEveryClass } from "../fixtures/every-class.ts";
import { createProject, type TemporaryProject } from "../../../../fixtures/project.ts";

const require = createRequire(import.meta.url);

/** Compiles a project into `dist/` without Methodic. */
type Compile = (project: TemporaryProject, dialect: Dialect) => void;

/** TypeScript 5 and 6, in this process: what they write is what their `tsc` writes. */
function typescript(name: string): Compile {
  return ({ root }) => {
    const ts = require(name) as typeof import("typescript");
    const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {} };
    const config = ts.getParsedCommandLineOfConfigFile(path.join(root, "tsconfig.json"), undefined, host);
    ts.createProgram(config?.fileNames ?? [], config?.options ?? {}).emit();
  };
}

/** TypeScript 7, a separate program. */
const compile: Compile = ({ root }) => {
  const program = path.join(path.dirname(require.resolve("typescript-7/package.json")), "bin/tsc");
  execFileSync(process.execPath, [program, "-p", "tsconfig.json"], { cwd: root });
};

function swc(more: Options): Compile {
  return (project, dialect) => {
    for (const name of readdirSync(project.path("src"))) {
      const fileName = project.path(`src/${name}`);
      const { code, map } = transformSync(readFileSync(fileName, "utf8"), {
        filename: fileName,
        swcrc: false,
        sourceMaps: true,
        jsc: {
          target: "es2022",
          parser: { syntax: "typescript", decorators: true },
          transform:
            dialect === "legacy" ? { legacyDecorator: true } : { legacyDecorator: false, decoratorVersion: "2022-03" },
        },
        ...more,
      });
      const output = name.replace(/ts$/, "js");
      project.write(`dist/${output}`, `${code}\n//# sourceMappingURL=${output}.map\n`);
      project.write(`dist/${output}.map`, map ?? "");
    }
  };
}

const COMPILERS: readonly (readonly [name: string, compile: Compile])[] = [
  ["TypeScript 5.9", typescript("typescript")],
  ["TypeScript 6", typescript("typescript-6")],
  ["TypeScript 7", compile],
  ["swc", swc({ module: { type: "es6" } })],
];

/** The text of every file in `dist/`. */
function readOutput(project: TemporaryProject): Record<string, string> {
  return Object.fromEntries(
    readdirSync(project.path("dist")).map((name) => [name, readFileSync(project.path(`dist/${name}`), "utf8")]),
  );
}

describe.each(DIALECTS)("JavaScript in the %s dialect", (dialect) => {
  it.each(COMPILERS)("of %s runs as a server with every class once it is patched", async (_name, compileProject) => {
    using project = createServicesProject({ dialect });
    compileProject(project, dialect);
    const before = readOutput(project);
    const result = patchProject({ root: project.root });
    expect(result).toMatchObject({ diagnostics: [], stats: { services: 5, tools: 6 } });
    expect(result.files.filter((file) => file.endsWith(".js"))).toEqual([
      "dist/anonymous.js",
      "dist/notes.js",
      "dist/repository.js",
      "dist/search.js",
      "dist/users.js",
    ]);
    // No line moves: what was there stays where it was, but for the line of a class's brace.
    const lines = (text: string): string[] => text.split("\n");
    const notes = lines(readOutput(project)["notes.js"] ?? "");
    const moved = lines(before["notes.js"] ?? "").filter((line, index) => line !== "" && notes[index] !== line);
    expect(moved).toEqual([expect.stringMatching(/class Service \{$/), expect.stringContaining("sourceMappingURL")]);
    await using server = await connect(["--enable-source-maps", "dist/main.js"], { cwd: project.root });
    await expectEveryClass(server);
    expect((await server.callTool("where_am_i")).text).toContain(WHERE_AM_I);
  });

  it("can be minified afterwards", async () => {
    using project = createServicesProject({ dialect });
    compile(project, dialect);
    patchProject({ root: project.root });
    for (const [name, text] of Object.entries(readOutput(project)).filter(([file]) => file.endsWith(".js"))) {
      const { code } = await minify(text, { module: true, mangle: { toplevel: true } });
      project.write(`dist/${name}`, code ?? "");
    }
    await using server = await connect(["dist/main.js"], { cwd: project.root });
    await expectEveryClass(server);
  });

  it("may be CommonJS", async () => {
    using project = createServicesProject({ dialect, packageJson: { type: "commonjs" } });
    project.write("src/main.ts", 'import server from "./server.js";\nvoid server.serve();\n');
    compile(project, dialect);
    expect(patchProject({ root: project.root }).diagnostics).toEqual([]);
    await using server = await connect(["dist/main.js"], { cwd: project.root });
    await expectEveryClass(server);
  });
});

describe("a patch", () => {
  it("that is repeated changes nothing, and after a change of types only the manifest", () => {
    using project = createServicesProject({ dialect: "standard" });
    compile(project, "standard");
    patchProject({ root: project.root });
    const first = readOutput(project);
    expect(patchProject({ root: project.root })).toMatchObject({ files: [], diagnostics: [], stats: { tools: 6 } });
    expect(readOutput(project)).toEqual(first);
    project.write("src/hits.ts", "export interface Hits { hits: readonly string[]; total?: number }\n");
    expect(patchProject({ root: project.root }).files).toEqual(["dist/search.js", "dist/search.js.map"]);
    expect(readOutput(project)["search.js"]).toContain("total");
    project.write("src/hits.ts", "export interface Hits { hits: string[] }\n");
    patchProject({ root: project.root });
    expect(readOutput(project)).toEqual(first);
  });

  it("keeps source maps right, inline ones too, on the line of the brace", () => {
    const source =
      'import { tool } from "methodic"; export class A { @tool() one(): void { throw new Error("x"); } }\n';
    using project = createProject({
      "package.json": { type: "module" },
      "tsconfig.json": { compilerOptions: { target: "ES2022", lib: ["ES2022"], module: "NodeNext", types: [] } },
      "a.ts": source,
    });
    const { code, map } = transformSync(source, {
      filename: project.path("a.ts"),
      swcrc: false,
      sourceMaps: true,
      minify: true,
      jsc: {
        target: "es2022",
        parser: { syntax: "typescript", decorators: true },
        transform: { legacyDecorator: true },
      },
    });
    const inline = Buffer.from(map ?? "").toString("base64");
    project.write("dist/a.js", `${code}\n//# sourceMappingURL=data:application/json;base64,${inline}`);
    expect(patchProject({ root: project.root })).toMatchObject({ diagnostics: [], files: ["dist/a.js"] });
    const patched = readFileSync(project.path("dist/a.js"), "utf8");
    const trace = new TraceMap(Buffer.from(patched.split("base64,").at(-1) ?? "", "base64").toString());
    const line = patched.split("\n").findIndex((text) => text.includes("class A"));
    const column = patched.split("\n")[line]?.indexOf("throw") ?? -1;
    expect(originalPositionFor(trace, { line: line + 1, column })).toMatchObject({
      line: 1,
      column: source.indexOf("throw"),
    });
    expect(patchProject({ root: project.root }).files).toEqual([]);
  });

  it("tells classes of one name and one shape apart by their order", async () => {
    const method = (text: string): string => `@tool() where(place: "${text}"): string { return place; }`;
    using project = createServicesProject({
      dialect: "standard",
      files: {
        "src/server.ts": `import { createServer, tool } from "methodic";
function make(first: boolean): object {
  if (first) { class Local { ${method("first")} } return new Local(); }
  class Local { ${method("second")} }
  return new Local();
}
export default createServer({ name: "order", version: "1.0.0", services: [make(false)] });
`,
      },
    });
    compile(project, "standard");
    expect(patchProject({ root: project.root }).diagnostics).toEqual([]);
    await using server = await connect(["dist/main.js"], { cwd: project.root });
    const { tools } = await server.client.listTools();
    expect(JSON.stringify(tools[0]?.inputSchema)).toContain("second");
  });

  it("finds the output of several layouts, and of the folder it is told", () => {
    using project = createServicesProject({ dialect: "legacy", compilerOptions: { rootDir: ".", outDir: "build/js" } });
    compile(project, "legacy");
    expect(patchProject({ root: project.root }).files).toContain("build/js/src/notes.js");
    expect(patchProject({ root: project.root, outDir: "elsewhere" }).diagnostics[0]).toMatchObject({
      code: "MTD180",
      file: "src/anonymous.ts",
      message: expect.stringContaining("'elsewhere/src/anonymous.js'"),
    });
  });
});

describe("a patch that cannot be right", () => {
  const codes = (project: TemporaryProject): string[] =>
    patchProject({ root: project.root }).diagnostics.map(({ code, message }) => `${code} ${message}`);

  it("reports every file that was not compiled, and writes nothing", () => {
    using project = createServicesProject({ dialect: "legacy" });
    expect(codes(project)).toHaveLength(5);
    compile(project, "legacy");
    const before = readOutput(project);
    project.write("dist/notes.js", "export class Other {}\n");
    expect(codes(project)).toEqual(["MTD181 'dist/notes.js' does not contain class Service as its source defines it."]);
    expect(readOutput(project)).toEqual({ ...before, "notes.js": "export class Other {}\n" });
  });

  it("notices a method whose parameters have changed since", () => {
    using project = createServicesProject({ dialect: "legacy" });
    compile(project, "legacy");
    const text = readFileSync(project.path("src/notes.ts"), "utf8");
    project.write("src/notes.ts", text.replace("name: string, level: Level = Level.Low", "level: Level, name: string"));
    expect(codes(project)).toEqual([
      "MTD181 'dist/notes.js' does not contain Service.addNote as its source defines it.",
    ]);
  });

  it("notices a source that has changed since, where the source map holds the old one", () => {
    using project = createServicesProject({ dialect: "legacy", compilerOptions: { inlineSources: true } });
    compile(project, "legacy");
    project.write("src/hits.ts", `${readFileSync(project.path("src/hits.ts"), "utf8")}\n`);
    project.write(
      "src/search.ts",
      readFileSync(project.path("src/search.ts"), "utf8").replace("limit: number", "limit: 5 | 10"),
    );
    expect(codes(project)).toEqual([
      "MTD181 'dist/search.js' was compiled from a different text, according to its source map.",
    ]);
  });

  it("notices classes that were compiled away", () => {
    using project = createServicesProject({ dialect: "legacy" });
    swc({ module: { type: "es6" }, jsc: { target: "es5", parser: { syntax: "typescript", decorators: true } } })(
      project,
      "legacy",
    );
    expect(codes(project)[0]).toMatch(/^MTD181 /);
  });

  it("warns of decorators that were not compiled away", () => {
    using project = createServicesProject({ dialect: "standard", compilerOptions: { target: "ESNext" } });
    typescript("typescript")(project, "standard");
    const { files, diagnostics } = patchProject({ root: project.root });
    expect(files).toContain("dist/search.js");
    expect(new Set(diagnostics.map(({ code, severity }) => `${code} ${severity}`))).toEqual(
      new Set(["MTD183 warning"]),
    );
    expect(diagnostics.map(({ file }) => file)).toContain("src/search.ts");
  });

  it("leaves the output of a Methodic build alone", () => {
    using project = createServicesProject({ dialect: "legacy" });
    buildProject({ root: project.root });
    expect(codes(project)[0]).toMatch(/^MTD182 'dist\/anonymous\.js' already contains manifests/);
  });

  it("refuses what a build refuses", () => {
    using project = createServicesProject({
      dialect: "legacy",
      files: { "src/hits.ts": "export type Hits = { f(): void };\n" },
    });
    expect(codes(project)).toEqual([expect.stringMatching(/^MTD10\d Service\.search: /)]);
  });
});

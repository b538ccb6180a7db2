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

/** Runs TypeScript 5 or 6 in this process; the output is the same as that of `tsc`. */
function compileInProcess(packageName: string): Compile {
  return ({ root }) => {
    const ts = require(packageName) as typeof import("typescript");
    const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {} };
    const config = ts.getParsedCommandLineOfConfigFile(path.join(root, "tsconfig.json"), undefined, host);
    ts.createProgram(config?.fileNames ?? [], config?.options ?? {}).emit();
  };
}

/** Runs TypeScript 7, which can only run as a separate process. */
const compileWithTypeScript7: Compile = ({ root }) => {
  const tsc = path.join(path.dirname(require.resolve("typescript-7/package.json")), "bin/tsc");
  execFileSync(process.execPath, [tsc, "-p", "tsconfig.json"], { cwd: root });
};

function compileWithSwc(options: Options): Compile {
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
        ...options,
      });
      const output = name.replace(/ts$/, "js");
      project.write(`dist/${output}`, `${code}\n//# sourceMappingURL=${output}.map\n`);
      project.write(`dist/${output}.map`, map ?? "");
    }
  };
}

const COMPILERS: readonly (readonly [name: string, compile: Compile])[] = [
  ["TypeScript 5.9", compileInProcess("typescript")],
  ["TypeScript 6", compileInProcess("typescript-6")],
  ["TypeScript 7", compileWithTypeScript7],
  ["swc", compileWithSwc({ module: { type: "es6" } })],
];

/** Reads every file in `dist/`, by name. */
function readOutput(project: TemporaryProject): Record<string, string> {
  return Object.fromEntries(
    readdirSync(project.path("dist")).map((name) => [name, readFileSync(project.path(`dist/${name}`), "utf8")]),
  );
}

describe.each(DIALECTS)("patchProject in the %s dialect", (dialect) => {
  it.each(COMPILERS)("turns output of %s into a server that serves every class", async (_name, compileProject) => {
    using project = createServicesProject({ dialect });
    compileProject(project, dialect);
    const before = readOutput(project);
    const result = patchProject({ root: project.root });
    expect(result).toMatchObject({ diagnostics: [], stats: { services: 6, tools: 7 } });
    expect(result.files.filter((file) => file.endsWith(".js"))).toEqual([
      "dist/anonymous.js",
      "dist/dishes.js",
      "dist/notes.js",
      "dist/orders.js",
      "dist/repository.js",
      "dist/search.js",
      "dist/server.js",
      "dist/settings.js",
      "dist/users.js",
    ]);
    // Apart from the source map comment, only the line with a class's brace changes.
    const lines = (text: string): string[] => text.split("\n");
    const notes = lines(readOutput(project)["notes.js"] ?? "");
    const changed = lines(before["notes.js"] ?? "").filter((line, index) => line !== "" && notes[index] !== line);
    expect(changed).toEqual([expect.stringMatching(/class Service \{$/), expect.stringContaining("sourceMappingURL")]);
    await using server = await connect(["--enable-source-maps", "dist/main.js"], { cwd: project.root });
    await expectEveryClass(server);
    expect((await server.callTool("where_am_i")).text).toContain(WHERE_AM_I);
  });

  it("writes JavaScript that can be minified afterwards", async () => {
    using project = createServicesProject({ dialect });
    compileWithTypeScript7(project, dialect);
    patchProject({ root: project.root });
    for (const [name, text] of Object.entries(readOutput(project)).filter(([file]) => file.endsWith(".js"))) {
      const { code } = await minify(text, { module: true, mangle: { toplevel: true } });
      project.write(`dist/${name}`, code ?? "");
    }
    await using server = await connect(["dist/main.js"], { cwd: project.root });
    await expectEveryClass(server);
  });

  it("patches CommonJS", async () => {
    using project = createServicesProject({ dialect, packageJson: { type: "commonjs" } });
    project.write("src/main.ts", 'import server from "./server.js";\nvoid server.serve();\n');
    compileWithTypeScript7(project, dialect);
    expect(patchProject({ root: project.root }).diagnostics).toEqual([]);
    await using server = await connect(["dist/main.js"], { cwd: project.root });
    await expectEveryClass(server);
  });
});

describe("patchProject", () => {
  it("changes nothing when repeated, and only the manifest after a change of types", () => {
    using project = createServicesProject({ dialect: "standard" });
    compileWithTypeScript7(project, "standard");
    patchProject({ root: project.root });
    const first = readOutput(project);
    expect(patchProject({ root: project.root })).toMatchObject({ files: [], diagnostics: [], stats: { tools: 7 } });
    expect(readOutput(project)).toEqual(first);
    project.write("src/hits.ts", "export interface Hits { hits: readonly string[]; total?: number }\n");
    expect(patchProject({ root: project.root }).files).toEqual(["dist/search.js", "dist/search.js.map"]);
    expect(readOutput(project)["search.js"]).toContain("total");
    project.write("src/hits.ts", "export interface Hits { hits: string[] }\n");
    patchProject({ root: project.root });
    expect(readOutput(project)).toEqual(first);
  });

  it("corrects inline source maps on the line of the class's brace", () => {
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

  it("tells classes with the same name and shape apart by their order", async () => {
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
    compileWithTypeScript7(project, "standard");
    expect(patchProject({ root: project.root }).diagnostics).toEqual([]);
    await using server = await connect(["dist/main.js"], { cwd: project.root });
    const { tools } = await server.client.listTools();
    expect(JSON.stringify(tools[0]?.inputSchema)).toContain("second");
  });

  it("finds the output below rootDir and in the outDir of the options", () => {
    using project = createServicesProject({ dialect: "legacy", compilerOptions: { rootDir: ".", outDir: "build/js" } });
    compileWithTypeScript7(project, "legacy");
    expect(patchProject({ root: project.root }).files).toContain("build/js/src/notes.js");
    expect(patchProject({ root: project.root, outDir: "elsewhere" }).diagnostics[0]).toMatchObject({
      code: "MTD180",
      file: "src/anonymous.ts",
      message: expect.stringContaining("'elsewhere/src/anonymous.js'"),
    });
  });
});

describe("patchProject with mismatched JavaScript", () => {
  const listProblems = (project: TemporaryProject): string[] =>
    patchProject({ root: project.root }).diagnostics.map(({ code, message }) => `${code} ${message}`);

  it("reports every file that was not compiled, and writes nothing", () => {
    using project = createServicesProject({ dialect: "legacy" });
    expect(listProblems(project)).toHaveLength(9);
    compileWithTypeScript7(project, "legacy");
    const before = readOutput(project);
    project.write("dist/notes.js", "export class Other {}\n");
    expect(listProblems(project)).toEqual([
      "MTD181 'dist/notes.js' does not contain class Service as its source defines it.",
    ]);
    expect(readOutput(project)).toEqual({ ...before, "notes.js": "export class Other {}\n" });
  });

  it("rejects output whose method parameters differ from the source", () => {
    using project = createServicesProject({ dialect: "legacy" });
    compileWithTypeScript7(project, "legacy");
    const text = readFileSync(project.path("src/notes.ts"), "utf8");
    project.write("src/notes.ts", text.replace("name: string, level: Level = Level.Low", "level: Level, name: string"));
    expect(listProblems(project)).toEqual([
      "MTD181 'dist/notes.js' does not contain Service.addNote as its source defines it.",
    ]);
  });

  it("rejects output whose source map embeds an older source", () => {
    using project = createServicesProject({ dialect: "legacy", compilerOptions: { inlineSources: true } });
    compileWithTypeScript7(project, "legacy");
    project.write("src/hits.ts", `${readFileSync(project.path("src/hits.ts"), "utf8")}\n`);
    project.write(
      "src/search.ts",
      readFileSync(project.path("src/search.ts"), "utf8").replace("limit: number", "limit: 5 | 10"),
    );
    expect(listProblems(project)).toEqual([
      "MTD181 'dist/search.js' was compiled from a different text, according to its source map.",
    ]);
  });

  it("rejects output whose classes were compiled to functions", () => {
    using project = createServicesProject({ dialect: "legacy" });
    compileWithSwc({
      module: { type: "es6" },
      jsc: { target: "es5", parser: { syntax: "typescript", decorators: true } },
    })(project, "legacy");
    expect(listProblems(project)[0]).toMatch(/^MTD181 /);
  });

  it("warns about decorators that were not compiled", () => {
    using project = createServicesProject({ dialect: "standard", compilerOptions: { target: "ESNext" } });
    compileInProcess("typescript")(project, "standard");
    const { files, diagnostics } = patchProject({ root: project.root });
    expect(files).toContain("dist/search.js");
    expect(new Set(diagnostics.map(({ code, severity }) => `${code} ${severity}`))).toEqual(
      new Set(["MTD183 warning"]),
    );
    expect(diagnostics.map(({ file }) => file)).toContain("src/search.ts");
  });

  it("refuses to patch the output of a Methodic build", () => {
    using project = createServicesProject({ dialect: "legacy" });
    buildProject({ root: project.root });
    expect(listProblems(project)[0]).toMatch(/^MTD182 'dist\/anonymous\.js' already contains manifests/);
  });

  it("reports the same schema errors as a build", () => {
    using project = createServicesProject({
      dialect: "legacy",
      files: { "src/hits.ts": "export type Hits = { f(): void };\n" },
    });
    expect(listProblems(project)).toEqual([expect.stringMatching(/^MTD10\d Service\.search: /)]);
  });
});

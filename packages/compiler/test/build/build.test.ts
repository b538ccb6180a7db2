import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import { describe, expect, it } from "vitest";
import { buildProject } from "../../src/build/build.ts";
import { patchProject } from "../../src/build/patch.ts";
import { createServicesProject, DIALECTS, WHERE_AM_I } from "../fixtures/services-project.ts";
import { connect } from "../../../../fixtures/stdio-client.ts";
import { expectEveryClass } from "../fixtures/every-class.ts";
import { createProject } from "../../../../fixtures/project.ts";

const TSCONFIG = {
  compilerOptions: {
    target: "ES2022",
    lib: ["ES2022"],
    module: "NodeNext",
    types: [],
    strict: true,
    skipLibCheck: true,
  },
};

describe.each(DIALECTS)("buildProject in the %s dialect", (dialect) => {
  it("writes a server that serves every class", async () => {
    using project = createServicesProject({ dialect });
    const result = buildProject({ root: project.root });
    expect(result).toMatchObject({ diagnostics: [], stats: { tools: 7, resources: 0, prompts: 0 } });
    expect(result.files).toContain("dist/notes.js");
    expect(result.files).toContain("dist/notes.d.ts");
    expect(result.files).toContain("dist/notes.js.map");
    expect(readdirSync(project.path("dist")).filter((name) => name.endsWith(".tmp"))).toEqual([]);
    await using server = await connect(["--enable-source-maps", "dist/main.js"], { cwd: project.root });
    await expectEveryClass(server);
    expect((await server.callTool("where_am_i")).text).toContain(WHERE_AM_I);
  });

  it("writes JavaScript for a project whose tsconfig sets noEmit", async () => {
    const compilerOptions = { target: "ESNext", noEmit: true, allowImportingTsExtensions: true, declaration: false };
    using project = createServicesProject({ dialect, compilerOptions });
    project.write("src/main.ts", 'import server from "./server.ts";\nawait server.serve();\n');
    const { files, diagnostics } = buildProject({ root: project.root });
    expect(diagnostics).toEqual([]);
    expect(files.filter((file) => file.endsWith(".d.ts"))).toEqual([]);
    await using server = await connect(["dist/main.js"], { cwd: project.root });
    await expectEveryClass(server);
  });

  it("writes CommonJS for a CommonJS project", async () => {
    using project = createServicesProject({ dialect, packageJson: { type: "commonjs" } });
    project.write("src/main.ts", 'import server from "./server.js";\nvoid server.serve();\n');
    expect(buildProject({ root: project.root }).diagnostics).toEqual([]);
    expect(readFileSync(project.path("dist/notes.js"), "utf8")).toContain('require("methodic/manifest")');
    await using server = await connect(["dist/main.js"], { cwd: project.root });
    await expectEveryClass(server);
  });

  it("supports module CommonJS, where TypeScript 5 cannot resolve the types of methodic", async () => {
    const compilerOptions = { module: "CommonJS", esModuleInterop: true, emitDecoratorMetadata: dialect === "legacy" };
    using project = createServicesProject({ dialect, compilerOptions, packageJson: { type: "commonjs" } });
    project.write("src/main.ts", 'import server from "./server";\nvoid server.serve();\n');
    expect(buildProject({ root: project.root }).diagnostics).toEqual([]);
    await using server = await connect(["dist/main.js"], { cwd: project.root });
    await expectEveryClass(server);
  });

  it("writes source maps that lead to the line and column of the source", () => {
    using project = createServicesProject({ dialect });
    buildProject({ root: project.root });
    const lines = readFileSync(project.path("dist/notes.js"), "utf8").split("\n");
    const line = lines.findIndex((text) => text.includes("new Error("));
    const map = new TraceMap(readFileSync(project.path("dist/notes.js.map"), "utf8"));
    const [, sourceLine, sourceColumn] = WHERE_AM_I.split(":").map(Number);
    expect(
      originalPositionFor(map, { line: line + 1, column: lines[line]?.indexOf("new Error(") ?? -1 }),
    ).toMatchObject({
      source: "../src/notes.ts",
      line: sourceLine,
      column: (sourceColumn ?? 0) - 1,
    });
  });
});

describe("buildProject for a composite project", () => {
  it("writes where tsc writes, and reads the sources of the referenced project", () => {
    const compilerOptions = { ...TSCONFIG.compilerOptions, composite: true, outDir: "dist" };
    using workspace = createProject({
      "package.json": { type: "module" },
      "library/tsconfig.json": { compilerOptions },
      "library/src/base.ts":
        'import { tool } from "methodic";\nexport abstract class Base<T> { @tool() run(value: T): T { return value; } }\n',
      "app/tsconfig.json": { compilerOptions, references: [{ path: "../library" }] },
      "app/src/service.ts":
        'import { Base } from "../../library/src/base.js";\nexport class Service extends Base<string> {}\n',
    });
    const library = buildProject({ root: workspace.path("library") });
    expect(library.diagnostics).toEqual([]);
    expect(library.files).toContain("dist/src/base.js");
    const app = buildProject({ root: workspace.path("app") });
    expect(app).toMatchObject({ diagnostics: [], stats: { services: 1 } });
    expect(app.files).toEqual(["dist/src/service.d.ts", "dist/src/service.js", "dist/src/service.js.map"]);
  });
});

describe("a solution with project references only", () => {
  const settings = {
    compilerOptions: { ...TSCONFIG.compilerOptions, composite: true, rootDir: "src" },
    include: ["src"],
  };
  const service = (name: string): string =>
    `import { tool } from "methodic";\nexport class ${name} { @tool() run(value: string): string { return value; } }\n`;
  const files = {
    "package.json": { name: "solution", type: "module" },
    "tsconfig.json": { files: [], references: [{ path: "./library" }, { path: "./app" }] },
    "library/tsconfig.json": settings,
    "library/src/base.ts": service("Base"),
    "app/tsconfig.json": { ...settings, references: [{ path: "../library" }] },
    "app/src/service.ts": `import { Base } from "../../library/src/base.js";\nexport const base = Base;\n${service("Service")}`,
  };
  const outputs = (...stems: string[]): string[] =>
    stems.flatMap((stem) => [`${stem}.d.ts`, `${stem}.js`, `${stem}.js.map`]);

  it("is built project by project, each into a separate folder", () => {
    using workspace = createProject(files);
    const result = buildProject({ root: workspace.root });
    expect(result).toMatchObject({ diagnostics: [], stats: { services: 2 } });
    expect(result.files).toEqual(outputs("app/dist/service", "library/dist/base"));
    expect(buildProject({ root: workspace.root, outDir: "out" }).files).toEqual(
      outputs("out/app/service", "out/library/base"),
    );
  });

  it("is built once if it and another solution refer to each other", () => {
    using workspace = createProject({
      ...files,
      "tsconfig.json": { files: [], references: [{ path: "./more" }, { path: "./app" }] },
      "more/tsconfig.json": { files: [], references: [{ path: ".." }, { path: "../library" }] },
    });
    const result = buildProject({ root: workspace.root });
    expect(result).toMatchObject({ diagnostics: [], stats: { services: 2 } });
    expect(result.files).toEqual(outputs("app/dist/service", "library/dist/base"));
  });

  it("is reported as an error if no project is found", () => {
    using workspace = createProject({
      "tsconfig.json": { files: [], references: [{ path: "./more" }] },
      "more/tsconfig.json": { files: [], references: [{ path: ".." }] },
    });
    const { diagnostics, files: written } = buildProject({ root: workspace.root });
    expect(diagnostics.map(({ severity }) => severity)).toContain("error");
    expect(written).toEqual([]);
  });

  it("is not written at all if one of its projects has an error", () => {
    using workspace = createProject({ ...files, "app/src/wrong.ts": "export const n: number = 'x';\n" });
    expect(buildProject({ root: workspace.root })).toMatchObject({
      files: [],
      diagnostics: [{ file: "app/src/wrong.ts" }],
    });
    expect(existsSync(workspace.path("library/dist"))).toBe(false);
  });

  it("is patched project by project, with every missing output reported", () => {
    using workspace = createProject(files);
    expect(patchProject({ root: workspace.root }).diagnostics).toMatchObject([
      { code: "MTD180", message: expect.stringContaining("'app/dist/service.js'") },
      { code: "MTD180", message: expect.stringContaining("'library/dist/base.js'") },
    ]);
  });
});

describe("buildProject with errors", () => {
  it("reports type errors and Methodic diagnostics together and keeps the last build", () => {
    using project = createServicesProject({ dialect: "standard" });
    buildProject({ root: project.root });
    const before = statSync(project.path("dist/notes.js")).mtimeMs;
    project.write(
      "src/level.ts",
      "export const enum Level { Low = 1, High = 2 }\nexport const wrong: number = 'text';\n",
    );
    project.write("src/hits.ts", "export interface Hits { hits: Map<number, string> }\n");
    const result = buildProject({ root: project.root });
    expect(result.files).toEqual([]);
    expect(result.diagnostics.map(({ code, file, line }) => ({ code, file, line }))).toEqual(
      expect.arrayContaining([
        { code: "TS2322", file: "src/level.ts", line: 2 },
        { code: "MTD102", file: "src/search.ts", line: 5 },
      ]),
    );
    expect(statSync(project.path("dist/notes.js")).mtimeMs).toBe(before);
  });

  it("reports what has no declaration, once, and writes nothing", () => {
    const source = "export const create = () => class { private value = 1; };\n";
    using project = createProject({ "tsconfig.json": TSCONFIG, "server.ts": source });
    expect(buildProject({ root: project.root })).toMatchObject({
      files: [],
      diagnostics: [{ code: "TS4094", file: "server.ts", line: 1, column: 14 }],
    });
    expect(existsSync(project.path("dist"))).toBe(false);
  });

  it("creates no output folder on a first build", () => {
    using project = createProject({ "tsconfig.json": TSCONFIG, "server.ts": "export const n: number = 'x';\n" });
    expect(buildProject({ root: project.root })).toMatchObject({
      files: [],
      diagnostics: [{ code: "TS2322", file: "server.ts", line: 1, column: 14 }],
    });
    expect(existsSync(project.path("dist"))).toBe(false);
  });

  it("reports no null errors for a project that is not strict", () => {
    const loose = { compilerOptions: { ...TSCONFIG.compilerOptions, strict: false } };
    using project = createProject({ "tsconfig.json": loose, "server.ts": "export const text: string = null;\n" });
    expect(buildProject({ root: project.root }).diagnostics).toEqual([]);
    const nullChecks = { compilerOptions: { ...loose.compilerOptions, strictNullChecks: true } };
    project.write("tsconfig.json", JSON.stringify(nullChecks));
    expect(buildProject({ root: project.root }).diagnostics).toMatchObject([{ code: "TS2322" }]);
  });
});

describe("buildProject output", () => {
  it("goes to dist by default, which the next build does not read as input", () => {
    using project = createProject({ "tsconfig.json": TSCONFIG, "server.ts": "export const n: number = 1;\n" });
    const first = buildProject({ root: project.root });
    expect(first).toMatchObject({
      diagnostics: [],
      files: ["dist/server.d.ts", "dist/server.js", "dist/server.js.map"],
    });
    expect(buildProject({ root: project.root })).toEqual(first);
  });

  it("goes to outDir, and follows the tsconfig of the options", () => {
    using project = createProject({
      "tsconfig.build.json": { ...TSCONFIG, files: ["b.ts"] },
      "a.ts": "export {};\n",
      "b.ts": "export {};\n",
    });
    const { files } = buildProject({ root: project.root, tsconfig: "tsconfig.build.json", outDir: "out" });
    expect(files).toEqual(["out/b.d.ts", "out/b.js", "out/b.js.map"]);
  });

  it("goes to dist without a tsconfig, with imports that Node can resolve", () => {
    using project = createProject({
      "package.json": { type: "module" },
      "server.ts": "export const n: number = 1;\n",
      "main.ts": 'import { n } from "./server.ts";\nexport const m: number = n;\n',
    });
    expect(buildProject({ root: project.root })).toMatchObject({
      diagnostics: [],
      files: expect.arrayContaining(["dist/server.js"]),
    });
    expect(readFileSync(project.path("dist/main.js"), "utf8")).toContain('from "./server.js"');
  });
});

import { stripVTControlCharacters } from "node:util";
import { symlinkSync, mkdirSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { runNode, type Outcome } from "../../../../fixtures/process.ts";
import { createServicesProject, DIALECTS, WHERE_AM_I } from "../fixtures/services-project.ts";
import { connect } from "../../../../fixtures/stdio-client.ts";
import { expectEveryClass } from "../fixtures/every-class.ts";
import { createProject, type TemporaryProject } from "../../../../fixtures/project.ts";

/** The built loader: Node cannot load it from its TypeScript sources. */
const REGISTER = pathToFileURL(fileURLToPath(new URL("../../dist/register.js", import.meta.url))).href;
const LOADER = ["--import", REGISTER] as const;

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

function runSource(project: TemporaryProject, file: string, env: Record<string, string> = {}): Promise<Outcome> {
  return runNode([...LOADER, file], { cwd: project.root, env });
}

const TSX = import.meta.resolve("tsx");
const TSX_COMMAND = fileURLToPath(import.meta.resolve("tsx/cli"));

describe("with tsx, the loader", () => {
  it.each([
    ["tsx --import register", [TSX_COMMAND, ...LOADER]],
    ["node --import register --import tsx", [...LOADER, "--import", TSX]],
    ["node --import tsx --import register", ["--import", TSX, ...LOADER]],
  ])("serves every class: %s", async (_command, args) => {
    using project = createServicesProject({ dialect: "standard" });
    await using server = await connect([...args, "src/main.ts"], { cwd: project.root });
    await expectEveryClass(server);
  });

  it("is required: without it, the error names the class that tsx compiled, and the fix", async () => {
    using project = createServicesProject({
      dialect: "standard",
      files: {
        "src/settings.ts":
          "export const settings = { kind: 'user', since: new Date(0) };\nexport const until = { days: 3 };\n",
      },
    });
    const { exitCode, stderr } = await runNode([TSX_COMMAND, "src/main.ts"], { cwd: project.root });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/\w+\.\w+ is decorated, but \w+ has no manifest for it: .*@methodic\/compiler\/register/);
  });
});

describe.each(DIALECTS)("node --import register in the %s dialect", (dialect) => {
  it("serves every class from TypeScript sources, with source positions in stacks", async () => {
    using project = createServicesProject({ dialect });
    await using server = await connect([...LOADER, "src/main.ts"], { cwd: project.root });
    await expectEveryClass(server);
    expect((await server.callTool("where_am_i")).text).toContain(WHERE_AM_I);
  });

  it("serves a CommonJS project", async () => {
    using project = createServicesProject({ dialect, packageJson: { type: "commonjs" } });
    project.write("src/main.ts", 'import server from "./server";\nvoid server.serve();\n');
    await using server = await connect([...LOADER, "src/main.ts"], { cwd: project.root });
    await expectEveryClass(server);
    expect((await server.callTool("where_am_i")).text).toContain(WHERE_AM_I);
  });

  it("serves a project with bundler settings, despite type errors", async () => {
    using project = createServicesProject({
      dialect,
      compilerOptions: {
        target: "ESNext",
        module: "ESNext",
        moduleResolution: "Bundler",
        noEmit: true,
        allowImportingTsExtensions: true,
        paths: { "@/*": ["./src/*"] },
      },
      files: { "src/wrong.ts": "export const wrong: number = 'text';\n" },
    });
    project.write(
      "src/main.ts",
      'import server from "@/server";\nimport { wrong } from "./wrong";\nif (wrong) await server.serve();\n',
    );
    await using server = await connect([...LOADER, "src/main.ts"], { cwd: project.root });
    await expectEveryClass(server);
  });
});

describe("node --import register for a project with problems", () => {
  it("exits with a list of all problems and no stack", async () => {
    using project = createServicesProject({
      dialect: "standard",
      files: {
        "src/hits.ts": "export interface Hits { hits: Map<number, string> }\n",
        "src/level.ts": "export type Level = Uppercase<string>;\nexport declare const Level: { Low: never };\n",
      },
    });
    const { exitCode, stdout, stderr } = await runSource(project, "src/main.ts");
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toMatch(/^src\/notes\.ts:\d+:\d+ - error MTD\d+: Service\.addNote: /m);
    expect(stderr).toMatch(/^src\/search\.ts:5:\d+ - error MTD102: Service\.search: /m);
    expect(stderr).toMatch(/\nFound 2 errors\.\n$/);
    expect(stderr).not.toMatch(/\n\s+at |node:internal/);
    expect(stderr).not.toContain("\u001b");
  });

  it("shows colors and a code frame if FORCE_COLOR is set", async () => {
    using project = createServicesProject({
      dialect: "standard",
      files: { "src/hits.ts": "export interface Hits { hits: Map<number, string> }\n" },
    });
    const { stderr } = await runSource(project, "src/main.ts", { FORCE_COLOR: "1" });
    expect(stderr).toContain("\u001b[");
    expect(stripVTControlCharacters(stderr)).toContain("5 |   @tool() search(query: string");
  });

  it("reports syntax errors before any module runs", async () => {
    using project = createProject({
      "package.json": { type: "module" },
      "tsconfig.json": TSCONFIG,
      "main.ts": 'import "./plain.js";\nconsole.log("started");\n',
      "plain.ts": "export default {{{;\n",
    });
    const { exitCode, stdout, stderr } = await runSource(project, "main.ts");
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toMatch(/^plain\.ts:1:17 - error TS1136: /);
  });

  it("reports the errors of a broken tsconfig", async () => {
    using project = createServicesProject({
      dialect: "standard",
      files: { "tsconfig.json": '{ "compilerOptions": { "module": "nonsense" } }' },
    });
    const { exitCode, stderr } = await runSource(project, "src/main.ts");
    expect(exitCode).toBe(1);
    expect(stderr).toContain("TS6046");
  });
});

describe("node --import register for modules", () => {
  it("shows where a module throws and which module is missing", async () => {
    using project = createProject({
      "package.json": { type: "module" },
      "tsconfig.json": TSCONFIG,
      "throws.ts": "interface Unused { a: string }\n\n  throw new Error('boom');\n",
      "imports.ts": 'import { gone } from "./gone.js";\nconsole.log(gone);\n',
    });
    const thrown = await runSource(project, "throws.ts");
    expect(thrown.exitCode).toBe(1);
    expect(thrown.stderr).toMatch(/throws\.ts:3:9/);
    const missing = await runSource(project, "imports.ts");
    expect(missing.exitCode).toBe(1);
    expect(missing.stderr).toMatch(/Cannot find module .*gone\.js/);
  });

  it("leaves JavaScript and installed packages to Node", async () => {
    using project = createProject({
      "package.json": { type: "module" },
      "tsconfig.json": TSCONFIG,
      "main.ts":
        'import { plain } from "./plain.js";\nimport installed from "installed";\nconsole.log(plain, installed);\n',
      "plain.js": "export const plain = new Error('x').stack.includes('plain.js:1:22');\n",
      "plain.d.ts": "export declare const plain: boolean;\n",
      "node_modules/installed/package.json": { name: "installed", type: "module", exports: "./index.js" },
      "node_modules/installed/index.js": "export default 'as installed';\n",
    });
    expect(await runSource(project, "main.ts")).toEqual({ exitCode: 0, stdout: "true as installed\n", stderr: "" });
  });

  it("compiles workspace packages that are linked as sources", async () => {
    using project = createProject({
      "package.json": { type: "module" },
      "app/package.json": { type: "module" },
      "app/tsconfig.json": TSCONFIG,
      "app/main.ts":
        'import { Linked } from "linked";\nconsole.log(Linked.name, Symbol.for("methodic.manifest") in Linked);\n',
      "linked/package.json": { name: "linked", type: "module", exports: "./index.ts" },
      "linked/index.ts":
        'import { tool } from "methodic";\nexport class Linked { @tool() a(): string { return "a"; } }\n',
    });
    mkdirSync(project.path("app/node_modules"));
    symlinkSync(project.path("linked"), project.path("app/node_modules/linked"), "dir");
    expect(await runSource(project, "app/main.ts")).toEqual({ exitCode: 0, stdout: "Linked true\n", stderr: "" });
  });

  it("compiles imported modules outside the tsconfig, or without one", async () => {
    using project = createProject({
      "package.json": { type: "module" },
      "tsconfig.json": { ...TSCONFIG, files: ["main.ts"] },
      "main.ts":
        'const name = "./extra/late.js";\nconst { Late } = await import(name);\nconsole.log(Symbol.for("methodic.manifest") in Late);\n',
      "extra/late.ts": 'import { tool } from "methodic";\nexport class Late { @tool() a(): string { return "a"; } }\n',
      "bare/package.json": { type: "module" },
    });
    expect(await runSource(project, "main.ts")).toEqual({ exitCode: 0, stdout: "true\n", stderr: "" });
    using bare = createProject({
      "package.json": { type: "module" },
      "main.ts":
        'import { tool } from "methodic";\nclass A { @tool() a(): string { return "a"; } }\nconsole.log(Symbol.for("methodic.manifest") in A);\n',
    });
    expect(await runSource(bare, "main.ts")).toEqual({ exitCode: 0, stdout: "true\n", stderr: "" });
  });

  it("inlines const enums of other files and drops type imports", async () => {
    using project = createProject({
      "package.json": { type: "module" },
      "tsconfig.json": TSCONFIG,
      "main.ts":
        'import { Shape, Size } from "./types.js";\nconst shape: Shape = { size: Size.Large };\nconsole.log(shape.size);\n',
      "types.ts": "export const enum Size { Large = 9 }\nexport interface Shape { size: Size }\n",
    });
    expect(await runSource(project, "main.ts")).toEqual({ exitCode: 0, stdout: "9\n", stderr: "" });
  });
});

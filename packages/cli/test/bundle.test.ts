import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Client as LegacyClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as LegacyStdio } from "@modelcontextprotocol/sdk/client/stdio.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { METHODIC, methodic } from "../../../fixtures/methodic.ts";
import { createNotesProject, type Dialect } from "../../../fixtures/notes-project.ts";
import { succeed } from "../../../fixtures/process.ts";
import { createProject, type TemporaryProject } from "../../../fixtures/project.ts";
import { connect } from "../../../fixtures/stdio-client.ts";

const DIALECTS: readonly Dialect[] = ["standard", "legacy"];

async function bundle(project: TemporaryProject, ...args: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await methodic(["build", project.root, "--bundle", ...args]);
  expect({ exitCode, stdout, stderr }).toMatchObject({ exitCode: 0, stdout: "" });
  return stderr;
}

/** Copies a file alone to a folder without packages. */
function moveAway(file: string, folder: string): string {
  const moved = path.join(folder, path.basename(file));
  cpSync(file, moved);
  return moved;
}

/**
 * Creates a project with features that break bundles: CommonJS, JSON, dynamic imports, top-level
 * await.
 */
function createMixedProject(main: string): TemporaryProject {
  const project = createNotesProject();
  project.write("node_modules/old-style/package.json", { name: "old-style", version: "1.0.0", main: "lib/index.js" });
  project.write(
    "node_modules/old-style/lib/index.js",
    `const { EOL } = require("os");
const { name } = require("../package.json");
let optional;
try { optional = require("not-installed"); } catch { optional = "absent"; }
exports.describe = () => [name, typeof EOL, optional].join();
`,
  );
  project.write("node_modules/old-style/lib/index.d.ts", "export function describe(): string;");
  project.write("node_modules/new-style/package.json", {
    name: "new-style",
    version: "2.3.4",
    type: "module",
    exports: { types: "./index.d.ts", default: "./index.js" },
  });
  project.write(
    "node_modules/new-style/index.js",
    `import { createRequire } from "node:module";
const require = createRequire(import.meta.url);
const { version } = require("./package.json");
export const found = (name) => { try { require.resolve(name); return true; } catch { return false; } };
export default version;
`,
  );
  project.write(
    "node_modules/new-style/index.d.ts",
    "declare const version: string; export default version; export function found(name: string): boolean;",
  );
  project.write("src/data.json", { answer: 42 });
  project.write("src/late.ts", `globalThis.loaded?.push("late");\nexport const late = "in time";\n`);
  project.write("src/globals.d.ts", "declare var loaded: string[] | undefined;");
  project.write("src/waits.ts", "export const waited: string = await Promise.resolve('done');\n");
  project.write(
    "src/mixed.ts",
    `import { tool } from "methodic";
import { describe } from "old-style";
import version, { found } from "new-style";
import data from "./data.json" with { type: "json" };
import { waited } from "./waits.ts";

globalThis.loaded = [];

export class Mixed {
  /** Everything. */
  @tool() async all(): Promise<string[]> {
    const before = [...(globalThis.loaded ?? [])];
    const { late } = await import("./late.ts");
    return [describe(), version, String(found("node:fs")), String(data.answer), waited, before.join(), late, this.constructor.name];
  }
}
`,
  );
  project.write(
    "src/server.ts",
    `import { createServer } from "methodic";
import { Mixed } from "./mixed.ts";

export default createServer({ name: "mixed", version: "1.0.0", services: [Mixed] });
`,
  );
  project.write("src/main.ts", main);
  return project;
}

const MIXED = ["old-style,string,absent", "2.3.4", "true", "42", "done", "", "in time", "Mixed"];

describe("methodic build --bundle", () => {
  const plain = { standard: createNotesProject("standard"), legacy: createNotesProject("legacy") };
  const summaries: Partial<Record<Dialect, string>> = {};
  beforeAll(async () => {
    for (const dialect of DIALECTS) summaries[dialect] = await bundle(plain[dialect]);
  });
  afterAll(() => {
    for (const dialect of DIALECTS) plain[dialect][Symbol.dispose]();
  });

  test.each(DIALECTS)(
    "makes a file that serves both official clients without packages, %s decorators",
    async (dialect) => {
      const project = plain[dialect];
      using folder = createProject({}, { isolated: true });
      expect(summaries[dialect]).toMatch(
        /^1 service: 1 tool, 1 resource\. src\/server\.ts -> dist\/server\.mjs \(\d+ kB\)\n$/,
      );
      expect(readdirSync(project.path("dist")).sort()).toEqual(["server.mjs", "server.mjs.map"]);
      const moved = moveAway(project.path("dist/server.mjs"), folder.root);

      await using modern = await connect([moved], { cwd: folder.root });
      expect(await modern.call("add_note", { name: "a" })).toBe("a (1)");
      const [schema] = (await modern.client.listTools()).tools;
      expect(schema?.inputSchema.properties).toEqual({
        name: { type: "string" },
        priority: { type: "number", default: 1 },
      });

      const legacy = new LegacyClient({ name: "test", version: "1.0.0" });
      await legacy.connect(new LegacyStdio({ command: process.execPath, args: [moved], cwd: folder.root }));
      const { content } = await legacy.callTool({ name: "add_note", arguments: { name: "b", priority: 2 } });
      expect(content).toEqual([{ type: "text", text: "b (2)" }]);
      await legacy.close();
    },
  );

  test.each([[[]], [["--minify"]]])("bundles CommonJS, JSON, dynamic imports and top-level await %j", async (flags) => {
    using project = createMixedProject(`import server from "./server.ts";\n\nawait server.serve();\n`);
    using folder = createProject({}, { isolated: true });
    await bundle(project, ...flags);
    await using server = await connect([moveAway(project.path("dist/main.mjs"), folder.root)], { cwd: folder.root });
    expect(JSON.parse(await server.call("all"))).toEqual(MIXED);
  });

  test("writes a smaller file with --minify, and a source map that leads to the sources", async () => {
    using project = createNotesProject();
    project.write(
      "src/notes.ts",
      `import { tool } from "methodic";

export class Notes {
  @tool() addNote(name: string): string {
    throw new Error(\`no room for \${name}\`);
  }
}
`,
    );
    await bundle(project, "--minify");
    const size = readFileSync(plain.standard.path("dist/server.mjs")).length;
    expect(readFileSync(project.path("dist/server.mjs")).length).toBeLessThan(0.7 * size);
    await using server = await connect(["--enable-source-maps", project.path("dist/server.mjs")], {
      cwd: project.root,
    });
    expect(await server.call("add_note", { name: "a" })).toBe("no room for a");
    await expect.poll(() => server.stderr()).toMatch(/src[/\\]notes\.ts:5:15/);
  });

  test("makes a file that starts nothing on import and runs with `methodic run`", async () => {
    const project = plain.standard;
    project.write(
      "import.mjs",
      `import * as all from "./dist/server.mjs";\nprocess.stdout.write(all.default.name + Object.keys(all));\n`,
    );
    expect(await succeed(process.execPath, ["import.mjs"], { cwd: project.root })).toBe("notesdefault");
    await using server = await connect([METHODIC, "run", "dist/server.mjs"], { cwd: project.root });
    expect(await server.call("add_note", { name: "a" })).toBe("a (1)");
  });

  test("serves an entry once that exports a server and serves it", async () => {
    using project = createNotesProject();
    project.write(
      "src/main.ts",
      `import server from "./server.ts";\nexport default server;\nif (process.argv[2] !== "no") void server.serve();\ndeclare const process: { argv: string[] };\n`,
    );
    await bundle(project);
    await using server = await connect([project.path("dist/main.mjs")], { cwd: project.root });
    expect(await server.call("add_note", { name: "a" })).toBe("a (1)");
    expect(server.stderr()).toBe("");
  });

  test("leaves out packages with native code and prints the command that installs them", async () => {
    using project = createNotesProject();
    using folder = createProject({}, { isolated: true });
    project.write("node_modules/fast-native/package.json", {
      name: "fast-native",
      version: "3.2.1",
      optionalDependencies: { "@fast/linux-x64-gnu": "3.2.1" },
    });
    project.write("node_modules/fast-native/index.js", "exports.answer = () => 'native';\n");
    project.write("node_modules/fast-native/index.d.ts", "export function answer(): string;");
    project.write("node_modules/plain/package.json", { name: "plain", version: "1.0.0" });
    project.write("node_modules/plain/index.js", "exports.answer = () => 'plain';\n");
    project.write("node_modules/plain/index.d.ts", "export function answer(): string;");
    project.write(
      "src/notes.ts",
      `import { tool } from "methodic";
import { answer as native } from "fast-native";
import { answer as plain } from "plain";

export class Notes {
  @tool() answers(): string { return native() + plain(); }
}
`,
    );
    expect(await bundle(project, "--external", "plain")).toContain(
      "Not in the bundle (fast-native: native code, which cannot be bundled). Install them next to the bundle: npm install fast-native@3.2.1 plain@1.0.0\n",
    );
    const moved = moveAway(project.path("dist/server.mjs"), folder.root);
    cpSync(project.path("node_modules"), path.join(folder.root, "node_modules"), { recursive: true });
    await using server = await connect([moved], { cwd: folder.root });
    expect(await server.call("answers")).toBe("nativeplain");
  });

  test("copies external packages next to the file with --copy-external, in every required version", async () => {
    using project = createNotesProject();
    using folder = createProject({}, { isolated: true });
    const write = (name: string, manifest: object, code: string): void => {
      project.write(`node_modules/${name}/package.json`, { version: "1.0.0", ...manifest });
      project.write(`node_modules/${name}/index.js`, code);
    };
    write("deep", { name: "deep" }, "module.exports = 'deep 1';\n");
    write("old", { name: "old", dependencies: { deep: "^2.0.0" } }, "module.exports = require('deep');\n");
    write("old/node_modules/deep", { name: "deep", version: "2.0.0" }, "module.exports = 'deep 2';\n");
    write(
      "native",
      {
        name: "native",
        gypfile: true,
        dependencies: { deep: "^1.0.0", old: "*" },
        optionalDependencies: { "native-win32-x64": "*" },
      },
      "exports.all = [require('deep'), require('old')].join();\n",
    );
    project.write("node_modules/native/index.d.ts", "export const all: string;");
    project.write(
      "src/notes.ts",
      `import { tool } from "methodic";\nimport { all } from "native";\nexport class Notes { @tool() all(): string { return all; } }\n`,
    );
    for (const _ of ["once", "again"]) {
      const stderr = await bundle(project, "--copy-external", "--out-file", path.join(folder.root, "main.mjs"));
      expect(stderr).toMatch(/Not in the bundle \(native: .*\)\. Copied to .*node_modules: native@1\.0\.0\n/);
    }
    await using server = await connect([path.join(folder.root, "main.mjs")], { cwd: folder.root });
    expect(await server.call("all")).toBe("deep 1,deep 2");
    expect(readdirSync(folder.root).sort()).toEqual(["main.mjs", "main.mjs.map", "node_modules"]);
  });

  test("starts from the entry of package.json and keeps its shebang", async () => {
    using project = createNotesProject();
    project.write("package.json", { name: "notes", type: "module", bin: { notes: "./dist/bin/start.js" } });
    project.write(
      "src/bin/start.ts",
      `#!/usr/bin/env node\nimport server from "../server.ts";\n\nawait server.serve();\n`,
    );
    expect(await bundle(project)).toContain("src/bin/start.ts -> dist/start.mjs");
    expect(readFileSync(project.path("dist/start.mjs"), "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
    await using server = await connect([project.path("dist/start.mjs")], { cwd: project.root });
    expect(await server.call("add_note", { name: "a" })).toBe("a (1)");
  });
});

describe("methodic build --bundle, on failure,", () => {
  async function fail(
    project: TemporaryProject,
    ...args: string[]
  ): Promise<{ exitCode: number | null; stderr: string }> {
    const { exitCode, stderr } = await methodic(["build", project.root, "--bundle", "--format", "text", ...args]);
    return { exitCode, stderr: stderr.replaceAll(project.root, "…").replaceAll("\\", "/") };
  }

  test("reports type errors and diagnostics like a build and keeps the last bundle", async () => {
    using project = createNotesProject();
    project.write("dist/server.mjs", "// The last bundle.\n");
    const before = readFileSync(project.path("dist/server.mjs"));
    project.write(
      "src/notes.ts",
      `import { tool } from "methodic";\nexport class Notes { @tool() f(x): number { return ""; } }\n`,
    );
    const { exitCode, stderr } = await fail(project);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/src\/notes\.ts:2:\d+ - error MTD\d+/);
    expect(stderr).toMatch(/src\/notes\.ts:2:\d+ - error TS2322/);
    expect(stderr).toContain("Nothing was written.");
    expect(readFileSync(project.path("dist/server.mjs"))).toEqual(before);
  });

  test("reports a project without an entry", async () => {
    using project = createProject({ "src/notes.ts": "export const a = 1;\n", "package.json": { type: "module" } });
    const { exitCode, stderr } = await fail(project);
    expect(exitCode).toBe(1);
    expect(stderr).toBe(
      "methodic: found no entry module (no src/main.ts, none in package.json, no src/server, src/index, main, server, index). Name it with --entry <file>.\n",
    );
  });

  test("reports an entry that is missing, or lacks the default export that the runtime serves", async () => {
    using project = createNotesProject();
    expect((await fail(project, "--entry", "src/nowhere.ts")).stderr).toBe(
      "methodic: the entry 'src/nowhere.ts' does not exist (looked for …/src/nowhere.ts).\n",
    );
    const { stderr } = await fail(project, "--entry", "src/notes.ts", "--target", "bun");
    expect(stderr).toContain("src/notes.ts: no default export, which the target 'bun' serves. Write: ");
  });

  test("reports a dependency with an import that is not installed", async () => {
    using project = createNotesProject();
    project.write("node_modules/broken/package.json", { name: "broken", type: "module", exports: "./index.js" });
    project.write("node_modules/broken/index.js", `import { x } from "nowhere-to-be-found";\nexport const y = x;\n`);
    project.write("src/broken.d.ts", `declare module "broken" { export const y: string; }\n`);
    project.write(
      "src/main.ts",
      `import { y } from "broken";\nimport server from "./server.ts";\nawait server.serve();\nexport const z = y;\n`,
    );
    const { exitCode, stderr } = await fail(project);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr:
        "methodic: cannot bundle 'src/main.ts': 'nowhere-to-be-found', which …/node_modules/broken/index.js imports, is not installed. Install it, or leave it out with --external nowhere-to-be-found\n",
    });
    expect(existsSync(project.path("dist"))).toBe(false);
  });

  test("refuses to overwrite a file of the build", async () => {
    using project = createNotesProject();
    project.write("src/main.mts", `import server from "./server.js";\nawait server.serve();\n`);
    const { exitCode, stderr } = await fail(project);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr:
        "methodic: the bundle would overwrite '…/dist/main.mjs', a file of 'methodic build'. Choose another with --out-file.\n",
    });
    await bundle(project, "--out-file", project.path("out/server.mjs"));
    expect(readdirSync(project.path("out")).sort()).toEqual(["server.mjs", "server.mjs.map"]);
  });

  test("rejects flags without a meaning for the command", async () => {
    using project = createNotesProject();
    expect(await methodic(["build", project.root, "--out-file", "x.mjs"])).toMatchObject({
      exitCode: 2,
      stderr: "methodic: --out-file applies to bundles only. Add --bundle.\n",
    });
    expect(await methodic(["build", project.root, "--bundle", "--watch"])).toMatchObject({ exitCode: 2 });
  });

  test("refuses to replace a node_modules folder that it has not created", async () => {
    using project = createNotesProject();
    project.write("node_modules/native/package.json", { name: "native", version: "1.0.0", gypfile: true });
    project.write("node_modules/native/index.js", "exports.x = 1;\n");
    project.write("node_modules/native/index.d.ts", "export const x: number;");
    project.write(
      "src/main.ts",
      `import { x } from "native";\nexport { default } from "./server.ts";\nexport const y = x;\n`,
    );
    const { exitCode, stderr } = await fail(project, "--copy-external", "--out-file", project.path("main.mjs"));
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr:
        "methodic: '…/node_modules' was not created by --copy-external and is left alone. Write the bundle elsewhere with --out-dir.\n",
    });
    expect(existsSync(project.path("node_modules/native/index.js"))).toBe(true);
  });

  test("reports an output folder that cannot be written", async () => {
    using project = createNotesProject();
    writeFileSync(project.path("dist"), "a file");
    const { exitCode, stderr } = await fail(project);
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/^methodic: cannot write the bundle: /),
    });
  });
});

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { transformSync } from "@swc/core";
import { describe, expect, it } from "vitest";
import { patchProject } from "../../src/build/patch.ts";
import { createProject, type TemporaryProject } from "../../../../fixtures/project.ts";

const require = createRequire(import.meta.url);

/** Each call reads the same variable as another type. */
const SOURCE = `import * as methodic from "methodic";
import { config as read } from "methodic";

const env = { VALUE: "1" };
/** Another function with the same name. */
const other = { config: <T,>(options: object): T => options as T };

function load(): unknown[] {
  const text = read<{ value: string }>({ env });
  return [text, other.config<object>({ value: 0 }), methodic.config<{ value: number }>({ env },)];
}
async function later(): Promise<unknown[]> {
  await Promise.resolve();
  return [read<{ value: boolean }>({ env, /* none */ })];
}
class Reader {
  static config(): unknown { return (read)<{ value: bigint }>({ env }) as { value: bigint }; }
}
later().then((more) => {
  const all = [...load(), ...more, Reader.config(), read<{ other?: string }>()];
  console.log(all.map((value) => Object.values(value as object).map((item) => typeof item + " " + String(item)).join()).join(" | "));
});
`;

const OUTPUT = "string 1 | number 0 | number 1 | boolean true | bigint 1 | \n";

function createCallsProject(type: "module" | "commonjs", target: string, source = SOURCE): TemporaryProject {
  return createProject({
    "package.json": { type },
    "tsconfig.json": {
      compilerOptions: { target, lib: ["ES2022", "DOM"], module: "NodeNext", types: [], strict: true, outDir: "dist" },
    },
    "main.ts": source,
  });
}

function compileWithTypeScript({ root }: TemporaryProject): void {
  const tsc = path.join(path.dirname(require.resolve("typescript-7/package.json")), "bin/tsc");
  execFileSync(process.execPath, [tsc, "-p", "tsconfig.json"], { cwd: root });
}

function run(project: TemporaryProject): string {
  return execFileSync(process.execPath, ["dist/main.js"], { cwd: project.root, encoding: "utf8" });
}

describe("patchProject for a module with calls of config and without services", () => {
  it.each([
    ["module", "ES2022"],
    ["commonjs", "ES2022"],
    ["commonjs", "ES2015"],
  ] as const)("gives each call its own schema, in the output of tsc for %s and %s", (type, target) => {
    using project = createCallsProject(type, target);
    compileWithTypeScript(project);
    const patch = patchProject({ root: project.root });
    expect(patch).toMatchObject({ diagnostics: [], files: ["dist/main.js"] });
    expect(run(project)).toBe(OUTPUT);
    expect(patchProject({ root: project.root })).toMatchObject({ diagnostics: [], files: [] });
  });

  it.each(["es6", "commonjs"] as const)("gives each call its own schema, in %s of swc", (module) => {
    using project = createCallsProject(module === "es6" ? "module" : "commonjs", "ES2017");
    const { code } = transformSync(SOURCE, {
      swcrc: false,
      jsc: { target: "es2016", parser: { syntax: "typescript" } },
      module: { type: module },
    });
    project.write("dist/main.js", code);
    expect(patchProject({ root: project.root }).diagnostics).toEqual([]);
    expect(run(project)).toBe(OUTPUT);
  });

  it("changes only the schema after a change of the type", () => {
    using project = createCallsProject("module", "ES2022");
    compileWithTypeScript(project);
    const before = readFileSync(project.path("dist/main.js"), "utf8");
    patchProject({ root: project.root });
    const first = readFileSync(project.path("dist/main.js"), "utf8");
    expect(first.split("\n").length - before.split("\n").length).toBe(6);
    project.write("main.ts", SOURCE.replace("<{ other?: string }>", "<{ another?: string }>"));
    patchProject({ root: project.root });
    const second = readFileSync(project.path("dist/main.js"), "utf8");
    expect(second.replace("ANOTHER", "OTHER").replaceAll("another", "other")).toBe(first);
  });

  it("reports a call that the JavaScript does not have", () => {
    using project = createCallsProject("module", "ES2022");
    compileWithTypeScript(project);
    project.write("main.ts", `${SOURCE}\nread<{ more?: string }>({ env });\n`);
    expect(patchProject({ root: project.root })).toMatchObject({
      files: [],
      diagnostics: [{ code: "MTD181", file: "main.ts", message: expect.stringContaining("the call of config") }],
    });
  });

  it("refuses to guess where compilers move calls", () => {
    const source =
      'import { config } from "methodic";\nexport class A {\n  static one = config<{ one?: string }>();\n  two = config<{ two?: string }>();\n}\n';
    using project = createCallsProject("module", "ES2017", source);
    compileWithTypeScript(project);
    expect(patchProject({ root: project.root }).diagnostics).toMatchObject([{ code: "MTD181", line: 3 }]);
    project.write("main.ts", source.replace("{ two?: string }", "{ one?: string }"));
    compileWithTypeScript(project);
    expect(patchProject({ root: project.root }).diagnostics).toEqual([]);
  });
});

import { stripVTControlCharacters } from "node:util";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { methodic } from "../../../fixtures/methodic.ts";
import { createNotesProject } from "../../../fixtures/notes-project.ts";
import { createProject } from "../../../fixtures/project.ts";
import { connect } from "../../../fixtures/stdio-client.ts";

describe("methodic build", () => {
  it("writes a server that runs with Node alone", async () => {
    using project = createNotesProject();
    project.write("src/main.ts", 'import server from "./server.ts";\nawait server.serve();\n');
    expect(await methodic(["build", project.root])).toEqual({
      exitCode: 0,
      stdout: "",
      stderr: "1 service: 1 tool, 1 resource. Wrote 9 files.\n",
    });
    await using server = await connect(["dist/main.js"], { cwd: project.root });
    expect(await server.call("add_note", { name: "a" })).toBe("a (1)");
  });

  it("takes the tsconfig and the output folder from options", async () => {
    using project = createNotesProject();
    project.write("tsconfig.build.json", {
      extends: "./tsconfig.json",
      compilerOptions: { declaration: false, sourceMap: false },
    });
    const { exitCode } = await methodic(["build", "--tsconfig", "tsconfig.build.json", "--out-dir", "out"], {
      cwd: project.root,
    });
    expect(exitCode).toBe(0);
    expect(readdirSync(project.path("out")).sort()).toEqual(["notes.js", "server.js"]);
  });

  it("reports all type errors and diagnostics and writes nothing", async () => {
    using project = createNotesProject();
    project.write("src/wrong.ts", "export const wrong: number = 'text';\n");
    project.write(
      "src/refused.ts",
      'import { tool } from "methodic";\nexport class R { @tool() r(...rest: string[]): void {} }\n',
    );
    const { exitCode, stdout, stderr } = await methodic(["build"], { cwd: project.root });
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toMatch(/^src\/refused\.ts:2:28 - error MTD120: R\.r: /);
    expect(stderr).toMatch(/\nsrc\/wrong\.ts:1:14 - error TS2322: /);
    expect(stderr).toMatch(/\n\nFound 2 errors\.\nNothing was written\.\n$/);
    expect(existsSync(project.path("dist"))).toBe(false);
  });

  it("prints file names relative to the working directory", async () => {
    using project = createNotesProject();
    project.write("src/wrong.ts", "export const wrong: number = 'text';\n");
    expect((await methodic(["build", ".."], { cwd: project.path("src") })).stderr).toMatch(/^wrong\.ts:1:14 - error/);
  });

  it("prints colors and code frames only on request", async () => {
    using project = createNotesProject();
    project.write("src/wrong.ts", "export const wrong: number = 'text';\n");
    const plain = await methodic(["build"], { cwd: project.root });
    expect(plain.stderr).not.toContain("\u001b[");
    const colored = await methodic(["build"], { cwd: project.root, env: { FORCE_COLOR: "1" } });
    expect(colored.stderr).toContain("\u001b[");
    expect(stripVTControlCharacters(colored.stderr)).toContain("1 | export const wrong");
    const refused = await methodic(["build"], { cwd: project.root, env: { FORCE_COLOR: "0" } });
    expect(refused.stderr).toBe(plain.stderr);
  });

  it("warns about a project without decorated classes", async () => {
    using project = createProject({
      "package.json": { type: "module" },
      "tsconfig.json": { compilerOptions: { module: "NodeNext", target: "ES2022", types: [] } },
      "a.ts": "export const a = 1;\n",
    });
    const { exitCode, stderr } = await methodic(["build"], { cwd: project.root });
    expect(exitCode).toBe(0);
    expect(stderr).toContain("No decorated class was found");
    expect((await methodic(["generate"], { cwd: project.root })).stderr).toContain("No decorated class was found");
    expect(readFileSync(project.path("dist/a.js"), "utf8")).toContain("export const a = 1;");
  });

  it("reports an output folder that cannot be written", async () => {
    using project = createNotesProject();
    project.write("dist", "a file where the folder should be");
    const { exitCode, stderr } = await methodic(["build"], { cwd: project.root });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^methodic: cannot write the build: E\w+: .*dist/);
  });

  it.each([
    [["no-such-folder"], /^methodic: the folder 'no-such-folder' does not exist/],
    [["package.json"], /^methodic: 'package\.json' is a file\. Name the project's folder/],
    [["--tsconfig", "gone.json"], /^methodic: the file 'gone\.json' does not exist/],
  ])("rejects wrong paths: %j", async (args, message) => {
    using project = createNotesProject();
    const { exitCode, stderr } = await methodic(["build", ...args], { cwd: project.root });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(message);
  });
});

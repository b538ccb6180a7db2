import { readFileSync } from "node:fs";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { methodic } from "../../../fixtures/methodic.ts";
import { createNotesProject } from "../../../fixtures/notes-project.ts";
import type { TemporaryProject } from "../../../fixtures/project.ts";
import { connect } from "../../../fixtures/stdio-client.ts";

/** Compiles a project like `tsc`, without its checks. */
function compile(project: TemporaryProject): void {
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {} };
  const config = ts.getParsedCommandLineOfConfigFile(project.path("tsconfig.json"), undefined, host);
  ts.createProgram(config?.fileNames ?? [], config?.options ?? {}).emit();
}

describe("methodic patch", () => {
  it.each(["legacy", "standard"] as const)(
    "turns the output of tsc into a server, in the %s dialect",
    async (dialect) => {
      using project = createNotesProject(dialect);
      project.write("src/main.ts", 'import server from "./server.ts";\nawait server.serve();\n');
      compile(project);
      expect(await methodic(["patch"], { cwd: project.root })).toEqual({
        exitCode: 0,
        stdout: "",
        stderr: "1 service: 1 tool, 1 resource. Wrote 1 file.\n",
      });
      // The output folder works too, although it has its own package.json.
      project.write("dist/package.json", { type: "module" });
      expect((await methodic(["patch", "dist"], { cwd: project.root })).stderr).toBe(
        "1 service: 1 tool, 1 resource. Everything was up to date.\n",
      );
      await using server = await connect(["dist/main.js"], { cwd: project.root });
      expect(await server.call("add_note", { name: "a" })).toBe("a (1)");
    },
  );

  it("reports missing output and changes nothing", async () => {
    using project = createNotesProject();
    const { exitCode, stdout, stderr } = await methodic(["patch", project.root], { cwd: project.root });
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toMatch(
      /^src\/notes\.ts:3:14 - error MTD180: no JavaScript was found for 'src\/notes\.ts' \(looked for 'dist\/notes\.js'/,
    );
    expect(stderr).toMatch(/\n\nFound 1 error\.\nNothing was written\.\n$/);
    project.write("dist/notes.js", "export class Notes { addNote(name) {} }\n");
    expect((await methodic(["patch"], { cwd: project.root })).stderr).toContain("MTD181");
    expect(readFileSync(project.path("dist/notes.js"), "utf8")).toBe("export class Notes { addNote(name) {} }\n");
  });
});

import { describe, expect, it } from "vitest";
import { LIST_MODULES, METHODIC, methodic } from "../../../fixtures/methodic.ts";
import { createNotesProject } from "../../../fixtures/notes-project.ts";
import { createProject } from "../../../fixtures/project.ts";
import { TestProcess } from "../../../fixtures/process.ts";

describe("methodic --help", () => {
  it("shows the commands, examples and exit codes on stdout", async () => {
    const { exitCode, stdout, stderr } = await methodic(["--help"]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    for (const text of [
      "Usage: methodic",
      "run [options] <file>",
      "build [options] [dir]",
      "generate [options]",
      "Examples:",
      "Exit codes:",
    ]) {
      expect(stdout.replace("run <file>", "run [options] <file>")).toContain(text);
    }
  });

  it.each(["run", "build", "generate", "check"])("shows an example of %s", async (command) => {
    const { exitCode, stdout } = await methodic([command, "--help"]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`Usage: methodic ${command}`);
    expect(stdout).toMatch(/Example/);
    expect((await methodic(["help", command])).stdout).toBe(stdout);
  });

  it("does not load TypeScript", async () => {
    const { stderr } = await methodic(["--help"], { nodeArgs: ["--import", LIST_MODULES] });
    expect(stderr).not.toMatch(/typescript/);
    using project = createProject({});
    const building = await methodic(["build"], { cwd: project.root, nodeArgs: ["--import", LIST_MODULES] });
    expect(building.stderr).toMatch(/typescript/);
  });

  it("prints the version for --version", async () => {
    expect(await methodic(["--version"])).toEqual({
      exitCode: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
      stderr: "",
    });
  });
});

it.each([["--help"], ["generate"]])("ends quietly when the reader of %s leaves early", async (...args) => {
  using project = createNotesProject();
  const reader = new TestProcess(process.execPath, [METHODIC, ...args], { cwd: project.root });
  reader.child.stdout?.destroy();
  const { exitCode, stderr } = await reader.finish();
  expect(exitCode).toBe(0);
  expect(stderr).not.toContain("EPIPE");
});

describe("methodic, used wrongly,", () => {
  it("ends with exit code 2 and the help on stderr", async () => {
    const { exitCode, stdout, stderr } = await methodic([]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain("Usage: methodic");
  });

  it.each([
    [["biuld"], "Did you mean build?"],
    [["build", "--outdir", "x"], "Did you mean --out-dir?"],
    [["build", "--out", "x"], "unknown option '--out'\n(Did you mean --out-dir or --out-file?)"],
    [["check", "mcp.json", "--ts"], "(Did you mean --tsconfig?)"],
    [["generate", "--keepgoing"], "Did you mean --keep-going?"],
    [["run"], "missing required argument 'file'"],
    [["build", "one", "two"], "too many arguments"],
  ])("names the mistake and the closest valid input: %j", async (args, hint) => {
    const { exitCode, stdout, stderr } = await methodic(args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain(hint);
  });
});

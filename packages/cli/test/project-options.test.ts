import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { METHODIC, methodic } from "../../../fixtures/methodic.ts";
import { createNotesProject } from "../../../fixtures/notes-project.ts";
import type { TemporaryProject } from "../../../fixtures/project.ts";
import { connect } from "../../../fixtures/stdio-client.ts";

const FULL = "The name of the note. It must be unique.";
const CUT = "The name of the…";

/** Creates a project whose tool has a described parameter, with these options in its tsconfig. */
function createDescribedProject(options?: object): TemporaryProject {
  const project = createNotesProject();
  const notes = readFileSync(project.path("src/notes.ts"), "utf8");
  project.write("src/notes.ts", notes.replace("Adds a note. */", `Adds a note.\n   * @param name ${FULL} */`));
  const tsconfig = JSON.parse(readFileSync(project.path("tsconfig.json"), "utf8")) as object;
  project.write("tsconfig.json", JSON.stringify({ ...tsconfig, ...(options && { methodic: options }) }));
  return project;
}

describe("the flags of project options", () => {
  it("override the tsconfig in generate, also with a warm cache", async () => {
    using project = createDescribedProject({ descriptions: { max: 18 } });
    const textWith = async (...flags: string[]): Promise<string> => {
      const { stdout, exitCode } = await methodic(["generate", ...flags], { cwd: project.root });
      expect(exitCode).toBe(0);
      return stdout;
    };
    expect(await textWith()).toContain(`"${CUT}"`);
    expect(await textWith("--descriptions", "own")).toContain(`"${FULL}"`);
    expect(await textWith("--descriptions", "all", "--strict-types")).toContain(`"${FULL}"`);
    expect(await textWith()).toContain(`"${CUT}"`);
  });

  it("apply to build and check", async () => {
    using project = createDescribedProject();
    const flags = ["--descriptions", "18"];
    const run = async (...args: string[]): Promise<number | null> =>
      (await methodic([...args, ...flags], { cwd: project.root })).exitCode;
    const output = (): string => readFileSync(project.path("dist/notes.js"), "utf8");
    expect(await run("build")).toBe(0);
    expect(output()).toContain(CUT);
    expect(await run("generate", "--out", "mcp.json")).toBe(0);
    expect(await run("check", "mcp.json")).toBe(0);
    expect((await methodic(["check", "mcp.json"], { cwd: project.root })).exitCode).toBe(1);
  });

  it("are part of the command that check proposes", async () => {
    using project = createDescribedProject();
    const flags = ["--tsconfig", "tsconfig.json", "--descriptions"];
    expect((await methodic(["generate", "--out", "mcp.json"], { cwd: project.root })).exitCode).toBe(0);
    const { stderr } = await methodic(["check", "mcp.json", ...flags, "18"], { cwd: project.root });
    expect(stderr).toContain("'methodic generate --out mcp.json --tsconfig tsconfig.json --descriptions 18'");
  });

  it("apply to run, which compiles in module hooks", async () => {
    using project = createDescribedProject();
    const args = [METHODIC, "run", "--descriptions", "18", "src/server.ts"];
    await using server = await connect(args, { cwd: project.root });
    const { tools } = await server.client.listTools();
    expect(tools).toMatchObject([{ inputSchema: { properties: { name: { description: CUT } } } }]);
  });

  it("require the hints of tools", async () => {
    using project = createDescribedProject();
    const { stderr, exitCode } = await methodic(["generate", "--require-hints"], { cwd: project.root });
    expect(exitCode).toBe(1);
    expect(stderr).toContain("error MTD270: Notes.addNote: the tool does not set readOnlyHint,");
  });

  it("must be valid", async () => {
    const refused = await methodic(["generate", "--descriptions", "none"]);
    expect(refused).toMatchObject({ exitCode: 2, stdout: "" });
    expect(refused.stderr).toContain("It must be own, all, or a number of characters.");
  });
});

import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { methodic } from "../../../fixtures/methodic.ts";
import { createNotesProject } from "../../../fixtures/notes-project.ts";
import type { Outcome } from "../../../fixtures/process.ts";
import type { TemporaryProject } from "../../../fixtures/project.ts";

async function withArtifact(project: TemporaryProject): Promise<string> {
  await methodic(["generate", "--out", "mcp.json"], { cwd: project.root });
  return readFileSync(project.path("mcp.json"), "utf8");
}

const check = (project: TemporaryProject, ...args: string[]): Promise<Outcome> =>
  methodic(["check", "mcp.json", ...args], { cwd: project.root });

describe("methodic check", () => {
  it("accepts the artifact of the sources in any formatting", async () => {
    using project = createNotesProject();
    const text = await withArtifact(project);
    const fine = { exitCode: 0, stdout: "", stderr: "mcp.json is up to date. 1 service: 1 tool, 1 resource\n" };
    expect(await check(project)).toEqual(fine);
    writeFileSync(project.path("mcp.json"), JSON.stringify(JSON.parse(text)));
    expect(await check(project, "--no-cache")).toEqual(fine);
    expect(await methodic(["check", "mcp.json", "src/notes.ts"], { cwd: project.root })).toEqual(fine);
  });

  it("lists additions, removals and changes, and writes nothing", async () => {
    using project = createNotesProject();
    const text = await withArtifact(project);
    project.write(
      "src/notes.ts",
      `import { tool } from "methodic";
export class Notes {
  /** Adds one note. */
  @tool() addNote(name: string, priority: number = 2, tag?: "a" | "b"): string { return name + priority + tag; }
  @tool() drop(): void {}
}
`,
    );
    const { exitCode, stdout, stderr } = await check(project);
    expect(stdout.split("\n")).toEqual([
      "~ tool src/notes.ts#Notes.addNote",
      '    description: "Adds a note." -> "Adds one note."',
      "    inputSchema.properties.priority.default: 1 -> 2",
      '    inputSchema.properties.tag: (nothing) -> {"type":"string","enum":["a","b"]}',
      "- resource src/notes.ts#Notes.all",
      "+ tool src/notes.ts#Notes.drop",
      "",
    ]);
    expect(stderr).toBe("mcp.json is out of date. Run 'methodic generate --out mcp.json' and commit the result.\n");
    expect(exitCode).toBe(1);
    expect(readFileSync(project.path("mcp.json"), "utf8")).toBe(text);
    await methodic(["generate", "--out", "mcp.json"], { cwd: project.root });
    expect(await check(project)).toMatchObject({ exitCode: 0 });
  });

  it("notices a changed order", async () => {
    using project = createNotesProject();
    const text = await withArtifact(project);
    writeFileSync(
      project.path("mcp.json"),
      text.replace(/("name": \{[^}]*\}),(\s*)("priority": \{[^}]*\})/, "$3,$2$1"),
    );
    expect(await check(project)).toMatchObject({
      exitCode: 1,
      stdout: "~ tool src/notes.ts#Notes.addNote\n    the order of its properties\n",
    });
  });

  it("compares nothing if the sources have errors", async () => {
    using project = createNotesProject();
    await withArtifact(project);
    project.write(
      "src/bad.ts",
      'import { tool } from "methodic";\nexport class B { @tool() bad(a: symbol): void {} }\n',
    );
    const { exitCode, stdout, stderr } = await check(project);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toMatch(
      /^src\/bad\.ts:2:\d+ - error MTD102: [^]*Nothing was compared: the sources have errors\.\n$/,
    );
  });

  it.each([
    [undefined, 2, /the file 'mcp\.json' does not exist/],
    ['{ "name": "notes", "version": "1.0.0" }', 2, /'mcp\.json' is not an artifact of 'methodic generate'/],
    ["{ services", 1, /'mcp\.json' is not an artifact: it is not valid JSON: /],
  ])("rejects a file that is not an artifact: %s", async (content, exitCode, message) => {
    using project = createNotesProject();
    if (content === undefined) rmSync(project.path("mcp.json"), { force: true });
    else writeFileSync(project.path("mcp.json"), content);
    const outcome = await check(project);
    expect(outcome.exitCode).toBe(exitCode);
    expect(outcome.stderr).toMatch(message);
  });
});

import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { methodic } from "../../../fixtures/methodic.ts";
import { createNotesProject } from "../../../fixtures/notes-project.ts";
import type { Outcome } from "../../../fixtures/process.ts";
import { createProject, type TemporaryProject } from "../../../fixtures/project.ts";

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
    const fine = { exitCode: 0, stdout: "", stderr: "mcp.json is up to date. 1 server: 1 tool, 1 resource\n" };
    expect(await check(project)).toEqual(fine);
    writeFileSync(project.path("mcp.json"), JSON.stringify(JSON.parse(text)));
    expect(await check(project, "--no-cache")).toEqual(fine);
    expect(await methodic(["check", "mcp.json", "src/server.ts"], { cwd: project.root })).toEqual(fine);
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
  /** Drops them. */
  @tool() drop(): void {}
}
`,
    );
    const { exitCode, stdout, stderr } = await check(project);
    expect(stdout.split("\n")).toEqual([
      "~ tool add_note",
      '    description: "Adds a note." -> "Adds one note."',
      "    inputSchema.properties.priority.default: 1 -> 2",
      '    inputSchema.properties.tag: (nothing) -> {"type":"string","enum":["a","b"]}',
      "- resource notes://all",
      "+ tool drop",
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
      stdout: "~ tool add_note\n    the order of its properties\n",
    });
  });

  it("compares what clients see, wherever it is written", async () => {
    using project = createNotesProject();
    project.write(
      "src/more.ts",
      `import { prompt, tool } from "methodic";
export class More { @tool() addMore(): void {} @prompt() ask(topic: string, tone?: string): string { return topic + tone; } }
`,
    );
    const server = (options: string, from = "more"): string =>
      `import { createServer } from "methodic";
import { More } from "./${from}.ts";
import { Notes } from "./notes.ts";
export default createServer({ name: "notes", version: "1.0.0", ${options} });
`;
    project.write("src/server.ts", server('naming: "snake_case", services: [Notes, More]'));
    await withArtifact(project);
    // A class moves, services and a prompt's arguments change places, and a class is not served.
    project.write(
      "src/moved.ts",
      `import { prompt, tool } from "methodic";
export class Unused { @tool() unused(): void {} }
export class More { @prompt() ask(tone: string | undefined, topic: string): string { return topic + tone; } @tool() addMore(): void {} }
`,
    );
    project.write("src/more.ts", "export {};\n");
    project.write("src/server.ts", server('services: [More, new Notes()], naming: "snake_case"', "moved"));
    expect(await check(project)).toMatchObject({ exitCode: 0, stdout: "" });
    project.write("src/server.ts", server('naming: "kebab-case", services: [Notes]', "moved"));
    expect((await check(project)).stdout.split("\n")).toEqual([
      "- tool add_more",
      "- tool add_note",
      "- prompt ask",
      "+ tool add-note",
      "",
    ]);
    const json = await check(project, "--format", "json");
    expect(JSON.parse(json.stdout)).toMatchObject({
      version: 1,
      artifact: "mcp.json",
      differences: [
        { change: "removed", kind: "tool", name: "add_more", details: [], file: "mcp.json", column: 1 },
        { change: "removed", name: "add_note" },
        { change: "removed", kind: "prompt", name: "ask" },
        { change: "added", name: "add-note", file: "src/notes.ts", line: 6 },
      ],
    });
    const github = await check(project, "--format", "github");
    expect(github).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/^mcp\.json is out of date/) as unknown,
    });
    expect(github.stdout).toMatch(
      /^::error file=mcp\.json,line=\d+,col=1,title=mcp\.json is out of date::tool add_more was removed\.\n/,
    );
    expect(github.stdout).toContain(
      "::error file=src/notes.ts,line=6,col=11,title=mcp.json is out of date::tool add-note was added.\n",
    );
  });

  it("gives a member of a monorepo and its root the same artifact", async () => {
    using member = createNotesProject();
    using monorepo = createProject({ "package.json": { name: "root" } });
    for (const name of ["package.json", "tsconfig.json", "src/notes.ts", "src/server.ts"])
      monorepo.write(`packages/notes/${name}`, readFileSync(member.path(name), "utf8"));
    const text = await withArtifact(member);
    for (const target of ["packages/notes", "packages/notes/src/server.ts", "."])
      expect((await methodic(["generate", target], { cwd: monorepo.root })).stdout).toBe(text);
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

import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { METHODIC, methodic } from "../../../fixtures/methodic.ts";
import { createNotesProject } from "../../../fixtures/notes-project.ts";
import { TestProcess } from "../../../fixtures/process.ts";

/** Starts a command that goes on until it is interrupted. */
function startWatching(args: readonly string[], cwd: string): TestProcess {
  return new TestProcess(process.execPath, [METHODIC, ...args], { cwd });
}

it("generate --watch writes the artifact after every change and ends quietly on Ctrl-C", async () => {
  using project = createNotesProject();
  await using command = startWatching(["generate", "--out", "mcp.json", "--watch"], project.root);
  const artifact = (): string => readFileSync(project.path("mcp.json"), "utf8");

  await command.readUntil(
    /1 server: 1 tool, 1 resource -> mcp\.json \(\d+ ms\)\nWatching for changes; press Ctrl-C to stop\.\n/,
  );
  expect(artifact()).toContain("Adds a note.");

  const source = readFileSync(project.path("src/notes.ts"), "utf8");
  project.write("src/notes.ts", source.replace("Adds a note.", "Adds one note."));
  expect(await command.readUntil(/-> mcp\.json/)).toContain("src/notes.ts changed.");
  expect(artifact()).toContain("Adds one note.");

  project.write("src/notes.ts", source.replace("priority: number = 1", "priority: symbol"));
  const problems = await command.readUntil(/was not changed/);
  expect(problems).toMatch(/src\/notes\.ts:6:\d+ - error MTD102: Notes\.addNote: /);
  expect(artifact()).toContain("Adds one note.");

  project.write("src/notes.ts", source);
  await command.readUntil(/-> mcp\.json/);
  expect(artifact()).toBe((await methodic(["generate"], { cwd: project.root })).stdout);

  expect(await command.end("SIGINT")).toEqual({ code: 0, signal: null });
});

it("build --watch writes only changed output and ends quietly on Ctrl-C", async () => {
  using project = createNotesProject();
  await using command = startWatching(["build", "--watch"], project.root);
  const built = (): string => readFileSync(project.path("dist/notes.js"), "utf8");

  await command.readUntil(
    /1 service: 1 tool, 1 resource\. Wrote 6 files\. \(\d+ ms\)\nWatching for changes; press Ctrl-C to stop\.\n/,
  );
  expect(built()).toContain("Adds a note.");

  const source = readFileSync(project.path("src/notes.ts"), "utf8");
  project.write("src/notes.ts", source.replace("Adds a note.", "Adds one note."));
  expect(await command.readUntil(/Wrote \d+ files\./)).toMatch(
    /src\/notes\.ts changed\.\n1 service: .* Wrote 3 files\./,
  );
  expect(built()).toContain("Adds one note.");

  project.write("src/notes.ts", source.replace("this.#notes.push(name);", "this.#notes.push(priority);"));
  expect(await command.readUntil(/Nothing was written\. \(/)).toMatch(/src\/notes\.ts:6:\d+ - error TS2345: /);
  expect(built()).toContain("Adds one note.");

  expect(await command.end("SIGINT")).toEqual({ code: 0, signal: null });
});

it.each([[["generate", "--out", "dist/mcp.json"]], [["build"]]])(
  "%j --watch ends if the first result cannot be written",
  async (args) => {
    using project = createNotesProject();
    project.write("dist", "a file where the folder should be");
    const { exitCode, stderr } = await methodic([...args, "--watch"], { cwd: project.root });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^methodic: cannot write .*dist/);
  },
);

it("generate --watch requires --out", async () => {
  const { exitCode, stderr } = await methodic(["generate", "--watch"]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain("Add --out <file>");
});

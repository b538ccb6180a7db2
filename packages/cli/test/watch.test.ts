import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { expect, it } from "vitest";
import { createNotesProject, METHODIC, methodic } from "./workspace.ts";

it("generate --watch writes the artefact after every change, and ends quietly when it is interrupted", async () => {
  using project = createNotesProject();
  const child = spawn(process.execPath, [METHODIC, "generate", "--out", "mcp.json", "--watch"], {
    cwd: project.root,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const lines = createInterface({ input: child.stderr })[Symbol.asyncIterator]();
  const readUntil = async (pattern: RegExp): Promise<string> => {
    let text = "";
    while (!pattern.test(text)) {
      const { value, done } = await lines.next();
      if (done) throw new Error(`The command ended. It said:\n${text}`);
      text += `${String(value)}\n`;
    }
    return text;
  };
  const artefact = (): string => readFileSync(project.path("mcp.json"), "utf8");

  await readUntil(/1 service: 1 tool, 1 resource -> mcp\.json \(\d+ ms\)\nWatching for changes; Ctrl-C ends\.\n/);
  expect(artefact()).toContain("Adds a note.");

  const source = readFileSync(project.path("src/notes.ts"), "utf8");
  project.write("src/notes.ts", source.replace("Adds a note.", "Adds one note."));
  expect(await readUntil(/-> mcp\.json/)).toContain("src/notes.ts changed.");
  expect(artefact()).toContain("Adds one note.");

  project.write("src/notes.ts", source.replace("priority: number = 1", "priority: symbol"));
  const problems = await readUntil(/was left as it was/);
  expect(problems).toMatch(/src\/notes\.ts:6:\d+ - error MCP102: Notes\.addNote: /);
  expect(artefact()).toContain("Adds one note.");

  project.write("src/notes.ts", source);
  await readUntil(/-> mcp\.json/);
  expect(artefact()).toBe((await methodic(["generate"], { cwd: project.root })).stdout);

  child.kill("SIGINT");
  expect(await once(child, "close")).toEqual([0, null]);
});

it("generate --watch needs a file to write", async () => {
  const { exitCode, stderr } = await methodic(["generate", "--watch"]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain("add --out <file>");
});

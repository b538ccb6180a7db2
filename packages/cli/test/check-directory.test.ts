import { describe, expect, it } from "vitest";
import { methodic } from "../../../fixtures/methodic.ts";
import { createNotesProject } from "../../../fixtures/notes-project.ts";
import type { Outcome } from "../../../fixtures/process.ts";
import type { TemporaryProject } from "../../../fixtures/project.ts";

const check = (project: TemporaryProject, ...args: string[]): Promise<Outcome> =>
  methodic(["check", ...args], { cwd: project.root });

/** Creates a project whose server breaks rules of both directories. */
function createFaultyProject(): TemporaryProject {
  const project = createNotesProject();
  project.write(
    "src/notes.ts",
    `import { tool } from "methodic";
import { rmSync } from "node:fs";
const notes = new Map<string, string>();
export class Notes {
  /** Reads a note. */
  @tool() read(name: string): string { return notes.get(name) ?? ""; }
  /** Removes a file. */
  @tool({ annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: false } })
  remove(name: string): void { rmSync(name); }
}
`,
  );
  project.write(
    "src/server.ts",
    `import { createServer } from "methodic";
import { apiKey } from "methodic/auth";
import { Notes } from "./notes.ts";
export default createServer({ name: "notes", version: "1.0.0", services: [Notes], auth: apiKey() });
`,
  );
  return project;
}

describe("methodic check --directory", () => {
  it("lists the broken rules with their places, fixes and sources, and those to check by hand", async () => {
    using project = createFaultyProject();
    const { exitCode, stdout, stderr } = await check(project, "--directory");
    const [findings = "", byHand = ""] = stdout.split("Check by hand:\n");
    expect(findings.split("\n").filter((line) => !line.includes("https://"))).toEqual([
      "src/notes.ts:6:11 - tool read: the tool does not set readOnlyHint, destructiveHint, openWorldHint [hints]",
      "    Write @tool({ annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: false } }).",
      "src/notes.ts:9:32 - Notes.remove: the tool has readOnlyHint: true, but 'rmSync(name)' changes something. [true-hints]",
      "    Write readOnlyHint: false.",
      "src/server.ts:4:89 - server notes: the server authenticates its callers with API keys [oauth]",
      "    Use jwt(), introspection() or bearer() of methodic/auth.",
      "",
    ]);
    expect(findings).toContain(
      "    Claude, ChatGPT: https://claude.com/docs/connectors/building/review-criteria https://",
    );
    expect(byHand).toContain("  - A public page states the privacy policy. [privacy-policy] Claude, ChatGPT\n");
    expect(stderr).toBe("Found 3 broken rules. 1 server: 2 tools\n");
    expect(exitCode).toBe(1);
  });

  it("checks one directory, in other formats", async () => {
    using project = createFaultyProject();
    const json = await check(project, "src/server.ts", "--directory", "anthropic", "--format", "json");
    expect(json.exitCode).toBe(1);
    expect(JSON.parse(json.stdout)).toMatchObject({
      version: 1,
      findings: [
        { rule: "hints", directories: ["anthropic"], server: "notes", tool: "read", file: "src/notes.ts", line: 6 },
        { rule: "true-hints", line: 9 },
        { rule: "oauth", sources: ["https://claude.com/docs/connectors/building/authentication"] },
      ],
    });
    expect(json.stdout).not.toContain("domain-proof");
    const github = await check(project, "--directory", "openai", "--format", "github");
    expect(github.stdout).toContain("::error file=src/notes.ts,line=6,col=11,title=ChatGPT%3A hints::tool read: ");
  });

  it("passes a server that keeps the rules, also one that has to be loaded", async () => {
    using project = createNotesProject();
    project.write(
      "src/notes.ts",
      `import { tool } from "methodic";
export class Notes {
  /** Counts the notes. */
  @tool({ annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: false } }) count(): number { return 1; }
}
`,
    );
    const { exitCode, stderr, stdout } = await check(project, "--directory");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "No rule is broken. 1 server: 1 tool\n" });
    expect(stdout).toMatch(/^Check by hand:\n/);
    project.write(
      "src/server.ts",
      `import { createServer } from "methodic";
import { Notes } from "./notes.ts";
export default createServer({ name: "notes", version: "1.0.0", naming: (name) => \`my.\${name}\`, services: [Notes] });
`,
    );
    const loaded = await check(project, "--directory");
    expect(loaded.exitCode).toBe(1);
    expect(loaded.stdout).toContain("src/server.ts:3:1 - tool my.count: the name has the character '.' [tool-name]");
  });

  it("reports errors of the sources, and a project without a server", async () => {
    using project = createNotesProject();
    project.write("src/server.ts", "export {};\n");
    expect(await check(project, "--directory")).toMatchObject({
      exitCode: 1,
      stdout: "",
      stderr: expect.stringContaining("No server was found.") as unknown,
    });
    project.write(
      "src/notes.ts",
      'import { tool } from "methodic";\nexport class B { @tool() bad(a: symbol): void {} }\n',
    );
    expect((await check(project, "--directory")).stderr).toMatch(/MTD102[^]*Nothing was checked/);
  });

  it("needs the name of an artifact or a directory", async () => {
    expect(await methodic(["check"])).toMatchObject({ exitCode: 2, stdout: "" });
    const unknown = await methodic(["check", "--directory", "other"]);
    expect(unknown).toMatchObject({ exitCode: 2 });
    expect(unknown.stderr).toContain("Allowed choices are anthropic, openai.");
  });
});

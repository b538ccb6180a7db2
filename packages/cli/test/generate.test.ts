import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { LIST_MODULES, methodic } from "../../../fixtures/methodic.ts";
import { createNotesProject } from "../../../fixtures/notes-project.ts";

const REFUSED =
  'import { tool } from "methodic";\nexport class R { @tool() ok(a: string): string { return a; } @tool() bad(a: symbol): void {} }\n';

/** A service with all that lists show. */
const RICH = `import { prompt, resource, tool, type Context } from "methodic";
enum Level { Low = 1, High = 2 }
class Base<T> {
  /** Base tool. */
  @tool() baseTool(a: T): T { return a; }
  @tool({ title: "Hidden" }) kept(): void {}
}
export class Rich extends Base<{ x: [number, string] }> {
  constructor(readonly db: string) { super(); }
  /** Adds. @param name N */
  @tool({ annotations: { readOnlyHint: true }, icons: [{ src: "https://x.org/y.png" }], meta: { a: 1 }, auth: () => true })
  addRich(name: string, at: Date, pair: [number, string], level: Level, t: \`a\${number}\`, priority = 1, ctx?: Context): { ok: boolean; at: Date } { return { ok: name === t || pair[0] === level || priority === 1 || ctx !== undefined, at }; }
  /** Anything. */
  @tool() anything(x: unknown): unknown { return x; }
  /** Quiet. */
  @tool({ outputSchema: false }) quiet(): { a: number } { return { a: 1 }; }
  @resource("rich://all", { size: 5, title: "All", mimeType: "text/plain" }) everything(): string { return ""; }
  @resource("rich://{name}{?q}", { name: "one", size: 3 }) one(name: string, q?: number): string { return name + q; }
  /** Asks. @param topic What */
  @prompt({ title: "T" }) askIt(topic: string, about?: number): string { return topic + about; }
  @prompt() bare(): string { return ""; }
  /** Purges. */
  @tool() purge(): void {}
  /** Given. */
  @tool({ inputSchema: { type: "object", properties: { q: { type: "array", prefixItems: [{ type: "string" }], items: false }, r: {} } }, outputSchema: { type: "object", properties: { p: { type: "string", pattern: "^(?=a)" } } } })
  given(input: object): object { return input; }
}
`;

describe("methodic generate", () => {
  it("writes the same bytes from any folder, for one file or all", async () => {
    using project = createNotesProject();
    const first = await methodic(["generate", "--out", "mcp.json"], { cwd: project.root });
    expect(first).toEqual({ exitCode: 0, stdout: "", stderr: "1 server: 1 tool, 1 resource -> mcp.json\n" });
    const text = readFileSync(project.path("mcp.json"), "utf8");
    expect(JSON.parse(text)).toMatchObject({
      formatVersion: 2,
      servers: {
        notes: {
          tools: { add_note: { description: "Adds a note." } },
          resources: { "notes://all": { name: "all" } },
        },
      },
    });
    expect(text).not.toContain(project.root);
    const second = await methodic(["generate", project.root]);
    expect(second).toEqual({ exitCode: 0, stdout: text, stderr: "1 server: 1 tool, 1 resource\n" });
    const third = await methodic(["generate", "server.ts", "-o", "-"], { cwd: project.path("src") });
    expect(third.stdout).toBe(text);
    expect(readdirSync(project.root).filter((name) => name.includes("tmp"))).toEqual([]);
  });

  it("writes nothing if there are errors, except with --keep-going", async () => {
    using project = createNotesProject();
    project.write("src/refused.ts", REFUSED);
    project.write("src/server.ts", "export {};\n");
    const stopped = await methodic(["generate", "--out", "deep/mcp.json"], { cwd: project.root });
    expect(stopped).toMatchObject({ exitCode: 1, stdout: "" });
    expect(stopped.stderr).toMatch(
      /^src\/refused\.ts:2:\d+ - error MTD102: R\.bad: [^]*Nothing was written \(--keep-going writes everything that is free of errors\)\.\n$/,
    );
    expect(existsSync(project.path("deep"))).toBe(false);
    const kept = await methodic(["generate", "--out", "deep/mcp.json", "--keep-going"], { cwd: project.root });
    expect(kept.exitCode).toBe(1);
    const { services } = JSON.parse(readFileSync(project.path("deep/mcp.json"), "utf8")) as {
      services: Record<string, { tools: object }>;
    };
    expect(Object.keys(services)).toEqual(["Notes", "R"]);
    expect(Object.keys(services["R"]?.tools ?? {})).toEqual(["ok"]);
  });

  it.each([
    [
      "json",
      /^\{"version":1,"errors":1,"warnings":0,"diagnostics":\[\{"code":"MTD102",.*"file":"src\/refused\.ts",.*\}\]\}\n$/,
    ],
    [
      "github",
      /^::error file=src\/refused\.ts,line=2,col=\d+,endColumn=\d+,title=MTD102::R\.bad: .*\n\nFound 1 error\.\nNothing was written/,
    ],
  ])("prints diagnostics as %s", async (format, expected) => {
    using project = createNotesProject();
    project.write("src/refused.ts", REFUSED);
    const outcome = await methodic(["generate", "--format", format], { cwd: project.root });
    expect(outcome).toEqual({ exitCode: 1, stdout: "", stderr: expect.stringMatching(expected) as unknown });
  });

  it("repeats the result for an unchanged project without TypeScript", async () => {
    using project = createNotesProject();
    project.write("src/refused.ts", REFUSED);
    const list = { cwd: project.root, nodeArgs: ["--import", LIST_MODULES] };
    const first = await methodic(["generate", "--keep-going"], list);
    expect(first.stderr).toMatch(/node_modules.typescript/);
    const second = await methodic(["generate", "--keep-going"], list);
    expect(second).toMatchObject({ exitCode: 1, stdout: first.stdout });
    expect(second.stderr).not.toMatch(/node_modules.typescript/);
    const said = (text: string): string => text.slice(0, text.indexOf("\n/"));
    expect(second.stderr).toContain("error MTD102: R.bad: ");
    expect(first.stderr).toContain(second.stderr);
    expect((await methodic(["generate", "--no-cache"], list)).stderr).toMatch(/node_modules.typescript/);
    const disabled = await methodic(["generate", "--keep-going"], { ...list, env: { METHODIC_CACHE: "0" } });
    expect(disabled.stderr).toMatch(/node_modules.typescript/);
    expect(said(disabled.stderr)).toBe(said(first.stderr));
    project.write("src/refused.ts", REFUSED.replaceAll("symbol", "string"));
    expect(await methodic(["generate", "--keep-going"], { cwd: project.root })).toMatchObject({ exitCode: 0 });
  });

  it("loads a server whose components only the running program knows, and writes the same", async () => {
    using project = createNotesProject();
    project.write("src/rich.ts", RICH);
    const server = (services: string): string =>
      `import { createServer } from "methodic";
import { Notes } from "./notes.ts";
import { Rich } from "./rich.ts";
console.log("banner");
declare const process: { env: Record<string, string | undefined> };
declare const console: { log(text: string): void };
if (!process.env["DB"]) throw new Error("DB is not set");
const server = createServer({ name: "notes", version: "1.0.0", title: "N", naming: "snake_case", services: ${services} });
await server.serve();
export default server;
`;
    project.write("src/server.ts", server('[Notes, new Rich("x")]'));
    const read = await methodic(["generate"], { cwd: project.root });
    expect(read.stderr).toContain("1 server: 8 tools, 3 resources, 2 prompts\n");
    project.write("src/server.ts", server('[Notes, new Rich("x")].filter(Boolean)'));
    const loaded = await methodic(["generate"], { cwd: project.root, env: { DB: "1" } });
    expect(loaded).toMatchObject({ exitCode: 0, stdout: read.stdout });
    expect(loaded.stderr).toContain("1 server: 8 tools, 3 resources, 2 prompts\n");
    project.write(
      "src/server.ts",
      server("[Notes]").replace('"snake_case"', '(name: string) => name.replace(/N/, ".n")'),
    );
    const warned = await methodic(["generate"], { cwd: project.root, env: { DB: "1" } });
    expect(warned.exitCode).toBe(0);
    expect(warned.stderr).toContain('warning MTD201: tool add.note: the tool has the name "add.note", with');
    project.write("src/server.ts", server("[Notes].filter(Boolean)"));
    const failed = await methodic(["generate"], { cwd: project.root, env: { DB: "" } });
    expect(failed).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: expect.stringMatching(
        /^src\/server\.ts:8:7 - error MTD197: 'src\/server\.ts' cannot be loaded, and only the running program knows its services: Error: DB is not set, at .*server\.ts:7:\d+\)?\. Set what it needs/,
      ) as unknown,
    });
  });

  it("gives every one of several parallel processes the whole result", async () => {
    using project = createNotesProject();
    const outcomes = await Promise.all(Array.from({ length: 4 }, () => methodic(["generate"], { cwd: project.root })));
    expect(new Set(outcomes.map((outcome) => JSON.stringify(outcome))).size).toBe(1);
    expect(await methodic(["generate"], { cwd: project.root })).toEqual(outcomes[0]);
  });

  it("ignores type errors in other files", async () => {
    using project = createNotesProject();
    project.write("src/wrong.ts", "export const wrong: number = 'text';\n");
    expect(await methodic(["generate"], { cwd: project.root })).toMatchObject({ exitCode: 0 });
  });

  it.each([
    [
      ["src", "src/notes.ts"],
      2,
      /^methodic: 'src' is a folder among several arguments\. Name one folder, or only files\.\n$/,
    ],
    [["src/gone.ts"], 2, /^methodic: the file 'src\/gone\.ts' does not exist/],
    [["--out", "package.json/mcp.json"], 1, /^methodic: cannot write '.*package\.json\/mcp\.json': /],
  ])("rejects wrong paths: %j", async (args, exitCode, message) => {
    using project = createNotesProject();
    const outcome = await methodic(["generate", ...args], { cwd: project.root });
    expect(outcome.exitCode).toBe(exitCode);
    expect(outcome.stderr).toMatch(message);
  });
});

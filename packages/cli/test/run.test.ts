import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { METHODIC, methodic } from "../../../fixtures/methodic.ts";
import { createNotesProject } from "../../../fixtures/notes-project.ts";
import { createProject, type TemporaryProject } from "../../../fixtures/project.ts";
import { connect } from "../../../fixtures/stdio-client.ts";

// Built once, for cases that are about the command and not about its compiler.
let built: TemporaryProject;
beforeAll(async () => {
  built = createNotesProject();
  expect(await methodic(["build", built.root])).toMatchObject({ exitCode: 0 });
});
afterAll(() => built[Symbol.dispose]());

describe.each(["legacy", "standard"] as const)("methodic run in the %s dialect", (dialect) => {
  it("serves TypeScript without a build", async () => {
    using project = createNotesProject(dialect);
    await using server = await connect([METHODIC, "run", "src/server.ts"], { cwd: project.root });
    const { tools } = await server.client.listTools();
    expect(tools).toMatchObject([
      { name: "add_note", description: "Adds a note.", inputSchema: { required: ["name"] } },
    ]);
    expect(await server.call("add_note", { name: "a" })).toBe("a (1)");
    expect(await server.call("add_note", { name: 1 })).toMatch(/name/);
    expect(await server.client.readResource({ uri: "notes://all" })).toMatchObject({
      contents: [{ text: expect.stringMatching(/^a/) }],
    });
  });

  it("serves the output of methodic build", async () => {
    using project = createNotesProject(dialect);
    expect(await methodic(["build"], { cwd: project.root })).toMatchObject({ exitCode: 0, stdout: "" });
    await using server = await connect([METHODIC, "run", "dist/server.js"], { cwd: project.root });
    expect(await server.call("add_note", { name: "b", priority: 3 })).toBe("b (3)");
  });
});

it("methodic run serves the clients of the earlier SDK", async () => {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [METHODIC, "run", "dist/server.js"],
    cwd: built.root,
    stderr: "pipe",
  });
  const client = new Client({ name: "test", version: "1.0.0" });
  await client.connect(transport);
  try {
    expect(await client.callTool({ name: "add_note", arguments: { name: "a" } })).toMatchObject({
      content: [{ type: "text", text: "a (1)" }],
    });
  } finally {
    await client.close();
  }
});

describe("methodic run", () => {
  it("passes arguments on, from any folder, and keeps console.log out of the protocol", async () => {
    using project = createNotesProject();
    project.write(
      "src/main.ts",
      `import server from "./server.ts";
console.log("starting", process.argv.slice(2).join(" "), process.argv[1]?.endsWith("main.ts"));
process.stdout.write("direct\\n");
export default server;
declare const process: { argv: string[]; stdout: { write(text: string): void } };
declare const console: { log(...values: unknown[]): void };
`,
    );
    await using server = await connect([METHODIC, "run", project.path("src/main.ts"), "--verbose", "x"], { cwd: "/" });
    expect(await server.call("add_note", { name: "a" })).toBe("a (1)");
    expect(server.stderr()).toContain("starting --verbose x true\n");
    expect(server.stderr()).toContain("direct\n");
  });

  it.each([
    ["awaited", "await server.serve();"],
    ["not awaited", "void server.serve();"],
    ["awaited, and exported", "await server.serve();\nexport default server;"],
    ["later, and exported", "void Promise.resolve().then(() => server.serve());\nexport default server;"],
  ])("serves a module once that serves itself: %s", async (_how, code) => {
    built.write("dist/main.js", `import server from "./server.js";\n${code}\n`);
    await using server = await connect([METHODIC, "run", "dist/main.js"], { cwd: built.root });
    expect(await server.call("add_note", { name: "a" })).toBe("a (1)");
  });

  it("runs a CommonJS module", async () => {
    using project = createNotesProject();
    project.write("package.json", { name: "notes", type: "commonjs" });
    await using server = await connect([METHODIC, "run", "src/server.ts"], { cwd: project.root });
    expect(await server.call("add_note", { name: "a" })).toBe("a (1)");
  });

  it("exits with 0 when the client leaves", async () => {
    // Standard input is empty: the client has left before it said anything.
    expect(await methodic(["run", "dist/server.js"], { cwd: built.root })).toEqual({
      exitCode: 0,
      stdout: "",
      stderr: "",
    });
  });
});

describe("methodic run, on failure,", () => {
  const files = {
    "package.json": { type: "module" },
    "tsconfig.json": {
      compilerOptions: {
        target: "ES2022",
        lib: ["ES2022"],
        module: "NodeNext",
        types: [],
        strict: true,
        skipLibCheck: true,
      },
    },
    "nothing.js": "export const server = 1;\n",
    "named.js":
      'import { createServer } from "methodic";\nexport const server = createServer({ name: "t", version: "1", services: [] });\n',
    "a-class.ts":
      'import { tool } from "methodic";\nexport default class Notes { @tool() a(): string { return ""; } }\n',
    "an-object.js": "export default { name: 'x', tools: [] };\n",
    "a-string.js": "export default 'notes';\n",
    "throws.ts": "export const early = 1;\nthrow new RangeError('no database');\n",
    "waits.ts": "await new Promise(() => {});\nexport default 1;\n",
    "twice.ts":
      'import { createServer, tool } from "methodic";\nclass A {\n  /** A. */\n  @tool() a(): string { return ""; }\n  /** B. */\n  @tool() b(): string { return ""; } }\nexport default createServer({ name: "t", version: "1", naming: () => "same", services: [A] });\n',
    "refused.ts":
      'import { createServer, tool } from "methodic";\nclass A { @tool() a(f: () => void): string { return ""; } }\nexport default createServer({ name: "t", version: "1", services: [A] });\n',
    "uncompiled.js":
      'import { createServer, tool } from "methodic";\nclass A { a() {} }\ntool()(A.prototype, "a", Object.getOwnPropertyDescriptor(A.prototype, "a"));\nexport default createServer({ name: "t", version: "1", services: [A] });\n',
    "lost-import.ts": 'import { gone } from "./gone.js";\nexport default gone;\n',
    "notes.txt": "",
  };

  let project: TemporaryProject;
  beforeAll(() => void (project = createProject(files)));
  afterAll(() => project[Symbol.dispose]());

  it.each([
    ["gone.ts", 2, /^methodic: the file 'gone\.ts' does not exist \(looked for .*gone\.ts\)\.\n$/],
    [".", 2, /^methodic: '\.' is a folder\. Name a file in it\.\n$/],
    ["notes.txt", 2, /^methodic: 'notes\.txt' is not a JavaScript or TypeScript module: its extension is '\.txt'\.\n$/],
    [
      "nothing.js",
      1,
      /^methodic: 'nothing\.js' has no default export, so there is no server to run\. Write: export default createServer\(.*\n$/,
    ],
    ["named.js", 1, /^methodic: 'named\.js' has no default export, .*\n$/],
    [
      "a-class.ts",
      1,
      /^methodic: the default export of 'a-class\.ts' is the class 'Notes', not a server\. Write: .*\n$/,
    ],
    ["an-object.js", 1, /is an object with the keys name, tools, not a server/],
    ["a-string.js", 1, /is the string "notes", not a server/],
    ["throws.ts", 1, /RangeError: no database\n\s+at .*throws\.ts:2:7/],
    ["waits.ts", 1, /^methodic: 'waits\.ts' never finished loading: a top-level await .* never settles\.\n$/],
    ["lost-import.ts", 1, /^Error \[ERR_MODULE_NOT_FOUND\]: [^]*gone\.js(?![^]*never finished)/],
    ["twice.ts", 1, /^methodic: (?![^]*\n\s+at )[^]*same/],
    ["refused.ts", 1, /^refused\.ts:2:24 - error MTD103: A\.a: [^]*\n\nFound 1 error\.\n$/],
    ["uncompiled.js", 1, /^methodic: A\.a is decorated, but A has no manifest for it[^]*methodic run/],
  ])("reports the reason on stderr: %s", async (file, exitCode, message) => {
    const outcome = await methodic(["run", file], { cwd: project.root });
    expect(outcome.stderr).toMatch(message);
    expect(outcome).toMatchObject({ exitCode, stdout: "" });
  });
});

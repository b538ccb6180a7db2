import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { METHODIC, methodic } from "../../../fixtures/methodic.ts";
import { type Outcome, TestProcess } from "../../../fixtures/process.ts";
import { createProject, type TemporaryProject } from "../../../fixtures/project.ts";

/** Prints in every way that a library may print while it loads, each a line `… while loading`. */
const BANNER = `// @ts-nocheck
import fs, { writeSync } from "node:fs";
import { execFileSync, execSync, spawn, spawnSync } from "node:child_process";
import { promisify } from "node:util";
console.log("console.log while loading");
process.stdout.write("stdout.write while loading\\n");
process.stdout.write(Buffer.from("bytes while loading\\n"));
fs.writeSync(1, "fs.writeSync while loading\\n");
writeSync(1, "named import while loading\\n");
fs.writeFileSync(1, "fs.writeFileSync while loading\\n");
const { bytesWritten } = await promisify(fs.write)(1, "promise of fs.write while loading\\n");
if (bytesWritten !== 34) console.error("promisify(fs.write) resolved with", bytesWritten);
spawnSync("echo", ["spawnSync while loading"], { stdio: "inherit" });
execFileSync("echo", ["execFileSync while loading"], { stdio: ["ignore", 1, 2] });
execSync("echo execSync while loading", { stdio: "inherit" });
for (const stdio of ["inherit", [0, "inherit", 2], ["ignore", process.stdout, "ignore"]])
  await new Promise((resolve) => spawn("echo", ["spawn while loading"], { stdio }).on("close", resolve));
`;
const WAYS = 13;

const SERVER = `import { createServer, tool } from "methodic";

class Echo {
  /** Echo. @param text The text */
  @tool() echo(text: string): string {
    console.log("a call prints");
    if (text === "slip") setTimeout(() => Promise.reject(new Error("slipped")));
    return text;
  }
}

export default createServer({ name: "echo", version: "1.0.0", services: [Echo] });
`;

const FILES = {
  "package.json": { type: "module" },
  "banner.ts": BANNER,
  "server.ts": SERVER,
  "noisy-server.ts": `import "./banner.js";\n${SERVER}`,
  "before.ts": `#!/usr/bin/env node\n"use strict";\nimport "./banner.js";\nimport server from "./server.js";\nawait server.serve();\n`,
  "between.ts": `import server from "./server.js";\nimport "./banner.js";\nawait server.serve();\n`,
  "deep.ts": `import { createServer } from "methodic";\nimport server from "./noisy-server.js";\nexport const start = () => server.serve();\nexport { createServer };\n`,
  "indirect.ts": `import "./banner.js";\nconst { start } = await import("./deep.js");\nawait start();\n`,
  "late.ts": `import server from "./server.js";\nawait new Promise((resolve) => setTimeout(resolve, 1));\nawait import("./banner.js");\nvoid server.serve();\n`,
  "with-external.ts": `import "loud";\nexport { default } from "./server.js";\n`,
  "node_modules/loud/package.json": { name: "loud", version: "1.0.0", type: "module", main: "index.js" },
  "node_modules/loud/index.js": `console.log("loud while loading");\n`,
  "node_modules/loud/index.d.ts": "export {};\n",
  "keyed.ts": `import { createServer } from "methodic";
import { apiKey } from "methodic/auth";
export const server = createServer({ name: "k", version: "1.0.0", services: [], auth: apiKey() });
await server.serve();
`,
  "wrong.ts": `import { createServer } from "methodic";
await createServer({ name: "", version: "1.0.0", services: [5 as never] }).serve();
`,
  "broken.ts": `import server from "./server.js";
if (process.argv.length > 2) throw new Error("no database");
await server.serve({ port: 70_000 });
`,
  "named.ts": SERVER.replace("export default", "export const server ="),
  "importer.ts": `import "./server.js";\n`,
  "cli.ts": `import server from "./server.js";
import "./banner.js";
if (process.argv.includes("serve")) await server.serve();
else if (process.argv.includes("--version")) console.log("1.0.0");
else throw new Error("unknown command");
`,
};

const ENDED_BY_ERROR = { stdout: "", exitCode: 1 };

const REQUESTS = [
  {
    id: 0,
    method: "initialize",
    params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "c", version: "1" } },
  },
  { id: 1, method: "tools/call", params: { name: "echo", arguments: { text: "hi" } } },
];

/** Runs a program as a client does, and returns its output once it has answered and ended. */
async function talk(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Outcome> {
  await using server = new TestProcess(process.execPath, args, { stdin: "pipe", cwd: project.root, env });
  for (const request of REQUESTS) server.write(`${JSON.stringify({ jsonrpc: "2.0", ...request })}\n`);
  server.child.stdin?.end();
  return await server.finish();
}

let project: TemporaryProject;
beforeAll(async () => {
  project = createProject(FILES);
  const { stderr, exitCode } = await methodic(["build", project.root]);
  expect({ stderr, exitCode }).toMatchObject({ exitCode: 0 });
});
afterAll(() => project[Symbol.dispose]());

function expectPureStdout({ stdout, stderr }: Outcome, printed: number): void {
  const lines = stdout.trimEnd().split("\n");
  expect(lines.map((line) => (JSON.parse(line) as { id: number }).id)).toEqual([0, 1]);
  expect(stderr.match(/while loading$/gm)).toHaveLength(printed);
  expect(stderr).toContain("a call prints");
  expect(stderr).not.toContain("resolved with");
}

describe("stdout of a server on stdio", () => {
  it.each(["before", "between", "indirect", "late"])(
    "carries only the protocol in a plain build of %s.ts",
    async (name) => {
      expectPureStdout(await talk([`dist/${name}.js`]), WAYS);
    },
  );

  it.each(["before", "noisy-server"])("carries only the protocol in a bundle of %s.ts", async (name) => {
    const bundled = await methodic(
      ["build", "--bundle", "--entry", `${name}.ts`, "--out-file", `bundled/${name}.mjs`],
      {
        cwd: project.root,
      },
    );
    expect(bundled).toMatchObject({ exitCode: 0 });
    expectPureStdout(await talk([`bundled/${name}.mjs`]), WAYS);
  });

  it("carries only the protocol if a package that a bundle leaves out prints while it loads", async () => {
    const args = ["build", "--bundle", "--entry", "with-external.ts", "--external", "loud"];
    const bundled = await methodic([...args, "--out-file", "bundled/external.mjs"], { cwd: project.root });
    expect(bundled).toMatchObject({ exitCode: 0 });
    expectPureStdout(await talk(["bundled/external.mjs"]), 1);
  });

  it("carries only the protocol in methodic run", async () => {
    expectPureStdout(await talk([METHODIC, "run", "noisy-server.ts"]), WAYS);
  });

  it("carries only the protocol under the loader", async () => {
    expectPureStdout(await talk(["--import", "@methodic/compiler/register", "before.ts"]), WAYS);
  });
});

describe("a built program that cannot start", () => {
  it("reports the message of the error alone", async () => {
    const [wrong, port] = await Promise.all([talk(["dist/wrong.js"]), talk(["dist/broken.js"])]);
    expect(wrong).toMatchObject(ENDED_BY_ERROR);
    expect(wrong.stderr).toMatch(
      /^methodic: The server cannot start: 2 problems\.\n- .*'name'.*\n- .*services\[0\]: 5.*\n$/,
    );
    expect(port).toMatchObject(ENDED_BY_ERROR);
    expect(port.stderr).toMatch(/^methodic: serve: invalid option 'port': 70000\..*\n$/);
  });

  it("reports the stack of the author's errors without the line that threw", async () => {
    const { stderr, ...others } = await talk(["dist/broken.js", "now"]);
    expect(others).toEqual(ENDED_BY_ERROR);
    expect(stderr).toMatch(/^Error: no database\n( +at .*\n)+$/);
  });

  it("reports a missing API key in one line before it serves HTTP, in a bundle, too", async () => {
    const args = ["build", "--bundle", "--entry", "keyed.ts", "--out-file", "bundled/keyed.mjs"];
    expect(await methodic(args, { cwd: project.root })).toMatchObject({ exitCode: 0 });
    for (const file of ["dist/keyed.js", "bundled/keyed.mjs"]) {
      const { stderr, ...others } = await talk([file], { PORT: "0" });
      expect(others).toEqual(ENDED_BY_ERROR);
      expect(stderr).toMatch(/^methodic: .*MCP_API_KEY.*\n$/);
      // Over stdio, callers need no key.
      expect(await talk([file])).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('"id":1') as string });
    }
  });
});

describe("a built module that only exports its server", () => {
  it("says how to start it if it is run", async () => {
    const { stdout, stderr } = await talk(["dist/server.js"]);
    expect(stdout).toBe("");
    expect(stderr).toMatch(
      /^methodic: .*server\.js exports a server and does not start it\. Run npx methodic run .*\n$/,
    );
  });

  it("says how to start it if it exports the server by name", async () => {
    const { stdout, stderr } = await talk(["dist/named.js"]);
    expect(stdout).toBe("");
    expect(stderr).toMatch(
      /^methodic: .*named\.js exports a server and does not start it\. Export it as default .*\n$/,
    );
  });

  it("says nothing if another module imports it", async () => {
    for (const args of [
      ["dist/importer.js"],
      ["--input-type=module", "-e", 'import "./dist/server.js"', "dist/server.js"],
    ])
      expect(await talk(args)).toEqual({ stdout: "", stderr: "", exitCode: 0 });
  });
});

describe("methodic run", () => {
  it("ends with 1 after an uncaught rejection, once it has answered", async () => {
    await using server = new TestProcess(process.execPath, [METHODIC, "run", "server.ts"], {
      stdin: "pipe",
      cwd: project.root,
    });
    const call = { id: 1, method: "tools/call", params: { name: "echo", arguments: { text: "slip" } } };
    for (const request of [REQUESTS[0], call]) server.write(`${JSON.stringify({ jsonrpc: "2.0", ...request })}\n`);
    expect(await server.exit).toEqual({ code: 1, signal: null });
    expect(server.stdout.trimEnd().split("\n")).toHaveLength(2);
    expect(server.stderr).toMatch(/^methodic: \[[\da-f]{8}\] uncaught error\..* Error: slipped at /m);
  });
});

describe("the output of a program that does not serve", () => {
  it("goes to stdout if it succeeds", async () => {
    const { stdout, stderr } = await talk(["dist/cli.js", "--version"]);
    expect(stdout).toMatch(/^console\.log while loading\n[^]*\n1\.0\.0\n$/);
    expect(stderr).not.toContain("1.0.0");
  });

  it("goes to stderr if it fails, because a client may have started it", async () => {
    const { stdout, stderr, exitCode } = await talk(["dist/cli.js"]);
    expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 1 });
    expect(stderr).toContain("console.log while loading");
  });
});
